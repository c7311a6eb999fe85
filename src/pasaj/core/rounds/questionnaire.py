"""The form that a round sends to its assessors: an XLSForm made from the framework, and what its answers mean.

One form for each sort of unit. A group a pillar; in it a page an indicator: the question with the anchors as its hint,
the points of the scale with "could not observe it" and "does not apply here" apart, how sure, a comment, and a photo
where the round allows one. No question asks who the assessor is: the key or the account says it.
"""

from collections.abc import Iterable, Mapping, Sequence

from pasaj.core.framework import POINTS, Framework, Indicator
from pasaj.core.rounds import words
from pasaj.core.rounds.applying import Unit, relevance
from pasaj.core.rounds.sheet import Questionnaire, Rows, Sheet, column
from pasaj.core.rounds.words import Texts, said
from pasaj.core.scoring import Missing

KIND = "assessment"  # of the outcome
SCALE, SURE, UNITS = "scale", "sure", "units"  # lists of choices


def form_id(round_code: str, sort: str) -> str:
    """`a1_crossing_point` for the round A1."""
    return f"{round_code.lower().replace('-', '_')}_{sort}"


def questions(codes: Iterable[str]) -> dict[str, str]:
    """The name of the question of each code: an underscore for each hyphen, a number where two meet."""
    found: dict[str, str] = {}
    for code in codes:
        name, number = code.replace("-", "_"), 2
        while name in found.values():
            name, number = f"{code.replace('-', '_')}_{number}", number + 1
        found[code] = name
    return found


def questionnaire(
    *, framework: Framework, round_code: str, title: Texts, sort: str, units: Sequence[Unit], version: str, photos: bool
) -> Questionnaire:
    """The form for one sort of unit. `units`: those of the round of that sort. `title`: of the round, in words.

    Raises ValueError when there is nothing to ask: no unit, or no indicator that can apply to one of them.
    """
    languages = framework.languages
    names = questions(one.code for one in framework.of_unit(sort))
    shown = {one.code: relevance(one, units, names) for one in framework.of_unit(sort)}
    indicators = [one for one in framework.of_unit(sort) if units and shown[one.code] is not None]
    if not indicators:
        raise ValueError(f"The round asks nothing of {sort}.")
    sheet = Sheet(languages)
    sheet.add("date", "date", words.DATE, required="yes", constraint=". <= today()", default="today()",
              message=words.CONSTRAINT)  # fmt: skip
    sheet.add(f"select_one {UNITS}", "unit", words.UNIT[sort], required="yes", appearance="minimal")
    for pillar in framework.pillars:
        inside = [one for one in indicators if one.pillar == pillar.code]
        if inside:
            sheet.add("begin_group", f"pillar_{pillar.code.replace('-', '_')}", pillar.names)
            for one in inside:
                _ask(sheet, one, names[one.code], shown[one.code] or "", photos)
            sheet.add("end_group")
    named = f"{said(title, languages[0])}: {said(words.SORTS[sort], languages[0])}"
    return Questionnaire(
        form_id=form_id(round_code, sort),
        survey=sheet.rows(),
        choices=_choices(languages, units),
        settings=[
            ["form_title", "form_id", "version", "default_language", "instance_name"],
            [named, form_id(round_code, sort), version, column(languages[0]), "concat(${unit}, ' ', ${date})"],
        ],
        meaning=_meaning(round_code, sort, [one.code for one in indicators], names, photos),
    )  # fmt: skip


def _ask(sheet: Sheet, one: Indicator, name: str, relevant: str, photos: bool) -> None:
    sheet.add("begin_group", f"{name}_page", appearance="field-list", relevant=relevant)
    sheet.add(f"select_one {SCALE}", name, one.questions, _anchors(one, sheet.languages))
    pointed = " or ".join(f"${{{name}}} = '{point}'" for point in POINTS)
    sheet.add(f"select_one {SURE}", f"{name}_sure", words.CONFIDENCE, relevant=pointed, appearance="horizontal")
    sheet.add("text", f"{name}_comment", words.COMMENT, words.COMMENT_HINT, appearance="multiline")
    if photos:
        sheet.add("image", f"{name}_photo", words.PHOTO, words.PHOTO_HINT, parameters="max-pixels=1280",
                  photo_of="thing")  # fmt: skip
    sheet.add("end_group")


def _anchors(one: Indicator, languages: Sequence[str]) -> dict[str, str]:
    return {
        language: "\n".join(f"{point}: {said(texts, language)}" for point, texts in sorted(one.anchors.items()))
        for language in languages
    }


def _choices(languages: Sequence[str], units: Sequence[Unit]) -> Rows:
    plain = {str(point): str(point) for point in POINTS}
    rows = [[SCALE, value, *(label for _one in languages)] for value, label in plain.items()]
    rows += [[SCALE, kind.value, *(said(words.MISSING[kind.value], one) for one in languages)] for kind in Missing]
    rows += [[SURE, value, *(said(texts, one) for one in languages)] for value, texts in words.SURE.items()]
    rows += [[UNITS, unit.code, *(said(unit.names, one) or unit.code for one in languages)] for unit in units]
    return [["list_name", "name", *(f"label::{column(one)}" for one in languages)], *rows]


def _meaning(
    round_code: str, sort: str, codes: Sequence[str], names: Mapping[str, str], photos: bool
) -> dict[str, object]:
    data: dict[str, object] = {"round": {"value": round_code}, "date": "date", "unit": "unit"}
    for code in codes:
        data[f"answers.{code}"] = names[code]
        data[f"sure.{code}"] = f"{names[code]}_sure"
        data[f"comments.{code}"] = f"{names[code]}_comment"
        if photos:
            data[f"photos.{code}"] = f"{names[code]}_photo"
    place = {"place": "unit", "period": {"day": "date"}} if sort == "crossing_point" else {"period": {"day": "date"}}
    return {**place, "outcomes": [{"kind": KIND, "data": data}]}
