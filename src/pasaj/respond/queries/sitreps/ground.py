"""Events and rumours, and what nobody does where, as they stood at a moment."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Q

from pasaj.registry.models import Area, CrossingPoint, Function
from pasaj.respond.models.duty import Event, EventStep, Presence

Plain = dict[str, Any]
OPEN = (Event.State.REPORTED, Event.State.VERIFYING)
AFTER = {"reported": Event.State.REPORTED, "asked": Event.State.VERIFYING, "reopened": Event.State.VERIFYING,
         "confirmed": Event.State.CONFIRMED, "refuted": Event.State.REFUTED,
         "unverifiable": Event.State.UNVERIFIABLE}  # fmt: skip
"""The state an event has after a step; others leave it as it is."""
MOST = 30


def events(as_of: datetime, since: datetime) -> tuple[list[Plain], list[CrossingPoint], list[Area]]:
    """Events and rumours reported after `since` or not settled at `as_of`, and where they are said to have happened."""
    states: dict[int, str] = {}
    steps = EventStep.objects.filter(at__lte=as_of, action__in=list(AFTER)).order_by("at", "pk")
    for number, action in steps.values_list("event_id", "action"):
        states[number] = AFTER[action]
    found, crossings, areas = [], [], []
    rows = Event.objects.filter(reported_at__lte=as_of).select_related("crossing__area", "area", "signal")
    for one in rows.order_by("-reported_at", "code"):
        state = states.get(one.pk, Event.State.REPORTED)
        if state in OPEN or one.reported_at >= since:
            found.append(_event(one, state))
            crossings += [one.crossing] if one.crossing else []
            areas += [one.area] if one.area else []
        if len(found) == MOST:
            break
    return found, crossings, areas


def _event(one: Event, state: str) -> Plain:
    return {
        "code": one.code,
        "place": one.place.code,
        "what": one.what,
        "source": one.source,
        "state": state,
        "open": state in OPEN,
        "reported_at": one.reported_at.isoformat(),
        "signal": one.signal.code if one.signal else "",
        "simulated": one.origin == "demo",
    }


def gaps(as_of: datetime, day: datetime) -> list[Plain]:
    """What somebody does at some crossings and nobody at others that report: function by function.

    Somebody at work in the commune, or above it, is at work at its crossings. Protected crossings are left out.
    `day`: the same moment in the home's zone. An empty register says nothing.
    """
    rows = Presence.objects.filter(changed_at__lte=as_of, presence_start__lte=day.date())
    rows = rows.filter(Q(presence_end=None) | Q(presence_end__gte=day.date()))
    rows = rows.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=as_of))
    served: dict[int, set[int]] = defaultdict(set)
    within: dict[int, set[int]] = defaultdict(set)
    for number, crossing, area in rows.values_list("function_id", "crossing_id", "area_id"):
        (served[number].add(crossing) if crossing else within[number].add(area))
    crossings = CrossingPoint.objects.filter(retired_at=None, posts__retired_at=None).exclude(CrossingPoint.PROTECTED)
    places = list(crossings.select_related("area__parent").distinct().order_by("code"))
    found = []
    for function in Function.objects.filter(pk__in={*served, *within}).order_by("code"):
        without = [
            one.code
            for one in places
            if one.pk not in served[function.pk]
            and not {one.area_id, one.area.parent_id, one.area.parent.parent_id if one.area.parent else None}
            & within[function.pk]
        ]
        if without:
            found.append({"function": function.code, "names": function.names, "places": without})
    return found
