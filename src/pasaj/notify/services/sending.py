"""Sends what is due: claims rows in slices, hands them over, writes down what came of it.

How none is lost and none goes twice when the sender is killed at any moment: see docs/reference/channels.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce

from pasaj.notify import channels as ways
from pasaj.notify.channels import Channel, Outcome, Parcel
from pasaj.notify.models import Delivery, DeliveryEvent, Message
from pasaj.notify.services import composing, reach
from pasaj.notify.services.crew import Crew
from pasaj.notify.services.journal import Alive, Elsewhere, Found, Journal, names, taken_over

State = Delivery.State
SLICE = 50
WAITS = tuple(timedelta(minutes=one) for one in (1, 2, 5, 15, 60, 60, 60, 60, 60))
ATTEMPTS = len(WAITS) + 1  # then it is given up
LONGEST = max(WAITS) + timedelta(minutes=5)
STRANGER = timedelta(minutes=15)  # after which what a sender on a machine that is gone had in hand is sent again
CONFIRM = timedelta(minutes=10)  # for a receipt of what was handed over without hearing the answer


def deliver(*, real_now: datetime, now: datetime, limit: int = 10_000) -> int:
    """Send what is due, at most `limit`; returns how many deliveries were attempted or withheld.

    `real_now` decides what is due, `now` (business clock) what hours allow, and dates what happened. First takes
    over what ended senders had in hand. May run in several processes at once.
    """
    take_over(real_now=real_now, now=now)
    channels = {kind: channel for kind in ways.kinds() if (channel := ways.get(kind)).ready()}
    if not _due(channels, real_now, now).exists():
        return 0
    journal, count = Journal(), 0
    base = composing.public_address()
    messages: dict[int, Message] = {}
    try:
        with Crew(journal) as crew:
            while count < limit:
                up = {kind: channel for kind, channel in channels.items() if kind not in crew.down}
                rows = _claim(up, min(SLICE, limit - count), journal.name, real_now, now)
                if not rows:
                    break
                parcels = _parcels(rows, messages, base, now, real_now)
                outcomes = crew.send([(channels[row.channel], parcels[row.pk]) for row in rows if row.pk in parcels])
                settle(rows, outcomes, channels, now=now, real_now=real_now)
                journal.clear()
                count += len(rows)
    except BaseException:
        journal.leave()  # what is in hand stands in it: the next sender settles that
        raise
    journal.close()
    return count


def _due(channels: Collection[str], real_now: datetime, now: datetime) -> QuerySet[Delivery]:
    """What may be sent now. A date further off than any wait is from before the clock was put back."""
    first = Q(tries=0) | Q(due_at__lte=real_now) | Q(due_at__gt=real_now + LONGEST)
    opened = Q(opens_at=None) | Q(opens_at__lte=now)
    return Delivery.objects.filter(first, opened, state=State.QUEUED, channel__in=list(channels))


def _claim(channels: Collection[str], number: int, sender: str, real_now: datetime, now: datetime) -> list[Delivery]:
    """The next rows, urgent ones first, ours from here on."""
    with transaction.atomic():
        wanted = _due(channels, real_now, now).order_by("-urgent", "due_at", "pk")
        keys = list(wanted.select_for_update(skip_locked=True).values_list("pk", flat=True)[:number])
        if not keys:
            return []
        Delivery.objects.filter(pk__in=keys, state=State.QUEUED).update(
            state=State.SENDING, claimed_at=real_now, claimed_by=sender
        )
        rows = Delivery.objects.filter(pk__in=keys, state=State.SENDING, claimed_by=sender)
        return list(rows.order_by("-urgent", "due_at", "pk"))


def release(sender: str) -> None:
    """Give back what a sender claimed and never tried."""
    Delivery.objects.filter(state=State.SENDING, claimed_by=sender).update(
        state=State.QUEUED, claimed_by="", claimed_at=None
    )


def _parcels(
    rows: list[Delivery], messages: dict[int, Message], base: str, now: datetime, real_now: datetime
) -> dict[int, Parcel]:
    """What each row's address gets; rows that may not go out any more are withheld here and left out."""
    missing = {one.message_id for one in rows} - messages.keys()
    messages.update(Message.objects.in_bulk(missing))
    standings = reach.standings(rows)
    parcels: dict[int, Parcel] = {}
    for row in rows:
        message = messages[row.message_id]
        reason = reach.why_not(message.mode, message.kind, standings[row.pk])
        if reason:
            _withhold(row, reason, now, real_now)
        else:
            parcels[row.pk] = composing.parcel(row, message, base)
    return parcels


def _withhold(row: Delivery, reason: str, now: datetime, real_now: datetime) -> None:
    with transaction.atomic():
        Delivery.objects.filter(pk=row.pk).update(state=State.WITHHELD, problem=reason, claimed_by="")
        DeliveryEvent.objects.create(
            delivery=row, at=now, recorded_at=real_now, kind="withheld", detail={"reason": reason}
        )


# --- What came of it ---------------------------------------------------------------------------


def settle(
    rows: Iterable[Delivery],
    outcomes: Mapping[int, Outcome],
    channels: Mapping[str, Channel],
    *,
    now: datetime,
    real_now: datetime,
) -> None:
    """Write down what the gateways answered. A receipt may have been faster: states only move forward."""
    events: list[DeliveryEvent] = []
    by_kind: dict[str, list[Delivery]] = {}
    for row in rows:
        outcome = outcomes.get(row.pk)
        if outcome is not None:
            kind = _meaning(row, outcome, channels.get(row.channel))
            by_kind.setdefault(kind, []).append(row)
            detail = {"detail": outcome.detail[:300], "gateway_id": outcome.gateway_id[:120], "attempt": row.tries + 1}
            events.append(DeliveryEvent(delivery=row, at=now, recorded_at=real_now, kind=kind, detail=detail))
    with transaction.atomic():
        for kind in ("sent", "presumed"):
            _settle_sent(by_kind.get(kind, []), outcomes, now, real_now if kind == "presumed" else None)
        for row in by_kind.get("refused", []):
            _settle_open(row, State.QUEUED, outcomes[row.pk], real_now + WAITS[row.tries])
        for row in by_kind.get("failed", []):
            _settle_open(row, State.FAILED, outcomes[row.pk], real_now)
        DeliveryEvent.objects.bulk_create(events)


def _meaning(row: Delivery, outcome: Outcome, channel: Channel | None) -> str:
    """The event: sent, presumed (handed over; whether it was taken a receipt will tell), refused or failed."""
    if outcome.state == "sent":
        return "sent"
    if outcome.state == "unknown" and channel is not None and channel.confirms:
        return "presumed"
    if outcome.state == "never" or row.tries + 1 >= ATTEMPTS:
        return "failed"
    return "refused"


def _settle_sent(
    rows: list[Delivery], outcomes: Mapping[int, Outcome], now: datetime, presumed_at: datetime | None
) -> None:
    keys = [row.pk for row in rows]
    if not keys:
        return
    ids = [When(pk=row.pk, then=Value(outcomes[row.pk].gateway_id[:120])) for row in rows]
    done = {"claimed_by": "", "tries": F("tries") + 1, "sent_at": Coalesce("sent_at", Value(now)), "problem": ""}
    named = Case(*ids, default=F("gateway_id"), output_field=TextField())
    Delivery.objects.filter(pk__in=keys, state=State.SENDING).update(
        state=State.SENT, presumed_at=presumed_at, gateway_id=named, **done
    )
    arrived = Delivery.objects.filter(pk__in=keys, state__in=(State.DELIVERED, State.FAILED))
    arrived.exclude(claimed_by="").update(**done)


def _settle_open(row: Delivery, state: str, outcome: Outcome, due_at: datetime) -> None:
    Delivery.objects.filter(pk=row.pk, state=State.SENDING).update(
        state=state, tries=row.tries + 1, due_at=due_at, claimed_by="", problem=outcome.detail[:300]
    )


# --- After a sender that ended -----------------------------------------------------------------


def take_over(*, real_now: datetime, now: datetime) -> int:
    """Settle what ended senders had in hand, by their journals. Returns how many deliveries that were."""
    held = Delivery.objects.filter(state=State.SENDING).exclude(claimed_by="")
    count = 0
    for name in sorted(set(held.values_list("claimed_by", flat=True)) | set(names())):
        try:
            with taken_over(name) as found, transaction.atomic():
                count += _after(name, found, now, real_now)
        except Alive:
            continue
        except Elsewhere:
            count += _after_stranger(name, now, real_now)
    return count + _unconfirmed(now, real_now)


def _after(name: str, found: Found, now: datetime, real_now: datetime) -> int:
    rows = list(Delivery.objects.filter(claimed_by=name).exclude(state=State.QUEUED).order_by("pk"))
    channels = {kind: ways.get(kind) for kind in ways.kinds()}
    settle(rows, found.answered, channels, now=now, real_now=real_now)
    lost = Outcome("unknown", detail="the sender ended before it heard the answer")
    # Next to nothing lies between the line in the journal and the last byte: it is with the gateway, almost surely.
    handed = [row for row in rows if row.pk in found.sealed]
    with transaction.atomic():
        _settle_sent(handed, dict.fromkeys((row.pk for row in handed), lost), now, real_now)
        DeliveryEvent.objects.bulk_create(
            DeliveryEvent(delivery=row, at=now, recorded_at=real_now, kind="presumed", detail={"detail": lost.detail})
            for row in handed
        )
        release(name)
    return len(rows)


def _after_stranger(name: str, now: datetime, real_now: datetime) -> int:
    """What a sender on another machine had in hand, long ago: better twice than lost."""
    gone = Q(claimed_at__lt=real_now - STRANGER) | Q(claimed_at__gt=real_now + STRANGER)
    with transaction.atomic():
        keys = list(Delivery.objects.filter(gone, state=State.SENDING, claimed_by=name).values_list("pk", flat=True))
        _again(keys, "interrupted", now, real_now)
    return len(keys)


def _unconfirmed(now: datetime, real_now: datetime) -> int:
    """Handed over without an answer, on a channel that tells, and nothing was told: the gateway never took it."""
    confirming = [kind for kind in ways.kinds() if ways.get(kind).confirms]
    waited = Q(presumed_at__lt=real_now - CONFIRM) | Q(presumed_at__gt=real_now + CONFIRM)
    with transaction.atomic():
        rows = Delivery.objects.filter(waited, state=State.SENT, channel__in=confirming)
        keys = list(rows.values_list("pk", flat=True))
        _again(keys, "unconfirmed", now, real_now)
    return len(keys)


def _again(keys: list[int], event: str, now: datetime, real_now: datetime) -> None:
    Delivery.objects.filter(pk__in=keys).update(
        state=State.QUEUED, due_at=real_now, claimed_by="", claimed_at=None, presumed_at=None
    )
    DeliveryEvent.objects.bulk_create(
        DeliveryEvent(delivery_id=key, at=now, recorded_at=real_now, kind=event) for key in keys
    )
