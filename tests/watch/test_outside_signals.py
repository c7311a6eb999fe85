"""Signals that no count stands behind: raised once, triaged like the others, seen by whoever sees the place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import make
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pasaj.watch.models import Signal, SignalEvent
from pasaj.watch.queries import signals as queries
from pasaj.watch.services import signals

pytestmark = pytest.mark.django_db
DAY = date(2025, 9, 30)


def said(country: make.Country, key: str = "event:EV-2025-0001") -> signals.Outside:
    return signals.Outside(
        key=key, ref="EV-2025-0001", text="The bridge is cut", first=DAY, last=DAY,
        crossing=country.crossings["TL-BCP-NOR"], protection=True,
    )  # fmt: skip


@pytest.mark.req("R11.64")
def test_an_event_becomes_one_signal(country: make.Country, cast: make.Cast) -> None:
    first = signals.raise_event(said=said(country), actor=cast.actor("duty"), now=make.NOW)
    again = signals.raise_event(said=said(country), actor=cast.actor("approver"), now=make.NOW)
    assert (first.code, again.pk, Signal.objects.count()) == ("SG-2025-0001", first.pk, 1)
    assert list(SignalEvent.objects.values_list("action", "actor_label")) == [("raised", "duty")]
    with translation.override("en"):
        assert queries.sentence(first) == (
            "Confirmed event EV-2025-0001 at Northgate, 30 September 2025: The bridge is cut"
        )
        line = queries.line(first)
    assert (line.what, line.against, line.shape) == ("The bridge is cut", "EV-2025-0001", "alert")
    done = signals.act(code=first.code, action="verify", actor=cast.actor("duty"), now=make.NOW)
    assert done.state == "verified"


def test_a_count_always_has_its_run(country: make.Country) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Signal.objects.create(
            code="SG-2025-0009", key="k", kind="unusual", method="ears_c2", direction="up", period_start=DAY,
            period_end=DAY, inputs_as_of=make.NOW, created_at=make.NOW, state_at=make.NOW,
        )  # fmt: skip


@pytest.mark.parametrize(("who", "status"), [("duty", 200), ("chief", 200), ("partner", 404), ("stranger", 404)])
def test_who_reads_it(
    country: make.Country, cast: make.Cast, as_: Callable[[str], Client], who: str, status: int
) -> None:
    row = signals.raise_event(said=said(country), actor=cast.actor("duty"), now=make.NOW)
    assert as_(who).get(reverse("watch:signal", args=[row.code])).status_code == status
    assert as_("duty").get(reverse("site:morning")).context["counts"]["act"] == 1
