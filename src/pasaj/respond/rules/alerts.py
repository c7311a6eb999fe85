"""Who drafts, approves and sees alerts.

The cell sees everything. A chief and a partner see what was published to their institution, to their crossing, or
to everybody. Whoever wrote in a message never approves it.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import IS_ANALYST, IS_APPROVER, IS_DUTY, NOTHING, Actor, Condition, define, policy, union
from pasaj.evidence.models import LinkType, NodeKind, link_type, node_kind
from pasaj.respond.models import Alert, AlertEvent, AlertMessage, AlertReach, HazardTemplate
from pasaj.watch.rules import BELONGS, CELL, led_crossings

State = AlertMessage.State
WRITTEN = ("drafted", "changed")
"""What somebody did who has written in a message."""


def _addressed(actor: Actor) -> Q:
    """Of the rows of whom a message reached: those that mean this person."""
    ways = [
        Q(**{f"{field}__in": sorted(ids)})
        for field, ids in (("institution_id", actor.institution_ids), ("crossing_id", led_crossings(actor)))
        if ids
    ]
    return union(ways)


def _reached(actor: Actor) -> Q:
    """Messages that went out and mean this person."""
    rows = _addressed(actor)
    if rows == NOTHING:
        return NOTHING
    return Q(state=State.PUBLISHED) & (
        Q(scope="Public") | Q(Exists(AlertReach.objects.filter(rows, message=OuterRef("pk"))))
    )


def _alerts(actor: Actor) -> Q:
    rows = _reached(actor)
    return NOTHING if rows == NOTHING else Q(Exists(AlertMessage.objects.filter(rows, alert=OuterRef("pk"))))


def _by_another(actor: Actor) -> Q:
    if actor.id is None:
        return NOTHING
    wrote = AlertEvent.objects.filter(message=OuterRef("pk"), actor_id=actor.id, action__in=WRITTEN)
    return ~Q(Exists(wrote))


IS_ADDRESSED = Condition("addressed", N_("It was published to you, your institution or your crossing."), _reached)
HAS_ADDRESSED = Condition("addressed", N_("It was published to you, your institution or your crossing."), _alerts)
BY_ANOTHER = Condition("by-another", N_("Somebody else wrote it."), _by_another)
IS_DRAFT = Condition("draft", N_("It is a draft."), lambda actor: Q(state=State.DRAFT))
IS_SUBMITTED = Condition("submitted", N_("It waits for approval."), lambda actor: Q(state=State.SUBMITTED))
IS_OPEN = Condition("open", N_("It is not published yet."), lambda actor: Q(state__in=(State.DRAFT, State.SUBMITTED)))
IS_RUNNING = Condition("running", N_("The alert is in force."), lambda actor: Q(state=Alert.State.PUBLISHED))

define(HazardTemplate, "view", BELONGS)
define(Alert, "view", *CELL, HAS_ADDRESSED)
define(Alert, "draft", IS_DUTY, IS_ANALYST)
define(Alert, "follow", IS_DUTY & IS_RUNNING, IS_APPROVER & IS_RUNNING)  # update, cancel, all clear
define(AlertMessage, "view", *CELL, IS_ADDRESSED)
define(AlertMessage, "edit", IS_DUTY & IS_DRAFT, IS_ANALYST & IS_DRAFT)
define(AlertMessage, "submit", IS_DUTY & IS_DRAFT, IS_ANALYST & IS_DRAFT)
define(AlertMessage, "discard", IS_DUTY & IS_OPEN, IS_ANALYST & IS_OPEN)
define(AlertMessage, "approve", IS_APPROVER & IS_SUBMITTED & BY_ANOTHER)
define(AlertMessage, "refuse", IS_APPROVER & IS_SUBMITTED)
# Who approved, who was asked, what was said inside the cell.
define(AlertEvent, "view", *CELL)


def _cited(actor: Actor) -> Q:
    rows = policy(Alert, "view", actor)
    return NOTHING if rows == NOTHING else Q(Exists(Alert.objects.filter(rows, code=OuterRef("code"))))


node_kind(NodeKind(
    "alert", N_("alert"), fields=("hazard", "mode", "severity", "urgency", "certainty", "areas", "type"),
    address="respond:alert", seen=_cited, withdrawn_there=True,
))  # fmt: skip
link_type(LinkType("raised-on", N_("was raised on"), frozenset({"alert"}), frozenset({"signal"})))

# What the entries of the log say about this app's rows.
ACTIONS.update(
    {
        "alerts.loaded": N_("Templates of alerts loaded"),
        "alert.drafted": N_("Alert drafted"),
        "alert.changed": N_("Alert changed"),
        "alert.submitted": N_("Alert handed in for approval"),
        "alert.approved": N_("Alert approved"),
        "alert.refused": N_("Alert refused"),
        "alert.asked": N_("Approver asked by telephone"),
        "alert.published": N_("Alert published"),
        "alert.unratified": N_("Alert sent out before anybody approved it"),
        "alert.expired": N_("Alert expired"),
        "alert.lapsed": N_("Notice that nobody approved expired"),
        "alert.discarded": N_("Draft of an alert thrown away"),
        "alert.reminded": N_("End of a measure reached"),
    }
)
