"""The two forms that a round sends to institutions: whom they tell what, and which role they have in what.

An institution answers for itself; no question asks who fills the form. What the answers mean is read by
`core.mapping.answers`. The texts of the pack come as `Named` rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pasaj.core.mapping.answers import COMPLETE, EXCHANGE, MANDATES, NO_ROLE, OTHER
from pasaj.core.mapping.mandates import ROLES
from pasaj.core.rounds import mapping_words as words
from pasaj.core.rounds.questionnaire import UNITS, form_id, questions
from pasaj.core.rounds.sheet import Questionnaire, Rows, Sheet, column
from pasaj.core.rounds.words import COMMENT, COMMENT_HINT, CONSTRAINT, DATE, Texts, said

SORTS = (EXCHANGE, MANDATES)
FEWEST = 2  # institutions that can exchange anything
LONGEST = 8784  # hours, as in a pack
TURN = ("layer", "direction", "others", "exists", "channels", "written", "hours", "comment")
"""The questions of one exchange, called as the fields of its outcome."""
ABOUT = {"basis": "bases", "text": "texts", "territories": "territories", "since": "since", "comment": "comments"}
"""What is asked of a role, and the table of the outcome that it stands in."""


@dataclass(frozen=True, slots=True)
class Named:
    """A row of the pack as a form shows it: an institution, a layer, a function, a text or an area."""

    code: str
    names: Texts
    definitions: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """What both forms share: the round, its title in words, the languages, and the institutions that are asked."""

    round_code: str
    title: Texts
    languages: Sequence[str]
    institutions: Sequence[Named]


def exchange_form(head: Head, layers: Sequence[Named]) -> Questionnaire:
    """One entry an exchange, then whether these are all. Raises ValueError: fewer than two institutions, no layer."""
    if len(head.institutions) < FEWEST or not layers:
        raise ValueError("Nothing to exchange.")
    sheet = _start(head)
    defined = _defined(layers, head.languages)
    sheet.add("select_one yes_no", "any", words.ANY, defined, required="yes", appearance="horizontal")
    sheet.add("begin_group", "exchanges", relevant="${any} = 'yes'")
    sheet.add("begin_repeat", "turn", words.TURN)
    sheet.add("begin_group", "entry", appearance="field-list")
    sheet.add("select_one layers", "layer", words.LAYER, required="yes")
    sheet.add("select_one directions", "direction", words.DIRECTION, required="yes")
    sheet.add(f"select_multiple {UNITS}", "others", words.OTHERS, words.OTHERS_HINT, words.NOT_ITSELF, required="yes",
              appearance="minimal", constraint="not(selected(., ${unit}))")  # fmt: skip
    sheet.add("select_one yes_no", "exists", words.EXISTS, required="yes", default="yes", appearance="horizontal")
    happens = "${exists} = 'yes'"
    sheet.add("select_multiple channels", "channels", words.CHANNEL, relevant=happens)
    sheet.add("select_one written", "written", words.WRITTEN, relevant=happens, appearance="horizontal")
    sheet.add("decimal", "hours", words.HOURS, words.HOURS_HINT, words.HOURS_MESSAGE, relevant=happens,
              constraint=f". >= 0 and . <= {LONGEST}")  # fmt: skip
    sheet.add("text", "comment", COMMENT, COMMENT_HINT, appearance="multiline")
    sheet.add("end_group")
    sheet.add("end_repeat")
    sheet.add("end_group")
    sheet.add("select_one yes_no", "complete", words.COMPLETE, words.COMPLETE_HINT, required="yes")
    written = {**words.YES_NO, "unknown": words.UNKNOWN}
    lists = [(UNITS, head.institutions), ("layers", layers)]
    plain = {"directions": words.DIRECTIONS, "yes_no": words.YES_NO, "channels": words.CHANNELS, "written": written}
    asked = {"round": {"value": head.round_code}, "date": "date", "unit": "unit"}
    happened = {"question": "any", "is": "yes"}
    meaning = {
        "period": {"day": "date"},
        "outcomes": [
            {"kind": EXCHANGE, "each": "turn", "when": happened, "data": {**asked, **{name: name for name in TURN}}},
            {"kind": COMPLETE, "data": {**asked, "complete": "complete"}},
        ],
    }
    return _made(head, EXCHANGE, sheet, lists, plain, meaning)


def mandates_form(
    head: Head, functions: Sequence[Named], bases: Sequence[Named], areas: Sequence[Named]
) -> Questionnaire:
    """A page a function: the role, and where there is one by which text, where and since when.

    bases: the texts of the pack. areas: those a role may be confined to. Raises ValueError: no institution or function.
    """
    if not head.institutions or not functions:
        raise ValueError("Nothing to do.")
    sheet, names = _start(head), names_of(functions)
    data: dict[str, object] = {"round": {"value": head.round_code}, "date": "date", "unit": "unit"}
    for one in functions:
        name = names[one.code]
        data[f"roles.{one.code}"] = name
        sheet.add("begin_group", f"{name}_page", appearance="field-list")
        sheet.add("select_one roles", name, one.names, one.definitions)
        for what in _about(sheet, name, bool(areas)):
            data[f"{ABOUT[what]}.{one.code}"] = f"{name}_{what}"
        sheet.add("end_group")
    roles = {role: words.ROLES[role] for role in (*ROLES, NO_ROLE)}
    texts = [*bases, Named(OTHER, words.BASIS_OTHER)]
    lists = [(UNITS, head.institutions), ("bases", texts), *([("areas", areas)] if areas else [])]
    meaning = {"period": {"day": "date"}, "outcomes": [{"kind": MANDATES, "data": data}]}
    return _made(head, MANDATES, sheet, lists, {"roles": roles}, meaning)


def _about(sheet: Sheet, name: str, placed: bool) -> Iterable[str]:
    """What is asked of a role that there is."""
    has_one = f"${{{name}}} != '' and ${{{name}}} != '{NO_ROLE}'"
    sheet.add("select_one bases", f"{name}_basis", words.BASIS, relevant=has_one, appearance="minimal")
    sheet.add("text", f"{name}_text", words.BASIS_TEXT, relevant=f"{has_one} and ${{{name}_basis}} = '{OTHER}'")
    if placed:
        sheet.add("select_multiple areas", f"{name}_territories", words.TERRITORY, words.TERRITORY_HINT,
                  relevant=has_one, appearance="minimal")  # fmt: skip
    sheet.add("date", f"{name}_since", words.SINCE, words.SINCE_HINT, CONSTRAINT, relevant=has_one,
              constraint=". <= today()")  # fmt: skip
    sheet.add("text", f"{name}_comment", COMMENT, COMMENT_HINT, relevant=f"${{{name}}} != ''", appearance="multiline")
    return [one for one in ABOUT if placed or one != "territories"]


def names_of(functions: Sequence[Named]) -> dict[str, str]:
    """The name of each function's question: `f_ENTRY_EXIT`, with a number where two codes differ by a hyphen only."""
    return {code: f"f_{name}" for code, name in questions([one.code for one in functions]).items()}


def _start(head: Head) -> Sheet:
    sheet = Sheet(head.languages)
    sheet.add("date", "date", DATE, required="yes", constraint=". <= today()", default="today()", message=CONSTRAINT)
    sheet.add(f"select_one {UNITS}", "unit", words.UNIT, words.UNIT_HINT, required="yes", appearance="minimal")
    return sheet


def _defined(rows: Sequence[Named], languages: Sequence[str]) -> dict[str, str]:
    """What each choice means, a line each, as the hint of their question."""
    return {
        language: "\n".join(
            f"{said(one.names, language)}: {said(one.definitions, language)}" for one in rows if one.definitions
        )
        for language in languages
    }


def _made(
    head: Head,
    sort: str,
    sheet: Sheet,
    lists: Iterable[tuple[str, Sequence[Named]]],
    plain: Mapping[str, Mapping[str, Texts]],
    meaning: Mapping[str, object],
) -> Questionnaire:
    languages = head.languages
    rows: Rows = [["list_name", "name", *(f"label::{column(one)}" for one in languages)]]
    for name, listed in lists:
        rows += [[name, one.code, *(said(one.names, language) or one.code for language in languages)] for one in listed]
    for name, choices in plain.items():
        rows += [[name, value, *(said(texts, one) for one in languages)] for value, texts in choices.items()]
    identity = form_id(head.round_code, sort)
    title = f"{said(head.title, languages[0])}: {said(words.SORTS[sort], languages[0])}"
    return Questionnaire(
        form_id=identity,
        survey=sheet.rows(),
        choices=rows,
        settings=[
            ["form_title", "form_id", "version", "default_language", "instance_name"],
            [title, identity, "", column(languages[0]), "concat(${unit}, ' ', ${date})"],
        ],
        meaning=meaning,
    )
