"""Problems of institutional mapping: mandates, exchange, what-if."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "MAPPING-001",
        N_("No institution has the code “{value}”."),
        N_("Look the code up on the page of institutions."),
    ),
    Kind("MAPPING-002", N_("The institution “{value}” is listed twice."), N_("List it once.")),
    Kind(
        "MAPPING-003",
        N_("“{value}” cannot exchange with itself."),
        N_("Name the other institution, or remove the row."),
    ),
    Kind("MAPPING-004", N_("“{value}” is not a role."), N_("Use one of: {allowed}.")),
    Kind(
        "MAPPING-005", N_("No function has the code “{value}”."), N_("Add it to the list of functions, or correct it.")
    ),
    Kind(
        "MAPPING-006",
        N_("No territory has the code “{value}”."),
        N_("Use the code of an area, or leave it empty for the whole country."),
    ),
    Kind("MAPPING-007", N_("The territory “{value}” lies within itself."), N_("Correct what lies above it.")),
    Kind(
        "MAPPING-008",
        N_("The mandate of {institution} in “{function}” ends on {last}, before it begins on {first}."),
        N_("Correct one of the two days."),
    ),
    Kind(
        "MAPPING-009",
        N_("The mandate of {institution} in “{function}” is given twice."),
        N_("Keep one of the two rows."),
    ),
    Kind("MAPPING-010", N_("“{value}” is not an end of an exchange."), N_("Use one of: {allowed}.")),
    Kind(
        "MAPPING-011",
        N_("{value} is not a delay in hours ({sender} to {receiver})."),
        N_("Write a number of hours, zero or more; leave it empty when it is not known."),
    ),
    Kind(
        "MAPPING-012",
        N_("The same end speaks twice of the exchange “{layer}” from {sender} to {receiver}."),
        N_("Keep one of its two answers; several channels belong in one answer."),
    ),
    Kind(
        "MAPPING-013",
        N_("The exchange “{layer}” from {sender} to {receiver} is listed as needed twice."),
        N_("Keep one of the two."),
    ),
    Kind(
        "MAPPING-014",
        N_("{value} is not a number of changes to try."),
        N_("Use a whole number from 1 to {most}."),
    ),
    Kind(
        "MAPPING-015",
        N_("The weights do not fit: {names}."),
        N_("Give each of these components one weight, zero or more, and at least one above zero."),
    ),
    Kind(
        "MAPPING-016",
        N_("The profiles have no component in common of which anything is known."),
        N_("Answer the questions that are open, or compare fewer profiles."),
    ),
    Kind(
        "MAPPING-017",
        N_("The territory “{value}” is no part of “{whole}”."),
        N_("Name only territories that lie in it."),
    ),
    # Answers of institutions
    Kind(
        "MAPPING-018",
        N_("The pack has nothing called “{value}” that institutions exchange."),
        N_("Send the form of the round as it was published, or add the row to exchange_layers.csv and try again."),
    ),
    Kind("MAPPING-019", N_("“{value}” cannot stand in “{column}”."), N_("Write one of: {allowed}.")),
    Kind(
        "MAPPING-020",
        N_("The answer names no other institution."),
        N_("Ask the sender to edit the report and choose at least one, or to remove this entry."),
    ),
    Kind(
        "MAPPING-021",
        N_("The round does not ask the institution “{value}”, so nothing can be compared."),
        N_("Widen the scope of the round and try again, or ask the sender to name another one."),
    ),
    Kind(
        "MAPPING-022",
        N_("“{value}” is neither a text of the pack nor a day ({column})."),
        N_("Take a code of instruments.csv and a day like 2026-02-28, or leave it empty."),
    ),
    Kind(
        "MAPPING-023",
        N_("The report says of no function which role the institution has."),
        N_("Answer at least one, or do not send it."),
    ),
    Kind(
        "MAPPING-024",
        N_("“{value}” is not an institution: only institutions answer for themselves here."),
        N_("Ask the sender to choose an institution of the round."),
    ),
)
