"""The drawings of a report: ranges of pillars, of each unit, and where the crossing points lie."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pasaj.assess.models import Sort
from pasaj.assess.queries.report.material import Material, anchor_of, tone
from pasaj.assess.queries.words import NONE, SORTS, ranged
from pasaj.core import charts
from pasaj.core.report import Block, Picture, paragraph
from pasaj.core.scoring import Range
from pasaj.registry import queries as registry
from pasaj.registry.models import CrossingPoint

TOP = 4
PANELS = 12  # small pictures that stand on one page


def pillars(said: Material) -> list[Block]:
    """A bar for each pillar and one for all; the round before below it."""
    scores, before = said.found.scores, said.earlier.scores if said.earlier else None
    rows = [
        _bar(f"{code} {said.name(code)}", scores.pillars.get(code), before.pillars.get(code) if before else None)
        for code in said.found.pillars
    ]
    rows.append(_bar(_("All pillars"), scores.country, before.country if before else None, strong=True))
    drawn = charts.bars(
        rows,
        charts.PRINT,
        anchors=(_("lowest"), "", "", "", _("highest")),
        now=said.row.code,
        before=said.earlier.round.code if said.earlier else "",
    )
    told = "; ".join(f"{one.label}: {one.said}" for one in rows)
    return [Picture(_("The pillars from the lowest to the highest score possible"), said.source, drawn, told,
                    anchor="figure-pillars")]  # fmt: skip


def units(said: Material, sort: str) -> list[Block]:
    """A small picture for each unit of a sort, with the pillars that it was asked about."""
    codes = [one.code for one in said.units_of(sort)]
    short = _shortened(codes)
    panels = [panel for code in codes if (panel := _panel(said, code, short[code])).bars]
    found: list[Block] = []
    for at in range(0, len(panels), PANELS):
        shown = panels[at : at + PANELS]
        svg = charts.multiples(shown, charts.PRINT, top=TOP)
        caption = _("Ranges by pillar: {sort}").format(sort=str(SORTS[sort]).lower())
        told = "; ".join(f"{one.title}: " + ", ".join(f"{bar.label} {bar.said}" for bar in one.bars) for one in shown)
        found.append(Picture(caption, said.source, svg, told, anchor=anchor_of("figure", sort, str(at + 1))))
    return found


def places(said: Material) -> list[Block]:
    """The crossing points on the map of the pack. Only those that stand on every chart are: a report travels."""
    home = registry.home()
    shapes = charts.land(home.layers) if home else ()
    known = [one.code for one in said.units_of(Sort.CROSSING_POINT)]
    rows = CrossingPoint.objects.filter(code__in=known).exclude(CrossingPoint.PROTECTED)
    located = list(rows.exclude(lat=None).exclude(lon=None).order_by("code"))
    if not home or not located:
        return []
    short = _shortened(known)
    spots = [
        charts.Spot(float(one.lon or 0), float(one.lat or 0), f"{short[one.code]} {_said(_whole(said, one.code))}",
                    tone(_whole(said, one.code)), doubtful=bool(one.precision_km and one.precision_km > 1))
        for one in located
    ]  # fmt: skip
    legend = [(f"s{point}", _("about {point}").format(point=point)) for point in range(TOP + 1)]
    legend.append(("muted", _("wider than one point, or not observed")))
    svg = charts.map_of(
        shapes,
        spots,
        charts.PRINT,
        legend=legend,
        unplaced=_("Not on the map for lack of room:"),
        doubtful=_("known to within some kilometres"),
    )
    credits = sorted({str(one["attribution"]) for one in home.layers.values() if one.get("attribution")})
    told = "; ".join(f"{one.code} {one.name}: {_said(_whole(said, one.code))}" for one in located)
    picture = Picture(
        _("The crossing points and their scores over all pillars"),
        " ".join([said.source, _("Map: layers of the pack {pack}.").format(pack=home.code), *credits]),
        svg,
        told,
        anchor="figure-map",
    )
    hidden = len(known) - len(located)
    told = _("Crossing points that are not on the map, because their position is protected or not known: {count}.")
    return [picture, *([paragraph(told.format(count=hidden))] if hidden else [])]


def _panel(said: Material, unit: str, short: str) -> charts.Panel:
    rows = [(code, said.found.scores.unit_pillars.get((unit, code))) for code in said.found.pillars]
    return charts.Panel(
        f"{short} {said.name(unit)}", tuple(_bar(code, value) for code, value in rows if value is not None)
    )


def _bar(label: str, value: Range | None, before: Range | None = None, *, strong: bool = False) -> charts.Bar:
    seen = value is not None and value.observed > 0
    return charts.Bar(
        label,
        value.low if value is not None and seen else None,
        value.high if value is not None and seen else None,
        _said(value),
        (before.low, before.high) if before is not None else None,
        strong,
    )


def _said(value: Range | None) -> str:
    return ranged(value) if value is not None and value.observed > 0 else NONE


def _whole(said: Material, unit: str) -> Range | None:
    return said.found.scores.units.get(unit)


def _shortened(codes: list[str]) -> dict[str, str]:
    """Codes without the part that all have in common."""
    parts = [one.split("-") for one in codes]
    same = 0
    while min(len(one) for one in parts) > same + 1 and len({one[same] for one in parts}) == 1:
        same += 1
    return {code: "-".join(one[same:]) for code, one in zip(codes, parts, strict=True)}
