"""What institutions say of each other in a simulated round: `[round.mapping]` of demo.toml.

Who really tells whom is drawn first; then both ends say what they know of it, and now and then they differ. The same
for the same seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pasaj.assess.models import Round
from pasaj.assess.queries import mapping as queries
from pasaj.core.mapping.answers import CHANNELS, NO_ROLE
from pasaj.core.mapping.exchange import Need
from pasaj.core.mapping.mandates import Mandate
from pasaj.core.rounds import mapping as forms
from pasaj.site.demo.filling import Turns
from pasaj.site.demo.surveys import Heard

WRITTEN = ("yes", "no", "unknown")
OFTEN = (5, 6, 3, 2, 2, 1)  # how often each of CHANNELS
USUAL = 12.0  # hours where no limit is set
SPREAD = 0.7  # of the logarithm of hours
UNAWARE, BOASTS = 0.15, 0.1  # one end does not know of an exchange; one says there is one and there is none
OTHERS_DIFFER = 1.5  # how the receiver remembers the hours, at most that many times
UPGRADES = 0.12  # an institution that supports says that it leads
DENIES = 0.06  # an institution does not see itself in a role that the pack gives it


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form that an institution filled: which of the two, on which day."""

    institution: str
    sort: str
    day: date
    answers: Mapping[str, str]
    turns: Turns


@dataclass(frozen=True, slots=True)
class _Real:
    """An exchange that takes place."""

    need: Need
    hours: float
    channels: str
    written: str


def planned(row: Round, wanted: Heard, first: date, last: date) -> Iterator[Sheet]:
    """The forms in the order of the institutions. Some institutions do not answer."""
    chance = random.Random(wanted.seed)  # noqa: S311 - a simulation
    asked = queries.institutions_of(row)
    real = _real(queries.needs_of(row), asked, wanted, chance)
    _register, mandates = queries.mandates_on(row.period_end)
    functions = forms.names_of([forms.Named(one.code, one.names) for one in queries.functions()])
    for one in asked:
        day = first + timedelta(days=chance.randrange(max(1, (last - first).days)))
        head = {"date": day.isoformat(), "unit": one}
        turns = list(_turns(one, real, asked, chance))
        whole = "yes" if chance.random() < wanted.complete else "no"
        answers = {**head, "any": "yes" if turns else "no", "complete": whole}
        roles = _roles(one, mandates, functions, wanted, chance)
        if chance.random() < wanted.answering:
            yield Sheet(one, "exchange", day, answers, {"turn": turns} if turns else {})
        if roles and chance.random() < wanted.answering:
            yield Sheet(one, "mandates", day, {**head, **roles}, {})


def _real(needs: Sequence[Need], asked: Sequence[str], wanted: Heard, chance: random.Random) -> list[_Real]:
    """Of what is needed some takes place, and some that nobody listed."""
    unlisted = []
    for _one in range(wanted.unlisted if needs else 0):
        sender, receiver = chance.sample(list(asked), 2)
        unlisted.append(Need(chance.choice(needs).layer, sender, receiver))
    known = {(one.layer, one.sender, one.receiver) for one in needs}
    kept = [one for one in needs if chance.random() < wanted.kept]
    kept += [one for one in dict.fromkeys(unlisted) if (one.layer, one.sender, one.receiver) not in known]
    return [
        _Real(
            need=one,
            hours=round((one.hours or USUAL) * chance.lognormvariate(-0.3, SPREAD), 1),
            channels=chance.choices(CHANNELS, OFTEN)[0],
            written="yes" if chance.random() < wanted.written else "no",
        )
        for one in kept
    ]


def _turns(
    one: str, real: Sequence[_Real], asked: Sequence[str], chance: random.Random
) -> Iterator[dict[str, str]]:  # fmt: skip
    for it in real:
        if one not in (it.need.sender, it.need.receiver) or chance.random() < UNAWARE:
            continue
        sends = one == it.need.sender
        hours = it.hours if sends else round(it.hours * chance.uniform(1, OTHERS_DIFFER), 1)
        channels = it.channels if chance.random() > BOASTS else f"{it.channels} {chance.choice(CHANNELS)}"
        yield {
            "layer": it.need.layer,
            "direction": "send" if sends else "receive",
            "others": it.need.receiver if sends else it.need.sender,
            "exists": "yes",
            "channels": " ".join(dict.fromkeys(channels.split())),
            "written": it.written if chance.random() > BOASTS else chance.choice(WRITTEN),
            "hours": str(hours),
        }
    if chance.random() < BOASTS and real:
        yield from _boast(one, real, asked, chance)


def _boast(one: str, real: Sequence[_Real], asked: Sequence[str], chance: random.Random) -> Iterator[dict[str, str]]:
    """Something it says it sends, of which the other end knows nothing."""
    layer, other = chance.choice(real).need.layer, chance.choice([code for code in asked if code != one])
    there = {(it.need.layer, it.need.sender, it.need.receiver) for it in real}
    if (layer, one, other) not in there:
        yield {"layer": layer, "direction": "send", "others": other, "exists": "yes", "channels": "phone"}


def _roles(
    one: str, mandates: Sequence[Mandate], functions: Mapping[str, str], wanted: Heard, chance: random.Random
) -> dict[str, str]:
    """The roles of the pack, mostly; now and then another, or one that the pack does not give."""
    mine = {it.function: it for it in mandates if it.institution == one and it.last is None}
    led = {it.function for it in mandates if it.role == "lead" and it.last is None}
    if not mine:
        return {}
    found: dict[str, str] = {}
    for code, name in functions.items():
        held = mine.get(code)
        if held is not None and chance.random() > DENIES:
            found[name] = "lead" if held.role == "support" and chance.random() < UPGRADES else held.role
        elif chance.random() < wanted.claims:
            found[name] = "support" if code in led else "lead"
        elif chance.random() < wanted.complete:
            found[name] = NO_ROLE
        if held is not None and held.basis and found.get(name) not in (None, NO_ROLE):
            found[f"{name}_basis"] = held.basis
    return found
