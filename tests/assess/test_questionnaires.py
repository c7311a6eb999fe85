"""The frameworks of the built-in pack as forms: converted for real, and nothing stands against publishing them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pasaj.assess.services.questionnaires import form_of, workbook
from pasaj.collect.services import converter
from pasaj.core.problems import Refused
from pasaj.core.rounds.mapping import Head, Named, exchange_form, mandates_form
from pasaj.registry.services.packs import builtin, check_folder

PACK = check_folder(builtin()["haiti"]).pack
assert PACK is not None
FORMS = [
    (framework, sort)
    for framework in PACK.frameworks
    for sort in ("country", "institution", "crossing_point")
    if framework.of_unit(sort)
]


@pytest.mark.req("R10.7")
@pytest.mark.parametrize(("framework", "sort"), FORMS, ids=lambda one: getattr(one, "code", one))
def test_a_framework_of_the_pack_makes_a_form_that_may_be_published(tmp_path: Path, framework, sort: str) -> None:  # type: ignore[no-untyped-def]
    assert PACK is not None
    path = tmp_path / "form.xlsx"
    path.write_bytes(form_of(framework, PACK, sort))
    assert path.read_bytes() == form_of(framework, PACK, sort)
    made = converter.convert(path, "form.xlsx", "1", [])
    asked = sum(one["kind"] == "select_one" for one in made["fields"]) - 1  # the unit itself
    assert (made["findings"], asked) == ([], 2 * len(framework.of_unit(sort)))
    assert made["version"] == framework.version


def test_a_framework_that_asks_nothing_of_a_sort() -> None:
    assert PACK is not None
    health = next(one for one in PACK.frameworks if one.code == "poe-health")
    with pytest.raises(Refused) as error:
        form_of(health, PACK, "institution")
    assert [one.code for one in error.value.problems] == ["ROUND-012"]


def _named(rows: Iterable[Any]) -> list[Named]:
    return [Named(one.code, one.names, getattr(one, "definitions", {})) for one in rows]


@pytest.mark.req("R1.2")
@pytest.mark.parametrize("sort", ["exchange", "mandates"])
def test_the_forms_for_institutions_may_be_published(tmp_path: Path, sort: str) -> None:
    assert PACK is not None
    languages = ("fr", "ht", "en", "es")
    head = Head("A1", dict.fromkeys(languages, "A1 · 2026"), languages, _named(PACK.institutions))
    if sort == "exchange":
        form = exchange_form(head, _named(PACK.exchange_layers))
    else:
        texts = [Named(one.code, {"": one.title}) for one in PACK.instruments]
        areas = _named(one for one in PACK.areas if one.level == "1")
        form = mandates_form(head, _named(PACK.functions), texts, areas)
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook(form, "3"))
    made = converter.convert(path, "form.xlsx", "1", [])
    assert (made["findings"], made["form_id"], made["version"]) == ([], f"a1_{sort}", "3")
    asked = {"exchange": 4 + 8, "mandates": 2 + 25 * 6}[sort]
    kinds = [one["kind"] for one in made["fields"]]
    assert len([kind for kind in kinds if kind not in ("group", "repeat", "metadata")]) == asked
    assert made["languages"] == list(languages)
