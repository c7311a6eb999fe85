"""Whether an address may get a message at all: the one place that says so, for every channel.

Asked when a message is put into the outbox and again at the moment of sending: who unsubscribed meanwhile, or left,
gets nothing, and an exercise never reaches an address that is not marked for exercises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pasaj.notify.models import Address, Delivery, Mode

FAREWELL = "farewell"  # the kind of message that confirms, once, that somebody is told no more
TRIAL = "trial"  # the kind of message by which somebody tries one address on purpose: `services.trying` alone
STOPPED, EXERCISE, ENDED = "stopped", "exercise", "ended"  # why something was withheld: Delivery.problem


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an address on a channel: of one contact, and of everybody who has the same one."""

    exercise: bool
    stopped: bool
    ended: bool


UNKNOWN = Standing(exercise=False, stopped=False, ended=False)  # somebody who wrote to us and is no contact


def why_not(mode: str, kind: str, address: Standing) -> str:
    """Why a message of this mode and kind may not go to the address; empty: it may."""
    if mode != Mode.ACTUAL and not address.exercise and kind != TRIAL:
        return EXERCISE
    if address.ended and kind != FAREWELL:
        return ENDED
    if address.stopped and kind != FAREWELL:
        return STOPPED
    return ""


def standings(deliveries: Iterable[Delivery]) -> dict[int, Standing]:
    """What is known now of the addresses of these deliveries, by the delivery's key. One query.

    An address that was taken from its contact counts as ended.
    """
    rows = list(deliveries)
    known: dict[tuple[str, str], list[Address]] = {}
    wanted = Address.objects.filter(value__in={one.address for one in rows}).select_related("contact")
    for address in wanted:
        known.setdefault((address.channel, address.value), []).append(address)
    return {one.pk: _of(one, known.get((one.channel, one.address), [])) for one in rows}


def _of(delivery: Delivery, same: list[Address]) -> Standing:
    stopped = any(one.stopped_at for one in same)
    if delivery.contact_id is None:
        return Standing(exercise=bool(same) and all(one.exercise for one in same), stopped=stopped, ended=False)
    own = [one for one in same if one.contact_id == delivery.contact_id]
    return Standing(
        exercise=any(one.exercise for one in own),
        stopped=stopped,
        ended=not own or any(one.contact.ended_at for one in own),
    )
