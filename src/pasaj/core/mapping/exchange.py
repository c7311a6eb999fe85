"""Who exchanges what with whom, as both ends report it.

The disagreement of the two ends is itself a finding, and an end that has not answered is not one that said no.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pasaj.core.mapping.graph import Arc, checked, positions
from pasaj.core.mapping.meanings import Figure, share
from pasaj.core.problems import Refused, problem

ENDS = ("sender", "receiver")
STATES = (
    "confirmed",
    "not_received",
    "not_sent",
    "only_sender",
    "only_receiver",
    "absent",
    "denied",
    "unanswered",
)
"""What the two ends say of a tie, see `Tie.state`."""
DISPUTED = ("not_received", "not_sent")
HALF = ("only_sender", "only_receiver")
RULES = ("confirmed", "possible", "claimed")
"""Which ties count as exchange: those both ends confirm; those too that open answers could still confirm; or
those that at least one end claims, the disputed ones included."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one end says of one exchange.

    layer: what is exchanged. by: sender or receiver. formal: rests on something in writing; None: not said.
    hours: how long it takes from knowing to telling; None: not said.
    """

    layer: str
    sender: str
    receiver: str
    by: str
    exists: bool
    channels: tuple[str, ...] = ()
    formal: bool | None = None
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """Who should tell whom what, within how many hours (None: no limit is set)."""

    layer: str
    sender: str
    receiver: str
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """One exchange and what its two ends say of it; None: that end has not answered."""

    layer: str
    sender: str
    receiver: str
    by_sender: Statement | None = None
    by_receiver: Statement | None = None

    @property
    def arc(self) -> Arc:
        return self.sender, self.receiver

    @property
    def state(self) -> str:
        """confirmed: both say yes. not_received, not_sent: sender or receiver alone says yes, the other no.

        only_sender, only_receiver: that end says yes, the other has not answered. absent: both say no.
        denied: one says no, the other has not answered. unanswered: neither has.
        """
        ends = (self.by_sender, self.by_receiver)
        yes = [one is not None and one.exists for one in ends]
        if None not in ends:
            return {(True, True): "confirmed", (True, False): "not_received", (False, True): "not_sent"}.get(
                (yes[0], yes[1]), "absent"
            )
        if any(yes):
            return "only_sender" if yes[0] else "only_receiver"
        return "unanswered" if ends == (None, None) else "denied"

    @property
    def claims(self) -> tuple[Statement, ...]:
        """The ends that say yes."""
        return tuple(one for one in (self.by_sender, self.by_receiver) if one is not None and one.exists)

    @property
    def hours(self) -> float | None:
        """The slower of what the claiming ends say; None when neither says how fast."""
        return max((one.hours for one in self.claims if one.hours is not None), default=None)

    @property
    def formal(self) -> bool | None:
        """What the claiming ends say of it, None when none says so or they contradict each other."""
        said = {one.formal for one in self.claims if one.formal is not None}
        return said.pop() if len(said) == 1 else None

    @property
    def differs(self) -> tuple[str, ...]:
        """On what two ends that confirm an exchange disagree: channels (none in common), formal, hours."""
        if len(self.claims) < 2:
            return ()
        one, other = self.claims
        apart = {
            "channels": bool(one.channels and other.channels) and not set(one.channels) & set(other.channels),
            "formal": None not in (one.formal, other.formal) and one.formal != other.formal,
            "hours": None not in (one.hours, other.hours) and one.hours != other.hours,
        }
        return tuple(name for name, found in apart.items() if found)

    def counts(self, rule: str) -> bool:
        """Whether it is exchange by one of RULES."""
        if rule == "claimed":
            return bool(self.claims)
        return self.state == "confirmed" or (rule == "possible" and self.state in (*HALF, "unanswered"))


def ties(
    statements: Iterable[Statement],
    institutions: Sequence[str],
    *,
    needs: Iterable[Need] = (),
    respondents: Iterable[str] = (),
) -> tuple[Tie, ...]:
    """Both ends brought together, by layer, sender and receiver in the order of `institutions`.

    Every exchange that somebody spoke of or that is needed gets a tie. respondents: institutions that went
    through the whole list, so that what they did not name is a no. Raises Refused: MAPPING-001 and 002 for
    institutions, 003 for one that tells itself, 010 for an end that is neither sender nor receiver, 011 for
    hours that are no delay, 012 for an end that speaks twice of one exchange, 013 for a need given twice.
    """
    places = positions(institutions)
    full = set(respondents)
    checked(places, *sorted(full))
    said: dict[tuple[str, str, str], dict[str, Statement]] = {}
    for need in wanted(needs, institutions):
        said[need.layer, need.sender, need.receiver] = {}
    for one in statements:
        _check(one, places)
        ends = said.setdefault((one.layer, one.sender, one.receiver), {})
        if one.by in ends:
            raise Refused(problem("MAPPING-012", layer=one.layer, sender=one.sender, receiver=one.receiver))
        ends[one.by] = one
    found = []
    for layer, sender, receiver in sorted(said, key=lambda key: (key[0], places[key[1]], places[key[2]])):
        ends = said[layer, sender, receiver]
        for by, who in zip(ENDS, (sender, receiver), strict=True):
            if who in full and by not in ends:
                ends[by] = Statement(layer, sender, receiver, by, exists=False)
        found.append(Tie(layer, sender, receiver, ends.get("sender"), ends.get("receiver")))
    return tuple(found)


def wanted(needs: Iterable[Need], institutions: Sequence[str]) -> tuple[Need, ...]:
    """The needs, checked, by layer, sender and receiver in the order of `institutions`. Refuses as `ties` does."""
    places = positions(institutions)
    found: dict[tuple[str, int, int], Need] = {}
    for one in needs:
        _check_arc(one, places)
        key = (one.layer, places[one.sender], places[one.receiver])
        if key in found:
            raise Refused(problem("MAPPING-013", layer=one.layer, sender=one.sender, receiver=one.receiver))
        found[key] = one
    return tuple(found[key] for key in sorted(found))


def _check(one: Statement, places: dict[str, int]) -> None:
    if one.by not in ENDS:
        raise Refused(problem("MAPPING-010", value=one.by, allowed=", ".join(ENDS)))
    _check_arc(one, places)


def _check_arc(one: Statement | Need, places: dict[str, int]) -> None:
    checked(places, one.sender, one.receiver)
    if one.sender == one.receiver:
        raise Refused(problem("MAPPING-003", value=one.sender))
    if one.hours is not None and not (math.isfinite(one.hours) and one.hours >= 0):
        raise Refused(problem("MAPPING-011", value=one.hours, sender=one.sender, receiver=one.receiver))


def arcs(known: Iterable[Tie], rule: str = "confirmed") -> tuple[Arc, ...]:
    """Who tells whom anything, by one of RULES: all layers laid over each other, each pair once."""
    return tuple(dict.fromkeys(one.arc for one in known if one.counts(rule)))


def confirmation(known: Iterable[Tie]) -> Figure:
    """Confirmed exchanges as a share of those of which both ends spoke and at least one said yes.

    The bounds are what the share could become by the answers still missing: those who have not answered all
    deny (lowest) or all confirm (highest).
    """
    number = _numbers(known)
    yes, no = number["confirmed"], sum(number[one] for one in DISPUTED)
    half = sum(number[one] for one in HALF)
    nothing = number["unanswered"]
    values = {"part": yes, "whole": yes + no, "open": half + number["denied"] + nothing}
    value = share(yes, yes + no)
    low = share(yes, yes + no + half + number["denied"] + nothing)
    high = share(yes + half + nothing, yes + no + half + nothing)
    if high is None and low is not None:
        high = 0.0  # all there is was denied by one end: the other can only contradict it
    return Figure("confirmation", value, "no_confirmation" if value is None else "confirmation", values, low, high)


def formalisation(known: Iterable[Tie]) -> Figure:
    """Confirmed exchanges that rest on something in writing, as a share of those of which it is known.

    A confirmed exchange of which the ends contradict each other on that counts as not known; the bounds take
    all of those as no (lowest) or as yes (highest).
    """
    confirmed = [one.formal for one in known if one.state == "confirmed"]
    yes, no = confirmed.count(True), confirmed.count(False)
    values = {"part": yes, "whole": yes + no, "open": confirmed.count(None)}
    value, whole = share(yes, yes + no), len(confirmed)
    meaning = "no_formalisation" if value is None else "formalisation"
    return Figure("formalisation", value, meaning, values, share(yes, whole), share(whole - no, whole))


def disputes(known: Iterable[Tie]) -> tuple[Tie, ...]:
    """The exchanges on whose existence the two ends contradict each other, in their order."""
    return tuple(one for one in known if one.state in DISPUTED)


def _numbers(known: Iterable[Tie]) -> dict[str, int]:
    number = dict.fromkeys(STATES, 0)
    for one in known:
        number[one.state] += 1
    return number
