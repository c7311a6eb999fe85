"""The words of alerts: CAP's terms in plain language, states, steps and the parts of a text."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Where an alert stands: word and tone, as `status` in the pages shows them.
STATES: dict[str, tuple[Any, str]] = {
    "draft": (_("Draft"), "plain"),
    "submitted": (_("Waits for approval"), "open"),
    "published": (pgettext_lazy("alert", "Running"), "bad"),
    "expired": (_("Expired"), "quiet"),
    "cancelled": (pgettext_lazy("alert", "Called off"), "quiet"),
    "ended": (_("All clear"), "good"),
    "discarded": (_("Discarded"), "quiet"),
}
MESSAGE_STATES = {
    **{state: STATES[state] for state in ("draft", "submitted", "discarded")},
    "published": (_("Published"), "good"),
}
STATE_WORDS = {state: label for state, (label, _tone) in STATES.items()}
OPEN, ENDED = ("published", "submitted", "draft"), ("expired", "cancelled", "ended", "discarded")
MODES: dict[str, Any] = {
    "actual": _("Real"),
    "exercise": _("Exercise"),
    "system": _("System check"),
    "test": _("Test"),
}
# What stands over every page of an alert that is not real.
NOT_REAL: dict[str, Any] = {
    "exercise": _("This is an exercise. It never reaches anybody outside it."),
    "system": _("This is a check of the system. It never reaches the public."),
    "test": _("This is a test. It never reaches the public."),
}
SEVERITIES: dict[str, Any] = {
    "extreme": pgettext_lazy("severity", "Extreme"),
    "severe": pgettext_lazy("severity", "Severe"),
    "moderate": pgettext_lazy("severity", "Moderate"),
    "minor": pgettext_lazy("severity", "Minor"),
}
SHAPES = {"extreme": "alert", "severe": "alert", "moderate": "unusual", "minor": "reported"}  # of the pages' states
URGENCIES: dict[str, Any] = {
    "Immediate": pgettext_lazy("urgency", "Immediate"),
    "Expected": pgettext_lazy("urgency", "Expected"),
    "Future": pgettext_lazy("urgency", "Future"),
    "Past": pgettext_lazy("urgency", "Past"),
    "Unknown": pgettext_lazy("urgency", "Unknown"),
}
CERTAINTIES: dict[str, Any] = {
    "Observed": pgettext_lazy("certainty", "Observed"),
    "Likely": pgettext_lazy("certainty", "Likely"),
    "Possible": pgettext_lazy("certainty", "Possible"),
    "Unlikely": pgettext_lazy("certainty", "Unlikely"),
    "Unknown": pgettext_lazy("certainty", "Unknown"),
}
# The same as choices of a form, each with what CAP means by it.
EXPLAINED_SEVERITIES: dict[str, Any] = {
    "extreme": _("Extreme: an extraordinary threat to life"),
    "severe": _("Severe: a serious threat to life"),
    "moderate": _("Moderate: a possible threat to life or health"),
    "minor": _("Minor: little or no known threat"),
}
EXPLAINED_URGENCIES: dict[str, Any] = {
    "Immediate": _("Immediate: act now"),
    "Expected": _("Expected: act within the next hour"),
    "Future": _("Future: act in the coming days"),
    "Past": _("Past: nothing more needs to be done"),
    "Unknown": _("Unknown: nobody can say yet"),
}
EXPLAINED_CERTAINTIES: dict[str, Any] = {
    "Observed": _("Observed: it has happened or goes on now"),
    "Likely": _("Likely: more probable than not"),
    "Possible": _("Possible: it may happen, less probable than not"),
    "Unlikely": _("Unlikely: hardly to be expected"),
    "Unknown": _("Unknown: nobody can say yet"),
}
SCOPES: dict[str, Any] = {
    "Public": _("Public: anybody may read it"),
    "Restricted": _("Restricted: for services, under the rule written below"),
}
SCOPE_WORDS: dict[str, Any] = {
    "Public": pgettext_lazy("scope", "Public"),
    "Restricted": pgettext_lazy("scope", "Restricted"),
}
AUDIENCES: dict[str, Any] = {
    "services": _("Services: a restricted alert, with what each of them does"),
    "public": _("Everybody: a public alert, in the words of people at the place"),
}
RESPONSES: dict[str, Any] = {
    "Shelter": _("Shelter: take cover where you are, or open shelter"),
    "Evacuate": _("Evacuate: leave the place"),
    "Prepare": _("Prepare: get ready"),
    "Execute": _("Execute: carry out what was planned"),
    "Avoid": _("Avoid: keep away from it"),
    "Monitor": _("Monitor: follow what is told"),
    "Assess": _("Assess: look at what is told and judge"),
    "AllClear": _("All clear: there is no danger any more"),
    "None": _("None: nothing is asked of anybody"),
}
CHANNELS: dict[str, Any] = {
    "mail": _("by e-mail"),
    "sms": _("by SMS"),
    "bulletin": _("as a printed bulletin"),
}
TYPES: dict[str, Any] = {
    "Alert": _("First message"),
    "Update": pgettext_lazy("message of an alert", "Update"),
    "Cancel": _("Cancellation"),
}
# The parts of a text in the order in which they are asked for and read: what protects people comes first.
PARTS: dict[str, tuple[Any, Any]] = {
    "protection": (
        _("Protection first"),
        _("What protects people, as the first thing to do: water, shade, health care, families together."),
    ),
    "event": (_("What it is"), _("Two or three words, for example: Many arrivals in need of help.")),
    "headline": (_("Headline"), _("One sentence that says the danger and the place.")),
    "description": (_("What is known"), _("The danger to people and where it comes from. No names, no small counts.")),
    "instruction": (_("What else to do"), _("After the protection of people, in the order in which it is done.")),
    "audience": (_("For whom"), _("The services and people who should act on it.")),
    "short": (_("Short text, for SMS"), _("What a telephone shows at once. Without accents it needs fewer parts.")),
}
LONG = ("protection", "description", "instruction", "short")  # parts that want a field of several lines
STEPS: dict[str, Any] = {
    "drafted": _("Drafted"),
    "changed": pgettext_lazy("alert", "Changed"),
    "submitted": _("Submitted for approval"),
    "approved": _("Approved"),
    "refused": pgettext_lazy("alert", "Sent back"),
    "asked": _("Asked for approval by code"),
    "unratified": _("Went out without approval, for a few hours"),
    "published": _("Published"),
    "updated": _("Update begun"),
    "cancelled": pgettext_lazy("alert", "Called off"),
    "expired": _("Expired"),
    "ended": _("All clear"),
    "lapsed": _("The notice that nobody approved has expired"),
    "reminded": _("The last day of the measure is over"),
    "discarded": _("Discarded"),
}
# What stands against publishing is told beside the part it speaks of; other words of a form's fields.
FIELDS: dict[str, Any] = {
    "severity": _("Severity"),
    "urgency": _("Urgency"),
    "certainty": _("Certainty"),
    "scope": _("Who may read it"),
    "restriction": _("Rule for those who read it"),
    "response_types": _("What is asked of people"),
    "areas": _("Where"),
    "recipients": _("To whom"),
    "onset_at": _("Begins"),
    "expires_at": _("Expires"),
    "web": _("Page with more"),
    "contact": _("Whom to call"),
}


def word(words: dict[str, Any], value: str) -> str:
    """The word for a term, or the term itself where it is none of ours."""
    return str(words.get(value, value))
