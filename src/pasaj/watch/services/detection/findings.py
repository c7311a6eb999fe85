"""What a detector found, and how it becomes a signal: once, whatever the number of runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isclose
from typing import Any

from pasaj.registry.services.codes import next_codes
from pasaj.watch.models import DetectionRun, Signal, SignalEvent
from pasaj.watch.rules import requester
from pasaj.watch.services import citing
from pasaj.watch.services.detection.table import Known

NUMBERS = ("observed", "expected", "lower", "upper", "p_value")
FIELDS = (*NUMBERS, "direction", "period_start", "period_end", "protection", "parameters", "details", "inputs_as_of")


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of a detector. `still` False: what an earlier run found is not found any more."""

    key: str
    kind: str
    method: str
    period_start: date
    period_end: date
    direction: str = "none"
    series_id: int | None = None
    crossing_id: int | None = None
    area_id: int | None = None
    measure_id: int | None = None
    observed: float | None = None
    expected: float | None = None
    lower: float | None = None
    upper: float | None = None
    p_value: float | None = None
    protection: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    still: bool = True


@dataclass(slots=True)
class Tally:
    """What a slice did."""

    new: int = 0
    known: int = 0
    recomputed: int = 0


def write(findings: Sequence[Finding], run: DetectionRun, now: datetime) -> Tally:
    """Make signals of what is new, and note on known ones what changed. Inside the caller's transaction.

    A run that looks at an earlier moment than a signal rests on leaves that signal as it is.
    """
    found = {one.key: one for one in findings}
    # In one order, so that two runs wait for each other and never each for the other.
    rows = Signal.objects.select_for_update().filter(key__in=list(found)).order_by("pk")
    known = {signal.key: signal for signal in rows}
    tally = Tally(known=sum(found[key].still for key in known))
    fresh = [one for one in found.values() if one.key not in known and one.still]
    _create(fresh, run, now)
    tally.new = len(fresh)
    events, changed = [], []
    for key, signal in known.items():
        if run.as_of < signal.inputs_as_of:
            continue
        event = _recompute(signal, found[key], run, now)
        if event:
            events.append(event)
            changed.append(signal)
    if changed:
        Signal.objects.bulk_update(changed, FIELDS)
        SignalEvent.objects.bulk_create(events)
        citing.follow(changed, requester(run), now)
    tally.recomputed = len(changed)
    return tally


def _create(fresh: Sequence[Finding], run: DetectionRun, now: datetime) -> None:
    if not fresh:
        return
    codes = next_codes("SG", now, len(fresh))
    rows = Signal.objects.bulk_create(
        Signal(code=code, run=run, created_at=now, state_at=now, **_values(one, run))
        for code, one in zip(codes, fresh, strict=True)
    )
    SignalEvent.objects.bulk_create(
        SignalEvent(signal=row, at=now, actor_label=run.requested_by, action="found", details={"run": run.code})
        for row in rows
    )


def _values(one: Finding, run: DetectionRun) -> dict[str, Any]:
    names = ("key", "kind", "method", "series_id", "crossing_id", "area_id", "measure_id", "direction",
             "period_start", "period_end", "protection", *NUMBERS)  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "parameters": dict(one.parameters),
        "details": {**one.details, "still": one.still},
        "inputs_as_of": run.as_of,
    }


def _recompute(signal: Signal, one: Finding, run: DetectionRun, now: datetime) -> SignalEvent | None:
    """Bring a known signal up to what is known now; an event tells the old and the new numbers, if they differ."""
    old, new = _told(signal), _told(one)
    if _same(old, new):
        return None
    for name, value in _values(one, run).items():
        setattr(signal, name, value)
    return SignalEvent(
        signal=signal,
        at=now,
        actor_label=run.requested_by,
        action="recomputed",
        details={"run": run.code, "old": old, "new": new},
    )


def _told(one: Signal | Finding) -> dict[str, Any]:
    still = one.still if isinstance(one, Finding) else bool(one.details.get("still", True))
    return {
        **{name: getattr(one, name) for name in NUMBERS},
        "direction": one.direction,
        "start": one.period_start.isoformat(),
        "end": one.period_end.isoformat(),
        "still": still,
        "over": bool(one.details.get("over")),
        "values": list(one.details.get("values", ())),
        "rests_on": (one.details.get("late") or {}).get("rests_on", ""),
    }


def _same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return all(_equal(old[name], new[name]) for name in old)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)


def plain(value: float | None) -> float | int | None:
    """A number as JSON keeps it: whole numbers whole."""
    if value is None:
        return None
    return int(value) if float(value).is_integer() else float(value)


def finite(value: float) -> float | None:
    """A number of a detector for the database, which knows no NaN and no infinity."""
    return float(value) if math.isfinite(value) else None


def way(observed: float | None, expected: float | None) -> str:
    """In which direction a figure lies from what was expected: up, down or none."""
    if observed is None or expected is None or observed == expected:
        return "none"
    return "up" if observed > expected else "down"


def shown(known: Known | None) -> dict[str, Any] | None:
    """What is kept of a figure beside its value."""
    if known is None:
        return None
    return {
        "quality": known.quality,
        "origin": known.origin,
        "revision": known.revision,
        "reported_at": known.reported_at.isoformat(),
    }


def count(reasons: Iterable[str], into: dict[str, int]) -> None:
    """Add up why there was no answer."""
    for reason in reasons:
        into[reason] = into.get(reason, 0) + 1
