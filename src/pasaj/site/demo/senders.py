"""Keys and reports of a demonstration, as demo.toml writes them: `[[sender]]` and `[[report]]`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pasaj.site.demo.section import Section

STEPS = ("approve", "ask", "reject", "note", "refuse")
DAY = re.compile(r"@([+-][0-9]{1,4})?(T[0-9:]*)?", re.ASCII)
"""A day of an answer, counted from the report's own: "@", "@-6", "@T21:40"."""


@dataclass(frozen=True, slots=True)
class Sender:
    """A key. Empty codes: any place, every form. Whoever tries the demonstration may use the one that is `open`."""

    name: str
    institution: str
    crossing: str
    form: str
    language: str
    open: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A form filled on each of `days` (counted back from the last day), sent at `hour`, which may pass midnight.

    With `figures` the counts are those of the simulated year. `wrong`: what it said at first; corrected soon after.
    """

    sender: str
    form: str
    days: tuple[int, ...]
    hour: float
    figures: bool
    answers: Mapping[str, str]
    wrong: Mapping[str, str]
    version: str  # empty: the published one
    device: str
    picture: str  # name of a drawn picture that comes with it, or empty
    step: str  # what the duty officer did with it, or empty
    text: str

    def filled(self, day: date, *, at_first: bool = False) -> dict[str, str]:
        """The answers of one day, by question."""
        given = {**self.answers, **(self.wrong if at_first else {})}
        return {question: _dated(answer, day) for question, answer in given.items()}


def sender(section: Section) -> Sender:
    found = Sender(
        name=section.text("name"),
        institution=section.text("institution", ""),
        crossing=section.text("crossing", ""),
        form=section.text("form", ""),
        language=section.text("language", ""),
        open=bool(section.whole("open", 0, high=1)),
    )
    section.end()
    return found


def report(section: Section) -> Report:
    days = section.take("days", list)
    if not days or not all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one <= 3000 for one in days):
        section.refuse("days", "whole numbers are needed, counted back from the last day")
    found = Report(
        sender=section.text("sender"),
        form=section.text("form"),
        days=tuple(days),
        hour=section.number("hour", 18.0),
        figures=bool(section.whole("figures", 0, high=1)),
        answers=_answers(section, "answers"),
        wrong=_answers(section, "wrong"),
        version=section.text("version", ""),
        device=section.text("device", "1"),
        picture=section.text("picture", ""),
        step=section.text("step", ""),
        text=section.text("text", ""),
    )
    if found.step and found.step not in STEPS:
        section.refuse("step", f"{found.step!r} is none of {', '.join(STEPS)}")
    section.end()
    return found


def _answers(section: Section, key: str) -> dict[str, str]:
    table = section.take(key, dict, {})
    if not all(isinstance(one, str | int | float) and not isinstance(one, bool) for one in table.values()):
        section.refuse(key, "every answer must be a text or a number")
    return {question: str(answer) for question, answer in table.items()}


def _dated(answer: str, day: date) -> str:
    found = DAY.fullmatch(answer)
    if found is None:
        return answer
    return (day + timedelta(days=int(found[1] or 0))).isoformat() + (found[2] or "")
