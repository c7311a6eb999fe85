"""Problems of situation reports."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "SITREP-001",
        N_("There is no situation report {code}."),
        N_("Take one from the list of situation reports."),
        404,
    ),
    Kind(
        "SITREP-002",
        N_("{code} was changed since you opened it."),
        N_("Open it again; what you wrote is still in the form. Then save it."),
        409,
    ),
    Kind(
        "SITREP-003",
        N_("{code} cannot be changed in this way: its state is {state}."),
        N_("A draft is edited, what is submitted approved, what is approved sent. To correct one, write a new one."),
        409,
        words={
            "draft": N_("draft"),
            "submitted": N_("submitted"),
            "approved": N_("approved"),
            "sent": N_("sent"),
            "discarded": N_("discarded"),
        },
    ),
    Kind(
        "SITREP-004",
        N_("The moment it speaks as of is not usable: {moment}."),
        N_("It is not in the future, and not before that of the report before."),
    ),
    Kind("SITREP-005", N_("A text has {length} characters; {limit} fit."), N_("Shorten it.")),
    Kind(
        "SITREP-006",
        N_("{code} was written by you: somebody else approves it."),
        N_("Ask a second person who holds the role of an approver and has not worked on it."),
    ),
    Kind(
        "SITREP-007",
        N_("The headline or the situation is missing in the language of reference ({language})."),
        N_("Write both; the other languages can follow."),
    ),
    Kind("SITREP-008", N_("Nobody is chosen who would get it."), N_("Choose at least one institution or role.")),
    Kind(
        "SITREP-009",
        N_("“{value}” is not one of {allowed}."),
        N_("Take one of these."),
    ),
    Kind("SITREP-010", N_("It is not said why."), N_("Write a sentence: it is kept with the report.")),
)
