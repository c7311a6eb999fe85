"""The network as a drawing: boxes with codes, arrows whose line says what both ends say of the exchange.

Geometry is plain numbers; `svg` writes it with attributes and classes only. A state is told by the kind of line,
never by colour alone: confirmed is drawn through, disputed dashed, said by one end alone dotted.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

from pasaj.core.mapping.exchange import DISPUTED, HALF, Tie
from pasaj.core.mapping.graph import build
from pasaj.core.mapping.layout import NOTHING, Point, fitted, spread_out, stress

LINES = ("confirmed", "disputed", "half", "planned")
"""Kinds of links, the one that counts most first: what layers together show is the first that any of them has."""
DASHES: Mapping[str, str] = MappingProxyType({"disputed": "7 4", "half": "1.5 3.5", "planned": "11 3 2 3"})

FONT = "'DejaVu Sans Mono', monospace"
CHARACTER = 8.2
"""Width of a character of the codes, in units of the drawing (13 units tall, fixed width)."""
TALL = 24.0
PADDING = 14.0
GAP = 16.0
MARGIN = 10.0
ROW = 34.0
BENDS = (0.0, 28.0, -28.0, 56.0, -56.0)
"""How far a link may bend, half of it to be seen, to pass beside a box instead of behind it."""
PAIRED = (22.0, 50.0)
SAMPLES = 24
"""Points of a line at which it is looked for boxes."""
CLEAR = 3.0
"""Between the end of a link and the box."""
HEAD = 8.0


@dataclass(frozen=True, slots=True)
class Link:
    """Who tells whom, of one of LINES."""

    sender: str
    receiver: str
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    """An institution; x and y are its middle. alone: nothing is drawn to or from it."""

    code: str
    x: float
    y: float
    width: float
    height: float
    alone: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn link: from start over bend to end. both: it goes both ways and has two heads."""

    sender: str
    receiver: str
    kind: str
    both: bool
    start: Point
    bend: Point
    end: Point


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is drawn, the corner of the paper being zero. Those who stand alone are the last rows."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a drawing that stands without a style sheet, as on paper."""

    ink: str = "#000000"
    paper: str = "#ffffff"
    muted: str = "#565b60"
    confirmed: str = "#0b665d"
    disputed: str = "#683a9b"
    half: str = "#54585e"
    planned: str = "#1d4a94"


def links(ties: Iterable[Tie]) -> tuple[Link, ...]:
    """What is drawn of exchanges: all layers laid over each other; what nobody says is exchanged is not drawn."""
    found: dict[tuple[str, str], str] = {}
    for tie in ties:
        kind = kind_of(tie.state)
        if kind:
            before = found.get(tie.arc)
            found[tie.arc] = kind if before is None else min(before, kind, key=LINES.index)
    return tuple(Link(*arc, kind) for arc, kind in found.items())


def kind_of(state: str) -> str:
    """The kind of line of a state of exchange; empty where there is none."""
    if state == "confirmed":
        return "confirmed"
    return "disputed" if state in DISPUTED else "half" if state in HALF else ""


def draw(institutions: Sequence[str], given: Iterable[Link], *, width: float = 960.0) -> Drawing:
    """The drawing of a network, about `width` across (more where its boxes need it).

    Who has no link stands in rows under the rest. Raises Refused as `graph.build` does (MAPPING-001 to 003).
    """
    known = {(one.sender, one.receiver): one.kind for one in given}
    linked = {end for arc in known for end in arc}
    graph = build([one for one in institutions if one in linked], known)
    alone = [one for one in institutions if one not in linked]
    sizes = {one: (len(one) * CHARACTER + PADDING, TALL) for one in institutions}
    tall = 100.0 * math.sqrt(len(graph.nodes))
    places = spread_out(fitted(stress(graph), width * 0.86, tall), sizes, GAP)
    boxes = [Box(node, x, y, *sizes[node], alone=False) for node, (x, y) in places.items()]
    left, top = (min((middle - size / 2 for middle, size in one), default=0.0) for one in _sides(boxes))
    right, low = (max((middle + size / 2 for middle, size in one), default=0.0) for one in _sides(boxes))
    across = max(width, right - left + 2 * MARGIN)
    shift = (across - (right - left)) / 2 - left
    boxes = [Box(one.code, one.x + shift, one.y - top + MARGIN, one.width, one.height, alone=False) for one in boxes]
    under = low - top + MARGIN if boxes else 0.0
    rows = _rows(alone, sizes, across, under)
    bottom = max((one.y + one.height / 2 for one in (*boxes, *rows)), default=0.0) + MARGIN
    lines = _lines(known, {one.code: one for one in boxes})
    return Drawing(across, bottom, (*boxes, *rows), lines)


def _sides(boxes: Iterable[Box]) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    return [(one.x, one.width) for one in boxes], [(one.y, one.height) for one in boxes]


def _rows(alone: Iterable[str], sizes: Mapping[str, tuple[float, float]], across: float, top: float) -> list[Box]:
    """Boxes one beside the other, in as many rows as they need."""
    found, x, y = [], MARGIN, top + ROW
    for code in alone:
        wide, tall = sizes[code]
        if x > MARGIN and x + wide > across - MARGIN:
            x, y = MARGIN, y + ROW
        found.append(Box(code, x + wide / 2, y, wide, tall, alone=True))
        x += wide + GAP / 2
    return found


def _lines(known: Mapping[tuple[str, str], str], boxes: Mapping[str, Box]) -> tuple[Line, ...]:
    rank = {code: at for at, code in enumerate(boxes)}
    found = []
    for (sender, receiver), kind in known.items():
        back = known.get((receiver, sender))
        if back == kind and rank[receiver] < rank[sender]:
            continue  # the other of the two is drawn with two heads
        way = _Way(boxes[sender], boxes[receiver], kind, both=back == kind)
        # Of two opposite links of different kinds each bends to its own left, so that they never lie on each other.
        found.append(way.clearest(PAIRED if back not in (None, kind) else BENDS, list(boxes.values())))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Way:
    """A link between two boxes before it is known how far it bends."""

    one: Box
    other: Box
    kind: str
    both: bool

    def clearest(self, bends: Sequence[float], boxes: Sequence[Box]) -> Line:
        """The first bend whose line passes behind the fewest other boxes."""
        lines = [self._line(bend) for bend in bends]
        others = [box for box in boxes if box not in (self.one, self.other)]
        return min(lines, key=lambda line: _hidden(line, others))

    def _line(self, bend: float) -> Line:
        one, other = self.one, self.other
        wide, tall = other.x - one.x, other.y - one.y
        length = math.hypot(wide, tall)
        middle = (one.x + other.x) / 2 - tall / length * bend, (one.y + other.y) / 2 + wide / length * bend
        return Line(one.code, other.code, self.kind, self.both, _edge(one, middle), middle, _edge(other, middle))


def _hidden(line: Line, boxes: Sequence[Box]) -> int:
    """Behind how many boxes a line passes."""
    points = [_at(line, step / SAMPLES) for step in range(1, SAMPLES)]
    return sum(
        any(abs(x - box.x) < box.width / 2 + CLEAR and abs(y - box.y) < box.height / 2 + CLEAR for x, y in points)
        for box in boxes
    )


def _at(line: Line, part: float) -> Point:
    """A point on a line, 0 its start and 1 its end."""
    rest = 1 - part
    weights = rest * rest, 2 * rest * part, part * part
    ends = line.start, line.bend, line.end
    x, y = (sum(weight * end[axis] for weight, end in zip(weights, ends, strict=True)) for axis in (0, 1))
    return x, y


def _edge(box: Box, to: Point) -> Point:
    """Where the way from the middle of a box to a point leaves the box, a little outside it."""
    wide, tall = to[0] - box.x, to[1] - box.y
    half = box.width / 2 + CLEAR, box.height / 2 + CLEAR
    shares = [size / abs(way) for size, way in zip(half, (wide, tall), strict=True) if abs(way) > NOTHING]
    share = min(shares)
    return box.x + wide * share, box.y + tall * share


def svg(
    drawing: Drawing,
    label: str,
    *,
    palette: Palette | None = None,
    marked: Collection[str] = (),
    focus: str = "",
) -> str:
    """The drawing as an SVG element.

    label: what it says to those who do not see it. Without a palette colours come from the style sheet of the
    page, by class. marked: institutions with a double frame; focus: what does not touch this one is faint.
    """
    size = f"{_n(drawing.width)} {_n(drawing.height)}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="network" viewBox="0 0 {size}" role="img"'
        f' aria-label="{escape(label)}">'
    ]
    faint = [one for one in drawing.lines if focus and focus not in (one.sender, one.receiver)]
    near = [one for one in drawing.lines if one not in faint]
    touched = {focus, *(end for one in near for end in (one.sender, one.receiver))} if focus else None
    parts += [_line_svg(one, palette, faint=True) for one in faint]
    parts += [_line_svg(one, palette, faint=False) for one in near]
    for box in drawing.boxes:
        pale = touched is not None and box.code not in touched
        parts.append(_box_svg(box, palette, double=box.code in marked, faint=pale))
    return "".join([*parts, "</svg>"])


def sample(kind: str, *, palette: Palette | None = None) -> str:
    """A short piece of a kind of line, for the legend; the word beside it speaks."""
    line = Line("", "", kind, both=False, start=(0.0, 6.0), bend=(20.0, 6.0), end=(40.0, 6.0))
    inner = _line_svg(line, palette, faint=False)
    return f'<svg class="network-sample" viewBox="0 0 42 12" width="42" height="12" aria-hidden="true">{inner}</svg>'


def _line_svg(line: Line, palette: Palette | None, *, faint: bool) -> str:
    (x, y), (bx, by), (ex, ey) = line.start, line.bend, line.end
    path = f"M{_n(x)} {_n(y)}Q{_n(bx)} {_n(by)} {_n(ex)} {_n(ey)}"
    heads = _head(line.bend, line.end) + (_head(line.bend, line.start) if line.both else "")
    dash = f' stroke-dasharray="{DASHES[line.kind]}"' if line.kind in DASHES else ""
    colour: str = getattr(palette, line.kind) if palette else ""
    stroke = f' stroke="{colour}" stroke-width="1.5"' if palette else ""
    fill = f' fill="{colour}"' if palette else ""
    name = f"network-line network-{line.kind}{' network-faint' if faint else ''}"
    pale = ' opacity="0.2"' if faint else ""
    return (
        f'<g class="{name}"{pale}><path class="network-way" fill="none"{stroke}{dash} d="{path}"/>'
        f'<path class="network-head"{fill} d="{heads}"/></g>'
    )


def _head(bend: Point, end: Point) -> str:
    """A triangle whose tip is at the end of a line."""
    turn = math.atan2(end[1] - bend[1], end[0] - bend[0])
    backs = [(HEAD * math.cos(turn + side), HEAD * math.sin(turn + side)) for side in (-0.42, 0.42)]
    corners = [end, *((end[0] - x, end[1] - y) for x, y in backs)]
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in corners) + "z"


def _box_svg(box: Box, palette: Palette | None, *, double: bool, faint: bool) -> str:
    colour = (palette.muted if box.alone else palette.ink) if palette else ""
    frame = f' fill="{palette.paper}" stroke="{colour}"' if palette else ""
    text = f' fill="{colour}"' if palette else ""
    dash = ' stroke-dasharray="3 3"' if box.alone else ""
    name = f"network-box{' network-alone' if box.alone else ''}{' network-pale' if faint else ''}"
    frames = _frame(box, 0.0, frame + dash)
    if double:
        frames += _frame(box, 3.0, frame)
    return (
        f'<g class="{name}">{frames}<text class="network-code" x="{_n(box.x)}" y="{_n(box.y + 4.5)}"'
        f' text-anchor="middle" font-size="13" font-family="{FONT}"{text}>{escape(box.code)}</text></g>'
    )


def _frame(box: Box, inset: float, rest: str) -> str:
    wide, tall = box.width - 2 * inset, box.height - 2 * inset
    x, y = box.x - wide / 2, box.y - tall / 2
    return f'<rect class="network-frame" x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(tall)}" rx="2"{rest}/>'


def _n(value: float) -> str:
    """A number with one decimal at most, never a negative zero."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")
