"""The criteria of the GRADE evidence-to-decision framework for decisions on systems and public health, and one more.

Source: J. Moberg et al., "The GRADE Evidence to Decision (EtD) framework for health system and public health
decisions", Health Research Policy and Systems 16:45 (2018), table 2: its criteria and the words of their scales. The
values of the words, in equal steps, are ours and stand on every page. Added here: the impact on rights, as a veto.
"""

from collections.abc import Mapping, Sequence

from pasaj.core.appraisal.shapes import Criterion
from pasaj.core.appraisal.values import evenly

OPEN = ("varies", "unknown")
"""Judgements of every scale that leave it open: the value may be anything."""

YES_NO = ("no", "probably_no", "probably_yes", "yes")
SCALES: Mapping[str, tuple[str, ...]] = {
    "priority": YES_NO,
    "benefit": ("trivial", "small", "moderate", "large"),
    "harm": ("large", "moderate", "small", "trivial"),
    "certainty": ("very_low", "low", "moderate", "high"),
    "values": ("important", "possibly", "probably_not", "none"),
    "resources": ("large_costs", "moderate_costs", "negligible", "moderate_savings", "large_savings"),
    "equity": ("reduced", "probably_reduced", "no_impact", "probably_increased", "increased"),
    "agreement": YES_NO,
    "rights": ("violates", "doubtful", "justified", "none"),
}
"""Words of each scale, from worst to best."""
VETOES: Mapping[str, tuple[str, ...]] = {"rights": ("violates",)}
"""Words that no advantage makes good."""
DOUBTS: Mapping[str, tuple[str, ...]] = {"rights": ("doubtful",)}
"""Words that no advantage makes forgotten."""
STANDARD: tuple[tuple[str, str], ...] = (
    ("PRIORITY", "priority"),
    ("BENEFIT", "benefit"),
    ("HARM", "harm"),
    ("CERTAINTY", "certainty"),
    ("VALUES", "values"),
    ("RESOURCES", "resources"),
    ("EQUITY", "equity"),
    ("ACCEPTABLE", "agreement"),
    ("FEASIBLE", "agreement"),
    ("RIGHTS", "rights"),
)
"""(code, scale) of the criteria that an appraisal starts with."""


def criterion(code: str, scale: str) -> Criterion:
    """A criterion judged in the words of a scale. Raises KeyError for a scale that does not exist."""
    return Criterion(code, evenly(SCALES[scale]), VETOES.get(scale, ()), DOUBTS.get(scale, ()))


def standard() -> Sequence[Criterion]:
    """The criteria that an appraisal starts with, in their order."""
    return [criterion(code, scale) for code, scale in STANDARD]
