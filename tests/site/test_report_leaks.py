"""What the reports of a form say: read by those who may, and what is held back or removed by nobody else.

Every page, file and answer of the API that could repeat a report is opened by every member of the cast.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import make
import pytest
import reports
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.access.services import audit
from pasaj.collect.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.req("R3.7"), pytest.mark.req("R7.1")]
CELL = {"duty", "approver", "analyst", "admin", "dpo"}
KEEPERS = {"duty", "admin", "dpo"}  # of the keys of phones
# Who reads what, over all addresses together.
READS = {
    "north": CELL | {"chief"},
    "south": CELL,
    "held": {"dpo"},
    "redacted": set[str](),
    "held and redacted": set[str](),
    "file north": CELL | {"chief"},
    "file south": CELL,
    "file held": {"dpo"},
    "file redacted": set[str](),
    "question north": CELL | {"chief"},
    "question south": CELL,
    "question redacted": set[str](),
    "waiver": CELL,
    "key north": KEEPERS,
    "key south": KEEPERS,
}
WHO = (*make.CAST, "anonymous")


@pytest.fixture
def held(country: make.Country, cast: make.Cast, settings: LazySettings, tmp_path: Any) -> reports.Reports:
    settings.PASAJ_HOME = tmp_path / "home"
    settings.PASAJ_HOME.mkdir()
    return reports.fill(country, cast)


def addresses(held: reports.Reports) -> Iterator[str]:
    """Everything that answers GET and could repeat a report."""
    files = list(Attachment.objects.values_list("pk", flat=True))
    for receipt in held.receipts:
        for name in ("submission-page", "redaction"):
            yield reverse(f"collect:{name}", args=[receipt])
        yield f"{reverse('collect:submission-page', args=[receipt])}?version=1"
        yield from (reverse("collect:attachment", args=[receipt, number]) for number in files)
        yield from (f"/search/?q={receipt}", f"/audit/?code={receipt}")
    for number in range(1, 6):
        yield reverse("collect:receipt", args=[f"uuid:{number}"])
    yield from (reverse("watch:figure", args=[number]) for number in held.figures)
    yield from (
        reverse("access:audit-entry", args=[number]) for number in AuditEntry.objects.values_list("pk", flat=True)
    )
    for name in ("submission-list", "submission-map", "tray", "activity", "mine", "phone-list", "form-list", "outbox"):
        yield reverse(f"collect:{name}")
    for query in ("state=quarantined", "state=redacted", "state=refused", "reason=screen", "form=counts"):
        yield f"{reverse('collect:submission-list')}?{query}"
        yield f"{reverse('collect:submission-map')}?{query}"
        yield f"/api/v1/submissions?{query}"
        for suffix in ("csv", "xlsx"):
            yield f"{reverse(f'collect:export-{suffix}', args=['counts'])}?{query}&labels=1"
    yield from (reverse(f"collect:export-{suffix}", args=["counts"]) for suffix in ("csv", "xlsx"))
    yield from (reverse("collect:form", args=["counts"]), reverse("collect:fill", args=["counts"]))
    yield from (f"/search/?q={word}" for word in ("Quarantina", "gone-for-ever", "Perdida", "uuid:3", "3.jpg"))
    series = "TL-BCP-NOR.returns.in.total.REG.day"
    yield from (f"/series/{series}/", f"/series/{series}/series.csv", "/series/", "/signals/", "/", "/incidents/")
    yield from (
        f"/api/v1/{name}" for name in ("observations?limit=1000", "series", "signals", "incidents", "crossings")
    )


def body(answer: Any) -> str:
    """The text of an answer; that of every member, where it is a zip or a workbook."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"\n".join(archive.read(name) for name in archive.namelist())
    return str(data.decode("utf-8", "replace"))


@pytest.mark.parametrize("who", WHO)
def test_who_reads_which_secret_of_a_report(held: reports.Reports, as_: Callable[[str], Client], who: str) -> None:
    client = Client() if who == "anonymous" else as_(who)
    read: dict[str, list[str]] = {}
    for url in addresses(held):
        # A page that finds nothing repeats what was asked for, nothing else.
        for secret in reports.told(body(client.get(url, follow=True))) - reports.told(url):
            read.setdefault(secret, []).append(url)
    expected = {secret for secret, readers in READS.items() if who in readers}
    assert {secret: read.get(secret) for secret in read.keys() ^ expected} == {}


def test_a_phone_reads_what_was_asked_of_itself_alone(held: reports.Reports) -> None:
    client = Client()
    for name, other in (("north", "south"), ("south", "north")):
        token = held.tokens[name]
        pages = [f"/key/{token}/", *(f"/key/{token}/receipts/uuid:{number}" for number in range(1, 6))]
        read = set().union(*(reports.told(body(client.get(url))) for url in pages))
        assert (f"question {name}" in read, f"question {other}" in read) == (True, False)
        assert read <= {f"question {name}", f"key {name}"}


def test_no_log_tells_what_is_held_or_gone(held: reports.Reports) -> None:
    values = [
        str(value.value)
        for entry in AuditEntry.objects.all()
        for value in audit.read_values(entry=entry, actor=SYSTEM, now=make.NOW)
    ]
    found = set().union(*(reports.told(value) for value in values))
    assert found <= {"question north", "question south", "waiver", "key north", "key south"}
