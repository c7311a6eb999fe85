"""The text of clauses: a small part of Markdown, live references, and what changed from one text to another."""

from pasaj.core.wording.diff import Conflict, Merged, Segment, merge, segments
from pasaj.core.wording.markdown import LONGEST, check, normal, parse, plain, write
from pasaj.core.wording.references import FIELDS, Frozen, Reference, Said, checked, filled, find, frozen, hidden

__all__ = [
    "FIELDS",
    "LONGEST",
    "Conflict",
    "Frozen",
    "Merged",
    "Reference",
    "Said",
    "Segment",
    "check",
    "checked",
    "filled",
    "find",
    "frozen",
    "hidden",
    "merge",
    "normal",
    "parse",
    "plain",
    "segments",
    "write",
]
