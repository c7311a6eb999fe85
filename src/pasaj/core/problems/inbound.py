"""Problems of texts that come in by SMS."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "INBOX-001",
        N_("This number is not in our directory: nothing was recorded."),
        N_("Ask the coordination cell to add it."),
    ),
    Kind(
        "INBOX-002",
        N_("This number reports for no crossing: nothing was recorded."),
        N_("Ask the coordination cell to give it one."),
    ),
    Kind(
        "INBOX-003",
        N_("This number does not report for {place}."),
        N_("Report for {allowed}."),
    ),
    Kind(
        "INBOX-004",
        N_("Too many texts came from this number within an hour: nothing was recorded."),
        N_("Wait, or call the duty officer."),
    ),
    Kind(
        "INBOX-005",
        N_("{value} is far from the usual {low} to {high}: nothing was recorded."),
        N_("If it is right, send the same text again."),
    ),
)
