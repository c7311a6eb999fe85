"""A message as a row of items: places, days, words, numbers, and what nobody knows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pasaj.core.nearest import fold
from pasaj.core.textgram.words import Target, Words

_RUN = re.compile(r"[^\W_]+")
_JOIN = re.compile(r"[ \t\u00a0\u202f'’‘\u2010-\u2015/().,&-]{1,4}")
_CLOCK = re.compile(r"\d{1,2}(?::\d{2}){1,2}(?!\d)", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?![\d-])", re.ASCII)
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])", re.ASCII)
_DAY_FULL = re.compile(r"(\d{1,2})[.-](\d{1,2})[.-](\d{4}|\d{2})(?![\d.-]*\d)", re.ASCII)
_DAY_WORD = re.compile(
    r"(\d{1,2})(?:er|[oº])?[ ]+(?:([^\W\d_]+)[ ]+)?([^\W\d_]+)\.?(?:[ ,]+(?:[^\W\d_]{2,3}[ ]+)?(\d{4})(?!\d))?"
)
_AFTER = re.compile(r"[ ]+(\d{1,2})(?:st|nd|rd|th)?(?:,?[ ]+(\d{4}))?(?![\d/.,])", re.ASCII)
_GROUPS = r"\d{1,3}(?:([ .,'’\u00a0\u2009\u202f])\d{3}(?!\d))(?:\1\d{3}(?!\d))*"
_GROUPED = re.compile(_GROUPS, re.ASCII)
_NUMBER = re.compile(rf"(?:{_GROUPS}|\d{{1,20}})(?:[.,]\d{{1,8}}(?!\d))?", re.ASCII)
_SIGNED = re.compile(r"[-\u2212](?=\d)", re.ASCII)
BACK = 8  # years in which the last 29 February is looked for
FAR = timedelta(days=183)
"""A day without a year that passed longer ago than this is nearer to the one still to come."""


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of a message, from `start` to before `end`.

    `kind`: report, place, day, word, number, zero, skip, unknown, line (a line ends), clause (a comma, a stop).
    `far`: a day without a year that is nearer to the one still to come than to the one taken.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    places: tuple[str, ...] = ()
    day: date | None = None
    target: Target | None = None
    far: bool = False


def last(day: int, month: int, today: date) -> date | None:
    """The nearest such day up to today; None when the calendar has none."""
    for year in range(today.year, today.year - BACK - 1, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None


class Scanner:
    """Reads one text. `until`: today, the last day that can be reported, and what "yesterday" counts from."""

    def __init__(self, text: str, words: Words, until: date) -> None:
        self.text = text
        self.words = words
        self.until = until
        self._months: Mapping[str, int] = words.months()

    def items(self, start: int, end: int, sent: date | None) -> Iterator[Item]:
        """The items between two places of the text; days are counted from the day of sending, where known."""
        at, today = start, min(sent or self.until, self.until)
        while at < end:
            item = self._next(at, end, today)
            if item.kind != "space":
                yield item
            at = item.end

    def _next(self, at: int, end: int, today: date) -> Item:
        letter = self.text[at]
        if letter == "\n":
            return Item("line", at, at + 1)
        if letter.isdecimal() and letter.isascii():
            return self._digits(at, end, today)
        if self._is_minus(at, end) and (found := _NUMBER.match(self.text, at + 1, end)):
            return self._number(at, found.end(), end)
        if _RUN.match(letter):
            return self._letters(at, end, today)
        return Item("clause" if letter in ",;.!?•|" else "space", at, at + 1)

    def _digits(self, at: int, end: int, today: date) -> Item:
        if clock := _CLOCK.match(self.text, at, end):
            return self._item("unknown", at, clock.end())
        if day := self._day(at, end, today):
            return day
        number = _NUMBER.match(self.text, at, end)
        return self._number(at, number.end() if number else at + 1, end)

    def _number(self, at: int, stop: int, end: int) -> Item:
        """The number from `at` to before `stop`, unless letters follow at once: 18h, 2.5kg are none."""
        run = _RUN.match(self.text, stop - 1, end)
        after = run.end() if run else stop
        return self._item("number" if after == stop else "unknown", at, after)

    def _is_minus(self, at: int, end: int) -> bool:
        """Whether a dash is a sign: in "entries -5", not in "entries-5", "entries - 5" and at the head of a list."""
        if not _SIGNED.match(self.text, at, end):
            return False
        line = self.text.rfind("\n", 0, at) + 1
        return self.text[at] == "\u2212" or (self.text[at - 1 : at] in " \t:=(" and bool(self.text[line:at].strip()))

    def _day(self, at: int, end: int, today: date) -> Item | None:
        if found := _ISO.match(self.text, at, end):
            return self._dated(found, found[3], found[2], found[1], today)
        if found := _DAY.match(self.text, at, end) or _DAY_FULL.match(self.text, at, end):
            return self._dated(found, found[1], found[2], found[3], today)
        found = _DAY_WORD.match(self.text, at, end)
        if found is None:
            return None
        month = self._months.get(fold(found[3]))
        between = self.words.word(fold(found[2] or ""))
        if month is None and (month := self._months.get(fold(found[2] or ""))):
            return self._dated(found, found[1], str(month), None, today, found.end(2))
        if month is None or (found[2] and (between is None or between.meaning != "skip")):
            return None
        return self._dated(found, found[1], str(month), found[4], today)

    def _dated(
        self, found: re.Match[str], day: str, month: str, year: str | None, today: date, end: int | None = None
    ) -> Item:
        """The day, or an item without one where the calendar has none or it is still to come."""
        stop = found.end() if end is None else end
        value: date | None
        far = False
        if year is None:
            value = last(int(day), int(month), today)
            far = value is not None and today - value > FAR
        else:
            try:
                value = date(int(year) + 2000 if len(year) == 2 else int(year), int(month), int(day))
            except ValueError:
                value = None
            if value is not None and value > self.until:
                value = None
        return Item("day", found.start(), stop, self.text[found.start() : stop], day=value, far=far)

    def _letters(self, at: int, end: int, today: date) -> Item:
        ends = self._runs(at, end)
        for stop in reversed(ends):
            item = self._named(at, stop, end, today)
            if item is not None:
                return item
        return self._item("unknown", at, ends[0])

    def _runs(self, at: int, end: int) -> list[int]:
        """Where the next words end, as many as a name may have, all on one line."""
        ends: list[int] = []
        while len(ends) < self.words.longest and (run := _RUN.match(self.text, at, end)):
            ends.append(run.end())
            join = _JOIN.match(self.text, run.end(), end)
            if join is None:
                break
            at = join.end()
        return ends

    def _named(self, at: int, stop: int, end: int, today: date) -> Item | None:
        folded = fold(self.text[at:stop])
        word = self.words.word(folded)
        if word is None:
            places = self.words.places(folded)
            return Item("place", at, stop, self.text[at:stop], places=places) if places else None
        if folded in self._months:
            after = _AFTER.match(self.text, stop, end)
            if after is None:
                return self._item("skip", at, stop)
            day = self._dated(after, after[1], str(self._months[folded]), after[2], today)
            return Item("day", at, day.end, self.text[at : day.end], day=day.day, far=day.far)
        if word.meaning in ("today", "yesterday"):
            back = timedelta(days=word.meaning == "yesterday")
            return Item("day", at, stop, self.text[at:stop], day=today - back)
        if word.meaning == "figure":
            return Item("word", at, stop, self.text[at:stop], target=Target(word.measure, word.category or "total"))
        kind = word.meaning if word.meaning in ("report", "zero") else "skip"
        return self._item(kind, at, stop)

    def _item(self, kind: str, start: int, end: int) -> Item:
        return Item(kind, start, end, self.text[start:end])


def whole(text: str) -> Decimal | None:
    """A whole number with or without thousands apart; None for anything else."""
    if text.isdecimal() or _GROUPED.fullmatch(text):
        return Decimal(re.sub(r"\D", "", text))
    return None
