"""The Common Alerting Protocol 1.2: messages as plain values, written, read and checked.

Source: OASIS CAP-v1.2-os (1 July 2010) with its schema; rules that a schema cannot say as listed in
docs/reference/cap.md.
"""

from pasaj.core.cap.advice import advice
from pasaj.core.cap.build import build, reference
from pasaj.core.cap.check import check, check_beside
from pasaj.core.cap.parse import parse
from pasaj.core.cap.shapes import NAMESPACE, Alert, Area, Circle, Info, Pair, Polygon, Reference, Resource
from pasaj.core.cap.values import timestamp

__all__ = [
    "NAMESPACE",
    "Alert",
    "Area",
    "Circle",
    "Info",
    "Pair",
    "Polygon",
    "Reference",
    "Resource",
    "advice",
    "build",
    "check",
    "check_beside",
    "parse",
    "reference",
    "timestamp",
]
