"""The short text for a chat group: plain lines, counts as words of size where it may be passed on."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from pasaj.core.sitrep import Fitted, Line, fit
from pasaj.respond.models import Sitrep
from pasaj.respond.queries.sitreps.report import AUDIENCES, EDITIONS, MODES, SHARE, text_of
from pasaj.respond.queries.sitreps.voice import Voice

LIMIT = 1000  # characters: a chat shows about as many before it folds the rest away
RANKS = {"situation": 3, "response": 2, "needs": 2, "next": 4}


def chat(row: Sitrep, *, language: str, edition: str, limit: int = LIMIT) -> Fitted:
    """The text, its first line the code with the moment and the label, its second the headline. Raises KeyError."""
    assert edition in EDITIONS
    with override(language):
        said = Voice(row.facts, edition == SHARE, hidden=_protected(row))
        head = [MODES[row.mode]] if row.mode in MODES else []
        head += [_("SIMULATED")] if row.simulated else []
        head.append(f"*{row.code}* · {said.moment(row.facts['as_of'])} · {AUDIENCES[edition]}")
        lines = [Line(" ".join(head), 0), Line(f"*{text_of(row, language, 'headline', said)}*", 0)]
        for part, rank in RANKS.items():
            told = _items([one.strip() for one in text_of(row, language, part, said).splitlines()])
            lines += [Line(one, rank) for one in told]
        return fit(lines, limit, _("(shortened: the whole is in {code})").format(code=row.code))


def _items(lines: list[str]) -> list[str]:
    """Items with a bullet; what introduces a list stays with its first item, so that it is never left alone."""
    found: list[str] = []
    for one in lines:
        told = f"• {one[2:]}" if one.startswith("- ") else one
        if found and found[-1].endswith(":"):
            found[-1] += f"\n{told}"
        else:
            found.append(told)
    return found


def _protected(row: Sitrep) -> frozenset[str]:
    return frozenset(code for code, one in row.facts["places"].items() if one["protected"])
