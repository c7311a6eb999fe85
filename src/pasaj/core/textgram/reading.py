"""Counts written as text: strictly, as an SMS, or tolerantly, as people write to each other.

    RAPO BEL 12/10 DEPOTE 265 POUKONT 45 REFIZE 3

Strict: a report word, one place, one day, then words each followed by a number, in any order; or a word for zero
alone, which says that nothing happened. Everything must be understood, or nothing is taken. Tolerant: several
lines and messages, numbers before or after their words; what is understood is taken as a draft, the rest is shown.
Neither raises, whatever the text is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from pasaj.core import numbers
from pasaj.core.nearest import fold
from pasaj.core.problems import Problem, Refused, problem
from pasaj.core.textgram.messages import messages, without_senders
from pasaj.core.textgram.pairs import pair
from pasaj.core.textgram.scan import Item, Scanner, whole
from pasaj.core.textgram.words import Target, Words

LIMIT = 20_000  # letters of one text
NEAR = 3  # letters: shorter words are near to everything
SHOWN = 60  # letters of a word that is quoted back


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as understood. Without a place: `candidates` are what it could be. A zero report has no target.

    `sent`: no day is written, that of sending is taken. `far`: the year is not written, and the day of that
    name which is still to come is nearer than the one taken.
    """

    place: str
    day: date | None
    target: Target | None
    value: Decimal
    start: int
    end: int
    candidates: tuple[str, ...] = ()
    sent: bool = False
    far: bool = False

    @property
    def key(self) -> tuple[str, date | None, Target | None]:
        return self.place, self.day, self.target


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text: from `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says. `text` is the one the places refer to: senders are gone from it."""

    text: str
    figures: tuple[Figure, ...] = ()
    unknown: tuple[Span, ...] = ()
    problems: tuple[Problem, ...] = ()

    def parts(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it was understood."""
        found, at = [], 0
        for one in self.unknown:
            found += [(self.text[at : one.start], True), (self.text[one.start : one.end], False)]
            at = one.end
        found.append((self.text[at:], True))
        return [(text, known) for text, known in found if text]


@dataclass(slots=True)
class _Message:
    """One message on its way: its items, and what has been found wrong."""

    text: str
    words: Words
    until: date
    items: list[Item]
    sent: date | None
    problems: list[Problem] = field(default_factory=list)
    lost: list[Item] = field(default_factory=list)

    def refuse(self, code: str, at: int, /, **params: Any) -> None:
        row = self.text.count("\n", 0, at) + 1
        self.problems.append(problem(code, **params).at("", row))


def read(text: str, words: Words, today: date) -> Reading:
    """A pasted text, tolerantly. Problems: TEXT-002 to 012, 015, 017, 018, those of numbers; `row` is the line."""
    plain = without_senders(text[:LIMIT], today)
    scanner = Scanner(plain, words, today)
    found = [
        _Message(plain, words, today, list(scanner.items(start, end, sent)), sent)
        for start, end, sent in messages(plain)
    ]
    figures: list[Figure] = []
    for message in found:
        figures += _figures(message, word_first=False)
    problems = [one for message in found for one in message.problems]
    if len(text) > LIMIT:
        problems.insert(0, problem("TEXT-015", found=len(text), limit=LIMIT))
    problems += _twice(figures, plain)
    if not figures:
        problems.append(problem("TEXT-012", example=example(words)))
    return Reading(plain, tuple(figures), _spans(found), tuple(problems))


def read_strictly(text: str, words: Words, today: date) -> Reading:
    """One message by SMS: understood as a whole, or refused with every problem and without figures.

    Adds TEXT-001. A place or day that is not said, or said twice, is a problem; so is a word nobody knows.
    """
    plain = " ".join(text[:LIMIT].split())
    scanner = Scanner(plain, words, today)
    message = _Message(plain, words, today, list(scanner.items(0, len(plain), None)), None)
    figures = _figures(message, word_first=True)
    problems = message.problems
    if not message.items or message.items[0].kind != "report":
        problems.insert(0, problem("TEXT-001", word=fold(words.write("report")).upper(), example=example(words)))
    if len(text) > LIMIT:
        problems.insert(0, problem("TEXT-015", found=len(text), limit=LIMIT))
    if len({one.place for one in figures}) > 1:
        names = ", ".join(words.names.get(one, one) for one in dict.fromkeys(one.place for one in figures))
        problems.append(problem("TEXT-003", value=plain[:SHOWN], names=names))
    if len(days := dict.fromkeys(one.day for one in figures if one.day)) > 1:
        problems.append(problem("TEXT-006", days=", ".join(one.isoformat() for one in days)))
    problems += _twice(figures, plain)
    if not figures:
        problems.append(problem("TEXT-012", example=example(words)))
    kept = () if problems else tuple(figures)
    return Reading(plain, kept, _spans([message]), tuple(dict.fromkeys(problems)))


def example(words: Words, language: str = "") -> str:
    """A message as it should be, in the words of a language, else the first of the vocabulary."""
    place = next(iter(words.names), "XX")
    target = words.first_figure()
    said = f"{fold(words.write('figure', language, target))} 12" if target else "12"
    return f"{fold(words.write('report', language))} {words.short(place)} 12/10 {said}".strip().upper()


# --- From items to figures ---------------------------------------------------------------------


def _figures(message: _Message, *, word_first: bool) -> list[Figure]:
    items = [one for one in message.items if one.kind not in ("skip", "report")]
    pairs, alone = pair(items, word_first=word_first)
    taken: list[tuple[Item, Item, Target | None]] = [(word, number, word.target) for word, number in pairs]
    zeros = [one for one in alone if one.kind == "zero"]
    _alone(message, [one for one in alone if one.kind != "zero"])
    _unknown(message, items)
    starts = [min(one.start, two.start) for one, two in pairs]
    context = _Context(message, items, sorted(starts + [one.start for one in zeros]))
    said = {context.section(at) for at in starts}
    for one in zeros:
        if context.section(one.start) in said:
            _lose(message, [one], "TEXT-009", one.text)
        else:
            taken.append((one, one, None))
    taken.sort(key=lambda one: (one[0].start, one[1].start))
    found = [_figure(message, context, *one) for one in taken]
    context.tell()
    return [one for one in found if one is not None]


def _figure(message: _Message, context: "_Context", word: Item, number: Item, target: Target | None) -> Figure | None:
    value = _value(message, number, target)
    if value is None:
        message.lost += [word, number]
        return None
    start, end = min(word.start, number.start), max(word.end, number.end)
    place, candidates = context.place(start)
    day, sent, far = context.day(start)
    return Figure(place, day, target, value, start, end, candidates, sent, far)


def _value(message: _Message, number: Item, target: Target | None) -> Decimal | None:
    """The number of an item; None after telling why not."""
    if number.kind == "zero" or target is None:
        return Decimal(0)
    count = target.measure not in message.words.quantities
    plain = whole(number.text) if count else None
    try:
        if plain is not None:
            return numbers.check(plain, whole=True, shown=number.text)
        return numbers.read(number.text, whole=count)
    except Refused as refused:
        row = message.text.count("\n", 0, number.start) + 1
        message.problems += [one.at("", row) for one in refused.problems]
        return None


def _alone(message: _Message, alone: Iterable[Item]) -> None:
    for one in alone:
        _lose(message, [one], "TEXT-009" if one.kind == "word" else "TEXT-010", one.text)


def _lose(message: _Message, items: Sequence[Item], code: str, value: str, **params: Any) -> None:
    message.lost += items
    message.refuse(code, items[0].start, value=value[:SHOWN], **params)


def _unknown(message: _Message, items: Sequence[Item]) -> None:
    """Runs of words nobody knows, each told once with what is near to it."""
    run: list[Item] = []
    for one in [*items, Item("line", 0, 0)]:
        if one.kind == "unknown":
            run.append(one)
        elif run:
            value = message.text[run[0].start : run[-1].end]
            several = [value, *(item.text for item in run if len(item.text) > NEAR)]
            near = ", ".join(next((found for one in several if (found := message.words.near(one))), ()))
            if near:
                _lose(message, run, "TEXT-007", value, nearest=near)
            else:
                _lose(message, run, "TEXT-008", value)
            run = []


class _Context:
    """Which place and day stand above each figure of a message.

    Places (and days) with no figure between them belong together: "Hill town, XX-BCP-HIL" is one place where the
    two have a code in common, and a doubt where they do not. Figures before the first one take the first, if it is
    the only one.
    """

    def __init__(self, message: _Message, items: Sequence[Item], figures: Sequence[int]) -> None:
        self._message = message
        self._places = _grouped(_strangers(items), figures, "place")
        self._days = _grouped(items, figures, "day")
        self._used: set[tuple[str, int]] = set()
        self._doubts: dict[int, None] = {}
        self._far: dict[int, None] = {}
        self._dayless: set[int] = set()
        self._placeless = False

    def section(self, at: int) -> tuple[int, int]:
        return _above(self._places, at), _above(self._days, at)

    def place(self, at: int) -> tuple[str, tuple[str, ...]]:
        """The code of the place of the figure at `at`; where it is not clear, none and those it may be."""
        group = _above(self._places, at)
        if group < 0:
            self._placeless = True
            return "", self._near()
        self._used.add(("place", group))
        codes = _common([one.places for one in self._places[group]])
        if not codes:  # a stranger's name, where a place would stand
            self._placeless = True
            return "", self._near()
        if len(codes) == 1:
            return codes[0], ()
        self._doubts[group] = None
        return "", codes

    def day(self, at: int) -> tuple[date | None, bool, bool]:
        """The day of the figure at `at`, whether it is only that of sending, and whether its year is doubtful."""
        group = _above(self._days, at)
        if group < 0:
            sent = self._message.sent
            if sent is None:
                self._dayless.add(-1)
            return sent, sent is not None, False
        self._used.add(("day", group))
        said = {one.day for one in self._days[group]}
        if len(said) > 1 or None in said:
            self._dayless.add(group)
            return None, False, False
        far = all(one.far for one in self._days[group])
        if far:
            self._far[group] = None
        return said.pop(), False, far

    def _near(self) -> tuple[str, ...]:
        """Places whose names are near to what was not understood."""
        lost = [one for one in self._message.lost if one.kind == "unknown"]
        return tuple(dict.fromkeys(code for one in lost[:5] for code in self._message.words.near_places(one.text)))[:3]

    def tell(self) -> None:
        """What is wrong with the places and days that figures were found under, and days that do not exist."""
        message, names = self._message, self._message.words.names
        if self._placeless:
            message.refuse("TEXT-002", message.items[0].start)
        for group in self._doubts:
            codes = _common([one.places for one in self._places[group]])
            shown = " / ".join(dict.fromkeys(one.text for one in self._places[group]))[:SHOWN]
            message.refuse(
                "TEXT-003", self._places[group][0].start, value=shown, names=", ".join(names[code] for code in codes)
            )
        example = f"{message.until.day}/{message.until.month}"
        for group, days in enumerate(self._days):
            wrong = [one for one in days if one.day is None]
            for one in wrong:
                _lose(message, [one], "TEXT-005", one.text, example=example)
            if not wrong and group in self._dayless:
                shown = ", ".join(dict.fromkeys(one.text for one in days))
                message.refuse("TEXT-006", days[0].start, days=shown[:SHOWN])
            if group in self._far and days[0].day is not None:
                message.refuse("TEXT-017", days[0].start, value=days[0].text, day=days[0].day.isoformat())
        if -1 in self._dayless:
            message.refuse("TEXT-004", message.items[0].start, example=example)
        self._idle("place", self._places)
        self._idle("day", self._days)

    def _idle(self, kind: str, groups: Sequence[Sequence[Item]]) -> None:
        """TEXT-018 for a place or day after the figures that none belongs to, unless it only says again what stood."""
        for group, items in enumerate(groups[1:], 1):
            before = {(one.places, one.day) for one in groups[group - 1]}
            fresh = [
                one for one in items if one.text and (one.places or one.day) and (one.places, one.day) not in before
            ]
            known = kind == "place" or all(one.day for one in items)  # else it has been told already
            if fresh and known and (kind, group) not in self._used:
                _lose(self._message, fresh, "TEXT-018", fresh[0].text)


def _strangers(items: Sequence[Item]) -> list[Item]:
    """The items; a word nobody knows at the head of a line, with a day behind it, as a place of no code.

    What follows is counted somewhere else, not at the place above.
    """
    found = list(items)
    for at, one in enumerate(items):
        heads = at == 0 or items[at - 1].kind == "line"
        rest = (each.kind for each in items[at + 1 :] if each.kind not in ("unknown", "clause"))
        if heads and one.kind == "unknown" and next(rest, "") == "day":
            found[at] = replace(one, kind="place")
    return found


def _grouped(items: Sequence[Item], figures: Sequence[int], kind: str) -> list[list[Item]]:
    """Items of a kind, those with no figure between them together."""
    found: list[list[Item]] = []
    before = -1
    for one in items:
        if one.kind != kind:
            continue
        after = sum(start < one.start for start in figures)
        if after != before:
            found.append([])
            before = after
        found[-1].append(one)
    return found


def _above(groups: Sequence[Sequence[Item]], at: int) -> int:
    """The group above a place in the text; the only group stands above everything; -1: none."""
    if len(groups) == 1:
        return 0
    return sum(group[0].start < at for group in groups) - 1


def _common(several: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """What all have in common; else everything, in its order."""
    shared = [code for code in several[0] if all(code in codes for codes in several)]
    return tuple(shared or dict.fromkeys(code for codes in several for code in codes))


def _twice(figures: Sequence[Figure], text: str) -> list[Problem]:
    """TEXT-011 for each figure that stands again for the same place and day."""
    seen: set[tuple[str, date | None, Target | None]] = set()
    found = []
    for one in figures:
        if one.key in seen and one.target is not None:
            row = text.count("\n", 0, one.start) + 1
            found.append(problem("TEXT-011", row=row, value=text[one.start : one.end][:SHOWN]))
        seen.add(one.key)
    return found


def _spans(found: Sequence[_Message]) -> tuple[Span, ...]:
    """What was lost, in order, neighbours joined where only spaces are between them."""
    spans: list[Span] = []
    for one in sorted((item for message in found for item in message.lost), key=lambda item: (item.start, item.end)):
        if spans and not found[0].text[spans[-1].end : one.start].strip(" "):
            spans[-1] = replace(spans[-1], end=one.end)
        else:
            spans.append(Span(one.start, one.end))
    return tuple(spans)
