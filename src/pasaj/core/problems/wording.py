"""Problems of the text of clauses. `row` is the line and `column` the place in it, both from 1."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "WRD-001",
        N_("The text has {count} signs; a text has at most {most}."),
        N_("Part it into several clauses."),
    ),
    Kind(
        "WRD-002",
        N_("A sign that no file can hold ({sign})."),
        N_("Delete it and type it again; it often comes with text copied from elsewhere."),
    ),
    Kind(
        "WRD-003",
        N_("The link “{address}” is not one that may stand here."),
        N_("Write the whole address, beginning with https://, without blanks."),
    ),
    Kind(
        "WRD-004",
        N_("Nothing closes the {mark} that begins here."),
        N_("Put {mark} also behind the words, or write \\* where a star is meant."),
    ),
    Kind(
        "WRD-005",
        N_("A list in a list in a list."),
        N_("A list goes one level deep: move this line to the left, or make a clause of it."),
    ),
    Kind(
        "WRD-006",
        N_("This line is written as a heading."),
        N_("A heading is a clause of its own: add one before this clause, or write \\# where the sign is meant."),
    ),
    Kind(
        "WRD-007",
        N_("A picture cannot stand in the text of a clause."),
        N_("Leave out the exclamation mark for a link, or name the document in words."),
    ),
    Kind(
        "WRD-008",
        N_("“{text}” is not a reference."),
        N_("Choose it from the list of references, or write \\{{ where the sign is meant."),
    ),
    Kind(
        "WRD-009",
        N_("There is no reference of the kind “{kind}”."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "WRD-010",
        N_("{key} leads to nothing that stands."),
        N_("Choose it from the list of references."),
    ),
    Kind(
        "WRD-011",
        N_("{key} has no “{field}”."),
        N_("Use one of: {allowed}."),
    ),
)
