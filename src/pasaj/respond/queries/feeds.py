"""Feeds of published alerts, and the state of sources of others.

The public feed holds what was published to everybody in earnest; the restricted one what its reader may see. Neither
holds exercises or tests.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from pasaj.access.rules import Actor, visible
from pasaj.core.cap import feeds
from pasaj.core.cap.shapes import NAMESPACE
from pasaj.notify.models import Mode
from pasaj.registry.models import Home, localised
from pasaj.respond.models import AlertMessage, ExternalAlert, Feed

MOST_BYTES = 900_000  # what large receivers take at most
KEPT = timedelta(days=30)
FORMS = {"atom": ("application/atom+xml", feeds.atom), "rss": ("application/rss+xml", feeds.rss)}
FIELDS = ("identifier", "sender", "sent_at", "texts")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One feed: in which form and language, where it and its messages stand. `actor` None: the public one."""

    form: str
    language: str
    link: str  # the feed's own address
    page: str
    message: str  # the address of a message, with {identifier}
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a feed has changed. `keys` are the rows it holds, latest first."""

    etag: str
    modified: datetime | None
    keys: tuple[int, ...]


def messages(actor: Actor | None) -> QuerySet[AlertMessage]:
    """Messages that went out in earnest: to everybody, or those the actor may see."""
    rows = AlertMessage.objects.filter(state=AlertMessage.State.PUBLISHED, alert__mode=Mode.ACTUAL)
    return rows.filter(scope="Public") if actor is None else visible(rows, actor)


def stamp(wanted: Wanted, now: datetime) -> Stamp:
    """Messages never change once published, so that which they are says what the feed is."""
    rows = messages(wanted.actor).filter(Q(expires_at__gt=now) | Q(sent_at__gte=now - KEPT), sent_at__lte=now)
    found = list(rows.order_by("-sent_at", "-pk").values_list("pk", "published_real_at"))
    who = "" if wanted.actor is None else str(wanted.actor.id)
    said = [who, wanted.form, wanted.language, wanted.link, wanted.message, *(str(key) for key, _at in found)]
    etag = hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]
    moments = [at for _key, at in found if at is not None]
    return Stamp(f'"{etag}"', max(moments, default=None), tuple(key for key, _at in found))


def document(wanted: Wanted, stamped: Stamp, home: Home) -> bytes:
    """The feed itself, of at most 900 kB: the oldest are left off."""
    rows = AlertMessage.objects.filter(pk__in=stamped.keys).order_by("-sent_at", "-pk").values_list(*FIELDS)
    entries = [_entry(row, wanted, home.default_language) for row in rows]
    written = FORMS[wanted.form][1]
    channel = feeds.Channel(
        key=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, wanted.link)}",
        title=f"{localised(home.names, home.default_language)} · CAP 1.2",
        link=wanted.link,
        page=wanted.page,
        language=wanted.language,
        updated=entries[0].updated if entries else home.loaded_at,
    )
    return written(channel, feeds.fitting(entries, MOST_BYTES))


def _entry(row: tuple[Any, ...], wanted: Wanted, default: str) -> feeds.Entry:
    identifier, sender, sent_at, texts = row
    language = next((one for one in (wanted.language, default) if one in texts), next(iter(texts), default))
    said = texts.get(language, {})
    return feeds.Entry(
        key=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{NAMESPACE}:{sender},{identifier}')}",
        title=said.get("headline") or said.get("event") or identifier,
        summary=said.get("description", ""),
        language=language,
        link=wanted.message.format(identifier=identifier),
        author=sender,
        updated=sent_at,
    )


def message(identifier: str, actor: Actor | None) -> AlertMessage | None:
    """One message by its identifier, where it is for everybody or for this actor."""
    return messages(actor).filter(identifier=identifier).first()


def sources(actor: Actor) -> QuerySet[Feed]:
    """The sources of alerts of others that the actor sees."""
    return visible(Feed.objects.order_by("code"), actor)


def received(actor: Actor) -> QuerySet[ExternalAlert]:
    """What came from others, latest first."""
    return visible(ExternalAlert.objects.select_related("feed", "signal").order_by("-pk"), actor)
