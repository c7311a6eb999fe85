"""Feeds of alerts: written as Atom and RSS, and read from others.

Source: RFC 4287 (Atom), RSS 2.0, and "Example Practices: CAP Feeds v1.0" of OASIS: every entry has an id that stays
and a link of type `application/cap+xml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from pasaj.core.cap.build import IMPOSSIBLE
from pasaj.core.cap.shapes import NAMESPACE
from pasaj.core.problems import Problem, Refused, problem

MEDIA_TYPE = "application/cap+xml"
ATOM = "http://www.w3.org/2005/Atom"
MOST_BYTES = 10_000_000
HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` stays the same for ever; `link` is where the message is; `language` of title and summary."""

    key: str
    title: str
    summary: str
    language: str
    link: str
    author: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """`link` is the feed's own address; `page` one for people; `updated` that of the latest entry."""

    key: str
    title: str
    link: str
    page: str
    language: str
    updated: datetime


def _text(text: str) -> str:
    return escape(IMPOSSIBLE.sub("", text))


def atom(channel: Channel, entries: Iterable[Entry]) -> bytes:
    """An Atom feed in the order of the entries."""
    parts = (
        f"<entry><id>{_text(one.key)}</id><title>{_text(one.title)}</title><updated>{one.updated.isoformat()}</updated>"
        f"<author><name>{_text(one.author)}</name></author>"
        f'<link rel="alternate" type="{MEDIA_TYPE}" hreflang="{_text(one.language)}" href="{_text(one.link)}"/>'
        f'<summary xml:lang="{_text(one.language)}">{_text(one.summary)}</summary></entry>'
        for one in entries
    )
    head = (
        f'{HEAD}<feed xmlns="{ATOM}" xml:lang="{_text(channel.language)}"><id>{_text(channel.key)}</id>'
        f"<title>{_text(channel.title)}</title><updated>{channel.updated.isoformat()}</updated>"
        f'<link rel="self" type="application/atom+xml" href="{_text(channel.link)}"/>'
        f'<link rel="alternate" type="text/html" href="{_text(channel.page)}"/>'
    )
    return (head + "".join(parts) + "</feed>").encode()


def rss(channel: Channel, entries: Iterable[Entry]) -> bytes:
    """An RSS 2.0 feed in the order of the entries."""
    parts = (
        f"<item><title>{_text(one.title)}</title><link>{_text(one.link)}</link>"
        f"<description>{_text(one.summary)}</description><author>{_text(one.author)}</author>"
        f'<guid isPermaLink="false">{_text(one.key)}</guid><pubDate>{format_datetime(one.updated)}</pubDate>'
        f'<atom:link rel="alternate" type="{MEDIA_TYPE}" href="{_text(one.link)}"/></item>'
        for one in entries
    )
    head = (
        f'{HEAD}<rss version="2.0" xmlns:atom="{ATOM}"><channel><title>{_text(channel.title)}</title>'
        f"<link>{_text(channel.page)}</link><description>{_text(channel.title)}</description>"
        f"<language>{_text(channel.language)}</language><lastBuildDate>{format_datetime(channel.updated)}</lastBuildDate>"
        f'<atom:link rel="self" type="application/rss+xml" href="{_text(channel.link)}"/>'
    )
    return (head + "".join(parts) + "</channel></rss>").encode()


def fitting(entries: Sequence[Entry], most_bytes: int) -> Sequence[Entry]:
    """As many of the first entries as surely fit into `most_bytes` of either form."""
    left = most_bytes - 2000  # what stands around the entries
    for count, one in enumerate(entries):
        texts = (one.key, one.title, one.summary, one.link, one.link, one.author, one.language, one.language)
        left -= sum(len(_text(text).encode()) for text in texts) + 400
        if left < 0:
            return entries[:count]
    return entries


@dataclass(frozen=True, slots=True)
class Found:
    """What a document at an address turned out to be. `itself`: it is an alert, and there are no links.

    `links` are the whole addresses of the messages in the order of the feed, each once; `problems` the entries
    that have none.
    """

    itself: bool = False
    links: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def links(data: bytes, absolute: Callable[[str], str] = str) -> Found:
    """The messages that an Atom or RSS feed points to. `absolute` makes a whole address of one relative to the feed.

    Raises Refused: FEED-005 (larger than 10 MB), FEED-006 (neither feed nor alert), FEED-007 (document type).
    """
    from lxml import etree  # noqa: PLC0415 - the web process starts without it

    if len(data) > MOST_BYTES:
        raise Refused(problem("FEED-005", limit=MOST_BYTES))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Refused(problem("FEED-007"))
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(problem("FEED-006", detail=str(error.msg)[:200])) from error
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise Refused(problem("FEED-007"))
    name = etree.QName(root)
    if (name.localname, name.namespace) == ("alert", NAMESPACE):
        return Found(itself=True)
    if root.tag == f"{{{ATOM}}}feed":
        return _collected(root.findall(f"{{{ATOM}}}entry"), absolute)
    if root.tag == "rss":
        return _collected(root.findall("channel/item"), absolute)
    raise Refused(problem("FEED-006", detail=root.tag[:200]))


def _collected(entries: list[Any], absolute: Callable[[str], str]) -> Found:
    found: dict[str, None] = {}
    problems = []
    for number, entry in enumerate(entries, 1):
        link = _link(entry)
        if link:
            found[absolute(link)] = None
        else:
            problems.append(problem("FEED-012", row=number))
    return Found(links=tuple(found), problems=tuple(problems))


def _link(entry: Any) -> str:
    """The address of the message: a link of its type, else that of an RSS item, else of an Atom entry."""
    linked = entry.findall(f"{{{ATOM}}}link")
    for one in linked:
        if (one.get("type") or "").partition(";")[0].strip() == MEDIA_TYPE:
            return str(one.get("href") or "").strip()
    for one in entry.findall("enclosure"):
        if one.get("type") == MEDIA_TYPE:
            return str(one.get("url") or "").strip()
    plain = entry.findtext("link")
    if plain and plain.strip():
        return str(plain).strip()
    # Feeds of some services give the message under a link without a type.
    return next(
        (str(one.get("href")).strip() for one in linked if not one.get("type") and (one.get("href") or "").strip()), ""
    )
