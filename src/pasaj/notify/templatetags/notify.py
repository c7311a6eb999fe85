"""Tags of the on-call list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django import template

register = template.Library()


@register.simple_tag
def role_name(roles: Mapping[str, str], code: str) -> str:
    """What the pack calls a role; its code where it has none."""
    return roles.get(code, code)


@register.filter
def until_hour(moment: datetime) -> str:
    """The end of a stretch within a day: midnight is its twenty-fourth hour."""
    return "24:00" if (moment.hour, moment.minute) == (0, 0) else f"{moment:%H:%M}"
