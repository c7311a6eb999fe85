"""A questionnaire as an XLSForm, as a round hands it in."""

from __future__ import annotations

import json

from pasaj.collect.services import workbooks
from pasaj.core import framework as frameworks
from pasaj.core import rounds as core
from pasaj.core.pack.shapes import Pack
from pasaj.core.problems import Refused, problem


def workbook(made: core.Questionnaire, version: str) -> bytes:
    """The workbook with this version in its settings. The same questionnaire gives the same bytes."""
    header, values = made.settings
    numbered = [version if name == "version" else value for name, value in zip(header, values, strict=True)]
    meaning = json.dumps(made.meaning, ensure_ascii=False)
    return workbooks.workbook(
        {
            "survey": made.survey,
            "choices": made.choices,
            "settings": [[*header, "pasaj_meaning"], [*numbered, meaning]],
        }
    )


def form_of(framework: frameworks.Framework, pack: Pack, sort: str) -> bytes:
    """The form of a framework for everything of one sort in a pack, to look at or to change.

    Raises Refused ROUND-012: the framework asks nothing of it.
    """
    try:
        made = core.questionnaire(
            framework=framework,
            round_code=framework.code,
            title=framework.names,
            sort=sort,
            units=_units(pack, sort),
            version="",
            photos=False,
        )
    except ValueError as error:
        raise Refused(problem("ROUND-012")) from error
    return workbook(made, framework.version)


def _units(pack: Pack, sort: str) -> list[core.Unit]:
    if sort == "country":
        nation = next((one for one in pack.areas if one.level == "0"), None)
        return [core.Unit(nation.code if nation else pack.code.upper(), sort, nation.names if nation else {})]
    if sort == "institution":
        return [core.Unit(one.code, sort, one.names, core.facts_of_institution(one)) for one in pack.institutions]
    return [core.Unit(one.code, sort, {"": one.name}, core.facts_of_crossing(one)) for one in pack.crossings]
