"""The key that signs alerts, and whether a signature can be trusted.

One file, `$PASAJ_HOME/keys/alert.pem`, holds the key and its certificate, so that the two can never be of
different ages; it is made at first need and readable by its owner only. The certificate is signed with its own
key: receivers pin its SHA-256 fingerprint. Certificates that were replaced stay in `keys/retired/`, so that old
messages can still be verified; their keys are destroyed.

Certificates live in real time, whatever the business clock says.
"""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core.cap import NAMESPACE
from pasaj.core.problems import Problem, Refused, problem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

BITS = 3072
YEARS = 5
FOLDER = "keys"
RETIRED = "retired"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"


@dataclass(frozen=True, slots=True)
class Key:
    """What may be shown of the key: `fingerprint` is the SHA-256 of the certificate in 64 hexadecimal digits."""

    fingerprint: str
    since: datetime
    until: datetime
    certificate: str  # PEM


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a message is whole and of somebody who is known. `problem` says why it is not to be trusted."""

    trusted: bool
    fingerprint: str = ""
    problem: Problem | None = None


def key() -> Key:
    """The key in use, made if there is none. Raises Refused with SIGN-006."""
    return _shown(_pair().certificate)


def exists() -> bool:
    """Whether a key was made already."""
    return _path().exists()


def rotate(*, actor: Actor, real_now: datetime) -> Key:
    """Replace the key by a new one. Receivers have to be told the new fingerprint. Raises Refused with SIGN-006.

    The entry in the log stands before the key is replaced.
    """
    path = _path()
    with transaction.atomic():
        made = _replacement(path, real_now)
        audit.record(actor=actor, action="alert.key", code="", now=real_now)
    made.replace(path)
    return key()


def _replacement(path: Path, real_now: datetime) -> Path:
    """A new key beside the present one, whose certificate is kept."""
    if path.exists():
        old = _shown(_pair().certificate)
        kept = path.parent / RETIRED / f"{old.fingerprint}.crt"
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            _write(kept, old.certificate.encode())
    return _make(path.parent, real_now)


def sign(xml: bytes) -> bytes:
    """The message with an enveloped signature (RSA-SHA256, the certificate within), compact.

    Raises Refused with SIGN-006 when the key cannot be used.
    """
    from lxml import etree  # noqa: PLC0415 - the web process starts without it
    from signxml.signer import XMLSigner  # noqa: PLC0415

    pair = _pair()
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True))
    signed = XMLSigner().sign(root, key=pair.key, cert=[pair.certificate])
    return bytes(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))


def verify(xml: bytes, pinned: Collection[str], *, real_now: datetime | None = None) -> Verdict:
    """Whether the message carries one signature over all of it, made with one of the `pinned` certificates.

    `pinned` are SHA-256 fingerprints, with or without colons. Problems: SIGN-001 to SIGN-005.
    """
    from lxml import etree  # noqa: PLC0415

    real_now = real_now or datetime.now(UTC)
    try:
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        return Verdict(False, problem=problem("SIGN-002", detail=str(error)))
    signatures = root.findall(f"{SIGNATURE}Signature")
    if not signatures:
        return Verdict(False, problem=problem("SIGN-001"))
    try:
        certificate = _certificate_of(signatures)
        found = fingerprint(certificate)
        _hold(root, certificate, real_now)
    except _Broken as broken:
        return Verdict(False, problem=problem("SIGN-002", detail=str(broken)))
    return Verdict(*_trust(certificate, found, pinned, real_now))


def fingerprint(certificate: Certificate) -> str:
    """SHA-256 of the certificate in 64 hexadecimal digits."""
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    return certificate.fingerprint(SHA256()).hex()


def plain_fingerprint(text: str) -> str:
    """A fingerprint as people copy it (colons, blanks, capitals) as 64 digits. Raises ValueError."""
    digits = "".join(letter for letter in text if letter not in ": \t").lower()
    if len(digits) != 64:
        raise ValueError(f"{text!r} is no SHA-256 fingerprint.")
    int(digits, 16)
    return digits


class _Broken(Exception):  # noqa: N818 - never leaves this module
    """The signature holds nothing up."""


def _certificate_of(signatures: list[Any]) -> Certificate:
    from base64 import b64decode  # noqa: PLC0415

    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415

    if len(signatures) > 1:
        raise _Broken("more than one signature")
    # What is signed must be the whole message and nothing else.
    uris = [one.get("URI") for one in signatures[0].iter(f"{SIGNATURE}Reference")]
    if uris != [""]:
        raise _Broken("it does not cover the whole message")
    written = signatures[0].find(f"{SIGNATURE}KeyInfo/{SIGNATURE}X509Data/{SIGNATURE}X509Certificate")
    try:
        return load_der_x509_certificate(b64decode(written.text, validate=False))
    except (ValueError, TypeError, AttributeError) as error:
        raise _Broken("no certificate in it") from error


def _hold(root: Any, certificate: Certificate, real_now: datetime) -> None:
    """Verify digest and signature. The certificate's dates are judged apart: an expired one is no broken message."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from lxml import etree  # noqa: PLC0415
    from signxml.exceptions import SignXMLException  # noqa: PLC0415
    from signxml.verifier import SignatureConfiguration, XMLVerifier  # noqa: PLC0415

    inside = min(max(real_now, certificate.not_valid_before_utc), certificate.not_valid_after_utc)
    wanted = SignatureConfiguration(location="./", expect_references=1, verification_time=inside)
    try:
        held = XMLVerifier().verify(root, x509_cert=certificate, expect_config=wanted)
    except (SignXMLException, InvalidSignature, etree.LxmlError, ValueError, TypeError, KeyError) as error:
        raise _Broken(str(error) or type(error).__name__) from error
    assert not isinstance(held, list)
    if held.signed_xml is None or held.signed_xml.tag != f"{{{NAMESPACE}}}alert":
        raise _Broken("it does not cover an alert")


def _trust(
    certificate: Certificate, found: str, pinned: Collection[str], real_now: datetime
) -> tuple[bool, str, Problem | None]:
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if found not in {plain_fingerprint(one) for one in pinned}:
        return False, found, problem("SIGN-003", fingerprint=found)
    if real_now > until:
        return False, found, problem("SIGN-004", until=until.date().isoformat())
    if real_now < since:
        return False, found, problem("SIGN-005", since=since.date().isoformat())
    return True, found, None


@dataclass(frozen=True, slots=True)
class _Pair:
    key: RSAPrivateKey
    certificate: Certificate


def _path() -> Path:
    return Path(settings.PASAJ_HOME) / FOLDER / "alert.pem"


def _pair() -> _Pair:
    path = _path()
    try:
        if not path.exists():
            made = _make(path.parent, datetime.now(UTC))
            with contextlib.suppress(FileExistsError):  # another process was faster: its key counts
                os.link(made, path)
            made.unlink()
        # Reading a key proves its primes, which takes longer than signing: once for each version of the file.
        stamp = path.stat()
        return _load(path, (stamp.st_ino, stamp.st_mtime_ns, stamp.st_size))
    except OSError as error:
        raise Refused(problem("SIGN-006", path=path, detail=error.strerror or str(error))) from error


@functools.lru_cache(maxsize=2)
def _load(path: Path, _version: tuple[int, int, int]) -> _Pair:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415
    from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415

    data = path.read_bytes()
    try:
        loaded, certificate = load_pem_private_key(data, None), load_pem_x509_certificate(data)
    except (ValueError, TypeError) as error:
        raise Refused(problem("SIGN-006", path=path, detail=str(error).split(".")[0])) from error
    if not isinstance(loaded, RSAPrivateKey) or loaded.public_key() != certificate.public_key():
        raise Refused(problem("SIGN-006", path=path, detail="key and certificate do not belong together"))
    return _Pair(loaded, certificate)


def _make(folder: Path, real_now: datetime) -> Path:
    """A new key with its certificate in a file of its own below `folder`."""
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat  # noqa: PLC0415

    made = generate_private_key(65537, BITS)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Pasaj alerts")])
    certificate = (
        x509.CertificateBuilder(name, name, made.public_key(), x509.random_serial_number())
        # A day before: a receiver's clock may be behind.
        .not_valid_before(real_now - timedelta(days=1))
        .not_valid_after(real_now + timedelta(days=round(365.25 * YEARS)))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signs_only(), critical=True)
        .sign(made, SHA256())
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f".{secrets.token_hex(8)}.pem"
    _write(
        path,
        made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM),
    )
    return path


def _signs_only() -> Any:
    from cryptography.x509 import KeyUsage  # noqa: PLC0415

    names = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign")
    return KeyUsage(
        digital_signature=True,
        content_commitment=True,
        encipher_only=False,
        decipher_only=False,
        **dict.fromkeys(names, False),
    )


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _shown(certificate: Certificate) -> Key:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    return Key(
        fingerprint(certificate),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        certificate.public_bytes(Encoding.PEM).decode(),
    )
