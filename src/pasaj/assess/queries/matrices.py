"""What the pages of institutional mapping show: names, sentences, matrices, measures, and what would help most."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from pasaj.assess.queries import mapping
from pasaj.core.mapping import answers, drawing, flows, graph, grids, mandates, network, routes, silences, whatif
from pasaj.core.mapping.exchange import ENDS, Need, Tie, arcs, confirmation, formalisation
from pasaj.core.mapping.flows import Flow
from pasaj.core.mapping.meanings import MEANINGS, Figure
from pasaj.core.mapping.profile import Component, Profile, Situation, profile
from pasaj.core.problems import fill
from pasaj.registry.models import Area, ExchangeLayer, Function, Institution, Instrument

ROLES: dict[str, Any] = {
    "lead": pgettext_lazy("role in a function", "lead"),
    "support": pgettext_lazy("role in a function", "support"),
    "consulted": pgettext_lazy("role in a function", "consulted"),
    "informed": pgettext_lazy("role in a function", "informed"),
}
DAY = 24 * 3600
NO_BASIS = "no_basis"


# --- Names and sentences -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called in the reader's language."""

    functions: Mapping[str, str]
    institutions: Mapping[str, str]
    territories: Mapping[str, str]
    layers: Mapping[str, str]
    texts: Mapping[str, str]


def names() -> Names:
    """Everything by its code, what the pack no longer has included. Costs five queries."""
    functions, institutions, territories, layers, texts = (
        {row.code: str(row) for row in model.objects.all()}
        for model in (Function, Institution, Area, ExchangeLayer, Instrument)
    )
    return Names(functions, institutions, {"": _("the whole country"), **territories}, layers, texts)


def say(figure: Figure, known: Names) -> str:
    """What a measure means, in the reader's language. Institutions and texts keep their codes."""
    return fill(_(MEANINGS[figure.meaning]), {key: _spoken(key, value, known) for key, value in figure.values.items()})


def _spoken(key: str, value: object, known: Names) -> object:
    shelves = {"function": known.functions, "territory": known.territories, "layer": known.layers, "role": ROLES}
    if key in shelves:
        return shelves[key].get(str(value), value)
    if isinstance(value, tuple):
        return ", ".join(str(ROLES.get(one, one)) for one in value)
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, float):
        return formats.number_format(int(value) if value.is_integer() else round(value, 1))
    return value


# --- Mandates ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mandates:
    """The mandate matrix on a day, of one territory or of all, and what it leaves open there."""

    grid: grids.MandateGrid
    review: mandates.Review
    gaps: tuple[mandates.Gap, ...]
    overlaps: tuple[mandates.Overlap, ...]
    conflicts: tuple[mandates.Conflict, ...]
    lapses: tuple[mandates.Lapse, ...]
    territories: tuple[str, ...]  # those that any mandate or function names

    @property
    def shares(self) -> tuple[Figure, ...]:
        return self.review.gap_share, self.review.overlap_share

    @property
    def lapsed(self) -> tuple[mandates.Lapse, ...]:
        """Mandates that ended, or whose text does not carry them."""
        return tuple(one for one in self.lapses if one.kind != NO_BASIS)

    @property
    def unwritten(self) -> tuple[mandates.Lapse, ...]:
        """Mandates of which nobody named a text."""
        return tuple(one for one in self.lapses if one.kind == NO_BASIS)

    def of_institution(self, code: str) -> list[grids.Role]:
        return [cell for row in self.grid.rows for cell in row.cells if cell and cell.institution == code]

    def of_function(self, code: str) -> list[grids.Role]:
        return [cell for row in self.grid.rows if row.function == code for cell in row.cells if cell]

    def about(self, function: str, institution: str) -> list[Figure]:
        """The sentences that concern one cell."""
        gaps = [one for gap in self.gaps if gap.function == function for one in gap.figures()]
        overlaps = [
            one.figure() for one in self.overlaps if one.function == function and institution in one.institutions
        ]
        key = (function, institution)
        conflicts = [one.figure() for one in self.conflicts if (one.function, one.institution) == key]
        lapses = [one.figure() for one in self.lapses if (one.mandate.function, one.mandate.institution) == key]
        return [*gaps, *overlaps, *conflicts, *lapses]


def mandate_matrix(
    register: mandates.Register, held: Sequence[mandates.Mandate], on: date, territory: str = ""
) -> Mandates:
    """territory: only what holds there, in all or in a part of it; empty: everywhere. Shares are of the country."""
    review, meets = mandates.review(held, register, on), mandates.reach(register, territory)
    there = [one for one in held if meets(one.territory)]
    named = {one.territory for one in held} | {one for places in register.functions.values() for one in places}
    return Mandates(
        grid=grids.mandate_grid(there, register.functions, register.institutions, on),
        review=review,
        gaps=tuple(one for one in review.gaps if meets(one.territory)),
        overlaps=tuple(one for one in review.overlaps if meets(one.territory)),
        conflicts=tuple(one for one in review.conflicts if meets(one.territory)),
        lapses=tuple(one for one in review.lapses if meets(one.mandate.territory)),
        territories=tuple(sorted(named - {""})),
    )


def when(first: date | None, last: date | None, on: date) -> str:
    """`now`, `before` or `after`: where a day lies beside a mandate."""
    if last is not None and last < on:
        return "before"
    return "after" if first is not None and on < first else "now"


@dataclass(frozen=True, slots=True)
class Claim:
    """What an institution says of its role in a function, beside the pack. state: same, other, new, denied."""

    claimed: mapping.Claimed
    roles: tuple[str, ...]
    state: str


def claims(claimed: Iterable[mapping.Claimed], held: Iterable[mandates.Mandate], on: date) -> list[Claim]:
    """Each claim beside the roles that the pack gives on a day, those that differ first."""
    pack: dict[tuple[str, str], dict[str, None]] = {}
    for one in held:
        if mandates.within((one.first, one.last), on):
            pack.setdefault((one.function, one.institution), {})[one.role] = None
    found = []
    for said in claimed:
        roles = tuple(sorted(pack.get((said.claim.function, said.origin.institution), ()), key=mandates.ROLES.index))
        found.append(Claim(said, roles, _beside(said.claim.role, roles)))
    return sorted(found, key=lambda one: one.state == "same")


def _beside(role: str, roles: Sequence[str]) -> str:
    if role == answers.NO_ROLE:
        return "denied" if roles else "same"
    if not roles:
        return "new"
    return "same" if role in roles else "other"


# --- Exchange ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exchange:
    """The exchange matrix of one layer or of all, what is needed beside it, and what is exchanged unasked."""

    grid: grids.ExchangeGrid
    flows: tuple[Flow, ...]
    unneeded: tuple[Tie, ...]
    ties: tuple[Tie, ...]
    figures: tuple[Figure, ...]

    @property
    def wanting(self) -> tuple[Flow, ...]:
        """Needs that fail or of which it is not known, the failing ones first."""
        return tuple(one for one in self.flows if one.state != "met")

    @property
    def met(self) -> tuple[Flow, ...]:
        return tuple(one for one in self.flows if one.state == "met")


def exchange_matrix(situation: Situation, layer: str = "", institution: str = "") -> Exchange:
    """institution: only what it sends or receives."""

    def wanted(one_layer: str, *ends: str) -> bool:
        return layer in ("", one_layer) and institution in ("", *ends)

    ties = tuple(one for one in situation.ties if wanted(one.layer, *one.arc))
    needs = [one for one in situation.needs if wanted(one.layer, one.sender, one.receiver)]
    compared = flows.compare(needs, ties, situation.institutions)
    return Exchange(
        grid=grids.exchange_grid(ties, situation.institutions),
        flows=tuple(sorted(compared, key=lambda one: flows.FLOW_STATES.index(one.state))),
        unneeded=flows.unneeded(needs, ties),
        ties=ties,
        figures=(flows.gap(compared), confirmation(ties), formalisation(ties)),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One layer between two institutions: the tie, the need if there is one, and the word of each end."""

    tie: Tie
    need: Need | None
    flow: Flow | None
    ends: tuple[tuple[str, mapping.Said | None], ...]  # the institution, and what it said
    replaced: tuple[mapping.Said, ...]


def between(heard: mapping.Exchange, sender: str, receiver: str) -> list[Line]:
    """Layer by layer what is known of one direction between two institutions."""
    arc = (sender, receiver)
    needs = {one.layer: one for one in heard.needs if (one.sender, one.receiver) == arc}
    words = {(one.statement.layer, one.statement.by): one for one in heard.said if _arc(one) == arc}
    found = []
    for tie in heard.ties:
        if tie.arc == arc:
            need = needs.get(tie.layer)
            flow = flows.compare([need], [tie], heard.institutions)[0] if need else None
            ends = tuple((who, words.get((tie.layer, by))) for who, by in zip(arc, ENDS, strict=True))
            before = tuple(one for one in heard.replaced if _arc(one) == arc and one.statement.layer == tie.layer)
            found.append(Line(tie, need, flow, ends, before))
    return found


def _arc(said: mapping.Said) -> tuple[str, str]:
    return said.statement.sender, said.statement.receiver


def silent(situation: Situation) -> bool:
    """Whether nobody has said anything of exchange: what its shares say then is only what is not known."""
    return not any(one.by_sender or one.by_receiver for one in situation.ties)


@dataclass(frozen=True, slots=True)
class Spoke:
    """Which institutions answered: the whole list, a part of it, nothing."""

    whole: tuple[str, ...]
    part: tuple[str, ...]
    nothing: tuple[str, ...]


def spoke(heard: mapping.Exchange) -> Spoke:
    some = {one.origin.institution for one in heard.said}
    return Spoke(
        whole=tuple(one for one in heard.institutions if one in heard.complete),
        part=tuple(one for one in heard.institutions if one in some - heard.complete),
        nothing=tuple(one for one in heard.institutions if one not in some | heard.complete),
    )


# --- Network -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """One institution in the network: whom it tells and hears, and what its silence costs."""

    institution: str
    tells: int
    hears: int
    between: float
    silence: silences.Silence


@dataclass(frozen=True, slots=True)
class Shape:
    """The network of confirmed exchange as it is measured, and everything that is drawn."""

    measures: network.Network
    dependence: Figure
    standings: tuple[Standing, ...]
    routes: tuple[routes.Route, ...]
    links: tuple[drawing.Link, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (*self.measures.figures, self.dependence)

    @property
    def losses(self) -> tuple[Standing, ...]:
        """Those whose silence costs others something."""
        return tuple(one for one in self.standings if one.silence.figures())


def shape(situation: Situation, layer: str = "") -> Shape:
    """Measures over all institutions that are asked, as the profile has them."""
    ties = tuple(one for one in situation.ties if layer in ("", one.layer))
    nodes, target = tuple(situation.institutions), situation.target
    built = graph.build(nodes, arcs(ties))
    measured, silent = network.measure(built), silences.silences(built, target)
    ways = routes.routes(nodes, routes.delays(ties), situation.sources, target) if target else ()
    standings = tuple(
        Standing(one, measured.outdegree[at], measured.indegree[at], measured.betweenness[at], silent[at])
        for at, one in enumerate(nodes)
    )
    return Shape(measured, silences.dependence(silent), standings, ways, drawing.links(ties))


# --- What if -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Better:
    """A plan with the profiles before and after it, and the drawing's links with those it would add."""

    plan: whatif.Plan
    before: Profile
    after: Profile
    links: tuple[drawing.Link, ...]
    institutions: tuple[str, ...]

    @property
    def lines(self) -> list[tuple[Component, Component]]:
        """Each component before and after."""
        return list(zip(self.before.components, self.after.components, strict=True))


def better(situation: Situation, count: int) -> Better | None:
    """Which changes help most; None where no component is known.

    Worked out once a situation: with 100 candidates it takes seconds.
    """
    before = profile(situation)
    if not before.known:
        return None
    key = f"whatif:{count}:{fingerprint(situation)}"
    plan = cache.get(key)
    if plan is None:
        plan = _plan(situation, count)
        cache.set(key, plan, 7 * DAY)
    made = whatif.applied(situation, plan.changes)
    planned = {(one.sender, one.receiver) for one in plan.changes if one.kind == "link"}
    links = [
        drawing.Link(one.sender, one.receiver, "planned") if (one.sender, one.receiver) in planned else one
        for one in drawing.links(made.ties)
    ]
    return Better(plan, before, profile(made), tuple(links), tuple(situation.institutions))


def _plan(situation: Situation, count: int, seed: int = 1) -> whatif.Plan:
    import numpy as np  # noqa: PLC0415 - heavy

    return whatif.best(situation, count, rng=np.random.default_rng(seed))


def fingerprint(situation: Situation) -> str:
    """What a situation says; plain values all the way down, so that equal ones are written alike."""
    return hashlib.sha256(repr(situation).encode()).hexdigest()
