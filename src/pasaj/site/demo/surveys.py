"""A simulated round of an assessment, as demo.toml writes it: `[[round]]`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pasaj.site.demo.section import Section


@dataclass(frozen=True, slots=True)
class Asked:
    """One `[[round]]`. levels: mean point by pillar. alone: share of units that one assessor looked at."""

    framework: str
    title: str
    first: int  # days back from the last day
    last: int
    institutions: tuple[str, ...]
    crossings: tuple[str, ...]
    assessors: tuple[str, ...]
    levels: Mapping[str, float]
    unseen: float
    alone: float
    settled: float
    reason: str
    comments: tuple[str, ...]
    seed: int


def asked(section: Section) -> Asked:
    found = Asked(
        framework=section.text("framework"),
        title=section.text("title"),
        first=section.whole("first", high=3000),
        last=section.whole("last", 0, high=3000),
        institutions=section.texts("institutions", []),
        crossings=section.texts("crossings", []),
        assessors=section.texts("assessors"),
        levels=section.numbers("levels"),
        unseen=section.number("unseen", 0.1),
        alone=section.number("alone", 0.3),
        settled=section.number("settled", 0.5),
        reason=section.text("reason"),
        comments=section.texts("comments", []),
        seed=section.whole("seed", 1),
    )
    section.end()
    return found
