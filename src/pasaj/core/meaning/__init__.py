"""What the answers of a form mean: a declaration beside the form turns them into plain figures and events."""

from pasaj.core.meaning.answers import Answers, read
from pasaj.core.meaning.declaration import Meaning, Question, parse
from pasaj.core.meaning.derive import (
    Derived,
    EventOut,
    Failure,
    Figure,
    OutcomeOut,
    QuantityOut,
    StatusOut,
    day_of,
    derive,
    place_of,
)

__all__ = [
    "Answers",
    "Derived",
    "EventOut",
    "Failure",
    "Figure",
    "Meaning",
    "OutcomeOut",
    "QuantityOut",
    "Question",
    "StatusOut",
    "day_of",
    "derive",
    "parse",
    "place_of",
    "read",
]
