"""Who reads what other services publish, and who adds sources."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import IS_ADMIN, IS_DUTY, define
from pasaj.respond.models import ExternalAlert, Feed
from pasaj.watch.rules import CELL

define(Feed, "view", *CELL)
define(Feed, "manage", IS_DUTY, IS_ADMIN)
define(ExternalAlert, "view", *CELL)

ACTIONS.update(
    {
        "alert.key": N_("Key of the alerts replaced"),
        "feed.added": N_("Source of alerts added"),
        "feed.stopped": N_("Source of alerts stopped"),
        "feed.resumed": N_("Source of alerts asked again"),
    }
)
