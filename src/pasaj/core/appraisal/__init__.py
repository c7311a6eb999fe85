"""Options for an objective, compared by several methods. docs/methods/appraisal.md"""

from pasaj.core.appraisal.appraising import DRAWS, MOST_DRAWS, Appraised, Sum, appraise
from pasaj.core.appraisal.checking import check
from pasaj.core.appraisal.deciding import FLOOR, Against, against
from pasaj.core.appraisal.shapes import Criterion, Question
from pasaj.core.appraisal.smaa import Smaa, error, smaa
from pasaj.core.appraisal.stability import Reversal, Stability, Steady, reversals, stability
from pasaj.core.appraisal.topsis import topsis
from pasaj.core.appraisal.values import Function, Judgements, Linear, Performance, Piecewise, evenly, span, value
from pasaj.core.appraisal.veto import Veto, admissible, doubts, unjudged, vetoes
from pasaj.core.appraisal.weighted import weighted
from pasaj.core.appraisal.weights import Bounds, Order, Stated, Unknown, Weights, drawer, middle

__all__ = [
    "DRAWS",
    "FLOOR",
    "MOST_DRAWS",
    "Against",
    "Appraised",
    "Bounds",
    "Criterion",
    "Function",
    "Judgements",
    "Linear",
    "Order",
    "Performance",
    "Piecewise",
    "Question",
    "Reversal",
    "Smaa",
    "Stability",
    "Stated",
    "Steady",
    "Sum",
    "Unknown",
    "Veto",
    "Weights",
    "admissible",
    "against",
    "appraise",
    "check",
    "doubts",
    "drawer",
    "error",
    "evenly",
    "middle",
    "reversals",
    "smaa",
    "span",
    "stability",
    "topsis",
    "unjudged",
    "value",
    "vetoes",
    "weighted",
]
