"""What people do with alerts. Everything takes the actor and the business clock; nothing sleeps or asks the time."""

from pasaj.respond.services.alerts.approving import approve, refuse, submit
from pasaj.respond.services.alerts.drafting import change, discard, draft, refill
from pasaj.respond.services.alerts.ending import all_clear, cancel, expire, update
from pasaj.respond.services.alerts.nights import answer_code, follow_up, settle_codes
from pasaj.respond.services.alerts.origins import Origin

__all__ = [
    "Origin",
    "all_clear",
    "answer_code",
    "approve",
    "cancel",
    "change",
    "discard",
    "draft",
    "expire",
    "follow_up",
    "refill",
    "refuse",
    "settle_codes",
    "submit",
    "update",
]
