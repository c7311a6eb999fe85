"""What the pages for filling say while they work without the server: in the reader's language, sent with the page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

BOTH: dict[str, Any] = {
    "receipt": _("Receipt {0}."),
    "sign_in": _("Kept in this browser. Sign in again, then it is sent."),
}
FILLING: dict[str, Any] = {
    **BOTH,
    "draft_saved": _("Draft kept in this browser at {0}."),
    "draft_failed": _("The draft cannot be kept: this browser gives no more room. Send the form, or free some room."),
    "draft_gone": _("This draft is not in this browser any more."),
    "draft_sent": _("This form was sent already. Below is an empty one."),
    "draft_of": _("Go on with the draft of {0}"),
    "stored": _("Kept in this browser. It is being sent."),
    "store_failed": _(
        "This browser could not keep the form, so it was saved as a file."
        " Bring the file to the outbox of another browser."
    ),
    "waiting": _("Kept in this browser. It is sent as soon as there is a network."),
    "refused": _("The server did not take it: {0} It stays in the outbox."),
    "count_waiting": _("{0} waiting"),
    "offline_ready": _("This form also opens without network."),
    "offline_not": _("This form opens only with network."),
    "form_failed": _("The form could not be loaded. Try again when there is a network."),
}
OUTBOX: dict[str, Any] = {
    **BOTH,
    "state_draft": _("Draft"),
    "state_waiting": _("To send"),
    "state_refused": _("Not taken"),
    "state_sent": _("Sent"),
    "col_state": _("State"),
    "col_saved": _("When"),
    "col_do": _("What to do"),
    "continue": _("Go on"),
    "again": _("Send again"),
    "check": _("Ask for the receipt"),
    "export_one": _("Save as a file"),
    "delete": _("Delete"),
    "delete_sure": _("Delete these answers? Nobody else has them."),
    "delete_yes": _("Yes, delete"),
    "delete_no": _("No"),
    "deleted": _("Deleted from this browser."),
    "files": _("Files: {0}"),
    "tries": _("tries: {0}"),
    "all_sent": _("Everything is sent."),
    "some_wait": _("Still waiting: {0}."),
    "no_network": _("There is no network. It is sent as soon as there is one."),
    "online": _("There is a network."),
    "offline": _("There is no network."),
    "kept": _("This browser has promised to keep what is here."),
    "not_kept": _("This browser may delete what is here when its disk runs full: save it as a file now and then."),
    "foreign": _("Of others who use this browser: {0}."),
    "server_has": _("The server has it. Receipt {0}, received on {1}."),
    "server_has_not": _("The server does not know it."),
    "imported": _("Taken from the file: {0}. Here already: {1}."),
    "not_a_file": _("This file does not hold forms saved from an outbox."),
}
