"""Problems of the duty room: its log, handovers, events and rumours, who does what where."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind("DUTY-001", N_("There is no entry {code} in the log."), N_("Look the code up in the log of its day."), 404),
    Kind("DUTY-002", N_("The text is empty."), N_("Write in one sentence what was said or done.")),
    Kind("DUTY-003", N_("The text is longer than {limit} characters."), N_("Write the rest as a second entry.")),
    Kind("DUTY-004", N_("{value} is not one of the choices."), N_("Choose one of: {allowed}.")),
    Kind("DUTY-005", N_("{value} is still to come."), N_("Give the time at which it happened, up to now.")),
    Kind(
        "DUTY-006",
        N_("{value} is more than {days} days ago."),
        N_("Check the date. What is older belongs into the archive on paper."),
    ),
    Kind("DUTY-007", N_("{code} was corrected already, by {by}."), N_("Correct {by}: the latest one stands."), 409),
    Kind("DUTY-008", N_("The pack knows no institution {value}."), N_("Choose one of the institutions of the pack.")),
    Kind(
        "DUTY-009",
        N_("The pack knows no place {value}."),
        N_("Give the code of a crossing point, or of an area where it is not at one."),
    ),
    Kind("DUTY-010", N_("The shift ends before it begins."), N_("Check the two times.")),
    Kind("DUTY-011", N_("There is no handover {code}."), N_("Look the code up in the list of handovers."), 404),
    Kind(
        "DUTY-012",
        N_("{code} has been accepted and stays as it is."),
        N_("Write what changed since into the log."),
        409,
    ),
    Kind(
        "DUTY-013",
        N_("Whoever hands over cannot accept the same shift."),
        N_("Let the person who takes over open {code} and accept it."),
        409,
    ),
    Kind(
        "DUTY-014",
        N_("{code} waits to be accepted."),
        N_("Change that one, or let it be accepted first: one shift is handed over at a time."),
        409,
    ),
    Kind(
        "DUTY-015",
        N_("{code} was prepared again meanwhile."),
        N_("Read what stands there now, then accept it."),
        409,
    ),
    Kind("EVENT-001", N_("There is no event {code}."), N_("Look the code up in the register of events."), 404),
    Kind(
        "EVENT-002",
        N_("The range of people is not one."),
        N_("Give both numbers, the smaller first: 0 to {limit}. Leave both empty where nobody said a number."),
    ),
    Kind(
        "EVENT-003",
        N_("An event that is {state} cannot become {wanted}."),
        N_("Possible now: {allowed}."),
        409,
        words={
            "reported": N_("reported"),
            "verifying": N_("being verified"),
            "confirmed": N_("confirmed"),
            "refuted": N_("refuted"),
            "unverifiable": N_("not verifiable"),
            "asked": N_("asked about"),
            "raised": N_("a signal"),
        },
    ),
    Kind(
        "EVENT-004", N_("What the verification found is missing."), N_("Write it in one sentence, and how it is known.")
    ),
    Kind(
        "EVENT-005",
        N_("Nobody has been asked yet."),
        N_("Write down at least one step of verification first: who was asked, how, and the answer."),
        409,
    ),
    Kind(
        "EVENT-006",
        N_("Only {institution}, which reported it, was asked."),
        N_("Ask another institution before you confirm: two that repeat the same source confirm nothing."),
        409,
    ),
    Kind(
        "EVENT-007",
        N_("A rumour is refuted only with an answer for those who heard it."),
        N_("Write what may be said in public: what is true, and where to ask. No counts of ours."),
    ),
    Kind(
        "EVENT-008",
        N_("The answer for the public holds numbers: {found}."),
        N_("Say it without counts: dates, hours and codes may stand."),
    ),
    Kind(
        "EVENT-009",
        N_("Someone else changed this event meanwhile: it is now {state}."),
        N_("Read the last step, then decide again."),
        409,
        words={
            "reported": N_("reported"),
            "verifying": N_("being verified"),
            "confirmed": N_("confirmed"),
            "refuted": N_("refuted"),
            "unverifiable": N_("not verifiable"),
        },
    ),
    Kind(
        "EVENT-010",
        N_("You cannot report for {value}."),
        N_("Choose a crossing of yours or your own institution."),
        403,
    ),
    Kind("PRESENCE-001", N_("There is no entry {code}."), N_("Look it up in who does what where."), 404),
    Kind("PRESENCE-002", N_("The pack knows no function {value}."), N_("Choose one of the functions of the pack.")),
    Kind("PRESENCE-003", N_("The last day is before the first."), N_("Check the two days.")),
    Kind(
        "PRESENCE-004",
        N_("Nothing says where this is known from."),
        N_("Name the source: a document, a meeting, a call."),
    ),
    Kind(
        "PRESENCE-005",
        N_("{institution} is entered there for this already: {code}."),
        N_("Change {code} instead."),
        409,
    ),
    Kind("PRESENCE-006", N_("{code} has been taken back."), N_("Enter it anew if it holds again."), 409),
)
