"""Feeds written and read."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest
from lxml import etree

from pasaj.core.cap import feeds
from pasaj.core.problems import Refused

AT = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
CHANNEL = feeds.Channel("urn:uuid:1", "Cell & co", "https://x.org/feeds/alerts.atom", "https://x.org/", "fr", AT)


def entry(number: int, **given: str) -> feeds.Entry:
    said = {
        "key": f"urn:uuid:{number}",
        "title": f"Flood <{number}>",
        "summary": "Go\x00 up & stay",
        "language": "ht",
        "link": f"https://x.org/feeds/cap/A-{number}.xml",
        "author": "cell@x.org",
    }
    return feeds.Entry(**{**said, **given}, updated=AT)


ENTRIES = [entry(1), entry(2)]


def there(link: str) -> str:
    return urljoin("http://x.org/f/feed", link)


LINKS = ("https://x.org/feeds/cap/A-1.xml", "https://x.org/feeds/cap/A-2.xml")


@pytest.mark.req("R11.15")
def test_both_forms_are_read_back() -> None:
    for written in (feeds.atom, feeds.rss):
        data = written(CHANNEL, ENTRIES)
        assert feeds.links(data) == feeds.Found(links=LINKS)
        assert feeds.links(written(CHANNEL, [])) == feeds.Found()


@pytest.mark.req("R11.15")
def test_an_entry_has_an_id_a_time_and_a_link_of_the_type_of_cap() -> None:
    ns = {"a": feeds.ATOM}
    atom = etree.fromstring(feeds.atom(CHANNEL, ENTRIES))
    one = atom.findall("a:entry", ns)[0]
    assert [child.text for child in one if child.text] == [
        "urn:uuid:1",
        "Flood <1>",
        "2026-11-30T14:00:00+00:00",
        "Go up & stay",
    ]
    assert dict(one.find("a:link", ns).attrib) == {
        "rel": "alternate", "type": "application/cap+xml", "hreflang": "ht", "href": LINKS[0],
    }  # fmt: skip
    rss = etree.fromstring(feeds.rss(CHANNEL, ENTRIES))
    item = rss.findall("channel/item")[0]
    assert [item.findtext(name) for name in ("title", "link", "guid", "pubDate")] == [
        "Flood <1>", LINKS[0], "urn:uuid:1", "Mon, 30 Nov 2026 14:00:00 +0000",
    ]  # fmt: skip


def test_a_feed_stays_within_its_size() -> None:
    many = [entry(number, summary="é" * 1000) for number in range(1000)]
    few = feeds.fitting(many, 100_000)
    assert 0 < len(few) < 1000
    assert max(len(feeds.atom(CHANNEL, few)), len(feeds.rss(CHANNEL, few))) <= 100_000
    assert feeds.fitting(ENTRIES, 100_000) == ENTRIES


@pytest.mark.req("R11.17")
@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ('<link type="application/cap+xml" href="a.xml"/><link href="b"/>', ("http://x.org/f/a.xml",)),
        ('<link type="text/html" href="b"/><link href="c.xml"/>', ("http://x.org/f/c.xml",)),
        ('<link type="text/html" href="b"/>', ()),
        ("<title>x</title>", ()),
    ],
)
def test_links_of_others(entry: str, wanted: tuple[str, ...]) -> None:
    found = feeds.links(
        f'<feed xmlns="{feeds.ATOM}"><entry>{entry}</entry></feed>'.encode(),
        lambda link: urljoin("http://x.org/f/feed", link),
    )
    assert found.links == wanted
    assert [(one.code, one.row) for one in found.problems] == ([] if wanted else [("FEED-012", 1)])


def test_an_enclosure_is_a_link_too() -> None:
    item = '<item><enclosure type="audio/x" url="a"/><enclosure type="application/cap+xml" url="a.xml"/></item>'
    data = (
        f"<rss><channel>{item}{item}<item><link> </link></item><item><link>b.xml</link></item></channel></rss>".encode()
    )
    found = feeds.links(data, lambda link: urljoin("http://x.org/", link))
    assert (found.links, [one.row for one in found.problems]) == (("http://x.org/a.xml", "http://x.org/b.xml"), [3])


@pytest.mark.req("R11.17")
def test_what_is_no_feed_is_told() -> None:
    assert feeds.links(b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>') == feeds.Found(itself=True)
    for data, code in (
        (b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.1"/>', "FEED-006"),
        (b"<html><p>", "FEED-006"),
        (b"", "FEED-006"),
        (b"<!DOCTYPE rss><rss/>", "FEED-007"),
        ('<!DOCTYPE rss [<!ENTITY a "b">]><rss/>'.encode("utf-16"), "FEED-007"),
        (b"<rss>" + b" " * feeds.MOST_BYTES, "FEED-005"),
    ):
        with pytest.raises(Refused) as refused:
            feeds.links(data, lambda link: urljoin("http://x.org/", link))
        assert [one.code for one in refused.value.problems] == [code]
