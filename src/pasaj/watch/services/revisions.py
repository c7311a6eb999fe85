"""Keeping a report under its code: the same again changes nothing, something else is the next revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.registry.services import next_code
from pasaj.watch.models import CrossingStatus, Incident, IncidentQuantity, Reported

Row = TypeVar("Row", Incident, CrossingStatus)
Part = tuple[str, Decimal, str]  # what, value, unit
TRIES = 5
"""Each time somebody else was faster: as many deliveries of one report at once as anybody has seen, and some more."""


def latest(model: type[Row], *, ref: str = "", code: str = "") -> Row | None:
    """The last revision of a report, withdrawn or not."""
    if not (ref or code):
        return None
    rows = model._default_manager.filter(**({"code": code} if code else {"ref": ref}))
    return rows.order_by("-revision").first()


def keep(
    model: type[Row],
    content: Mapping[str, Any],
    *,
    prefix: str,
    ref: str = "",
    code: str = "",
    parts: Sequence[Part] = (),
    origin: str,
    actor: Actor,
    now: datetime,
    reported_at: datetime | None = None,
) -> tuple[Row, bool]:
    """Write the first or the next revision, inside the caller's transaction. False when the same stood already.

    A report that was taken back stays so when the same comes again.
    """
    for turn in range(1, TRIES + 1):
        standing = latest(model, ref=ref, code=code)
        if standing is not None and _same(standing, content, parts):
            return standing, False
        try:
            with transaction.atomic():
                row = model._default_manager.create(
                    **content,
                    code=standing.code if standing else next_code(prefix, now),
                    ref=standing.ref if standing else ref,
                    revision=standing.revision + 1 if standing else 1,
                    **_told(origin, actor, now, reported_at),
                )
                IncidentQuantity.objects.bulk_create(
                    IncidentQuantity(incident_id=row.pk, what=what, value=value, unit=unit)
                    for what, value, unit in parts
                )
            return row, True
        except IntegrityError:  # somebody delivered the same report at the same moment: look again
            if turn == TRIES:
                raise
    raise AssertionError("unreachable")


def take_back(row: Row, *, note: str, actor: Actor, now: datetime) -> Row:
    """The revision that takes a report back, inside the caller's transaction. It says the same, and counts no more."""
    if row.withdrawn:
        return row
    told = {one.name for one in Reported._meta.fields} | {"id"}
    content = {one.attname: getattr(row, one.attname) for one in row._meta.fields if one.name not in told}
    made = type(row)._default_manager.create(
        **content,
        code=row.code,
        ref=row.ref,
        revision=row.revision + 1,
        withdrawn=True,
        source=row.source,
        note=note,
        **_told("entry", actor, now, None),
    )
    IncidentQuantity.objects.bulk_create(
        IncidentQuantity(incident_id=made.pk, what=what, value=value, unit=unit) for what, value, unit in parts_of(row)
    )
    return made


def parts_of(row: Incident | CrossingStatus) -> tuple[Part, ...]:
    """The quantities of an incident, in their order."""
    if not isinstance(row, Incident):
        return ()
    return tuple(row.quantities.order_by("pk").values_list("what", "value", "unit"))


def _told(origin: str, actor: Actor, now: datetime, reported_at: datetime | None) -> dict[str, Any]:
    return {
        "origin": origin,
        "reported_at": reported_at or now,
        "recorded_at": timezone.now(),
        "actor_id": actor.id,
        "actor_label": actor.label,
    }


def _same(standing: Incident | CrossingStatus, content: Mapping[str, Any], parts: Sequence[Part]) -> bool:
    said = all(getattr(standing, name) == value for name, value in content.items())
    return said and sorted(parts_of(standing)) == sorted(parts)
