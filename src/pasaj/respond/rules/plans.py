"""Who may see plans, activate one, decide in an activation, and do its tasks.

A plan is open to everybody who belongs to an institution: whoever must act may read what is asked of him. An
activation is seen by the cell and by the institutions that have a task in it or were asked for something; they see
their own tasks and requests, not those of others.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import (
    IS_ADMIN,
    IS_ANALYST,
    IS_APPROVER,
    IS_DPO,
    IS_DRAFTER,
    IS_DUTY,
    IS_LEAD,
    Actor,
    Condition,
    define,
    one_of,
)
from pasaj.evidence.models import LinkType, NodeKind, link_type, node_kind
from pasaj.registry.rules import IS_MEMBER
from pasaj.respond.models import Activation, Decision, Lesson, Plan, ResourceRequest, Task

CELL = (IS_DUTY, IS_APPROVER, IS_ANALYST, IS_LEAD, IS_DRAFTER, IS_DPO, IS_ADMIN)
State = Activation.State


def _has_part(actor: Actor) -> Q:
    """Activations in which an institution of the actor has a task, or asks or is asked for something."""
    own = actor.institution_ids
    tasks = Task.objects.filter(activation=OuterRef("pk"), institution__in=own)
    asked = ResourceRequest.objects.filter(Q(asking__in=own) | Q(asked__in=own), activation=OuterRef("pk"))
    return Q(Exists(tasks)) | Q(Exists(asked))


HAS_PART = Condition("has-part", N_("Your institution has a task in it."), _has_part)
IS_OWN_TASK = Condition(
    "own-task", N_("It is a task of your institution."), lambda actor: one_of("institution_id", actor.institution_ids)
)
IS_OWN_REQUEST = Condition(
    "own-request",
    N_("Your institution asks or is asked."),
    lambda actor: one_of("asking_id", actor.institution_ids) | one_of("asked_id", actor.institution_ids),
)
IS_ACTIVE = Condition("active", N_("It is active."), lambda actor: Q(state=State.ACTIVE))
IS_STOOD_DOWN = Condition("stood-down", N_("It is stood down."), lambda actor: Q(state=State.STOOD_DOWN))

define(Plan, "view", IS_MEMBER)
define(Plan, "activate", IS_DUTY, IS_APPROVER)
define(Activation, "view", *CELL, HAS_PART)
define(Activation, "run", IS_DUTY & IS_ACTIVE, IS_APPROVER & IS_ACTIVE)  # level, end, decisions, stand-down
define(Activation, "request", IS_DUTY & IS_ACTIVE, IS_APPROVER & IS_ACTIVE, HAS_PART & IS_ACTIVE)
define(Activation, "review", IS_DUTY & IS_STOOD_DOWN, IS_APPROVER & IS_STOOD_DOWN, IS_LEAD & IS_STOOD_DOWN)
define(Task, "view", *CELL, IS_OWN_TASK)
define(Task, "act", IS_DUTY, IS_OWN_TASK)
define(Task, "move", IS_DUTY, IS_APPROVER)  # to another institution, or away
define(ResourceRequest, "view", *CELL, IS_OWN_REQUEST)
define(ResourceRequest, "act", IS_DUTY, IS_OWN_REQUEST)
define(Decision, "view", *CELL)
define(Lesson, "view", *CELL)

node_kind(NodeKind("activation", N_("activation"), fields=("plan", "level", "alert"), address="respond:activation"))
link_type(LinkType("activated-for", N_("was activated for"), frozenset({"activation"}), frozenset({"alert"})))
link_type(LinkType("learnt-from", N_("was learnt from"), frozenset({"finding"}), frozenset({"activation"})))

# What the entries of the log say about this part's rows.
ACTIONS.update(
    {
        "plan.loaded": N_("Contingency plans of the pack stored"),
        "activation.started": N_("Contingency plan activated"),
        "activation.level": N_("Level of an activation changed"),
        "activation.decided": N_("Decision of an activation written down"),
        "activation.prolonged": N_("Activation prolonged"),
        "activation.stood_down": N_("Activation stood down"),
        "activation.past": N_("Activation past its end"),
        "activation.closed": N_("Activation closed"),
        "activation.reviewed": N_("Review of an activation written"),
        "task.opened": N_("Tasks opened"),
        "task.acknowledged": N_("Task acknowledged"),
        "task.done": N_("Task done"),
        "task.blocked": N_("Task blocked"),
        "task.unblocked": N_("Task no longer blocked"),
        "task.reassigned": N_("Task given to another institution"),
        "task.dropped": N_("Task dropped"),
        "task.noted": N_("Note added to a task"),
        "task.reopened": N_("Task opened again"),
        "task.escalated": N_("Overdue task told of"),
        "request.asked": N_("Resources asked for"),
        "request.promised": N_("Resources promised"),
        "request.refused": N_("Resources refused"),
        "request.delivered": N_("Resources delivered"),
        "request.withdrawn": N_("Request for resources withdrawn"),
        "lesson.written": N_("Lesson of an activation written"),
        "lesson.removed": N_("Lesson of an activation removed"),
        "lesson.adopted": N_("Lesson made a finding"),
    }
)
