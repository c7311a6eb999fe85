"""Problems of findings and recommendations."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind("FIND-001", N_("There is no finding “{code}”."), N_("Take a code from the list of findings."), 404),
    Kind(
        "FIND-002",
        N_("Somebody changed {code} meanwhile: it is at revision {now}, you saw {seen}."),
        N_("Read what stands now, then decide."),
        409,
    ),
    Kind("FIND-003", N_("{code} is {state}: that is not possible now."), N_("Look at its page again."), 409),
    Kind("FIND-004", N_("It says nothing in any language."), N_("Write it in one language at least.")),
    Kind("FIND-005", N_("The text is longer than {limit} characters."), N_("Shorten it.")),
    Kind("FIND-006", N_("Say why."), N_("Write a sentence that others can follow.")),
    Kind(
        "FIND-007",
        N_("{code} cannot be adopted: nothing live supports it."),
        N_("Link it to a score, an answer, a signal or a report that stands."),
        409,
    ),
    Kind("FIND-008", N_("“{value}” is not one of: {allowed}."), N_("Choose one of them.")),
    Kind("FIND-009", N_("{part} of {whole} is no share."), N_("Write how many of how many are concerned.")),
    Kind(
        "FIND-010", N_("There is no recommendation “{code}”."), N_("Take a code from the list of recommendations."), 404
    ),
    Kind("FIND-011", N_("A recommendation answers to a finding."), N_("Choose one finding of the round at least.")),
    Kind("FIND-012", N_("Nobody is to do it."), N_("Name the institution that answers for it, then adopt it.")),
    Kind(
        "FIND-013",
        N_("{code} cannot be adopted: none of its findings is."),
        N_("Adopt one of the findings first, or choose another."),
        409,
    ),
    Kind("FIND-014", N_("It would be due before the round ends."), N_("Choose a later date.")),
    Kind(
        "FIND-015",
        N_("“{target}” is nothing that a finding could rest on."),
        N_("Write the code of a signal or a figure, the receipt of a report, or a cell as UNIT/INDICATOR."),
        404,
    ),
    Kind("FIND-016", N_("There is no institution “{code}”."), N_("Take a code from the page of institutions.")),
)
