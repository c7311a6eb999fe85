"""Publishing, closing, waivers and files of forms; and who may do and see what of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import make
import pytest
from collect.workbooks import NAMED, counts, workbook
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pasaj.access.models import AuditEntry
from pasaj.access.rules import can, may, visible
from pasaj.collect import jobs
from pasaj.collect.models import Form, FormUpload, FormVersion, Waiver
from pasaj.collect.services import form_files, forms, media
from pasaj.core.problems import Refused

HandIn = Callable[..., FormUpload]
As = Callable[[str], Client]
pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=30)


def version(row: FormUpload) -> FormVersion:
    assert row.version is not None, row.problems
    return row.version


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as found:
        act()
    return [one.code for one in found.value.problems]


@pytest.fixture
def named(hand_in: HandIn) -> FormVersion:
    """A draft that asks for a name."""
    return version(hand_in(counts("1", NAMED)))


def grant(cast: make.Cast, found: FormVersion, **more: object) -> Waiver:
    given = {"rule": "COLLECT-101", "question": "who", "purpose": "Test", "expires_at": LATER, **more}
    return forms.grant_waiver(form_id=found.form_id, actor=cast.actor("dpo"), now=make.NOW, **given)  # type: ignore[arg-type]


# --- Versions ----------------------------------------------------------------------------------


def test_a_new_version_takes_the_place_of_the_old_one(cast: make.Cast, hand_in: HandIn) -> None:
    hand_in(counts("1"), publish=True)
    hand_in(counts("2"), publish=True)
    assert list(FormVersion.objects.order_by("number").values_list("version", "state")) == [
        ("1", "closed"), ("2", "published"),
    ]  # fmt: skip
    first = FormVersion.objects.get(version="1")
    actor = cast.actor("duty")
    assert refused(lambda: forms.publish(version_id=first.pk, actor=actor, now=make.NOW)) == ["FORM-025"]


def test_a_closed_form_takes_no_version(cast: make.Cast, hand_in: HandIn) -> None:
    hand_in(counts("1"), publish=True)
    draft = version(hand_in(counts("2")))
    actor = cast.actor("admin")
    for _time in range(2):
        forms.close(form_id=draft.form_id, actor=actor, now=make.NOW)
    assert list(FormVersion.objects.order_by("number").values_list("state", flat=True)) == ["closed", "draft"]
    assert refused(lambda: forms.publish(version_id=draft.pk, actor=actor, now=make.NOW)) == ["FORM-023"]
    assert [one["code"] for one in hand_in(counts("3")).problems] == ["FORM-023"]
    assert AuditEntry.objects.filter(action="form.closed").count() == 1


# --- Waivers -----------------------------------------------------------------------------------


@pytest.mark.req("R3.7")
def test_publishing_names_the_rows_until_they_are_waived(cast: make.Cast, named: FormVersion) -> None:
    actor = cast.actor("duty")
    with pytest.raises(Refused) as found:
        forms.publish(version_id=named.pk, actor=actor, now=make.NOW)
    assert [(one.code, one.file, one.row) for one in found.value.problems] == [
        ("FORM-024", "", None), ("COLLECT-101", "survey", 7),
    ]  # fmt: skip
    grant(cast, named)
    assert forms.publish(version_id=named.pk, actor=actor, now=make.NOW).state == "published"


def test_what_a_waiver_needs(cast: make.Cast, named: FormVersion, hand_in: HandIn) -> None:
    for wrong in ({"purpose": " "}, {"expires_at": make.NOW}, {"expires_at": make.NOW + timedelta(days=367)}):
        assert refused(lambda wrong=wrong: grant(cast, named, **wrong)) == ["FORM-028"]  # type: ignore[misc]
    assert refused(lambda: grant(cast, named, question="other")) == ["FORM-030"]
    tracked = ("audit", "audit", "", "", "", "", "", "location-priority=balanced location-min-interval=60"
               " location-max-age=60")  # fmt: skip
    header = ("type", "name", "label", "hint", "relevant", "calculation", "constraint", "parameters")
    found = version(hand_in(workbook(tracked, ("integer", "n", "N"), settings={"form_id": "track"}, header=header)))
    assert refused(lambda: grant(cast, found, rule="COLLECT-118", question="audit")) == ["FORM-029"]


def test_a_waiver_that_runs_out_closes_the_version(cast: make.Cast, named: FormVersion) -> None:
    grant(cast, named)
    forms.publish(version_id=named.pk, actor=cast.actor("duty"), now=make.NOW)
    assert forms.close_unwaived(now=LATER - timedelta(hours=1)) == 0
    assert (forms.close_unwaived(now=LATER), forms.close_unwaived(now=LATER)) == (1, 0)
    named.refresh_from_db()
    assert (named.state, named.closed_at) == ("closed", LATER)
    assert AuditEntry.objects.get(action="form.version-closed").code == "daily"
    jobs.close_unwaived(LATER)


def test_a_waiver_taken_back_closes_the_version(cast: make.Cast, named: FormVersion) -> None:
    held = grant(cast, named)
    forms.publish(version_id=named.pk, actor=cast.actor("duty"), now=make.NOW)
    for _time in range(2):
        forms.end_waiver(waiver_id=held.pk, actor=cast.actor("dpo"), now=make.NOW)
    named.refresh_from_db()
    assert named.state == "closed"
    told = AuditEntry.objects.filter(action__startswith="form.waiver").order_by("id")
    assert list(told.values_list("action", flat=True)) == ["form.waiver", "form.waiver-ended"]


def test_another_waiver_keeps_it_open(cast: make.Cast, named: FormVersion) -> None:
    first = grant(cast, named)
    grant(cast, named, purpose="Again", expires_at=LATER + timedelta(days=9))
    forms.publish(version_id=named.pk, actor=cast.actor("duty"), now=make.NOW)
    forms.end_waiver(waiver_id=first.pk, actor=cast.actor("dpo"), now=make.NOW)
    assert forms.close_unwaived(now=LATER + timedelta(days=1)) == 0


# --- Files -------------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def attach(cast: make.Cast, found: FormVersion, name: str, data: bytes) -> str:
    row = form_files.attach(
        form_id=found.form_id, file=io.BytesIO(data), filename=name, actor=cast.actor("duty"), now=make.NOW
    )
    return row.content_type


def test_files_are_what_their_names_say(cast: make.Cast, named: FormVersion) -> None:
    good = {"a.png": PNG, "a.SVG": b"<svg xmlns='x'/>", "list.csv": b"name,label\na,\xc3\x89\n", "a.pdf": b"%PDF-1.7"}
    assert {name: attach(cast, named, name, data) for name, data in good.items()} == {
        "a.png": "image/png", "a.SVG": "image/svg+xml", "list.csv": "text/csv", "a.pdf": "application/pdf",
    }  # fmt: skip
    bad = {
        "b.png": b"GIF89a",
        "b.exe": b"MZ",
        "b.svg": b"<svg onload=x()>",
        "b.csv": b"\xff\xfeab",
        "c.csv": b"",
        "x": PNG,
    }
    for name, data in bad.items():
        assert refused(lambda name=name, data=data: attach(cast, named, name, data)) == ["FORM-026"]  # type: ignore[misc]
    assert refused(lambda: attach(cast, named, "crossings.csv", b"a,b\n")) == ["FORM-033"]
    assert refused(lambda: attach(cast, named, "big.png", PNG + b"\0" * 10_000_000)) == ["FORM-027"]
    assert refused(lambda: attach(cast, named, "people.csv", b"name,label\n1,3712-4455\n")) == ["SCREEN-001"]


def test_a_file_of_the_same_name_is_replaced(cast: make.Cast, named: FormVersion, home_folder: Path) -> None:
    for data in (b"a,b\n", b"a,b\n", b"a,c\n"):
        attach(cast, named, "../list.csv", data)
    rows = named.form.media.order_by("pk")
    assert [(one.name, one.current) for one in rows] == [("list.csv", False), ("list.csv", True)]
    assert [(home_folder / "files" / one.path).read_bytes() for one in rows] == [b"a,b\n", b"a,c\n"]


# --- Who may -----------------------------------------------------------------------------------


@pytest.mark.req("R7.1")
def test_who_may_do_what(cast: make.Cast, named: FormVersion) -> None:
    grant(cast, named)

    def allowed(act: Callable[[str], bool]) -> set[str]:
        return {who for who in make.CAST if act(who)}

    everybody = set(make.CAST) - {"stranger"}
    assert allowed(lambda who: visible(Form.objects.all(), cast.actor(who)).exists()) == everybody
    assert allowed(lambda who: may(cast.actor(who), "upload", Form)) == {"duty", "admin"}
    assert allowed(lambda who: can(cast.actor(who), "publish", named.form)) == {"duty", "admin"}
    assert allowed(lambda who: can(cast.actor(who), "close", named.form)) == {"admin"}
    assert allowed(lambda who: may(cast.actor(who), "grant", Waiver)) == {"dpo"}
    assert allowed(lambda who: visible(FormUpload.objects.all(), cast.actor(who)).exists()) == {"duty", "admin"}
    seen = allowed(lambda who: visible(Waiver.objects.all(), cast.actor(who)).exists())
    assert seen == {"duty", "approver", "analyst", "admin", "dpo"}


PAGES = ("/collect/forms/", "/collect/forms/daily/", "/collect/forms/daily/source/1.xlsx")


@pytest.mark.req("R7.1")
def test_pages_open_to_whom_the_rules_say(as_: As, named: FormVersion, cast: make.Cast) -> None:
    code = FormUpload.objects.get().code
    upload = (*PAGES, "/collect/form-uploads/new", f"/collect/form-uploads/{code}/")
    expected = {who: [200, 200, 200, 404, 404] for who in make.CAST}
    expected |= {who: [200] * 5 for who in ("duty", "admin")} | {"stranger": [404] * 5}

    def status(who: str, path: str) -> int:
        answer = as_(who).get(path)
        if answer.streaming:
            list(answer.streaming_content)  # to its end, so that the file is closed
        return answer.status_code

    assert {who: [status(who, path) for path in upload] for who in make.CAST} == expected
    assert Client().get(PAGES[0]).status_code == 302


def test_posts_are_refused_to_the_others(as_: As, named: FormVersion, cast: make.Cast) -> None:
    held = grant(cast, named)
    paths = {
        "publish/1": {"duty", "admin"},
        "close": {"admin"},
        f"waivers/{held.pk}/end": {"dpo"},
        "files": {"duty", "admin"},
        "waivers": {"dpo"},
    }
    for path, let_in in paths.items():
        for who in set(make.CAST) - let_in:
            assert as_(who).post(f"/collect/forms/daily/{path}").status_code == 404, (path, who)
        assert as_("admin").get(f"/collect/forms/daily/{path}").status_code == 405
    assert Form.objects.get().closed_at is None


def test_from_the_upload_page_to_the_published_form(as_: As, country: make.Country) -> None:
    duty = as_("duty")
    assert "There is no form yet." in duty.get("/collect/forms/").content.decode()
    data = counts()
    file = SimpleUploadedFile("daily.xlsx", data)
    answer = duty.post("/collect/form-uploads/new", {"file": file, "publish": "on"})
    row = FormUpload.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/collect/form-uploads/{row.code}/")
    assert 'hx-trigger="every 1s"' in duty.get(answer["Location"]).content.decode()
    jobs.convert(row.pk)
    assert duty.get(answer["Location"], headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "stored and published" in duty.get(answer["Location"]).content.decode()
    page = duty.get("/collect/forms/daily/").content.decode()
    assert "The screening found nothing against it." in page
    source = duty.get("/collect/forms/daily/source/1.xlsx")
    assert b"".join(source.streaming_content) == data  # type: ignore[attr-defined]
    assert as_("admin").post("/collect/forms/daily/close").status_code == 302
    assert Form.objects.get().closed_at == make.NOW


def test_the_page_waives_publishes_and_ends(as_: As, named: FormVersion) -> None:
    duty, dpo = as_("duty"), as_("dpo")
    answer = duty.post("/collect/forms/daily/publish/1")
    assert (answer.status_code, "FORM-024" in answer.content.decode()) == (422, True)
    given = {"finding": "COLLECT-101 who", "purpose": "Needed", "until": "2025-10-31"}
    assert dpo.post("/collect/forms/daily/waivers", {**given, "purpose": ""}).status_code == 200
    assert dpo.post("/collect/forms/daily/waivers", {**given, "until": "2024-01-01"}).status_code == 422
    assert dpo.post("/collect/forms/daily/waivers", given).status_code == 302
    assert duty.post("/collect/forms/daily/publish/1").status_code == 302
    assert dpo.post(f"/collect/forms/daily/waivers/{Waiver.objects.get().pk}/end").status_code == 302
    named.refresh_from_db()
    assert named.state == "closed"


def test_the_page_takes_files(as_: As, named: FormVersion) -> None:
    duty = as_("duty")
    good, bad = SimpleUploadedFile("a.png", PNG), SimpleUploadedFile("a.png", b"x")
    assert duty.post("/collect/forms/daily/files", {"file": bad}).status_code == 422
    assert duty.post("/collect/forms/daily/files", {}).status_code == 200
    assert duty.post("/collect/forms/daily/files", {"file": good}).status_code == 302
    assert "a.png" in duty.get("/collect/forms/daily/").content.decode()


def test_the_page_names_the_files_that_phones_would_lack(as_: As, cast: make.Cast, hand_in: HandIn) -> None:
    lists = ("select_one_from_file posts.csv", "p", "P", "P"), ("select_one_from_file crossings.csv", "c", "C", "C")
    version = hand_in(workbook(*lists, settings={"form_id": "daily", "version": "1"})).version
    assert version is not None
    text = "Missing: the form names these files, and phones need them."
    page = as_("duty").get("/collect/forms/daily/").content.decode()
    assert (text in page, media.missing(version)) == (True, ["posts.csv"])
    attach(cast, version, "posts.csv", b"name,label\na,A\n")
    assert (text in as_("duty").get("/collect/forms/daily/").content.decode(), media.missing(version)) == (False, [])


def test_a_refused_form_is_told_with_its_rows(as_: As, hand_in: HandIn) -> None:
    row = hand_in(workbook(("textt", "a", "A", "A")))
    page = as_("duty").get(f"/collect/form-uploads/{row.code}/").content.decode()
    assert ("FORM-013" in page, "Why it is not taken" in page) == (True, True)
    assert row.code in as_("duty").get("/collect/forms/").content.decode()


def test_the_list_asks_a_constant_number_of_questions(
    as_: As, hand_in: HandIn, django_assert_num_queries: Callable[..., object]
) -> None:
    duty = as_("duty")
    hand_in(counts("1"))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        duty.get("/collect/forms/")
    for name in ("weekly", "monthly"):
        hand_in(counts("1", form_id=name), publish=True)
    with CaptureQueriesContext(connection) as many:
        duty.get("/collect/forms/")
    assert len(few) == len(many)


def test_a_file_too_large_is_told_on_the_page(as_: As, country: make.Country) -> None:
    for size, expected in ((10_000_001, 422), (30_000_001, 413)):
        file = SimpleUploadedFile("daily.xlsx", b"PK" + b"\0" * size)
        assert as_("duty").post("/collect/form-uploads/new", {"file": file}).status_code == expected


def test_forms_are_filled_from_their_pages_by_those_who_may(as_: As, named: FormVersion, cast: make.Cast) -> None:
    """A link to the page for filling, where there is a published version and the reader may."""
    link = "/collect/forms/daily/fill/"
    form = Form.objects.get(form_id="daily")

    def linked() -> set[str]:
        pages = ("/collect/forms/", "/collect/forms/daily/")
        found = {who: [link in as_(who).get(page).text for page in pages] for who in make.CAST if who != "stranger"}
        assert {one for one, (first, second) in found.items() if first != second} == set()
        return {who for who, shown in found.items() if all(shown)}

    assert linked() == set()  # a draft only
    form.versions.update(state="published", published_at=make.NOW)
    assert linked() == {"chief", "duty", "analyst", "admin"}
    Form.objects.update(closed_at=make.NOW)
    assert linked() == set()
