"""A reply as it came back: its paragraphs, each with its clause, who changed what when, and the comments.

Read are `w:ins`, `w:del`, `w:moveFrom`, `w:moveTo` around runs and at the ends of paragraphs, comments, footnotes,
text boxes and tables (paragraph by paragraph). Fields show what they showed last. Looks other than strong and emphasis
are not read, and neither are headers and footers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pasaj.core.problems import Refused, problem
from pasaj.core.word import names
from pasaj.core.word.opening import parts
from pasaj.core.word.package import PROPERTY
from pasaj.core.word.shapes import DocumentId, Paragraph, Passage, Piece, Remark, Reply, Touch
from pasaj.core.word.xml import WORD

DEEPEST = 60
MOST_PASSAGES = 20_000
LONGEST_NAME = 200
_W = f"{{{WORD}}}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CHANGES = frozenset({"ins", "del", "moveFrom", "moveTo"})
_SIGNS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-", "ptab": " "}
_STYLES: dict[str, tuple[Paragraph, int]] = {"list bullet": ("bullet", 0), "list number": ("number", 0)}


def passages(data: bytes) -> Reply:
    """What a file holds. Raises Refused as `opening.parts` does, CONS-007 also for too many or too deep paragraphs."""
    found = parts(data)
    reader = _Reader(found)
    reader.walk(found["document"])
    return Reply(
        reader.document(),
        tuple(reader.passages),
        tuple(reader.comments()),
    )


@dataclass(slots=True)
class _Token:
    """What stands in a paragraph: a piece, or an end of a bookmark, or a mark of a comment or note."""

    kind: str  # piece, open, close, comment, over, note
    name: str = ""
    piece: Piece | None = None


@dataclass(slots=True)
class _Hung:
    """Where a comment hangs."""

    passage: int = -1
    quoted: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, found: dict[str, Any]) -> None:
        self.parts = found
        self.styles = _styles(found.get("styles"))
        self.lists = _lists(found.get("numbering"))
        self.addresses = _addresses(found.get("relations"))
        self.passages: list[Passage] = []
        self.begun: set[str] = set()
        self.open: list[str] = []  # the bookmark that has begun and not ended: ours never lie in each other
        self.hung: dict[str, _Hung] = {}
        self.hanging: set[str] = set()
        self.notes: list[tuple[str, str, int]] = []  # kind, number, passage
        root = found["document"]
        self.starts, self.ends = _bookmarks(root)

    # Paragraphs

    def walk(self, node: Any, where: str = "body", deep: int = 0) -> None:
        """The paragraphs under a node, in order."""
        if deep > DEEPEST:
            raise Refused(problem("CONS-007"))
        for child in node:
            name = _name(child)
            if name == "p":
                if len(self.passages) >= MOST_PASSAGES:
                    raise Refused(problem("CONS-007"))
                self.paragraph(child, where, deep)
            elif name in {"bookmarkStart", "bookmarkEnd"}:
                self.step(_Token("open" if name == "bookmarkStart" else "close", self.bookmark(child)))
            elif name not in {"sectPr", "tblPr", "sdtPr", "Fallback"}:
                self.walk(child, where, deep + 1)

    def paragraph(self, node: Any, where: str, deep: int) -> None:
        tokens: list[_Token] = []
        boxes: list[Any] = []
        self.inline(node, (), tokens, boxes, deep)
        kind, level, label = self.kind(node)
        ending = tuple(
            _touch(one) for mark in node.iterfind(f"{_W}pPr/{_W}rPr") for one in mark if _name(one) in _CHANGES
        )
        made = self.shared(tokens)
        for at, (clause, pieces) in enumerate(made):
            last = at == len(made) - 1
            said = "".join(one.text for one in pieces).strip() if label else ""
            self.passages.append(Passage(clause, kind, level, pieces, ending if last else (), said, where, not last))
        for box in boxes:
            self.walk(box, "box", deep + 1)

    def shared(self, tokens: list[_Token]) -> list[tuple[str, list[Piece]]]:
        """The paragraph as one or more parts, each of one clause: it was joined from several if there are more."""
        owners, current = _owners(tokens, list(self.open))
        made: list[tuple[str, list[Piece]]] = []
        at = 0
        for token in tokens:
            owner = owners[min(at, len(owners) - 1)] if owners else current
            if not made or (token.piece is not None and made[-1][0] != owner):
                made.append((owner, []))
            if token.piece is not None:
                at += 1
                made[-1][1].append(token.piece)
            self.step(token, len(self.passages) + len(made) - 1)
        return made or [(current, [])]

    def step(self, token: _Token, passage: int = -1) -> None:
        """What a token means for what follows: bookmarks and comments begin and end."""
        if token.kind == "open" and token.name:
            self.open = [token.name]
        elif token.kind == "close" and token.name in self.open:
            self.open = []
        elif token.kind == "comment":
            self.hung.setdefault(token.name, _Hung(passage))
            self.hanging.add(token.name)
        elif token.kind == "over":
            self.hung.setdefault(token.name, _Hung(passage))
            self.hanging.discard(token.name)
        elif token.kind in {"footnote", "endnote"}:
            self.notes.append((token.kind, token.name, passage))
        elif token.piece is not None:
            for number in self.hanging:
                self.hung[number].quoted.append(token.piece.text)

    def kind(self, node: Any) -> tuple[Paragraph, int, bool]:
        """What sort of paragraph it is, how deep, and whether it is styled as the line of a code."""
        style = node.find(f"{_W}pPr/{_W}pStyle")
        name = self.styles.get(_value(style), "")
        listed = node.find(f"{_W}pPr/{_W}numPr")
        if listed is not None:
            number, depth = (_value(listed.find(f"{_W}{one}")) for one in ("numId", "ilvl"))
            level = min(int(depth), 8) if depth.isdigit() else 0
            if number not in {"", "0"} and not name.startswith("heading"):
                return self.lists.get((number, level), "bullet"), level, False
        if name.startswith("heading ") and name[8:].isdigit():
            return "heading", int(name[8:]), False
        if name in _STYLES:
            return (*_STYLES[name], False)
        return "text", 0, name == "pasaj clause"

    # Runs

    def inline(self, node: Any, touches: tuple[Touch, ...], tokens: list[_Token], boxes: list[Any], deep: int) -> None:
        if deep > DEEPEST:
            raise Refused(problem("CONS-007"))
        for child in node:
            name = _name(child)
            if name == "r":
                self.run(child, touches, tokens, boxes, deep)
            elif name in _CHANGES:
                self.inline(child, (*touches, _touch(child)), tokens, boxes, deep + 1)
            elif name in {"bookmarkStart", "bookmarkEnd"}:
                tokens.append(_Token("open" if name == "bookmarkStart" else "close", self.bookmark(child)))
            elif name in {"commentRangeStart", "commentRangeEnd"}:
                tokens.append(_Token("comment" if name == "commentRangeStart" else "over", _attribute(child, "id")))
            elif name == "hyperlink":
                before = len(tokens)
                self.inline(child, touches, tokens, boxes, deep + 1)
                self.linked(tokens[before:], child.get(f"{_R}id", ""))
            elif name not in {"pPr", "sdtPr", "Fallback"}:
                self.inline(child, touches, tokens, boxes, deep + 1)

    def linked(self, tokens: list[_Token], key: str) -> None:
        for token in tokens:
            if token.piece is not None and key in self.addresses:
                token.piece = replace(token.piece, address=self.addresses[key])

    def run(self, node: Any, touches: tuple[Touch, ...], tokens: list[_Token], boxes: list[Any], deep: int) -> None:
        look = node.find(f"{_W}rPr")
        strong, emphasis = (_on(look, name) for name in ("b", "i"))
        said: list[str] = []
        for child in node:
            name = _name(child)
            if name in {"t", "delText"}:
                said.append(child.text or "")
            elif name in _SIGNS:
                said.append("" if child.get(f"{_W}type") == "page" else _SIGNS[name])
            elif name == "commentReference":
                tokens.append(_Token("over", _attribute(child, "id")))
            elif name in {"footnoteReference", "endnoteReference"}:
                tokens.append(_Token(name.removesuffix("Reference"), _attribute(child, "id")))
            elif name in {"drawing", "pict", "object", "AlternateContent"}:
                boxes += [one for one in child.iter(f"{_W}txbxContent") if not _fallback(one, child)]
        if any(said):
            piece = Piece("".join(said), touches, strong, emphasis)
            tokens.append(_Token("piece", piece=piece))

    # What hangs on the text

    def bookmark(self, node: Any) -> str:
        """The name, at its first beginning and at its last end; nothing in between and for other bookmarks."""
        number = _attribute(node, "id")
        name = self.starts.get(number, "")
        if names.anchored(name) is None or not self.ends[name]:
            return ""
        if _name(node) == "bookmarkEnd":
            return name if self.ends[name] == number else ""
        if name in self.begun:
            return ""
        self.begun.add(name)
        return name

    def document(self) -> DocumentId | None:
        """What the property of the file says, else the bookmark in its title."""
        custom = self.parts.get("custom")
        for one in custom if custom is not None else ():
            if one.get("name") == PROPERTY:
                said = "".join(one.itertext()).strip().split("|")
                if len(said) == 4 and said[3].isdigit() and len(said[3]) <= 6:
                    return DocumentId(said[0], said[1], said[2], int(said[3]))
        return next(filter(None, map(names.named_document, self.starts.values())), None)

    def comments(self) -> Iterator[Remark]:
        """Comments in the margin, then footnotes and endnotes, which nobody else writes."""
        for node in _children(self.parts.get("comments"), "comment"):
            number = _attribute(node, "id")
            hung = self.hung.get(number, _Hung())
            text, quoted = _paragraphs(node), " ".join("".join(hung.quoted).split())
            if text:
                yield Remark(number, _author(node), _attribute(node, "date"), text, quoted, hung.passage)
        for kind, number, passage in self.notes:
            for node in _children(self.parts.get(f"{kind}s"), kind):
                if _attribute(node, "id") == number and _paragraphs(node):
                    yield Remark(f"{kind} {number}", "", "", _paragraphs(node), "", passage)


def _owners(tokens: list[_Token], before: list[str]) -> tuple[list[str], str]:
    """For each piece of a paragraph the bookmark it belongs to, and the one of a paragraph without pieces.

    A piece belongs to the bookmark around it; typed behind one it belongs to that, typed before the first to the
    first. Bookmarks that nothing is in count only where there is no other. Each was sent around one paragraph: where
    one begins, the one before has ended, whatever the file says.
    """
    now, owners, ended = list(before), list[str](), ""
    for token in tokens:
        if token.kind == "open" and token.name:
            now = [token.name]
        elif token.kind == "close" and token.name in now:
            now = []
        elif token.piece is not None:
            owners.append(now[-1] if now else ended)
            ended = owners[-1]
    filled = [one for one in owners if one]
    bare = next((one.name for one in tokens if one.kind == "open" and one.name), before[-1] if before else "")
    first = filled[0] if filled else bare
    return [one or first for one in owners], first


def _bookmarks(root: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Names by number, and by name the number of its last end ("" where it has none)."""
    starts: dict[str, str] = {}
    ends: dict[str, str] = {}
    for node in root.iter(f"{_W}bookmarkStart", f"{_W}bookmarkEnd"):
        number = _attribute(node, "id")
        if _name(node) == "bookmarkStart":
            starts[number] = _attribute(node, "name")[:80]
            ends.setdefault(starts[number], "")
        elif number in starts:
            ends[starts[number]] = number
    return starts, ends


def _styles(root: Any) -> dict[str, str]:
    return {
        one.get(f"{_W}styleId", ""): _value(one.find(f"{_W}name")).lower()
        for one in _children(root, "style")
        if one.get(f"{_W}type") == "paragraph"
    }


def _lists(root: Any) -> dict[tuple[str, int], Paragraph]:
    """By number of a list and depth: bullets or numbers."""
    kinds: dict[tuple[str, str], Paragraph] = {}
    for one in _children(root, "abstractNum"):
        for level in _children(one, "lvl"):
            bullets = _value(level.find(f"{_W}numFmt")) == "bullet"
            kinds[_attribute(one, "abstractNumId"), _attribute(level, "ilvl")] = "bullet" if bullets else "number"
    found: dict[tuple[str, int], Paragraph] = {}
    for one in _children(root, "num"):
        abstract = _value(one.find(f"{_W}abstractNumId"))
        for (key, depth), kind in kinds.items():
            if key == abstract and depth.isdigit():
                found[_attribute(one, "numId"), int(depth)] = kind
    return found


def _addresses(root: Any) -> dict[str, str]:
    """Where links lead that lead outside over https."""
    return {
        one.get("Id", ""): one.get("Target", "")
        for one in (root if root is not None else ())
        if one.get("TargetMode") == "External" and one.get("Target", "").startswith("https://")
    }


def _touch(node: Any) -> Touch:
    return Touch(_name(node), _author(node), _attribute(node, "date")[:40])


def _author(node: Any) -> str:
    return " ".join(_attribute(node, "author").split())[:LONGEST_NAME]


def _paragraphs(node: Any) -> str:
    """The words of a comment; two texts in one run stand for two lines, as LibreOffice writes them."""
    lines = []
    for one in node.iter(f"{_W}p"):
        said: list[str] = []
        for child in one.iter(f"{_W}t", f"{_W}br", f"{_W}tab"):
            before = child.getprevious()
            if _name(child) != "t" or (before is not None and _name(before) == "t"):
                said.append(" " if _name(child) == "tab" else "\n")
            said.append(child.text or "")
        lines.append("".join(said).strip())
    return "\n".join(one for one in lines if one)


def _fallback(node: Any, top: Any) -> bool:
    """Word writes a text box twice, the second time for older readers."""
    while node is not top:
        node = node.getparent()
        if _name(node) == "Fallback":
            return True
    return False


def _on(look: Any, name: str) -> bool:
    found = look.find(f"{_W}{name}") if look is not None else None
    return found is not None and _value(found) not in {"0", "false", "off"}


def _children(root: Any, name: str) -> Iterator[Any]:
    return root.iterfind(f"{_W}{name}") if root is not None else iter(())


def _value(node: Any) -> str:
    return _attribute(node, "val") if node is not None else ""


def _attribute(node: Any, name: str) -> str:
    found: str = node.get(f"{_W}{name}", "")
    return found


def _name(node: Any) -> str:
    name: str = node.tag
    return name.rpartition("}")[2]
