"""Problems of return operations: what a form or an import says of how people were handed over."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind("PROT-001", N_("This return operation is not a table of fields."), N_("Send a JSON object.")),
    Kind(
        "PROT-002",
        N_("“{value}” is not a field of a return operation and is not read."),
        N_("Write one of: {allowed}."),
    ),
    Kind("PROT-003", N_("“{value}” cannot stand in “{column}”."), N_("See the page on outcomes for what can.")),
    Kind("PROT-004", N_("The pack has no place “{value}”."), N_("Write the code of a crossing point or an area.")),
    Kind("PROT-005", N_("“{value}” is not an answer to “{column}”."), N_("Write one of: {allowed}.")),
    Kind(
        "PROT-006",
        N_("The date {value} is not that of the hour ({other})."),
        N_("Correct one of the two; until then neither is used."),
    ),
    Kind(
        "PROT-007",
        N_("“{value}” is not a local date and time."),
        N_("Write 2026-02-28T14:30 (or just the date), on the clock of that side, without a zone."),
    ),
    Kind(
        "PROT-008",
        N_("“{value}” is not a whole number from zero to {limit}."),
        N_("Correct the count; leave it out when it is not known."),
    ),
    Kind(
        "PROT-009",
        N_("The pack has no protocol “{value}”."),
        N_("Choose one from the list of protocols."),
        404,
    ),
)
