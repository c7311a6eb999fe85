"""Who may see and manage forms, phones and submissions.

The cell works with submissions; a chief sees those of the own crossing. What the screening held back
is read by the data-protection focal point alone.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.queries import ACTIONS
from pasaj.access.rules import (
    IS_ADMIN,
    IS_ANALYST,
    IS_APPROVER,
    IS_CHIEF,
    IS_DPO,
    IS_DRAFTER,
    IS_DUTY,
    IS_LEAD,
    NOTHING,
    Condition,
    define,
    one_of,
)
from pasaj.collect.models import AppUser, Form, FormUpload, FormVersion, Submission, Waiver
from pasaj.evidence.models import LinkType, NodeKind, link_type, node_kind
from pasaj.registry.models import CrossingPoint, Protocol
from pasaj.registry.rules import IS_MEMBER
from pasaj.watch.rules import led_crossings

CELL = (IS_DUTY, IS_APPROVER, IS_ANALYST, IS_LEAD, IS_DRAFTER, IS_DPO, IS_ADMIN)
LEADS_ITS_CROSSING = Condition(
    "own-crossing",
    N_("You lead the post of this crossing."),
    lambda actor: one_of("crossing", led_crossings(actor)),
)
IS_NOT_HELD = Condition(
    "not-held",
    N_("The screening did not hold it back."),
    lambda actor: Q(held=False),
)

define(Form, "view", IS_MEMBER)
define(FormVersion, "view", IS_MEMBER)
define(Form, "upload", IS_LEAD, IS_ADMIN, IS_DUTY)
define(Form, "publish", IS_LEAD, IS_ADMIN, IS_DUTY)
define(Form, "close", IS_LEAD, IS_ADMIN)
# Filling one in the browser: whoever reports, or leads a round.
define(Form, "fill", IS_DUTY, IS_LEAD, IS_ANALYST, IS_ADMIN, Condition(
    "post-chief",
    N_("You are the chief of a post."),
    lambda actor: Q(closed_at__isnull=True) if actor.has("chief") else NOTHING,
))  # fmt: skip
# Of which places what somebody filled in may feed figures: a chief speaks of the own crossing.
define(CrossingPoint, "speak", IS_DUTY, IS_LEAD, IS_ANALYST, IS_ADMIN, Condition(
    "own-post",
    N_("You lead the post of this crossing."),
    lambda actor: one_of("pk", led_crossings(actor)),
))  # fmt: skip
define(FormUpload, "view", IS_LEAD, IS_ADMIN, IS_DUTY)
define(Waiver, "view", *CELL)
define(Waiver, "grant", IS_DPO)
# Verdicts on returns are for the cell, and for a chief those of the own crossing (the operations say which).
define(Protocol, "judge", *CELL, IS_CHIEF)
define(AppUser, "view", IS_DUTY, IS_LEAD, IS_ADMIN, IS_DPO)
define(AppUser, "manage", IS_DUTY, IS_LEAD, IS_ADMIN)
define(Submission, "view", *CELL, LEADS_ITS_CROSSING)
define(Submission, "read", *(one & IS_NOT_HELD for one in CELL), LEADS_ITS_CROSSING & IS_NOT_HELD, IS_DPO)
define(Submission, "review", IS_DUTY, IS_ANALYST, IS_LEAD)
define(Submission, "release", IS_DUTY, IS_LEAD)
# What the screening held back is let go by the one who may read it.
define(Submission, "clear", IS_DPO)
define(Submission, "redact", IS_DPO, IS_ADMIN, IS_DUTY)

# A report that figures are counted from can be cited: that it stands, not what it answers.
node_kind(NodeKind(
    "submission", N_("report"), fields=("form", "received"), address="collect:submission-page", withdrawn_there=True,
))  # fmt: skip
link_type(LinkType("counted-from", N_("was counted from"), frozenset({"figure"}), frozenset({"submission"})))

# What the entries of the log say about this app's rows.
ACTIONS.update(
    {
        "form.uploaded": N_("Form handed in"),
        "form.stored": N_("Form version stored"),
        "form.published": N_("Form published"),
        "form.failed": N_("Form refused by the converter"),
        "form.closed": N_("Form closed"),
        "form.version-closed": N_("Version of a form closed: its waiver has ended"),
        "form.media": N_("File of a form replaced"),
        "form.waiver": N_("Waiver for a form granted"),
        "form.waiver-ended": N_("Waiver for a form ended"),
        "app-user.added": N_("Phone key given"),
        "app-user.renewed": N_("Phone key renewed"),
        "app-user.revoked": N_("Phone key revoked"),
        "app-user.device": N_("Second device decided on"),
        "submission.received": N_("Submission received"),
        "submission.files": N_("Files of a submission received"),
        "submission.edited": N_("Submission edited by its sender"),
        "submission.viewed": N_("Submission read"),
        "submission.reviewed": N_("Submission reviewed"),
        "submission.released": N_("Submission let out of quarantine"),
        "submission.refused": N_("Submission set aside"),
        "submission.processed": N_("Submission put to use"),
        "submission.quarantined": N_("Submission put into quarantine"),
        "submission.retried": N_("Submission tried again"),
        "submission.asked": N_("Sender of a submission asked"),
        "submission.answered": N_("Question answered by the sender"),
        "submission.redaction-asked": N_("Redaction asked for"),
        "submission.redaction-withdrawn": N_("Request for a redaction taken back"),
        "submission.redacted": N_("Submission redacted"),
    }
)
