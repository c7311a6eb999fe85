"""Questions about frameworks and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from pasaj.access.rules import SYSTEM, Actor, visible
from pasaj.assess.models import Framework, FrameworkVersion
from pasaj.core import framework as core

State = FrameworkVersion.State
LONG = ("content",)


@dataclass(frozen=True, slots=True)
class Listed:
    """A framework with its versions, the newest first, and the one in use (None: there are drafts only)."""

    framework: Framework
    versions: tuple[FrameworkVersion, ...]

    @property
    def in_use(self) -> FrameworkVersion | None:
        return next((one for one in self.versions if not one.is_draft), None)

    @property
    def newest(self) -> FrameworkVersion:
        """The one that stands for the framework: in use, else a draft."""
        return self.in_use or self.versions[0]

    @property
    def others(self) -> tuple[FrameworkVersion, ...]:
        return tuple(one for one in self.versions if one != self.in_use)


def versions(actor: Actor) -> QuerySet[FrameworkVersion]:
    """The versions an actor may see: drafts first, then what was published last."""
    rows = visible(FrameworkVersion.objects.select_related("framework"), actor)
    return rows.order_by("state", "-published_at", "-pk")


def listed(actor: Actor) -> list[Listed]:
    """Every framework with its versions, in one query; those no longer in the pack last."""
    held: dict[int, list[FrameworkVersion]] = {}
    for row in versions(actor).defer(*LONG):
        held.setdefault(row.framework_id, []).append(row)
    found = [Listed(rows[0].framework, tuple(rows)) for rows in held.values()]
    return sorted(found, key=lambda one: (one.framework.retired_at is not None, one.framework.code))


def framework(actor: Actor, code: str) -> Listed | None:
    """One framework with its versions."""
    rows = tuple(versions(actor).filter(framework__code=code).defer(*LONG))
    return Listed(rows[0].framework, rows) if rows else None


def version(actor: Actor, code: str, wanted: str = "") -> FrameworkVersion | None:
    """One version with its content; without a version the one in use."""
    rows = versions(actor).filter(framework__code=code)
    return (rows.filter(version=wanted) if wanted else rows.filter(state=State.PUBLISHED)).first()


def in_use(code: str, *, actor: Actor = SYSTEM) -> core.Framework | None:
    """The published version of a framework that is in use, as plain values; None where there is none."""
    found = version(actor, code)
    return found.framework_said if found else None


# --- What a page shows of a framework ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """A pillar with the indicators that were asked for, and how many there are by unit."""

    pillar: core.Pillar
    indicators: tuple[core.Indicator, ...]
    counts: tuple[tuple[str, int], ...]
    critical: int
    rights: int

    @property
    def total(self) -> int:
        return sum(count for _unit, count in self.counts)


def groups(said: core.Framework, *, unit: str = "", level: str = "", mark: str = "") -> list[Group]:
    """The pillars in their order, each with the indicators of a unit, level or mark (critical, rights)."""

    def wanted(one: core.Indicator) -> bool:
        marked = {"critical": one.critical, "rights": one.rights, "condition": one.applies_if is not None}
        return unit in ("", one.unit) and level in ("", one.level) and (not mark or marked[mark])

    return [_group(said, pillar, tuple(filter(wanted, said.of_pillar(pillar.code)))) for pillar in said.pillars]


def _group(said: core.Framework, pillar: core.Pillar, chosen: tuple[core.Indicator, ...]) -> Group:
    whole = said.of_pillar(pillar.code)
    return Group(
        pillar,
        chosen,
        tuple((unit, sum(one.unit == unit for one in whole)) for unit in core.UNITS),
        sum(one.critical for one in whole),
        sum(one.rights for one in whole),
    )


def points(indicators: Sequence[core.Indicator]) -> tuple[int, ...]:
    """The points of the scale that any of the indicators describes."""
    return tuple(point for point in core.POINTS if any(point in one.anchors for one in indicators))
