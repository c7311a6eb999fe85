"""Problems of signals and their triage."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "SIGNAL-001",
        N_("A signal that is {state} cannot become {wanted}."),
        N_("Possible now: {allowed}."),
        409,
    ),
    Kind(
        "SIGNAL-002",
        N_("A signal is discarded only with a reason."),
        N_("Write in one sentence why it is no cause for concern."),
    ),
    Kind(
        "SIGNAL-003",
        N_("Someone else changed this signal meanwhile: it is now {state}."),
        N_("Read their note, then decide again."),
        409,
    ),
    Kind(
        "SIGNAL-004",
        N_("The note is empty."),
        N_("Write what was learnt, and from whom."),
    ),
)
