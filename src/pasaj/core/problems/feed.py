"""Problems of sources of alerts: addresses, downloads, what they turned out to be."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "FEED-001",
        N_("“{value}” is not an address of the web."),
        N_("Write the whole address, beginning with https:// or http://, without a name and password in it."),
    ),
    Kind(
        "FEED-002",
        N_("The address leads on to {to}, which is not followed."),
        N_("Look where it leads, and enter that address if you trust it."),
    ),
    Kind(
        "FEED-003",
        N_("The address does not answer: {detail}"),
        N_("It is tried again later. If it lasts, ask the service whether the address has changed."),
    ),
    Kind(
        "FEED-004",
        N_("The address answers with status {status}."),
        N_("It is tried again later. If it lasts, ask the service whether the address has changed."),
    ),
    Kind(
        "FEED-005",
        N_("The answer is larger than {limit} bytes."),
        N_("Ask the service for a feed of recent alerts only."),
    ),
    Kind(
        "FEED-006",
        N_("This is neither a feed nor an alert: {detail}"),
        N_("Enter the address of an Atom or RSS feed of CAP 1.2 messages, or of one such message."),
    ),
    Kind(
        "FEED-007",
        N_("The answer has a document type or entities of its own, and is not read."),
        N_("Ask the service for a feed without them."),
    ),
    Kind(
        "FEED-008",
        N_("The source {code} is there already."),
        N_("Choose another code, or change the one that is there."),
        409,
    ),
    Kind(
        "FEED-009",
        N_("“{value}” is not a SHA-256 fingerprint."),
        N_("Copy its 64 hexadecimal digits from the service, with or without colons."),
    ),
    Kind(
        "FEED-010",
        N_("{value} minutes are not possible."),
        N_("Ask every 1 to 1440 minutes."),
    ),
    Kind(
        "FEED-011",
        N_("“{value}” is not a code."),
        N_("Use up to 20 capital letters, digits and hyphens, beginning with a letter."),
    ),
    Kind(
        "FEED-012",
        N_("Entry {row} of the feed has no link to a message."),
        N_("Ask the service for links of the type application/cap+xml."),
    ),
    Kind(
        "FEED-013",
        N_("The source has no name."),
        N_("Write how people call it."),
    ),
    Kind(
        "FEED-014",
        N_("{count} older messages are still to be fetched."),
        N_("Nothing to do: they come with the next rounds."),
    ),
)
