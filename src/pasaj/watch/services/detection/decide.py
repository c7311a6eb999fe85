"""Which of the alarms of a run become signals: many series are looked at together, so that chance rings seldom.

Among a thousand series judged at one in a hundred, ten ring every day of nothing. Every period is a family of its own:
the alarms of it are taken in the order of their p-values as far as the share of false ones among them stays below the
home's level (core/falsealerts), knowing which p-values each answer could have had (core/attained). Measures of
protection are not held back, nor what a measure always warns of: there a missed alarm costs more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pasaj.watch.models import Answer, DetectionRun, Signal
from pasaj.watch.services.detection import auto
from pasaj.watch.services.detection.findings import Finding

Horizon = tuple[str, date]  # cadence and last day of a period


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The q-value of every alarm of a run, by the number of its answer, and the level that it is held against."""

    q_values: Mapping[int, float]
    level: float

    def rings(self, answer: Answer) -> bool:
        """Whether an alarm is more than chance among so many series."""
        return answer.series.measure.protection or _always(answer) or self.q_values.get(answer.pk, 0.0) <= self.level


def verdicts(run: DetectionRun) -> Verdicts:
    """Weigh the run's alarms against all answers for the same periods, of whichever run. One query."""
    from pasaj.core import attained, falsealerts  # noqa: PLC0415 - loads the numerical library, which only a run needs

    rows = Answer.objects.filter(
        period_end__in=run.answers.filter(alarm=True).values("period_end"), p_value__isnull=False, reason=""
    )
    families: dict[Horizon, list[tuple[int, float, list[float] | None]]] = defaultdict(list)
    for number, cadence, end, p_value, could in rows.order_by("pk").values_list(
        "pk", "series__cadence", "period_end", "p_value", "attainable"
    ):
        families[cadence, end].append((number, p_value or 0.0, could))
    found: dict[int, float] = {}
    for family in families.values():
        numbers, p_values, could = zip(*family, strict=True)
        adjusted = falsealerts.adjust(p_values, method="heyse", support=attained.support(could))
        found |= {number: float(q) for number, q in zip(numbers, adjusted, strict=True)}
    return Verdicts(found, float(run.settings["false_discoveries"]))


def _always(answer: Answer) -> bool:
    """Whether the measure warns of such a count by a rule of its own, whatever chance does."""
    said = told(answer)
    least = said["parameters"].get("always_from")
    return least is not None and said["observed"] is not None and bool(said["observed"] >= least)


def findings(run: DetectionRun, ids: Sequence[int], weighed: Verdicts) -> list[Finding]:
    """The signals of these series, new ones and those that ring no more. `run.withheld` is added to. Two queries."""
    rows = run.answers.filter(series__in=ids, finding__isnull=False).order_by("series", "period_start")
    chosen = list(rows.select_related("series__measure", "series__source"))
    names = [auto.key(one.series, told(one)["period"]) for one in chosen]
    known = set(Signal.objects.filter(key__in=names).values_list("key", flat=True))
    found = []
    for answer, name in zip(chosen, names, strict=True):
        # Who was told once is not untold because others have reported since.
        if answer.alarm and name not in known and not weighed.rings(answer):
            run.withheld += 1
            continue
        found.append(_finding(answer, name, weighed))
    return found


def told(answer: Answer) -> dict[str, Any]:
    """What a signal would say of an answer."""
    found: dict[str, Any] = answer.finding or {}
    return found


def _finding(answer: Answer, name: str, weighed: Verdicts) -> Finding:
    series, said = answer.series, told(answer)
    details: dict[str, Any] = dict(said["details"])
    q_value = weighed.q_values.get(answer.pk) if answer.alarm else None
    if q_value is not None:
        details["q_value"] = q_value
        details["family"] = weighed.level
    return Finding(
        key=name,
        kind=Signal.Kind.UNUSUAL,
        method=said["method"],
        series_id=series.pk,
        crossing_id=series.crossing_id,
        area_id=series.area_id,
        measure_id=series.measure_id,
        direction=said["direction"],
        period_start=answer.period_start,
        period_end=answer.period_end,
        observed=said["observed"],
        expected=answer.expected,
        lower=answer.lower,
        upper=answer.upper,
        p_value=answer.p_value,
        protection=series.measure.protection,
        parameters=said["parameters"],
        details=details,
        still=answer.alarm,
    )
