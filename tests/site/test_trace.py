"""The page of the chain of evidence, its command and its interface."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import make
import pytest
import shell
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pasaj.access.rules import SYSTEM
from pasaj.evidence.models import Link, Node, Review
from pasaj.evidence.queries import trace as queries
from pasaj.evidence.queries.trace import state_of
from pasaj.evidence.services import withdraw
from pasaj.share.models import Release
from pasaj.site.cli import trace as command
from pasaj.watch.models import Observation, Signal
from pasaj.watch.services import detection, observations
from pasaj.watch.services import signals as service

YESTERDAY = make.TODAY - timedelta(days=1)
QUIET = [100, 104, 96, 100, 102, 98, 100, 101, 99, 100, 104, 96, 100, 100]


@pytest.fixture
def verified(country: make.Country, cast: make.Cast) -> Signal:
    """A jump at Northgate, found, verified, and the count corrected since."""
    country.year(country.series(), [*QUIET, 310])
    run = detection.open_run(as_of=make.NOW, from_date=YESTERDAY, to_date=YESTERDAY, actor=SYSTEM, now=make.NOW)
    detection.run(run.pk, now=make.NOW)
    code = Signal.objects.get(kind="unusual").code
    signal = service.act(code=code, action="verify", actor=cast.actor("duty"), now=make.NOW)
    standing = Observation.objects.current().get(period_start=YESTERDAY)
    observations.correct(
        observation=standing, value=Decimal(240), expected_revision=None, confirmed=True, actor=SYSTEM, now=make.NOW
    )
    return signal


def page(client: Client, code: str) -> str:
    answer = client.get(reverse("site:trace", args=[code]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def told(client: Client, signal: Signal, **changes: str) -> int:
    parent = Link.objects.get(child__code=signal.code).parent
    form = {"parent": parent.code, "type": "found-in", "disposition": "confirmed", "note": "still far too many",
            "claim": "count > 200", "seen_child": "1", "seen_parent": str(parent.revision), **changes}  # fmt: skip
    return client.post(reverse("site:trace-review", args=[signal.code]), form).status_code


@pytest.mark.django_db
@pytest.mark.req("R6.16")
def test_the_page_shows_who_accepted_what_and_what_has_changed(verified: Signal, as_: Callable[[str], Client]) -> None:
    text = page(as_("duty"), verified.code)
    for words in ("count</code> 310 → 240", "to be looked at again", "duty", "which has changed or was never accepted"):
        assert (words, words in text) == (words, True)
    assert ("Look again" in text) is False  # a duty officer does not review
    assert ("Look again" in page(as_("analyst"), verified.code)) is True
    figure = Node.objects.get(kind="figure")
    assert (verified.code in page(as_("analyst"), figure.code)) is True  # and from below
    assert verified.code in as_("duty").get(reverse("site:trace-list")).content.decode()
    assert as_("partner").get(reverse("site:trace", args=[verified.code])).status_code == 404


@pytest.mark.django_db
@pytest.mark.req("R6.16")
def test_a_review_on_the_page(verified: Signal, as_: Callable[[str], Client]) -> None:
    analyst = as_("analyst")
    assert told(as_("duty"), verified) == 404
    assert told(analyst, verified, parent="NONE") == 404
    for changes, status in (
        ({"note": " "}, 422),
        ({"seen_parent": "1"}, 409),
        ({"seen_parent": "x"}, 409),
        ({"claim": "count > 300"}, 422),
        ({"claim": "many"}, 422),
        ({"disposition": "perhaps"}, 422),
    ):
        assert (changes, told(analyst, verified, **changes)) == (changes, status)
    assert Review.objects.count() == 1
    assert told(analyst, verified) == 302
    assert str(state_of(verified.code).state) == "fresh"  # type: ignore[union-attr]
    assert ("count &gt; 200" in page(analyst, verified.code)) is True
    standing = Observation.objects.current().get(period_start=YESTERDAY)
    observations.correct(
        observation=standing, value=Decimal(235), expected_revision=None, confirmed=True, actor=SYSTEM, now=make.NOW
    )
    text = page(analyst, verified.code)
    assert ("accepted, counted again" in text, "count &gt; 200 still holds" in text) == (True, True)
    assert told(analyst, verified, disposition="cut") == 302
    assert ("Nothing has been linked yet." in page(analyst, verified.code)) is True


@pytest.mark.django_db
def test_what_nobody_has_cited_says_so(country: make.Country, as_: Callable[[str], Client]) -> None:
    duty = as_("duty")
    assert ("Nobody has cited it" in page(duty, "TL-BCP-NOR")) is True
    assert duty.get(reverse("site:trace", args=["SG-1999-0001"])).status_code == 404
    listed = duty.get(reverse("site:trace-list")).content.decode()
    assert ("Nothing is in the chain yet." in listed) is True
    answer = duty.get(reverse("site:trace-list"), {"code": "TL-BCP-NOR"})
    assert (answer.status_code, answer["Location"]) == (302, "/trace/TL-BCP-NOR/")


@pytest.mark.django_db
def test_a_withdrawn_figure_is_named_on_the_page(verified: Signal, as_: Callable[[str], Client]) -> None:
    figure = Node.objects.get(kind="figure")
    withdraw(code=figure.code, note="entered twice", actor=SYSTEM, now=make.NOW)
    text = page(as_("analyst"), verified.code)
    assert (f"{verified.code} rests on {figure.code}, which was withdrawn." in text) is True
    assert ("withdrawn" in page(as_("analyst"), figure.code)) is True


@pytest.mark.django_db
@pytest.mark.req("R6.16")
@pytest.mark.req("R2.12")
def test_the_interface_says_what_the_page_says(verified: Signal, as_: Callable[[str], Client]) -> None:
    duty = as_("duty")
    (one,) = duty.get("/api/v1/evidence").json()
    assert (one["code"], one["state"], one["kind"]) == (verified.code, "suspect", "signal")
    answer = duty.get(f"/api/v1/evidence/{verified.code}")
    found = json.loads(b"".join(answer.streaming_content))
    assert [(step["parent"]["kind"], step["state"], step["before"], step["now"]) for step in found["up"]] == [
        ("figure", "suspect", {"count": "310"}, {"count": "240"})
    ]
    assert [one["reason"] for one in found["blockers"]] == ["suspect"]
    assert Release.objects.get(code=answer["X-Pasaj-Release"]).question == {"evidence": verified.code}
    assert duty.get("/api/v1/evidence/NONE").status_code == 404


@pytest.mark.django_db
@pytest.mark.req("R6.16")
def test_the_command_says_what_the_page_says(
    verified: Signal, cast: make.Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    found = queries.trace(verified.code, cast.actor("duty"))
    assert found is not None
    with translation.override("en"):
        command._say(found)
        below = queries.trace(found.up[0].parent.code, cast.actor("duty"))
        assert below is not None
        command._say(below)
    figure = found.up[0].parent.code
    assert capsys.readouterr().out.splitlines() == [
        f"{verified.code} · signal · to be looked at again",
        verified_title := found.node.title,
        "",
        "What it rests on",
        f"  {figure} · Returns, Northgate, 30 September 2025 (Daily register) · up to date",
        f"    {verified.code} · was found in · to be looked at again",
        "    count: 310 → 240",
        "",
        "What rests on it",
        "  nothing",
        "",
        "Stands against publishing it",
        f"  {verified.code} rests on {figure}, which has changed or was never accepted.",
        f"{figure} · figure · up to date",
        "Returns, Northgate, 30 September 2025 (Daily register)",
        "",
        "What it rests on",
        "  nothing",
        "",
        "What rests on it",
        f"  {verified.code} · {verified_title} · to be looked at again",
        f"    {figure} · was found in · to be looked at again",
        "    count: 310 → 240",
    ]


@pytest.mark.req("R6.16")
@pytest.mark.req("R9.5")
def test_the_command(tmp_path: Path) -> None:
    home = shell.small_home(tmp_path)
    result = shell.run(home, "trace", "NONE")
    assert (result.returncode, result.stderr.startswith("EVID-007: ")) == (1, True)
    result = shell.run(home, "trace", "NONE", "--json")
    assert (result.returncode, json.loads(result.stdout)["problems"][0]["code"]) == (1, "EVID-007")
