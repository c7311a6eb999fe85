"""Who may see, draft, approve and carry out what, a file a part."""

from pasaj.respond.rules import alerts, drills, duty, feeds, plans, sitreps

__all__ = ["alerts", "drills", "duty", "feeds", "plans", "sitreps"]
