"""What nobody types by mistake: no address answers with an error of ours, repeats a script or leads elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import leaks
import make
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from pasaj.site.middleware import BoundsMiddleware
from pasaj.watch.models import Import

pytestmark = pytest.mark.django_db
SOUTH = "TL-BCP-SOU"
SERIES = f"{SOUTH}.returns.in.total.REG.day"
SCRIPT = "<script>alert(77)</script>"
VALUES = (
    SCRIPT, "'\"`", "\x00", "a\x00b", "../../etc/passwd", "zzz", "-1", "0", "1e9", "9" * 30, "9" * 5000, "2025-02-30",
    "0001-01-01", "9999-12-31", "2025-W01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "2025-09-30T00:00:00", "２０２５", "²", "😀" * 300, "a" * 3000, "x\r\nSet-Cookie: y=1", "{{7*7}}{0.__class__}%s%d",
    "[]", "NaN", "//evil.example", "https://evil.example/", "javascript:alert(1)", "\u202e", "",
)  # fmt: skip
# These alone in each field, the others in all fields at once.
NASTY = (SCRIPT, "\x00", "9" * 30, "9" * 5000, "2025-02-30", "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00")
UNDECODABLE = ("%ED%A0%80", "%FF%FE", "%C0%80", "%")
LISTS = {
    "/series/": "crossing area measure source page",
    "/signals/": "state kind measure crossing from to page",
    f"/series/{SERIES}/": "from to page",
    "/series/TL.returns.in.total.PUB.month/": "from to page",
    f"/series/{SERIES}/series.csv": "from to",
    "/audit/": "from_date to_date who action code before",
    "/search/": "q",
    "/imports/": "page",
    "/runs/": "page",
    "/runs/DR-2019-0001/": "page",
    "/releases/": "page",
    "/institutions/": "kind",
    f"/crossings/{SOUTH}/counts/2025-09-30/": "source",
    f"/crossings/{SOUTH}/counts/2025-09-30/receipt/": "figures",
    "/account/tokens/new/": "name days",
    "/account/login/": "next",
    "/api/v1/observations": "crossing area measure source series first last as_of published limit offset",
    "/api/v1/signals": "state kind crossing measure first last limit offset",
    "/api/v1/series": "crossing measure source limit offset",
    "/api/v1/areas": "level",
    "/api/v1/institutions": "kind",
}
PATHS = (
    "/crossings/{}/", "/series/{}/", "/series/{}/series.csv", "/signals/{}/", "/runs/{}/", "/crossings/{}/counts/",
    "/crossings/TL-BCP-SOU/counts/{}/", "/crossings/TL-BCP-SOU/counts/{}/receipt/?figures=1", "/figures/{}/",
    "/figures/TL-BCP-SOU.returns.in.total.REG.day/{}/", "/figures/{}/2025-09-30/", "/imports/{}/",
    "/imports/{}/refused.csv", "/sources/{}/", "/measures/{}/", "/areas/{}/", "/institutions/{}/", "/audit/{}/",
    "/map/layers/{}.geojson", "/api/v1/crossings/{}", "/api/v1/signals/{}", "/static/{}", "/{}",
)  # fmt: skip


@pytest.fixture
def held(country: make.Country, cast: make.Cast) -> leaks.Held:
    return leaks.fill(country, cast)


@pytest.fixture
def quiet(as_: Callable[[str], Client]) -> Client:
    """A duty officer whose errors come back as the page a person would see."""
    client = as_("duty")
    client.raise_request_exception = False
    return client


def fault(answer: Any) -> str:
    """What is wrong with an answer; empty when nothing is."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.status_code >= 500:
        return str(answer.status_code)
    if SCRIPT.encode() in content and "html" in answer["Content-Type"]:
        return "script"
    away = answer.get("Location", "").partition("?")[0]
    return "elsewhere" if "evil" in away or "javascript:" in away else ""


def faults(answers: Iterator[tuple[str, Any]]) -> dict[str, str]:
    return {what: said for what, answer in answers if (said := fault(answer))}


@pytest.mark.parametrize("url", LISTS)
def test_filters_of_lists(held: leaks.Held, quiet: Client, url: str) -> None:
    def ask() -> Iterator[tuple[str, Any]]:
        names = LISTS[url].split()
        for value in VALUES:
            yield value[:30], quiet.get(url, dict.fromkeys(names, value))
        for name in names if len(names) > 1 else ():
            for value in NASTY:
                yield f"{name}={value[:30]}", quiet.get(url, {name: value})
        for value in UNDECODABLE:
            yield value, quiet.get(f"{url}?{LISTS[url].split()[0]}={value}")

    assert faults(ask()) == {}


@pytest.mark.parametrize("path", PATHS)
def test_codes_in_addresses(held: leaks.Held, quiet: Client, path: str) -> None:
    values = [*(quote(value, safe="") for value in VALUES), *UNDECODABLE[:3]]
    assert faults((value[:30], quiet.get(path.format(value))) for value in values) == {}


def forms(held: leaks.Held) -> dict[str, dict[str, str]]:
    figure = {"state": "reported", "value": "12", "quality": "exact", "note": "", "revision": "1", "confirmed": "12"}
    count = {"v-returns-total": "12", "r-returns-total": "1", "c-returns-total": "12", "source": "REG", "note": "x",
             "nothing": ""}  # fmt: skip
    return {
        reverse("watch:signal-act", args=[held.signals["south"].code]): {
            "action": "note", "note": "x", "reason": "", "seen": "new",
        },
        reverse("watch:figure", args=[held.figures["north"].pk]): figure,
        reverse("watch:entry", args=[SOUTH, "2025-09-30"]): count,
        "/language/": {"language": "fr", "next": "/"},
        "/theme/": {"theme": "dark", "next": "/"},
        "/account/": {"name": "x", "language": "fr", "theme": "dark"},
        "/account/tokens/new/": {"name": "x", "days": "30"},
        "/account/reauthenticate/": {"password": "x", "next": "/"},
        "/account/password/change/": {"oldpassword": "x", "password1": "y", "password2": "y"},
        "/account/2fa/totp/activate/": {"code": "123456"},
        "/account/2fa/webauthn/add/": {"name": "x", "credential": "{}"},
        "/imports/new": {"mapping": "a: b", "source": "REG", "stored": ""},
    }  # fmt: skip


@pytest.mark.parametrize("at", range(12))
def test_forms(held: leaks.Held, quiet: Client, at: int) -> None:
    url, form = list(forms(held).items())[at]
    quiet.post("/account/reauthenticate/", {"password": "a long enough one"})

    def send() -> Iterator[tuple[str, Any]]:
        wrong = [dict.fromkeys(form, value) for value in VALUES] + [
            {**form, name: value} for name in form for value in (*NASTY, "0", "")
        ]
        for data in wrong:
            cache.clear()  # the limit on attempts is not what is tried here
            file = {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")} if url == "/imports/new" else {}
            yield str(data)[:200], quiet.post(url, {**data, **file})

    assert faults(send()) == {}
    assert quiet.get("/account/2fa/").status_code == 200  # a nonsensical passkey used to lock its owner out


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("/account/login/", {"login": "duty@example.org", "password": "a long enough one", "next": "/"}),
        ("/account/login/", {"login": "a@example.org", "password": "x", "next": "/"}),
        ("/account/password/reset/", {"email": "a@example.org"}),
        ("/account/2fa/webauthn/login/", {"credential": "{}"}),
        ("/language/", {"language": "fr", "next": "/"}),
    ],
)
def test_forms_before_signing_in(cast: make.Cast, url: str, form: dict[str, str]) -> None:
    def send() -> Iterator[tuple[str, Any]]:
        for name in form:
            for value in VALUES:
                cache.clear()
                visitor = Client(raise_request_exception=False)
                yield f"{name}={value[:30]}", visitor.post(url, {**form, name: value})

    assert faults(send()) == {}


# --- Bounds ------------------------------------------------------------------------------------


def test_a_cookie_may_not_hold_what_no_database_takes(cast: make.Cast) -> None:
    visitor = Client(raise_request_exception=False)
    visitor.cookies.load(r'sessionid="abcdefgh\000"')
    assert visitor.get("/").status_code == 400


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/account/login/", 2_500_000, 200),
        ("/account/login/", 2_500_001, 413),
        ("/imports/new", 2_500_001, 200),
        ("/imports/new", 1_000_000_000, 413),
        ("/account/login/", "1e12", 200),  # no length: nothing is read
    ],
)
def test_a_body_that_would_fill_the_disk_is_not_read(path: str, size: object, status: int) -> None:
    from django.http import HttpResponse

    request = RequestFactory().post(path, {}, CONTENT_LENGTH=str(size))
    assert BoundsMiddleware(lambda _request: HttpResponse())(request).status_code == status


def test_a_file_too_large_is_told_kindly(cast: make.Cast, as_: Callable[[str], Client]) -> None:
    with override_settings(PASAJ_MAX_UPLOAD_MB=1):
        file = SimpleUploadedFile("big.csv", b"a" * 1_000_001)
        answer = as_("duty").post("/imports/new", {"file": file, "mapping": "a: b"})
    assert (answer.status_code, Import.objects.count()) == (422, 0)
    assert "at most 1 MB" in answer.content.decode()


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "a b"])
def test_other_hosts_are_refused(cast: make.Cast, host: str) -> None:
    for path in ("/", "/account/password/reset/", "/healthz"):
        assert Client().get(path, headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "\t//e.x"]
)
def test_no_way_leads_out(cast: make.Cast, next_: str) -> None:
    visitor = Client(headers={"referer": "https://evil.example/"})
    for url, form in (("/language/", {"language": "fr"}), ("/theme/", {"theme": "dark"})):
        assert visitor.post(url, {**form, "next": next_})["Location"] == "/"
    form = {"login": "duty@example.org", "password": "a long enough one", "next": next_}
    assert visitor.post("/account/login/", form)["Location"] == "/"
    assert visitor.post("/account/logout/", {"next": next_})["Location"] == "/"
