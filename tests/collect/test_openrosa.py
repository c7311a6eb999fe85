"""The OpenRosa addresses, asked as ODK Collect asks them, and as it never would."""

from __future__ import annotations

import base64
import io
import json
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import make
import pytest
from collect import phone
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from pasaj.access.services import tokens
from pasaj.collect.models import AppUser, Attachment, Form, MediaFile, Submission, SubmissionBody
from pasaj.core.openrosa.receipt import receipt
from pasaj.registry.models import Home

pytestmark = pytest.mark.django_db
RESPONSE = "{http://openrosa.org/http/response}message"
LIST = "{http://openrosa.org/xforms/xformsList}"
HEADERS = {"X-OpenRosa-Version": "1.0", "Date": "Tue, 24 Nov 2026 07:00:00 GMT+00:00", "User-Agent": "org.odk.collect"}


class Phone:
    """One installation of the app, set up with one key."""

    def __init__(self, token: str, device: str = "collect:one") -> None:
        self.token, self.device, self.client = token, device, Client(enforce_csrf_checks=True)

    def url(self, path: str) -> str:
        return f"/key/{self.token}/{path}?deviceID={self.device}"

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(self.url(path), headers=HEADERS | headers)

    def head(self, path: str) -> Any:
        return self.client.head(self.url(path), headers=HEADERS)

    def post(self, xml: bytes | None, files: dict[str, bytes] | None = None, **headers: str) -> Any:
        return self.client.post(self.url("submission"), parts(xml, files), headers=HEADERS | headers)


def parts(xml: bytes | None, files: dict[str, bytes] | None = None) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if xml is not None:
        given["xml_submission_file"] = SimpleUploadedFile("form.xml", xml, "text/xml")
    for name, data in (files or {}).items():
        given[name] = SimpleUploadedFile("sent", data, "image/jpeg")
    return given


def message(response: Any) -> str:
    """What the app shows. Every answer is dressed alike."""
    dressed(response)
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    found = ElementTree.fromstring(response.content).find(RESPONSE)
    assert found is not None
    assert found.get("nature") == ("submit_success" if response.status_code in {201, 202} else "error")
    return found.text or ""


def dressed(response: Any) -> None:
    assert response["X-OpenRosa-Version"] == "1.0"
    assert response["X-OpenRosa-Accept-Content-Length"] == "100000000"
    assert response["Date"]
    assert response["Content-Language"] in {"fr", "ht", "en", "es"}
    assert response["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in response


def code(response: Any) -> tuple[int, str]:
    message(response)
    return response.status_code, response["X-Pasaj-Problem"]


@pytest.fixture
def app(country: make.Country) -> Phone:
    phone.form()
    return Phone(phone.key()[1])


def listed(response: Any) -> list[dict[str, str]]:
    dressed(response)
    assert response.status_code == 200
    forms = ElementTree.fromstring(response.content).findall(f"{LIST}xform")
    return [{child.tag.removeprefix(LIST): child.text or "" for child in one} for one in forms]


@pytest.mark.req("R2.2")
def test_a_phone_fetches_forms_sends_and_gets_a_receipt(app: Phone) -> None:
    (form,) = listed(app.get("formList"))
    base = f"http://testserver/key/{app.token}/forms"
    assert form["formID"] == "daily"
    assert form["downloadUrl"].startswith(base)
    xml = app.client.get(form["downloadUrl"], headers=HEADERS)
    dressed(xml)
    assert form["hash"] == f"md5:{phone.md5(xml.content)}"
    manifest = app.client.get(form["manifestUrl"], headers=HEADERS)
    dressed(manifest)
    assert manifest["Content-Type"] == "text/xml; charset=utf-8"
    media = {child.tag.rpartition("}")[2]: child.text or "" for child in ElementTree.fromstring(manifest.content)[0]}
    assert media["filename"] == "crossings.csv"
    points = app.client.get(media["downloadUrl"])
    assert media["hash"] == f"md5:{phone.md5(points.content)}"
    head = app.head("submission")
    dressed(head)
    assert (head.status_code, head.content) == (204, b"")
    sent = app.post(phone.filled(photo="a & é.jpg"), {"a & é.jpg": b"picture"})
    assert (sent.status_code, message(sent)) == (201, f"Received. Receipt {receipt('daily', 'uuid:1')}")
    assert sent["X-Pasaj-Receipt"] == receipt("daily", "uuid:1")
    assert Attachment.objects.values_list("name", "sha256").get() == ("a & é.jpg", phone.sha(b"picture"))
    found = app.get("receipts/uuid:1")
    told = json.loads(found.content)
    assert (told["receipt"], told["state"]) == (receipt("daily", "uuid:1"), "received")
    assert code(app.get("receipts/uuid:2")) == (404, "COLLECT-033")


def test_every_form_and_version_has_its_turn(app: Phone) -> None:
    phone.form(version="2", title="Second")
    phone.form("other")
    Form.objects.filter(form_id="other").update(closed_at=make.NOW)
    phone.form("daily", version="3", state="draft")
    assert [(form["formID"], form["version"]) for form in listed(app.get("formList"))] == [("daily", "2")]
    tester = Phone(phone.key("Tester", testing=True)[1])
    (draft,) = listed(tester.get("formList"))
    assert draft["version"] == "3"
    assert tester.client.get(draft["downloadUrl"]).status_code == 200
    pk = re.search(r"forms/(\d+)\.xml", draft["downloadUrl"])
    assert pk
    assert code(app.get(f"forms/{pk[1]}.xml")) == (404, "COLLECT-033")
    assert [form["name"] for form in listed(app.get("formList", **{"Accept-Language": "fr-CA,en;q=0.5"}))] == [
        "Daily count (fr)"
    ]


def test_rights_say_which_forms_are_listed_and_fetched(app: Phone) -> None:
    secret = phone.form("secret")
    narrow = Phone(phone.key("Jean", form="daily")[1])
    assert [form["formID"] for form in listed(narrow.get("formList"))] == ["daily"]
    assert [form["formID"] for form in listed(app.get("formList"))] == ["daily", "secret"]
    for path in (f"forms/{secret.pk}.xml", f"forms/{secret.pk}/manifest", f"forms/{secret.pk}/media/crossings.csv"):
        assert code(narrow.get(path)) == (404, "COLLECT-033")
    assert code(narrow.post(phone.filled(form_id="secret"))) == (403, "COLLECT-011")


def test_receipts_are_for_the_sender(app: Phone) -> None:
    app.post(phone.filled())
    other = Phone(phone.key("Jean")[1])
    assert code(other.get("receipts/uuid:1")) == (404, "COLLECT-033")


def test_a_list_of_forms_costs_the_same_number_of_queries(app: Phone, django_assert_num_queries: Any) -> None:
    app.get("formList")
    for count in (1, 5):
        for at in range(count):
            phone.form(f"more-{count}-{at}")
        with django_assert_num_queries(3):
            app.get("formList")


@pytest.mark.parametrize("path", ["formList", "submission", "forms/1.xml", "receipts/uuid:1"])
def test_a_wrong_key_gets_403_and_never_a_question_for_a_password(app: Phone, path: str) -> None:
    for token in ("A" * 43, "A" * 64, "short", "a%00b", "é" * 43):
        response = Phone(token).get(path) if path != "submission" else Phone(token).post(phone.filled())
        assert code(response) == (403, "COLLECT-020")
        assert "WWW-Authenticate" not in response


def test_a_key_ends(app: Phone) -> None:
    AppUser.objects.update(created_at=timezone.now() - timedelta(days=9), expires_at=timezone.now())
    assert code(app.get("formList")) == (403, "COLLECT-020")
    AppUser.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert app.get("formList").status_code == 200
    AppUser.objects.update(revoked_at=timezone.now())
    assert code(app.post(phone.filled())) == (403, "COLLECT-020")
    assert code(app.get("formList")) == (403, "COLLECT-020")


def test_addresses_are_exact_and_nothing_redirects(app: Phone) -> None:
    assert code(app.get("formList/")) == (404, "COLLECT-033")
    assert code(app.post(phone.filled()).client.post(f"/key/{app.token}/submission/", {})) == (404, "COLLECT-033")
    assert code(app.get("nothing")) == (404, "COLLECT-033")
    assert code(app.client.get("/openrosa/")) == (404, "COLLECT-033")
    assert code(app.get("submission")) == (405, "COLLECT-034")
    refused = app.client.put(app.url("submission"))
    assert (*code(refused), refused["Allow"]) == (405, "COLLECT-034", "HEAD, POST")


def test_an_address_that_is_not_there_says_so_in_the_language_of_the_pack(app: Phone) -> None:
    Home.objects.update(default_language="ht")
    found = app.get("nothing")
    assert (found["Content-Language"], message(found).split(".")[0]) == ("ht", "Pa gen anyen nan adrès sa a")


def test_unknown_hosts_are_told_so(app: Phone) -> None:
    assert code(app.client.get(app.url("formList"), headers={"Host": "evil.example"})) == (400, "COLLECT-032")


@pytest.mark.parametrize("header", [None, "2.0", "1.0"])
def test_the_version_header_and_a_wrong_clock_do_not_matter(app: Phone, header: str | None) -> None:
    headers = {"Date": "Mon, 01 Jan 2001 12:00:00 PM"} | ({"X-OpenRosa-Version": header} if header else {})
    response = app.client.post(app.url("submission"), parts(phone.filled()), headers=headers)
    assert response.status_code == 201


@pytest.mark.parametrize(
    ("accept", "own", "expected"),
    [
        ("", "", "Received."),
        ("", "ht", "Nou resevwa l."),
        ("es-DO,es;q=0.9", "ht", "Recibido."),
        ("de, fr;q=0.5", "ht", "Bien reçu."),
        ("de", "", "Received."),
        ("%%%", "", "Received."),
    ],
)
def test_answers_speak_the_language_of_the_device(country: make.Country, accept: str, own: str, expected: str) -> None:
    phone.form()
    app = Phone(phone.key(language=own)[1])
    headers = {"Accept-Language": accept} if accept else {}
    response = app.post(phone.filled(), **headers)
    assert message(response).split(" R")[0].split(" Comprobante")[0] == expected
    assert response["Content-Language"] == {"Received.": "en", "Nou resevwa l.": "ht", "Recibido.": "es"}.get(
        expected, "fr"
    )


def test_quarantine_is_said(app: Phone) -> None:
    response = app.post(phone.filled(version="99"))
    assert response.status_code == 202
    assert message(response) == (
        f"Received, and waiting for the cell to look at it. Receipt {receipt('daily', 'uuid:1')}"
    )


def test_what_is_sent_twice_or_in_parts_is_one_report(app: Phone) -> None:
    xml = phone.filled(photo="a.jpg", pictures=["b.jpg"])
    first = app.client.post(app.url("submission"), parts(xml, {"a.jpg": b"1"}) | {"*isIncomplete*": "yes"})
    again = app.post(xml, {"b.jpg": b"2"})
    third = app.post(xml, {"a.jpg": b"1", "b.jpg": b"2"})
    assert [one.status_code for one in (first, again, third)] == [201, 201, 201]
    assert len({one["X-Pasaj-Receipt"] for one in (first, again, third)}) == 1
    assert Submission.objects.values_list("complete", flat=True).get()
    assert len(phone.on_disk()) == 2
    assert code(app.post(phone.filled(count=5))) == (409, "COLLECT-015")


def test_a_hundred_files_come_in_one_post(app: Phone) -> None:
    names = [f"{at}.jpg" for at in range(250)]
    response = app.post(phone.filled(pictures=names), {name: name.encode() for name in names})
    assert response.status_code == 201
    assert Submission.objects.get().complete
    assert len(phone.on_disk()) == 250
    more = [f"more{at}.jpg" for at in range(251)]
    assert code(app.post(phone.filled("uuid:2"), dict.fromkeys(more, b"x"))) == (413, "COLLECT-037")
    assert len(phone.on_disk()) == 250


def test_no_file_is_left_out_silently(app: Phone) -> None:
    files = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="%s"; filename=".."\r\n\r\npicture\r\n'
    assert code(raw(app, (files % "..").encode() + body_of(phone.filled(photo="..")))) == (400, "COLLECT-031")
    assert (Submission.objects.count(), phone.on_disk()) == (0, [])
    assert raw(app, (files % "a.jpg").encode() + body_of(phone.filled(photo="a.jpg"))).status_code == 201
    assert Attachment.objects.values_list("name", "sha256").get() == ("a.jpg", phone.sha(b"picture"))


def raw(app: Phone, body: bytes, content_type: str = MULTIPART_CONTENT, **meta: Any) -> Any:
    return app.client.generic("POST", app.url("submission"), body, content_type, **meta)


def test_broken_bodies_are_refused_kindly(app: Phone) -> None:
    good = encode_multipart(BOUNDARY, parts(phone.filled(), {"a.jpg": b"x" * 100_000}))
    assert code(raw(app, good, "multipart/form-data; boundary=other")) == (400, "COLLECT-024")
    assert code(raw(app, good, "multipart/form-data")) == (400, "COLLECT-024")
    assert code(raw(app, good, "multipart/form-data; boundary=" + "x" * 300)) == (400, "COLLECT-024")
    assert code(raw(app, phone.filled(), "text/xml")) == (400, "COLLECT-023")
    assert code(raw(app, b"")) == (400, "COLLECT-023")
    assert code(app.post(None, {"a.jpg": b"1"})) == (400, "COLLECT-023")
    assert code(app.client.post(app.url("submission"), {"xml_submission_file": "text"})) == (400, "COLLECT-023")
    assert code(raw(app, b"", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")) == (411, "COLLECT-026")
    assert code(raw(app, b"", CONTENT_LENGTH="-5")) == (413, "COLLECT-025")
    assert code(raw(app, b"", CONTENT_LENGTH="102000000")) == (413, "COLLECT-025")
    form = "application/x-www-form-urlencoded"
    assert code(raw(app, b"xml_submission_file=%3Cdata%2F%3E", form)) == (400, "COLLECT-023")
    assert code(raw(app, body_of(phone.filled(), phone.filled("uuid:2")))) == (400, "COLLECT-024")
    assert (Submission.objects.count(), phone.on_disk()) == (0, [])


def body_of(*documents: bytes) -> bytes:
    """A body with these reports in it: one, unless somebody makes a mistake."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="a.xml"\r\n\r\n'
    return b"".join(head.encode() + one + b"\r\n" for one in documents) + f"--{BOUNDARY}--\r\n".encode()


def test_a_body_may_come_in_pieces_and_its_type_in_capitals(app: Phone, settings: Any) -> None:
    def pieces(body: bytes) -> Any:
        # As the server hands on what was sent with Transfer-Encoding: chunked.
        told = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "Chunked"}
        return raw(app, b"", CONTENT_LENGTH="", CONTENT_TYPE=MULTIPART_CONTENT, **told)

    good = body_of(phone.filled())
    assert code(pieces(good[:-20])) == (400, "COLLECT-024")
    settings.PASAJ_MAX_SUBMISSION_MB = 1
    large = pieces(body_of(b"<data>" + b" " * 2_500_000 + b"</data>"))
    assert (large.status_code, large["X-Pasaj-Problem"]) == (413, "COLLECT-025")
    assert Submission.objects.count() == 0
    assert pieces(good).status_code == 201
    shouted = MULTIPART_CONTENT.replace("multipart/form-data; boundary", "Multipart/Form-Data; Boundary")
    assert (shouted != MULTIPART_CONTENT, raw(app, good, shouted).status_code) == (True, 201)
    assert SubmissionBody.objects.values_list("xml", flat=True).get() == phone.filled()


def test_a_body_that_breaks_off_leaves_nothing(app: Phone) -> None:
    good = encode_multipart(BOUNDARY, parts(phone.filled(photo="a.jpg"), {"a.jpg": b"x" * 300_000}))
    # Cut by whoever stands between, who states the shorter length. (Cut by the network: test_durability.)
    assert code(raw(app, good[:200_000])) == (400, "COLLECT-024")
    assert (Submission.objects.count(), phone.on_disk()) == (0, [])
    assert app.post(phone.filled(photo="a.jpg"), {"a.jpg": b"x" * 300_000}).status_code == 201
    assert Attachment.objects.get().sha256 == phone.sha(b"x" * 300_000)


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (b"<data id='daily'>" + b"x" * 50_000_000 + b"</data>", (413, "COLLECT-001")),
        (b"<data id='daily'", (400, "COLLECT-002")),
        (b"<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><data id='daily'>&e;</data>", (400, "COLLECT-003")),
        (b"<data><a/></data>", (400, "COLLECT-005")),
        (b"<data id='nowhere'><a/></data>", (404, "COLLECT-010")),
        (b"<data id='daily' encrypted='yes'><a/></data>", (422, "COLLECT-013")),
    ],
)
def test_documents_made_to_hurt_are_refused(app: Phone, xml: bytes, expected: tuple[int, str]) -> None:
    assert code(app.post(xml, {"a.jpg": b"1"})) == expected
    assert (Submission.objects.count(), phone.on_disk()) == (0, [])


@contextmanager
def small_disk(limit: int) -> Iterator[None]:
    """No file may grow beyond `limit` bytes: what a full disk looks like from inside."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.req("R2.2")
def test_a_full_disk_is_said_and_nothing_is_lost(app: Phone) -> None:
    xml, picture = phone.filled(photo="a.jpg"), b"x" * 3_000_000
    with small_disk(2_000_000):
        assert code(app.post(xml, {"a.jpg": picture, "b.jpg": b"small"})) == (507, "COLLECT-027")
    assert (Submission.objects.count(), phone.on_disk()) == (0, [])
    assert app.post(xml, {"a.jpg": picture}).status_code == 201
    assert Attachment.objects.get().sha256 == phone.sha(picture)


def test_edits_come_over_the_wire(app: Phone) -> None:
    app.post(phone.filled("uuid:1"))
    assert app.post(phone.filled("uuid:2", count=5, deprecated="uuid:1")).status_code == 201
    assert code(app.post(phone.filled("uuid:3", deprecated="uuid:1"))) == (409, "COLLECT-018")
    assert code(app.post(phone.filled("uuid:3", deprecated="uuid:9"))) == (404, "COLLECT-017")


def test_media_is_fetched_once(app: Phone, country: make.Country) -> None:
    (form,) = listed(app.get("formList"))
    url = form["manifestUrl"].replace("/manifest", "/media/crossings.csv")
    first = app.client.get(url)
    dressed(first)
    assert first.content.decode() == (
        "name,label,code,label_fr,label_ht,label_en,label_es,official,area\n"
        "TL-BCP-NOR,Northgate,TL-BCP-NOR,Northgate,Northgate,Northgate,Northgate,yes,TL0101\n"
        "TL-BCP-SOU,Southgate,TL-BCP-SOU,Southgate,Southgate,Southgate,Southgate,yes,TL0101\n"
        "TL0101,Hill town: unofficial crossing,TL0101,Hill town (fr) : passage non officiel,"
        "Hill town (ht): pasaj ki pa ofisyèl,Hill town: unofficial crossing,Hill town (es): paso no oficial,no,TL0101\n"
    )
    assert app.client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert app.client.get(form["downloadUrl"], headers={"If-None-Match": f'"{form["hash"][4:]}"'}).status_code == 304
    country.crossings["TL-BCP-SOU"].name = "Southern gate"
    country.crossings["TL-BCP-SOU"].save()
    again = app.client.get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert listed(app.get("formList")) == [form]  # no new version of the form
    assert code(app.client.get(url.replace("crossings.csv", "other.csv"))) == (404, "COLLECT-033")


def test_files_of_a_form_are_served_as_they_are(app: Phone, tmp_path: Any) -> None:
    form = Form.objects.get()
    for owner, name, data in (
        (form, "logo é.png", b"own"),
        (None, "shared.csv", b"all"),
        (form, "crossings.csv", b"x"),
    ):
        path = tmp_path / "files" / f"{phone.md5(data)}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        MediaFile.objects.create(
            form=owner, name=name, path=path.name, content_type="image/png", size=len(data), md5=phone.md5(data),
            sha256=phone.sha(data), created_at=make.NOW,
        )  # fmt: skip
    (listed_form,) = listed(app.get("formList"))
    manifest = ElementTree.fromstring(app.client.get(listed_form["manifestUrl"]).content)
    urls = {one[0].text: one[2].text for one in manifest}
    got = {name: b"".join(app.client.get(url or "").streaming_content) for name, url in urls.items()}
    assert got == {"crossings.csv": b"x", "shared.csv": b"all", "logo é.png": b"own"}


def basic(email: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{email}:{password}".encode()).decode()}


def test_accounts_use_an_access_token_over_tls(cast: make.Cast) -> None:
    phone.form()
    duty = cast.account("duty")
    _token, plain = tokens.issue(account=duty, name="Phone", days=30, actor=cast.actor("duty"), now=make.NOW)
    client = Client(REMOTE_ADDR="10.0.0.9")
    good = basic("Duty@example.org", plain)
    url = "/openrosa/submission?deviceID=collect:x"
    assert code(client.post(url, parts(phone.filled()), headers=good)) == (403, "COLLECT-022")
    for wrong in (
        {},
        basic("duty@example.org", "a long enough one"),
        basic("chief@example.org", plain),
        basic("duty@example.org", ""),
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic " + base64.b64encode(b"\xff\xfe").decode()},
        {"Authorization": f"Bearer {plain}"},
    ):
        response = client.post(url, parts(phone.filled()), headers=wrong, secure=True)
        assert code(response) == (401, "COLLECT-021")
        assert response["WWW-Authenticate"] == 'Basic realm="Pasaj", charset="UTF-8"'
    assert client.post(url, parts(phone.filled()), headers=good, secure=True).status_code == 201
    row = Submission.objects.get()
    assert row.current is not None
    assert (row.via, row.account_id, row.app_user, row.current.device_id) == ("basic", duty.pk, None, "collect:x")
    assert client.head(url, headers=good, secure=True).status_code == 204
    (form,) = listed(client.get("/openrosa/formList", headers=good, secure=True))
    assert form["downloadUrl"].startswith("https://testserver/openrosa/forms/")
    assert client.get("/openrosa/receipts/uuid:1", headers=good, secure=True).status_code == 200
    # On the machine itself a plain connection is heard by nobody.
    here = Client(REMOTE_ADDR="127.0.0.1")
    assert here.get("/openrosa/formList", headers=good | {"Host": "localhost:8000"}).status_code == 200
    assert code(here.get("/openrosa/formList", headers=good)) == (403, "COLLECT-022")


def test_an_account_sees_the_forms_it_may_fill(cast: make.Cast) -> None:
    phone.form()
    seen = {}
    for who in make.CAST:
        actor = cast.actor(who)
        _token, plain = tokens.issue(account=cast.account(who), name="x", days=1, actor=actor, now=make.NOW)
        response = Client().get("/openrosa/formList", headers=basic(f"{who}@example.org", plain), secure=True)
        seen[who] = len(listed(response))
    assert [who for who, count in seen.items() if count] == ["chief", "duty", "analyst", "admin"]


def test_the_addresses_stand_behind_a_proxy(app: Phone, settings: Any) -> None:
    settings.PASAJ_URL = "https://pasaj.example.org"
    (form,) = listed(app.get("formList"))
    assert form["downloadUrl"].startswith(f"https://pasaj.example.org/key/{app.token}/forms/")


def test_a_system_that_is_not_set_up_says_so(db: None) -> None:
    assert code(Client().get("/key/x/formList")) == (503, "COLLECT-035")


def test_our_own_mistake_is_told_without_internals(app: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    SubmissionBody.objects.all().delete()
    monkeypatch.setattr("pasaj.collect.services.spool.PLACE", "a\0b")  # an impossible folder
    response = app.post(phone.filled(photo="a.jpg"), {"a.jpg": b"1"})
    assert code(response) == (500, "COLLECT-029")
    assert "a.jpg" not in message(response)


@pytest.mark.req("R7.5")
def test_no_key_reaches_a_log(app: Phone, caplog: pytest.LogCaptureFixture) -> None:
    import logging

    from pasaj.site.logs import Masking

    formatter = Masking("%(name)s %(message)s")
    app.get("nothing")
    Phone("B" * 43).get("formList")
    assert len(caplog.records) >= 2
    lines = [formatter.format(record) for record in caplog.records]
    assert [line for line in lines if app.token in line or "B" * 43 in line] == []
    assert "/key/…/nothing" in "\n".join(lines)
    try:
        raise ValueError(f"/key/{app.token}/formList")
    except ValueError:
        import sys

        record = logging.LogRecord("x", logging.ERROR, "x", 1, "broke", None, sys.exc_info())
    assert app.token not in formatter.format(record)
