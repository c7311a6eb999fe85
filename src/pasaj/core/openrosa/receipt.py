"""A number that sender and cell can both read out: the same for the same submission, wherever it is computed."""

from __future__ import annotations

import hashlib

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nobody mistakes one for another
LENGTH = 12
GROUP = 4


def receipt(form_id: str, instance_id: str) -> str:
    """Twelve signs in three groups ("7KQ4-9MD2-X3TA"): 60 bits of SHA-256 over form and instance."""
    digest = hashlib.sha256(f"{form_id}\0{instance_id}".encode()).digest()
    number = int.from_bytes(digest[:8], "big") >> 4
    signs = "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))
