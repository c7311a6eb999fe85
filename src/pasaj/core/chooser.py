"""Which detector fits a series, and why; always one, and the next ones where it has no answer for a period.

No method is right for every series: the same weeks of earlier years need earlier years, a model of weekdays needs
weeks, and a mean with its spread needs only days but rings too often at small counts. What is known of a series (how
long, how full, how high) decides; the limits are written below and explained in docs/methods/chooser.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pasaj.core.problems.kind import N_

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SENSITIVITIES = ("few", "balanced", "early")
ALPHA = {"few": 0.001, "balanced": 0.01, "early": 0.05}
"""One-sided rate of false alarms that a model of the counts is asked for; measured rates: docs/methods/backtest.md."""
DAILY_ALPHA = {"few": 0.0005, "balanced": 0.002, "early": 0.01}
"""Of the daily model and of rare counts: a day comes seven times as often as a week."""
EARS_ALPHA = {"few": 0.0002, "balanced": 0.001, "early": 0.005}
"""Of EARS, on one side: no model of the counts stands behind it, so it is asked for less."""

YEAR = {"week": 52, "month": 12}
YEARS = 3  # of history that the same weeks of earlier years need
SHARE = 0.5  # of those weeks that must be reported
MOST_YEARS = 5  # further back, the border was another one
DAYS = 35  # reported days that weekdays need
NEW = 7  # reported periods below which a series has only begun
BASELINE = {"day": 28, "week": 13, "month": 12}  # periods just before that say what is usual (EARS)
RARE = {"day": 1.0, "week": 2.0, "month": 2.0}  # mean count a period below which counts are rare
RECENT = {"day": 91, "week": 52, "month": 24}  # periods that say how high the level is
LENT = 2.0  # mean count a period from which a share of the neighbours says something
FEW = {"day": 28, "week": 13, "month": 12}  # reported periods that rare counts need

THREE_WEEKS: Mapping[str, Any] = {"weights_threshold": 3.5, "three_weeks_threshold": 2.8, "weights_rounds": 2}
"""Of Farrington for weeks: past outbreaks are known by three raised weeks together (docs/methods/farrington.md)."""

REASONS: Mapping[str, str] = {
    "weeks": N_("{years} years of history: the same weeks of earlier years say what is usual."),
    "months": N_("{years} years of history: the same months of earlier years say what is usual."),
    "weekdays": N_("{reported} reported days: the weekdays, holidays and the level of late say what is usual."),
    "rare": N_("Counts are low (about {level} a period): a model of rare events."),
    "short": N_("{reported} reported periods, too few for a model: the periods just before say what is usual."),
    "new": N_("The series has only begun ({reported} reported periods): it is judged by the few there are."),
    "neighbours": N_(
        "The series has only begun ({reported} reported periods): the past of {number} neighbours, scaled to its share,"
        " says what is usual."
    ),
    "set": N_("The pack sets this method for the measure."),
    "always": N_("The pack warns from {least} on, whatever is usual; the counts are judged as rare events."),
}
"""Why a method was chosen, by code; filled with the parameters of the choice."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a series: whole periods from its first report to its last (`span`), how many of them were
    reported, the mean of the reported ones of late (`level`), and its cadence.
    """

    cadence: str
    span: int
    reported: int
    level: float


@dataclass(frozen=True, slots=True)
class Choice:
    """A method with its controls, why (`code` of REASONS and its `params`), and the `chain` of methods to ask in turn.

    The chain begins with the method itself. Directions and kinds of days are not chosen here.
    """

    method: str
    controls: Mapping[str, Any]
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    chain: tuple[tuple[str, Mapping[str, Any]], ...] = ()


def facts(counts: Floats, cadence: str) -> list[Facts]:
    """The facts of every series. `counts`: (n_series, n_periods), NaN not reported. `cadence`: day, week or month."""
    import numpy as np  # noqa: PLC0415 - only a run needs it

    found = []
    for values in counts:
        known = np.flatnonzero(~np.isnan(values))
        if not known.size:
            found.append(Facts(cadence, 0, 0, 0.0))
            continue
        recent = values[max(0, int(known[-1]) + 1 - RECENT[cadence]) :]
        found.append(
            Facts(cadence, int(known[-1] - known[0]) + 1, int(known.size), round(float(np.nanmean(recent)), 3))
        )
    return found


def choose(
    known: Facts, *, override: str = "", sensitivity: str = "balanced", always_from: int | None = None
) -> Choice:
    """The method for a series. `override`: a method that is set for its measure. `sensitivity`: see SENSITIVITIES.

    `always_from`: the count from which the measure warns by a rule of its own, also without any history.
    """
    asked = known.cadence, sensitivity
    if always_from is not None:
        controls = {"alpha": DAILY_ALPHA[sensitivity], "always_from": always_from}
        return _chained("rare", controls, "always", {"least": always_from}, asked)
    if override:
        return _chained(override, _set(override, known, sensitivity), "set", {}, asked)
    if known.reported >= FEW[known.cadence] and known.level < RARE[known.cadence]:
        controls = {"alpha": DAILY_ALPHA[sensitivity]}
        return _chained("rare", controls, "rare", {"level": round(known.level, 1)}, asked)
    if known.cadence == "day":
        if known.reported >= DAYS:
            controls = {"alpha": DAILY_ALPHA[sensitivity]}
            return _chained("daily", controls, "weekdays", {"reported": known.reported}, asked)
    elif known.span >= _years_and_more(known.cadence) and known.reported >= SHARE * known.span:
        controls = _same_weeks(known, sensitivity)
        return _chained("farrington", controls, f"{known.cadence}s", {"years": controls["b"]}, asked)
    code = "short" if known.reported >= NEW else "new"
    return _chained("ears_c2", _ears(*asked), code, {"reported": known.reported}, asked)


def young(known: Facts) -> bool:
    """Whether a daily series has only begun, and counts enough for its share of its neighbours to say something."""
    return known.cadence == "day" and known.reported < DAYS and known.span < 2 * DAYS and known.level >= LENT


def borrowed(own: Facts, lent: Facts, number: int, *, sensitivity: str = "balanced") -> Choice | None:
    """The method for a series that has only begun and has a borrowed past; None where that is too short as well.

    `own`: of what was reported; `lent`: of the borrowed past and the reports together. `number`: of neighbours.
    Only the model of weekdays is asked over a borrowed past; EARS, which has no floor under its spread, over the own
    reports.
    """
    if lent.reported < DAYS:
        return None
    controls = {"alpha": DAILY_ALPHA[sensitivity]}
    params = {"reported": own.reported, "number": number}
    return _chained("daily", controls, "neighbours", params, (own.cadence, sensitivity))


def _years_and_more(cadence: str) -> int:
    """Periods of the years that are compared at least, with those before the first of them, and the one judged."""
    return YEARS * YEAR[cadence] + _window(cadence) + 1


def _window(cadence: str) -> int:
    """Periods on either side of the same period of an earlier year."""
    return 3 if cadence == "week" else 1


def _same_weeks(known: Facts, sensitivity: str) -> dict[str, Any]:
    year, window = YEAR[known.cadence], _window(known.cadence)
    years = max(1, min(MOST_YEARS, (known.span - window - 1) // year))
    controls: dict[str, Any] = {"b": years, "w": window, "freq": year, "alpha": ALPHA[sensitivity]}
    if known.cadence == "month":
        # Twelve months have room for four seasons, not for ten; with none, the few months of the windows alone give too
        # uneven a level (docs/methods/chooser.md). Half a year of months is not to be forgotten.
        controls |= {"no_periods": 4, "past_weeks_not_included": 2, "limit54": (0, 1)}
    else:
        controls |= THREE_WEEKS
    # A trend through five figures in three years leads anywhere.
    return {**controls, "min_share": SHARE}


def _ears(cadence: str, sensitivity: str) -> dict[str, Any]:
    # A first single case after days of zero is no alarm by itself.
    controls = {"baseline": BASELINE[cadence], "min_baseline": 5, "min_sigma": 0.5}
    return {**controls, "student": True, "alpha": EARS_ALPHA[sensitivity]}


def _set(method: str, known: Facts, sensitivity: str) -> dict[str, Any]:
    """The controls of a method that is set for a measure."""
    base = method.partition("_")[0]
    if base == "ears":
        return {**_ears(known.cadence, sensitivity), "student": method != "ears_c3"}
    if base in {"daily", "rare"}:
        return {"alpha": DAILY_ALPHA[sensitivity]}
    if base == "farrington":
        return _same_weeks(known, sensitivity) if known.cadence in YEAR else {"alpha": ALPHA[sensitivity]}
    return {}


def _chained(
    method: str, controls: Mapping[str, Any], code: str, params: Mapping[str, Any], asked: tuple[str, str]
) -> Choice:
    """The choice with what is asked after it: the days before, then the few there are.

    `asked`: cadence and sensitivity.
    """
    before = _ears(*asked)
    few = {**before, "min_baseline": 3, "min_sigma": 1.0}
    chain = [(method, controls), ("ears_c2", before), ("ears_c1", few)]
    return Choice(method, controls, code, params, tuple(chain))
