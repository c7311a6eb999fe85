"""When nobody sits at the screen: approvers are asked by SMS one after the other, their codes are answers, and if
nobody answers in time a restricted notice goes out that says that nobody approved it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from pasaj.access.models import Account
from pasaj.access.rules import SYSTEM, Actor
from pasaj.access.services import audit
from pasaj.core.problems import Problem, Refused, problem
from pasaj.notify import queries as notify
from pasaj.notify.models import Contact, Inbound
from pasaj.notify.services import outbox
from pasaj.registry.queries import actor_for
from pasaj.respond.models import AlertMessage, ApprovalRequest
from pasaj.respond.queries import alert_texts
from pasaj.respond.queries import alerts as queries
from pasaj.respond.services.alerts import publishing
from pasaj.respond.services.alerts.approving import approve, refuse, wrote
from pasaj.respond.services.alerts.ending import COPIED, expire
from pasaj.respond.services.alerts.rows import State, locked, next_number, told

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 6
TRIES = 5
ASKING = "approval"  # the kind of message
CODE = re.compile(
    rf"(?P<no>no|non|not)?\s*(?:k[oò]d|code|código|codigo)?\s*:?\s*(?P<code>[A-Z0-9]{{{LENGTH}}})\.?", re.I
)
"""An answer: the code alone, or "no" before it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an SMS: of which message, whether it approved or refused it, or why it did nothing."""

    identifier: str
    decision: str = ""  # yes, no
    problem: Problem | None = None


# --- Asking ----------------------------------------------------------------------------------------


def follow_up(*, now: datetime) -> int:
    """Do what has fallen due: ask approvers and their deputies, send the notice that nobody approved, expire.

    Call it as often as you like; the same moment again changes nothing. Returns how many things were done.
    """
    waiting = AlertMessage.objects.filter(state=State.SUBMITTED).order_by("pk")
    done = sum(_follow(identifier, now) for identifier in list(waiting.values_list("identifier", flat=True)))
    return done + expire(now=now)


def _follow(identifier: str, now: datetime) -> bool:
    """One message that waits for approval. Returns whether anything was done."""
    with transaction.atomic(), audit.at_the_end():
        row = locked(identifier)
        if row.state != State.SUBMITTED or row.submitted_at is None or row.submitted_at > now:
            return False
        chosen = queries.settings()
        limit = timedelta(minutes=chosen.minutes)
        asked = list(row.requests.filter(asked_at__gte=row.submitted_at).order_by("-asked_at", "-turn"))
        night = chosen.is_night(row.submitted_at.astimezone(queries.here().zone).hour)
        if not asked and not night and now < row.submitted_at + limit:
            return False  # somebody is in the office
        if asked and now < asked[0].asked_at + limit:
            return False  # the one who was asked last still has time
        late = now >= row.submitted_at + timedelta(minutes=chosen.total_minutes)
        left = [] if late else _still_to_ask(row, asked, now)
        if left:
            _ask(row, left[0], len(asked) + 1, now)
            return True
        return _unratified(row, now)


def _still_to_ask(row: AlertMessage, asked: list[ApprovalRequest], now: datetime) -> list[Contact]:
    """Who may approve the message and has not been asked: in order, without those who wrote in it or said yes."""
    chosen = queries.settings()
    before = {one.contact_id for one in asked}
    agreed = set(queries.approvals(row).values_list("actor_id", flat=True))
    people = notify.in_order(
        role=chosen.approvers, institution=chosen.approvers_institution, now=now, severity=row.severity
    )
    return [
        one
        for one in people
        if one.pk not in before
        and one.account_id is not None
        and one.account_id not in agreed
        and queries.may_approve(one.account_id)
        and not wrote(row, one.account_id)
    ]


def _ask(row: AlertMessage, contact: Contact, turn: int, now: datetime) -> None:
    """Send a one-time code to the registered number of one approver."""
    chosen = queries.settings()
    code = "".join(secrets.choice(ALPHABET) for _one in range(LENGTH))
    request = ApprovalRequest(message=row, contact=contact, turn=turn, salt=secrets.token_hex(16), asked_at=now)
    request.code_sha256 = _hashed(code, request.salt)
    # It stays valid while the deputies are asked: whoever wakes up late may still answer.
    request.expires_at = now + timedelta(minutes=chosen.minutes + chosen.total_minutes)
    request.save(force_insert=True)
    draft = outbox.Draft(
        kind=ASKING,
        ref=row.identifier,
        texts={language: _question(row, language, code, now) for language in queries.languages()},
        mode=row.alert.mode,
        severity=row.severity,
        urgent=True,
    )
    outbox.put(draft=draft, contacts=[contact], actor=SYSTEM, now=now, channels=("sms",))
    told(row.alert, "asked", SYSTEM, now, message=row, contact=contact.code, turn=turn)


def _question(row: AlertMessage, language: str, code: str, now: datetime) -> outbox.Text:
    texts = alert_texts.said(row, language, mode="actual")
    place = alert_texts.where(row.areas).get(language, "")
    until = now + timedelta(minutes=queries.settings().minutes)
    with translation.override(language):
        short = _("{code} approves {message}: {event}, {place}. Answer with the code before {hour}; NO {code} refuses.")
        said = short.format(code=code, message=row.identifier, event=texts.event, place=place[:60],
                            hour=f"{until.astimezone(queries.here().zone):%H:%M}")  # fmt: skip
        subject = _("Approval asked: {message}").format(message=row.identifier)
    return outbox.Text(subject=subject, body=said, short=said)


def _hashed(code: str, salt: str) -> str:
    return str(salted_hmac(salt, code, algorithm="sha256").hexdigest())


# --- Answering -------------------------------------------------------------------------------------


def read(text: str) -> tuple[str, str] | None:
    """The decision (yes, no) and the code of an answer; None for any other text."""
    match = CODE.fullmatch(text.strip())
    if match is None or not set(match["code"].upper()) <= set(ALPHABET):
        return None
    return ("no" if match["no"] else "yes"), match["code"].upper()


def answer_code(*, sender: str, text: str, now: datetime) -> Answer:
    """Take the answer of an approver: the code, sent from the number it was sent to.

    The yes is that of the contact's own account, which must still hold the role and never wrote in the message.
    Never raises for what somebody wrote: `Answer.problem` says ALERT-050 to 053 or what `approve` refuses.
    """
    said = read(text)
    if said is None:
        return Answer("", problem=problem("ALERT-050"))
    decision, code = said
    rows = list(_open_requests(sender, now))
    if not rows:
        late = _requests(sender).exists()
        return Answer("", problem=problem("ALERT-051" if late else "ALERT-053"))
    chosen = next((one for one in rows if constant_time_compare(_hashed(code, one.salt), one.code_sha256)), None)
    if chosen is None:
        return _wrong(rows[0], now)
    actor = _account(chosen)
    if actor is None:
        return Answer(chosen.message.identifier, problem=problem("ALERT-006"))
    return _decided(chosen, decision, actor, now)


def _requests(sender: str) -> QuerySet[ApprovalRequest]:
    return ApprovalRequest.objects.filter(
        contact__addresses__channel="sms", contact__addresses__value=sender, contact__addresses__stopped_at=None,
        contact__ended_at=None,
    )  # fmt: skip


def _open_requests(sender: str, now: datetime) -> QuerySet[ApprovalRequest]:
    rows = _requests(sender).filter(answered_at=None, asked_at__lte=now, expires_at__gt=now, tries__lt=TRIES)
    return rows.select_related("message", "contact").order_by("-asked_at", "-pk").distinct()


def _wrong(request: ApprovalRequest, now: datetime) -> Answer:
    with transaction.atomic():
        row = ApprovalRequest.objects.select_for_update().get(pk=request.pk)
        row.tries += 1
        if row.tries >= TRIES:
            row.expires_at = now
        row.save(update_fields=["tries", "expires_at"])
    said = problem("ALERT-052", limit=TRIES) if row.tries >= TRIES else problem("ALERT-050")
    return Answer(request.message.identifier, problem=said)


def _account(request: ApprovalRequest) -> Actor | None:
    pk = request.contact.account_id
    account = None if pk is None else Account.objects.filter(pk=pk, is_active=True).first()
    return None if account is None else actor_for(account, via="sms")


def _decided(request: ApprovalRequest, decision: str, actor: Actor, now: datetime) -> Answer:
    identifier = request.message.identifier
    try:
        with transaction.atomic(), audit.at_the_end():
            locked(identifier)
            row = ApprovalRequest.objects.select_for_update().get(pk=request.pk)
            if row.answered_at is not None or row.expires_at <= now:
                raise Refused(problem("ALERT-051"))
            row.answered_at = now
            row.save(update_fields=["answered_at"])
            if decision == "yes":
                approve(identifier=identifier, actor=actor, now=now, by="code")
            else:
                refuse(identifier=identifier, actor=actor, now=now, note=_("Refused by SMS"), by="code")
    except Refused as refused:
        return Answer(identifier, problem=refused.problems[0])
    return Answer(identifier, decision)


def settle_codes(*, now: datetime) -> int:
    """Settle the texts that came in and are answers of approvers. Other texts are left for whoever understands them."""
    done = 0
    for pk in list(Inbound.objects.filter(state=Inbound.State.NEW).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic(), audit.at_the_end():
            row = Inbound.objects.select_for_update().filter(pk=pk, state=Inbound.State.NEW).first()
            if row is None or read(row.text) is None or not _requests(row.sender).exists():
                continue
            answer = answer_code(sender=row.sender, text=row.text, now=now)
            row.state, row.meaning, row.ref = Inbound.State.SETTLED, "code", answer.identifier
            row.problem = answer.problem.code if answer.problem else ""
            row.save(update_fields=["state", "meaning", "ref", "problem"])
            done += 1
    return done


# --- Nobody answered ---------------------------------------------------------------------------------


def _unratified(row: AlertMessage, now: datetime) -> bool:
    """Send the restricted notice, once for each time the message was handed in."""
    if row.alert.messages.filter(unratified=True, created_at__gte=row.submitted_at).exists():
        return False
    notice = _notice(row, now)
    notice.save(force_insert=True)
    publishing.publish(notice, SYSTEM, now, action="unratified")
    row.ratifies = True
    if row.type == AlertMessage.Type.ALERT:
        row.type = AlertMessage.Type.UPDATE
    row.save(update_fields=["ratifies", "type"])
    return True


def _notice(row: AlertMessage, now: datetime) -> AlertMessage:
    """The message as a notice: for a few, for a few hours, and it says what it is in every language."""
    alert, number = row.alert, next_number(row.alert)
    published = alert.messages.filter(state=State.PUBLISHED).exists()
    hours = queries.settings().unratified_hours
    notice = AlertMessage(
        alert=alert, number=number, identifier=f"{alert.code}-{number}", unratified=True,
        type=AlertMessage.Type.UPDATE if published else AlertMessage.Type.ALERT, state=State.SUBMITTED,
        author_id=row.author_id, author_label=row.author_label, created_at=now, submitted_at=now, onset_at=None,
        expires_at=now.replace(microsecond=0) + timedelta(hours=hours),
        **{name: getattr(row, name) for name in COPIED},
    )  # fmt: skip
    notice.scope = "Restricted"
    with translation.override(queries.here().default_language):
        notice.restriction = _("Not approved: only for the services named for notices of this kind")
        notice.note = _("Nobody approved this notice in time. It ends after {hours} hours.").format(hours=hours)
    return notice
