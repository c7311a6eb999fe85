"""Questions about whom we tell, and about what was sent."""

from pasaj.notify.queries.directory import in_order, on_call, recipients, who_now
from pasaj.notify.queries.outbox import Standing, standing

__all__ = ["Standing", "in_order", "on_call", "recipients", "standing", "who_now"]
