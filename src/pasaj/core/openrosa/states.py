"""What becomes of a submission that arrives: one table, from plain facts to one decision.

Source: the behaviour of ODK Central (lib/resources/submissions.js), with improvements: an unknown
version is kept in quarantine, what arrived before the form was closed may be completed, and a
correction is taken from the one who sent the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FormState = Literal["unknown", "forbidden", "open", "closed"]
VersionState = Literal["unknown", "draft", "published", "closed"]
DeviceState = Literal["confirmed", "waiting", "refused"]
Known = Literal["none", "identical", "different"]
Replaces = Literal["nothing", "current", "older", "unknown"]
Action = Literal["store", "edit", "complete", "refuse"]

CREATED, ACCEPTED = 201, 202


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands when a submission arrives, under the locks of its rows.

    `known`: whether this instanceID is stored, with the same bytes or others. `replaces`: where its
    deprecatedID points. `removed`, `own`, `held`: of the stored submission that either of them
    belongs to: its bytes were redacted; the sender is the one who sent it; it is in quarantine.
    """

    form: FormState = "open"
    version: VersionState = "published"
    tester: bool = False
    device: DeviceState = "confirmed"
    encrypted: bool = False
    known: Known = "none"
    replaces: Replaces = "nothing"
    removed: bool = False
    own: bool = True
    held: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`code`: the problem of a refusal. `reasons`: why a new report or edit waits in quarantine."""

    action: Action
    status: int = 0
    code: str = ""
    reasons: tuple[str, ...] = ()


def decide(facts: Facts) -> Decision:
    """The table. Refusals carry the code of a problem, whose kind has the HTTP status."""
    code = _never(facts) or _not_now(facts)
    if code:
        return Decision("refuse", code=code)
    if facts.known == "identical":  # whoever has the very bytes may send the files that are missing
        return Decision("complete", ACCEPTED if facts.held else CREATED)
    reasons = _reasons(facts)
    waits = facts.held or any(reason != "draft" or not facts.tester for reason in reasons)
    return Decision("store" if facts.replaces == "nothing" else "edit", ACCEPTED if waits else CREATED, reasons=reasons)


def _never(facts: Facts) -> str:
    """Why this sender is refused whatever was sent before."""
    if facts.form == "unknown":
        return "COLLECT-010"
    if facts.form == "forbidden":
        return "COLLECT-011"
    if facts.device == "refused":
        return "COLLECT-012"
    if facts.encrypted:
        return "COLLECT-013"
    return ""


def _not_now(facts: Facts) -> str:
    """Why it does not fit what is stored already."""
    if facts.removed:
        return "COLLECT-014"
    if facts.known == "different":
        return "COLLECT-015"
    if facts.known == "identical":
        return ""
    if facts.form == "closed":
        return "COLLECT-016"
    if facts.replaces == "unknown":
        return "COLLECT-017"
    if facts.replaces == "older":
        return "COLLECT-018"
    if facts.replaces == "current" and not facts.own:
        return "COLLECT-019"
    if facts.replaces == "current" and facts.device == "waiting" and not facts.held:
        return "COLLECT-036"  # a stolen key must not take away what was received
    return ""


def _reasons(facts: Facts) -> tuple[str, ...]:
    """Drafts wait also when a tester sends them: trying a form out must feed no figure."""
    found = {
        "version": facts.version == "unknown",
        "draft": facts.version == "draft",
        "device": facts.device == "waiting",
    }
    return tuple(reason for reason, holds in found.items() if holds)
