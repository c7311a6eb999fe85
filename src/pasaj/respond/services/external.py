"""Alerts of other services: sources, asking them, and what becomes of a message.

A message is kept as it came, readable or not, with every problem. One that is in earnest, readable and in force
becomes a signal for triage, never an alert. Where a source has pinned certificates, only what they signed does.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from pasaj.access.rules import SYSTEM, Actor
from pasaj.access.services import audit
from pasaj.core import cap
from pasaj.core.cap import feeds, reading
from pasaj.core.cap.meaning import read_moment
from pasaj.core.cap.values import references
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.models import Area
from pasaj.respond.models import ExternalAlert, Feed
from pasaj.respond.services import fetching, signing
from pasaj.watch.models import Signal
from pasaj.watch.services import signals

CODE = re.compile(r"[A-Z][A-Z0-9-]{0,19}")
MOST_MINUTES = 1440
LONGEST = 120.0  # seconds for the messages of one source: the next round fetches on
MOST_MESSAGES = 100  # fetched in one go: the next round fetches on
SLOWEST = timedelta(hours=24)
DOUBLINGS = 8  # of the time between two tries
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Wanted:
    code: str
    name: str
    url: str
    pinned: tuple[str, ...] = ()
    minutes: int = 10


def add(*, wanted: Wanted, actor: Actor, now: datetime, real_now: datetime) -> Feed:
    """A new source, asked at once. Raises Refused: FEED-001, FEED-008 to FEED-011, FEED-013, each with its field."""
    wrong = list(_wrong(wanted))
    if wrong:
        raise Refused(*wrong)
    try:
        with transaction.atomic():
            made = Feed.objects.create(
                code=wanted.code,
                name=wanted.name.strip(),
                url=wanted.url,
                pinned=[signing.plain_fingerprint(one) for one in wanted.pinned],
                minutes=wanted.minutes,
                next_at=real_now,
                created_at=now,
                author_id=actor.id,
                author_label=actor.label,
            )
            audit.record(actor=actor, action="feed.added", code=made.code, now=now, detail={"url": made.url})
    except IntegrityError as error:
        raise Refused(problem("FEED-008", code=wanted.code, column="code")) from error
    return made


def _wrong(wanted: Wanted) -> Iterable[Problem]:
    if not CODE.fullmatch(wanted.code):
        yield problem("FEED-011", value=wanted.code[:40], column="code")
    if not wanted.name.strip():
        yield problem("FEED-013", column="name")
    try:
        fetching.check_address(wanted.url)
    except Refused as refused:
        yield from refused.problems
    if not 1 <= wanted.minutes <= MOST_MINUTES:
        yield problem("FEED-010", value=wanted.minutes, column="minutes")
    for one in wanted.pinned:
        try:
            signing.plain_fingerprint(one)
        except ValueError:
            yield problem("FEED-009", value=one[:80], column="pinned")


def stop(*, code: str, actor: Actor, now: datetime, real_now: datetime) -> Feed:
    """Ask a source no more; what came from it stays. Raises Feed.DoesNotExist."""
    return _turn(code, "feed.stopped", actor, now, stopped_at=real_now)


def resume(*, code: str, actor: Actor, now: datetime, real_now: datetime) -> Feed:
    """Ask a source again, at once. Raises Feed.DoesNotExist."""
    return _turn(code, "feed.resumed", actor, now, stopped_at=None, next_at=real_now, failures=0)


def _turn(code: str, action: str, actor: Actor, now: datetime, **fields: Any) -> Feed:
    with transaction.atomic():
        feed = Feed.objects.select_for_update().get(code=code)
        for name, value in fields.items():
            setattr(feed, name, value)
        feed.save(update_fields=list(fields))
        audit.record(actor=actor, action=action, code=code, now=now)
    return feed


def is_due(real_now: datetime) -> bool:
    """Whether a source is to be asked."""
    return _due(real_now).exists()


def _due(real_now: datetime) -> QuerySet[Feed]:
    return Feed.objects.filter(stopped_at__isnull=True, next_at__lte=real_now).order_by("next_at", "pk")


def ask_due(*, now: datetime, real_now: datetime) -> int:
    """Ask every source whose time has come; how many. A source that fails is asked later each time."""
    due = list(_due(real_now))
    for feed in due:
        ask(feed=feed, now=now, real_now=real_now)
    return len(due)


def ask(*, feed: Feed, now: datetime, real_now: datetime) -> None:
    """Ask one source, keep what is new, and set when to ask again. Nothing is held locked while the network is slow."""
    answer, found = fetching.Answer(etag=feed.etag, modified=feed.modified), None
    try:
        answer = fetching.fetch(feed.url, most=feeds.MOST_BYTES, etag=feed.etag, modified=feed.modified)
        if not answer.unchanged:
            found = _take(feed, answer.data, now, real_now)
    except Refused as refused:
        found, answer = refused.problems[0], fetching.Answer(etag=feed.etag, modified=feed.modified)
        feed.failures = min(feed.failures + 1, 1000)
    else:
        feed.failures, feed.answered_at = 0, real_now
    # What could not be fetched yet is asked for again: then the feed must come whole.
    whole = found is None or found.code == "FEED-012"
    feed.etag, feed.modified = (answer.etag[:300], answer.modified[:60]) if whole else ("", "")
    feed.problem = found.plain() if found else None
    feed.asked_at, feed.next_at = real_now, real_now + pause(feed.minutes, feed.failures)
    feed.save(update_fields=["failures", "answered_at", "etag", "modified", "problem", "asked_at", "next_at"])


def pause(minutes: int, failures: int) -> timedelta:
    """How long until the next try: twice as long after each failure, a day at most. The same each time."""
    usual = timedelta(minutes=minutes)
    longer: timedelta = usual * 2 ** min(failures, DOUBLINGS)
    return min(longer, max(SLOWEST, usual))


def _take(feed: Feed, data: bytes, now: datetime, real_now: datetime) -> Problem | None:
    """Keep the messages of a document; a problem with some of them, if any."""
    document = feeds.links(data, lambda link: urljoin(feed.url, link))
    if document.itself:
        keep(feed=feed, address=feed.url, data=data, now=now, real_now=real_now)
        return None
    known = set(feed.alerts.filter(address__in=document.links).values_list("address", flat=True))
    new = [one for one in document.links if one not in known]
    trouble = document.problems[0] if document.problems else None
    end = time.monotonic() + LONGEST
    for address in reversed(new[:MOST_MESSAGES]):  # the oldest first: an update comes after what it updates
        if time.monotonic() > end:
            return problem("FEED-003", detail=f"not done after {LONGEST:.0f} s")
        try:
            got = fetching.fetch(address, most=reading.MOST_BYTES, home=feed.url)
        except Refused as refused:
            trouble = refused.problems[0]
            continue
        keep(feed=feed, address=address, data=got.data, now=now, real_now=real_now)
    if trouble is None and len(new) > MOST_MESSAGES:
        return problem("FEED-014", count=len(new) - MOST_MESSAGES)
    return trouble


def keep(*, feed: Feed, address: str, data: bytes, now: datetime, real_now: datetime) -> ExternalAlert:
    """Keep a message with what is wrong with it, and raise or add to a signal. The same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    kept = feed.alerts.filter(sha256=digest).first()
    if kept is not None:
        return kept
    problems = cap.check(data)
    verdict = signing.verify(data, feed.pinned, real_now=real_now)
    if verdict.problem:
        problems = [*problems, verdict.problem]
    content = told(data)
    with transaction.atomic():
        made = ExternalAlert(
            feed=feed,
            address=address[:500],
            sha256=digest,
            size=len(data),
            xml=data.decode("utf-8", "replace").replace("\x00", "") if len(data) <= reading.MOST_BYTES else "",
            sender=content.get("sender", "")[:200],
            identifier=content.get("identifier", "")[:200],
            sent_at=content.pop("sent_at", None),
            status=content.get("status", "")[:12],
            type=content.get("type", "")[:8],
            trusted=verdict.trusted,
            problems=[one.plain() for one in problems],
            received_at=now,
            recorded_at=real_now,
        )
        ends_at = content.pop("ends_at", None)
        made.content = content
        if _counts(made, feed.pinned) and (ends_at is None or ends_at > now):
            made.signal = _signal(made, now)
        made.save()
    return made


def _counts(made: ExternalAlert, pinned: Collection[str]) -> bool:
    """Whether a message is one that people should look at: in earnest, of somebody, and signed where that is asked."""
    if made.status != "Actual" or made.type not in {"Alert", "Update", "Cancel"} or not made.identifier:
        return False
    return made.trusted or not pinned


def _signal(made: ExternalAlert, now: datetime) -> Signal | None:
    """The signal that a message belongs to: of a message that it refers to, with a note, else a new one."""
    earlier = ExternalAlert.objects.filter(signal__isnull=False, feed=made.feed)
    for sender, identifier in made.content.get("about", ()):
        before = earlier.filter(sender=sender, identifier=identifier).select_related("signal").order_by("-pk").first()
        if before is not None and before.signal is not None:
            _note(before.signal, made, now)
            return before.signal
    if made.type == "Cancel":
        return None  # of something that we never heard of
    day = now.date()
    texts = made.content.get("lines") or {}
    return signals.raise_outside(
        kind=Signal.Kind.EXTERNAL,
        method="cap",
        said=signals.Outside(
            key=f"cap:{made.feed.code}:{hashlib.sha256(f'{made.sender},{made.identifier}'.encode()).hexdigest()[:40]}",
            ref=f"{made.feed.code} {made.identifier}"[:120],
            text=next(iter(texts.values()), made.identifier),
            texts=texts,
            first=day,
            last=day,
            area=_area(made.content.get("geocodes", ())),
        ),
        actor=SYSTEM,
        now=now,
    )


def _note(signal: Signal, made: ExternalAlert, now: datetime) -> None:
    line = next(iter((made.content.get("lines") or {}).values()), "")
    for note in (f"{made.type} {made.identifier}: {line}", f"{made.type} {made.identifier}", made.type):
        try:
            signals.act(code=signal.code, action="note", note=note[:1000], actor=SYSTEM, now=now)
        except Refused:  # what others write may look like a name: then the message itself is where to read it
            continue
        return


def _area(codes: Iterable[str]) -> Area | None:
    """The smallest area of ours that one of the codes names."""
    return (
        Area.objects.filter(pcode__in=[one for one in codes if one], retired_at=None).order_by("-level", "pk").first()
    )


def told(data: bytes) -> dict[str, Any]:
    """What people read of a message, as far as it can be read; empty for what is no alert.

    `lines`: by language of ours, sender, headline and area in one line. `about`: (sender, identifier) of the messages
    it refers to. `sent_at` and `ends_at` are datetimes.
    """
    try:
        tree = reading.read(data)
    except Refused:
        return {}
    infos = tree.all("info")
    ends = [read_moment(info, "expires") for info in infos]
    try:
        about = [[one.sender, one.identifier] for one in references(tree.said("references"))]
    except ValueError:
        about = []
    return {
        "sender": tree.said("sender"),
        "identifier": tree.said("identifier"),
        "sent_at": read_moment(tree, "sent"),
        "ends_at": max((end for end in ends if end), default=None) if all(ends) else None,
        "status": tree.said("status"),
        "type": tree.said("msgType"),
        "severity": infos[0].said("severity") if infos else "",
        "about": about,
        "geocodes": [code.said("value") for info in infos for area in info.all("area") for code in area.all("geocode")][
            :200
        ],
        "lines": _lines(tree, infos),
    }


def _lines(tree: reading.Element, infos: list[reading.Element]) -> Mapping[str, str]:
    """By language. What the message does not say in one of ours is given in the first language that it has."""
    found: dict[str, str] = {}
    for info in infos:
        language = (info.said("language") or "en").partition("-")[0].lower()
        sender = info.said("senderName") or tree.said("sender")
        what = info.said("headline") or info.said("event")
        where = ", ".join(area.said("areaDesc") for area in info.all("area"))
        found.setdefault(language, " · ".join(" ".join(part.split())[:300] for part in (sender, what, where) if part))
    if not found:
        return {}
    first = next(iter(found.values()))
    return {language: found.get(language, first) for language in LANGUAGES}
