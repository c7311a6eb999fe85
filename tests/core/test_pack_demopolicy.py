"""policy/demo/*.toml: every problem with its file, line and key, and what is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from core.demofiles import (
    ALL,
    CONSULTATION,
    DOCUMENT,
    FILES,
    FOLDER,
    FOLLOWING,
    HEAD,
    INDICATORS,
    LISTED,
    THEME,
)
from core.packs import checked, raw, said, warned

from pasaj.core.pack import demopolicy
from pasaj.core.pack.findings import Findings
from pasaj.core.pack.sheets import Book
from pasaj.core.policy import demo


def read(**changed: str) -> demo.Demo:
    found = Findings()
    one = demopolicy.read(Book(raw({**FILES, **changed}), found, None))
    assert one is not None
    assert found.problems == []
    return one


@pytest.mark.req("R12.90")
def test_the_whole_is_read() -> None:
    found = checked(ALL)
    assert (said(found), warned(found)) == ([], [])
    one = read()
    assert (one.names["en"], one.purpose["fr"], one.institution, one.languages) == (
        "Politique",
        "But",
        "CELL",
        ("fr", "en"),
    )
    assert (one.begun.isoformat(), one.first, one.last) == ("2025-01-14T10:00:00", date(2025, 1, 1), date(2028, 12, 31))
    assert (one.currency, one.capacities) == ("XOF", {"IMM": 3})
    assert one.themes == (({"fr": "Droits", "en": "Droits"}, "GCM-11"),)
    assert one.rates == demo.Rates("USD", date(2025, 1, 10), "Invented", {2025: Decimal("600.50"), 2026: Decimal(610)})
    (problem,) = one.problems
    assert problem.figures == (demo.Figure("NL.returns", date(2024, 12, 1), date(2024, 12, 31)),)
    assert (problem.later[0].series, problem.findings, problem.theme) == ("NL.water", ("critical:A",), 1)
    protects, enforces = one.measures
    assert (protects.parts, protects.function) == ((("IMM", "lead"), ("CELL", "support")), "CHECK")
    assert (enforces.safeguards, enforces.function, enforces.basis) == (("M1.1",), "", ())
    first, second = one.actions
    assert (first.measure, first.since, second.measure, second.since, second.needs) == (
        "M1.1",
        1,
        "M1.2",
        2,
        ("A1.1.1",),
    )
    assert first.costs == (
        demo.Cost("Radio", "capital", Decimal(2), "radio", Decimal("640.50"), Decimal(1), "USD", (2025,)),
    )
    assert (second.costs[0].quantity, second.costs[0].periods) == (Decimal("1.5"), Decimal(12))


def test_how_it_is_followed_is_read() -> None:
    one = read()
    said_, computed = one.indicators
    assert (said_.baseline, said_.target, said_.readings) == (
        Decimal(0), Decimal("90.5"), (demo.Reading(date(2025, 6, 30), Decimal(12)),)
    )  # fmt: skip
    assert (computed.baseline, computed.baseline_on, computed.finding, computed.value) == (
        None,
        None,
        "critical:A",
        "score",
    )
    assert [(it.note, it.at and it.at.isoformat()) for it in one.versions] == [
        ("La première", "2025-03-14T15:00:00"),
        ("Après l'évaluation", None),
    ]
    assert (one.label, one.invented) == ("demo", "Invented for the demonstration")
    assert [(it.code, it.names["fr"], it.meanings["en"]) for it in one.terms] == [
        ("referral", "Orientation", "Vers qui aide")
    ]
    assert [(it.code, it.since, it.measures) for it in one.clauses] == [("C1.1", 1, ("M1.1",)), ("C1.1", 2, ())]
    (heard,) = one.consultations
    assert (heard.kind, heard.names["en"], heard.first, heard.closed.isoformat()) == (
        "public", "Lecture", date(2025, 2, 5), "2025-03-07T16:00:00",
    )  # fmt: skip
    assert [(it.institution, it.clause, it.outcome, it.answer) for it in heard.comments] == [
        ("IMM", "C1.1", "partly", "Un peu")
    ]
    (reply,) = heard.replies
    assert (reply.institution, reply.at.isoformat()) == ("IMM", "2025-02-20T09:00:00")
    assert reply.changes == (
        demo.Change("C1.1", {"fr": "Ceci", "en": "Ceci"}, {"fr": "Cela", "en": "Cela"}, "accepted", "Oui"),
    )
    assert reply.remarks == (demo.Remark("C1.1", "Ceci", "Quoi ?", "rejected", "Cela"),)
    (told,) = one.progress
    assert (told.action, told.at.isoformat(), told.state) == ("A1.1.1", "2025-05-05T09:00:00", "running")
    assert one.commitments[0].amount == Decimal("500.00")
    assert [(it.what, it.target, it.factor) for it in one.moved] == [
        ("figure", "NL.water", Decimal("0.8")),
        ("finding", "critical:A", Decimal(1)),
        ("objective", "O1.1", Decimal(1)),
    ]


def test_the_files_but_the_first_may_be_left_out() -> None:
    assert said(checked({HEAD: FILES[HEAD], **LISTED})) == []
    assert demopolicy.read(Book({}, Findings(), None)) is None


@pytest.mark.req("R12.90")
@pytest.mark.parametrize(
    ("file", "before", "after", "found"),
    [
        (
            HEAD,
            "schema = 1",
            "schema = 2",
            [("PACK-054", HEAD, 1, "schema")],
        ),
        (
            HEAD,
            "schema = 1",
            "schema =",
            [("PACK-052", HEAD, 1, "")],
        ),
        (
            HEAD,
            'institution = "CELL"',
            'institution = "NOBODY"',
            [("PACK-016", HEAD, 4, "policy.institution")],
        ),
        (
            HEAD,
            "2025-01-14T10:00:00",
            '"soon"',
            [("PACK-054", HEAD, 6, "policy.begun")],
        ),
        (
            HEAD,
            "first = 2025-01-01",
            "first = 2025-01-01T10:00:00",
            [("PACK-054", HEAD, 7, "policy.first")],
        ),
        (
            HEAD,
            'name.en = "Politique"\n',
            "",
            [("PACK-112", HEAD, 3, "policy.name")],
        ),
        (
            HEAD,
            'name.fr = "Politique"\n',
            "",
            [("PACK-056", HEAD, 3, "policy.name")],
        ),
        (
            HEAD,
            "IMM = 3",
            "IMM = 0",
            [("PACK-054", HEAD, 23, "capacities.IMM")],
        ),
        (
            HEAD,
            "IMM = 3",
            "NOBODY = 3",
            [("PACK-016", HEAD, 22, "capacities")],
        ),
        (
            HEAD,
            "2026 = 610",
            '2026 = "many"',
            [("PACK-054", HEAD, 28, "rates.by_year")],
        ),
        (
            HEAD,
            "2026 = 610",
            "2026 = true",
            [("PACK-054", HEAD, 28, "rates.by_year")],
        ),
        (
            HEAD,
            'by_year = { 2025 = "600.50", 2026 = 610 }',
            "",
            [("PACK-053", HEAD, 24, "rates.by_year"), ("PACK-054", HEAD, 24, "rates.by_year")],
        ),
        (
            THEME,
            "theme = 1",
            "theme = 2",
            [("PACK-110", THEME, 1, "theme")],
        ),
        (
            THEME,
            "theme = 1\n",
            "",
            [("PACK-053", THEME, None, "theme")],
        ),
        (
            THEME,
            'grounds = ["L-1"]',
            'grounds = ["L-9"]',
            [("PACK-015", THEME, 4, "problem.1.grounds")],
        ),
        (
            THEME,
            'problems = ["PB1.1"]',
            'problems = ["PB1.2"]',
            [("PACK-110", THEME, 15, "objective.1.problems")],
        ),
        (
            THEME,
            'kind = "protection"',
            'kind = "punishment"',
            [("PACK-023", THEME, 22, "measure.1.kind")],
        ),
        (
            THEME,
            'function = "CHECK"',
            'function = "DANCE"',
            [("PACK-016", THEME, 24, "measure.1.function")],
        ),
        (
            THEME,
            'support = ["CELL"]',
            'support = ["NOBODY"]',
            [("PACK-016", THEME, 26, "measure.1.support")],
        ),
        (
            THEME,
            'code = "M1.2"',
            'code = "M1.1"',
            [("PACK-055", THEME, 32, "measure.2.code"), ("PACK-110", THEME, 59, "action.2.code")],
        ),
        (
            THEME,
            'safeguards = ["M1.1"]',
            'safeguards = ["M1.3"]',
            [("PACK-110", THEME, 36, "measure.2.safeguards")],
        ),
        (
            THEME,
            'code = "A1.2.1"',
            "",
            [("PACK-053", THEME, 58, "action.2.code"), ("PACK-110", INDICATORS, 22, "indicator.2.measures")],
        ),
        (
            THEME,
            "first = 2025-04-01",
            "first = 2024-04-01",
            [("PACK-111", THEME, 43, "action.1.first")],
        ),
        (
            THEME,
            "since = 2",
            "since = 3",
            [("PACK-054", THEME, 60, "action.2.since")],
        ),
        (
            THEME,
            "years = [2025]",
            "years = [2031]",
            [("PACK-054", THEME, 57, "action.1.costs.1.years")],
        ),
        (
            THEME,
            'unit_cost = "640.50"',
            'unit_cost = "dear"',
            [("PACK-054", THEME, 55, "action.1.costs.1.unit_cost")],
        ),
        (
            THEME,
            'unit_cost = "640.50"',
            "unit_cost = -1",
            [("PACK-054", THEME, 55, "action.1.costs.1.unit_cost")],
        ),
        (
            THEME,
            'unit_cost = "640.50"\n',
            "",
            [("PACK-053", THEME, 50, "action.1.costs.1.unit_cost")],
        ),
        (
            THEME,
            "periods = 12",
            "periods = [12]",
            [("PACK-054", THEME, 58, "action.2.costs.1.periods")],
        ),
        (
            INDICATORS,
            'measures = "O1.1"',
            'measures = "O9.9"',
            [("PACK-110", INDICATORS, 3, "indicator.1.measures")],
        ),
        (
            INDICATORS,
            "every_days = 91",
            "every_days = true",
            [("PACK-054", INDICATORS, 10, "indicator.1.every_days")],
        ),
        (
            INDICATORS,
            "on = 2025-06-30, ",
            "",
            [("PACK-053", INDICATORS, 13, "indicator.1.readings.1.on")],
        ),
        (
            INDICATORS,
            'value = "score"\n',
            "",
            [("PACK-053", INDICATORS, 19, "indicator.2.value")],
        ),
        (
            FOLLOWING,
            'state = "running"',
            'state = "walking"',
            [("PACK-023", FOLLOWING, 4, "progress.1.state")],
        ),
        (
            FOLLOWING,
            'action = "A1.1.1"\nat',
            'action = "A7.1.1"\nat',
            [("PACK-110", FOLLOWING, 2, "progress.1.action")],
        ),
        (
            FOLLOWING,
            "at = 2025-05-05T09:00:00\n",
            "",
            [("PACK-053", FOLLOWING, 1, "progress.1.at")],
        ),
        (
            FOLLOWING,
            'funder = "Trésor"\n',
            "",
            [("PACK-053", FOLLOWING, 6, "commitment.1.funder")],
        ),
        (
            FOLLOWING,
            'what = "figure"',
            'what = "rumour"',
            [("PACK-023", FOLLOWING, 15, "moved.1.what")],
        ),
        (CONSULTATION, 'kind = "public"', 'kind = "secret"', [("PACK-023", CONSULTATION, 2, "consultation.1.kind")]),
        (
            CONSULTATION,
            'outcome = "partly"',
            'outcome = "maybe"',
            [("PACK-023", CONSULTATION, 16, "consultation.1.comment.1.outcome")],
        ),
        (
            CONSULTATION,
            'institution = "IMM"',
            'institution = "NOBODY"',
            [("PACK-016", CONSULTATION, 12, "consultation.1.comment.1.institution")],
        ),
        (
            CONSULTATION,
            'outcome = "accepted"',
            'outcome = "partly"',
            [("PACK-023", CONSULTATION, 28, "consultation.1.reply.1.change.1.outcome")],
        ),
        (
            CONSULTATION,
            'on = "Ceci"',
            "",
            [("PACK-053", CONSULTATION, 30, "consultation.1.reply.1.remark.1.on")],
        ),
        (DOCUMENT, 'code = "referral"', "", [("PACK-053", DOCUMENT, 1, "term.1.code")]),
        (DOCUMENT, 'measures = ["M1.1"]', 'measures = ["M9.1"]', [("PACK-110", DOCUMENT, 10, "clause.1.measures")]),
    ],
)
def test_a_mistake_is_told_with_its_place(
    file: str, before: str, after: str, found: list[tuple[str, str, int | None, str]]
) -> None:
    assert before in FILES[file]
    assert said(checked({**ALL, file: FILES[file].replace(before, after, 1)})) == found


def test_a_file_that_is_empty_of_what_it_needs_says_so() -> None:
    told = said(checked({**ALL, HEAD: 'schema = 1\nsource = "Invented"\n'}))
    keys = [column for code, file, _row, column in told if (code, file) == ("PACK-053", HEAD)]
    assert {"policy", "theme", "rates", "capacities"} <= set(keys)


def test_files_of_another_name_belong_to_nobody() -> None:
    found = checked({**ALL, f"{FOLDER}more.toml": "x = 1"})
    assert warned(found) == [("PACK-062", f"{FOLDER}more.toml", None, "")]
