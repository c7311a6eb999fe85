"""Problems of the directory: who is told, where, and who is on call."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "CONTACT-001",
        N_("A contact needs the name of a person or desk, of at most {limit} characters."),
        N_("Write the name that colleagues know, for example “Desk on duty”."),
    ),
    Kind(
        "CONTACT-003",
        N_("“{value}” is not a telephone number."),
        N_("Write it with the country code, for example {example}."),
    ),
    Kind(
        "CONTACT-004",
        N_("“{value}” is not a role of contacts."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "CONTACT-005",
        N_("No crossing and no area has the code “{value}”."),
        N_("Look it up under Crossings, or leave the place empty: the contact then serves everywhere."),
    ),
    Kind(
        "CONTACT-006",
        N_("“{value}” is not a language of this home."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "CONTACT-007",
        N_("“{value}” are no hours of a day."),
        N_("Give both hours as whole numbers, from 0 to 23 and to 24, or none."),
    ),
    Kind(
        "CONTACT-008",
        N_("“{value}” is not a weekday."),
        N_("Use 0 for Monday to 6 for Sunday."),
    ),
    Kind(
        "CONTACT-009",
        N_("“{value}” is not a severity."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "CONTACT-010",
        N_("“{value}” is no place in the order."),
        N_("Give a whole number from 1 to 99: 1 is asked first."),
    ),
    Kind(
        "CONTACT-011",
        N_("{code} is this contact already: same name, institution, role and place."),
        N_("Change that contact."),
        409,
    ),
    Kind(
        "CONTACT-012",
        N_("This contact has ended."),
        N_("Add a new contact."),
        409,
    ),
    Kind(
        "CONTACT-013",
        N_("A reason is needed."),
        N_("Say why in a few words, without names."),
    ),
    Kind(
        "CONTACT-014",
        N_("“{value}” is not a way to reach somebody."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "CONTACT-015",
        N_("This contact has the address {value} already."),
        N_("Nothing is left to do, or restore the address if it was stopped."),
        409,
    ),
    Kind(
        "CONTACT-016",
        N_("No open account has the address {value}."),
        N_("Leave it empty for somebody who does not sign in."),
    ),
    Kind(
        "CONTACT-017",
        N_("Only an ended contact can be erased."),
        N_("End the contact first."),
        409,
    ),
    Kind(
        "CONTACT-018",
        N_("An address of at most {limit} characters is needed."),
        N_("Write the address, or remove the line."),
    ),
    Kind(
        "CONTACT-020",
        N_("The file is no list of contacts."),
        N_("Send a CSV file in UTF-8 with one contact a row, of at most {limit} rows. The export shows the columns."),
    ),
    Kind(
        "CONTACT-021",
        N_("The column “{column}” is missing."),
        N_("Add it to the header; the export shows all columns."),
    ),
    Kind(
        "CONTACT-022",
        N_("Row {first} says the same contact already."),
        N_("Remove one of the two rows, or put all addresses into one of them, separated by “;”."),
    ),
    Kind(
        "CONTACT-023",
        N_("No contact has the code “{value}”, or it has ended."),
        N_("Leave the code empty for a new contact."),
    ),
    Kind(
        "CONTACT-019",
        N_("A test was sent a moment ago."),
        N_("Look at what became of {code}. The same address can be tried again after ten minutes, ten in an hour."),
        429,
    ),
    Kind(
        "CONTACT-024",
        N_("This address is stopped: nothing is sent to it."),
        N_("Whoever has it wants no messages. Use it again first, if they agree."),
        409,
    ),
    Kind(
        "CONTACT-030",
        N_("The shift ends before it begins, or lasts longer than {limit} hours."),
        N_("Check both days and hours."),
    ),
    Kind(
        "CONTACT-031",
        N_("{name} is on call from {start} to {end} already."),
        N_("Change that shift, or choose other hours."),
        409,
    ),
    Kind(
        "CONTACT-032",
        N_("No contact is called “{value}”."),
        N_("Write the name or the code as the directory has it."),
    ),
    Kind(
        "CONTACT-033",
        N_("Several contacts are called “{value}”."),
        N_("Write the code: {allowed}."),
    ),
    Kind(
        "CONTACT-034",
        N_("“{value}” is no line of a plan."),
        N_("Write day, hours and person, for example: {example}"),
    ),
    Kind(
        "CONTACT-035",
        N_("This shift is over."),
        N_("Only shifts that go on or come can be changed."),
        409,
    ),
)
