"""Both matrices as rows and cells, for pages and paper: who has which role in what, and who tells whom what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pasaj.core.mapping.exchange import STATES, Tie
from pasaj.core.mapping.mandates import ROLES, Mandate, within

WEIGHTS = (
    "confirmed",
    "not_received",
    "not_sent",
    "only_sender",
    "only_receiver",
    "denied",
    "absent",
    "unanswered",
)
"""What a cell of several layers shows: the first of these that any of them is in."""


@dataclass(frozen=True, slots=True)
class Role:
    """A cell of the mandate matrix: what an institution does in a function on a day.

    roles: each once, in the order of ROLES. mandates: all in force, the strongest role first. everywhere: one of
    them holds in the whole country. verify: none of them is checked.
    """

    function: str
    institution: str
    roles: tuple[str, ...]
    mandates: tuple[Mandate, ...]
    everywhere: bool
    verify: bool


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A function and its cells, one an institution; None: no role in force."""

    function: str
    cells: tuple[Role | None, ...]


@dataclass(frozen=True, slots=True)
class MandateGrid:
    """institutions: the columns, those with a role on that day, in their order."""

    institutions: tuple[str, ...]
    rows: tuple[MandateRow, ...]


def mandate_grid(
    mandates: Iterable[Mandate], functions: Iterable[str], institutions: Iterable[str], on: date
) -> MandateGrid:
    """Function x institution on a day.

    A function in which nobody has a role keeps its row; an institution without any role has no column.
    """
    held: dict[tuple[str, str], list[Mandate]] = {}
    for one in mandates:
        if within((one.first, one.last), on):
            held.setdefault((one.function, one.institution), []).append(one)
    busy = {institution for _function, institution in held}
    columns = tuple(one for one in institutions if one in busy)
    rows = tuple(
        MandateRow(function, tuple(_role(function, one, held.get((function, one), ())) for one in columns))
        for function in functions
    )
    return MandateGrid(columns, rows)


def _role(function: str, institution: str, mandates: Sequence[Mandate]) -> Role | None:
    if not mandates:
        return None
    ordered = tuple(sorted(mandates, key=lambda one: (ROLES.index(one.role), one.territory, one.basis)))
    return Role(
        function=function,
        institution=institution,
        roles=tuple(dict.fromkeys(one.role for one in ordered)),
        mandates=ordered,
        everywhere=any(not one.territory for one in ordered),
        verify=all(one.verify for one in ordered),
    )


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A cell of the exchange matrix. state: of the layer that counts most (WEIGHTS); layers: how many there are.

    same: all layers are in that state. differs: ends that confirm an exchange disagree on how it is done.
    """

    sender: str
    receiver: str
    state: str
    layers: int
    same: bool
    differs: bool
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """A sender and its cells, one a receiver; None: nobody spoke of it and it is not needed."""

    sender: str
    cells: tuple[Exchanged | None, ...]


@dataclass(frozen=True, slots=True)
class ExchangeGrid:
    """senders, receivers: rows and columns, those of whom anything is known or needed, in their order."""

    senders: tuple[str, ...]
    receivers: tuple[str, ...]
    rows: tuple[ExchangeRow, ...]
    counts: dict[str, int]
    """Exchanges (not cells) by state, all STATES."""


def exchange_grid(ties: Iterable[Tie], institutions: Iterable[str], layer: str = "") -> ExchangeGrid:
    """Sender x receiver, of one layer or (layer empty) of all laid over each other."""
    found: dict[tuple[str, str], list[Tie]] = {}
    counts = dict.fromkeys(STATES, 0)
    for tie in ties:
        if layer in ("", tie.layer):
            found.setdefault(tie.arc, []).append(tie)
            counts[tie.state] += 1
    order = tuple(institutions)
    senders = tuple(one for one in order if any(one == sender for sender, _receiver in found))
    receivers = tuple(one for one in order if any(one == receiver for _sender, receiver in found))
    rows = tuple(
        ExchangeRow(one, tuple(_exchanged(one, other, found.get((one, other), ())) for other in receivers))
        for one in senders
    )
    return ExchangeGrid(senders, receivers, rows, counts)


def _exchanged(sender: str, receiver: str, ties: Sequence[Tie]) -> Exchanged | None:
    if not ties:
        return None
    states = [one.state for one in ties]
    state = min(states, key=WEIGHTS.index)
    return Exchanged(
        sender=sender,
        receiver=receiver,
        state=state,
        layers=len(ties),
        same=len(set(states)) == 1,
        differs=any(one.differs for one in ties),
        ties=tuple(ties),
    )
