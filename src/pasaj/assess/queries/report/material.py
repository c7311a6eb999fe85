"""What every chapter of a report draws on, read once; and the few shapes of text that all of them use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from pasaj.access.rules import Actor
from pasaj.assess.models import Round
from pasaj.assess.queries import pages, rounds
from pasaj.assess.queries.report.standing import Standings, standings
from pasaj.assess.queries.rounds import Key, Result
from pasaj.assess.queries.words import day, percent, ranged
from pasaj.core import scoring
from pasaj.core.report import Block, Cell, Column, Heading, Paragraph, Span, Table, cell, paragraph
from pasaj.core.rounds import Unit

SHADED = 1.0  # points: a range that is wider says too little to be shaded
SHORT = 12  # characters of a fingerprint that a person compares


@dataclass(frozen=True, slots=True)
class Material:
    """A round as the chapters need it. `edition`: the code of what is published; empty: a draft.

    waived: codes of suspect statements that were let pass, each with the reason that was given.
    """

    row: Round
    found: Result
    language: str
    names: Mapping[str, str]
    agreed: scoring.Agreement
    weights: scoring.Sensitivity | None
    earlier: Result | None
    stand: Standings
    actor: Actor
    now: datetime
    edition: str = ""
    waived: tuple[tuple[str, str], ...] = ()

    @property
    def source(self) -> str:
        """Where scores come from, and of which day: stands under every table and figure of them."""
        values = {"code": self.row.code, "framework": self.row.framework.framework.code,
                  "version": self.row.framework.version, "day": day(self.now)}  # fmt: skip
        if self.row.simulated:
            return _("Simulated answers of round {code}, framework {framework} {version}, as of {day}.").format(
                **values
            )
        return _("Answers of round {code}, framework {framework} {version}, as of {day}.").format(**values)

    def units_of(self, sort: str) -> list[Unit]:
        return [one for one in self.found.units if one.sort == sort]

    def name(self, code: str) -> str:
        return self.names.get(code, code)


def gather(*, row: Round, actor: Actor, now: datetime, edition: str, waived: tuple[tuple[str, str], ...]) -> Material:
    """Read a round for its report, in no language yet."""
    found = rounds.result(row)
    before = pages.comparable(actor, row).first()
    return Material(
        row=row,
        found=found,
        language="",
        names={},
        agreed=rounds.agreement(found),
        weights=rounds.sensitivity(found),
        earlier=rounds.result(before) if before is not None else None,
        stand=standings(row),
        actor=actor,
        now=now,
        edition=edition,
        waived=waived,
    )


def spoken(said: Material, language: str) -> Material:
    """The same in a language, which is the active one."""
    return replace(said, language=language, names=pages.names(said.found))


def chapter(title: str, anchor: str) -> Heading:
    return Heading(1, title, anchor)


def section(title: str, anchor: str) -> Heading:
    return Heading(2, title, anchor)


def text(words: str) -> Paragraph:
    return paragraph(words)


def code(text: str, address: str = "") -> Span:
    return Span(text, code=True, address=address)


def head(*parts: str | Span) -> Cell:
    return cell(*parts, head=True)


def score(value: scoring.Range | None) -> Cell:
    """A range as a cell, shaded by its middle unless it is too wide to say."""
    return cell(ranged(value), tone=tone(value))


def tone(value: scoring.Range | None) -> str:
    if value is None or value.observed == 0 or value.high - value.low > SHADED:
        return "muted"
    return f"s{min(4, int((value.low + value.high) / 2 + 0.5))}"


def observed(value: scoring.Range | None) -> str:
    return percent(value.observed) if value is not None else percent(None)


def cell_address(said: Material, key: Key) -> str:
    return reverse("assess:cell", args=[said.row.code, *key])


def listed(names: list[str], most: int) -> str:
    """The first of some names, and how many more."""
    if len(names) <= most:
        return ", ".join(names)
    return _("{names} and {count} more").format(names=", ".join(names[:most]), count=len(names) - most)


def anchor_of(*parts: str) -> str:
    """Letters, digits and hyphens, from codes."""
    return "-".join(re.sub(r"[^a-z0-9]+", "-", one.lower()).strip("-") for one in parts)


def table(
    caption: str,
    source: str,
    columns: Sequence[Column],
    rows: Sequence[tuple[Cell, ...]],
    *,
    anchor: str,
    keep: int = 1,
) -> list[Block]:  # fmt: skip
    """A table, or nothing where it would be empty."""
    return [Table(caption, source, tuple(columns), tuple(rows), keep, anchor)] if rows else []
