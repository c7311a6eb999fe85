"""Who is mandated to do what, where, since when and by which text; what that leaves open on a given day."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pasaj.core.mapping.graph import checked, positions
from pasaj.core.mapping.meanings import Figure, share
from pasaj.core.problems import Refused, problem

ROLES = ("lead", "support", "consulted", "informed")
LAPSES = ("ended", "basis_ended", "basis_not_yet", "basis_unknown", "no_basis")
WHOLE = ""
"""The territory that holds all others."""

Span = tuple[date | None, date | None]
"""First and last day, both included; None: open on that side."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """One institution's role in one function. `verify`: nobody has checked it against its source yet."""

    function: str
    institution: str
    role: str
    territory: str = WHOLE
    basis: str = ""
    first: date | None = None
    last: date | None = None
    verify: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """What mandates are held against.

    functions: where each must be led, by function (`(WHOLE,)` for the whole country). parents: the territory
    above each territory (WHOLE may be left out). bases: when each legal text is in force. parts: territories
    that are nothing but certain others together; those of a territory that is not listed are never taken to
    make it up.
    """

    functions: Mapping[str, Sequence[str]]
    institutions: Sequence[str]
    parents: Mapping[str, str]
    bases: Mapping[str, Span]
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """A function without a lead in a territory (the largest ones without). others: who has another role there.

    former: who led there by a mandate that has ended. partly: who leads in some place inside it.
    """

    function: str
    territory: str
    others: tuple[str, ...]
    former: tuple[str, ...]
    partly: tuple[str, ...] = ()

    def figures(self) -> tuple[Figure, ...]:
        """The gap in sentences, the first says what lacks; none has a value."""
        said = [Figure("gap", None, "gap", {"function": self.function, "territory": self.territory})]
        for code, names in (("gap_partly", self.partly), ("gap_others", self.others), ("gap_former", self.former)):
            if names:
                said.append(Figure(code, None, code, {"names": ", ".join(names)}))
        return tuple(said)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two institutions that lead one function in one territory (the smaller of their two)."""

    function: str
    territory: str
    institutions: tuple[str, str]
    verify: bool

    def figure(self) -> Figure:
        one, other = self.institutions
        values = {"function": self.function, "territory": self.territory, "one": one, "other": other}
        return Figure("overlap", None, "overlap", values)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One institution with two different roles in one function and territory."""

    function: str
    territory: str
    institution: str
    roles: tuple[str, str]
    verify: bool

    def figure(self) -> Figure:
        """Its roles are a tuple of words of ROLES."""
        values = {
            "function": self.function,
            "territory": self.territory,
            "institution": self.institution,
            "roles": self.roles,
        }
        return Figure("conflict", None, "conflict", values)


@dataclass(frozen=True, slots=True)
class Lapse:
    """A mandate that rests on nothing valid; `kind` is one of LAPSES."""

    kind: str
    mandate: Mandate

    def figure(self) -> Figure:
        one, code = self.mandate, f"lapse_{self.kind}"
        values = {
            "function": one.function,
            "institution": one.institution,
            "role": one.role,
            "basis": one.basis,
            "day": one.last,
        }
        return Figure(code, None, code, values)


@dataclass(frozen=True, slots=True)
class Review:
    """What was found on a day, each list in the order of functions, territories and institutions.

    orphans: institutions without any mandate in force. idle: functions in which nobody has any role.
    gap_share, overlap_share: shares of the functions; the bounds say what they are should the mandates that
    are marked to be verified all hold, or all fall.
    """

    on: date
    gaps: tuple[Gap, ...]
    overlaps: tuple[Overlap, ...]
    conflicts: tuple[Conflict, ...]
    orphans: tuple[str, ...]
    idle: tuple[str, ...]
    lapses: tuple[Lapse, ...]
    gap_share: Figure
    overlap_share: Figure


def within(span: Span, on: date) -> bool:
    """Whether a day lies in a span."""
    return (span[0] is None or span[0] <= on) and (span[1] is None or on <= span[1])


def review(mandates: Iterable[Mandate], register: Register, on: date) -> Review:
    """Judge all mandates on one day.

    A mandate is in force by its own days; a lapsed legal text does not end it, it is listed beside it.
    A territory is led when it, one above it, or each of its parts is led. Raises Refused:
    MAPPING-001 and 002 for institutions (unknown, listed twice), 004 an unknown role, 005 an unknown
    function, 006 an unknown territory, 007 a circle of territories, 008 days that run backwards, 009 a
    mandate given twice.
    """
    known = tuple(mandates)
    tree = _Tree(register.parents, register.parts)
    _check(known, register, tree)
    rank = {one: at for at, one in enumerate(register.institutions)}
    order = {one: at for at, one in enumerate(register.functions)}
    known = tuple(
        sorted(known, key=lambda one: (order[one.function], one.territory, rank[one.institution], *_rest(one)))
    )
    valid = [one for one in known if within((one.first, one.last), on)]
    sure = [one for one in valid if not one.verify]
    gaps = _gaps(valid, [one for one in known if one.last is not None and one.last < on], register, tree)
    overlaps = _overlaps(valid, tree)
    held, busy = {one.institution for one in valid}, {one.function for one in valid}
    return Review(
        on=on,
        gaps=gaps,
        overlaps=overlaps,
        conflicts=_conflicts(valid, tree),
        orphans=tuple(one for one in register.institutions if one not in held),
        idle=tuple(one for one in register.functions if one not in busy),
        lapses=_lapses(known, valid, register, tree, on),
        gap_share=_figure("gaps", gaps, gaps, _gaps(sure, [], register, tree), len(order)),
        overlap_share=_figure("overlaps", overlaps, [one for one in overlaps if not one.verify], overlaps, len(order)),
    )


def reach(register: Register, territory: str) -> Callable[[str], bool]:
    """Whether another territory meets this one: the same, one above it, or one inside it.

    Raises Refused: MAPPING-006 for an unknown territory (either), 007 for a circle.
    """
    tree = _Tree(register.parents, register.parts)

    def meets(other: str) -> bool:
        for one in (territory, other):
            if one not in tree:
                raise Refused(problem("MAPPING-006", value=one))
        return tree.common(territory, other) is not None

    return meets


def _figure(
    code: str, found: Iterable[Gap | Overlap], least: Iterable[Gap | Overlap], most: Iterable[Gap | Overlap], whole: int
) -> Figure:
    part, low, high = (len({one.function for one in group}) for group in (found, least, most))
    if not whole:
        return Figure(code, None, "no_functions")
    return Figure(code, part / whole, code, {"part": part, "whole": whole}, share(low, whole), share(high, whole))


def _rest(one: Mandate) -> tuple[object, ...]:
    """What else tells two mandates apart, so that their order never depends on how they came."""
    return ROLES.index(one.role), one.basis, one.first or date.min, one.last or date.max


class _Tree:
    """Territories and what lies above and below them."""

    def __init__(self, parents: Mapping[str, str], parts: Mapping[str, Sequence[str]]) -> None:
        self._above: dict[str, tuple[str, ...]] = {WHOLE: (WHOLE,)}
        for one in sorted(parents):
            self._above[one] = self._climb(one, parents)
        self._parts = parts
        for whole, members in parts.items():
            for one in members:
                if one not in self._above or one == whole or not self.covers(whole, one):
                    raise Refused(problem("MAPPING-017", value=one, whole=whole))

    @staticmethod
    def _climb(start: str, parents: Mapping[str, str]) -> tuple[str, ...]:
        found, at = [start], start
        while at != WHOLE:
            if at not in parents:
                raise Refused(problem("MAPPING-006", value=at))
            at = parents[at]
            if at in found:
                raise Refused(problem("MAPPING-007", value=start))
            found.append(at)
        return tuple(found)

    def __contains__(self, territory: str) -> bool:
        return territory in self._above

    def covers(self, outer: str, inner: str) -> bool:
        return outer in self._above[inner]

    def common(self, one: str, other: str) -> str | None:
        """The smaller of two territories when one lies in the other."""
        if self.covers(one, other):
            return other
        return one if self.covers(other, one) else None

    def open(self, territory: str, held: set[str]) -> list[str]:
        """The largest parts of a territory that no held one covers."""
        if any(one in held for one in self._above[territory]):
            return []
        parts = self._parts.get(territory, ())
        lacking = [part for one in parts for part in self.open(one, held)]
        return [territory] if set(parts) <= set(lacking) else lacking


def _check(mandates: Sequence[Mandate], register: Register, tree: _Tree) -> None:
    places = positions(register.institutions)
    for function, territories in register.functions.items():
        for territory in territories:
            if territory not in tree:
                raise Refused(problem("MAPPING-006", value=territory, function=function))
    seen: set[Mandate] = set()
    for one in mandates:
        checked(places, one.institution)
        if one.role not in ROLES:
            raise Refused(problem("MAPPING-004", value=one.role, allowed=", ".join(ROLES)))
        if one.function not in register.functions:
            raise Refused(problem("MAPPING-005", value=one.function))
        if one.territory not in tree:
            raise Refused(problem("MAPPING-006", value=one.territory))
        if one.first and one.last and one.last < one.first:
            raise Refused(
                problem(
                    "MAPPING-008", function=one.function, institution=one.institution, first=one.first, last=one.last
                )
            )
        bare = replace(one, verify=False)
        if bare in seen:
            raise Refused(problem("MAPPING-009", function=one.function, institution=one.institution))
        seen.add(bare)


def _gaps(valid: Iterable[Mandate], ended: Iterable[Mandate], register: Register, tree: _Tree) -> tuple[Gap, ...]:
    by_function: dict[str, list[Mandate]] = {one: [] for one in register.functions}
    before: dict[str, list[Mandate]] = {one: [] for one in register.functions}
    for one in valid:
        by_function[one.function].append(one)
    for one in ended:
        before[one.function].append(one)
    found = []
    for function, territories in register.functions.items():
        held = {one.territory for one in by_function[function] if one.role == "lead"}
        lacking = dict.fromkeys(part for one in territories for part in tree.open(one, held))
        for part in lacking:
            others = [
                one
                for one in by_function[function]
                if one.role != "lead" and tree.common(one.territory, part) is not None
            ]
            former = [
                one for one in before[function] if one.role == "lead" and tree.common(one.territory, part) is not None
            ]
            partly = [one for one in by_function[function] if one.role == "lead" and tree.covers(part, one.territory)]
            found.append(Gap(function, part, *(_institutions(group) for group in (others, former, partly))))
    return tuple(found)


def _institutions(mandates: Iterable[Mandate]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.institution for one in mandates))


def _pairs(mandates: Sequence[Mandate], tree: _Tree) -> Iterable[tuple[Mandate, Mandate, str]]:
    """Two mandates of one function whose territories meet, and where."""
    groups: dict[str, list[Mandate]] = {}
    for one in mandates:
        groups.setdefault(one.function, []).append(one)
    for group in groups.values():
        for at, one in enumerate(group):
            for other in group[at + 1 :]:
                where = tree.common(one.territory, other.territory)
                if where is not None:
                    yield one, other, where


def _overlaps(valid: Sequence[Mandate], tree: _Tree) -> tuple[Overlap, ...]:
    found: dict[tuple[str, str, tuple[str, str]], bool] = {}
    leads = [one for one in valid if one.role == "lead"]
    for one, other, where in _pairs(leads, tree):
        if one.institution != other.institution:
            key = (one.function, where, _two(one.institution, other.institution))
            # Sure when any pair of mandates that makes it is.
            found[key] = found.get(key, True) and (one.verify or other.verify)
    return tuple(Overlap(*key, verify) for key, verify in found.items())


def _conflicts(valid: Sequence[Mandate], tree: _Tree) -> tuple[Conflict, ...]:
    found: dict[tuple[str, str, str, tuple[str, str]], bool] = {}
    for one, other, where in _pairs(valid, tree):
        if one.institution == other.institution and one.role != other.role:
            roles = sorted((one.role, other.role), key=ROLES.index)
            key = (one.function, where, one.institution, (roles[0], roles[1]))
            found[key] = found.get(key, True) and (one.verify or other.verify)
    return tuple(Conflict(*key, verify) for key, verify in found.items())


def _two(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _lapses(
    known: Sequence[Mandate], valid: Sequence[Mandate], register: Register, tree: _Tree, on: date
) -> tuple[Lapse, ...]:
    found = []
    for one in known:
        if one.last is not None and one.last < on:
            if not any(_renews(other, one, tree) for other in valid):
                found.append(Lapse("ended", one))
        elif within((one.first, one.last), on):
            kind = _basis(one.basis, register.bases, on)
            if kind:
                found.append(Lapse(kind, one))
    return tuple(found)


def _renews(new: Mandate, old: Mandate, tree: _Tree) -> bool:
    same = (new.function, new.institution, new.role) == (old.function, old.institution, old.role)
    return same and tree.covers(new.territory, old.territory)


def _basis(code: str, bases: Mapping[str, Span], on: date) -> str:
    if not code:
        return "no_basis"
    if code not in bases:
        return "basis_unknown"
    if within(bases[code], on):
        return ""
    first = bases[code][0]
    return "basis_not_yet" if first is not None and on < first else "basis_ended"
