"""Problems of a single figure, typed or imported."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "OBS-001",
        N_("“{value}” is not a date that exists."),
        N_("Write an existing date, for example {example}."),
    ),
    Kind(
        "OBS-002",
        N_("The period {period} has not begun yet."),
        N_("Check the date. Counts can be given up to {today}."),
    ),
    Kind(
        "OBS-003",
        N_("{value} is below zero."),
        N_("A count is zero or more. Write 0 when nobody passed."),
    ),
    Kind(
        "OBS-004",
        N_("{value} is not a whole number."),
        N_("People are counted whole. Write the number without decimals."),
    ),
    Kind(
        "OBS-005",
        N_("No crossing point is called “{value}”."),
        N_("Did you mean {nearest}? Correct the name, or add it as an alias in the pack."),
    ),
    Kind(
        "OBS-006",
        N_("No crossing point is called “{value}”, and no known name is near it."),
        N_("Use the code shown in the list of crossings, or add the crossing to the pack."),
    ),
    Kind(
        "OBS-007",
        N_("“{value}” is the name of more than one place: {names}."),
        N_("Use the code instead of the name."),
    ),
    Kind(
        "OBS-008",
        N_("No measure has the code “{value}”."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "OBS-009",
        N_("“{value}” is not a category of {measure}."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "OBS-010",
        N_("“{value}” is not a direction."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "OBS-011",
        N_("No source has the code “{value}”."),
        N_("Use one of: {allowed}. A new source is added in the pack."),
    ),
    Kind(
        "OBS-012",
        N_("{value} is larger than a single figure can be ({largest})."),
        N_("Check the number: two figures may have run together."),
    ),
    Kind(
        "OBS-013",
        N_("Someone else changed this figure while you were typing: it is now {current}."),
        N_("Compare both, then save again if yours is the right one."),
        409,
    ),
    Kind(
        "OBS-014",
        N_("{value} is far from what is usual here ({low} to {high})."),
        N_("Check the number. If it is right, confirm it and save again."),
    ),
    Kind(
        "OBS-015",
        N_("{place} is not expected to report {measure}."),
        N_("Choose another measure, or add it to the posts of the pack."),
    ),
    Kind(
        "OBS-016",
        N_("“{value}” is not a number."),
        N_("Write digits only, for example {example}."),
    ),
    Kind(
        "OBS-017",
        N_("No area has the code or name “{value}”."),
        N_("Use the code of a department, commune or zone of the pack."),
    ),
    Kind(
        "OBS-018",
        N_("“{value}” is not a period of type {type}."),
        N_("Write it like {example}."),
    ),
    Kind(
        "OBS-019",
        N_("“{value}” is not a quality."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "OBS-020",
        N_("The period ends ({end}) before it begins ({start})."),
        N_("Write the earlier date first."),
    ),
    Kind(
        "OBS-021",
        N_("{value} has {digits} digits after the decimal sign; {allowed} can be kept."),
        N_("Round the figure as its source does."),
    ),
    Kind(
        "OBS-022",
        N_("No count was typed."),
        N_("Type at least one number, or say that there is nothing to report."),
    ),
    Kind(
        "OBS-023",
        N_("The count {current} would be taken back."),
        N_("Confirm that it was wrong, or type the right number."),
    ),
)
