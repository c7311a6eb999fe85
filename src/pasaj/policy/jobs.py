"""What happens of itself with policies: figures are read, owners reminded."""

from __future__ import annotations

from datetime import datetime

from pasaj.policy.services import reminding
from pasaj.registry import queries as registry


def follow_policies(now: datetime) -> int:
    """Read the figures that are due, then remind. `now` is real time; returns how much was done."""
    home = registry.home()
    if home is None:
        return 0
    at = home.business_now(now)
    return reminding.read_figures(now=at) + reminding.remind(now=at)
