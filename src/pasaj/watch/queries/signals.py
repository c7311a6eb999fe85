"""Questions about signals: lists, counts, and what a signal says in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Abs, Cast, NullIf
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pasaj.access.rules import Actor, visible
from pasaj.core import chooser
from pasaj.core.late import COMPLETED
from pasaj.core.periods import parse
from pasaj.core.problems import fill
from pasaj.registry.models import localised
from pasaj.registry.queries import month_format
from pasaj.watch.models import TOTAL, Signal

KINDS = {
    Signal.Kind.UNUSUAL: gettext_lazy("Unusual count"),
    Signal.Kind.CAPACITY: gettext_lazy("Capacity reached"),
    Signal.Kind.SILENCE: gettext_lazy("Silence"),
    Signal.Kind.CONFLICT: gettext_lazy("Sources disagree"),
    Signal.Kind.SHIFT: gettext_lazy("Change of level"),
    Signal.Kind.REVISION: gettext_lazy("Figure changed a lot"),
    Signal.Kind.EVENT: gettext_lazy("Confirmed event"),
    Signal.Kind.EXTERNAL: gettext_lazy("Alert of another service"),
}
STATES = {
    Signal.State.NEW: gettext_lazy("New"),
    Signal.State.ACKNOWLEDGED: gettext_lazy("Acknowledged"),
    Signal.State.VERIFIED: gettext_lazy("Verified"),
    Signal.State.DISCARDED: gettext_lazy("Discarded"),
}
ACTIONS = {
    "found": gettext_lazy("Found"),
    "acknowledged": gettext_lazy("Acknowledged"),
    "verified": gettext_lazy("Verified"),
    "discarded": gettext_lazy("Discarded"),
    "reopened": gettext_lazy("Opened again"),
    "noted": gettext_lazy("Note"),
    "recomputed": gettext_lazy("Computed again with later figures"),
    "raised": gettext_lazy("Raised"),
}
# Lines with a figure against another.
COUNTED = (Signal.Kind.UNUSUAL, Signal.Kind.CAPACITY, Signal.Kind.SHIFT, Signal.Kind.REVISION)
OUTSIDE = (Signal.Kind.EVENT, Signal.Kind.EXTERNAL)  # not found in counts
RARE = {"day": 28, "week": 13, "month": 6}  # from how many periods on it is told that a value is the highest
OPEN = (Signal.State.NEW, Signal.State.ACKNOWLEDGED)
# The shape a signal is drawn with (templatetag `state`).
SHAPES = {
    Signal.Kind.UNUSUAL: "unusual",
    Signal.Kind.CAPACITY: "alert",
    Signal.Kind.SILENCE: "silent",
    Signal.Kind.CONFLICT: "conflict",
    Signal.Kind.SHIFT: "unusual",
    Signal.Kind.REVISION: "unusual",
    Signal.Kind.EVENT: "alert",
    Signal.Kind.EXTERNAL: "alert",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is asked for; empty fields ask for everything."""

    state: str = ""
    kind: str = ""
    measure: str = ""
    crossing: str = ""
    cluster: str = ""
    from_date: date | None = None
    to_date: date | None = None

    def rows(self, *, with_state: bool = True) -> Q:
        wanted = Q()
        if self.state and with_state:
            wanted &= Q(state__in=OPEN) if self.state == "open" else Q(state=self.state)
        if self.kind:
            wanted &= Q(kind=self.kind)
        if self.measure:
            wanted &= Q(measure__code=self.measure)
        if self.crossing:
            wanted &= Q(crossing__code=self.crossing)
        if self.cluster:
            wanted &= Q(cluster__code=self.cluster)
        if self.from_date:
            wanted &= Q(period_end__gte=self.from_date)
        if self.to_date:
            wanted &= Q(period_start__lte=self.to_date)
        return wanted


def related(rows: QuerySet[Signal]) -> QuerySet[Signal]:
    """With everything a line about a signal names: one query however many lines."""
    return rows.select_related("crossing", "area", "measure", "series__source", "series__measure", "cluster")


def by_urgency(rows: QuerySet[Signal]) -> QuerySet[Signal]:
    """People in danger first, then the latest, then the furthest from what was expected."""
    distance = Abs(F("observed") - F("expected")) / NullIf(Cast(F("expected"), FloatField()), Value(0.0))
    size = Case(When(expected=0, then=F("observed")), default=distance, output_field=FloatField())
    return rows.annotate(size=size).order_by("-protection", "-period_end", F("size").desc(nulls_last=True), "-pk")


@dataclass(frozen=True, slots=True)
class Line:
    """A signal as a line of a list: place, what, how much against what was expected, when."""

    code: str
    state: str
    kind: str
    shape: str
    place: str
    crossing: str  # code, for the map
    what: str
    observed: str
    against: str
    when: str
    dated: str  # the same, short, with the year
    day: str  # the same where the year is clear
    end: date
    protection: bool
    still: bool
    simulated: bool
    sentence: str
    cluster: str  # code of the places that rise with it


def line(signal: Signal) -> Line:
    """Asks no database when the signal was read with `related`."""
    figures = [signal.details.get("figure") or {}, *signal.details.get("figures", ())]
    return Line(
        code=signal.code,
        state=signal.state,
        kind=str(KINDS[Signal.Kind(signal.kind)]),
        shape=SHAPES[Signal.Kind(signal.kind)],
        place=place(signal),
        crossing=signal.crossing.code if signal.crossing else "",
        what=_what_with_category(signal) or (told(signal) or str(signal.details.get("source", "")))[:160],
        observed=_observed(signal),
        against=_against(signal),
        when=period(signal.period_start, signal.period_end, cadence(signal)),
        dated=_short(signal, f"j {month_format()} Y"),
        day=_short(signal, f"j {month_format()}"),
        end=signal.period_end,
        protection=signal.protection,
        still=still(signal),
        simulated=bool(signal.details.get("simulated"))
        or any(one.get("origin") == "demo" or one.get("quality") == "simulated" for one in figures),
        sentence=sentence(signal),
        cluster=signal.cluster.code if signal.cluster else "",
    )


def _observed(signal: Signal) -> str:
    """The count that is unusual; an estimate is called one."""
    if signal.kind not in COUNTED:
        return ""
    if rests_on_estimate(signal):
        return _("%(number)s estimated") % {"number": number(signal.details["late"]["estimate"])}
    return number(signal.observed)


def rests_on_estimate(signal: Signal) -> bool:
    """Whether an alarm rests only on what a count is estimated to be once all reports are in."""
    return (signal.details.get("late") or {}).get("rests_on") == COMPLETED


def _short(signal: Signal, form: str) -> str:
    if signal.period_start == signal.period_end:
        return date_format(signal.period_start, form)
    return period(signal.period_start, signal.period_end, cadence(signal))


def _what_with_category(signal: Signal) -> str:
    category = signal.series.category if signal.series else signal.details.get("category", TOTAL)
    if signal.measure and category != TOTAL:
        return f"{signal.measure}: {signal.measure.category_name(category)}"
    return str(signal.measure or "")


def _against(signal: Signal) -> str:
    if signal.kind == Signal.Kind.CONFLICT:
        return " · ".join(f"{one['source']} {number(one['value'])}" for one in signal.details.get("figures", ()))
    if signal.kind == Signal.Kind.REVISION:
        return _("instead of %(first)s") % _changed(signal)
    if signal.kind == Signal.Kind.CAPACITY:
        limit = signal.upper if signal.upper is not None else signal.lower
        return _("limit %(limit)s") % {"limit": number(limit)}
    if signal.kind == Signal.Kind.SHIFT:
        return _("before: about %(old)s") % {"old": number(signal.expected)}
    if signal.kind in OUTSIDE:
        return str(signal.details.get("ref", ""))
    if signal.kind == Signal.Kind.SILENCE:
        count = len(signal.details.get("missed", ()))
        return ngettext("%(number)s report missing", "%(number)s reports missing", count) % {"number": number(count)}
    if always(signal):
        return _("warning from %(least)s on") % {"least": number(signal.parameters["always_from"])}
    return _("%(range)s expected") % {"range": usual_range(signal)}


def find(actor: Actor, wanted: Filter) -> QuerySet[Signal]:
    """The signals the actor may see that fit the filter, most urgent first."""
    return by_urgency(related(visible(Signal.objects.filter(wanted.rows()), actor)))


def counts(actor: Actor, wanted: Filter) -> dict[str, int]:
    """How many signals there are in each state, with the filter's other fields applied."""
    rows = visible(Signal.objects.filter(wanted.rows(with_state=False)), actor)
    found = dict(rows.values_list("state").annotate(number=Count("pk")).order_by())
    return {str(state): found.get(state, 0) for state in STATES}


def sentence(signal: Signal) -> str:
    """What the signal says, in the reader's language."""
    return _SENTENCES[Signal.Kind(signal.kind)](signal)


def told(signal: Signal) -> str:
    """What came from outside of the counts, in the reader's language where it was said in several."""
    return localised(signal.details.get("texts") or {}) or str(signal.details.get("text", ""))


def place(signal: Signal) -> str:
    return str(signal.crossing or signal.area or "")


def number(value: float | None) -> str:
    """A count as a person writes it; a computed value to the whole where that says enough."""
    if value is None:
        return "–"
    if value == int(value):
        return number_format(int(value), use_l10n=True, force_grouping=True)
    return number_format(round(value, 1 if abs(value) < 10 else 0), 1 if abs(value) < 10 else 0, force_grouping=True)


def period(start: date, end: date, cadence: str = "day") -> str:
    """A period in words: a day, a month, a year, or both ends."""
    if start == end:
        return date_format(start, "DATE_FORMAT")
    if cadence == "month":
        return date_format(start, "F Y")
    if cadence == "year":
        return str(start.year)
    return _("%(start)s to %(end)s") % {
        "start": date_format(start, "DATE_FORMAT"),
        "end": date_format(end, "DATE_FORMAT"),
    }


def baseline(signal: Signal) -> list[tuple[str, float | None]]:
    """The inputs of an unusual count as they were known: periods in words, and their values."""
    found = []
    for one in signal.details.get("baseline", ()):
        asked = parse(one["period"])
        found.append((period(asked.start, asked.end, asked.type) if asked else one["period"], one["value"]))
    return found


def what(signal: Signal) -> str:
    """The measure as it stands inside a sentence."""
    name = str(signal.measure) if signal.measure else ""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def cadence(signal: Signal) -> str:
    return signal.series.cadence if signal.series else str(signal.details.get("cadence", "day"))


def basis(signal: Signal) -> str:
    """Which earlier periods the expectation rests on."""
    told = signal.details.get("basis") or {}
    if told.get("kind") == "years":
        return _years(signal, int(told["years"]))
    if told.get("kind") == "weekday":
        return _("the weekdays, holidays and season of the days before")
    return _before(signal, int(told.get("number") or signal.parameters.get("baseline", 7)), _gap(signal, told))


def _gap(signal: Signal, told: Mapping[str, Any]) -> bool:
    """Whether the last two periods are left out of what is usual."""
    return bool(told["gap"]) if "gap" in told else signal.parameters.get("variant", "C2") != "C1"


def _years(signal: Signal, years: int) -> str:
    if cadence(signal) == "month":
        text = ngettext("the same months of %(number)s year", "the same months of %(number)s years", years)
    else:
        text = ngettext("the same weeks of %(number)s year", "the same weeks of %(number)s years", years)
    return text % {"number": years}


def _before(signal: Signal, number: int, gap: bool) -> str:
    texts = {
        ("day", True): _("the %(number)s days before the last two"),
        ("week", True): _("the %(number)s weeks before the last two"),
        ("month", True): _("the %(number)s months before the last two"),
        ("day", False): _("the %(number)s days before"),
        ("week", False): _("the %(number)s weeks before"),
        ("month", False): _("the %(number)s months before"),
    }
    return texts[cadence(signal), gap] % {"number": number}


def record(signal: Signal) -> str:
    """How rare the value is in its series: the highest (or lowest) in so many periods; empty where that says little."""
    name = {"up": "highest", "down": "lowest"}.get(signal.direction, "")
    found = (signal.details.get("record") or {}).get(name)
    if not found or found["number"] < RARE[cadence(signal)]:
        return ""
    number = found["number"]
    texts = {
        ("highest", "day"): _("the highest in %(number)s days"),
        ("highest", "week"): _("the highest in %(number)s weeks"),
        ("highest", "month"): _("the highest in %(number)s months"),
        ("lowest", "day"): _("the lowest in %(number)s days"),
        ("lowest", "week"): _("the lowest in %(number)s weeks"),
        ("lowest", "month"): _("the lowest in %(number)s months"),
    }
    return texts[name, cadence(signal)] % {"number": number_format(number, force_grouping=True)}


def _unusual(signal: Signal) -> str:
    values = {
        "value": number(signal.observed),
        "measure": what(signal),
        "place": place(signal),
        "period": period(signal.period_start, signal.period_end, cadence(signal)),
        "low": number(_inside(signal.lower, up=True)),
        "high": number(_inside(signal.upper, up=False)),
        "basis": basis(signal),
        "record": record(signal),
    }
    if rests_on_estimate(signal):
        values["estimate"] = number(signal.details["late"]["estimate"])
        return (
            _(
                "%(estimate)s %(measure)s estimated at %(place)s, %(period)s, from %(value)s reported so far;"
                " %(low)s to %(high)s expected from %(basis)s."
            )
            % values
        )
    if always(signal):
        values["least"] = number(signal.parameters["always_from"])
        return _("%(value)s %(measure)s at %(place)s, %(period)s; the pack warns from %(least)s on.") % values
    if values["record"]:
        text = _(
            "%(value)s %(measure)s at %(place)s, %(period)s; %(low)s to %(high)s expected from %(basis)s; %(record)s."
        )
        return text % values
    return _("%(value)s %(measure)s at %(place)s, %(period)s; %(low)s to %(high)s expected from %(basis)s.") % values


def always(signal: Signal) -> bool:
    """Whether its measure warns of such a count by a rule of its own, whatever is usual."""
    least = signal.parameters.get("always_from")
    return least is not None and signal.observed is not None and signal.observed >= least


def _inside(bound: float | None, *, up: bool) -> float | None:
    """The whole number inside the range: counts are whole, and a bound is the last usual value."""
    if bound is None:
        return None
    whole = float(int(bound))
    return whole + 1 if up and whole < bound else whole


def _silence(signal: Signal) -> str:
    days = len(signal.details.get("missed", ())) or 1
    return ngettext(
        "No report from %(place)s (%(source)s) for %(period)s.",
        "No report from %(place)s (%(source)s) for %(number)s periods, %(period)s.",
        days,
    ) % {
        "place": place(signal),
        "source": signal.details.get("source", ""),
        "number": days,
        "period": period(signal.period_start, signal.period_end, cadence(signal)),
    }


def _conflict(signal: Signal) -> str:
    figures = " · ".join(f"{one['source']} {number(one['value'])}" for one in signal.details.get("figures", ()))
    return _("Sources disagree on %(measure)s at %(place)s, %(period)s: %(figures)s.") % {
        "measure": what(signal),
        "place": place(signal),
        "period": period(signal.period_start, signal.period_end, cadence(signal)),
        "figures": figures,
    }


def _changed(signal: Signal) -> dict[str, str]:
    """The first figure, the later one, and where changes usually lead."""
    return {
        "first": number(signal.expected),
        "later": number(signal.observed),
        "low": number(_inside(signal.lower, up=True)),
        "high": number(_inside(signal.upper, up=False)),
    }


def _revision(signal: Signal) -> str:
    values = {
        **_changed(signal),
        "measure": what(signal),
        "place": place(signal),
        "period": period(signal.period_start, signal.period_end, cadence(signal)),
        "source": str(signal.series.source if signal.series else signal.details.get("source", "")),
    }
    if signal.details.get("pooled"):
        text = _(
            "A later report of %(source)s changed the figure for %(measure)s at %(place)s, %(period)s, from %(first)s"
            " to %(later)s; the changes of all sources usually lead to %(low)s to %(high)s."
        )
        return text % values
    text = _(
        "A later report of %(source)s changed the figure for %(measure)s at %(place)s, %(period)s, from %(first)s to"
        " %(later)s; its changes usually lead to %(low)s to %(high)s."
    )
    return text % values


def _capacity(signal: Signal) -> str:
    limit = signal.upper if signal.upper is not None else signal.lower
    return _("%(name)s at %(place)s, %(period)s: %(value)s %(measure)s against a limit of %(limit)s.") % {
        "name": localised(signal.details.get("names") or {}),
        "place": place(signal),
        "period": period(signal.period_start, signal.period_end, cadence(signal)),
        "value": number(signal.observed),
        "measure": what(signal),
        "limit": number(limit),
    }


def _shift(signal: Signal) -> str:
    texts = {
        "day": _(
            "About %(new)s %(measure)s a day at %(place)s since %(since)s, about %(old)s a day before (estimates)."
        ),
        "week": _(
            "About %(new)s %(measure)s a week at %(place)s since the week of %(since)s, about %(old)s a week before"
            " (estimates)."
        ),
        "month": _(
            "About %(new)s %(measure)s a month at %(place)s since %(since)s, about %(old)s a month before (estimates)."
        ),
    }
    return texts[cadence(signal)] % {
        "new": number(signal.observed),
        "old": number(signal.expected),
        "measure": what(signal),
        "place": place(signal),
        "since": since(signal.period_start, cadence(signal)),
    }


def since(day: date, cadence: str) -> str:
    """The beginning of a period in words: its first day, or its month."""
    return date_format(day, "F Y" if cadence == "month" else "DATE_FORMAT")


def _outside(signal: Signal) -> str:
    values = {
        "kind": KINDS[Signal.Kind(signal.kind)],
        "ref": signal.details.get("ref", ""),
        "place": place(signal),
        "period": period(signal.period_start, signal.period_end, cadence(signal)),
        "text": told(signal),
    }
    if not values["place"]:
        return _("%(kind)s %(ref)s, %(period)s: %(text)s") % values
    return _("%(kind)s %(ref)s at %(place)s, %(period)s: %(text)s") % values


_SENTENCES = {
    Signal.Kind.UNUSUAL: _unusual,
    Signal.Kind.SILENCE: _silence,
    Signal.Kind.CONFLICT: _conflict,
    Signal.Kind.CAPACITY: _capacity,
    Signal.Kind.SHIFT: _shift,
    Signal.Kind.REVISION: _revision,
    Signal.Kind.EVENT: _outside,
    Signal.Kind.EXTERNAL: _outside,
}


def still(signal: Signal) -> bool:
    """Whether the detectors would still find it with what is known now."""
    return bool(signal.details.get("still", True))


def usual_range(signal: Signal) -> str:
    """The range that would not have been unusual, in whole numbers."""
    if signal.lower is None or signal.upper is None:
        return ""
    return _("%(low)s to %(high)s") % {
        "low": number(_inside(signal.lower, up=True)),
        "high": number(_inside(signal.upper, up=False)),
    }


def choice(signal: Signal) -> str:
    """Why this method judged the series, where it was chosen for it."""
    told = dict(signal.details.get("choice") or {})
    text = chooser.REASONS.get(told.pop("code", ""), "")
    return fill(_(text), told) if text else ""
