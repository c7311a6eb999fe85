"""A calendar drawn by the server: bars, quarters, today, and arrows from what must be done before."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pasaj.core.policy.schedule import Bar, Gantt
from pasaj.policy.queries.calendar import WIDTH, Row

LEFT, ROW, HEAD, BAR = 90, 20, 24, 12
LATE = ("overdue", "not_begun")
LOOK = {"done": (1, False), "running": (0.55, False), "dropped": (0.15, False)}


def drawn(found: Gantt, rows: Sequence[Row]) -> SafeString:
    """The picture; a table beside it says the same in words."""
    height = HEAD + ROW * len(rows) + 6
    bars = format_html_join("", "{}", ((_bar(bar, rows[bar.row]),) for bar in found.bars))
    arrows = format_html_join(
        "",
        '<path d="M{} {}h4V{}H{}" fill="none" stroke="currentColor" opacity=".45"/>',
        ((_n(LEFT + one.x1), _n(_middle(one.row1)), _n(_middle(one.row2)), _n(LEFT + one.x2)) for one in found.arrows),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" width="100%" role="img" aria-label="{}" font-size="11">{}{}{}{}</svg>',
        LEFT + WIDTH + 4, height, _("Calendar of the actions; the table below says the same."),
        _ticks(found, height), arrows, bars, _today(found, height),
    )  # fmt: skip


def _middle(row: int) -> float:
    return HEAD + ROW * row + ROW / 2


def _n(value: float) -> str:
    return f"{value:.1f}"


def _bar(bar: Bar, row: Row) -> SafeString:
    opacity, _open = LOOK.get(row.action.state, (0.0, True))
    y = _middle(bar.row) - BAR / 2
    return format_html(
        '<g class="{}"><text x="0" y="{}" fill="currentColor">{}</text>'
        '<rect x="{}" y="{}" width="{}" height="{}" fill="currentColor" fill-opacity="{}" stroke="currentColor"/>'
        "<title>{}</title></g>",
        "state-alert" if row.pace.state in LATE else "state-plain",
        _n(_middle(bar.row) + 4), row.short,
        _n(LEFT + bar.x), _n(y), _n(max(bar.width, 2)), BAR, opacity, f"{row.short} {row.text}",
    )  # fmt: skip


def _ticks(found: Gantt, height: int) -> SafeString:
    return format_html_join(
        "",
        '<path d="M{} {}V{}" stroke="currentColor" opacity="{}"/>{}',
        (
            (_n(LEFT + x), HEAD - 4, height, ".4" if quarter.number == 1 else ".12", _label(x, quarter.year)
             if quarter.number == 1 else "")
            for x, quarter in found.ticks
        ),
    )  # fmt: skip


def _label(x: float, year: int) -> SafeString:
    return format_html('<text x="{}" y="14" fill="currentColor">{}</text>', _n(LEFT + x + 3), str(year))


def _today(found: Gantt, height: int) -> SafeString:
    if found.today is None:
        return SafeString("")
    return format_html(
        '<path d="M{} {}V{}" stroke="currentColor" stroke-width="2" stroke-dasharray="4 3"/>',
        _n(LEFT + found.today), HEAD - 8, height,
    )  # fmt: skip
