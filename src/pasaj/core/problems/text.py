"""Problems of a count written as text: a message by SMS, or a pasted one."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "TEXT-001",
        N_("The message does not begin with {word}."),
        N_("Write it like: {example}"),
    ),
    Kind(
        "TEXT-002",
        N_("No crossing point is named."),
        N_("Name it once, by its name or short code, before the figures."),
    ),
    Kind(
        "TEXT-003",
        N_("“{value}” can be more than one crossing point: {names}."),
        N_("Choose one, or write its code."),
    ),
    Kind(
        "TEXT-004",
        N_("No day is said for a figure."),
        N_("Write the day like {example}."),
    ),
    Kind(
        "TEXT-005",
        N_("“{value}” is not a day that can be reported."),
        N_("Write an existing day up to today, like {example}."),
    ),
    Kind(
        "TEXT-006",
        N_("More than one day is said for the same figures: {days}."),
        N_("Write one day before the figures that belong to it."),
    ),
    Kind(
        "TEXT-007",
        N_("“{value}” was not understood. Near to it: {nearest}."),
        N_("Correct the word, or leave it out."),
    ),
    Kind(
        "TEXT-008",
        N_("“{value}” was not understood."),
        N_("Correct it, or leave it out. New words are added in the country pack."),
    ),
    Kind(
        "TEXT-009",
        N_("“{value}” has no number."),
        N_("Write the number after the word, 0 when there was nobody."),
    ),
    Kind(
        "TEXT-010",
        N_("The number {value} has no word."),
        N_("Write what was counted before the number."),
    ),
    Kind(
        "TEXT-011",
        N_("“{value}” stands twice for the same crossing and day."),
        N_("Keep the one that is right."),
    ),
    Kind(
        "TEXT-012",
        N_("No count was found in the text."),
        N_("Write a word and a number, for example: {example}"),
    ),
    Kind(
        "TEXT-013",
        N_("You may not report for {place}."),
        N_("Leave this figure out, or send it to somebody who may."),
        404,
    ),
    Kind(
        "TEXT-014",
        N_("The text was changed after it was read."),
        N_("Look at the figures again, then save them."),
        409,
    ),
    Kind(
        "TEXT-015",
        N_("The text is too long: {found} characters, at most {limit}."),
        N_("Paste fewer messages at a time."),
    ),
    Kind(
        "TEXT-016",
        N_("No source can be chosen for {place}."),
        N_("Name a post at this crossing in the country pack."),
    ),
    Kind(
        "TEXT-017",
        N_("“{value}” has no year, and the last such day, {day}, is more than half a year ago."),
        N_("Write the day with its year."),
    ),
    Kind(
        "TEXT-018",
        N_("No count follows “{value}”."),
        N_("Write the counts after it, or leave it out."),
    ),
    Kind(
        "TEXT-019",
        N_("{found} figures were found, and only the first {limit} are shown."),
        N_("Save these, then paste the rest of the text."),
    ),
)
