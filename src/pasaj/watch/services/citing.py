"""Verified signals in the chain of evidence, and the reported figures they were found in.

A figure of the chain is what stands for one series and period; it is read again in the transaction that reports,
corrects or takes back a count of that series, so that a signal whose figure has moved says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import translation

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.evidence import Quantity, Value
from pasaj.evidence.models import FigureQuery, FigureTopic, Node, figure_query
from pasaj.evidence.services import Draft, Tie, figure, link, put, touched
from pasaj.registry.models import Home
from pasaj.watch.models import Import, Observation, Series, Signal
from pasaj.watch.queries import signals as words

QUERY = "watch.count"
TOPIC = "series:"
SOURCE = "source:"


def cite(signal: Signal, actor: Actor, now: datetime) -> None:
    """Put a signal into the chain, resting on the figures it was found in. The same again changes nothing."""
    with audit.at_the_end():
        _cite(signal, actor, now)


def _cite(signal: Signal, actor: Actor, now: datetime) -> None:
    put(drafts=[_draft(signal)], actor=actor, now=now)
    ties = [
        Tie(signal.code, _figure(series, signal.period_start, signal.period_end, actor, now).code, "found-in")
        for series in Series.objects.filter(code__in=set(_series(signal))).select_related(
            "crossing", "area", "measure", "source"
        )
    ]
    if ties:
        link(ties=ties, actor=actor, now=now)


def count(series: Series, start: date, end: date, actor: Actor, now: datetime) -> Node:
    """The count of a series in a period as a figure of the chain; the same again is the same figure."""
    return _figure(series, start, end, actor, now)


def follow(signals: Iterable[Signal], actor: Actor, now: datetime) -> None:
    """Tell the chain what has become of signals that stand in it already."""
    by_code = {one.code: one for one in signals}
    cited = Node.objects.filter(code__in=by_code, kind="signal").values_list("code", flat=True)
    drafts = [_draft(by_code[code]) for code in cited]
    if drafts:
        put(drafts=drafts, actor=actor, now=now)


def counted(series: Collection[str], actor: Actor, now: datetime) -> None:
    """Figures of these series have changed: read again what the chain says of them."""
    if series:
        sources = Series.objects.filter(code__in=series).values_list("source__code", flat=True).distinct()
        topics = [*(f"{TOPIC}{code}" for code in series), *(f"{SOURCE}{code}" for code in sources)]
        touched(topics=topics, actor=actor, now=now)


def imported(row: Import, actor: Actor, now: datetime) -> None:
    """The same for a file that has just become visible."""
    topics = FigureTopic.objects.filter(Q(topic__startswith=TOPIC) | Q(topic__startswith=SOURCE))
    cited = set(topics.values_list("topic", flat=True).distinct())
    if cited:
        rows = Observation.objects.filter(batch=row).values_list("series__code", "series__source__code").distinct()
        named = {topic for series, source in rows for topic in (f"{TOPIC}{series}", f"{SOURCE}{source}")}
        touched(topics=named & cited, actor=actor, now=now)


def _draft(signal: Signal) -> Draft:
    place = signal.crossing or signal.area
    fields = {
        "kind": signal.kind,
        "method": signal.method,
        "place": place.code if place else "",
        "measure": signal.measure.code if signal.measure else "",
        "direction": signal.direction,
        "period_start": signal.period_start,
        "period_end": signal.period_end,
    }
    values = {} if signal.observed is None else {"observed": _exact(signal.observed)}
    said = _in_each(lambda: words.sentence(signal))
    return Draft(signal.code, "signal", fields, values, said, simulated=words.line(signal).simulated)


def _exact(value: float) -> Quantity:
    number = Decimal(repr(value))
    return Quantity(number, number, number)


def _series(signal: Signal) -> Iterator[str]:
    # A level is the mean of many periods: no single figure stands for it.
    if signal.series and signal.kind != Signal.Kind.SHIFT:
        yield signal.series.code
    yield from (one["series"] for one in signal.details.get("figures", ()) if "series" in one)


def _figure(series: Series, start: date, end: date, actor: Actor, now: datetime) -> Node:
    parameters = {"series": series.code, "start": start.isoformat(), "end": end.isoformat()}
    titles = _in_each(
        lambda: f"{series.measure}, {series.place}, {words.period(start, end, series.cadence)} ({series.source})"
    )
    return figure(query=QUERY, parameters=parameters, titles=titles, actor=actor, now=now)


def _in_each(say: Callable[[], object]) -> dict[str, str]:
    """What is said, in each language of the home."""
    home = Home.objects.only("languages").first()
    found = {}
    for language in home.languages if home else ():
        with translation.override(language):
            found[language] = str(say())
    return found


def _answer(parameters: Mapping[str, Any]) -> dict[str, Value]:
    """What stands for the series and period: a count, or why there is none."""
    row = (
        Observation.objects.current()
        .filter(
            series__code=parameters["series"],
            period_start=parameters["start"],
            period_end=parameters["end"],
        )
        .first()
    )
    if row is None:
        return {"state": "missing"}
    if row.value is None:
        return {"state": str(row.state)}
    quality = "simulated" if row.origin == "demo" else str(row.quality)
    return {"state": str(row.state), "quality": quality, "count": Quantity(row.value, row.value, row.value)}


figure_query(FigureQuery(QUERY, _answer, lambda parameters: [f"{TOPIC}{parameters['series']}"]))
