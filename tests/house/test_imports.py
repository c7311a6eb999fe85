"""What the web process loads when it starts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = ("numpy", "scipy", "openpyxl", "xlsxwriter", "highspy", "pyxform", "typst", "docx", "lxml", "pandas")


@pytest.mark.req("R9.4")
def test_the_web_process_loads_no_numerical_library(tmp_path: object) -> None:
    code = (
        "import sys; import pasaj.site.wsgi; from django.urls import get_resolver; get_resolver().url_patterns;"
        f"print(','.join(name for name in {HEAVY!r} if name in sys.modules))"
    )
    env = {**os.environ, "PASAJ_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "pasaj.site.settings"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert done.stdout.strip() == ""
