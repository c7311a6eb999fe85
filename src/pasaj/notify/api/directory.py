"""The directory and the on-call list, as programs read them: the same rows as the pages show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from ninja import Query, Router

from pasaj.access.rules import may, visible
from pasaj.notify.models import Contact, Shift
from pasaj.notify.queries import people
from pasaj.registry.queries import Request
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Row, release
from pasaj.share.views import hand_over

router = Router()
MOST = 1000
CONTACT = ("code", "name", "institution", "role", "crossing", "area", "turn", "language", "addresses", "on_call")
SHIFT = ("contact", "name", "institution", "role", "turn", "start_at", "end_at")


@router.get("/contacts")
def contacts(
    request: Request,
    role: str = "",
    institution: str = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> FileResponse:
    """Contacts in office; addresses only of those that you have to reach, and your own."""
    if not may(request.actor, "view", Contact):
        raise Http404
    found = people.contacts(request.actor, role=role, institution=institution)
    rows = list(found[offset : offset + limit])
    question = {"role": role, "institution": institution, "limit": limit, "offset": offset}
    parcel = Parcel(
        kind="api", title="API: contacts", form="json", rows=_contacts(request, rows), header=CONTACT, question=question
    )
    answer = hand_over(release(parcel=parcel, audience=Audience.STRICT, actor=request.actor, now=request.now), "")
    answer["X-Pasaj-Count"] = str(found.count())
    return answer


def _contacts(request: Request, rows: list[Contact]) -> Iterator[Row]:
    reached = people.reached(request.actor, rows)
    called = {one.contact_id for one in visible(_now(request.now), request.actor)}
    for row in rows:
        addresses = [
            {
                "channel": one.channel,
                "value": one.value,
                "exercise": one.exercise,
                "stopped": one.stopped_at is not None,
            }
            for one in row.addresses.all()
        ]
        place = (row.crossing.code if row.crossing else None, row.area.code if row.area else None)
        shown = addresses if row.pk in reached else None
        said = (row.code, row.name, row.institution.code, row.role, *place, row.turn, row.language, shown)
        yield Row(values=[*said, row.pk in called], own_count=True)


@router.get("/on-call")
def on_call(request: Request, at: datetime | None = None, role: str = "") -> FileResponse:
    """Who is on call at a moment (now), the first to call first in each role."""
    if not may(request.actor, "view", Shift):
        raise Http404
    moment = at or request.now
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=request.home.zone)
    rows = visible(_now(moment), request.actor).select_related("contact__institution")
    rows = rows.filter(role=role) if role else rows
    zone = request.home.zone
    each = (
        Row(
            values=[
                one.contact.code, one.contact.name, one.contact.institution.code, one.role, one.turn,
                one.start_at.astimezone(zone).isoformat(), one.end_at.astimezone(zone).isoformat(),
            ],
            own_count=True,
        )
        for one in rows.order_by("role", "turn", "start_at", "pk")[:MOST]
    )  # fmt: skip
    question = {"at": moment.isoformat(), "role": role}
    parcel = Parcel(kind="api", title="API: on call", form="json", rows=each, header=SHIFT, question=question)
    return hand_over(release(parcel=parcel, audience=Audience.STRICT, actor=request.actor, now=request.now), "")


def _now(moment: datetime) -> QuerySet[Shift]:
    return Shift.objects.filter(start_at__lte=moment, end_at__gt=moment, contact__ended_at=None)
