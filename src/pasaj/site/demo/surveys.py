"""A simulated round of an assessment, as demo.toml writes it: `[[round]]`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pasaj.site.demo.findings import Decided, decided
from pasaj.site.demo.section import Section


@dataclass(frozen=True, slots=True)
class Heard:
    """`[round.mapping]`. partners: institutions that are not assessed and only speak for themselves.

    Shares: of institutions that answer, of lists that are complete, of needs that are kept, of exchanges in writing, of
    functions in which an institution claims more than the pack says. unlisted: exchanges that nobody listed as needed.
    """

    partners: tuple[str, ...]
    answering: float
    complete: float
    kept: float
    written: float
    claims: float
    unlisted: int
    seed: int


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
    decided: Decided
    mapping: Heard | None = None


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
        mapping=_heard(section),
        decided=decided(section),
    )
    section.end()
    return found


def _heard(section: Section) -> Heard | None:
    table = section.left.pop("mapping", None)
    if table is None:
        return None
    inner = Section(f"{section.name}.mapping", table)
    found = Heard(
        partners=inner.texts("partners", []),
        answering=inner.number("answering", 0.8),
        complete=inner.number("complete", 0.7),
        kept=inner.number("kept", 0.6),
        written=inner.number("written", 0.3),
        claims=inner.number("claims", 0.03),
        unlisted=inner.whole("unlisted", 5, high=1000),
        seed=inner.whole("seed", 1),
    )
    inner.end()
    return found
