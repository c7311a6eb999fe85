"""Needs minus exchange: of what should be told, what is told, and in time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pasaj.core.mapping.exchange import DISPUTED, HALF, Need, Tie, wanted
from pasaj.core.mapping.meanings import Figure, share

FLOW_STATES = ("met", "late", "disputed", "missing", "speed_unknown", "unconfirmed", "unanswered")
FAILING = ("late", "disputed", "missing")
OPEN = ("speed_unknown", "unconfirmed", "unanswered")


@dataclass(frozen=True, slots=True)
class Flow:
    """A need and what came of it.

    met: both ends confirm it, in time where a limit is set. late: confirmed, slower than the limit.
    disputed: one end says yes, the other no. missing: an end says no and none says yes. Open are
    speed_unknown (confirmed, nobody said how fast), unconfirmed (one end says yes, the other has not
    answered) and unanswered (neither has). hours: how fast it is, as `Tie.hours`.
    """

    need: Need
    state: str
    hours: float | None


def compare(needs: Iterable[Need], known: Iterable[Tie], institutions: Sequence[str]) -> tuple[Flow, ...]:
    """Each need against the tie of its layer, sender and receiver; a need without a tie is unanswered.

    In the order of `wanted`, and refused as there.
    """
    by_key = {(one.layer, *one.arc): one for one in known}
    found = []
    for need in wanted(needs, institutions):
        tie = by_key.get((need.layer, need.sender, need.receiver), Tie(need.layer, need.sender, need.receiver))
        found.append(Flow(need, _state(need, tie), tie.hours))
    return tuple(found)


def _state(need: Need, tie: Tie) -> str:
    if tie.state == "confirmed":
        if need.hours is None:
            return "met"
        if tie.hours is None:
            return "speed_unknown"
        return "met" if tie.hours <= need.hours else "late"
    for state, members in (("disputed", DISPUTED), ("unconfirmed", HALF), ("missing", ("absent", "denied"))):
        if tie.state in members:
            return state
    return "unanswered"


def gap(flows: Sequence[Flow]) -> Figure:
    """Failing needs as a share of those of which it is known; bounds: the open ones all met, or all failing."""
    failing = sum(one.state in FAILING for one in flows)
    unknown, whole = sum(one.state in OPEN for one in flows), len(flows)
    values = {"part": failing, "whole": whole - unknown, "open": unknown}
    value = share(failing, whole - unknown)
    meaning = "no_flows" if value is None else "flows"
    return Figure("flows", value, meaning, values, share(failing, whole), share(failing + unknown, whole))


def unneeded(needs: Iterable[Need], known: Iterable[Tie]) -> tuple[Tie, ...]:
    """What is exchanged (both ends say so) though nobody listed it as needed: no fault, but worth a look."""
    listed = {(one.layer, one.sender, one.receiver) for one in needs}
    return tuple(one for one in known if one.state == "confirmed" and (one.layer, *one.arc) not in listed)
