"""Matrices, needs, roles and the profile of institutions on their way out, as rows that the gate can judge.

Codes stand in the columns; the names of institutions, functions and layers are those of the pack. A cell is empty where
nothing is known: an end that has not answered is not one that said no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from pasaj.access.rules import Actor
from pasaj.assess.models import Round
from pasaj.assess.queries import mapping, matrices
from pasaj.core.mapping.exchange import Statement
from pasaj.core.mapping.flows import compare
from pasaj.core.mapping.mandates import within
from pasaj.core.mapping.profile import profile
from pasaj.registry.models import ExchangeNeed
from pasaj.registry.models import Mandate as MandateRow
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Released, Row, release

MANDATES = ("function", "function_name", "institution", "institution_name", "role", "territory", "basis", "valid_from",
            "valid_until", "in_force", "note", "source", "verify")  # fmt: skip
HEAD = ("round", "simulated")
TIE = ("layer", "sender", "receiver")
END = ("says", "channels", "in_writing", "hours")
EXCHANGE = (*HEAD, *TIE, "state", "hours", "in_writing", "differ_on", "needed", "within_hours",
            *(f"sender_{one}" for one in END), *(f"receiver_{one}" for one in END))  # fmt: skip
ORIGIN = ("assessor", "assessed_on", "received_at", "receipt")
STATEMENTS = (*HEAD, *TIE, "said_by", "exists", "channels", "in_writing", "hours", "comment", *ORIGIN, "counts")
NEEDS = (*HEAD, *TIE, "within_hours", "state", "hours", "basis", "note", "source", "verify")
ROLES = (*HEAD, "function", "institution", "role", "pack_role", "basis", "other_text", "territories", "since",
         "comment", *ORIGIN)  # fmt: skip
PROFILE = (*HEAD, "component", "value", "lowest", "highest", "meaning")
KINDS = {"exchange": EXCHANGE, "statements": STATEMENTS, "needs": NEEDS, "roles": ROLES, "profile": PROFILE}
"""The tables of a round, and their columns."""
Table = Iterator[tuple[object, ...]]
DIGITS = 4


def export(*, row: Round, what: str, form: str, actor: Actor, now: datetime) -> Released:
    """One of KINDS as csv or xlsx. Raises Refused as the gate does. KeyError: none of them."""
    parcel = Parcel(
        kind="table",
        title=f"{row.code} {what}",
        form=form,
        rows=(Row(values=one, own_count=True) for one in table(row, what)),
        header=KINDS[what],
        question={"round": row.code, "what": what},
    )
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)


def export_mandates(*, day: date, form: str, actor: Actor, now: datetime) -> Released:
    """The mandates of the pack that had begun by a day. Nothing is counted in them."""
    parcel = Parcel(
        kind="table",
        title=f"Mandates {day.isoformat()}",
        form=form,
        rows=(Row(values=one) for one in mandates(day)),
        header=MANDATES,
        question={"day": day.isoformat()},
        counts=False,
    )
    return release(parcel=parcel, audience=Audience.AMBER, actor=actor, now=now)


def mandates(day: date) -> Table:
    """The rows of MANDATES, by function and institution."""
    begun = MandateRow.objects.filter(retired_at=None).exclude(valid_start__gt=day)
    rows = begun.select_related("function", "institution", "territory")
    for one in rows.order_by("function__code", "institution__code", "key"):
        yield (
            one.function.code, str(one.function), one.institution.code, str(one.institution), one.role,
            one.territory.code if one.territory else "", one.basis, one.valid_start, one.valid_end,
            within((one.valid_start, one.valid_end), day), one.note, one.source, one.verify,
        )  # fmt: skip


def table(row: Round, what: str) -> Table:
    """The rows of one of KINDS, their columns in its order."""
    made: dict[str, Callable[[Round], Table]] = {
        "exchange": _exchange, "statements": _statements, "needs": _needs, "roles": _roles, "profile": _profile,
    }  # fmt: skip
    return ((row.code, row.simulated, *one) for one in made[what](row))


def _exchange(row: Round) -> Table:
    heard = mapping.exchange(row)
    needed = {(one.layer, one.sender, one.receiver): one for one in heard.needs}
    for tie in heard.ties:
        need = needed.get((tie.layer, *tie.arc))
        yield (
            tie.layer, *tie.arc, tie.state, tie.hours, tie.formal, " ".join(tie.differs), need is not None,
            need.hours if need else None, *_end(tie.by_sender), *_end(tie.by_receiver),
        )  # fmt: skip


def _end(said: Statement | None) -> Sequence[object]:
    if said is None:
        return "", "", None, None
    return "yes" if said.exists else "no", " ".join(said.channels), said.formal, said.hours


def _statements(row: Round) -> Table:
    """Every answer of every end: counted, replaced by its own institution, or of one that is asked no more."""
    heard = mapping.exchange(row)
    for counts, group in ((True, heard.said), (False, heard.replaced), (False, heard.outside)):
        for one in group:
            said = one.statement
            yield (
                said.layer, said.sender, said.receiver, said.by, *_end(said), one.comment, *_origin(one.origin), counts,
            )  # fmt: skip


def _origin(one: mapping.Origin) -> Sequence[object]:
    return one.assessor, one.assessed_on, one.received_at, one.receipt


def _needs(row: Round) -> Table:
    heard = mapping.exchange(row)
    rows = ExchangeNeed.objects.filter(retired_at=None).select_related("layer", "sender", "receiver")
    known = {(one.layer.code, one.sender.code, one.receiver.code): one for one in rows}
    for flow in compare(heard.needs, heard.ties, heard.institutions):
        need = flow.need
        held = known[need.layer, need.sender, need.receiver]
        yield (
            need.layer, need.sender, need.receiver, need.hours, flow.state, flow.hours, held.basis, held.note,
            held.source, held.verify,
        )  # fmt: skip


def _roles(row: Round) -> Table:
    """What institutions say of their roles, beside those that the pack gives them on the last day of the round."""
    _register, held = mapping.mandates_on(row.period_end)
    of_pack: dict[tuple[str, str], list[str]] = {}
    for one in held:
        if within((one.first, one.last), row.period_end):
            of_pack.setdefault((one.function, one.institution), []).append(one.role)
    for each in mapping.claims(row):
        claim, origin = each.claim, each.origin
        yield (
            claim.function, origin.institution, claim.role,
            " ".join(of_pack.get((claim.function, origin.institution), ())), claim.basis, claim.text,
            " ".join(claim.territories), claim.since, claim.comment, *_origin(origin),
        )  # fmt: skip


def _profile(row: Round) -> Table:
    """The components; the sentence is in the language of whoever asks."""
    names = matrices.names()
    for one in profile(mapping.situation(row)).components:
        ends = (None if end is None else round(end, DIGITS) for end in (one.value, one.lowest, one.highest))
        yield one.code, *ends, matrices.say(one.figure, names)
