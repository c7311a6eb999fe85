"""Problems of the document of a policy: its clauses, drafts and suggestions."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind("DOC-001", N_("There is no clause “{code}”."), N_("Take a code from the document."), 404),
    Kind(
        "DOC-002",
        N_("Somebody changed {code} ({language}) meanwhile: it is at revision {now}, you saw {seen}."),
        N_("Both texts stand side by side below, nothing is lost: bring them together and save again."),
        409,
    ),
    Kind("DOC-003", N_("This policy has no text in “{language}”."), N_("Use one of its languages: {allowed}.")),
    Kind("DOC-004", N_("{code} was withdrawn: that is not possible now."), N_("Take it up again first."), 409),
    Kind(
        "DOC-005",
        N_("{code} cannot stand there."),
        N_("Put it on the first level or under a heading of the same policy that is not under it itself."),
    ),
    Kind(
        "DOC-006",
        N_("Under {code} still stand {others}."),
        N_("Move or withdraw these first."),
        409,
    ),
    Kind("DOC-007", N_("The document has clauses already."), N_("Add what is missing one by one."), 409),
    Kind(
        "DOC-008", N_("The pack of this country has no template of policies."), N_("Add the clauses one by one."), 404
    ),
    Kind("DOC-009", N_("The suggestion {code} has been decided already."), N_("Nothing to do."), 409),
    Kind(
        "DOC-010",
        N_("{code} was made from revision {base}; the same words have changed since."),
        N_("Bring both together in the editor, where they stand side by side."),
        409,
    ),
    Kind(
        "DOC-011",
        N_("There is no part “{part}” that comes from data."),
        N_("Choose one of: {allowed}."),
    ),
    Kind(
        "DOC-012",
        N_("A heading is one line of at most {most} signs."),
        N_("Shorten it, or put the rest into a clause under it."),
    ),
    Kind("DOC-013", N_("{code} says this already."), N_("Nothing to do."), 409),
    Kind("DOC-014", N_("The text is empty."), N_("Write something, or withdraw the clause.")),
    Kind("DOC-015", N_("There is no suggestion “{code}”."), N_("Take one from the page of the clause."), 404),
    Kind(
        "DOC-016",
        N_("“{code}” cannot be the code of a term."),
        N_("Use small letters a to z, digits and hyphens, beginning with a letter, at most 40."),
    ),
    Kind(
        "DOC-017",
        N_("{code} has no text in {language} yet, the language it is translated from."),
        N_("Write that first."),
        409,
    ),
    Kind(
        "DOC-018",
        N_("Somebody moved or linked {code} meanwhile: it is at revision {now}, you saw {seen}."),
        N_("Look at the document as it stands now, then decide."),
        409,
    ),
    Kind("DOC-019", N_("There is no revision {number} of this text."), N_("Take one from its history."), 404),
)
