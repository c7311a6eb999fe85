"""Problems of a report of an assessment: what stands against publishing it."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind("REPORT-001", N_("There is no edition “{code}” of this report."), N_("Take one from the list."), 404),
    Kind(
        "REPORT-002",
        N_("{code} rests on {parent}, which was withdrawn."),
        N_("Cut the link or set it aside; then publish."),
    ),
    Kind(
        "REPORT-003",
        N_("{code} rests on nothing."),
        N_("Link it to what it rests on or set it aside; then publish."),
    ),
    Kind(
        "REPORT-004",
        N_("{code} rests on {parent}, which has changed or was never accepted."),
        N_("Look at it again in the chain of evidence; or write why it is let pass: that is printed in the report."),
    ),
    Kind(
        "REPORT-005",
        N_("Something of the round changed while its report was being written."),
        N_("Look at the draft again and publish it then; nothing was published."),
    ),
    Kind(
        "REPORT-006",
        N_("The round {code} has no answers yet: there is nothing to publish."),
        N_("Wait until answers have come in. The draft can be read at any time."),
    ),
    Kind(
        "REPORT-007",
        N_("Reports are not written in “{value}”."),
        N_("Choose one of: {allowed}."),
    ),
    Kind("REPORT-008", N_("Why a finding is let pass is longer than {limit} characters."), N_("Shorten it.")),
)
