"""After publication: the next message of an alert, its cancellation, the all clear, and what time itself ends."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from pasaj.access.rules import SYSTEM, Actor
from pasaj.access.services import audit
from pasaj.core import alerts as core
from pasaj.core.problems import Refused, problem
from pasaj.respond.models import Alert, AlertMessage, HazardTemplate
from pasaj.respond.queries.alert_texts import languages, where
from pasaj.respond.services.alerts import publishing
from pasaj.respond.services.alerts.approving import hand_in
from pasaj.respond.services.alerts.drafting import drop_open
from pasaj.respond.services.alerts.rows import State, locked_alert, next_number, open_messages, told
from pasaj.watch.services.observations import local_date
from pasaj.watch.services.screening import naming

COPIED = ("sender", "scope", "restriction", "category", "response_types", "urgency", "severity", "certainty", "texts",
          "areas", "recipients", "web", "contact")  # fmt: skip
LEAST_HOURS = 6
"""How long an all clear or a cancellation stands at least: it must not end before it was read."""
USUAL_HOURS = 24


def update(*, code: str, actor: Actor, now: datetime) -> AlertMessage:
    """Begin the next message of an alert in force: a draft that says what the last one said, its references filled.

    Raises Refused: ALERT-011, 012, 013 (nothing is in force), 014 (a message is being written already).
    """
    with transaction.atomic(), audit.at_the_end():
        alert, last = _standing(code, now)
        waiting = open_messages(alert)
        if waiting:
            raise Refused(problem("ALERT-014", value=alert.code, message=waiting[0].identifier))
        template = HazardTemplate.objects.filter(code=alert.hazard).first()
        row = _next(alert, last, AlertMessage.Type.UPDATE, actor, now)
        row.expires_at = publishing.later(now, template.said.hours if template else USUAL_HOURS)
        row.save(force_insert=True)
        told(alert, "drafted", actor, now, message=row, references=[one[1] for one in row.references])
    return row


def cancel(*, code: str, reason: str, actor: Actor, now: datetime) -> AlertMessage:
    """Take an alert back: it was wrong, or is no longer so. Handed in at once; a second person approves it.

    What is being written of the alert is thrown away. Raises Refused: ALERT-008 (no reason), 011, 012, 013,
    SCREEN-001, and what stands against its texts.
    """
    return _end(code, reason, AlertMessage.Type.CANCEL, actor, now)


def all_clear(*, code: str, reason: str, actor: Actor, now: datetime) -> AlertMessage:
    """Say that the danger is over. Handed in at once; a second person approves it. Raises Refused as `cancel` does."""
    return _end(code, reason, AlertMessage.Type.UPDATE, actor, now)


def _end(code: str, reason: str, kind: str, actor: Actor, now: datetime) -> AlertMessage:
    if not reason.strip():
        raise Refused(problem("ALERT-008", column="reason"))
    if said := naming(reason=reason):
        raise Refused(*said)
    with transaction.atomic(), audit.at_the_end():
        alert, last = _standing(code, now)
        drop_open(alert, reason.strip(), actor, now)
        row = _next(alert, last, kind, actor, now)
        row.note, row.onset_at = reason.strip(), None
        row.expires_at = max(last.expires_at, publishing.later(now, LEAST_HOURS))
        row.urgency, row.texts = "Past", {language: _closing(row, language, kind) for language in languages()}
        if kind == AlertMessage.Type.UPDATE:
            row.response_types, row.severity = ["AllClear"], "minor"
        row.save(force_insert=True)
        told(alert, "drafted", actor, now, message=row, note=row.note, references=[one[1] for one in row.references])
        hand_in(row, actor, now)
    return row


def _closing(row: AlertMessage, language: str, kind: str) -> dict[str, str]:
    """The texts of a cancellation or an all clear, from those of the alert."""
    said = row.texts.get(language, {})
    place = where(row.areas).get(language, "")
    values = {"code": row.alert.code, "event": said.get("event", ""), "place": place}
    with translation.override(language):
        if kind == AlertMessage.Type.CANCEL:
            headline = _("Cancelled: {event}, {place}")
            description = _("The alert {code} ({event}, {place}) is cancelled and holds no longer.")
            short = _("{code}: the alert “{event}”, {place}, is cancelled. Help goes on where people need it.")
        else:
            headline = _("All clear: {event}, {place}")
            description = _("The danger told of in {code} ({event}, {place}) is over.")
            short = _("{code}: “{event}”, {place}: the danger is over. Help goes on where people need it.")
        protection = _("Whoever still needs shelter, water or care gets it where it was given until now.")
        filled = {name: text.format(**values) for name, text in
                  (("headline", headline), ("description", description), ("short", short))}  # fmt: skip
    filled["headline"] = filled["headline"][: core.LIMITS["headline"]]
    return {"event": values["event"], "protection": protection, "instruction": "",
            "audience": said.get("audience", ""), **filled}  # fmt: skip


def _standing(code: str, now: datetime) -> tuple[Alert, AlertMessage]:
    """The alert, held, and its last published message; it must be in force."""
    alert = locked_alert(code)
    last = AlertMessage.objects.filter(alert=alert, state=State.PUBLISHED).order_by("-sent_at", "-number").first()
    if last is None or alert.state != Alert.State.PUBLISHED:
        raise Refused(problem("ALERT-013", value=alert.code))
    last.alert = alert
    return alert, last


def _next(alert: Alert, last: AlertMessage, kind: str, actor: Actor, now: datetime) -> AlertMessage:
    number = next_number(alert)
    return AlertMessage(
        alert=alert,
        number=number,
        identifier=f"{alert.code}-{number}",
        type=kind,
        references=publishing.references(alert, now.replace(microsecond=0)),
        author_id=actor.id,
        author_label=actor.label,
        created_at=now,
        **{name: getattr(last, name) for name in COPIED},
    )


# --- What time ends ------------------------------------------------------------------------------


def expire(*, now: datetime) -> int:
    """Note the alerts whose last message has ended, and remind of measures whose last day is over.

    Call it as often as you like. Returns how many alerts expired.
    """
    rows = Alert.objects.filter(state=Alert.State.PUBLISHED)
    standing = AlertMessage.objects.filter(alert=OuterRef("pk"), state=State.PUBLISHED, expires_at__gt=now)
    ended = rows.exclude(Exists(standing))
    count = sum(_expire(code, now) for code in list(ended.order_by("pk").values_list("code", flat=True)))
    late = rows.filter(ends_date__lt=local_date(now)).exclude(events__action="reminded")
    for code in list(late.order_by("pk").values_list("code", flat=True)):
        with transaction.atomic(), audit.at_the_end():
            alert = locked_alert(code)
            if not alert.events.filter(action="reminded").exists():
                told(alert, "reminded", SYSTEM, now, ends_date=str(alert.ends_date))
    return count


def _expire(code: str, now: datetime) -> bool:
    with transaction.atomic(), audit.at_the_end():
        alert = locked_alert(code)
        rows = AlertMessage.objects.filter(alert=alert, state=State.PUBLISHED)
        if alert.state != Alert.State.PUBLISHED or rows.filter(expires_at__gt=now).exists():
            return False
        # A notice that nobody ratified has lapsed; what waits for approval still waits.
        waits = AlertMessage.objects.filter(alert=alert, state=State.SUBMITTED, ratifies=True).exists()
        alert.state = Alert.State.SUBMITTED if waits else Alert.State.EXPIRED
        alert.save(update_fields=["state"])
        told(alert, "lapsed" if waits else "expired", SYSTEM, now)
    return True
