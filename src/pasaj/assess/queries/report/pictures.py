"""Drawings of a report: ranges as bars, pillars side by side, crossing points on the map."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pasaj.access.rules import SYSTEM
from pasaj.assess.models import Sort
from pasaj.assess.queries.report.changes import moved
from pasaj.assess.queries.report.material import Material, chapter, text, tone
from pasaj.assess.queries.words import number, ranged
from pasaj.core import scoring
from pasaj.core.charts import PRINT, Bar, Panel, Spot, bars, land, map_of, multiples
from pasaj.core.framework import POINTS
from pasaj.core.report import Block, Picture
from pasaj.registry import queries as registry
from pasaj.registry.models import CrossingPoint, Home

TOP = POINTS[-1]
ABREAST = 3  # small pictures beside each other
SHADES = ("s0", "s1", "s2", "s3", "s4")


def pillars(said: Material) -> list[Block]:
    """The pillars in the country as bars on the scale, with those of the round before under them."""
    scores = said.found.scores
    before = {one.code: one.old for one in moved(said) if one.level in ("pillar", "country")}
    rows = [
        _bar(f"{code} {said.name(code)}", scores.pillars.get(code), before.get(code)) for code in said.found.pillars
    ]
    rows.append(_bar(_("All pillars"), scores.country, before.get(""), strong=True))
    earlier = said.earlier.round.code if said.earlier else ""
    ends = [_("lowest"), *[""] * (len(POINTS) - 2), _("highest")]
    svg = bars(rows, PRINT, anchors=ends, now=said.row.code, before=earlier)
    told = "; ".join(f"{one.label}: {one.said}" for one in rows)
    caption = _("The pillars in the country: from the lowest to the highest that each score can be")
    return [Picture(caption, said.source, svg, told, anchor="figure-pillars")]


def _bar(label: str, value: scoring.Range | None, before: scoring.Range | None, *, strong: bool = False) -> Bar:
    earlier = (before.low, before.high) if before is not None else None
    if value is None or value.observed == 0:
        return Bar(label, None, None, ranged(value), earlier, strong)
    return Bar(label, value.low, value.high, ranged(value), earlier, strong)


def crossings(said: Material) -> list[Block]:
    """The crossing points pillar by pillar, in small pictures; nothing where none has a score."""
    units = said.units_of(Sort.CROSSING_POINT)
    short = _shortened([one.code for one in units])
    panels = []
    for pillar in said.found.pillars:
        rows = tuple(
            _bar(short[unit.code], value, None)
            for unit in units
            if (value := said.found.scores.unit_pillars.get((unit.code, pillar))) is not None
        )
        if rows:
            panels.append(Panel(f"{pillar} {said.name(pillar)}", rows))
    if not panels:
        return []
    told = "; ".join(f"{one.title}: " + ", ".join(f"{bar.label} {bar.said}" for bar in one.bars) for one in panels)
    caption = _("Crossing points by pillar, each as a range from 0 to 4")
    svg = multiples(panels, PRINT, top=TOP, columns=ABREAST)
    return [Picture(caption, said.source, svg, told, anchor="figure-crossings")]


def maps(said: Material) -> list[Block]:
    """The chapter with the map; nothing where no place can be shown.

    Where unofficial crossings lie is shown nowhere, and that of land crossings to be verified is not either: the report
    goes to more people than may know it.
    """
    home = Home.objects.filter(pk=1).only("layers").first()
    shown = _located(said)
    if home is None or not shown or not home.layers:
        return []
    short = _shortened([one.code for one in said.units_of(Sort.CROSSING_POINT)])
    legend = [(shade, number(at)) for at, shade in enumerate(SHADES)]
    legend.append(("muted", _("wider than a point, or not observed")))
    svg = map_of(
        land(home.layers),
        [_spot(said, one, short[one.code]) for one in shown],
        PRINT,
        legend=legend,
        unplaced=_("Not labelled on the map:"),
        doubtful=_("nobody has verified that this is a crossing point"),
    )
    told = "; ".join(f"{one.code} {one.name}: {ranged(said.found.scores.units.get(one.code))}" for one in shown)
    caption = _("Crossing points on the map, shaded by the middle of their range over all pillars")
    hidden = _("Places whose position is not public are left out.")
    credits = sorted({str(one["attribution"]) for one in home.layers.values() if one.get("attribution")})
    source = " ".join([said.source, _("Outlines: layers of the country pack."), *credits, hidden])
    return [
        chapter(_("Map"), "map"),
        text(_("Each point is a crossing point with its code and its range over all pillars.")),
        Picture(caption, source, svg, told, anchor="figure-map"),
    ]


def _located(said: Material) -> list[CrossingPoint]:
    """The crossing points of the round whose position anybody may know."""
    wanted = [one.code for one in said.units_of(Sort.CROSSING_POINT)]
    rows = registry.crossings(SYSTEM).filter(code__in=wanted, pk__in=registry.located(SYSTEM))
    return sorted((one for one in rows if not one.is_protected), key=lambda one: one.code)


def _spot(said: Material, row: CrossingPoint, short: str) -> Spot:
    value = said.found.scores.units.get(row.code)
    verified = row.official == row.Official.YES
    return Spot(row.lon or 0.0, row.lat or 0.0, f"{short} {ranged(value)}", tone(value), doubtful=not verified)


def _shortened(codes: list[str]) -> dict[str, str]:
    """Codes without the part that all have in common."""
    parts = [one.split("-") for one in codes]
    same = 0
    while parts and min(len(one) for one in parts) > same + 1 and len({one[same] for one in parts}) == 1:
        same += 1
    return {code: "-".join(one[same:]) for code, one in zip(codes, parts, strict=True)}
