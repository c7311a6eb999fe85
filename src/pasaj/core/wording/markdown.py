r"""The text of clauses: a small part of Markdown (J. Gruber; names as in CommonMark 0.31), into blocks of a report.

    paragraphs        parted by an empty line; line ends inside one are blanks
    - item  * item    a list; indented by two blanks or more: a list in the item above, one level deep
    1. item           a numbered list; it begins with 1, so that "2015. …" is text
    **strong**  *emphasis*
    [words](https://…)
    {{figure:CODE}}   a reference, see `references`
    \*                a sign that means nothing

All else is text. HTML is text. Nothing that is parsed raises, and no word is ever lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from pasaj.core.problems import Problem, problem
from pasaj.core.report import Block, Items, Paragraph, Span, Spans
from pasaj.core.report.letters import plain as words_of
from pasaj.core.report.letters import shown
from pasaj.core.wording import references
from pasaj.core.wording.references import Reference, escaped

LONGEST = 20_000
"""Signs of one text: some eight pages."""
Saying = Callable[[Reference], Spans]

_ITEM = re.compile(r"([ \t]*)(?:([-*•])|(\d{1,9})[.)])[ \t]+(?=\S)(.*)", re.DOTALL)
_SIGNS = re.escape(r"\*[](){}#-.•!_`>+|~" + '"' + "'")
_TOKEN = re.compile(
    rf"(?P<escape>\\[{_SIGNS}])|(?P<strong>\*\*)|(?P<emphasis>\*)"
    r"|(?P<reference>\{\{[^{}\n]*\}\})"
    r"|(?P<image>!?)\[(?P<words>(?:\\.|[^\[\]\\])+)\]\((?P<address>[^()\s]+)\)",
    re.DOTALL,
)
_ADDRESS = re.compile(r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:[/?#][^\s<>\"\\]*)?")
_BLANKS = re.compile(r"[ \t\n]+")
_LIKE_ITEM = re.compile(r"(?:[-*•]|1[.)])(?=[ \t]|$)|#")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text with its number, and the column where its words begin."""

    words: str
    number: int
    column: int


@dataclass(slots=True)
class _Run:
    """The words of one paragraph or item, line by line, and the items in it."""

    lines: list[Line]
    inner: _List | None = None


@dataclass(slots=True)
class _List:
    numbered: bool
    indent: int
    items: list[_Run] = field(default_factory=list)


def normal(text: str) -> str:
    """The text as it is kept: Unicode NFC, line ends LF, no blanks at the ends of lines, no empty lines around."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip(" \t") for line in lines).strip("\n")


def parse(text: str, saying: Saying | None = None) -> tuple[Block, ...]:
    """The blocks of a text: `Paragraph` and `Items`. `saying`: the words for a reference; without it, as written."""
    reader = _Reader(saying)
    return tuple(reader.block(one) for one in _Blocks(text).found)


def check(text: str) -> tuple[Problem, ...]:
    """What is wrong with a text, each with line (`row`) and column.

    WRD-001 too long (nothing else is looked at then), WRD-002 signs that no file can hold, WRD-003 a link that is not
    https, WRD-004 a mark that nothing closes, WRD-005 a list too deep, WRD-006 a heading, WRD-007 a picture, and what
    `references.check` finds.
    """
    if len(text) > LONGEST:
        return (problem("WRD-001", count=len(text), most=LONGEST),)
    blocks, reader = _Blocks(text), _Reader(None)
    for one in blocks.found:
        reader.block(one)
    found = [*_unshown(text), *blocks.problems, *reader.problems, *references.check(text)]
    return tuple(sorted(found, key=lambda one: (one.row or 0, int(one.column or 0))))


def plain(text: str) -> str:
    """The words alone: no marks, no addresses; items keep a dash or their number."""
    return "\n\n".join(_words(one, "") for one in parse(text))


def write(blocks: Iterable[Block]) -> str:
    """The text that gives these paragraphs and lists again. Raises ValueError for any other block."""
    return "\n\n".join(_written(one) for one in blocks)


# --- Lines into paragraphs and lists -------------------------------------------------------------


class _Blocks:
    def __init__(self, text: str) -> None:
        self.found: list[_Run | _List] = []
        self.problems: list[Problem] = []
        self.open: _Run | None = None  # what a further line goes on
        self.list: _List | None = None
        for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
            self._line(line, number)

    def _line(self, line: str, number: int) -> None:
        words = line.strip(" \t")
        if not words:
            self.open = None
            return
        column = len(line) - len(line.lstrip(" \t")) + 1
        item = _ITEM.fullmatch(line)
        if item and (item[2] or item[3] == "1" or (self.list and self.list.numbered) or self._in_numbered(item)):
            self._item(item, number)
            return
        if words[0] == "#" and self.open is None:
            self.problems.append(problem("WRD-006", row=number, column=str(column)))
        if self.open is None:
            self.open = _Run([])
            self.found.append(self.open)
            self.list = None
        self.open.lines.append(Line(words, number, column))

    def _in_numbered(self, item: re.Match[str]) -> bool:
        inner = self.list.items[-1].inner if self.list else None
        return inner is not None and inner.numbered and len(item[1].expandtabs(4)) >= 2

    def _item(self, item: re.Match[str], number: int) -> None:
        indent, numbered = len(item[1].expandtabs(4)), item[3] is not None
        self.open = _Run([Line(item[4].rstrip(" \t"), number, item.start(4) + 1)])
        if self.list is not None and indent >= self.list.indent + 2:
            above = self.list.items[-1]
            if above.inner is None:
                above.inner = _List(numbered, indent)
            elif indent >= above.inner.indent + 2:
                self.problems.append(problem("WRD-005", row=number, column=str(indent + 1)))
            above.inner.items.append(self.open)
            return
        if self.list is None or self.list.numbered != numbered:
            self.list = _List(numbered, indent)
            self.found.append(self.list)
        self.list.items.append(self.open)


# --- Words into runs -----------------------------------------------------------------------------


class _Reader:
    def __init__(self, saying: Saying | None) -> None:
        self.saying = saying
        self.problems: list[Problem] = []

    def block(self, one: _Run | _List) -> Block:
        return Paragraph(self._spans(one.lines)) if isinstance(one, _Run) else self._items(one)

    def _items(self, one: _List) -> Items:
        inner = tuple(self._items(run.inner) if run.inner else None for run in one.items)
        spans = tuple(self._spans(run.lines) for run in one.items)
        return Items(spans, one.numbered, inner if any(inner) else ())

    def _spans(self, lines: list[Line]) -> Spans:
        text = "\n".join(line.words for line in lines)
        return _joined(self._runs(text, lines, Span("")))

    def _runs(self, text: str, lines: list[Line], now: Span) -> Iterator[Span]:
        """`now`: how words look here. Marks are told apart by position: an unpaired one is a sign like others."""
        tokens = list(_TOKEN.finditer(text))
        paired = _pairs(text, tokens)
        at = 0
        for one in tokens:
            yield replace(now, text=text[at : one.start()])
            at = one.end()
            kind = one.lastgroup or ""
            if kind in ("strong", "emphasis"):
                if one.start() in paired:
                    now = _turned(now, kind)
                    continue
                if _opens(text, one):
                    self._wrong("WRD-004", text, one, lines, mark=one[0])
                yield replace(now, text=one[0])
            elif kind == "escape":
                yield replace(now, text=one[0][1])
            elif kind == "reference":
                yield from self._reference(one[0], now)
            else:
                yield from self._link(one, text, lines, now)
        yield replace(now, text=text[at:])

    def _reference(self, written: str, now: Span) -> Iterator[Span]:
        found = references.read(written)
        if found is None or self.saying is None:
            yield replace(now, text=written, code=found is not None)
            return
        for said in self.saying(found):
            yield replace(said, strong=said.strong or now.strong, emphasis=said.emphasis or now.emphasis)

    def _link(self, one: re.Match[str], text: str, lines: list[Line], now: Span) -> Iterator[Span]:
        if one["image"]:
            self._wrong("WRD-007", text, one, lines)
            yield replace(now, text="!")
        if _ADDRESS.fullmatch(one["address"]):
            yield from self._runs(
                one["words"], _within(lines, text, one.start("words")), replace(now, address=one["address"])
            )
        else:
            self._wrong("WRD-003", text, one, lines, address=one["address"][:80])
            yield replace(now, text=one[0].removeprefix("!"))

    def _wrong(self, code: str, text: str, one: re.Match[str], lines: list[Line], **values: str) -> None:
        line = _within(lines, text, one.start())[0]
        self.problems.append(problem(code, "", line.number, str(line.column), **values))


def _turned(now: Span, kind: str) -> Span:
    if kind == "strong":
        return replace(now, strong=not now.strong)
    return replace(now, emphasis=not now.emphasis)


def _within(lines: list[Line], text: str, at: int) -> list[Line]:
    """The lines from a place of their text on."""
    number = text.count("\n", 0, at)
    skipped = at - (text.rfind("\n", 0, at) + 1)
    first = lines[number]
    return [Line(first.words[skipped:], first.number, first.column + skipped), *lines[number + 1 :]]


def _opens(text: str, one: re.Match[str]) -> bool:
    return one.end() < len(text) and not text[one.end()].isspace()


def _pairs(text: str, tokens: list[re.Match[str]]) -> set[int]:
    """Where the marks stand that have a partner: the first closes that has words between."""
    paired: set[int] = set()
    waiting: dict[str, re.Match[str]] = {}
    for one in tokens:
        kind = one.lastgroup or ""
        if kind not in ("strong", "emphasis"):
            continue
        first = waiting.get(kind)
        if first and one.start() > first.end() and not text[one.start() - 1].isspace():
            paired |= {first.start(), one.start()}
            del waiting[kind]
        elif first is None and _opens(text, one):
            waiting[kind] = one
    return paired


def _joined(runs: Iterable[Span]) -> Spans:
    """Runs that look alike as one, blanks as one, none at the ends."""
    found: list[Span] = []
    for one in runs:
        text = _BLANKS.sub(" ", one.text)
        if text.startswith(" ") and (not found or found[-1].text.endswith(" ")):
            text = text[1:]
        if not text:
            continue
        if found and replace(found[-1], text="") == replace(one, text="") and not one.code:
            found[-1] = replace(one, text=found[-1].text + text)
        else:
            found.append(replace(one, text=text))
    if found and found[-1].text.endswith(" "):
        last = found.pop()
        if last.text != " ":
            found.append(replace(last, text=last.text[:-1]))
    return tuple(found)


def _unshown(text: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        kept = shown(line)
        at = next((at for at, (one, two) in enumerate(zip(line, kept, strict=True)) if one != two), None)
        if at is not None and line[at] != "\r":
            yield problem("WRD-002", row=number, column=str(at + 1), sign=f"U+{ord(line[at]):04X}")


# --- And back ------------------------------------------------------------------------------------


def _words(block: Block, indent: str) -> str:
    if isinstance(block, Paragraph):
        return words_of(block.spans)
    assert isinstance(block, Items)
    lines = []
    for at, one in enumerate(block.items):
        mark = f"{at + 1}." if block.numbered else "-"
        lines.append(f"{indent}{mark} {words_of(one)}")
        inner = block.inner[at] if block.inner else None
        if inner:
            lines.append(_words(inner, indent + "   "))
    return "\n".join(lines)


def _written(block: Block, indent: str = "") -> str:
    if isinstance(block, Paragraph):
        return _marked(block.spans)
    if not isinstance(block, Items):
        raise ValueError(f"a clause has no {type(block).__name__}")
    lines = []
    for at, one in enumerate(block.items):
        mark = f"{at + 1}." if block.numbered else "-"
        lines.append(f"{indent}{mark} {_marked(one)}")
        inner = block.inner[at] if block.inner else None
        if inner:
            lines.append(_written(inner, indent + "   "))
    return "\n".join(lines)


def _marked(spans: Spans) -> str:
    made: list[str] = []
    strong = emphasis = False
    for one in _without_edges(spans):
        if strong != one.strong:
            made.append("**")
        if emphasis != one.emphasis:
            made.append("*")
        strong, emphasis = one.strong, one.emphasis
        if one.code and references.read(one.text):
            made.append(one.text)
        elif one.address.startswith("https://"):
            made.append(f"[{escaped(one.text)}]({one.address})")
        else:
            made.append(escaped(one.text))
    made += ["**"] * strong + ["*"] * emphasis
    text = "".join(made)
    return f"\\{text}" if _LIKE_ITEM.match(text) and text[0] != "1" else _LIKE_NUMBER.sub(r"\1\\\2", text)


_LIKE_NUMBER = re.compile(r"^(1)([.)])(?=[ \t]|$)")


def _without_edges(spans: Spans) -> Iterator[Span]:
    """The same, no mark beside a blank: it would not be one."""
    for one in spans:
        words = one.text.strip(" ")
        if words == one.text or not (one.strong or one.emphasis):
            yield one
            continue
        start = one.text.index(words) if words else len(one.text)
        yield Span(one.text[:start])
        if words:
            yield replace(one, text=words)
            yield Span(one.text[start + len(words) :])
