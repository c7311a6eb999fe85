"""Problems of a round of an assessment: its scope, its answers, what is settled."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind("ROUND-001", N_("There is no round “{code}”."), N_("Take a code from the list of rounds."), 404),
    Kind(
        "ROUND-002",
        N_("The round {code} is not open: it is {state}."),
        N_("Ask the lead of the round; open it, or set this report aside."),
    ),
    Kind(
        "ROUND-003",
        N_("“{unit}” is not in the scope of the round {code}."),
        N_("Ask the sender to correct the place, or widen the scope of the round, and try again."),
    ),
    Kind(
        "ROUND-004",
        N_("Whoever sent this is no assessor of the round {code}."),
        N_("Name the key or the account an assessor of the round, and try again; or set this report aside."),
    ),
    Kind(
        "ROUND-005",
        N_("The assessor {assessor} is not to look at “{unit}”."),
        N_("Assign the unit to the assessor and try again, or ask the sender."),
    ),
    Kind(
        "ROUND-006",
        N_("“{value}” is not on the scale of {indicator}."),
        N_("Write a point from 0 to 4, not_observed or not_applicable."),
    ),
    Kind(
        "ROUND-007",
        N_("{indicator} is not asked of “{unit}” in the framework of this round."),
        N_("Send the form of the round as it was published."),
    ),
    Kind("ROUND-008", N_("The report answers nothing."), N_("Answer at least one indicator, or do not send it.")),
    Kind(
        "ROUND-009",
        N_("“{value}” is no date on which somebody can have looked."),
        N_("Write a date that is not in the future, for example 2026-02-28."),
    ),
    Kind("ROUND-010", N_("The round looks at nothing."), N_("Choose the country, an institution or a crossing point.")),
    Kind("ROUND-011", N_("The round {code} is {state}: that is not possible now."), N_("Look at its page again.")),
    Kind(
        "ROUND-012",
        N_("The framework asks nothing of what the round looks at."),
        N_("Choose other units, or another framework."),
    ),
    Kind("ROUND-013", N_("Say why it is settled like this."), N_("Write a sentence that others can follow.")),
    Kind(
        "ROUND-014",
        N_("{indicator} of “{unit}” has no answer that could be settled."),
        N_("Choose an indicator that assessors answered differently."),
    ),
    Kind(
        "ROUND-015",
        N_("Somebody answered or settled {indicator} of “{unit}” meanwhile."),
        N_("Look at it again; nothing was changed."),
    ),
    Kind("ROUND-016", N_("The round ends before it starts."), N_("Correct one of the two dates.")),
    Kind(
        "ROUND-017",
        N_("“{unit}” has answers and cannot be taken out of the round."),
        N_("Leave it in; its answers say what was seen."),
    ),
    Kind("ROUND-018", N_("{who} is an assessor of this round already."), N_("Choose somebody else.")),
    Kind("ROUND-019", N_("The round needs a title."), N_("Write what is looked at, and when.")),
    Kind(
        "ROUND-020", N_("The pack has no “{unit}” to look at."), N_("Choose a crossing point or an institution of it.")
    ),
    Kind("ROUND-021", N_("The text is longer than {limit} characters."), N_("Shorten it.")),
    Kind(
        "ROUND-022",
        N_("Nothing is settled on {indicator} of “{unit}” that could be opened again."),
        N_("Choose what it is held to be, or leave it as it is."),
    ),
    Kind(
        "ROUND-023",
        N_("There is no assessor “{assessor}” in the round {code}."),
        N_("Take a code from the page of the round."),
        404,
    ),
)
