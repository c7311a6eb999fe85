"""Problems of what a form declares about its answers, and of answers that cannot be used."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "MEANING-001",
        N_("What the form says about its answers cannot be read: {detail}"),
        N_("Write it as docs/reference/meaning.md shows, in YAML."),
    ),
    Kind(
        "MEANING-002",
        N_("“{key}” is not known here."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "MEANING-003",
        N_("“{key}” is missing."),
        N_("Add it: every figure needs a place, a period and a source."),
    ),
    Kind(
        "MEANING-004",
        N_("The form has no question “{question}”."),
        N_("Did you mean {nearest}? Questions are named as in the column “name” of the survey sheet."),
    ),
    Kind(
        "MEANING-005",
        N_("“{value}” is not possible for “{key}”."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "MEANING-006",
        N_("The question “{question}” was not answered."),
        N_("Ask the sender, who can edit the report and send it again."),
    ),
    Kind(
        "MEANING-007",
        N_("The answer “{value}” to “{question}” means nothing here."),
        N_("Add it to the words of this question in the form's meaning, then try again."),
    ),
    Kind(
        "MEANING-008",
        N_("The sender may not report for {place}."),
        N_("Confirm with the sender, then let the report out of quarantine, or give the key that right."),
    ),
    Kind(
        "MEANING-009",
        N_("The text holds what may name a person. It was not kept in the figure."),
        N_("Ask the data-protection focal point, who alone can read it."),
    ),
    Kind(
        "MEANING-010",
        N_("The day {day} lies more than {days} days back: was the clock of the phone right?"),
        N_("Ask the sender for the day; a corrected report takes the place of this one."),
    ),
)
