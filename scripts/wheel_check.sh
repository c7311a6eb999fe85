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
venv/bin/python - <<'END'
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "pasaj.site.settings"
import django
django.setup()
from pasaj.assess.services import rendering
from pasaj.core import report as core
said = core.Report("A1", "Rapport", "", "fr", (core.Heading(1, "Résumé", "one"), core.paragraph("Frontière")))
assert rendering.pdf(said)[:4] == b"%PDF" and rendering.docx(said)[:2] == b"PK"
END
echo "wheel: installed and used in a clean environment"
