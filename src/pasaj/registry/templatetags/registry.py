"""Words of a pack as people read them: kinds, levels and calendar rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.conf import settings
from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pasaj.access.queries import Said, say
from pasaj.access.rules import ROLES
from pasaj.core.problems import Problem
from pasaj.registry.models import localised

register = template.Library()

WORDS: dict[str, Any] = {
    # Files of a pack
    "areas": gettext_lazy("Areas"),
    "crossings": gettext_lazy("Crossing points"),
    "institutions": gettext_lazy("Institutions"),
    "instruments": gettext_lazy("Laws, agreements and projects"),
    "functions": gettext_lazy("Functions"),
    "mandates": gettext_lazy("Mandates"),
    "exchange_layers": gettext_lazy("What services tell each other"),
    "exchange_needs": gettext_lazy("Who should tell whom what"),
    "protocols": gettext_lazy("Return protocols"),
    "timeline": gettext_lazy("Timeline"),
    "calendar": gettext_lazy("Holidays and market days"),
    "posts": gettext_lazy("Services that report"),
    # Levels of areas
    "0": gettext_lazy("Country"),
    "1": gettext_lazy("First level"),
    "2": gettext_lazy("Second level"),
    "zone": gettext_lazy("Departure zone at sea"),
    # Crossing points
    "land": gettext_lazy("Land"),
    "air": gettext_lazy("Air"),
    "sea": gettext_lazy("Sea"),
    "yes": gettext_lazy("Official"),
    "no": gettext_lazy("Unofficial"),
    "verify": gettext_lazy("Official or not: to verify"),
    "open": gettext_lazy("Open"),
    "partly": gettext_lazy("Partly open"),
    "closed": gettext_lazy("Closed"),
    "no_control": gettext_lazy("Not under state control"),
    "own": gettext_lazy("Our side"),
    "other": gettext_lazy("The other side"),
    "unknown": gettext_lazy("Not known"),
    # Institutions
    "ministry": gettext_lazy("Ministry"),
    "border agency": gettext_lazy("Border agency"),
    "police": gettext_lazy("Police"),
    "migration": gettext_lazy("Migration"),
    "protection": gettext_lazy("Protection"),
    "coordination": gettext_lazy("Coordination"),
    "identity": gettext_lazy("Identity"),
    "oversight": gettext_lazy("Oversight"),
    "data": gettext_lazy("Statistics"),
    "support": gettext_lazy("Support"),
    "civil society": gettext_lazy("Civil society"),
    "local": gettext_lazy("Local authority"),
    "foreign": gettext_lazy("Foreign authority"),
    # Instruments
    "law": gettext_lazy("Law"),
    "decree": gettext_lazy("Decree"),
    "policy": gettext_lazy("Policy"),
    "strategy": gettext_lazy("Strategy"),
    "assessment": gettext_lazy("Assessment"),
    "bilateral": gettext_lazy("Bilateral agreement"),
    "system": gettext_lazy("System"),
    "foreign law": gettext_lazy("Foreign law"),
    "foreign decree": gettext_lazy("Foreign decree"),
    # Roles in a function
    "lead": gettext_lazy("Lead"),
    "consulted": gettext_lazy("Consulted"),
    "informed": gettext_lazy("Informed"),
    # Events
    "agreement": gettext_lazy("Agreement"),
    "closure": gettext_lazy("Closure"),
    "reopening": gettext_lazy("Reopening"),
    "conflict": gettext_lazy("Conflict"),
    "disaster": gettext_lazy("Disaster"),
    "displacement": gettext_lazy("Displacement"),
    "flow_shock": gettext_lazy("Sudden change of movements"),
    "institution": gettext_lazy("Institution"),
    "mass_return": gettext_lazy("Mass returns"),
    "policy_neighbour": gettext_lazy("Policy of the neighbour"),
    "policy_third": gettext_lazy("Policy of a third country"),
    # Calendar
    "holiday": gettext_lazy("Holiday"),
    "market": gettext_lazy("Market day"),
}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@register.filter
def role_name(row: Any) -> str:
    """What a membership's role is called."""
    return _(ROLES[row.role])


@register.filter
def word(text: str) -> Any:
    """A word of a pack in the reader's language; a pack's own word as it stands."""
    return WORDS.get(text) or text.replace("_", " ").capitalize()


@register.filter
def rule_words(rule: str) -> str:
    """A calendar rule in words: "every Monday", "each year on 18 May", "2 days before Easter"."""
    kind, _colon, value = rule.partition(":")
    if kind == "weekly":
        return _("every %(weekday)s") % {"weekday": WEEKDAYS[DAYS.index(value)]}
    if kind == "yearly":
        day = date.fromisoformat(f"2024-{value}")
        return _("each year on %(day)s") % {"day": formats.date_format(day, "MONTH_DAY_FORMAT")}
    if kind == "easter":
        return _from_easter(int(value))
    return formats.date_format(date.fromisoformat(rule), "DATE_FORMAT")


def _from_easter(days: int) -> str:
    if days == 0:
        return _("Easter Sunday")
    count = {"days": abs(days)}
    if days < 0:
        return ngettext("%(days)d day before Easter", "%(days)d days before Easter", abs(days)) % count
    return ngettext("%(days)d day after Easter", "%(days)d days after Easter", abs(days)) % count


@register.filter
def in_words(names: dict[str, str]) -> str:
    """The text of a row in the reader's language."""
    return localised(names)


@register.inclusion_tag("registry/_origin.html")
def origin(row: Any) -> dict[str, Any]:
    """Where a row of the pack comes from, and what of it is still to be verified."""
    mark = row.verify
    return {"source": row.source, "mark": mark, "why": "" if mark == "verify" else mark}


@register.simple_tag
def said(problem: Problem) -> Said:
    """A problem in the reader's language."""
    return say(problem)


@register.simple_tag
def tongue(code: str) -> Any:
    """The name of a language; its code where Pasaj does not speak it."""
    return dict(settings.LANGUAGES).get(code, code)
