"""How facts are said: in the active language, and for whom.

The whole edition says figures; the one that may be passed on says counts as words of size, days and hours in digits
only where the gate knows them, and unofficial crossings as their commune.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from pasaj.assess.queries import words
from pasaj.core import sitrep as core
from pasaj.registry.models import localised

Plain = Mapping[str, Any]
SIZES: Mapping[str, Any] = {
    "none": pgettext_lazy("a count", "none"),
    "few": gettext_lazy("fewer than ten"),
    "tens": gettext_lazy("several dozen"),
    "hundreds": gettext_lazy("several hundred"),
    "thousands": gettext_lazy("several thousand"),
    "many": gettext_lazy("more than ten thousand"),
    "share": gettext_lazy("a share not given here"),
}
SEVERITIES: Mapping[str, Any] = {
    "minor": gettext_lazy("minor"),
    "moderate": gettext_lazy("moderate"),
    "severe": gettext_lazy("severe"),
    "extreme": gettext_lazy("extreme"),
}
STATES: Mapping[str, Any] = {
    "running": gettext_lazy("running"),
    "cancelled": gettext_lazy("cancelled"),
    "expired": gettext_lazy("expired"),
    "ended": gettext_lazy("all clear"),
    "active": gettext_lazy("at work"),
    "stood_down": gettext_lazy("stood down"),
    "waiting": gettext_lazy("waits"),
    "open": gettext_lazy("open"),
    "done": gettext_lazy("done"),
    "blocked": gettext_lazy("blocked"),
    "dropped": gettext_lazy("dropped"),
    "asked": gettext_lazy("asked"),
    "promised": gettext_lazy("promised"),
    "refused": gettext_lazy("refused"),
    "delivered": gettext_lazy("delivered"),
    "withdrawn": gettext_lazy("withdrawn"),
    "new": gettext_lazy("new"),
    "acknowledged": gettext_lazy("acknowledged"),
    "verified": gettext_lazy("verified"),
    "discarded": gettext_lazy("discarded"),
    "reported": gettext_lazy("reported, not verified"),
    "verifying": gettext_lazy("being verified"),
    "confirmed": gettext_lazy("confirmed"),
    "refuted": gettext_lazy("refuted"),
    "unverifiable": gettext_lazy("cannot be verified"),
}
AGAINST: Mapping[str, Any] = {
    "above": gettext_lazy("above usual"),
    "below": gettext_lazy("below usual"),
    "within": gettext_lazy("as usual"),
    "unknown": gettext_lazy("usual not known"),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Says facts. share: for the edition that may be passed on. hidden: codes of crossings said as their commune."""

    facts: Plain
    share: bool = False
    hidden: Collection[str] = ()

    def count(self, value: float | None) -> str:
        if value is None:
            return words.NONE
        if self.share:
            return str(SIZES[core.magnitude(value)])
        return words.number(value, 0 if value == int(value) else 1)

    def soft(self, text: str) -> str:
        """A text that somebody wrote, or a sentence with figures."""
        return core.softened(text, lambda size: str(SIZES[size])) if self.share else text

    def place(self, code: str) -> str:
        known = self.facts["places"].get(code)
        if known is None:
            return code
        if known["protected"] and (self.share or code in self.hidden):
            return _("{commune} (crossing not named)").format(commune=localised(known["area"]))
        return localised(known["names"])

    def measure(self, code: str, *, inside: bool = False) -> str:
        """The name of a measure; inside: as it stands inside a sentence."""
        name = localised(self.facts["measures"][code]["names"]) if code in self.facts["measures"] else code
        return name[:1].lower() + name[1:] if inside and name[1:2].islower() else name

    def source(self, code: str) -> str:
        known = self.facts["sources"].get(code)
        return str(known["name"]) if known else code

    def institution(self, code: str) -> str:
        return localised(self.facts["institutions"].get(code, {"": code}))

    def day(self, said: str) -> str:
        """A day, from ISO text."""
        if not said:
            return words.NONE
        return self._numeric(date.fromisoformat(said[:10]))

    def moment(self, said: str) -> str:
        """A moment in the zone of the facts, from ISO text."""
        if not said:
            return words.NONE
        at = datetime.fromisoformat(said).astimezone(ZoneInfo(self.facts["zone"]))
        return f"{self._numeric(at.date())}, {at:%H:%M}"

    def _numeric(self, day: date) -> str:
        """In digits, as the gate knows dates: what is drafted may be passed on with them."""
        return day.isoformat() if (get_language() or "").startswith("en") else f"{day:%d/%m/%Y}"

    def usual(self, one: Plain) -> str:
        """The range that is usual, as words."""
        if one["low"] is None or self.share:
            return words.NONE
        return _("{low} to {high}").format(low=self.count(one["low"]), high=self.count(one["high"]))

    def listed(self, names: list[str], most: int) -> str:
        """The first of some names, and that there are more."""
        if len(names) <= most:
            return ", ".join(names)
        if self.share:
            return _("{names} and others").format(names=", ".join(names[:most]))
        return _("{names} and {count} more").format(names=", ".join(names[:most]), count=len(names) - most)
