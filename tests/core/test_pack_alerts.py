"""alerts.toml and alerts/*.toml: every problem with its line and key, and what is read."""

from __future__ import annotations

import pytest
from core.packs import FULL, checked
from core.plans import FILE as PLAN_FILE
from core.plans import TOML
from respond.alerting import SERVICES

FILE, SETTINGS = "alerts/reception.toml", "alerts.toml"
PLAN = TOML.replace('code = "returns"', 'code = "p1"', 1).replace('hazard = "mass-returns"', 'hazard = "reception"')
# A pack with the plan that the template names, whose mandates hold on the day on which it is reviewed.
WITH = {**FULL, "mandates.csv": FULL["mandates.csv"].replace("2019-12-31", ""), PLAN_FILE: PLAN}


def toml(said: dict[str, dict[str, str]]) -> str:
    rows = []
    for language, texts in said.items():
        rows += [f"[texts.services.{language}]", *(f'{field} = "{text}"' for field, text in texts.items())]
    return "\n".join(rows)


HEAD = """\
code = "reception"
category = ["Safety"]
response_types = ["Prepare"]
source = "own"
plan = "p1"
name = {fr = "Accueil"}
[recipients]
institutions = ["IMM"]
"""
WHOLE = """\
sender = "cell@example.org"
name = {fr = "Cellule"}
web = "https://example.org"
contact = "Cellule"
quorum = {extreme = 3}
source = "own"
[approval]
institution = "IMM"
minutes = 5
night = [21, 5]
[unratified]
hours = 4
roles = ["duty"]
[colours.severe]
code = "orange"
name = {fr = "orange"}
shape = "triangle"
[[parts]]
institution = "IMM"
does = {fr = "Coordonne"}
"""


TEMPLATE = HEAD + toml({language: SERVICES[language] for language in ("fr", "en")})


def refused(text: str, file: str = FILE) -> list[tuple[str, str]]:
    """Code and key of every problem and warning."""
    found = checked({**WITH, file: text, "LICENCES.md": f"{file} CC0\n"})
    return [(one.code, one.column) for one in (*found.problems, *found.warnings) if one.file == file]


@pytest.mark.req("R11.8")
@pytest.mark.parametrize(
    ("plan", "others", "expected"),
    [
        ("p1", {}, []),
        ("p2", {}, [("PACK-016", "plan")]),
        ("winter", {}, [("PACK-016", "plan")]),
        ("p1", {PLAN_FILE: None}, [("PACK-016", "plan")]),  # no plan at all
        ("p2", {"plans/broken.toml": "code = "}, []),  # it may be the one that cannot be read
    ],
)
def test_a_template_names_a_plan_that_exists(plan: str, others: dict[str, str | None], expected: object) -> None:
    files = {**WITH, **others, FILE: TEMPLATE.replace('plan = "p1"', f'plan = "{plan}"')}
    found = checked({name: text for name, text in files.items() if text is not None})
    told = [(one.code, one.column, one.row) for one in found.problems if one.file == FILE]
    assert told == [(*one, 5) for one in expected]  # type: ignore[attr-defined]


@pytest.mark.req("R11.8")
def test_what_is_read() -> None:
    found = checked({**WITH, FILE: TEMPLATE, SETTINGS: WHOLE})
    assert [str(one.code) for one in found.problems] == []
    assert found.pack is not None
    (hazard,) = found.pack.hazards
    assert (hazard.code, hazard.severity, hazard.urgency, hazard.hours, hazard.days) == (
        "reception", "moderate", "Expected", 24, 14,
    )  # fmt: skip
    assert (hazard.institutions, hazard.roles, sorted(hazard.texts["services"])) == (("IMM",), (), ["en", "fr"])
    assert (hazard.plan, [one.code for one in found.pack.plans]) == ("p1", ["p1"])
    chosen = found.pack.alerts
    assert chosen is not None
    assert (chosen.quorum["extreme"], chosen.quorum["minor"], chosen.minutes, chosen.total_minutes) == (3, 1, 5, 60)
    assert (chosen.night, chosen.unratified_hours, chosen.unratified_roles) == ((21, 5), 4, ("duty",))
    assert (chosen.colours["severe"].shape, chosen.parts[0].institution) == ("triangle", "IMM")


def test_a_template_may_be_offered_with_every_kind_of_signal_that_speaks_of_counts() -> None:
    kinds = ("unusual", "silence", "conflict", "capacity", "shift")
    text = HEAD.replace("[recipients]", f"kinds = {list(kinds)}\n[recipients]")
    said = toml({language: SERVICES[language] for language in ("fr", "en")})
    found = checked({**WITH, FILE: text + said, SETTINGS: WHOLE}).pack
    assert found is not None
    assert [one.kinds for one in found.hazards] == [kinds]


def test_a_pack_may_be_silent_on_alerts() -> None:
    found = checked(dict(FULL))
    assert found.pack is not None
    assert (found.pack.alerts, found.pack.hazards) == (None, ())


def test_little_is_needed() -> None:
    found = checked({**FULL, SETTINGS: 'sender = "a@b"\nname = {fr = "Cellule"}\n[approval]\n'})
    assert found.pack is not None
    assert found.pack.alerts is not None
    assert (found.pack.alerts.minutes, found.pack.alerts.approvers, found.pack.alerts.night) == (
        15,
        "approver",
        (20, 6),
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('category = ["Safety"]', 'category = ["zzzzzz"]', [("PACK-023", "category")]),
        ('category = ["Safety"]', "", [("PACK-053", "category")]),
        ('["Prepare"]', '["AllClear"]', [("PACK-023", "response_types")]),
        ('plan = "p1"', 'plan = "p1"\nseverity = "awful"', [("PACK-023", "severity")]),
        ('plan = "p1"', 'plan = "p1"\nhours = 0', [("PACK-054", "hours")]),
        ('plan = "p1"', 'plan = "p1"\nhours = true', [("PACK-054", "hours")]),
        ('plan = "p1"', 'plan = "p1"\nmeasures = ["retours"]', [("PACK-015", "measures")]),
        ('plan = "p1"', 'plan = "p1"\nincidents = ["x"]', [("PACK-016", "incidents")]),
        ('plan = "p1"', 'plan = "p1"\ncolor = 1', [("PACK-074", "color")]),
        ('["IMM"]', '["XXX"]', [("PACK-016", "recipients.institutions")]),
        ("Open the reception: water", "Patrol: water", [("ALERT-032", "texts.services.en.protection")]),
        ("Tell the cell", "Tell the 3 cells", [("ALERT-022", "texts.services.en.instruction")]),
        ("at {place}, {period}", "at {plaze}", [("ALERT-028", "texts.services.en.description")]),
        ("[texts.services.en]", "[texts.services.de]",
         [("PACK-053", "texts.services.en"), ("PACK-074", "texts.services.de")]),
        ("[texts.services.fr]", "[texts.others.fr]", []),
    ],
)  # fmt: skip
def test_each_mistake_of_a_template(before: str, after: str, said: list[tuple[str, str]]) -> None:
    found = refused(TEMPLATE.replace(before, after))
    assert found == said if said else found != []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("texts = 1\n" + HEAD, "PACK-054"),
        (HEAD, "PACK-053"),
        (HEAD + "[texts.others.fr]\n", "PACK-054"),
        (HEAD + "[texts]\nservices = 1\n", "PACK-054"),
        (HEAD + "[texts.services]\nfr = 1\nen = 2\n", "PACK-054"),
        ("code = ", "PACK-052"),
        (HEAD.replace("[recipients]", "recipients = 1\n[other]"), "PACK-054"),
    ],
)
def test_texts_that_are_none(text: str, code: str) -> None:
    assert code in [one for one, _column in refused(text)]


def test_the_same_hazard_twice() -> None:
    found = checked({**WITH, FILE: TEMPLATE, "alerts/z.toml": TEMPLATE})
    assert [(one.code, one.file) for one in found.problems] == [("PACK-055", "alerts/z.toml")]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('sender = "cell@example.org"', 'sender = "a cell"', [("PACK-054", "sender")]),
        ('web = "https://example.org"', 'web = "ftp:x"', [("PACK-054", "web")]),
        ("quorum = {extreme = 3}", "quorum = {extreme = 9}", [("PACK-054", "quorum.extreme")]),
        ("quorum = {extreme = 3}", "quorum = 2", [("PACK-054", "quorum")]),
        ("quorum = {extreme = 3}", "quorum = {awful = 1}", [("PACK-074", "quorum.awful")]),
        ('institution = "IMM"\nminutes', 'institution = "XXX"\nminutes', [("PACK-016", "approval.institution")]),
        ("minutes = 5", 'minutes = "5"', [("PACK-054", "approval.minutes")]),
        ("night = [21, 5]", "night = [24, 5]", [("PACK-054", "approval.night")]),
        ("night = [21, 5]", "night = 3", [("PACK-054", "approval.night")]),
        ("hours = 4", "hours = 48", [("PACK-054", "unratified.hours")]),
        ('shape = "triangle"', 'shape = "zzzzzz"', [("PACK-023", "colours.severe.shape")]),
        ("[colours.severe]", "[colours.awful]", [("PACK-074", "colours.awful")]),
        ('[[parts]]\ninstitution = "IMM"', '[[parts]]\ninstitution = "XXX"', [("PACK-016", "parts.1.institution")]),
        ('source = "own"', 'source = "own"\nother = 1', [("PACK-074", "other")]),
    ],
)
def test_each_mistake_of_the_settings(before: str, after: str, said: list[tuple[str, str]]) -> None:
    assert refused(WHOLE.replace(before, after), SETTINGS)[: len(said)] == said


def test_settings_that_cannot_be_read() -> None:
    assert refused("sender = ", SETTINGS) == [("PACK-052", "")]
