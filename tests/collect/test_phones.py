"""Keys of phones: by page and by command, their devices, and who may see and manage them."""

from __future__ import annotations

import base64
import json
import re
import stat
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import make
import pytest
import shell
from collect import phone
from collect.test_openrosa import Phone, code
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.collect.models import AppUser, Device, Submission
from pasaj.collect.services import codes, phones
from pasaj.core.problems import Refused

As = Callable[[str], Client]
VIEWS, MANAGES = {"duty", "admin", "dpo"}, {"duty", "admin"}


@pytest.mark.django_db
@pytest.mark.req("R7.5")
def test_a_key_is_kept_as_a_hash_only(country: make.Country) -> None:
    user, token = phone.key(crossing="TL-BCP-NOR", language="ht", institution="IMM", days=30)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert (user.code, user.token_sha256, user.token_hint) == ("AU-2025-0001", phone.sha(token.encode()), token[:4])
    assert user.expires_at - user.created_at == timedelta(days=30)
    for model in (AppUser, AuditEntry):
        assert token not in str(list(model._default_manager.values()))
    assert [entry.action for entry in AuditEntry.objects.all()] == ["app-user.added"]
    assert token not in AuditEntry.objects.get().detail.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"name": " "}, "COLLECT-040"),
        ({"days": 0}, "COLLECT-041"),
        ({"days": 731}, "COLLECT-041"),
        ({"form": "nowhere"}, "COLLECT-043"),
        ({"crossing": "nowhere"}, "PACK-094"),
        ({"institution": "nowhere"}, "ACCESS-006"),
        ({"language": "de"}, "ACCESS-016"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(country: make.Country, wanted: dict[str, Any], expected: str) -> None:
    with pytest.raises(Refused) as refused:
        phone.key(**({"name": "Marie"} | wanted))
    assert [one.code for one in refused.value.problems] == [expected]
    assert AppUser.objects.count() == 0


@pytest.mark.django_db
def test_the_code_sets_up_the_app(country: make.Country) -> None:
    user, token = phone.key(crossing="TL-BCP-NOR", language="ht")
    made = codes.setup(user=user, token=token, base="https://x.example", home=country.home)
    read = json.loads(zlib.decompress(base64.b64decode(made.text)))
    assert read["general"]["server_url"] == f"https://x.example/key/{token}"
    assert (read["general"]["app_language"], read["project"]["name"]) == ("ht", "Pasaj – Northgate")
    plain, token = phone.key()
    made = codes.setup(user=plain, token=token, base="https://x.example", home=country.home)
    assert json.loads(zlib.decompress(base64.b64decode(made.text)))["general"]["app_language"] == "en"
    assert made.project == "Pasaj – Testland"


@pytest.mark.django_db
def test_the_first_device_is_taken_and_every_other_waits(country: make.Country) -> None:
    phone.form()
    user, token = phone.key()
    Phone(token, "collect:one").get("formList")
    Phone(token, "collect:two").get("formList")
    Phone(token, "").post(phone.filled())
    found = dict(Device.objects.values_list("device_id", "state"))
    assert found == {"collect:one": "confirmed", "collect:two": "waiting", "": "waiting"}
    assert Submission.objects.values_list("state", "reasons").get() == ("quarantined", ["device"])
    user.refresh_from_db()
    assert user.last_seen_at is not None


@pytest.mark.django_db
def test_who_names_no_device_is_taken_until_a_phone_names_itself(country: make.Country, cast: make.Cast) -> None:
    phone.form()
    _user, token = phone.key()
    Phone(token, "").get("formList")
    assert Phone(token, "").post(phone.filled()).status_code == 201
    assert Phone(token, "collect:one").post(phone.filled("uuid:2")).status_code == 201
    assert Phone(token, "").post(phone.filled("uuid:3")).status_code == 202
    assert Phone(token, "collect:two").post(phone.filled("uuid:4")).status_code == 202
    assert dict(Device.objects.values_list("device_id", "state")) == {
        "": "waiting",
        "collect:one": "confirmed",
        "collect:two": "waiting",
    }


@pytest.mark.django_db
def test_signs_of_life_are_written_once_an_hour(country: make.Country) -> None:
    phone.form()
    _user, token = phone.key()
    app = Phone(token)
    app.get("formList")
    moment = timezone.now() - timedelta(minutes=30)
    AppUser.objects.update(last_seen_at=moment)
    Device.objects.update(last_seen_at=moment)
    app.get("formList")
    assert Device.objects.get().last_seen_at == moment
    moment -= timedelta(hours=1)
    AppUser.objects.update(last_seen_at=moment)
    Device.objects.update(last_seen_at=moment)
    app.get("formList")
    assert Device.objects.get().last_seen_at > moment + timedelta(hours=1)


@pytest.mark.django_db
def test_a_refused_device_is_kept_out_until_it_is_confirmed(as_: As, cast: make.Cast) -> None:
    phone.form()
    _user, token = phone.key()
    Phone(token, "collect:one").get("formList")
    second = Phone(token, "collect:two")
    second.post(phone.filled())
    device = Device.objects.get(device_id="collect:two")
    url = reverse("collect:device-decide", args=[device.pk])
    duty = as_("duty")
    assert duty.post(url, {"decision": "refuse"}).status_code == 302
    assert code(second.get("formList")) == (403, "COLLECT-012")
    assert code(second.post(phone.filled("uuid:2"))) == (403, "COLLECT-012")
    assert Submission.objects.get().state == "quarantined"
    page = duty.post(url, {"decision": "confirm"}, follow=True)
    assert "Reports that left quarantine: 1." in page.content.decode()
    assert Submission.objects.get().state == "received"
    assert second.get("formList").status_code == 200
    duty.post(url, {"decision": "confirm"})
    assert AuditEntry.objects.filter(action="app-user.device").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("who", make.CAST)
def test_who_sees_and_manages_keys(as_: As, who: str) -> None:
    user, token = phone.key(form="")
    phone.form()
    Phone(token, "collect:one").get("formList")
    Phone(token, "collect:two").get("formList")
    waiting = Device.objects.get(device_id="collect:two")
    client = as_(who)
    listed = client.get(reverse("collect:phone-list"))
    assert listed.status_code == (200 if who in VIEWS else 404)
    if who in VIEWS:
        assert ("Marie" in listed.content.decode(), "collect:two" in listed.content.decode()) == (True, True)
        assert token[:10] not in listed.content.decode()
    expected = 302 if who in MANAGES else 404
    assert client.get(reverse("collect:phone-new")).status_code == (200 if who in MANAGES else 404)
    decide = reverse("collect:device-decide", args=[waiting.pk])
    assert client.post(decide, {"decision": "confirm"}).status_code == expected
    assert client.get(decide).status_code == 405
    revoke = reverse("collect:phone-revoke", args=[user.code])
    asked = client.get(revoke)
    assert asked.status_code == (200 if who in MANAGES else 404)
    assert ("Revoke the key “Marie”?" in asked.content.decode()) == (who in MANAGES)
    user.refresh_from_db()
    assert user.revoked_at is None  # looking at the question ends nothing
    assert client.post(revoke).status_code == expected
    user.refresh_from_db()
    waiting.refresh_from_db()
    assert (user.revoked_at is not None, waiting.state) == (
        (True, "confirmed") if who in MANAGES else (False, "waiting")
    )


@pytest.mark.django_db
@pytest.mark.req("R2.2")
def test_the_sheet_shows_the_code_once_in_every_language(as_: As) -> None:
    phone.form()
    duty = as_("duty")
    url = reverse("collect:phone-new")
    given = {
        "name": "Marie",
        "crossing": "TL-BCP-NOR",
        "form": "daily",
        "language": "ht",
        "days": "90",
        "institution": "",
    }
    sheet = duty.post(url, given)
    text = sheet.content.decode()
    assert (sheet.status_code, sheet["Referrer-Policy"]) == (201, "strict-origin")
    assert "no-store" in sheet["Cache-Control"]
    found = re.search(r"http://testserver/key/([A-Za-z0-9_-]{43})", text)
    assert found
    assert text.count("data:image/svg+xml") == 1
    assert "fill%3D%27%23fff%27" in text  # nobody reads a code without white behind it
    assert re.findall(r'<section class="col-sm-6" lang="(\w+)">', text) == ["fr", "ht", "en", "es"]
    assert "Enstale ODK Collect." in text
    assert Phone(found[1]).get("formList").status_code == 200
    assert duty.get(url).content.decode().count("/key/") == 0
    assert "A phone cannot reach this address" not in text
    here = duty.post(url, given, headers={"Host": "localhost:8000"}).content.decode()
    assert "A phone cannot reach this address" in here
    assert duty.post(url, {**given, "name": ""}).status_code == 422
    assert duty.post(url, {**given, "days": "9999"}).status_code == 422


@pytest.mark.django_db
def test_the_list_costs_the_same_number_of_queries(as_: As) -> None:
    duty = as_("duty")
    url = reverse("collect:phone-list")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = []
    for more in (1, 3):
        for at in range(more):
            _user, token = phone.key(f"Marie {more} {at}", crossing="TL-BCP-NOR", institution="IMM")
            for device in ("collect:one", "collect:two"):
                Phone(token, device).get("formList")
        with CaptureQueriesContext(connection) as queries:
            assert duty.get(url).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.django_db
def test_revoking_twice_is_written_down_once(country: make.Country) -> None:
    user, _token = phone.key()
    for _again in range(2):
        phones.revoke(user=user, actor=SYSTEM, now=make.NOW)
    assert AuditEntry.objects.filter(action="app-user.revoked").count() == 1


@pytest.mark.django_db
def test_a_renewed_key_opens_with_its_new_token_alone(country: make.Country) -> None:
    user, old = phone.key()
    phone.sender(user, "collect:one")
    user.expires_at = timezone.now()
    new = phones.renew(user=user, actor=SYSTEM, now=make.NOW, days=3)
    real_now = timezone.now()
    assert phones.authenticate(new, real_now=real_now) == user
    with pytest.raises(Refused) as refused:
        phones.authenticate(old, real_now=real_now)
    assert [one.code for one in refused.value.problems] == ["COLLECT-020"]
    assert phones.identify(new, device_id="collect:one", real_now=real_now).state == "confirmed"
    assert (user.expires_at - real_now).days == 2
    assert AuditEntry.objects.filter(action="app-user.renewed", code=user.code).count() == 1


@pytest.mark.req("R2.2")
def test_commands_give_list_and_revoke_keys(tmp_path: Path) -> None:
    home = shell.small_home(tmp_path)
    out = tmp_path / "out" / "marie.png"
    year = timezone.now().year
    (home / "address").write_text("http://10.0.0.5:8123\n")
    told = shell.many(
        home,
        [
            ["app-user", "add", "Marie", "--crossing", "XX-BCP-NOR", "--language", "ht", "--days", "30", "--json"],
            ["app-user", "add", "Jean", "--out", out, "--testing", "--institution", "IMM"],
            ["app-user", "list", "--json"],
            ["app-user", "revoke", f"AU-{year}-0001"],
            ["app-user", "list"],
            ["app-user", "revoke", "AU-2000-0009"],
            ["app-user", "add", "Paul", "--crossing", "nowhere", "--json"],
            ["app-user", "add", "Paul", "--out", "/proc/nowhere/x.png"],
        ],
    )
    assert [one[0] for one in told[:5]] == [0, 0, 0, 0, 0]
    first = json.loads(told[0][1])
    assert re.fullmatch(r"http://10\.0\.0\.5:8123/key/[A-Za-z0-9_-]{43}", first["server_url"])
    png = Path(first["qr_png"])
    assert (png.parent, png.read_bytes()[:4]) == (home.resolve() / "files" / "qr", b"\x89PNG")
    assert stat.S_IMODE(png.stat().st_mode) == 0o600
    assert out.read_bytes()[:4] == b"\x89PNG"
    assert f"QR code: {out}" in told[1][1]
    listed = json.loads(told[2][1])
    assert [(one["name"], one["state"], one["devices"], one["submissions"]) for one in listed] == [
        ("Jean", "active", 0, 0),
        ("Marie", "active", 0, 0),
    ]
    assert [one[0] for one in told[5:]] == [1, 1, 1]
    assert "COLLECT-042" in told[5][2]
    assert json.loads(told[6][1])["problems"][0]["code"] == "PACK-094"
    assert "COLLECT-044" in told[7][2]
    # A backup holds no key in clear.
    shell.done(home, "backup", tmp_path / "home.tar.gz")
    import tarfile

    with tarfile.open(tmp_path / "home.tar.gz") as archive:
        assert [name for name in archive.getnames() if "qr/" in name] == []
