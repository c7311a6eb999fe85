"""The institutions of a pack that has no institutions.csv: those that its sources name.

People need an institution to have a role in, so that a pack of the five required files can be worked with.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from pasaj.core.pack import values
from pasaj.core.pack.shapes import Institution, Manifest, Source

ORIGIN = "sources.csv"
_OTHER = re.compile(r"[^A-Z0-9]+")


def named_by(sources: Sequence[Source], manifest: Manifest) -> tuple[tuple[Institution, ...], tuple[Source, ...]]:
    """Institutions and the sources that name them by code. A pack that names none gets one, called as the pack."""
    texts = {one.institution: _code(one.institution) for one in sources if one.institution}
    found: dict[str, Institution] = {}
    for text, code in texts.items():
        if code:
            names = {manifest.default_language: text}
            found.setdefault(code, Institution(code=code, names=names, kind="data", source=ORIGIN))
    if manifest.cell or not found:
        code = manifest.cell or _code(manifest.code.upper())
        names = dict(manifest.names) if not manifest.cell else {manifest.default_language: code}
        found.setdefault(code, Institution(code=code, names=names, kind="coordination", source="pack.toml"))
    named = (replace(one, institution=texts.get(one.institution, "")) for one in sources)
    return tuple(found.values()), tuple(named)


def _code(text: str) -> str:
    """The text itself when it can be a code; else its letters and digits in capitals. Empty when it has none."""
    if values.CODE.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _OTHER.sub("-", plain.upper()).strip("-")[:40].rstrip("-")
