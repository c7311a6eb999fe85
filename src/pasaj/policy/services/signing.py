"""The key that signs versions of policies: Ed25519 (RFC 8032), in `$PASAJ_HOME/keys/policy.pem`.

Made at first need, readable by its owner only. Readers compare the public key printed in the version with the one
the cell makes known; a signature shows that nothing was changed since, not that the text is right.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from pasaj.core.evidence import canonical
from pasaj.core.policy.versions import Plain
from pasaj.core.problems import Refused, problem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FOLDER, NAME = "keys", "policy.pem"


def sign(part: Plain) -> tuple[str, str]:
    """The signature over the canonical text of `part`, and the public key, both in hexadecimal. Raises POLV-008."""
    key = _key()
    return key.sign(canonical(part).encode()).hex(), key.public_key().public_bytes_raw().hex()


def verified(part: Plain, signature: str, key: str) -> bool:
    """Whether the signature over `part` was made with the private half of `key`."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - the web process starts without it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(signature), canonical(part).encode()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _key() -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    path = Path(settings.PASAJ_HOME) / FOLDER / NAME
    try:
        if not path.exists():
            _make(path)
        found = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError) as error:
        raise Refused(problem("POLV-008", file=f"{FOLDER}/{NAME}")) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise Refused(problem("POLV-008", file=f"{FOLDER}/{NAME}"))
    return found


def _make(path: Path) -> None:
    """A new key, whole or not at all: written beside and linked into place, so that two makers agree on one."""
    from cryptography.hazmat.primitives import serialization as forms  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = Ed25519PrivateKey.generate().private_bytes(
        forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()
    )
    beside = path.with_name(f".{NAME}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()
