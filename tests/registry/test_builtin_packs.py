"""Every pack that comes with Pasaj: nothing to tell of it, and it loads into an empty home, twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from pasaj.assess.models import FrameworkVersion
from pasaj.registry.models import CrossingPoint, Home
from pasaj.registry.services.folders import builtin, check_folder
from pasaj.site.cli.packs import load_into

PACKS = builtin()


@pytest.mark.req("R4.1")
@pytest.mark.parametrize("folder", PACKS.values(), ids=PACKS)
def test_the_check_finds_nothing_in_a_built_in_pack(folder: Path) -> None:
    found = check_folder(folder)
    assert [one.text() for one in (*found.problems, *found.warnings)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("folder", PACKS.values(), ids=PACKS)
def test_a_built_in_pack_loads_into_an_empty_home(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = check_folder(folder).pack
    assert pack is not None
    load_into(folder)
    load_into(folder)
    assert Home.objects.get().code == pack.code
    assert CrossingPoint.objects.count() == len(pack.crossings)
    assert sorted(FrameworkVersion.objects.values_list("framework__code", "version", "state")) == sorted(
        (one.code, one.version, "published") for one in pack.frameworks
    )
    assert ": 0 new rows, 0 changed" in capsys.readouterr().out.splitlines()[-1]
