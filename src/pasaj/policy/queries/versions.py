"""Questions about versions: which there are, what they say, in what they differ, and whether they are whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pasaj.access.rules import Actor, visible
from pasaj.core import report as core
from pasaj.core import wording
from pasaj.core.policy import versions as core_versions
from pasaj.core.policy.versions import Difference, Plain
from pasaj.core.report.letters import plain
from pasaj.core.report.saying import words
from pasaj.core.wording import Segment
from pasaj.policy.models import Policy, Proposal, Version
from pasaj.policy.queries.grounds import Ground, above

LONG = ("content",)
KINDS: Mapping[str, Any] = {
    "clause": gettext_lazy("clause"),
    "problem": gettext_lazy("problem"),
    "objective": gettext_lazy("objective"),
    "measure": gettext_lazy("policy measure"),
    "action": gettext_lazy("action"),
    "cost": gettext_lazy("cost line"),
    "commitment": gettext_lazy("commitment of money"),
    "indicator": gettext_lazy("indicator"),
    "policy": gettext_lazy("policy"),
}


def versions(actor: Actor, policy: Policy) -> QuerySet[Version]:
    """The versions of a policy, the newest first."""
    rows = Version.objects.filter(policy=policy).defer(*LONG)
    return visible(rows, actor).order_by("-number")


def public(policy: str, number: int | None = None) -> Version | None:
    """A version that is for everybody; without a number the newest of them."""
    rows = Version.objects.filter(policy__code=policy, public=True).select_related("policy__institution")
    rows = rows.order_by("-number")
    return (rows if number is None else rows.filter(number=number)).first()


def open_proposal(policy: Policy) -> Proposal | None:
    """What is proposed and not decided."""
    return policy.proposals.filter(state=Proposal.State.OPEN).first()


def says(version: Version, language: str, *, everybody: bool = False) -> core.Report | None:
    """What a version says in a language; None where it was not published in it. everybody: to readers outside."""
    text = version.texts.filter(language=language, outside=everybody).first()
    return None if text is None else core.from_plain(text.content)


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of a version's text on a page: its blocks, the clauses in it, and what these rest on."""

    anchor: str
    blocks: Sequence[core.Block]
    grounds: Sequence[Ground]


def passages(version: Version, said: core.Report, language: str, *, everybody: bool) -> list[Passage]:
    """The text heading by heading, each with what the clauses under it rest on, as that stood at publication."""
    clauses: list[Plain] = version.content["clauses"]
    found: list[tuple[str, list[core.Block]]] = [("", [])]
    for block in said.blocks:
        if isinstance(block, core.Heading):
            found.append((block.anchor, []))
        found[-1][1].append(block)
    under = _under(clauses)
    return [
        Passage(anchor, blocks, above(version.content, under.get(anchor, ()), language, everybody=everybody))
        for anchor, blocks in found
        if blocks
    ]


def _under(clauses: Sequence[Plain]) -> dict[str, list[str]]:
    """The statements that the clauses under each heading realise, by the code of the heading."""
    found: dict[str, list[str]] = {}
    heading = ""
    for one in clauses:
        if one["kind"] in ("heading", "annex"):
            heading = one["code"]
        found.setdefault(heading, []).extend(code for code in one["realises"] if code not in found[heading])
    return found


# --- In what two differ ------------------------------------------------------------------------


FIELDS: Mapping[str, Any] = {
    "text": gettext_lazy("words"),
    "texts": gettext_lazy("words"),
    "first": gettext_lazy("from"),
    "last": gettext_lazy("until"),
    "number": gettext_lazy("number"),
    "quantity": gettext_lazy("quantity"),
    "unit_cost": gettext_lazy("unit cost"),
    "periods": gettext_lazy("periods"),
    "owner": gettext_lazy("owner"),
    "institutions": gettext_lazy("institutions"),
    "findings": gettext_lazy("findings"),
    "problems": gettext_lazy("problems"),
    "objectives": gettext_lazy("objectives"),
    "realises": gettext_lazy("measures and objectives"),
    "state": gettext_lazy("state"),
    "target": gettext_lazy("target"),
    "amount": gettext_lazy("amount"),
    "goals": gettext_lazy("commitments"),
    "title": gettext_lazy("title"),
    "kind": gettext_lazy("kind"),
    "date": gettext_lazy("date"),
    "status": gettext_lazy("state"),
    "source": gettext_lazy("source"),
    "statement": gettext_lazy("words"),
    "severity": gettext_lazy("severity"),
    "deliverable": gettext_lazy("deliverable"),
    "judgements": gettext_lazy("judgements"),
    "parts": gettext_lazy("institutions"),
    "count": gettext_lazy("count"),
    "value": gettext_lazy("value"),
}


def field_word(name: str) -> str:
    """A field in words."""
    return str(FIELDS.get(name, name.replace("_", " ")))


def segments_of(one: Difference, language: str) -> Sequence[Segment]:
    """What was there and what is there now, word by word; nothing where both read the same in this language."""
    old, new = worded(one.before, language), worded(one.after, language)
    return wording.segments(old, new) if old != new else ()


def worded(value: Any, language: str) -> str:
    """A field as a person reads it: texts in one language, lists in a row."""
    if isinstance(value, Mapping):
        if language in value or all(isinstance(one, str) and len(key) == 2 for key, one in value.items()):
            return str(value.get(language, ""))
        return ", ".join(f"{key}: {worded(one, language)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(worded(one, language) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Apart:
    """What reads otherwise under a heading: a line each, word by word."""

    heading: str
    lines: Sequence[Sequence[Segment]]


def public_before(version: Version) -> Version | None:
    """The version for everybody that everybody read before this one."""
    rows = Version.objects.filter(policy=version.policy, public=True, number__lt=version.number)
    return rows.order_by("-number").first()


def apart(before: Version, after: Version, language: str) -> list[Apart]:
    """Where what everybody reads differs, heading by heading. Nothing but the editions for readers outside is read."""
    old, new = (_lines(says(one, language, everybody=True)) for one in (before, after))
    found = [Apart(one, _differing(old.get(one, []), new.get(one, []))) for one in {**new, **old}]
    return [one for one in found if one.lines]


def _lines(said: core.Report | None) -> dict[str, list[str]]:
    """The lines under each heading; a row of a table is one."""
    found: dict[str, list[str]] = {}
    heading = ""
    for block in said.blocks if said else ():
        match block:
            case core.Heading(_, text, _):
                heading = text
                found.setdefault(heading, [])
            case core.Table():
                rows = (" · ".join(plain(cell.spans) for cell in row) for row in block.rows)
                found.setdefault(heading, []).extend(rows)
            case _:
                alone = core.Report("", "", "", language="", blocks=(block,))
                found.setdefault(heading, []).extend(one for one in words(alone) if one)
    return found


def _differing(old: Sequence[str], new: Sequence[str]) -> list[Sequence[Segment]]:
    found: list[Sequence[Segment]] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            found += [wording.segments(*pair) for pair in zip_longest(old[i:j], new[k:m], fillvalue="")]
    return found


# --- Whether it is whole -----------------------------------------------------------------------


def package(version: Version) -> Plain:
    """A version as one file that can be checked without a home. It holds all, and is for the cell."""
    part = signed_part(version)
    texts = {f"{one.language}{'/outside' if one.outside else ''}": one.content for one in version.texts.order_by("pk")}
    return {
        "pasaj": "policy version",
        "signed": part,
        "signature": version.signature,
        "key": version.key,
        "content": version.content,
        "texts": texts,
        "warnings": version.warnings,
        "waivers": version.waivers,
    }


def signed_part(version: Version) -> Plain:
    """What its signature is over, made again from what is stored."""
    texts = {f"{one.language}{'/outside' if one.outside else ''}": one.fingerprint for one in version.texts.all()}
    before = version.supersedes.fingerprint if version.supersedes else ""
    return core_versions.signed_part(
        code=version.code, content=version.content_fingerprint, texts=texts, before=before,
        published=version.published_at.astimezone(UTC).isoformat(timespec="seconds"), by=version.by,
    )  # fmt: skip
