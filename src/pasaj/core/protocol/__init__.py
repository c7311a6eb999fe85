"""Return protocols: what two countries agreed on how people are handed over, and how far operations kept to it.

docs/methods/return-protocol.md says how to read the verdicts; the clauses and their parameters stand in the pack.
"""

from pasaj.core.protocol.judging import Facts, judge, judge_all
from pasaj.core.protocol.parameters import answers, categories, of, plain
from pasaj.core.protocol.reading import Place, read
from pasaj.core.protocol.reasons import REASONS
from pasaj.core.protocol.shapes import (
    ANSWERS,
    RULES,
    SCOPES,
    VERDICTS,
    Calendar,
    Clause,
    Clocks,
    Finding,
    Judged,
    Operation,
    Protocol,
    Reason,
    Side,
)
from pasaj.core.protocol.summary import Cell, Summary, summarise

__all__ = [
    "ANSWERS",
    "REASONS",
    "RULES",
    "SCOPES",
    "VERDICTS",
    "Calendar",
    "Cell",
    "Clause",
    "Clocks",
    "Facts",
    "Finding",
    "Judged",
    "Operation",
    "Place",
    "Protocol",
    "Reason",
    "Side",
    "Summary",
    "answers",
    "categories",
    "judge",
    "judge_all",
    "of",
    "plain",
    "read",
    "summarise",
]
