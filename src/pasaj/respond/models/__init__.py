"""What is told, decided and done in the hours after something happened."""

from pasaj.respond.models.alerts import (
    Alert,
    AlertEvent,
    AlertMessage,
    AlertOrigin,
    AlertReach,
    AlertSettings,
    Approval,
    ApprovalRequest,
    HazardTemplate,
)
from pasaj.respond.models.drills import Drill, DrillScenario
from pasaj.respond.models.duty import Event, EventStep, Handover, LogEntry, Presence
from pasaj.respond.models.external import ExternalAlert, Feed
from pasaj.respond.models.plans import (
    Activation,
    Decision,
    Lesson,
    Plan,
    RequestEvent,
    ResourceRequest,
    Task,
    TaskEvent,
)
from pasaj.respond.models.sitreps import Sitrep, SitrepEvent

__all__ = [
    "Activation",
    "Alert",
    "AlertEvent",
    "AlertMessage",
    "AlertOrigin",
    "AlertReach",
    "AlertSettings",
    "Approval",
    "ApprovalRequest",
    "Decision",
    "Drill",
    "DrillScenario",
    "Event",
    "EventStep",
    "ExternalAlert",
    "Feed",
    "Handover",
    "HazardTemplate",
    "Lesson",
    "LogEntry",
    "Plan",
    "Presence",
    "RequestEvent",
    "ResourceRequest",
    "Sitrep",
    "SitrepEvent",
    "Task",
    "TaskEvent",
]
