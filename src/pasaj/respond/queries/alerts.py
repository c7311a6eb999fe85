"""Questions about alerts: which run, who has approved what, what stands against a message, how it will look."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from pasaj.access.rules import Actor, visible
from pasaj.core import alerts as core
from pasaj.core import cap, sms
from pasaj.core.problems import Problem, problem
from pasaj.core.sms import Length
from pasaj.notify import queries as notify
from pasaj.notify.models import Contact, Delivery
from pasaj.notify.services import composing
from pasaj.registry.models import Area, CrossingPoint, Home, Membership
from pasaj.registry.queries import home as read_home
from pasaj.respond.models import Alert, AlertMessage, Approval, HazardTemplate
from pasaj.respond.queries import alert_texts
from pasaj.respond.queries.alert_texts import Said, in_each, languages, said, settings

__all__ = ["Preview", "board", "content_sha256", "languages", "message", "preview", "running", "settings", "templates",
           "troubles"]  # fmt: skip

APPROVER = "approver"
COUNTED = ("total", "sent", "delivered", "acknowledged", "failed", "withheld")
SEVERITY_ORDER = {"extreme": 0, "severe": 1, "moderate": 2, "minor": 3}


# --- Which ---------------------------------------------------------------------------------------


def templates(actor: Actor) -> QuerySet[HazardTemplate]:
    """The dangers that an alert can be written of."""
    return visible(HazardTemplate.objects.filter(retired_at=None), actor).order_by("code")


def board(actor: Actor, *, state: str = "", hazard: str = "") -> QuerySet[Alert]:
    """Alerts that a person may see, the newest first, with the messages that they may see.

    `state`: one of Alert.State, or "open" for what runs, waits or is being written.
    """
    rows = visible(Alert.objects.all(), actor)
    if state == "open":
        rows = rows.filter(state__in=(Alert.State.DRAFT, Alert.State.SUBMITTED, Alert.State.PUBLISHED))
    elif state:
        rows = rows.filter(state=state)
    if hazard:
        rows = rows.filter(hazard=hazard)
    seen = visible(AlertMessage.objects.all(), actor).order_by("number")
    return rows.prefetch_related(Prefetch("messages", seen), "origins").order_by("-created_at", "-pk")


def running(actor: Actor, now: datetime) -> list[Alert]:
    """Alerts in force at `now` that a person may see, the gravest first."""
    rows = [one for one in board(actor, state=Alert.State.PUBLISHED) if in_force(one.messages.all(), now)]
    return sorted(rows, key=lambda one: (SEVERITY_ORDER[current(one).severity], -one.pk))  # type: ignore[union-attr]


def in_force(messages: Iterable[AlertMessage], now: datetime) -> list[AlertMessage]:
    """The published messages of one alert that have not ended at `now`, in their order."""
    return [one for one in messages if one.state == AlertMessage.State.PUBLISHED and one.expires_at > now]


def current(alert: Alert) -> AlertMessage | None:
    """The message that holds now: the last one published, else the last one at all that was not thrown away."""
    rows = [one for one in alert.messages.all() if one.state != AlertMessage.State.DISCARDED]
    rows.sort(key=lambda one: (one.sent_at is not None, one.sent_at or one.created_at, one.number))
    return rows[-1] if rows else None


def alert(code: str, actor: Actor) -> Alert | None:
    """An alert that a person may see, with its messages."""
    return board(actor).filter(code=code).first()


def message(identifier: str, actor: Actor) -> AlertMessage | None:
    """A message that a person may see."""
    return visible(AlertMessage.objects.select_related("alert"), actor).filter(identifier=identifier).first()


# --- Approval ------------------------------------------------------------------------------------


def content_sha256(one: AlertMessage) -> str:
    """The fingerprint of what is approved: everything that is told, to whom, where and until when."""
    content = {
        "identifier": one.identifier,
        "hazard": one.alert.hazard,
        "mode": one.alert.mode,
        "plan": one.alert.plan,
        "ends": None if one.alert.ends_date is None else one.alert.ends_date.isoformat(),
        "onset": None if one.onset_at is None else one.onset_at.timestamp(),
        "expires": one.expires_at.timestamp(),
        **{name: getattr(one, name) for name in APPROVED},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


APPROVED = ("type", "scope", "restriction", "category", "response_types", "urgency", "severity", "certainty", "texts",
            "areas", "recipients", "web", "contact", "note")  # fmt: skip


def quorum(one: AlertMessage) -> int:
    """How many different persons must approve a message of this severity."""
    return settings().quorum[one.severity]


def approvals(one: AlertMessage) -> QuerySet[Approval]:
    """Who has said yes to this message as it stands and still holds the role of an approver."""
    holders = Membership.objects.filter(role=APPROVER, ended_at=None, account__is_active=True).values("account_id")
    rows = Approval.objects.filter(message=one, decision="yes", content_sha256=content_sha256(one))
    return rows.filter(actor_id__in=holders).order_by("pk")


def may_approve(account_id: int | None) -> bool:
    """Whether this account holds the role of an approver now."""
    rows = Membership.objects.filter(role=APPROVER, ended_at=None, account__is_active=True)
    return account_id is not None and rows.filter(account_id=account_id).exists()


# --- What stands against it ----------------------------------------------------------------------


def troubles(one: AlertMessage) -> list[Problem]:
    """Everything that must be mended before this message can be handed in; its place is the field.

    ALERT-015, 017 to 028, 030 to 034. Whether its end has passed is asked when it is sent.
    """
    wanted, chosen = languages(), settings()
    found = core.check(one.texts, wanted, [area["names"] for area in one.areas])
    if not one.areas:
        found.append(problem("ALERT-017", column="areas"))
    if one.alert.ends_date is None:
        found.append(problem("ALERT-015", column="ends_date", value="…"))
    if not recipients(one).exists():
        found.append(problem("ALERT-019", column="recipients"))
    if one.scope == "Public":
        found += _counts(one, wanted)
    for language in wanted:
        length = sms.measure(_as_sent(one, language, "short"))
        if length.segments > chosen.segments:
            over = length.units - chosen.segments * (153 if length.encoding == "GSM-7" else 67)
            found.append(problem("ALERT-034", column=f"texts.{language}.short", language=language,
                                 found=length.segments, limit=chosen.segments, over=over))  # fmt: skip
    return found


def _counts(one: AlertMessage, wanted: Iterable[str]) -> Iterable[Problem]:
    """Digits of public texts that may be counts of ours, with the words that may stand instead."""
    for language in wanted:
        for field, text in one.texts.get(language, {}).items():
            digits = core.counted(str(text))
            if digits:
                value = float("".join(filter(str.isdigit, digits[0])) or 0)
                words = core.rounded(value).get(language, "…")
                yield problem("ALERT-033", column=f"texts.{language}.{field}", found=", ".join(digits[:5]), words=words)


def recipients(one: AlertMessage) -> QuerySet[Contact]:
    """The contacts that this message is for."""
    wanted: Mapping[str, Any] = one.recipients
    return notify.recipients(
        institutions=wanted.get("institutions", ()),
        roles=wanted.get("roles", ()),
        crossings=sorted({code for area in one.areas for code in area.get("crossings", ())}),
        areas=sorted({code for area in one.areas for code in area.get("codes", ())}),
        severity=one.severity,
    )


def deliveries(codes: Iterable[str]) -> dict[str, dict[str, int]]:
    """What became of the deliveries of alerts, by their code: total, sent, delivered, acknowledged, failed, withheld.

    As `notify.queries.standing` counts them, in one query however many alerts.
    """
    state = Delivery.State
    gone = (state.SENT, state.DELIVERED)
    told = Delivery.objects.filter(message__kind="alert", message__ref__in=list(codes)).exclude(state=state.CANCELLED)
    rows = told.values("message__ref")
    sums = rows.annotate(
        total=Count("pk"),
        sent=Count("pk", filter=Q(state__in=gone)),
        delivered=Count("pk", filter=Q(state=state.DELIVERED)),
        acknowledged=Count("pk", filter=Q(acknowledged_at__isnull=False)),
        failed=Count("pk", filter=Q(state=state.FAILED)),
        withheld=Count("pk", filter=Q(state=state.WITHHELD)),
    ).order_by("message__ref")
    return {row["message__ref"]: {name: row[name] for name in COUNTED} for row in sums}  # type: ignore[literal-required]


# --- How it will look ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """A message in one language: CAP as text to read, SMS with its length, mail (subject, body), and the page."""

    cap: str
    sms: str
    length: Length
    mail: tuple[str, str]
    page: Said
    areas: tuple[str, ...]


def preview(one: AlertMessage, language: str) -> Preview:
    """How a message will look; before it is published, as if it went out when it was handed in or written."""
    texts = said(one, language)
    written = one.xml.encode() if one.xml else cap.build(
        alert_texts.as_cap(one, one.sent_at or one.submitted_at or one.created_at, one.references)
    )  # fmt: skip
    short = _as_sent(one, language, "short")
    plain = said(one, language, mode="actual")
    return Preview(
        cap=_pretty(written),
        sms=short,
        length=sms.measure(short),
        mail=(_as_sent(one, language, "headline"), composing.marked(one.alert.mode, mail_body(one, plain))),
        page=texts,
        areas=tuple(area["names"].get(language, "") for area in one.areas),
    )


def _as_sent(one: AlertMessage, language: str, field: str) -> str:
    """A text as the outbox sends it, which marks exercises itself."""
    with translation.override(language):
        return composing.marked(one.alert.mode, str(getattr(said(one, language, mode="actual"), field)))


def mail_body(one: AlertMessage, texts: Said) -> str:
    """The text of a mail: headline, what to do, what is known, where, until when."""
    found = read_home()
    assert found is not None, "an alert belongs to a home"
    with translation.override(texts.language):
        names = ", ".join(area["names"].get(texts.language, "") for area in one.areas)
        rows = [
            texts.instruction,
            texts.description,
            _("Where: {names}").format(names=names),
            _("Until: {moment}").format(moment=alert_texts.moment(one.expires_at, found)),
            one.web,
            one.contact,
            one.identifier,
        ]
    return "\n\n".join(filter(None, rows))


def _pretty(written: bytes) -> str:
    from lxml import etree  # noqa: PLC0415

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    return str(etree.tostring(etree.fromstring(written, parser), pretty_print=True, encoding="unicode"))


# --- Places --------------------------------------------------------------------------------------


def names_of(place: Area | CrossingPoint) -> dict[str, str]:
    """What a place is called, in each language of the home."""
    if isinstance(place, CrossingPoint):
        return dict.fromkeys(languages(), place.name)
    return in_each(lambda: str(place))


def here() -> Home:
    """The home, which every alert has. Raises RuntimeError before `pasaj init`."""
    found = read_home()
    if found is None:
        raise RuntimeError("There is no home yet.")
    return found
