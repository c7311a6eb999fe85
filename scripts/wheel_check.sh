#!/usr/bin/env bash
# Build the wheel, install it with the locked dependencies into a clean environment, and use it there.
set -euo pipefail
python=$1 bin=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin/python" -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir "$work" .
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$work"/pasaj-*.whl
cd "$work"
export PASAJ_HOME="$work/home"
venv/bin/pasaj init --pack haiti > /dev/null
venv/bin/pasaj status --json > /dev/null || venv/bin/pasaj status
venv/bin/pasaj pack check "$(venv/bin/python -c 'import pasaj, pathlib; print(pathlib.Path(pasaj.__file__).parent / "packs" / "haiti")')" > /dev/null
test -s "$(venv/bin/python -c 'import pasaj, pathlib; print(pathlib.Path(pasaj.__file__).parent / "site/static/build/manifest.json")')"
echo "wheel: installed and used in a clean environment"
