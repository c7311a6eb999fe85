"""Questions about a round: what it looks at, which answers count, what they come to."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.assess.models import AnswerSheet, Assessor, FrameworkVersion, Round, RoundUnit, Settlement, Sort
from pasaj.assess.queries.institution_forms import institution_forms
from pasaj.collect.models import Outcome, Submission
from pasaj.core import framework as frameworks
from pasaj.core import rounds as core
from pasaj.core import scoring
from pasaj.registry.models import Area

Key = tuple[str, str]  # unit, indicator
FEWEST = 2  # pillars that can stand in an order


@dataclass(frozen=True, slots=True)
class Given:
    """One answer of an assessor, with where it came from."""

    answer: scoring.Answer
    sure: str
    comment: str
    photo: str
    assessed_on: date
    received_at: datetime
    receipt: str

    @property
    def key(self) -> Key:
        return self.answer.key


@dataclass(frozen=True, slots=True)
class Result:
    """A round as it stands: answers that count, cells and scores. `replaced`: answered again by the same assessor."""

    round: Round
    framework: frameworks.Framework
    units: tuple[core.Unit, ...]
    asked: core.Asked
    given: tuple[Given, ...]
    replaced: tuple[Given, ...]
    settlements: Mapping[Key, Settlement]
    scores: scoring.Scores

    @property
    def indicators(self) -> tuple[scoring.Indicator, ...]:
        return indicators_of(self.framework)

    @property
    def pillars(self) -> dict[str, float]:
        return pillars_of(self.framework)

    def of_cell(self, unit: str, indicator: str) -> list[Given]:
        """The answers of a cell, by assessor."""
        return sorted((one for one in self.given if one.key == (unit, indicator)), key=lambda one: one.answer.assessor)


def find(actor: Actor) -> QuerySet[Round]:
    """The rounds that the actor may see, the newest first."""
    return visible(Round.objects.select_related("framework__framework"), actor).order_by("-period_start", "-pk")


def framework_of(version: FrameworkVersion) -> frameworks.Framework:
    """A version as plain values."""
    return version.framework_said


def indicators_of(framework: frameworks.Framework) -> tuple[scoring.Indicator, ...]:
    """What scoring needs to know of the indicators."""
    return tuple(
        scoring.Indicator(one.code, one.pillar, float(one.weight), one.critical) for one in framework.indicators
    )


def pillars_of(framework: frameworks.Framework) -> dict[str, float]:
    """Weight by pillar, in their order."""
    return {one.code: float(one.weight) for one in framework.pillars}


def units_of(row: Round) -> list[core.Unit]:
    """What the round looks at, with what conditions may ask of it: the country, institutions, crossing points."""
    rows = row.units.filter(assessed=True).select_related("institution", "crossing").order_by("code")
    order = {sort: at for at, sort in enumerate(Sort.values)}
    return [_unit(one) for one in sorted(rows, key=lambda one: (order[one.sort], one.code))]


def _unit(row: RoundUnit) -> core.Unit:
    if row.crossing is not None:
        return core.Unit(row.code, row.sort, {"": row.crossing.name}, core.facts_of_crossing(row.crossing))
    if row.institution is not None:
        return core.Unit(row.code, row.sort, row.institution.names, core.facts_of_institution(row.institution))
    nation = Area.objects.filter(code=row.code).first()
    return core.Unit(row.code, row.sort, nation.names if nation else {"": row.code})


def live(row: Round) -> QuerySet[AnswerSheet]:
    """The sheets that count: of reports that stand, in the version that stands."""
    sheets = row.sheets.filter(
        outcome__state=Outcome.State.DONE, outcome__version__submission__state=Submission.State.RECEIVED
    )
    return sheets.select_related("unit", "assessor", "outcome__version__submission")


def given(row: Round) -> tuple[list[Given], list[Given]]:
    """The answers that count, and those that their own assessor replaced later."""
    newest: dict[tuple[str, str, str], Given] = {}
    replaced: list[Given] = []
    for sheet in live(row).order_by("assessed_date", "received_at", "pk"):
        for one in _answers(sheet):
            place = (*one.key, one.answer.assessor)
            if place in newest:
                replaced.append(newest[place])
            newest[place] = one
    return list(newest.values()), replaced


def _answers(sheet: AnswerSheet) -> Iterable[Given]:
    data = sheet.outcome.data
    for code, value in data.get("answers", {}).items():
        yield Given(
            answer=scoring.Answer(sheet.unit.code, code, sheet.assessor.code, value_of(value)),
            sure=str(data.get("sure", {}).get(code, "")),
            comment=str(data.get("comments", {}).get(code, "")),
            photo=str(data.get("photos", {}).get(code, "")),
            assessed_on=sheet.assessed_date,
            received_at=sheet.received_at,
            receipt=sheet.outcome.version.submission.receipt,
        )


def value_of(text: object) -> int | scoring.Missing:
    """A point of the scale or why there is none. Raises ValueError: neither."""
    said = str(text)
    return int(said) if said.isascii() and said.isdecimal() else scoring.Missing(said)


def settlements(row: Round) -> dict[Key, Settlement]:
    """The newest word on each cell that somebody settled, unless it was lifted again."""
    found = {(one.unit.code, one.indicator): one for one in row.settlements.select_related("unit").order_by("pk")}
    return {key: one for key, one in found.items() if one.value}


def result(row: Round) -> Result:
    """Everything a round comes to, computed from its answers. Costs three queries and some milliseconds."""
    framework, units = framework_of(row.framework), units_of(row)
    counted, replaced = given(row)
    settled = settlements(row)
    decided = {key: scoring.Answer(*key, "", value_of(one.value)) for key, one in settled.items()}
    asked = core.asked(framework, units, _points(counted, decided))
    scores = scoring.score(
        indicators=indicators_of(framework),
        pillars=pillars_of(framework),
        asked=asked.asked,
        answers=(one.answer for one in counted),
        settlements=decided,
        doubtful=asked.doubtful,
    )
    return Result(row, framework, tuple(units), asked, tuple(counted), tuple(replaced), settled, scores)


def _points(counted: Iterable[Given], decided: Mapping[Key, scoring.Answer]) -> dict[Key, int | None]:
    """The cells on which one point stands: all assessors gave it, or it was settled. None: it does not apply."""
    said: dict[Key, set[int | scoring.Missing]] = defaultdict(set)
    for one in counted:
        if one.answer.value is not scoring.Missing.NOT_OBSERVED:
            said[one.key].add(one.answer.value)
    said.update({key: {one.value} for key, one in decided.items()})
    found: dict[Key, int | None] = {}
    for key, values in said.items():
        if len(values) == 1:
            (value,) = values
            if value is not scoring.Missing.NOT_OBSERVED:
                found[key] = None if isinstance(value, scoring.Missing) else value
    return found


# --- Forms -------------------------------------------------------------------------------------


def questionnaires(row: Round) -> list[tuple[str, core.Questionnaire]]:
    """The forms that a round sends out, by sort of unit, then those in which institutions speak for themselves.

    None for a sort of which nothing is asked.
    """
    framework, units = framework_of(row.framework), units_of(row)
    title = dict.fromkeys(framework.languages, f"{row.code} · {row.title}")
    found = []
    for sort in Sort.values:
        try:
            made = core.questionnaire(
                framework=framework,
                round_code=row.code,
                title=title,
                sort=sort,
                units=[one for one in units if one.sort == sort],
                version="",
                photos=row.pictures,
            )
        except ValueError:
            continue
        found.append((sort, made))
    return found + institution_forms(row, title)


def fingerprint(made: core.Questionnaire) -> str:
    """What a form says, whatever its version."""
    plain = [made.form_id, made.survey, made.choices, made.meaning]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


# --- Agreement and weights ---------------------------------------------------------------------


def agreement(found: Result, *, seed: int = 1) -> scoring.Agreement:
    """How far assessors agree, over all cells that two or more of them gave a point."""
    import numpy as np  # noqa: PLC0415 - heavy

    points: dict[Key, list[int]] = defaultdict(list)
    for one in found.given:
        if not isinstance(one.answer.value, scoring.Missing):
            points[one.key].append(one.answer.value)
    return scoring.agreement(list(points.values()), np.random.default_rng(seed))


def sensitivity(found: Result, *, near: bool = True, seed: int = 1, draws: int = 1000) -> scoring.Sensitivity | None:
    """What the order of pillars does under other weights. None where fewer than two pillars have a score."""
    import numpy as np  # noqa: PLC0415 - heavy

    known = [(one, ranged) for one in found.indicators if (ranged := found.scores.indicators.get(one.code)) is not None]
    there = {one.pillar for one, _range in known}
    pillars = [code for code in found.pillars if code in there]
    if len(pillars) < FEWEST:
        return None
    stated, rng = [one.weight for one, _range in known], np.random.default_rng(seed)
    drawn = scoring.near_weights(stated, rng, draws) if near else scoring.any_weights(len(known), rng, draws)
    return scoring.sensitivity([(one.pillar, ranged) for one, ranged in known], stated, drawn, pillars)


# --- Progress ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """answered: cells with at least one answer ("could not observe it" is one); asked: cells there are."""

    code: str
    answered: int
    asked: int

    @property
    def share(self) -> float | None:
        return self.answered / self.asked if self.asked else None


def progress(found: Result) -> dict[str, list[Progress]]:
    """By `unit`, by `pillar` and by `assessor` (of the cells of the units assigned)."""
    cells = [(unit, code) for unit, codes in found.asked.asked.items() for code in codes]
    answered = {one.key for one in found.given}
    pillar_of = {one.code: one.pillar for one in found.framework.indicators}
    by_assessor: dict[str, set[Key]] = defaultdict(set)
    for one in found.given:
        by_assessor[one.answer.assessor].add(one.key)
    return {
        "unit": _count(((key[0], key in answered) for key in cells), [one.code for one in found.units]),
        "pillar": _count(((pillar_of[key[1]], key in answered) for key in cells), list(found.pillars)),
        "assessor": [
            Progress(code, len(by_assessor[code].intersection(cells)), sum(1 for unit, _code in cells if unit in units))
            for code, units in _assigned(found).items()
        ],
    }


def _count(pairs: Iterable[tuple[str, bool]], order: Iterable[str]) -> list[Progress]:
    asked: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for code, yes in pairs:
        asked[code] += 1
        answered[code] += yes
    return [Progress(code, answered[code], asked[code]) for code in order if asked[code]]


def _assigned(found: Result) -> dict[str, set[str]]:
    every = {one.code for one in found.units}
    rows = Assessor.objects.filter(round=found.round).prefetch_related("assignments__unit").order_by("pk")
    return {one.code: every if one.everywhere else {it.unit.code for it in one.assignments.all()} for one in rows}
