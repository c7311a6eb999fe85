"""Counts as text: the words of this country, and what the figures of a message stand beside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from pasaj.access.rules import Actor, visible
from pasaj.core.periods import Period
from pasaj.core.textgram import Place, Target, Word, Words, render
from pasaj.core.usual import Usual
from pasaj.registry import queries as registry
from pasaj.registry.models import CrossingPoint, Home, Post
from pasaj.watch.models import TOTAL, Cadence, Measure, Observation, Series
from pasaj.watch.queries import figures


def vocabulary(actor: Actor) -> Words:
    """The words of the pack, and every crossing by the names the actor may know. Four queries.

    Words of measures that are not counted daily are left out: no message reports them.
    """
    said = Home.objects.filter(pk=1).values_list("words", flat=True).first() or []
    known = registry.well_known(actor)
    places = [
        Place(one.code, (one.name, *(one.aliases if one.pk in known else ()))) for one in registry.crossings(actor)
    ]
    daily = dict(Measure.objects.filter(cadence=Cadence.DAY, retired_at=None).values_list("code", "kind"))
    words = [Word(**one) for one in said if one["meaning"] != "figure" or one["measure"] in daily]
    return Words(words, places, {code for code, kind in daily.items() if kind == "quantity"})


# --- A day's counts to copy --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """What a source counted at a crossing on a day, as one line of text. `left_out`: figures no word stands for."""

    source: str
    text: str
    left_out: int
    simulated: bool


def lines(actor: Actor, words: Words, crossing: CrossingPoint, day: date, today: date) -> list[Line]:
    """The counts that stand, a line a source, in the reader's words. One query."""
    rows = (
        visible(Observation.objects.current(), actor)
        .filter(
            series__crossing=crossing,
            series__cadence=Cadence.DAY,
            period_start=day,
            state=Observation.State.REPORTED,
        )
        .select_related("series__measure", "series__source")
    )
    by_source: dict[str, list[Observation]] = {}
    for one in sorted(rows, key=_place_in_pack):
        by_source.setdefault(one.series.source.code, []).append(one)
    language = (get_language() or "").split("-")[0]
    found = []
    for source, observations in by_source.items():
        said = [(Target(one.series.measure.code, one.series.category), one.value) for one in observations]
        known = [(target, value) for target, value in said if value is not None and words.write("figure", "", target)]
        if known:
            text = render(crossing.code, day, known, words, today, language)
            simulated = any(one.origin == "demo" or one.quality == "simulated" for one in observations)
            found.append(Line(source, text, len(said) - len(known), simulated))
    return found


def _place_in_pack(one: Observation) -> tuple[str, int, str, int]:
    """Sources by code, measures in the order of the pack, each total before its parts."""
    measure, category = one.series.measure, one.series.category
    parts = [TOTAL, *(each["code"] for each in measure.categories)]
    at = parts.index(category) if category in parts else len(parts)
    return one.series.source.code, measure.order, measure.code, at


# --- What stands beside the figures of a message -----------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """A figure by codes: crossing, measure, category, source and day."""

    place: str
    measure: str
    category: str
    source: str
    day: date


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands already for a figure, and what is usual."""

    standing: Observation | None = None
    usual: Usual | None = None

    @property
    def revision(self) -> int:
        return self.standing.revision if self.standing else 0


def beside(keys: Collection[Key]) -> Mapping[Key, Beside]:
    """What stands for each figure. Two queries, and one for each different day."""
    known = {
        (one.crossing.code, one.measure.code, one.category, one.source.code): one
        for one in Series.objects.filter(
            cadence=Cadence.DAY,
            crossing__code__in={one.place for one in keys},
            measure__code__in={one.measure for one in keys},
            source__code__in={one.source for one in keys},
        ).select_related("crossing", "measure", "source")
        if one.crossing and one.direction == one.measure.direction
    }
    days = {one.day for one in keys}
    standing = figures.standing_figures(known.values(), min(days), max(days)) if days else {}
    usual = {day: figures.usual_before(list(known.values()), Period(day, day)) for day in days}
    found = {}
    for key in keys:
        series = known.get((key.place, key.measure, key.category, key.source))
        if series is not None:
            found[key] = Beside(standing.get((series.pk, key.day)), usual[key.day].get(series.pk))
    return found


def posts_of(crossings: Collection[CrossingPoint]) -> Mapping[tuple[str, str], frozenset[str]]:
    """Measures a source is expected to report from a crossing, by the codes of both. One query."""
    rows = Post.objects.filter(crossing__in=[one.pk for one in crossings], retired_at=None)
    return {
        (crossing, source): frozenset(measures)
        for crossing, source, measures in rows.values_list("crossing__code", "source_code", "measures")
    }
