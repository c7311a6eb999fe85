"""Words of policies and their statements, in the language that is active."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS: dict[str, Any] = {
    "problem": _("Problem"),
    "objective": _("Objective"),
    "measure": _("Measure"),
    "action": _("Action"),
    "indicator": _("Indicator"),
}
MEASURE_KINDS: dict[str, Any] = {
    "protection": _("protection of people"),
    "enforcement": _("enforcement"),
    "legal": _("legal text"),
    "institutional": _("institutions"),
    "service": _("service"),
    "information": _("information"),
}
PARTS: dict[str, Any] = {
    "lead": _("leads"),
    "support": _("supports"),
    "consulted": _("is consulted"),
    "informed": _("is informed"),
}
STATES: dict[str, Any] = {
    "draft": _("Draft"),
    "consultation": _("In consultation"),
    "validated": _("Validated"),
    "adopted": _("Adopted"),
    "in_force": _("In force"),
    "superseded": _("Superseded"),
}
ACTION_STATES: dict[str, Any] = {
    "planned": pgettext_lazy("action of a policy", "planned"),
    "running": pgettext_lazy("action of a policy", "running"),
    "done": pgettext_lazy("action of a policy", "done"),
    "dropped": pgettext_lazy("action of a policy", "dropped"),
}
ACTION_TONES = {"planned": "plain", "running": "open", "done": "good", "dropped": "quiet"}
PACES: dict[str, tuple[Any, str]] = {
    "done": (pgettext_lazy("action of a policy", "done"), "good"),
    "dropped": (pgettext_lazy("action of a policy", "dropped"), "quiet"),
    "running": (pgettext_lazy("action of a policy", "running"), "open"),
    "waiting": (pgettext_lazy("action of a policy", "its time has not come"), "plain"),
    "not_begun": (pgettext_lazy("action of a policy", "not begun"), "bad"),
    "overdue": (pgettext_lazy("action of a policy", "not done"), "bad"),
}
KEPT: dict[str, tuple[Any, str]] = {
    "late": (pgettext_lazy("action of a policy", "late"), "bad"),
    "silent": (pgettext_lazy("action of a policy", "silent"), "open"),
    "on_time": (pgettext_lazy("action of a policy", "on time"), "good"),
    "waiting": (pgettext_lazy("action of a policy", "its time has not come"), "plain"),
    "done": (pgettext_lazy("action of a policy", "done"), "good"),
    "dropped": (pgettext_lazy("action of a policy", "dropped"), "quiet"),
}
COURSES: dict[str, tuple[Any, str]] = {
    "silent": (pgettext_lazy("indicator of a policy", "silent"), "open"),
    "behind": (pgettext_lazy("indicator of a policy", "behind"), "bad"),
    "unread": (pgettext_lazy("indicator of a policy", "not observed yet"), "plain"),
    "unset": (pgettext_lazy("indicator of a policy", "without a line to its target"), "plain"),
    "on_course": (pgettext_lazy("indicator of a policy", "on course"), "good"),
    "reached": (pgettext_lazy("indicator of a policy", "reached"), "good"),
}
SECTIONS: dict[str, Any] = {
    "situation": _("Findings that the policy answers to"),
    "terms": _("Definitions"),
    "mandates": _("Who does what"),
    "plan": _("Action plan with costs"),
    "gap": _("Financing and what is missing"),
    "frame": _("Monitoring"),
    "evidence": _("What each measure rests on"),
    "disposition": _("What was said in consultations"),
    "alignment": _("Commitments and objectives"),
    "problems": _("Problems of the theme"),
    "objectives": _("Objectives of the theme"),
}
"""Parts of a document that are drawn from data."""
DIRECTIONS: dict[str, Any] = {
    "up": _("shall rise"),
    "down": _("shall fall"),
    "hold": _("shall not fall"),
}
ORIGINS: dict[str, Any] = {"": _("not said yet"), "pasaj": _("computed here"), "external": _("from elsewhere")}
COST_KINDS: dict[str, Any] = {"capital": _("capital"), "recurrent": _("recurrent")}
MONEY_STATES: dict[str, Any] = {
    "pledged": pgettext_lazy("money", "pledged"),
    "committed": pgettext_lazy("money", "committed"),
    "paid": pgettext_lazy("money", "paid"),
}
DEEDS: dict[str, Any] = {
    "created": _("Policy begun"),
    "changed": _("Changed"),
    "written": _("Written"),
    "edited": _("Edited"),
    "withdrawn": _("Withdrawn"),
    "reinstated": _("Taken up again"),
    "progress": _("How it stands was said"),
    "observed": _("Observed"),
    "costed": _("Costs changed"),
    "begun": _("Appraisal of options begun"),
    "judged": _("Option judged"),
    "decided": _("Option chosen"),
    "reopened": _("Choice of an option taken back"),
    "realised": _("Chosen option made a measure"),
    "added": _("Clause added"),
    "moved": _("Clause moved"),
    "linked": _("What a clause realises changed"),
    "saved": _("Text of a clause saved"),
    "suggested": _("Another text suggested"),
    "taken": _("Suggestion taken"),
    "refused": _("Refused"),
    "proposed": _("Version proposed"),
    "published": _("Version published"),
    "turned": _("State of the policy changed"),
    "opened": _("Consultation opened"),
    "closed": _("Consultation closed"),
    "reported": _("Report of a consultation published"),
    "invited": _("Somebody invited to comment"),
    "revoked": _("Invitation to comment revoked"),
    "minutes": _("Minutes taken in"),
    "replied": _("Reply to a consultation taken in"),
    "waived": _("Breach of a coherence rule waived"),
    "unwaived": _("Waiver of a coherence rule taken back"),
    "set-aside": _("Finding or group recorded as not addressed"),
    "taken-up": _("Record of what is not addressed taken back"),
}
STANDINGS: dict[str, tuple[Any, str]] = {
    "fresh": (_("up to date"), "good"),
    "suspect": (_("to be looked at again"), "open"),
    "tainted": (_("rests on something to be looked at again"), "plain"),
    "unsupported": (_("rests on nothing"), "bad"),
    "withdrawn": (_("withdrawn"), "quiet"),
    "": (_("not in the chain"), "quiet"),
}
