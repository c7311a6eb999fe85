"""Whether a report may feed anything: nobody named in it, and from a place its sender may speak of."""

from __future__ import annotations

from collections.abc import Iterator

from pasaj.access.models import Account
from pasaj.access.rules import EVERYTHING, NOBODY, can, policy
from pasaj.collect.models import Submission, SubmissionVersion
from pasaj.collect.services.meaning.work import Work, say
from pasaj.core import meaning as core
from pasaj.core.forms.fields import Field
from pasaj.core.problems import Refused
from pasaj.registry import queries as registry
from pasaj.registry.models import Area, CrossingPoint
from pasaj.registry.queries import naming

State = Submission.State


def may_feed(work: Work) -> bool:
    """Whether the report may feed anything: nobody named in it, and from a place its sender may speak of."""
    submission = work.submission
    code = core.place_of(work.meaning, work.answers)
    submission.crossing = CrossingPoint.objects.filter(code=code).first() if code else None
    submission.area = Area.objects.filter(code=code).first() if code and submission.crossing is None else None
    submission.period_start = core.day_of(work.meaning, work.answers)
    seen = _looked_at(work)
    reasons = []
    if "screen" not in seen and _may_name_somebody(work):
        submission.held = True
        reasons.append("screen")
    if "right" not in seen and not work.meaning.empty and not _has_right(submission, code):
        reasons.append("right")
    if reasons:
        submission.state, submission.reasons = State.QUARANTINED, reasons
        submission.save(update_fields=["state", "reasons", "held", "crossing", "area", "period_start"])
        say(submission, "quarantined", {"reasons": submission.reasons}, work)
        return False
    return True


def _looked_at(work: Work) -> set[str]:
    """For which reasons a person has let this very version out. Whoever confirms a device has read nothing."""
    let_out = work.submission.events.filter(action="released").values_list("details", flat=True)
    mine = [one for one in let_out if one.get("version") == work.version.number]
    return {reason for one in mine for reason in one.get("reasons", ())}


def _may_name_somebody(work: Work) -> bool:
    """Whether free text of the report holds what the screening takes for a name, a number or an address."""
    free = {one.path for one in work.fields if one.kind == "text"}
    return any(naming(text) for path, text in _texts(work.answers, "") if path in free)


def free_texts(version: SubmissionVersion) -> list[str]:
    """What somebody wrote into a version: the answers to its open questions, or all of an unknown form's."""
    fields = [Field.of(one) for one in version.form_version.fields] if version.form_version else []
    free = {one.path for one in fields if one.kind == "text"}
    try:
        answers = core.read(bytes(version.body.xml), [one.path for one in fields if one.kind == "repeat"])
    except Refused:  # it cannot be read, so nothing was made of it
        return []
    return [text for path, text in _texts(answers, "") if path in free or not fields]


def _texts(answers: core.Answers, start: str) -> Iterator[tuple[str, str]]:
    for path, text in answers.values.items():
        if text:
            yield f"{start}{path}", text
    for path, turns in answers.repeats.items():
        for turn in turns:
            yield from _texts(turn, f"{start}{path}/")


def _has_right(submission: Submission, code: str) -> bool:
    """A key that is bound to crossings may speak of those alone, an account of those its role names."""
    user = submission.app_user
    if user is None:
        return _account_speaks(submission)
    rights = user.rights.filter(form__in=(submission.form_id,)) | user.rights.filter(form=None)
    bound = [one.crossing_id for one in rights]
    return not bound or None in bound or (submission.crossing_id in bound and bool(code))


def _account_speaks(submission: Submission) -> bool:
    """By the roles held now: whoever holds none any more is looked at first."""
    account = Account.objects.filter(pk=submission.account_id or 0, is_active=True).first()
    actor = registry.actor_for(account) if account else NOBODY
    if submission.crossing is None:
        return policy(CrossingPoint, "speak", actor) == EVERYTHING
    return can(actor, "speak", submission.crossing)
