"""The map and the chart of a situation report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from pasaj.core.charts import PRINT, Count, Group, Spot, counts, land, map_of
from pasaj.core.report import Block, Picture
from pasaj.respond.queries.sitreps.voice import AGAINST, Voice

Plain = Mapping[str, Any]
TONES = {"above": "bad", "below": "caution", "within": "good", "silent": "muted"}
MEASURES, PLACES = 4, 6  # of the chart: small pictures, rows in each
MAP_WIDTH = 0.6


def pictures(said: Voice, layers: Plain, source: str) -> list[Block]:
    """The map where there is something to show on it, and the chart in the whole edition."""
    found: list[Block] = [*_map(said, layers, source)]
    return found if said.share else [*found, *_chart(said, source)]


def standing(facts: Plain) -> dict[str, str]:
    """Each place as the map shades it: what lies furthest from usual wins, then silence."""
    found: dict[str, str] = {}
    for one in facts["figures"]:
        if one["against"] in TONES:
            found[one["place"]] = min(one["against"], found.get(one["place"], one["against"]), key=list(TONES).index)
    for one in facts["silent"]:
        found.setdefault(one["place"], "silent")
    return found


def _map(said: Voice, layers: Plain, source: str) -> list[Block]:
    states = standing(said.facts)
    places = said.facts["places"]
    shown = [code for code in states if places[code]["lon"] is not None and places[code]["lat"] is not None]
    if not shown or not layers:
        return []
    words = {**AGAINST, "silent": _("silent")}
    svg = map_of(
        land(layers),
        [
            Spot(
                places[code]["lon"],
                places[code]["lat"],
                _short(code),
                TONES[states[code]],
                doubtful=not places[code]["verified"],
            )
            for code in shown
        ],
        PRINT,
        legend=[(tone, str(words[state])) for state, tone in TONES.items()],
        unplaced=_("Not labelled on the map:"),
        doubtful=_("nobody has verified that this is a crossing point"),
    )
    told = "; ".join(f"{said.place(code)}: {words[states[code]]}" for code in shown)
    credits = sorted({str(one["attribution"]) for one in layers.values() if one.get("attribution")})
    hidden = _("Places whose position is not public are left out.")
    caption = _("Crossing points by how their counts stand against what is usual")
    return [Picture(caption, " ".join([source, *credits, hidden]), svg, told, MAP_WIDTH, "figure-map")]


def _short(code: str) -> str:
    """The last part of a code, which stands beside the point."""
    return code.rpartition("-")[2]


def _chart(said: Voice, source: str) -> list[Block]:
    """The largest counts against what is usual, measure by measure."""
    by_measure: dict[str, list[Plain]] = {}
    for one in sorted(said.facts["figures"], key=lambda one: (-one["total"], one["key"])):
        if one["low"] is not None and one["total"]:
            by_measure.setdefault(one["measure"], []).append(one)
    chosen = sorted(by_measure.items(), key=lambda one: -sum(row["total"] for row in one[1]))[:MEASURES]
    if not chosen:
        return []
    groups = [Group(said.measure(measure), _rows(said, rows[:PLACES])) for measure, rows in chosen]
    told = "; ".join(f"{one.title}: " + ", ".join(f"{row.label} {row.said}" for row in one.rows) for one in groups)
    caption = _("The largest counts of the period against what is usual, each group on its own scale")
    svg = counts(groups, PRINT, now=_("counted in the period"), usual=_("usual"))
    return [Picture(caption, source, svg, told, anchor="figure-counts")]


def _rows(said: Voice, rows: list[Plain]) -> tuple[Count, ...]:
    return tuple(
        Count(
            f"{said.place(one['place'])} · {one['source']}",
            one["total"],
            said.count(one["total"]),
            one["low"],
            one["high"],
        )
        for one in rows
    )
