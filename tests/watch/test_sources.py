"""Pages of sources, measures, imports and jobs: who opens them, what they say, how many queries they run."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import make
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.access.rules import SYSTEM
from pasaj.registry.models import Post
from pasaj.share.models import Release
from pasaj.watch.models import DetectionRun, Import, Observation, Source
from pasaj.watch.services import imports

YESTERDAY = make.TODAY - timedelta(days=1)
As = Callable[[str], Client]
MAPPING = """
period: {column: Date, type: day}
crossing: {column: Point}
values: [{column: Returned, measure: returns}]
"""
FILE = "Date,Point,Returned\n2025-09-01,Northgate,12\n2025-09-02,Nowhere,3\n2025-09-03,=cmd,4\n"


def upload(client: Client, data: str = FILE, **fields: Any) -> Any:
    file = SimpleUploadedFile("counts.csv", data.encode())
    return client.post("/imports/new", {"file": file, "source": "REG", "mapping": MAPPING, **fields})


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(page).status_code == 200
    return len(found)


def status(as_: As, page: str) -> dict[str, int]:
    return {who: as_(who).get(page).status_code for who in make.CAST}


def row(code: str = "IM-2025-0900", **fields: Any) -> Import:
    fields = {"filename": "x.csv", "sha256": "0" * 64, "requested_at": make.NOW, "state": "done", **fields}
    return Import.objects.create(code=code, **fields)


IMPORTERS = {**dict.fromkeys(make.CAST, 404), "duty": 200, "analyst": 200, "admin": 200}
MEMBERS = {**dict.fromkeys(make.CAST, 200), "stranger": 404}


@pytest.mark.req("R7.1")
@pytest.mark.parametrize("page", ["/imports/", "/imports/new", "/imports/IM-2025-0900/"])
def test_imports_are_for_those_who_import(as_: As, page: str) -> None:
    row()
    assert status(as_, page) == IMPORTERS


def test_sources_and_measures_are_for_members(as_: As) -> None:
    assert status(as_, "/sources/") == MEMBERS
    assert status(as_, "/measures/returns/") == MEMBERS
    assert status(as_, "/sources/PUB/") == MEMBERS
    assert status(as_, "/sources/REG/") == {**MEMBERS, "partner": 404}


def test_jobs_are_for_the_cell(as_: As) -> None:
    assert status(as_, "/jobs/") == {**dict.fromkeys(make.CAST, 200), "chief": 404, "partner": 404, "stranger": 404}


@pytest.mark.req("R2.7")
def test_a_file_is_tried_looked_at_and_applied(as_: As) -> None:
    client = as_("analyst")
    answer = upload(client)
    dry = Import.objects.get()
    assert answer["Location"] == f"/imports/{dry.code}/"
    assert (dry.dry_run, dry.state, dry.rows_new, dry.rows_refused) == (True, "done", 1, 2)
    page = client.get(answer["Location"])
    assert [one.code for one in page.context["problems"]] == ["OBS-006", "OBS-006"]
    assert Observation.objects.count() == 0
    started = client.post(f"/imports/{dry.code}/apply")
    real = Import.objects.latest("pk")
    assert (started["Location"], real.state, real.dry_run) == (f"/imports/{real.code}/", "queued", False)
    assert client.get(f"/imports/{real.code}/").context["running"] is True
    done = imports.run(real.pk, now=make.NOW)
    assert (done.state, Observation.objects.count(), done.requested_by) == ("done", 1, "analyst")
    polled = client.get(f"/imports/{real.code}/", headers={"HX-Request": "true"})
    assert (polled.content, polled["HX-Refresh"]) == (b"", "true")
    again = upload(client, stored=real.code, mapping="")
    assert client.get(again["Location"]).context["may_apply"] is False
    assert client.post(again["Location"] + "apply").status_code == 404


def test_what_is_wrong_with_an_upload_is_said(as_: As) -> None:
    client = as_("analyst")
    assert [one.code for one in upload(client, mapping="nonsense: 1").context["problems"]] == [
        "IMPORT-009", "IMPORT-010", "IMPORT-010", "IMPORT-010",
    ]  # fmt: skip
    assert list(upload(client, mapping="").context["form"].errors) == ["stored"]
    assert upload(client, source="NOPE").status_code == 422
    assert Import.objects.count() == 0


def test_a_file_that_fails_says_why(as_: As) -> None:
    client = as_("analyst")
    page = client.get(upload(client, "")["Location"])
    assert [one.code for one in page.context["problems"]] == ["IMPORT-003"]


def test_refused_rows_leave_through_the_gate_to_whoever_sent_them(as_: As) -> None:
    upload(as_("analyst"))
    page = f"/imports/{Import.objects.get().code}/refused.csv"
    answer = as_("analyst").get(page)
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[0] for line in lines] == ["row", "3", "4"]
    assert lines[2].endswith("2025-09-03,'=cmd,4")
    assert (Release.objects.get().audience, answer["X-Pasaj-Release"]) == ("TLP:RED", Release.objects.get().code)
    assert {who: as_(who).get(page).status_code for who in ("duty", "admin", "chief", "partner", "stranger")} == (
        dict.fromkeys(("duty", "admin", "chief", "partner", "stranger"), 404)
    )


@pytest.mark.req("R7.1")
def test_what_stood_in_a_file_is_for_whoever_handed_it_in(as_: As, cast: make.Cast) -> None:
    """Others read codes and counts."""
    wrong = ("2025-09-01,Northgate,12", "2025-09-02,GoatFord,3", "2025-09-03,GoatFord,4", "2025-09-04,Northgate,x")
    upload(as_("analyst"), "\n".join(("Date,Point,Returned", *wrong)))
    partial = Import.objects.get()
    upload(as_("analyst"), "Date,Point,Returned,Returned\n")
    failed = Import.objects.latest("pk")
    Import.objects.filter(pk=failed.pk).update(
        problems=[{**one, "params": {"value": "GoatFord", "detail": "GoatFord"}} for one in failed.problems]
    )
    kept = failed.problems[0]["code"]

    def read(who: str, row: Import) -> tuple[int, list[tuple[str, int]], bool]:
        answer = as_(who).get(f"/imports/{row.code}/")
        return len(answer.context["problems"]), answer.context["codes"], "GoatFord" in answer.content.decode()

    counts = [("OBS-006", 2), ("OBS-016", 1)]
    assert {who: read(who, partial) for who in ("analyst", "duty", "admin")} == {
        "analyst": (3, [], True), "duty": (0, counts, False), "admin": (0, counts, False),
    }  # fmt: skip
    assert {who: read(who, failed)[:2] for who in ("analyst", "duty", "admin")} == {
        "analyst": (1, []), "duty": (0, [(kept, 1)]), "admin": (0, [(kept, 1)]),
    }  # fmt: skip
    told = {who: [job.told for job in as_(who).get("/jobs/").context["jobs"]] for who in ("analyst", "duty", "admin")}
    assert told == {"analyst": [True, True], "duty": [False, False], "admin": [False, False]}
    assert {who: kept in as_(who).get("/jobs/").content.decode() for who in told} == dict.fromkeys(told, True)


def test_an_import_is_stopped_from_its_page(as_: As) -> None:
    waiting = imports.open_import(
        file=io.BytesIO(FILE.encode()), filename="x.csv", mapping=MAPPING, source="REG", actor=SYSTEM, now=make.NOW
    )
    assert as_("approver").post(f"/imports/{waiting.code}/cancel").status_code == 404
    assert as_("duty").get(f"/imports/{waiting.code}/cancel").status_code == 405
    as_("duty").post(f"/imports/{waiting.code}/cancel")
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_a_larger_file_is_tried_in_the_background(as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pasaj.watch.views.imports.AT_ONCE", 10)
    upload(as_("analyst"))
    assert Import.objects.get().state == "queued"


def test_an_upload_beyond_the_limit(as_: As, settings: Any) -> None:
    settings.PASAJ_MAX_UPLOAD_MB = 0
    assert list(upload(as_("analyst")).context["form"].errors) == ["file"]


def test_jobs_show_both_kinds_with_their_progress(as_: As) -> None:
    row(state="running", done=30, total=120)
    DetectionRun.objects.create(
        code="DR-2025-0001", requested_at=make.NOW + timedelta(hours=1), as_of=make.NOW, from_date=YESTERDAY,
        to_date=YESTERDAY, state="failed", problems=[{"code": "IMPORT-003"}],
    )  # fmt: skip
    jobs = as_("duty").get("/jobs/").context["jobs"]
    assert [(one.kind, one.percent, one.ends) for one in jobs] == [("detection", 0, True), ("import", 25, False)]
    assert [one.kind for one in as_("approver").get("/jobs/").context["jobs"]] == ["detection"]


@pytest.mark.parametrize("page", ["/imports/", "/jobs/"])
def test_lists_of_work_run_as_many_queries_for_one_as_for_three(as_: As, page: str) -> None:
    client = as_("duty")
    row()
    client.get(page)
    one = queries(client, page)
    row("IM-2025-0901")
    row("IM-2025-0902")
    assert queries(client, page) == one


def test_lists_of_sources_and_measures_do_too(as_: As, country: make.Country) -> None:
    client = as_("duty")
    series = country.series()
    country.observe(series, YESTERDAY, 5)
    pages = ("/sources/", "/sources/REG/", "/measures/returns/")
    for page in pages:
        client.get(page)
    before = [queries(client, page) for page in pages]
    country.observe(country.series("TL-BCP-SOU"), YESTERDAY, 5)
    country.observe(country.series("TL-UBP-01"), YESTERDAY, 5)
    assert [queries(client, page) for page in pages] == before


@pytest.mark.req("R6.3")
@pytest.mark.req("R3.10")
def test_contradictions_stand_side_by_side(as_: As, country: make.Country) -> None:
    country.observe(country.series(), YESTERDAY, 5)
    country.observe(country.series(source="NET"), YESTERDAY, 9)
    country.observe(country.series("TL-BCP-SOU"), YESTERDAY, 7)
    country.observe(country.series("TL-BCP-SOU", source="NET"), YESTERDAY, 7)
    groups = as_("duty").get("/measures/returns/").context["groups"]
    assert [[(one.series.source.code, int(one.value)) for one in group] for group in groups] == [
        [("NET", 9), ("REG", 5)]
    ]
    assert as_("partner").get("/measures/returns/").context["groups"] == []


def test_a_source_tells_what_it_covers_to_those_who_may_see_it(as_: As, country: make.Country) -> None:
    country.year(country.series(source="NET"), [1, 2, None, 4])
    found = as_("partner").get("/sources/NET/").context["covered"]
    assert [(one.series.code, one.first, one.last, one.figures) for one in found] == [
        ("TL-BCP-NOR.returns.in.total.NET.day", YESTERDAY - timedelta(days=3), YESTERDAY, 3)
    ]
    assert list(as_("partner").get("/sources/NET/").context["posts"]) == []


@pytest.mark.req("R7.1")
def test_who_reports_for_a_source_follows_the_rule_of_posts(as_: As, country: make.Country, cast: make.Cast) -> None:
    Post.objects.filter(key="TL-BCP-SOU/REG").update(institution=country.institutions["CELL"])
    cell = {key: ["TL-BCP-NOR/REG", "TL-BCP-SOU/REG"] for key in ("duty", "approver", "analyst", "admin", "dpo")}
    Source.objects.filter(code="REG").update(institution=country.institutions["AID"])  # the partner opens the page too

    def listed() -> dict[str, list[str]]:
        pages = {who: as_(who).get("/sources/REG/") for who in make.CAST if who != "stranger"}
        found = {who: [post.key for post in page.context["posts"]] for who, page in pages.items()}
        for who, page in pages.items():  # what is not in the list stands nowhere else
            assert ("Southgate" in page.content.decode()) == ("TL-BCP-SOU/REG" in found[who])
        return found

    assert listed() == {**cell, "chief": ["TL-BCP-NOR/REG"], "partner": []}
    Post.objects.filter(key="TL-BCP-SOU/REG").update(institution=country.institutions["AID"])
    assert listed() == {**cell, "chief": ["TL-BCP-NOR/REG"], "partner": ["TL-BCP-SOU/REG"]}


def test_files_lie_in_the_home(as_: As) -> None:
    upload(as_("analyst"))
    made = Import.objects.get()
    assert (Path(settings.PASAJ_HOME) / "files" / made.path).read_text() == FILE


@pytest.mark.req("R9.8")
def test_simulated_figures_say_so_wherever_they_stand(as_: As, country: make.Country) -> None:
    other = country.observe(country.series(source="NET"), YESTERDAY, 9, origin="demo")
    pages = [
        f"/figures/{other.pk}/",
        f"/crossings/TL-BCP-NOR/counts/{YESTERDAY}/?source=REG",
        f"/crossings/TL-BCP-NOR/counts/{make.TODAY}/?source=REG",
        "/sources/NET/",
        "/measures/returns/",
    ]
    real = [page for page in pages if "origin-simulated" in as_("duty").get(page).content.decode()]
    assert real == [pages[0], "/sources/NET/", "/measures/returns/"]
    country.observe(country.series(), YESTERDAY, 5, origin="demo")
    assert [page for page in pages if "origin-simulated" not in as_("duty").get(page).content.decode()] == []
