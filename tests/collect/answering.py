"""Random answers to a form of a pack: walks its rows, asks what is relevant, keeps to the constraints.

The expressions are read by a small evaluator of its own, so that neither pyxform nor rxeval says what is right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

Row = Mapping[str, str]
REQUIRED, TRIES = 0.75, 400
DECLARED = re.compile(r"\. <= (\d+)")


class Blank(str):
    """An unanswered question: neither larger nor smaller than anything."""

    __slots__ = ()

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__


class Day(int):
    """A date as a number of days that is written as a date."""

    def __str__(self) -> str:
        return date.fromordinal(self).isoformat()


BLANK = Blank("")


@dataclass(slots=True)
class Filled:
    """One form filled in: answers by name; what was not asked is not there."""

    answers: dict[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        found = self.answers.get(name, BLANK)
        return " ".join(found) if isinstance(found, tuple) else str(found)


def fill(
    survey: Sequence[Row],
    choices: Mapping[str, Sequence[str]],
    crossings: Mapping[str, str],
    *,
    today: date,
    rng: Random,
) -> Filled | None:
    """A valid form, or None when the dice led into a corner. `crossings`: official, by code."""
    filled, asked = Filled(), [True]
    for row in survey:
        kind, _, listed = row["type"].partition(" ")
        if kind == "end_group":
            asked.pop()
            continue
        here = asked[-1] and _true(row.get("relevant") or "true()", filled, today)
        if kind == "begin_group":
            asked.append(here)
        elif kind == "calculate":
            filled.answers[row["name"]] = value(row["calculation"], filled, today)
        elif (
            kind != "note" and here and not _ask(row, kind, _codes(row, listed, choices, crossings), filled, today, rng)
        ):
            return None
    return filled


def _codes(row: Row, listed: str, choices: Mapping[str, Sequence[str]], crossings: Mapping[str, str]) -> Sequence[str]:
    if listed == "crossings.csv":
        return [code for code, official in crossings.items() if not row.get("choice_filter") or official != "no"]
    return choices.get(listed, ())


def _ask(row: Row, kind: str, codes: Sequence[str], filled: Filled, today: date, rng: Random) -> bool:
    """Answer a question, or leave it blank where that is allowed."""
    needed = row.get("required") == "yes"
    if not needed and rng.random() > REQUIRED:
        filled.answers[row["name"]] = BLANK
        return True
    constraint = row.get("constraint") or "true()"
    for _attempt in range(TRIES):
        drawn = _draw(kind, codes, constraint, today, rng)
        filled.answers[row["name"]] = drawn
        if _true(constraint, filled, today, drawn):
            return True
    filled.answers[row["name"]] = BLANK
    return not needed


def _draw(kind: str, codes: Sequence[str], constraint: str, today: date, rng: Random) -> Any:
    if kind == "date":
        return Day((today - timedelta(days=rng.randint(0, 60))).toordinal())
    if kind == "select_multiple":
        return tuple(rng.sample(list(codes), rng.randint(1, min(3, len(codes)))))
    if kind.startswith("select_one"):
        return rng.choice(list(codes))
    most = int(DECLARED.findall(constraint)[0])
    drawn = min(most, int(math.exp(rng.random() * math.log(most + 1))) - (rng.random() < 0.3))
    return round(drawn + rng.random(), 2) if kind == "decimal" and rng.random() < 0.5 else max(0, drawn)


# --- The few expressions that the forms use ------------------------------------------------------

NAMES = re.compile(r"\$\{(\w+)\}")
SELF = re.compile(r"(?<![\w.)'])\.(?![\w.])")
HYPHENED = re.compile(r"\b(string-length|count-selected|starts-with)\b")


def _true(expression: str, filled: Filled, today: date, self: Any = BLANK) -> bool:
    return bool(value(expression, filled, today, self))


def value(expression: str, filled: Filled, today: date, self: Any = BLANK) -> Any:
    """What an expression of a form comes to."""
    text = SELF.sub("here", NAMES.sub(r"answer('\1')", expression)).replace(" = ", " == ")
    text = HYPHENED.sub(lambda found: found[1].replace("-", "_"), re.sub(r"\bif\(", "if_(", text))
    known: dict[str, Any] = {
        "answer": lambda name: filled.answers.get(name, BLANK),
        "here": self,
        "today": lambda: Day(today.toordinal()),
        "true": lambda: True,
        "if_": lambda test, yes, no: yes if test else no,
        "coalesce": lambda one, other: other if one == "" else one,
        "concat": lambda *parts: "".join(str(part) for part in parts),
        "string_length": lambda one: len(str(one)),
        "starts_with": lambda one, start: str(one).startswith(start),
        "selected": lambda one, code: code in one if isinstance(one, tuple) else one == code,
        "count_selected": len,
        "round": round,
    }
    return eval(text, {"__builtins__": {}}, known)
