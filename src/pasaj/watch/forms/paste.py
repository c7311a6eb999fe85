"""A pasted message as draft figures to look at, correct and confirm. The text itself is never stored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from pasaj.access.rules import Actor
from pasaj.core.importing.mapping import QUALITIES
from pasaj.core.periods import Period, parse
from pasaj.core.problems import Problem, Refused, problem
from pasaj.core.textgram import LIMIT, Figure, Reading, read
from pasaj.registry.models import CrossingPoint
from pasaj.watch.forms.counts import QUALITY_NAMES, count, shown
from pasaj.watch.models import TOTAL, Measure, Source
from pasaj.watch.queries import figures, texts
from pasaj.watch.queries.texts import Beside, Key
from pasaj.watch.services.observations import Entry, SeriesKey

MOST = 200  # figures of one text; with the sums of parts never more than twice as many
TOLD = 50  # problems of a text that are listed one by one


class Ground:
    """What a person's drafts may speak of: crossings, their sources, measures that are counted daily."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        rows = list(figures.reportable(actor))
        self.crossings = {one.code: one for one in rows}
        sources = figures.sources_of(actor, rows)
        self.sources: dict[str, list[Source]] = {one.code: sources[one.pk] for one in rows}
        self.posts = texts.posts_of(rows)
        daily = Measure.objects.filter(cadence="day", retired_at=None).order_by("order", "code")
        self.measures = {one.code: one for one in daily}

    def source_for(self, place: str, measure: str) -> str:
        """The source that is expected to report a measure from a place; else the first one there."""
        known = [one.code for one in self.sources.get(place, ())]
        expected = [one for one in known if measure in self.posts.get((place, one), ())]
        return next(iter(expected + known), "")

    def zeros(self, place: str) -> list[tuple[str, str]]:
        """Measure and source of everything that is counted at a place and can be zero."""
        levels = figures.levels_of()
        return [
            (code, one.code)
            for one in self.sources.get(place, ())
            for code, measure in self.measures.items()
            if code in self.posts.get((place, one.code), ()) and measure.pk not in levels and measure.kind == "count"
        ]


@dataclass(slots=True)
class Draft:
    """One figure on its way: what was understood, what the person made of it, what is wrong with it."""

    number: int
    measure: Measure
    category: str
    place: str = ""
    day: str = ""
    typed: str = ""
    source: str = ""
    take: bool = True
    open_place: bool = False  # the place was not clear: it is chosen
    open_day: bool = False
    places: Sequence[CrossingPoint] = ()  # to choose from
    sources: Sequence[Source] = ()
    summed: bool = False  # the sum of its parts, not in the text
    sent: bool = False  # its day is that of sending
    far: bool = False  # its year was not written, and may be another one
    seen: str = ""  # source and revision that were shown beside it
    confirmed: str = ""
    beside: Beside = field(default_factory=Beside)
    place_name: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.number}"

    @property
    def key(self) -> Key | None:
        """The figure by codes, once place, source and day are known."""
        day = self.date
        if not (self.place and self.source and day):
            return None
        return Key(self.place, self.measure.code, self.category, self.source, day)

    @property
    def date(self) -> date | None:
        found = parse(self.day, "day") if self.day else None
        return found.start if found else None

    @property
    def label(self) -> str:
        part = "" if self.category == TOTAL else self.measure.category_name(self.category)
        return f"{self.measure}: {part}" if part else str(self.measure)

    @property
    def asks(self) -> bool:
        return any(one.code == "OBS-014" for one in self.problems)

    @property
    def stands(self) -> str:
        return shown(self.beside.standing)

    @property
    def current(self) -> str:
        """Source and revision of what stands now: what the next save starts from."""
        return f"{self.source}:{self.beside.revision}"

    @property
    def expected(self) -> int:
        """The revision the person saw; another source than the one seen was not seen at all."""
        source, _, revision = self.seen.rpartition(":")
        return int(revision) if source == self.source and revision.isdecimal() and len(revision) < 10 else 0


class Paste:
    """The page of a pasted text: `text` without senders, the drafts, and what was not understood."""

    def __init__(self, actor: Actor, today: date, data: Mapping[str, Any] | None = None) -> None:
        self.today = today
        self.ground = Ground(actor)
        self.words = texts.vocabulary(actor)
        self.reading = Reading("")
        self.drafts: list[Draft] = []
        self.cut: Problem | None = None  # the text has more figures than are shown
        self.problems: list[Problem] = []
        self.quality = str((data or {}).get("quality", "estimate"))
        if self.quality not in QUALITIES:
            self.quality = "estimate"
        text = str((data or {}).get("text", "")).strip()
        if data is not None:
            self.reading = read(text, self.words, today)
        # What was too long to read is not lost either.
        self.text = text if len(text) > LIMIT else self.reading.text

    # What the text says

    def understand(self) -> None:
        """Drafts from the text, with what stands beside them."""
        for one in self.reading.figures:
            self._draft(one)
        if len(self.drafts) > MOST:
            self.cut = problem("TEXT-019", found=len(self.drafts), limit=MOST)
            del self.drafts[MOST:]
        self._sums()
        self._look()
        for draft in self.drafts:
            standing = draft.beside.standing
            if draft.far or (standing is not None and standing.value is not None):
                draft.take = False  # it stands already, or would replace what stands: only on purpose
            self._may(draft)

    def _draft(self, one: Figure) -> None:
        if one.target is None:
            for code, source in self.ground.zeros(one.place):
                self._add(one, self.ground.measures[code], TOTAL, source)
        else:
            measure = self.ground.measures[one.target.measure]
            self._add(one, measure, one.target.category, self.ground.source_for(one.place, measure.code))

    def _add(self, one: Figure, measure: Measure, category: str, source: str) -> None:
        known = self.ground.crossings
        draft = Draft(len(self.drafts), measure, category, one.place, source=source)
        draft.sent, draft.far = one.sent, one.far
        draft.day = one.day.isoformat() if one.day else ""
        draft.open_day = one.day is None
        draft.open_place = not one.place
        if draft.open_place:
            draft.places = [known[code] for code in one.candidates if code in known] or list(known.values())
        draft.typed = f"{one.value.normalize():f}"
        if any(before.key == draft.key for before in self.drafts if draft.key):
            draft.take = False
            draft.problems.append(problem("TEXT-011", value=draft.label))
        self.drafts.append(draft)

    def _sums(self) -> None:
        """A total beside parts that are all there: a crossing counts as reported by its totals."""
        whole: dict[tuple[str, str, str, str], set[str]] = {}
        for one in self.drafts:
            whole.setdefault((one.place, one.day, one.measure.code, one.source), set()).add(one.category)
        for (place, day, code, source), categories in whole.items():
            measure = self.ground.measures[code]
            parts = {one["code"] for one in measure.categories}
            if place and day and parts and categories == parts:
                draft = Draft(len(self.drafts), measure, TOTAL, place, day, source=source, summed=True)
                draft.typed = self._sum(draft)
                self.drafts.append(draft)

    def _sum(self, total: Draft) -> str:
        """The sum of the parts that are taken, as it is typed; empty when one is missing or no number."""
        parts = [
            one
            for one in self.drafts
            if one.category != TOTAL and (one.place, one.day, one.measure, one.source) == _of(total) and one.take
        ]
        if {one.category for one in parts} != {one["code"] for one in total.measure.categories}:
            return ""
        try:
            return f"{sum((count(one.typed, one.measure) for one in parts), Decimal(0)):f}"
        except Refused:
            return ""

    # What the person made of it

    def bind(self, data: Mapping[str, Any]) -> None:
        """The drafts as they were posted."""
        number = 0
        while number < 2 * MOST and (one := self._posted(data, number)) is not None:
            self.drafts.append(one)
            number += 1
        for draft in self.drafts:
            if draft.summed:
                draft.typed = self._sum(draft)
                draft.take = draft.take and bool(draft.typed)
        self._look()

    def _posted(self, data: Mapping[str, Any], number: int) -> Draft | None:
        code, _, category = str(data.get(f"f-{number}", "")).partition(".")
        measure = self.ground.measures.get(code)
        if measure is None or category not in {TOTAL, *(one["code"] for one in measure.categories)}:
            return None
        given = {name: str(data.get(f"{name}-{number}", "")).strip()[:100] for name in "pdvsxckz"}
        draft = Draft(number, measure, category, given["p"], given["d"], given["v"][:40], given["s"])
        draft.take, draft.seen, draft.confirmed = bool(data.get(f"t-{number}")), given["x"], given["c"]
        draft.open_place, draft.open_day = "p" in given["z"], "d" in given["z"]
        draft.summed, draft.sent, draft.far = "s" in given["z"], "h" in given["z"], "y" in given["z"]
        if draft.open_place:
            known = self.ground.crossings
            near = [known[one] for one in given["k"].split(" ") if one in known]
            draft.places = near or list(known.values())
        draft.source = draft.source or self.ground.source_for(draft.place, measure.code)
        return draft

    def _look(self) -> None:
        """What stands beside each draft, the sources to choose from, the name of its place."""
        found = texts.beside([key for one in self.drafts if (key := one.key)])
        for one in self.drafts:
            one.beside = found.get(one.key, one.beside) if one.key else one.beside
            one.sources = self.ground.sources.get(one.place, ())
            one.place_name = self.words.names.get(one.place, one.place)

    def _may(self, draft: Draft) -> bool:
        """Whether the person may report for the place of a draft; TEXT-013 beside it when not."""
        if not draft.place or draft.place in self.ground.crossings:
            return True
        draft.take = False
        draft.problems.append(problem("TEXT-013", place=draft.place_name))
        return False

    def entries(self) -> tuple[list[Entry], list[Problem]]:
        """What is to be stored, and the problems of the other drafts: TEXT-002, 004, 011, 013, 016, OBS-022."""
        found: list[Entry] = []
        problems: list[Problem] = []
        seen: set[Key] = set()
        taken = [one for one in self.drafts if one.take]
        for draft in taken:
            try:
                entry = self._entry(draft, seen)
            except Refused as refused:
                problems += [one.at("", None, draft.name) for one in refused.problems]
                continue
            if entry is not None:
                found.append(entry)
        if not taken:
            problems.append(problem("OBS-022"))
        return found, problems

    def _entry(self, draft: Draft, seen: set[Key]) -> Entry | None:
        if not draft.place:
            raise Refused(problem("TEXT-002"))
        if draft.place not in self.ground.crossings:
            raise Refused(problem("TEXT-013", place=draft.place_name))
        if draft.date is None:
            raise Refused(problem("TEXT-004", example=f"{self.today.day}/{self.today.month}"))
        key = draft.key
        if key is None or draft.source not in {one.code for one in draft.sources}:
            raise Refused(problem("TEXT-016", place=draft.place_name))
        if key in seen:
            raise Refused(problem("TEXT-011", value=draft.label))
        seen.add(key)
        value = count(draft.typed, draft.measure)
        standing = draft.beside.standing
        if standing is not None and standing.value == value:
            return None  # it stands already
        return Entry(
            SeriesKey(draft.place, draft.measure.code, category=draft.category, source=draft.source),
            Period(draft.date, draft.date),
            value,
            quality="derived" if draft.summed else self.quality,
            note=self.note,
            expected_revision=draft.expected,
            confirmed=bool(draft.confirmed) and draft.confirmed == draft.typed,
            field=draft.name,
        )

    @property
    def told(self) -> list[Problem]:
        """What is said above the drafts: of a text that is wrong all over, the beginning."""
        return [*([self.cut] if self.cut else []), *self.reading.problems[:TOLD]]

    @property
    def untold(self) -> int:
        return max(0, len(self.reading.problems) - TOLD)

    @property
    def note(self) -> str:
        """What the figure's reader is told: that it was pasted, and the fingerprint of the text, not the text.

        What stands before its digits keeps a number among them from passing for a document's.
        """
        return f"{gettext('Pasted message')} sha256-{self.fingerprint[:12]}"

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.reading.text.encode()).hexdigest()

    @property
    def qualities(self) -> list[tuple[str, Any]]:
        return list(QUALITY_NAMES.items())

    def explain(self, problems: Sequence[Problem]) -> None:
        """Put problems beside their drafts; those of no draft stand above."""
        by_name = {one.name: one for one in self.drafts}
        for one in problems:
            draft = by_name.get(one.column)
            if draft is None:
                self.problems.append(one)
            else:
                draft.problems.append(one)

    @property
    def wrong(self) -> list[tuple[Draft, Problem]]:
        return [(draft, one) for draft in self.drafts for one in draft.problems]


def _of(draft: Draft) -> tuple[str, str, Measure, str]:
    return draft.place, draft.day, draft.measure, draft.source
