"""Who may see which figures, report, import and triage.

The cell sees everything; a chief his own crossing; a partner what is published already and what
his own institution reported. Published means: loaded from the pack, with the place it was printed.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import (
    EVERYTHING,
    IS_ADMIN,
    IS_ANALYST,
    IS_APPROVER,
    IS_CHIEF,
    IS_DPO,
    IS_DRAFTER,
    IS_DUTY,
    IS_LEAD,
    NOTHING,
    Actor,
    Condition,
    define,
    one_of,
    policy,
)
from pasaj.evidence.models import LinkType, NodeKind, link_type, node_kind
from pasaj.registry.models import CrossingPoint, Post
from pasaj.watch.models import (
    Answer,
    Backtest,
    Cluster,
    CrossingStatus,
    DetectionRun,
    Episode,
    Import,
    Incident,
    IncidentType,
    Level,
    Measure,
    Observation,
    Series,
    Signal,
    SilenceCall,
    Source,
    Threshold,
    Work,
)

CELL = (IS_DUTY, IS_APPROVER, IS_ANALYST, IS_LEAD, IS_DRAFTER, IS_DPO, IS_ADMIN)


def led_crossings(actor: Actor) -> frozenset[int]:
    """The crossings whose post the actor leads."""
    return frozenset(
        grant.crossing_id for grant in actor.grants if grant.role == "chief" and grant.crossing_id is not None
    )


def own_institutions(actor: Actor, *roles: str) -> frozenset[int]:
    """The institutions in which the actor holds one of `roles`."""
    return frozenset(
        grant.institution_id for grant in actor.grants if grant.role in roles and grant.institution_id is not None
    )


def requester(work: Work) -> Actor:
    """Who asked for a piece of work: its entries are theirs, whoever's worker writes them."""
    return Actor(id=work.requested_by_id, label=work.requested_by, via="job")


def _leads(field: str) -> Condition:
    return Condition(
        "own-crossing",
        N_("You lead the post of this crossing."),
        lambda actor: one_of(field, led_crossings(actor)),
    )


def _own_source(field: str) -> Condition:
    return Condition(
        "own-institution",
        N_("Your institution reported it."),
        lambda actor: one_of(field, own_institutions(actor, "partner")),
    )


def _published(rows: Q) -> Condition:
    return Condition(
        "published",
        N_("It is published already, and you belong to an institution."),
        lambda actor: rows if actor.grants else NOTHING,
    )


BELONGS = Condition(
    "member",
    N_("You belong to an institution."),
    lambda actor: EVERYTHING if actor.grants else NOTHING,
)
IS_OWN_IMPORT = Condition(
    "own-import",
    N_("You imported the file yourself."),
    lambda actor: NOTHING if actor.id is None else Q(requested_by_id=actor.id),
)
IS_PRINTED = Q(origin="pack") & ~Q(citation="")

define(Observation, "view", *CELL, _leads("series__crossing"), _own_source("series__source__institution"),
       _published(IS_PRINTED))  # fmt: skip
define(
    Series,
    "view",
    *CELL,
    _leads("crossing"),
    _own_source("source__institution"),
    _published(Q(Exists(Observation.objects.visible().filter(IS_PRINTED, series=OuterRef("pk"))))),
)
# Which crossings somebody may report for; whose figures (sources) is a question of queries.figures.
define(CrossingPoint, "report", IS_DUTY, _leads("pk"))
# Whose silence somebody may see.
define(Post, "follow", *CELL, _leads("crossing"), _own_source("institution"))
define(Observation, "correct", IS_DUTY, _leads("series__crossing"))

IS_OWN_RECORD = Condition(
    "own-record",
    N_("You recorded it yourself."),
    lambda actor: NOTHING if actor.id is None else Q(actor_id=actor.id),
)
define(Incident, "view", *CELL, _leads("crossing"), IS_CHIEF & IS_OWN_RECORD, _own_source("detecting"))
define(Incident, "record", IS_DUTY, IS_CHIEF)
define(Incident, "correct", IS_DUTY)
# Free text stays inside the cell.
define(Incident, "note", *CELL)
define(IncidentType, "view", BELONGS)
define(CrossingStatus, "view", *CELL, _leads("crossing"), _published(Q(origin="pack") & ~Q(source="")))
define(CrossingStatus, "note", *CELL)
define(CrossingStatus, "withdraw", IS_DUTY)
define(SilenceCall, "view", *CELL, _leads("post__crossing"), _own_source("post__institution"))
define(SilenceCall, "note", *CELL)
define(Post, "call", IS_DUTY)

define(Measure, "view", BELONGS)
define(Threshold, "view", BELONGS)
define(Source, "view", *CELL, Condition(
    "post-chief",
    N_("You are the chief of a post."),
    lambda actor: EVERYTHING if actor.has("chief") else NOTHING,
), _own_source("institution"), _published(Q(kind="published")))  # fmt: skip

define(Import, "view", IS_DUTY, IS_ANALYST, IS_ADMIN)
define(Import, "open", IS_DUTY, IS_ANALYST, IS_ADMIN)
define(Import, "cancel", IS_DUTY, IS_ANALYST, IS_ADMIN)
define(Import, "refused", IS_DUTY & IS_OWN_IMPORT, IS_ANALYST & IS_OWN_IMPORT, IS_ADMIN & IS_OWN_IMPORT)

define(Signal, "view", *CELL, _leads("crossing"))
define(Episode, "view", *CELL, _leads("series__crossing"))
# It tells of other places too, so a chief, who sees one, sees none of it.
define(Cluster, "view", *CELL)
# What was usual, reckoned from every figure of the series, published or not.
define(Answer, "view", *CELL, _leads("series__crossing"), _own_source("series__source__institution"))
define(Level, "view", *CELL, _leads("series__crossing"), _own_source("series__source__institution"))
define(Signal, "triage", IS_DUTY, IS_APPROVER)
define(DetectionRun, "view", *CELL)
define(DetectionRun, "open", IS_DUTY, IS_ANALYST, IS_ADMIN)
define(DetectionRun, "cancel", IS_DUTY, IS_ANALYST, IS_ADMIN)
define(Backtest, "view", *CELL)
define(Backtest, "open", IS_DUTY, IS_ANALYST, IS_ADMIN)
define(Backtest, "cancel", IS_DUTY, IS_ANALYST, IS_ADMIN)


def _cited_signals(actor: Actor) -> Q:
    rows = policy(Signal, "view", actor)
    return NOTHING if rows == NOTHING else Q(Exists(Signal.objects.filter(rows, code=OuterRef("code"))))


# A verified signal can be cited. In the chain of evidence it is seen by whoever sees the signal itself.
node_kind(
    NodeKind(
        "signal",
        N_("signal"),
        fields=("kind", "method", "place", "measure", "direction", "period_start", "period_end"),
        address="watch:signal",
        seen=_cited_signals,
    )
)
link_type(LinkType("found-in", N_("was found in"), frozenset({"signal"}), frozenset({"figure"})))

# What the entries of the log say about this app's rows.
ACTIONS.update(
    {
        "inbound.refused": N_("Text by SMS refused"),
        "inbound.read": N_("Text by SMS read by a person"),
        "observation.reported": N_("Count reported"),
        "observation.corrected": N_("Count corrected"),
        "observation.withdrawn": N_("Count taken back"),
        "observation.note-removed": N_("Note removed with the answers it came from"),
        "import.opened": N_("File handed in"),
        "import.tried": N_("File tried"),
        "import.applied": N_("File imported"),
        "import.stop-asked": N_("Stop of an import asked for"),
        "import.cancelled": N_("Import stopped"),
        "import.failed": N_("Import failed"),
        "pack.load-figures": N_("Measures and figures of the pack loaded"),
        "detection.opened": N_("Detection asked for"),
        "detection.cancelled": N_("Detection stopped"),
        "detection.failed": N_("Detection failed"),
        "backtest.opened": N_("Backtest asked for"),
        "backtest.cancelled": N_("Backtest stopped"),
        "backtest.failed": N_("Backtest failed"),
        "signal.raised": N_("Signal raised from outside the counts"),
        "signal.acknowledged": N_("Signal acknowledged"),
        "signal.verified": N_("Signal verified"),
        "signal.discarded": N_("Signal discarded"),
        "signal.reopened": N_("Signal opened again"),
        "signal.noted": N_("Note on a signal"),
        "incident.recorded": N_("Incident recorded"),
        "incident.corrected": N_("Incident corrected"),
        "incident.withdrawn": N_("Incident taken back"),
        "status.reported": N_("Status of a crossing reported"),
        "status.corrected": N_("Status of a crossing corrected"),
        "status.withdrawn": N_("Status of a crossing taken back"),
        "silence.called": N_("Silent post called"),
    }
)
