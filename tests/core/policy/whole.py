"""A policy of any size that breaks no rule, with all that it is held against."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pasaj.core.policy.shapes import (
    Action,
    Commitment,
    Cost,
    Indicator,
    Measure,
    Objective,
    Part,
    Policy,
    Price,
    Problem,
    Rate,
    Reading,
)
from pasaj.core.policy.view import Appraisal, Clause, Consultation, Finding, Goal, Instrument, Mandate, Reference, View

LANGUAGES = ("fr", "ht", "en", "es")
ON = date(2026, 3, 1)
FIRST = 2026
LEADS = 12
PER_THEME = 3


def said(text: str) -> dict[str, str]:
    return {language: f"{text} ({language})" for language in LANGUAGES}


def view(themes: int = 1, actions: int = 6, lines: int = 12, clauses: int = 4) -> View:
    """Three measures a theme: one protects, two enforce. actions, lines, clauses: of the whole policy."""
    measures = themes * PER_THEME
    policy = Policy(
        code="P1", text=said("Policy"), first=date(FIRST, 1, 1), last=date(2030, 12, 31), languages=LANGUAGES,
        currency="HTG", minimum=0.3, themes=tuple(f"P1-T{at}" for at in range(1, themes + 1)),
        problems=tuple(_problem(at) for at in range(1, themes + 1)),
        objectives=tuple(_objective(at, number) for at in range(1, themes + 1) for number in (1, 2)),
        measures=tuple(_measure(at) for at in range(measures)),
        actions=tuple(_action(at, measures) for at in range(actions)),
        costs=tuple(_cost(at, actions, measures) for at in range(lines)),
        commitments=tuple(
            Commitment(f"{_action_code(at, measures)}-F1", _action_code(at, measures), "Fund", Decimal("1.00"), "USD",
                       _year(at, measures), "pledged") for at in range(actions)
        ),
        rates=tuple(
            Rate("USD", year, Decimal("131.5"), date(2026, 1, 15), "central bank") for year in range(FIRST, 2031)
        ),
        prices=(Price("day", "day", Decimal(100), Decimal(20000), "HTG"),),
        indicators=tuple(_indicator(at, number) for at in range(1, themes + 1) for number in (1, 2)),
        readings=tuple(Reading(f"P1-I{2 * at}", date(2026, 2, 1), Decimal(25), "X") for at in range(1, themes + 1)),
        capacities={f"L{at}": 20 for at in range(LEADS)},
    )  # fmt: skip
    return View(
        policy=policy,
        on=ON,
        findings={f"A1-F{at}": Finding(f"A1-F{at}", 2, 0.8) for at in range(1, themes + 1)},
        mandates=tuple(Mandate(f"F{at}", f"L{at % LEADS}", "lead", last=date(2031, 1, 1)) for at in range(measures)),
        institutions={"SUP": None, "OTHER": date(2035, 1, 1), **{f"L{at}": None for at in range(LEADS)}},
        parents={"TL": "", "TL-N": "TL"},
        instruments={"LAW": Instrument("LAW", True), "BILL": Instrument("BILL", False), "OLD": Instrument("OLD")},
        goals={"GCM-11": Goal("GCM-11", "Compact", compact=True), "SDG-1": Goal("SDG-1", "Agenda")},
        figures=frozenset({"FG-1"}),
        clauses=tuple(_clause(at, measures) for at in range(clauses)),
        terms={"child": said("child alone")},
        consultations=(Consultation("P1-R1", "closed", ("Children",), ("SUP", *(f"L{at}" for at in range(LEADS)))),),
        appraisals=tuple(_appraisal(at) for at in range(1, themes + 1)),
    )


def _problem(at: int) -> Problem:
    return Problem(f"P1-PB{at}.1", f"P1-T{at}", said("A problem"), (f"A1-F{at}",), ("Family life",), ("children",))


def _objective(at: int, number: int) -> Objective:
    return Objective(f"P1-O{at}.{number}", f"P1-T{at}", said("A goal"), (f"P1-PB{at}.1",), ("GCM-11", "SDG-1"))


def _measure(at: int) -> Measure:
    theme, number = divmod(at, PER_THEME)
    head = f"P1-M{theme + 1}"
    both = (f"P1-O{theme + 1}.1", f"P1-O{theme + 1}.2")
    return Measure(
        f"{head}.{number + 1}", f"P1-T{theme + 1}", "enforcement" if number else "protection", said("A measure"),
        objectives=both if number == 1 else both[:1],
        institutions=(Part(f"L{at % LEADS}", "lead"), Part("SUP", "support")),
        function=f"F{at}", territory="TL-N", basis=("LAW",), safeguards=(f"{head}.1",) if number else (),
        option="" if number else f"P1-Q{theme + 1}-A",
    )  # fmt: skip


def _action_code(at: int, measures: int) -> str:
    theme, number = divmod(at % measures, PER_THEME)
    return f"P1-A{theme + 1}.{number + 1}.{at // measures + 1}"


def _year(at: int, measures: int) -> int:
    return FIRST + at // measures


def _action(at: int, measures: int) -> Action:
    theme, number = divmod(at % measures, PER_THEME)
    year = _year(at, measures)
    return Action(
        _action_code(at, measures), f"P1-M{theme + 1}.{number + 1}", said("An action"), f"L{at % measures % LEADS}",
        date(year, 2, 1), date(year, 12, 31), said("A thing"),
        needs=(_action_code(at - measures, measures),) if at >= measures else (),
    )  # fmt: skip


def _cost(at: int, actions: int, measures: int) -> Cost:
    action, number = at % actions, at // actions
    code = _action_code(action, measures)
    return Cost(
        f"{code}-L{number + 1}", code, "Vehicle" if number == 0 else "Fuel", "recurrent" if number else "capital",
        Decimal(2), "day", Decimal("150.50"), Decimal(3), "USD" if number == 0 else "HTG", _year(action, measures),
        item="day",
    )  # fmt: skip


def _indicator(at: int, number: int) -> Indicator:
    return Indicator(
        f"P1-I{2 * at - 2 + number}", f"P1-O{at}.{number}", said("An indicator"), said("What is counted"), "%", "up",
        baseline=Decimal(20), baseline_on=date(2025, 12, 31), baseline_source="A1", target=Decimal(90),
        target_on=date(2029, 12, 31), every_days=90, source="external", source_name="Office",
        denominator="all children",
    )  # fmt: skip


def _clause(at: int, measures: int) -> Clause:
    theme, number = divmod(at, PER_THEME)
    return Clause(
        f"P1-C{at + 1}", "text", "fr", said("Since 2015, within 24 hours, article 12 of 2 June {{figure:FG-1}}"),
        realises=(f"P1-M{theme + 1}.{number + 1}",) if at < measures else (),
        references=(Reference("term", "child"), Reference("figure", "FG-1")),
    )  # fmt: skip


def _appraisal(at: int) -> Appraisal:
    head = f"P1-Q{at}"
    return Appraisal(head, (f"{head}-A", f"{head}-B", f"{head}-0"), f"{head}-0", f"{head}-A", first_share=0.8)
