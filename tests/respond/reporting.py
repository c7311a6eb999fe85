"""A small country in which something happened, for the tests of situation reports."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import make

from pasaj.respond.models import Sitrep
from pasaj.respond.services import sitreps

LAST = make.TODAY - timedelta(days=1)  # the last whole day before make.NOW
FIRST = LAST - timedelta(days=34)  # five periods of seven days
ENTRIES = 1234  # a day: their sum of a week is 8,638
CALM, LOUD = 20, 60  # returns a day, and in the last week


def happened(here: make.Country) -> None:
    """Five weeks: entries stay, returns triple in the last one, another source counts fewer, one post is silent."""
    north, south = "TL-BCP-NOR", "TL-BCP-SOU"
    weeks = [CALM] * 28 + [LOUD] * 7
    here.year(here.series(north, "returns", "REG"), list(weeks), LAST)
    here.year(here.series(north, "entries", "REG"), [ENTRIES] * 35, LAST)
    here.year(here.series(south, "returns", "REG"), [10] * 33 + [None] * 2, LAST)
    here.year(here.series(south, "entries", "REG"), [30] * 33 + [None] * 2, LAST)
    here.year(here.series(north, "returns", "NET"), [CALM] * 34 + [47], LAST)
    here.year(here.series("TL-UBP-01", "returns", "NET"), [3] * 35, LAST)


def corrected(here: make.Country, day: date, value: int, at: datetime) -> None:
    """Returns of the north on a day, said again."""
    here.observe(here.series("TL-BCP-NOR", "returns", "REG"), day, value, revision=2, reported_at=at)


def drafted(cast: make.Cast, as_of: datetime = make.NOW, who: str = "duty", **given: Any) -> Sitrep:
    return sitreps.draft(as_of=as_of, actor=cast.actor(who), now=max(as_of, make.NOW), **given)


def let_go(cast: make.Cast, row: Sitrep, now: datetime = make.NOW) -> Sitrep:
    """Submitted by the duty officer, approved by the approver."""
    row = sitreps.submit(code=row.code, seen=row.revision, actor=cast.actor("duty"), now=now)
    return sitreps.approve(code=row.code, seen=row.revision, actor=cast.actor("approver"), now=now)


def at(days: int, hour: int = 12) -> datetime:
    """A moment so many days after make.NOW's day."""
    return datetime.combine(make.TODAY + timedelta(days=days), datetime.min.time(), tzinfo=UTC) + timedelta(hours=hour)
