"""Assessment frameworks: pillars, indicators and what their points mean. docs/reference/framework.md has the format.

The files are read by core.pack.frameworks.
"""

from pasaj.core.framework.comparing import Change, Difference, Field, compare
from pasaj.core.framework.conditions import Condition, holds, needs, parse, written
from pasaj.core.framework.parameters import content_fingerprint, normative_fingerprint, of, plain
from pasaj.core.framework.shapes import LEVELS, POINTS, UNITS, Framework, Indicator, Origin, Pillar

__all__ = [
    "LEVELS",
    "POINTS",
    "UNITS",
    "Change",
    "Condition",
    "Difference",
    "Field",
    "Framework",
    "Indicator",
    "Origin",
    "Pillar",
    "compare",
    "content_fingerprint",
    "holds",
    "needs",
    "normative_fingerprint",
    "of",
    "parse",
    "plain",
    "written",
]
