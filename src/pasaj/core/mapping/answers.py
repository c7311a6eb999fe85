"""What institutions answer when they are asked whom they tell what, and which role they have in what.

The answers come as tables of a form (docs/reference/outcomes.md); what cannot be read is refused with its reason.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pasaj.core.mapping.exchange import ENDS, Statement
from pasaj.core.mapping.mandates import ROLES, WHOLE, Mandate
from pasaj.core.problems import Refused, problem

EXCHANGE, COMPLETE, MANDATES = "exchange", "exchange_list", "mandates"
"""Kinds of outcome: one exchange named; whether the list of those named is complete; the roles in all functions."""
DIRECTIONS = {"send": "sender", "receive": "receiver"}
"""Which end of the exchange speaks."""
CHANNELS = ("phone", "message", "email", "paper", "meeting", "system")
WRITTEN = {"yes": True, "no": False, "unknown": None}
YES = {"yes": True, "no": False}
OTHER = "other"
"""A legal text that the pack does not have: what was written beside it says which."""
NO_ROLE = "none"
"""Says that it has no role; a function without an answer says nothing."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one end says of one layer and of one or several other institutions at once."""

    layer: str
    by: str
    others: tuple[str, ...]
    exists: bool
    channels: tuple[str, ...]
    formal: bool | None
    hours: float | None

    def statements(self, institution: str) -> tuple[Statement, ...]:
        """One for each other institution. institution: the end that speaks."""
        found = []
        for other in self.others:
            sender, receiver = (institution, other) if self.by == ENDS[0] else (other, institution)
            found.append(
                Statement(self.layer, sender, receiver, self.by, self.exists, self.channels, self.formal, self.hours)
            )
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Claim:
    """The role that an institution says it has in a function; NO_ROLE: none.

    basis: the code of a text; text: what it wrote instead. territories: empty for the whole country.
    """

    function: str
    role: str
    basis: str = ""
    text: str = ""
    territories: tuple[str, ...] = ()
    since: date | None = None
    comment: str = ""

    def mandates(self, institution: str) -> tuple[Mandate, ...]:
        """As the register has them, one a territory, all to be verified; none for NO_ROLE."""
        if self.role == NO_ROLE:
            return ()
        return tuple(
            Mandate(self.function, institution, self.role, one, self.basis, self.since, None, verify=True)
            for one in self.territories or (WHOLE,)
        )


def told(data: Mapping[str, Any], institution: str, scope: Collection[str], layers: Collection[str]) -> Told:
    """One exchange as a form has it. scope: the institutions that are asked.

    Raises Refused: MAPPING-018 an unknown layer, 019 a word that is not one of the choices, 020 no other institution,
    021 one outside the scope, 003 itself, 011 hours that are no delay.
    """
    layer = _text(data, "layer")
    if layer not in layers:
        raise Refused(problem("MAPPING-018", column="layer", value=layer))
    others = tuple(dict.fromkeys(_text(data, "others").split()))
    if not others:
        raise Refused(problem("MAPPING-020", column="others"))
    for one in others:
        if one == institution:
            raise Refused(problem("MAPPING-003", column="others", value=one))
        if one not in scope:
            raise Refused(problem("MAPPING-021", column="others", value=one))
    by = DIRECTIONS[_choice(data, "direction", DIRECTIONS)]
    exists = YES[_choice(data, "exists", YES, "yes")]
    channels = tuple(dict.fromkeys(_text(data, "channels").split()))
    for one in channels:
        if one not in CHANNELS:
            raise Refused(problem("MAPPING-019", column="channels", value=one, allowed=", ".join(CHANNELS)))
    formal, hours = WRITTEN[_choice(data, "written", WRITTEN, "unknown")], _hours(data, institution, others[0])
    if not exists:
        return Told(layer, by, others, exists=False, channels=(), formal=None, hours=None)
    return Told(layer, by, others, exists=True, channels=channels, formal=formal, hours=hours)


def _hours(data: Mapping[str, Any], one: str, other: str) -> float | None:
    text = _text(data, "hours")
    if not text:
        return None
    try:
        hours = float(text)
    except ValueError:
        hours = -1
    if not math.isfinite(hours) or hours < 0:
        raise Refused(problem("MAPPING-011", column="hours", value=text[:40], sender=one, receiver=other))
    return hours


def complete(data: Mapping[str, Any]) -> bool:
    """Whether the institution says that it named all. Raises Refused MAPPING-019: neither yes nor no."""
    return YES[_choice(data, "complete", YES, "no")]


def claims(
    data: Mapping[str, Any], functions: Collection[str], bases: Collection[str], territories: Collection[str]
) -> tuple[Claim, ...]:
    """The roles an institution says it has, by function in the order of their codes.

    functions, bases, territories: the codes that are known. Raises Refused: MAPPING-005 an unknown function, 004 a role
    that is none, 006 an unknown territory, 022 an unknown text or a day that is none, 023 no role at all.
    """
    tables = {name: _table(data, name) for name in ("roles", "bases", "texts", "territories", "since", "comments")}
    roles = {code: str(role) for code, role in tables["roles"].items()}
    if not roles:
        raise Refused(problem("MAPPING-023", column="roles"))
    found = []
    for code in sorted(roles):
        if code not in functions:
            raise Refused(problem("MAPPING-005", column="roles", value=code))
        if roles[code] not in (*ROLES, NO_ROLE):
            raise Refused(problem("MAPPING-004", column=code, value=roles[code], allowed=", ".join((*ROLES, NO_ROLE))))
        where = tuple(dict.fromkeys(_text(tables["territories"], code).split()))
        for one in where:
            if one not in territories:
                raise Refused(problem("MAPPING-006", column=code, value=one))
        basis = _text(tables["bases"], code)
        basis = "" if basis == OTHER else basis
        if basis and basis not in bases:
            raise Refused(problem("MAPPING-022", column=code, value=basis))
        found.append(
            Claim(
                function=code,
                role=roles[code],
                basis=basis,
                text=_text(tables["texts"], code),
                territories=where,
                since=_day(tables["since"], code),
                comment=_text(tables["comments"], code),
            )
        )
    return tuple(found)


def _day(table: Mapping[str, Any], code: str) -> date | None:
    text = _text(table, code)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise Refused(problem("MAPPING-022", column=code, value=text[:40])) from error


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(data: Mapping[str, Any], key: str) -> str:
    found = data.get(key)
    return "" if found is None else str(found).strip()


def _choice(data: Mapping[str, Any], key: str, allowed: Collection[str], default: str = "") -> str:
    word = _text(data, key) or default
    if word not in allowed:
        raise Refused(problem("MAPPING-019", column=key, value=word[:40], allowed=", ".join(allowed)))
    return word
