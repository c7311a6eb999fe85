"""Problems of messages, their channels and what comes back."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "NOTIFY-001",
        N_("There is no channel called “{channel}”."),
        N_("Use one of these: {known}."),
    ),
    Kind(
        "NOTIFY-002",
        N_("“{value}” is no address of the channel “{channel}”."),
        N_("Write it like {example}."),
    ),
    Kind(
        "NOTIFY-003",
        N_("The text has no {part} in the language “{language}”."),
        N_("Write it, or leave the language out altogether."),
        words={"subject": N_("subject"), "body": N_("text"), "short": N_("short text")},
    ),
    Kind(
        "NOTIFY-004",
        N_("The short text in the language “{language}” takes {segments} parts as SMS; {room} are allowed."),
        N_("Shorten it. These characters cost most: {forcing}."),
    ),
    Kind(
        "NOTIFY-005",
        N_("A message without any text cannot be sent."),
        N_("Write it in at least the default language of the home."),
    ),
    Kind(
        "NOTIFY-006",
        N_("The attachment {name} is not there."),
        N_("Make the file again, then send the message."),
    ),
    Kind(
        "NOTIFY-007",
        N_("Nothing of the message {code} can be {wanted} now."),
        N_("Look at the state of each recipient on its page."),
        409,
        words={
            "cancelled": N_("cancelled"),
            "resent": N_("sent again"),
            "printed": N_("handed out"),
            "acknowledged": N_("acknowledged"),
        },
    ),
    Kind(
        "NOTIFY-008",
        N_("The number of minutes to acknowledge in must be 1 or more."),
        N_("Leave it out where nobody needs to acknowledge."),
    ),
)
