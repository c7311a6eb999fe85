"""Questions about whom we tell."""

from pasaj.notify.queries.directory import in_order, on_call, recipients, who_now

__all__ = ["in_order", "on_call", "recipients", "who_now"]
