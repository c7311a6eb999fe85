"""Whether a version that came as a file is what was signed."""

from __future__ import annotations

from typing import Any

from pasaj.core import report as core
from pasaj.core.policy.versions import Plain, content_fingerprint
from pasaj.core.problems import Refused, problem
from pasaj.policy.services import signing

NEEDED = {"signed": dict, "content": dict, "texts": dict, "signature": str, "key": str}


def verified(plain: Any, key: str = "") -> Plain:
    """What was signed: code, fingerprints, moment and institution. key: that of the publisher, "" for any.

    Raises Refused: POLV-009 (no version), POLV-010 (content or a text was changed), POLV-011 (signature or key).
    """
    if not isinstance(plain, dict) or not all(isinstance(plain.get(name), kind) for name, kind in NEEDED.items()):
        raise Refused(problem("POLV-009"))
    part: Plain = plain["signed"]
    texts = part.get("texts")
    if not isinstance(texts, dict) or any(not isinstance(part.get(name), str) for name in ("version", "content")):
        raise Refused(problem("POLV-009"))
    if content_fingerprint(plain["content"]) != part["content"]:
        raise Refused(problem("POLV-010", what="content"))
    if set(texts) != set(plain["texts"]):
        raise Refused(problem("POLV-010", what="texts"))
    for name, said in plain["texts"].items():
        if core.digest(said) != texts[name]:
            raise Refused(problem("POLV-010", what=name))
    if key and key.lower() != plain["key"].lower():
        raise Refused(problem("POLV-011"))
    if not signing.verified(part, plain["signature"], plain["key"]):
        raise Refused(problem("POLV-011"))
    return part
