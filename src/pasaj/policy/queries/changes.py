"""What changed under a policy since a version or a day: links to look at again, evidence, statements and clauses."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from pasaj.access.rules import Actor, visible
from pasaj.core import wording
from pasaj.core.evidence import shown
from pasaj.core.policy.versions import Plain, differences
from pasaj.core.wording import Segment
from pasaj.evidence.models import KINDS, LINK_TYPES, Node, Revision
from pasaj.evidence.models.nodes import quantities
from pasaj.policy.models import ClauseRevision, Entry, Policy, Version
from pasaj.policy.queries import snapshots
from pasaj.policy.queries.snapshots import TROUBLE, Snapshot, Tie
from pasaj.policy.queries.versions import KINDS as VERSION_KINDS
from pasaj.policy.queries.versions import field_word, segments_of, worded
from pasaj.policy.queries.words import ACTION_STATES

MOST = 500
CLAUSE, INSTRUMENT = "policy-clause", "document"
ADDED, CHANGED, WITHDRAWN, BACK, TOLD = "added", "changed", "withdrawn", "back", "told"
ORDER = ("PB", "O", "M", "C", "A", "I")
"""The letters of a policy's codes, from what is wrong to what is done about it."""
Words = tuple[str, Sequence[Segment]]  # a field's word, and what it said beside what it says


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is not as it was. what: ADDED, CHANGED, WITHDRAWN, BACK, or TOLD: only something was done with it.

    fields: what it said and says. deeds: who did what and why, the newest first. beside: a language and the address
    of both texts side by side. under: statements of the policy that rest on it, directly or through others.
    """

    code: str
    kind: str
    title: str
    what: str
    address: str = ""
    simulated: bool = False
    fields: Sequence[Words] = ()
    deeds: Sequence[Entry] = ()
    beside: Sequence[tuple[str, str]] = ()
    under: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """A link that nobody has looked at since what it leads to moved. under: what rests on it through this statement."""

    child: str
    title: str
    parent: str
    grounds: str
    type: str
    state: str
    under: Sequence[str]


@dataclass(frozen=True, slots=True)
class Since:
    """What is otherwise at the end than at the start. left_off: rows of each list beyond the MOST that are shown."""

    looks: Sequence[Look] = ()
    evidence: Sequence[Row] = ()
    instruments: Sequence[Row] = ()
    statements: Sequence[Row] = ()
    clauses: Sequence[Row] = ()
    left_off: int = 0


def start_of(text: str, rows: list[Version]) -> Version | date | None:
    """A version by its number or code, or a day; None for neither."""
    number = text.upper().rpartition("V")[2]
    chosen = next((one for one in rows if str(one.number) == number), None)
    if chosen is not None:
        return chosen
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def since(actor: Actor, policy: Policy, start: Version | datetime, end: Version | None, language: str) -> Since:
    """From a version or a moment to a later version, or to what stands now. For readers of the policy's evidence.

    What the reader may not see of the evidence is left out. language: texts are compared in it. A constant number
    of queries.
    """
    after = snapshots.of_version(end) if end else snapshots.of_now(policy)
    if isinstance(start, Version):
        before = snapshots.of_version(start)
    else:
        before = snapshots.of_moment(policy, start, after.nodes.keys())
    entries = _entries(policy, start, end)
    deeds: dict[str, list[Entry]] = {}
    for one in entries:
        deeds.setdefault(one.code, []).append(one)
    return _Reading(actor, policy, before, after, deeds, language).all()


def _entries(policy: Policy, start: Version | datetime, end: Version | None) -> QuerySet[Entry]:
    """What was done from the start to the end, the newest first; a version is its entry of publication."""
    rows = Entry.objects.filter(policy=policy).order_by("-pk")
    published = Entry.objects.filter(policy=policy, action="published")
    if isinstance(start, Version):
        rows = rows.filter(pk__gt=Subquery(published.filter(details__version=start.code).values("pk")[:1]))
    else:
        rows = rows.filter(at__gte=start)
    if end is not None:
        rows = rows.filter(pk__lte=Subquery(published.filter(details__version=end.code).values("pk")[:1]))
    return rows


class _Reading:
    """Two snapshots being compared, with what both need read once."""

    def __init__(
        self, actor: Actor, policy: Policy, before: Snapshot, after: Snapshot, deeds: dict[str, list[Entry]],
        language: str,
    ) -> None:  # fmt: skip
        self.policy, self.before, self.after = policy, before, after
        self.deeds, self.language = deeds, language
        self.head = f"{policy.code}-"
        codes = {*before.nodes, *after.nodes}
        self.moved = {code for code in codes if before.stood_as(code) != after.stood_as(code)}
        self.looks = self._troubles()
        wanted = self.moved | deeds.keys() | {code for tie in self.looks for code in tie[:2]}
        self.nodes = {
            one.code: one for one in Node.objects.filter(code__in=wanted) if one.code.startswith(self.head)
        } | {one.code: one for one in visible(Node.objects.filter(code__in=wanted), actor)}
        self.says = self._says()
        self.below: dict[str, set[str]] = {}
        for child, parent, _type in after.ties or ():
            self.below.setdefault(parent, set()).add(child)

    def all(self) -> Since:
        own = {code for code in self.moved | self.deeds.keys() if self._own(code)}
        clauses = {code for code in own if self._kind(code) == CLAUSE} | self._reworded().keys()
        others = {code for code in self.moved - own if code in self.nodes and code in self.after.nodes}
        laws = {code for code in others if self._kind(code) == INSTRUMENT}
        looks = [self._look(tie) for tie in self.looks if all(code in self.nodes for code in tie[:2])]
        evidence, instruments = self._rows(others - laws, self._ground), self._rows(laws, self._ground)
        statements, told = self._rows(own - clauses, self._statement), self._clauses(clauses)
        more = sum(max(0, len(rows) - MOST) for rows in (looks, evidence, instruments, statements, told))
        return Since(looks[:MOST], evidence[:MOST], instruments[:MOST], statements[:MOST], told[:MOST], more)

    # --- What is told of each ------------------------------------------------------------------

    def _rows(self, codes: Collection[str], made: Callable[[str], Row | None]) -> list[Row]:
        return [row for code in sorted(codes, key=natural) if (row := made(code)) is not None]

    def _statement(self, code: str) -> Row | None:
        """One of the policy's own; None where nothing that a reader sees is otherwise."""
        row = self._row(code)
        deeds = self.deeds.get(code, [])
        if row.what == TOLD and not deeds:
            return None
        return replace(row, deeds=deeds, address=_address(code, self._kind(code), self.policy))

    def _ground(self, code: str) -> Row | None:
        row = self._row(code)
        if row.what == TOLD:
            return None
        return replace(row, under=self._under(code), address=reverse("site:trace", args=[code]))

    def _row(self, code: str) -> Row:
        node = self.nodes.get(code)
        fields = self._fields(code)
        there, here = self.before.stands(code), self.after.stands(code)
        if there and here:
            what = CHANGED if fields else TOLD
        elif here:
            what = BACK if code in self.before.away else ADDED
        else:
            what = WITHDRAWN if there else TOLD
        return Row(
            code, self._kind_word(code), str(node) if node else "", what, simulated=bool(node and node.simulated),
            fields=fields if what == CHANGED else (),
        )  # fmt: skip

    def _fields(self, code: str) -> list[Words]:
        old, new = (self.says.get((code, one.nodes.get(code, 0)), {}) for one in (self.before, self.after))
        if not old or not new:
            return []
        found = ((name, self._segments(_said(name, old), _said(name, new))) for name in {**new, **old})
        return [(field_word(name), segments) for name, segments in found if segments]

    def _segments(self, old: Any, new: Any) -> Sequence[Segment]:
        """Word by word in the reader's language; where only other languages differ, in the first of them."""
        if old == new:
            return ()
        tongues = [self.language]
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            tongues += sorted(one for one in {*old, *new} if len(one) == 2 and old.get(one) != new.get(one))
        for language in tongues:
            was, now = worded(old, language), worded(new, language)
            if was != now:
                return wording.segments(was, now)
        return ()

    # --- Clauses -------------------------------------------------------------------------------

    def _reworded(self) -> dict[str, list[str]]:
        """The languages in which clauses that stood and stand say something else, by code."""
        found: dict[str, list[str]] = {}
        for code, language in sorted({*self.before.texts, *self.after.texts}):
            key = (code, language)
            if self.before.texts.get(key, "") != self.after.texts.get(key, ""):
                found.setdefault(code, []).append(language)
        return found

    def _clauses(self, codes: Collection[str]) -> list[Row]:
        reworded = self._reworded()
        rows = ClauseRevision.objects.filter(clause__code__in=reworded).order_by("-number")
        revisions: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for code, language, number, text in rows.values_list("clause__code", "language", "number", "text"):
            revisions.setdefault((code, language), []).append((number, text))
        made = []
        for code in sorted(codes, key=natural):
            row = self._clause(code, reworded.get(code, []), revisions)
            if row.what != TOLD or row.deeds:
                made.append(row)
        return made

    def _clause(
        self, code: str, languages: Sequence[str], revisions: Mapping[tuple[str, str], list[tuple[int, str]]]
    ) -> Row:
        there, here = code in self.before.clauses, code in self.after.clauses
        what = TOLD
        if there != here:
            what = ADDED if here else WITHDRAWN
            if here and any(one.action == "reinstated" for one in self.deeds.get(code, ())):
                what = BACK
        elif languages:
            what = CHANGED
        node = self.nodes.get(code)
        own = [one for one in (self.language, *languages) if one in languages][:1]
        fields = [
            (_("words") if one == self.language else one, wording.segments(*self._texts(code, one))) for one in own
        ]
        return Row(
            code, _("clause"), str(node) if node else "", what, _address(code, CLAUSE, self.policy),
            bool(node and node.simulated), fields if what == CHANGED else (), self.deeds.get(code, []),
            [(one, address) for one in languages if (address := self._beside(code, one, revisions))],
        )  # fmt: skip

    def _texts(self, code: str, language: str) -> tuple[str, str]:
        return self.before.texts.get((code, language), ""), self.after.texts.get((code, language), "")

    def _beside(self, code: str, language: str, revisions: Mapping[tuple[str, str], list[tuple[int, str]]]) -> str:
        """The page of both texts, "" where one of them was not there."""
        old, new = self._texts(code, language)
        rows = revisions.get((code, language), [])
        last = next((number for number, text in rows if text == new), 0)
        first = next((number for number, text in rows if text == old and number < last), 0)
        if not first:
            return ""
        asked = urlencode((("lang", language), ("old", first), ("new", last)))
        return f"{reverse('policy:clause-compare', args=[code])}?{asked}"

    # --- Links to look at again ----------------------------------------------------------------

    def _troubles(self) -> list[Tie]:
        """Links in trouble at the end that were not so at the start; of a day, those of which an end moved since."""
        found = [tie for tie, state in (self.after.ties or {}).items() if state in TROUBLE]
        if self.before.ties is not None:
            stood = self.before.ties
            return sorted(tie for tie in found if stood.get(tie, "") not in TROUBLE)
        return sorted(tie for tie in found if not self.moved.isdisjoint(tie[:2]))

    def _look(self, tie: Tie) -> Look:
        child, parent, type_ = tie
        kind = LINK_TYPES.get(type_)
        state = (self.after.ties or {})[tie]
        under = [code for code in self._under(child) if code != child]
        return Look(
            child,
            str(self.nodes[child]),
            parent,
            str(self.nodes[parent]),
            _(kind.name) if kind else type_,
            state,
            under,
        )

    def _under(self, code: str) -> list[str]:
        """The policy's own that rest on it, in their order."""
        found: set[str] = set()
        front = [code]
        while front:
            for child in self.below.get(front.pop(), ()):
                if child not in found:
                    found.add(child)
                    front.append(child)
        return sorted((one for one in found if self._own(one)), key=_from_the_top)

    # --- Looked up -----------------------------------------------------------------------------

    def _own(self, code: str) -> bool:
        return code == self.policy.code or code.startswith(self.head)

    def _kind(self, code: str) -> str:
        node = self.nodes.get(code)
        return node.kind if node else ""

    def _kind_word(self, code: str) -> str:
        kind = KINDS.get(self._kind(code))
        if kind:
            return _(kind.name)
        return _("policy") if code == self.policy.code else ""

    def _says(self) -> dict[tuple[str, int], dict[str, Any]]:
        """What those that moved said and say, fields and values, by code and revision."""
        wanted = {
            (code, number)
            for code in self.moved & self.nodes.keys()
            for number in (self.before.nodes.get(code, 0), self.after.nodes.get(code, 0))
        }
        rows = Revision.objects.filter(
            node__in=[self.nodes[code].pk for code, _number in wanted], number__in={number for _code, number in wanted}
        ).select_related("node")
        return {(row.node.code, row.number): _plain(row) for row in rows if (row.node.code, row.number) in wanted}


def _said(name: str, says: Mapping[str, Any]) -> Any:
    """A field as it is compared: the state of an action in words."""
    value = says.get(name)
    return str(ACTION_STATES[value]) if name == "state" and value in ACTION_STATES else value


def _plain(row: Revision) -> dict[str, Any]:
    says = row.says
    return {**says["fields"], **{name: shown(value) for name, value in quantities(says["values"]).items()}}


_PAGES = ((r"-[FL]\d+$", "policy:statement"), (r"-K\d+$", "policy:round"), (r"-Q\d+$", "policy:appraisal"))
"""Pages of codes that are no nodes of the chain: money, rounds, appraisals. Told by the end of the code."""


def _address(code: str, kind: str, policy: Policy) -> str:
    """The page that a code of the policy belongs to; "" where it has none."""
    if code == policy.code:
        return reverse("policy:policy", args=[code])
    found = KINDS.get(kind)
    if found and found.address:
        return reverse(found.address, args=[code])
    name = next((name for ending, name in _PAGES if re.search(ending, code)), "policy:statement" if kind else "")
    return reverse(name, args=[code]) if name else ""


def _from_the_top(code: str) -> tuple[int, list[tuple[int, int, str]]]:
    """A key that sorts problems before objectives, and these before what carries them out; lines of money last."""
    kind = re.match(r"[^-]+-([A-Z]+)", code)
    rank = ORDER.index(kind[1]) if kind and kind[1] in ORDER else len(ORDER)
    return (len(ORDER) + 1 if "-L" in code else rank), natural(code)


def natural(code: str) -> list[tuple[int, int, str]]:
    """A key that sorts P1-A1.2 before P1-A1.10."""
    return [(1, int(one), "") if one.isdigit() else (0, 0, one) for one in re.split(r"(\d+)", code)]


HELD, HELD_FIELDS = frozenset({"cost", "commitment", "indicator"}), frozenset({"findings", "recommendations", "option"})
"""What the edition for readers outside the cell does not tell: lines of money, observations, evidence."""


def between(before: Plain, after: Plain, language: str) -> Since:
    """In what two versions differ for a reader outside the cell, without what it holds of its evidence."""
    titles = {
        one["code"]: worded(one["text"], language)
        for content in (before, after)
        for name in ("problems", "objectives", "measures", "actions")
        for one in content[name]
    }
    rows: dict[str, Row] = {}
    for one in differences(before, after):
        if one.kind in HELD or one.field in HELD_FIELDS:
            continue
        segments = segments_of(one, language)
        what = {"added": ADDED, "removed": WITHDRAWN}.get(one.what, CHANGED)
        row = rows.setdefault(one.code, Row(one.code, str(VERSION_KINDS[one.kind]), titles.get(one.code, ""), what))
        if segments:
            rows[one.code] = replace(row, fields=(*row.fields, (field_word(one.field), segments)))
    told = [row for row in rows.values() if row.fields or row.what != CHANGED]
    clauses, others = [one for one in told if one.kind == _("clause")], [one for one in told if one.kind != _("clause")]
    more = sum(max(0, len(some) - MOST) for some in (clauses, others))
    return Since(statements=others[:MOST], clauses=clauses[:MOST], left_off=more)
