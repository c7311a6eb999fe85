"""A pasted message: read, looked at, confirmed; the text is not stored."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.core.periods import Period
from pasaj.watch.models import Observation
from pasaj.watch.services import observations
from pasaj.watch.services.observations import SeriesKey

YESTERDAY = make.TODAY - timedelta(days=1)
PAGE = "/counts/paste/"
As = Callable[[str], Client]
MESSAGE = "[01/10/2025, 06:12:10] Jean Baptiste: Northgate 30/9: entries 214, deported 265, spontaneous 45"


def understood(client: Client, text: str = MESSAGE) -> Any:
    return client.post(PAGE, {"text": text, "do": "read"})


def filled(answer: Any, **changes: str | None) -> dict[str, str]:
    """What a browser would post back from the page: every field as it stands, some changed (None: unticked)."""
    form = answer.context["form"]
    data = {"text": form.reading.text, "read": form.fingerprint, "do": "save", "quality": form.quality}
    for one in form.drafts:
        n = one.name
        data |= {f"f-{n}": f"{one.measure.code}.{one.category}", f"p-{n}": one.place, f"d-{n}": one.day}
        data |= {f"v-{n}": one.typed, f"s-{n}": one.source, f"x-{n}": one.current}
        marks = [(one.open_place, "p"), (one.open_day, "d"), (one.summed, "s"), (one.sent, "h"), (one.far, "y")]
        data[f"z-{n}"] = "".join(mark for given, mark in marks if given)
        if one.take:
            data[f"t-{n}"] = "1"
    for name, value in changes.items():
        key = name.replace("_", "-")
        if value is None:
            data.pop(key, None)
        else:
            data[key] = value
    return data


def drafts(answer: Any) -> list[tuple[str, str, str, str, str, bool]]:
    return [
        (one.place, one.day, f"{one.measure.code}.{one.category}", one.typed, one.source, one.take)
        for one in answer.context["form"].drafts
    ]


def stored() -> list[tuple[str, str, Decimal | None, str, int, str]]:
    rows = Observation.objects.select_related("series__measure").order_by("pk")
    return [
        (one.series.measure.code, one.series.category, one.value, one.quality, one.revision, one.origin) for one in rows
    ]


def wrong(answer: Any) -> list[tuple[str, str]]:
    return [(draft.name, one.code) for draft, one in answer.context["form"].wrong]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("chief", 200),
        ("duty", 200),
        ("approver", 404),
        ("analyst", 404),
        ("partner", 404),
        ("stranger", 404),
        ("admin", 404),
        ("dpo", 404),
    ],
)
@pytest.mark.req("R2.6")
def test_who_may_paste(as_: As, who: str, status: int) -> None:
    client = as_(who)
    assert client.get(PAGE).status_code == status
    assert understood(client).status_code == status
    assert client.get("/counts/paste/receipt/?figures=1").status_code == 404


def test_without_a_sign_in_nobody_gets_in(country: make.Country) -> None:
    assert Client().get(PAGE).status_code == 302
    assert Client().post(PAGE, {"text": MESSAGE, "do": "read"}).status_code == 302


@pytest.mark.req("R2.6")
def test_a_message_becomes_drafts_and_then_counts(as_: As) -> None:
    client = as_("duty")
    answer = understood(client)
    day = YESTERDAY.isoformat()
    assert drafts(answer) == [
        ("TL-BCP-NOR", day, "entries.total", "214", "REG", True),
        ("TL-BCP-NOR", day, "returns.deported", "265", "REG", True),
        ("TL-BCP-NOR", day, "returns.spontaneous", "45", "REG", True),
        ("TL-BCP-NOR", day, "returns.total", "310", "REG", True),
    ]
    assert Observation.objects.count() == 0
    assert "Jean" not in answer.content.decode()
    done = client.post(PAGE, filled(answer, quality="exact"))
    assert done.status_code == 302
    assert stored() == [
        ("entries", "total", Decimal(214), "exact", 1, "paste"),
        ("returns", "deported", Decimal(265), "exact", 1, "paste"),
        ("returns", "spontaneous", Decimal(45), "exact", 1, "paste"),
        ("returns", "total", Decimal(310), "derived", 1, "paste"),
    ]
    receipt = client.get(done["Location"])
    assert [one.text for one in receipt.context["lines"]] == [
        "REPORT NOR 30/9 RETURNS 310 DEPORTED 265 SPONTANEOUS 45 ENTRIES 214"
    ]


@pytest.mark.req("R3.1")
def test_neither_the_text_nor_its_sender_is_stored(as_: As) -> None:
    client = as_("duty")
    text = MESSAGE + ", Marie Joseph came too"
    client.post(PAGE, filled(understood(client, text)))
    made = Observation.objects.all()
    assert {re.fullmatch(r"Pasted message sha256-[0-9a-f]{12}", one.note) is not None for one in made} == {True}
    kept = " ".join(str(row) for model in (Observation, AuditEntry) for row in model.objects.values())
    assert [name for name in ("Jean", "Baptiste", "Marie", "Joseph") if name in kept] == []


def test_a_fingerprint_of_digits_alone_is_no_document(as_: As) -> None:
    """One text in some 280 has such a fingerprint, and its note is screened as every note is."""
    client = as_("duty")
    text = next(
        text
        for number in range(5000)
        if hashlib.sha256((text := f"Northgate 30/9: entries {number}").encode()).hexdigest()[:12].isdecimal()
    )
    answer = understood(client, text)
    assert client.post(PAGE, filled(answer)).status_code == 302
    assert Observation.objects.get().note == f"Pasted message sha256-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def test_the_text_that_comes_back_reads_the_same(as_: As) -> None:
    client = as_("duty")
    first = understood(client)
    again = understood(client, first.context["form"].reading.text)
    assert drafts(again) == drafts(first)
    assert client.post(PAGE, filled(first, text=first.context["form"].reading.text + "\r\n")).status_code == 302


def test_a_message_without_seconds_in_its_head(as_: As) -> None:
    answer = understood(as_("chief"), "[01/10/2025, 06:12] Jean Baptiste: Northgate yesterday: entries 12, goats 9")
    assert answer.context["form"].reading.text == "[2025-10-01] Northgate yesterday: entries 12, goats 9"


def test_what_was_not_understood_is_marked_and_nothing_is_lost(as_: As) -> None:
    answer = understood(as_("duty"), "Northgate 30/9: entries 12, goats 7 <b>")
    page = answer.content.decode()
    assert "<mark>goats 7<span" in page
    assert [one.code for one in answer.context["form"].reading.problems] == ["TEXT-010", "TEXT-008", "TEXT-008"]
    assert "Northgate 30/9: entries 12, goats 7 &lt;b&gt;</textarea>" in page


def test_a_chief_reports_for_his_own_crossing_only(as_: As) -> None:
    client = as_("chief")
    answer = understood(client, "30/9 Northgate entries 3 Southgate entries 4")
    assert [(one.place, one.take) for one in answer.context["form"].drafts] == [
        ("TL-BCP-NOR", True),
        ("TL-BCP-SOU", False),
    ]
    assert wrong(answer) == [("1", "TEXT-013")]
    refused = client.post(PAGE, filled(answer, t_1="1"))
    assert (refused.status_code, wrong(refused), Observation.objects.count()) == (422, [("1", "TEXT-013")], 0)
    assert client.post(PAGE, filled(answer)).status_code == 302
    assert [one[2] for one in stored()] == [Decimal(3)]


def test_a_text_that_is_too_long_is_kept_in_its_box(as_: As) -> None:
    text = "Northgate 30/9: entries 12" + " and more" * 3000
    answer = understood(as_("chief"), text)
    assert (answer.context["form"].text, answer.context["form"].reading.problems[0].code) == (text, "TEXT-015")


def test_a_day_that_may_be_still_to_come_is_ticked_on_purpose_only(as_: As) -> None:
    client = as_("duty")
    answer = understood(client, "Northgate 2/10: entries 12")
    assert drafts(answer) == [("TL-BCP-NOR", "2024-10-02", "entries.total", "12", "REG", False)]
    assert [one.code for one in answer.context["form"].told] == ["TEXT-017"]
    assert "the year was not written" in answer.content.decode()
    refused = client.post(PAGE, filled(answer))
    assert (refused.status_code, "the year was not written" in refused.content.decode()) == (422, True)
    assert client.post(PAGE, filled(answer, t_0="1")).status_code == 302


def test_more_figures_than_one_page_holds_are_told(as_: As) -> None:
    client = as_("duty")
    days = [YESTERDAY - timedelta(days=back) for back in range(90)]
    line = "Northgate {:%-d/%-m/%Y}: entries 7, deported 5, spontaneous 6\n"
    answer = understood(client, "".join(line.format(day) for day in days))
    form = answer.context["form"]
    assert [(one.code, dict(one.params)) for one in form.told] == [("TEXT-019", {"found": 270, "limit": 200})]
    assert (len(form.drafts), sum(one.summed for one in form.drafts)) == (266, 66)
    done = client.post(PAGE, filled(answer))
    assert (done.status_code, Observation.objects.count()) == (302, 266)


def test_of_a_text_that_is_wrong_all_over_the_beginning_is_told(as_: As) -> None:
    answer = understood(as_("duty"), "Northgate 30/9 " + "entries " * 60)
    assert (len(answer.context["form"].told), answer.context["form"].untold) == (50, 11)
    assert "and 11 more problems" in answer.content.decode()


def test_a_source_that_is_not_his_is_refused(as_: As) -> None:
    client = as_("chief")
    refused = client.post(PAGE, filled(understood(client), s_0="NET"))
    assert (refused.status_code, wrong(refused)[0], Observation.objects.count()) == (422, ("0", "TEXT-016"), 0)


def test_place_and_day_that_are_not_clear_are_chosen(as_: As) -> None:
    client = as_("duty")
    answer = understood(client, "entries 12")
    one = answer.context["form"].drafts[0]
    assert (one.open_place, one.open_day, len(one.places)) == (True, True, 3)
    refused = client.post(PAGE, filled(answer))
    assert wrong(refused) == [("0", "TEXT-002")]
    refused = client.post(PAGE, filled(refused, p_0="TL-BCP-SOU"))
    assert wrong(refused) == [("0", "TEXT-004")]
    assert refused.context["form"].drafts[0].place == "TL-BCP-SOU"
    done = client.post(PAGE, filled(refused, d_0=YESTERDAY.isoformat(), s_0=""))
    assert (done.status_code, Observation.objects.get().series.code) == (302, "TL-BCP-SOU.entries.in.total.REG.day")


def test_a_misspelt_place_is_proposed_not_taken(as_: As) -> None:
    answer = understood(as_("duty"), "Nortgate 30/9 entries 12")
    one = answer.context["form"].drafts[0]
    assert (one.place, [each.code for each in one.places]) == ("", ["TL-BCP-NOR"])


def test_a_zero_report_is_zero_of_everything_expected(as_: As) -> None:
    client = as_("duty")
    answer = understood(client, "Northgate 30/9 zero")
    assert [each[2:4] for each in drafts(answer)] == [("returns.total", "0"), ("entries.total", "0")]
    client.post(PAGE, filled(answer))
    assert sorted((one[0], one[2]) for one in stored()) == [("entries", Decimal(0)), ("returns", Decimal(0))]


def test_the_text_to_copy_says_what_it_leaves_out_and_what_is_simulated(as_: As, country: make.Country) -> None:
    country.observe(country.series(measure="entries"), YESTERDAY, 200, origin="demo")
    country.observe(country.series(measure="staff"), YESTERDAY, 3)
    country.observe(country.series(measure="staff", source="NET"), YESTERDAY, 3)
    row = Observation.objects.first()
    assert row is not None
    lines = as_("duty").get(f"/counts/paste/receipt/?figures={row.pk}").context["lines"]
    assert [(one.source, one.text, one.left_out, one.simulated) for one in lines] == [
        ("REG", "REPORT NOR 30/9 ENTRIES 200", 1, True)
    ]


def test_what_stands_is_replaced_on_purpose_only(as_: As, country: make.Country) -> None:
    country.observe(country.series(measure="entries"), YESTERDAY, 200)
    client = as_("duty")
    answer = understood(client, "Northgate 30/9 entries 214 returns 5")
    assert [(one.take, one.stands) for one in answer.context["form"].drafts] == [(False, "200"), (True, "")]
    client.post(PAGE, filled(answer, t_0="1"))
    assert [(one[0], one[2], one[4]) for one in stored()] == [
        ("entries", Decimal(200), 1),
        ("entries", Decimal(214), 2),
        ("returns", Decimal(5), 1),
    ]


def test_the_same_message_twice_changes_nothing(as_: As) -> None:
    client = as_("duty")
    client.post(PAGE, filled(understood(client)))
    again = understood(client)
    assert [one.take for one in again.context["form"].drafts] == [False] * 4
    ticked = filled(again, t_0="1", t_1="1", t_2="1", t_3="1")
    assert client.post(PAGE, ticked)["Location"] == "/counts/"
    assert Observation.objects.count() == 4
    none = client.post(PAGE, filled(again))
    assert [one.code for one in none.context["form"].problems] == ["OBS-022"]


def test_far_from_usual_asks_and_nothing_is_stored_before(as_: As, country: make.Country) -> None:
    country.year(country.series(measure="entries"), [100, 104, 96, 100, 102, 98, 100] * 2, YESTERDAY - timedelta(1))
    client = as_("duty")
    answer = understood(client, "Northgate 30/9 entries 2140 returns 5")
    asked = client.post(PAGE, filled(answer))
    assert (asked.status_code, wrong(asked)) == (422, [("0", "OBS-014")])
    assert Observation.objects.filter(period_start=YESTERDAY).count() == 0
    assert client.post(PAGE, filled(asked, c_0="999")).status_code == 422
    assert client.post(PAGE, filled(asked, c_0="2140")).status_code == 302


def test_somebody_else_was_faster(as_: As) -> None:
    client = as_("duty")
    answer = understood(client, "Northgate 30/9 entries 12")
    key = SeriesKey("TL-BCP-NOR", "entries", source="REG")
    observations.report(
        series_key=key, period=Period(YESTERDAY, YESTERDAY), value=Decimal(13), actor=SYSTEM, now=make.NOW
    )
    late = client.post(PAGE, filled(answer))
    assert (late.status_code, wrong(late), Observation.objects.count()) == (409, [("0", "OBS-013")], 1)
    assert client.post(PAGE, filled(late)).status_code == 302


def test_a_text_changed_after_reading_is_read_again(as_: As) -> None:
    client = as_("duty")
    data = filled(understood(client, "Northgate 30/9 entries 12"), text="Northgate 30/9 entries 13")
    answer = client.post(PAGE, data)
    assert (answer.status_code, [one.code for one in answer.context["form"].problems]) == (409, ["TEXT-014"])
    assert ([one[3] for one in drafts(answer)], Observation.objects.count()) == (["13"], 0)


def test_a_figure_that_stands_twice_is_taken_once(as_: As) -> None:
    client = as_("duty")
    answer = understood(client, "Northgate 30/9 entries 12 entries 13")
    assert [one[5] for one in drafts(answer)] == [True, False]
    both = client.post(PAGE, filled(answer, t_1="1"))
    assert wrong(both) == [("1", "TEXT-011")]


def test_the_sum_follows_its_parts(as_: As) -> None:
    client = as_("duty")
    answer = understood(client, "Northgate 30/9 deported 5 spontaneous 6")
    client.post(PAGE, filled(answer, v_0="7"))
    assert [one[:3] for one in stored()][-1] == ("returns", "total", Decimal(13))
    one = client.post(PAGE, filled(answer, v_0="x"))
    assert (wrong(one), one.context["form"].drafts[2].take) == ([("0", "OBS-016")], False)
    Observation.objects.all()
    alone = client.post(PAGE, filled(answer, t_0=None, v_1="8", x_1="REG:1"))
    assert (alone.status_code, stored()[-1][:3]) == (302, ("returns", "spontaneous", Decimal(8)))


@pytest.mark.parametrize(
    "changes",
    [{"f_0": "goats.total"}, {"f_0": "entries.wings"}, {"x_0": "REG:x"}, {"quality": "certain"}, {"d_0": "2099-01-01"}],
)
def test_forms_that_no_page_made(as_: As, changes: dict[str, str]) -> None:
    client = as_("duty")
    answer = client.post(PAGE, filled(understood(client, "Northgate 30/9 entries 12"), **changes))
    assert answer.status_code in (302, 422)


def test_one_figure_or_many_the_page_runs_as_many_queries(as_: As) -> None:
    client = as_("duty")
    understood(client)
    counted = []
    for text in ("Northgate 30/9 entries 1", "30/9 Northgate entries 1 returns 4 Southgate entries 2 deported 4"):
        with CaptureQueriesContext(connection) as found:
            assert understood(client, text).status_code == 200
        counted.append(len(found))
    assert counted[0] == counted[1]
