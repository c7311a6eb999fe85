"""Versions of a policy: proposed by one person, published by another, signed, and never changed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import override

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import report as core
from pasaj.core.policy import versions as core_versions
from pasaj.core.policy.versions import Plain
from pasaj.core.problems import Refused, problem
from pasaj.policy.models import Policy, Proposal, Version, VersionText
from pasaj.policy.queries import coherence, printing
from pasaj.policy.services import chain, signing
from pasaj.policy.services.statements import locked
from pasaj.policy.services.words import reason_of

State = Policy.State
STEPS: Mapping[str, tuple[str, ...]] = {
    State.DRAFT: (State.CONSULTATION, State.VALIDATED),
    State.CONSULTATION: (State.DRAFT, State.VALIDATED),
    State.VALIDATED: (State.DRAFT, State.ADOPTED),
    State.ADOPTED: (State.IN_FORCE, State.SUPERSEDED),
    State.IN_FORCE: (State.SUPERSEDED,),
    State.SUPERSEDED: (),
}
"""What a policy may become from what it is. The amendment of one in force is a new version, not a new state."""


@dataclass(frozen=True, slots=True)
class Built:
    """What would be published now: the content, the texts by language, and what the rules still say."""

    content: Plain
    texts: Mapping[tuple[str, bool], core.Report]  # by language, and whether they are for readers outside
    warnings: list[Plain]
    waivers: list[Plain]

    @property
    def fingerprint(self) -> str:
        """Of what was decided: the content and what was let pass, not the day and what the rules say on it."""
        return core_versions.content_fingerprint({"content": self.content, "waivers": self.waivers})


def build(policy: Policy, *, code: str, now: datetime) -> Built:
    """All that a version would keep, as the policy stands now. Raises Refused: POLV-007 (a language is empty)."""
    content = printing.content(policy)
    for language in policy.languages:
        if not any(one["texts"].get(language) for one in content["clauses"]):
            raise Refused(problem("POLV-007", language=language))
    waived = coherence.waivers(policy)
    with override(policy.source_language):
        warnings = coherence.plain(coherence.checked(policy, now.date()))["problems"]
        waivers = [
            {
                "rule": one.waiver.rule, "statement": one.waiver.statement, "message": one.text,
                "reason": one.waiver.reason, "fingerprint": one.waiver.fingerprint,
            }
            for one in waived
        ]  # fmt: skip
    texts = {
        (language, outside): printing.text(
            policy, language=language, code=code, now=now, waivers=waived, public=outside
        )
        for language in policy.languages
        for outside in (False, True)
    }
    return Built(content, texts, warnings, waivers)


@transaction.atomic
def propose(*, policy: str, note: str, public: bool, actor: Actor, now: datetime) -> Proposal:
    """Propose what stands now as the next version; one that was open is overtaken.

    Raises Refused: POL-001, 005, 006 (no note), POLV-002 (errors stand against it), 006 (nothing differs), 007.
    """
    row = locked(policy)
    said = reason_of(note)
    built = _publishable(row, now)
    row.proposals.filter(state=Proposal.State.OPEN).update(state=Proposal.State.OVERTAKEN, decided_at=now)
    number = (row.proposals.aggregate(most=Max("number"))["most"] or 0) + 1
    assert actor.id is not None
    made = Proposal.objects.create(
        policy=row, number=number, fingerprint=built.fingerprint, note=said, public=public, proposed_at=now,
        proposer_id=actor.id, proposer_label=actor.label,
    )  # fmt: skip
    chain.say(row, [row.code], "proposed", actor, now, said)
    audit.record(
        actor=actor, action="policy.proposed", code=row.code, now=now,
        detail={"proposal": number, "fingerprint": built.fingerprint, "public": public},
    )  # fmt: skip
    return made


@transaction.atomic
def refuse(*, policy: str, reason: str, actor: Actor, now: datetime) -> Proposal:
    """Send a proposal back. Raises Refused: POL-001, 006, POLV-003, 004."""
    row = locked(policy)
    made = _open(row, actor)
    made.reason = reason_of(reason)
    _decide(made, Proposal.State.REFUSED, actor, now)
    chain.say(row, [row.code], "refused", actor, now, made.reason)
    audit.record(actor=actor, action="policy.refused", code=row.code, now=now, detail={"reason": made.reason})
    return made


def publish(*, policy: str, actor: Actor, now: datetime) -> Version:
    """Publish what was proposed, if it still is what stands.

    Raises Refused: POL-001, POLV-002, 003, 004 (the proposer), 005 (something changed), 007, 008 (the key).
    """
    with transaction.atomic():
        row = locked(policy)
        made = _open(row, actor)
        built = _publishable(row, now)
        if built.fingerprint != made.fingerprint:
            raise Refused(problem("POLV-005", code=row.code))
        version = _kept(row, made, built, actor, now)
        _decide(made, Proposal.State.PUBLISHED, actor, now)
        chain.say(row, [row.code], "published", actor, now, made.note, version=version.code)
        detail = {"fingerprint": version.fingerprint, "public": version.public, "waivers": len(version.waivers)}
        audit.record(actor=actor, action="policy.published", code=version.code, now=now, detail=detail)
    return version


@transaction.atomic
def turn(*, policy: str, state: str, reason: str, actor: Actor, now: datetime) -> Policy:
    """The next step in the life of a policy, with its reason. Raises Refused: POL-001, 006, POLV-012."""
    row = locked(policy)
    why = reason_of(reason)
    if state not in STEPS[row.state]:
        raise Refused(problem("POLV-012", state=row.state, wanted=state[:20]))
    row.state, row.changed_at = state, now
    row.revision += 1
    row.save(update_fields=["state", "changed_at", "revision"])
    chain.say(row, [row.code], "turned", actor, now, why, state=state)
    audit.record(actor=actor, action="policy.turned", code=row.code, now=now, detail={"state": state, "reason": why})
    return row


# --- Inside ------------------------------------------------------------------------------------


def _newest(policy: Policy) -> Version | None:
    return policy.versions.order_by("-number").first()


def _publishable(policy: Policy, now: datetime) -> Built:
    stops = coherence.checked(policy, now.date()).stops
    if stops:
        raise Refused(problem("POLV-002", code=policy.code, count=len(stops)))
    before = _newest(policy)
    number = before.number + 1 if before else 1
    built = build(policy, code=f"{policy.code}-V{number}", now=now)
    if before and not core_versions.differences(before.content, built.content):
        raise Refused(problem("POLV-006", code=before.code))
    return built


def _open(policy: Policy, actor: Actor) -> Proposal:
    made = policy.proposals.select_for_update().filter(state=Proposal.State.OPEN).first()
    if made is None:
        raise Refused(problem("POLV-003"))
    if actor.id is None or made.proposer_id == actor.id:
        raise Refused(problem("POLV-004"))
    return made


def _decide(made: Proposal, state: str, actor: Actor, now: datetime) -> None:
    made.state, made.decided_at = state, now
    made.decider_id, made.decider_label = actor.id, actor.label
    made.save()


def _kept(policy: Policy, proposal: Proposal, built: Built, actor: Actor, now: datetime) -> Version:
    before = _newest(policy)
    number = before.number + 1 if before else 1
    code = f"{policy.code}-V{number}"
    texts = {key: core.to_plain(said) for key, said in built.texts.items()}
    digests = {key: core.digest(said) for key, said in texts.items()}
    named = {f"{language}{'/outside' if outside else ''}": said for (language, outside), said in digests.items()}
    content = core_versions.content_fingerprint(built.content)
    by = " ".join(sorted({one.institution for one in actor.grants}))
    part = core_versions.signed_part(
        code=code, content=content, texts=named, before=before.fingerprint if before else "",
        published=now.astimezone(UTC).isoformat(timespec="seconds"),
        by=by,
    )  # fmt: skip
    signature, key = signing.sign(part)
    assert actor.id is not None
    made = Version.objects.create(
        policy=policy, number=number, code=code, supersedes=before, proposal=proposal, standing=policy.state,
        note=proposal.note, public=proposal.public, languages=list(policy.languages), content=built.content,
        warnings=built.warnings, waivers=built.waivers, content_fingerprint=content,
        fingerprint=core_versions.content_fingerprint(part), signature=signature, key=key, by=by,
        simulated=policy.simulated, published_at=now, actor_id=actor.id, actor_label=actor.label,
    )  # fmt: skip
    VersionText.objects.bulk_create(
        VersionText(version=made, language=key[0], outside=key[1], content=said, fingerprint=digests[key])
        for key, said in texts.items()
    )
    return made
