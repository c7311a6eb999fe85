"""What happens at the moment a message is approved: sent, signed, kept, addressed and handed to the outbox."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings as site
from django.utils import timezone, translation

from pasaj.access.rules import Actor
from pasaj.core import cap
from pasaj.core.problems import Refused, problem
from pasaj.notify.models import Contact, Message
from pasaj.notify.services import outbox
from pasaj.registry.models import CrossingPoint
from pasaj.respond.models import Alert, AlertMessage, AlertReach
from pasaj.respond.queries import alert_texts
from pasaj.respond.queries import alerts as queries
from pasaj.respond.services import signing
from pasaj.respond.services.alerts import citing
from pasaj.respond.services.alerts.rows import State, told
from pasaj.share.models import Audience
from pasaj.share.services import Parcel, Row, release

FOLDER = "alerts"
PUBLIC = "Public"
SENT = re.compile(r"<sent>([^<]+)</sent>")


def publish(row: AlertMessage, actor: Actor, now: datetime, *, action: str = "published") -> None:
    """Send a message that is held and approved (or, unratified, one that nobody answered).

    In the transaction of the caller. Raises Refused: ALERT-010 (its end has passed), 011 (the clock stands before
    what it refers to), 013 (nothing to update or cancel), 019 (nobody would get it), SHARE-005 (numbers in public).
    """
    sent = now.replace(microsecond=0)
    row.references = references(row.alert, sent)
    _in_time(row, sent)
    contacts = list(queries.recipients(row)) if not row.unratified else list(restricted_reach(row))
    if not contacts:
        raise Refused(problem("ALERT-019", column="recipients"))
    if row.scope == PUBLIC:
        _through_the_gate(row, actor, now)
    signed = signing.sign(cap.build(alert_texts.as_cap(row, sent, row.references)))
    row.state, row.sent_at, row.published_real_at = State.PUBLISHED, sent, timezone.now()
    row.xml, row.sha256 = signed.decode(), hashlib.sha256(signed).hexdigest()
    row.save()
    row.requests.filter(answered_at=None, expires_at__gt=now).update(expires_at=now)
    _reach(row, contacts)
    _stand(row)
    message = _hand_out(row, contacts, signed, actor, now)
    told(row.alert, action, actor, now, message=row, sha256=row.sha256, severity=row.severity, type=row.type,
         sent_as=message.code)  # fmt: skip
    citing.cite(row, actor, now)


def references(alert: Alert, sent: datetime) -> list[list[str]]:
    """What a message sent now refers to: every message of its alert in force; none in force: the last one.

    Each `sent` is as that message wrote it, to the letter. Only what is published already can be referred to, so
    references never run in a circle. Raises Refused: ALERT-011.
    """
    rows = list(AlertMessage.objects.filter(alert=alert, state=State.PUBLISHED).order_by("sent_at", "number"))
    for one in rows:
        if one.sent_at is not None and one.sent_at > sent:
            raise Refused(problem("ALERT-011", now=f"{sent:%Y-%m-%d %H:%M}", sent=f"{one.sent_at:%Y-%m-%d %H:%M}"))
    standing = [one for one in rows if one.expires_at > sent and one.type != AlertMessage.Type.CANCEL] or rows[-1:]
    return [[one.sender, one.identifier, _sent_as_written(one)] for one in standing]


def _sent_as_written(row: AlertMessage) -> str:
    """The `sent` of a published message, to the letter: its signature covers it, a reference repeats it."""
    match = SENT.search(row.xml)
    assert match is not None, f"{row.identifier} was published without saying when"
    return match[1]


def _in_time(row: AlertMessage, sent: datetime) -> None:
    if row.type != AlertMessage.Type.ALERT and not row.references:
        raise Refused(problem("ALERT-013", value=row.alert.code))
    if row.expires_at <= sent or (row.onset_at and row.expires_at <= row.onset_at):
        raise Refused(problem("ALERT-010", column="expires_at", value=f"{row.expires_at:%Y-%m-%d %H:%M}",
                              start=f"{sent:%Y-%m-%d %H:%M}"))  # fmt: skip


def restricted_reach(row: AlertMessage) -> list[Contact]:
    """Who gets a notice that nobody approved: only those whom the country named for it."""
    from pasaj.notify import queries as notify  # noqa: PLC0415

    chosen = queries.settings()
    wanted = (chosen.unratified_institutions, chosen.unratified_roles)
    if not any(wanted):
        return list(queries.recipients(row))
    return list(notify.recipients(institutions=wanted[0], roles=wanted[1], severity=row.severity))


def _through_the_gate(row: AlertMessage, actor: Actor, now: datetime) -> None:
    """A text for everybody leaves as every other one does: checked for numbers of ours, and on record."""
    fields = ("event", "headline", "description", "protection", "instruction", "short", "audience")
    rows = [
        Row(values=[str(row.texts.get(language, {}).get(field, ""))])
        for language in queries.languages()
        for field in fields
    ]
    parcel = Parcel(kind="text", title=row.identifier, form="text", rows=rows, counts=False,
                    question={"alert": row.identifier})  # fmt: skip
    release(parcel=parcel, audience=Audience.CLEAR, actor=actor, now=now).file.close()


def _reach(row: AlertMessage, contacts: list[Contact]) -> None:
    """Write down whose message it is: the institutions told, and the posts of the places it speaks of."""
    institutions = {one.institution_id for one in contacts}
    crossings = {code for area in row.areas for code in area.get("crossings", ())}
    codes = {code for area in row.areas for code in area.get("codes", ())}
    posts = CrossingPoint.objects.filter(code__in=crossings) | CrossingPoint.objects.filter(area__code__in=codes)
    AlertReach.objects.bulk_create(
        [AlertReach(message=row, institution_id=one) for one in sorted(institutions)]
        + [AlertReach(message=row, crossing_id=one) for one in sorted(set(posts.values_list("pk", flat=True)))]
    )


def _stand(row: AlertMessage) -> None:
    """Where the alert stands after this message."""
    alert = row.alert
    alert.state = Alert.State.PUBLISHED
    if row.type == AlertMessage.Type.CANCEL:
        alert.state = Alert.State.CANCELLED
    elif row.response_types == ["AllClear"]:
        alert.state = Alert.State.ENDED
    alert.save(update_fields=["state"])


def _hand_out(row: AlertMessage, contacts: list[Contact], signed: bytes, actor: Actor, now: datetime) -> Message:
    name = f"{FOLDER}/{row.identifier}-{row.sha256[:12]}.xml"
    path = Path(site.PASAJ_HOME) / "files" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(signed)
    minutes = queries.settings().acknowledge[row.severity]
    over = row.alert.state in {Alert.State.CANCELLED, Alert.State.ENDED}
    draft = outbox.Draft(
        kind="alert",
        ref=row.alert.code,
        texts={language: _text(row, language) for language in queries.languages()},
        mode=row.alert.mode,
        severity=row.severity,
        urgent=row.severity in {"severe", "extreme"} or row.urgency == "Immediate",
        acknowledge_minutes=None if over else minutes,
        attachments=(outbox.Attachment("alert.xml", "application/cap+xml", name),),
    )
    return outbox.put(draft=draft, contacts=contacts, actor=actor, now=now)


def _text(row: AlertMessage, language: str) -> outbox.Text:
    texts = alert_texts.said(row, language, mode="actual")
    with translation.override(language):
        return outbox.Text(subject=texts.headline, body=queries.mail_body(row, texts), short=texts.short)


def later(now: datetime, hours: int) -> datetime:
    """So many hours from now, to the minute."""
    return (now + timedelta(hours=hours)).replace(second=0, microsecond=0)
