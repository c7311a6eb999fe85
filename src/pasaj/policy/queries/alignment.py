"""Which objectives of a policy serve which goals: the crosswalk, for its page, its annex and its files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pasaj.core.policy import alignment as core
from pasaj.core.policy import shapes, view
from pasaj.core.policy.alignment import Reach
from pasaj.policy.models import Goal, Policy
from pasaj.policy.queries.plan import plan
from pasaj.policy.queries.surroundings import COMPACT
from pasaj.registry.models import localised

REACH: dict[Reach, tuple[Any, str]] = {
    Reach.NONE: (gettext_lazy("nothing serves it"), "quiet"),
    Reach.NAMED: (gettext_lazy("an objective names it"), "open"),
    Reach.MEASURED: (gettext_lazy("a measure serves it"), "plain"),
    Reach.DONE: (gettext_lazy("an action for it is done"), "good"),
}
RELEVANCE: dict[str, Any] = {
    "core": gettext_lazy("core"),
    "related": gettext_lazy("related"),
    "country": gettext_lazy("of the country"),
    "other": gettext_lazy("of another region"),
}
COLUMNS = (
    "framework", "goal", "title", "relevance", "objectives", "measures", "actions", "actions_done", "served", "gap",
    "source", "verify",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A goal as it is shown. `row`: what the pack says of it, with source and verify mark."""

    row: Goal
    served: core.Served

    @property
    def title(self) -> str:
        return localised(self.row.names)

    @property
    def word(self) -> str:
        """How far it is served."""
        return str(REACH[self.served.reach][0])

    @property
    def tone(self) -> str:
        return REACH[self.served.reach][1]

    @property
    def relevance(self) -> str:
        return str(RELEVANCE.get(self.row.relevance, self.row.relevance))


@dataclass(frozen=True, slots=True)
class Part:
    """A framework with its goals, those that are shown; `total`: how many it has."""

    name: str
    lines: tuple[Line, ...]
    total: int

    @property
    def gaps(self) -> list[Line]:
        """Goals of the core that nothing serves."""
        return [one for one in self.lines if one.served.gap]

    @property
    def served(self) -> int:
        """How many of its goals an objective names."""
        return sum(bool(one.served.objectives) for one in self.lines)


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Every goal of the pack by framework, with the objectives of a policy that serve it."""

    policy: Policy
    objectives: tuple[str, ...]
    texts: dict[str, str]
    parts: tuple[Part, ...]

    @property
    def gaps(self) -> list[Line]:
        """Goals of the core that nothing serves, of all frameworks."""
        return [line for part in self.parts for line in part.gaps]

    @property
    def idle(self) -> list[str]:
        """Objectives that serve no goal at all."""
        used = {code for part in self.parts for line in part.lines for code in line.served.objectives}
        return [code for code in self.objectives if code not in used]


def crosswalk(row: Policy, *, framework: str = "", gaps: bool = False, known: shapes.Policy | None = None) -> Crosswalk:
    """The crosswalk of a policy: of all frameworks or one, whole or only what is served and what is a gap.

    known: the policy as plain values, where the caller has read it.
    """
    plain = known or plan(row)
    goals = {one.code: one for one in Goal.objects.filter(retired_at=None).order_by("pk")}
    values = [view.Goal(one.code, one.framework, one.relevance, one.code.startswith(COMPACT)) for one in goals.values()]
    parts = []
    for each in core.crosswalk(plain, values):
        lines = tuple(Line(goals[one.goal.code], one) for one in each.goals if not gaps or one.gap or one.objectives)
        if lines and framework in ("", each.name):
            parts.append(Part(each.name, lines, len(each.goals)))
    return Crosswalk(
        row,
        tuple(one.code for one in plain.objectives),
        {one.code: localised(dict(one.text)) for one in plain.objectives},
        tuple(parts),
    )


def frameworks() -> list[str]:
    """The names of all frameworks of the pack, in its order."""
    rows = Goal.objects.filter(retired_at=None).order_by("pk").values_list("framework", flat=True)
    return list(dict.fromkeys(rows))


def table(found: Crosswalk) -> Iterator[Sequence[object]]:
    """The rows of a file, under COLUMNS."""
    for part in found.parts:
        for one in part.lines:
            served = one.served
            yield (
                part.name, one.row.code, one.title, one.row.relevance, " ".join(served.objectives),
                " ".join(served.measures), served.actions, served.done, one.word,
                _("gap") if served.gap else "", one.row.source, one.row.verify,
            )  # fmt: skip
