"""From answers of an assessment to scores with honest ranges. docs/methods/scoring.md"""

from pasaj.core.scoring.agreement import Agreement, agreement, alpha
from pasaj.core.scoring.changes import Change, compare, noise
from pasaj.core.scoring.ranges import Range, mean
from pasaj.core.scoring.scores import (
    Answer,
    Cell,
    Critical,
    Disagreement,
    Indicator,
    Missing,
    Scores,
    critical,
    disagreements,
    read,
    score,
)
from pasaj.core.scoring.sensitivity import Pair, Sensitivity, any_weights, near_weights, sensitivity

__all__ = [
    "Agreement",
    "Answer",
    "Cell",
    "Change",
    "Critical",
    "Disagreement",
    "Indicator",
    "Missing",
    "Pair",
    "Range",
    "Scores",
    "Sensitivity",
    "agreement",
    "alpha",
    "any_weights",
    "compare",
    "critical",
    "disagreements",
    "mean",
    "near_weights",
    "noise",
    "read",
    "score",
    "sensitivity",
]
