"""Writing an alert: from what was found, or by hand from a template; changing it; throwing it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.core import alerts as core
from pasaj.core.problems import Refused, problem
from pasaj.notify.models import Mode
from pasaj.registry.services import next_code
from pasaj.respond.models import Alert, AlertMessage, AlertOrigin, HazardTemplate
from pasaj.respond.queries.alerts import here, settings
from pasaj.respond.services.alerts import places
from pasaj.respond.services.alerts.fields import apply
from pasaj.respond.services.alerts.origins import Known, Origin, gathered, words
from pasaj.respond.services.alerts.rows import State, locked, locked_alert, must, open_messages, told
from pasaj.watch.services.observations import local_date
from pasaj.watch.services.screening import naming

PREFIX = "AL"
SCOPES = {"services": "Restricted", "public": "Public"}


def draft(
    *,
    hazard: str,
    origins: Sequence[Origin] = (),
    mode: str = "actual",
    audience: str = "services",
    actor: Actor,
    now: datetime,
    **given: Any,
) -> AlertMessage:
    """Write the first message of an alert from the template of a hazard, filled from what it rests on.

    `origins`: verified signals, incidents, events, alerts of others; none: by hand. `audience`: services or public,
    whichever texts the template has. `given`: fields as `change` takes them, laid over the template's. Raises
    Refused: ALERT-002 (no such hazard), 003, 004 (not verified), 009 (unknown mode), and what `change` refuses.
    """
    template = _template(hazard)
    if mode not in Mode.values:
        raise Refused(
            problem("ALERT-009", column="mode", value=mode[:20], field="mode", allowed=", ".join(Mode.values))
        )
    with transaction.atomic(), audit.at_the_end():
        known = gathered(origins)
        code = next_code(PREFIX, now)
        alert = Alert(code=code, hazard=hazard, mode=mode, created_at=now, recorded_at=timezone.now())
        alert.plan = template.plan
        alert.ends_date = local_date(now) + timedelta(days=template.days)
        alert.author_id, alert.author_label = actor.id, actor.label
        areas = places.kept(given.pop("areas")) if given.get("areas") else places.of_places(known.places)
        row = _first(alert, template, audience, areas, actor, now)
        row.texts = _filled(template, audience, areas, known, now)
        apply(row, given, now)
        alert.save(force_insert=True)
        row.alert = alert
        row.save(force_insert=True)
        AlertOrigin.objects.bulk_create(
            [AlertOrigin(alert=alert, kind=one.kind, code=one.code) for one in dict.fromkeys(origins)]
        )
        told(alert, "drafted", actor, now, message=row, hazard=hazard, origins=[one.code for one in origins])
    return row


def _template(hazard: str) -> core.Template:
    row = HazardTemplate.objects.filter(code=hazard, retired_at=None).first()
    if row is None:
        every = HazardTemplate.objects.filter(retired_at=None).order_by("code").values_list("code", flat=True)
        raise Refused(problem("ALERT-002", column="hazard", value=hazard[:40], allowed=", ".join(every) or "–"))
    return row.said


def _first(
    alert: Alert, template: core.Template, audience: str, areas: list[places.Kept], actor: Actor, now: datetime
) -> AlertMessage:
    chosen, home = settings(), here()
    scope = SCOPES[_audience(template, audience)]
    with translation.override(home.default_language):
        restriction = _("For the services it is addressed to") if scope == "Restricted" else ""
    return AlertMessage(
        alert=alert,
        number=1,
        identifier=f"{alert.code}-1",
        sender=chosen.sender or f"{home.code}@pasaj.invalid",
        type=AlertMessage.Type.ALERT,
        scope=scope,
        restriction=restriction,
        category=list(template.category),
        response_types=list(template.response_types),
        urgency=template.urgency,
        severity=template.severity,
        certainty=template.certainty,
        areas=areas,
        recipients={
            "institutions": list(template.institutions or chosen.institutions),
            "roles": list(template.roles or chosen.roles),
        },
        web=chosen.web,
        contact=chosen.contact,
        expires_at=(now + timedelta(hours=template.hours)).replace(second=0, microsecond=0),
        author_id=actor.id,
        author_label=actor.label,
        created_at=now,
    )


def _audience(template: core.Template, audience: str) -> str:
    """The audience whose texts the template has: the one asked for, else the first."""
    if audience not in core.AUDIENCES:
        raise Refused(problem("ALERT-009", column="audience", value=audience[:20], field="audience",
                              allowed=", ".join(core.AUDIENCES)))  # fmt: skip
    return audience if audience in template.texts else next(iter(template.texts))


def _filled(
    template: core.Template, audience: str, areas: list[places.Kept], known: Known, now: datetime
) -> dict[str, dict[str, str]]:
    chosen = _audience(template, audience)
    texts, public = template.texts[chosen], SCOPES[chosen] == "Public"
    return {
        language: {field: core.fill(text, values) for field, text in texts.get(language, {}).items()}
        for language, values in words(areas, known, now, public=public)
    }


def change(*, identifier: str, given: Mapping[str, Any], actor: Actor, now: datetime) -> AlertMessage:
    """Change a draft. `given`: any of texts ({language: {field: text}}), areas, recipients, scope, restriction,
    category, response_types, urgency, severity, certainty, web, contact, onset_at, expires_at, note, plan, ends_date.

    Raises Refused with every problem, its column the field: ALERT-001 (no draft), 009, 010, 012, 015, 016, 018, 026,
    030 to 032, 035, 040 to 043, SCREEN-001. What is still missing is told by `queries.alerts.troubles`.
    """
    with transaction.atomic(), audit.at_the_end():
        row = locked(identifier)
        must(row, "changed")
        before = {name: getattr(row, name) for name in ("severity", "scope", "texts", "areas", "recipients")}
        apply(row, given, now)
        row.alert.save(update_fields=["plan", "ends_date"])
        row.save()
        changed = sorted(name for name, value in before.items() if getattr(row, name) != value)
        told(row.alert, "changed", actor, now, message=row, fields=sorted(given), changed=changed)
    return row


def refill(*, identifier: str, audience: str, actor: Actor, now: datetime) -> AlertMessage:
    """Take the texts and the scope of a draft from its template again, for services or for the public.

    Raises Refused: ALERT-001, 002, 009, 012, and what has become of its origins (003, 004).
    """
    with transaction.atomic(), audit.at_the_end():
        row = locked(identifier)
        must(row, "changed")
        template = _template(row.alert.hazard)
        known = gathered([Origin(one.kind, one.code) for one in row.alert.origins.order_by("pk")])
        row.texts = _filled(template, audience, row.areas, known, now)
        fresh = _first(row.alert, template, audience, row.areas, actor, now)
        row.scope, row.restriction = fresh.scope, fresh.restriction
        row.save(update_fields=["texts", "scope", "restriction"])
        told(row.alert, "changed", actor, now, message=row, fields=["texts", "scope"], audience=audience)
    return row


def discard(*, code: str, actor: Actor, now: datetime, reason: str) -> Alert:
    """Throw away what is written of an alert and not published; `code` is the alert's or the message's.

    Raises Refused: ALERT-008 (no reason), ALERT-012, ALERT-013 (nothing to throw away), SCREEN-001.
    """
    if not reason.strip():
        raise Refused(problem("ALERT-008", column="reason"))
    if said := naming(reason=reason):
        raise Refused(*said)
    with transaction.atomic(), audit.at_the_end():
        alert = locked_alert(code)
        if not drop_open(alert, reason.strip(), actor, now):
            raise Refused(problem("ALERT-013", value=alert.code))
        if alert.state in {Alert.State.DRAFT, Alert.State.SUBMITTED}:
            alert.state = Alert.State.DISCARDED
            alert.save(update_fields=["state"])
    return alert


def drop_open(alert: Alert, reason: str, actor: Actor, now: datetime) -> int:
    """Throw away the drafts of an alert that is held. Returns how many there were."""
    rows = open_messages(alert)
    for row in rows:
        row.state = State.DISCARDED
        row.save(update_fields=["state"])
        row.requests.filter(answered_at=None, expires_at__gt=now).update(expires_at=now)
        told(alert, "discarded", actor, now, message=row, note=reason)
    return len(rows)
