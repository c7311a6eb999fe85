"""Free text that came with a report whose answers were removed goes from every revision; figures and events stay.

They are counts. What stands in the place of a text is a tombstone with a hash; the database lets a text be emptied
where it finds one, and nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar

from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.watch.models import CrossingStatus, Incident, Observation, Tombstone

Row = Observation | Incident | CrossingStatus
Event = TypeVar("Event", Incident, CrossingStatus)
TEXTS = {"observation": ("note",), "incident": ("source", "note"), "status": ("cause", "hours", "source", "note")}
"""The columns of each kind that may hold what somebody wrote."""
TELLING = 8  # signs from which on a text is found within another: shorter ones stand in many
CUT = 99  # signs from which on a text may be the beginning of a longer one


def forget_texts(*, ref: str, said: Collection[str], key: bytes, actor: Actor, now: datetime) -> int:
    """Empty what was made from the report whose `ref` begins so, in all revisions, inside the caller's transaction.

    Notes go; a cause, hours or a source go where they are among `said`, the free answers of the report. A
    revision that somebody made afterwards loses what it repeats. `key` is the report itself: the tombstones
    hold an HMAC under it. Returns how many revisions lost a text.
    """
    done = 0
    came: dict[str, list[Row]] = {
        "observation": _figures(ref),
        "incident": [*_events(Incident, ref)],
        "status": [*_events(CrossingStatus, ref)],
    }
    for kind, rows in came.items():
        notes = {row.note for row in rows if row.ref.startswith(ref)}
        gone = {one for text in (*said, *notes) if (one := text.strip())}
        for row in rows:
            done += _empty(kind, row, ref, gone, key, actor, now)
    return done


def _figures(ref: str) -> list[Row]:
    """Every revision of the figures that came from there, whoever made it."""
    came = Observation.objects.filter(ref__startswith=ref)
    chains = set(came.values_list("series", "period_start", "period_end"))
    found: list[Row] = []
    for series, start, end in sorted(chains):
        rows = Observation.objects.filter(series=series, period_start=start, period_end=end)
        found += rows.select_related("series").order_by("revision")
    return found


def _events(model: type[Event], ref: str) -> list[Event]:
    rows = model._default_manager
    codes = rows.filter(ref__startswith=ref).values("code")
    return list(rows.filter(code__in=codes).order_by("code", "revision"))


def _empty(kind: str, row: Row, ref: str, gone: Collection[str], key: bytes, actor: Actor, now: datetime) -> bool:
    came = row.ref.startswith(ref)
    texts = {name: getattr(row, name) for name in TEXTS[kind]}
    lost = {name: text for name, text in texts.items() if text and ((came and name == "note") or repeats(text, gone))}
    if not lost:
        return False
    content = "\0".join(f"{name}={text}" for name, text in lost.items()).encode()
    sha256 = hmac.new(key, content, hashlib.sha256).hexdigest()
    Tombstone.objects.create(
        kind=kind, row_id=row.pk, sha256=sha256, size=len(content), removed_at=now, recorded_at=timezone.now()
    )
    type(row)._default_manager.filter(pk=row.pk).update(**dict.fromkeys(lost, ""))
    code = row.series.code if isinstance(row, Observation) else row.code
    detail = {"revision": row.revision, "texts": sorted(lost), "sha256": sha256}
    audit.record(actor=actor, action="observation.note-removed", code=code, now=now, detail=detail)
    return True


def repeats(text: str, gone: Iterable[str]) -> bool:
    """Whether a text is one of those that go, holds one, or is one that a column was too short for."""
    said = text.strip()
    return any(
        said == one or (len(one) >= TELLING and one in text) or (len(said) > CUT and one.startswith(said))
        for one in gone
    )
