"""Who reads feeds of alerts, and who adds sources of others."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS

ACTIONS.update({"alert.key": N_("Key of the alerts replaced")})
