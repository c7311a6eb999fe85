"""Sending a situation report: once, to whom was chosen, with the PDF of the edition that was chosen."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import make
import pytest
from django.conf import settings
from pypdf import PdfReader
from respond import reporting
from respond.reporting import drafted, let_go

from pasaj.core.problems import Refused
from pasaj.notify.models import Address, Contact, ContactRole, Delivery, Message
from pasaj.respond.models import Sitrep
from pasaj.respond.services import sitreps
from pasaj.respond.services.sitrep_sending import send

pytestmark = [pytest.mark.django_db, pytest.mark.req("R11.78")]


@pytest.fixture
def contacts(country: make.Country) -> list[Contact]:
    ContactRole.objects.create(code="duty", names=make.names("Duty"), source="test")
    made = []
    for at, language in enumerate(("fr", "ht"), 1):
        row = Contact.objects.create(
            code=f"CT-2025-000{at}", name=f"Desk {at}", institution=country.institutions["IMM"], role="duty",
            language=language, created_at=make.NOW,
        )  # fmt: skip
        Address.objects.create(contact=row, channel="mail", value=f"desk{at}@example.org")
        made.append(row)
    return made


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.problems]


def sending(cast: make.Cast, row: Sitrep, contacts: Any, edition: str = "whole", seen: int | None = None) -> Sitrep:
    return send(
        code=row.code, seen=row.revision if seen is None else seen, contacts=contacts, edition=edition,
        actor=cast.actor("duty"), now=make.NOW,
    )  # fmt: skip


def test_it_goes_out_once_with_its_pdf(country: make.Country, cast: make.Cast, contacts: list[Contact]) -> None:
    reporting.happened(country)
    approved = let_go(cast, drafted(cast))
    row = sending(cast, approved, contacts)
    message = Message.objects.get()
    assert (row.state, row.message, message.kind, message.ref, message.mode) == (
        "sent", message.code, "sitrep", row.code, "actual",
    )  # fmt: skip
    assert sorted(Delivery.objects.values_list("address", "language")) == [
        ("desk1@example.org", "fr"),
        ("desk2@example.org", "ht"),
    ]
    (attached,) = message.attachments
    document = Path(settings.PASAJ_HOME, "files", attached["path"]).read_bytes()
    assert (attached["name"], len(PdfReader(io.BytesIO(document)).pages) <= 4) == (f"{row.code}-whole-en.pdf", True)
    assert message.texts["en"]["subject"].startswith("Situation report SR-2025-0001: Returns at Northgate: 420")
    with pytest.raises(Refused) as refused:
        sending(cast, approved, contacts)
    assert (codes(refused), Message.objects.count()) == (["SITREP-003"], 1)


def test_the_edition_to_be_passed_on_has_no_count_in_mail_or_sms(
    country: make.Country, cast: make.Cast, contacts: list[Contact]
) -> None:
    reporting.happened(country)
    sending(cast, let_go(cast, drafted(cast)), contacts, "share")
    said = str(Message.objects.get().texts)
    assert [figure for figure in ("420", "140", "8,638", "8 638") if figure in said] == []


def test_nobody_a_draft_and_a_change_meanwhile_are_refused(
    country: make.Country, cast: make.Cast, contacts: list[Contact]
) -> None:
    row = drafted(cast)
    with pytest.raises(Refused) as refused:
        sending(cast, row, contacts)
    assert codes(refused) == ["SITREP-003"]
    row = let_go(cast, row)
    with pytest.raises(Refused) as refused:
        sending(cast, row, [])
    assert codes(refused) == ["SITREP-008"]
    with pytest.raises(Refused) as refused:
        sending(cast, row, contacts, seen=1)
    assert codes(refused) == ["SITREP-002"]
    with pytest.raises(Refused) as refused:
        sending(cast, row, contacts, "secret")
    assert codes(refused) == ["SITREP-009"]
    assert (Message.objects.count(), Sitrep.objects.get().state) == (0, "approved")
    assert sitreps.fingerprint(row) == row.fingerprint
