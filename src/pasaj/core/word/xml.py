"""WordprocessingML (ISO/IEC 29500-1, 17) as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from pasaj.core.report import Span
from pasaj.core.word.shapes import Touch

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# What XML cannot hold, and what turns the direction of all that follows.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def shown(text: str) -> str:
    """The text with a mark in place of each letter that no file can hold."""
    return _UNSHOWN.sub("\ufffd", text)


def tag(name: str, /, *inside: str, **attributes: str | int) -> str:
    """`tag("tab", val="right")` is `<w:tab w:val="right"/>`."""
    said = "".join(f" w:{key}={quoteattr(shown(str(value)))}" for key, value in attributes.items())
    body = "".join(inside)
    return f"<w:{name}{said}>{body}</w:{name}>" if body else f"<w:{name}{said}/>"


def words(text: str, *, gone: bool = False) -> str:
    """`w:t`, or `w:delText` for what is taken out."""
    name = "delText" if gone else "t"
    return f'<w:{name} xml:space="preserve">{escape(shown(text))}</w:{name}>' if text else ""


def run(text: str, *, strong: bool = False, emphasis: bool = False, style: str = "", gone: bool = False) -> str:
    """`w:r`."""
    look = (tag("rStyle", val=style) if style else "") + (tag("b") if strong else "") + (tag("i") if emphasis else "")
    return tag("r", tag("rPr", look) if look else "", words(text, gone=gone)) if text else ""


def spoken(
    spans: Iterable[Span], link: Callable[[str], str], *, around: Callable[[str], str] = str, gone: bool = False
) -> str:
    """Runs with their looks. `link`: the relation to an address; `around`: what to put around a run (inside a link)."""
    made = []
    for one in spans:
        said = run(one.text, strong=one.strong, emphasis=one.emphasis, gone=gone)
        said = around(said) if said else ""
        if one.address.startswith("https://") and said:
            said = f'<w:hyperlink r:id="{link(one.address)}" w:history="1">{said}</w:hyperlink>'
        made.append(said)
    return "".join(made)


def field(instruction: str, shows: str) -> str:
    """A field with what it showed last."""
    code = f'<w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText>'
    marks = [tag("r", tag("fldChar", fldCharType=kind)) for kind in ("begin", "separate", "end")]
    return f"{marks[0]}{tag('r', code)}{marks[1]}{run(shows)}{marks[2]}"


class Numbers:
    """Numbers of bookmarks and changes: each is used once in a file."""

    def __init__(self) -> None:
        self._ids = count(1)

    def next(self) -> int:
        return next(self._ids)

    def around(self, name: str, inside: str) -> str:
        """The same, between the two ends of a bookmark."""
        start, end = self.bookmark(name)
        return f"{start}{inside}{end}"

    def bookmark(self, name: str) -> tuple[str, str]:
        """The two ends of a bookmark."""
        number = self.next()
        return tag("bookmarkStart", id=number, name=name), tag("bookmarkEnd", id=number)

    def changed(self, touch: Touch, inside: str = "") -> str:
        """A change around some runs, or alone as the change to the end of a paragraph."""
        when = {"date": touch.at} if touch.at else {}
        return tag(touch.kind, inside, id=self.next(), author=touch.author, **when)


def paragraph(style: str, inside: str, *settings: str, ending: str = "") -> str:
    """`w:p`; `ending` is the change to its end."""
    look = tag("rPr", ending) if ending else ""
    return tag("p", tag("pPr", tag("pStyle", val=style), *settings, look), inside)


def pieces(template: str) -> Iterator[str]:
    """`{number} of {count}` in its three pieces."""
    return (one for one in re.split(r"(\{\w+\})", template) if one)
