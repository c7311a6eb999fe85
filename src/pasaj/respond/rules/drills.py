"""Who reads how a drill went. It is played by whoever holds the home, at the command line."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import IS_CHIEF, IS_PARTNER, define
from pasaj.respond.models import Drill, DrillScenario
from pasaj.watch.rules import CELL

# Partners and chiefs have played in it: how long each took stands there by institution, never by person.
define(Drill, "view", *CELL, IS_CHIEF, IS_PARTNER)
define(DrillScenario, "view", *CELL, IS_CHIEF, IS_PARTNER)

ACTIONS.update({"drill.played": N_("Drill played")})
