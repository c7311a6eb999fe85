"""Problems of the statements of a policy."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind("POL-001", N_("There is no policy “{code}”."), N_("Take a code from the list of policies."), 404),
    Kind("POL-002", N_("There is no statement “{code}” in this policy."), N_("Take a code from its pages."), 404),
    Kind(
        "POL-003",
        N_("Somebody changed {code} meanwhile: it is at revision {now}, you saw {seen}."),
        N_("Read what stands now, then decide."),
        409,
    ),
    Kind("POL-004", N_("It says nothing in any language."), N_("Write it in one language at least.")),
    Kind("POL-005", N_("The text is longer than {limit} characters."), N_("Shorten it.")),
    Kind("POL-006", N_("Say why."), N_("Write a sentence that others can follow.")),
    Kind("POL-007", N_("{code} was withdrawn: that is not possible now."), N_("Take it up again first."), 409),
    Kind("POL-008", N_("{code} still carries {others}."), N_("Withdraw these first, or hang them elsewhere."), 409),
    Kind("POL-009", N_("“{value}” is not one of: {allowed}."), N_("Choose one of them.")),
    Kind("POL-010", N_("It ends before it begins."), N_("Put the later date last.")),
    Kind("POL-011", N_("{code} begins before {first} or ends after {last}, the period of the policy."), N_(
        "Choose dates within it, or change the period of the policy.")),
    Kind("POL-012", N_("There is no “{code}” to refer to."), N_("Take a code that exists and stands.")),
    Kind("POL-013", N_("Actions wait for each other in a circle: {circle}."), N_("Take one of these links away.")),
    Kind("POL-014", N_("An indicator measures one action or one objective."), N_("Choose one of them.")),
    Kind("POL-015", N_("“{value}” is not a number that can be kept here."), N_(
        "Write digits, with at most {places} decimals.")),
    Kind("POL-016", N_("“{value}” is no currency."), N_("Write three capital letters, such as HTG or USD.")),
    Kind("POL-017", N_("An institution has one part in a measure; {institution} has two."), N_("Leave one.")),
    Kind("POL-018", N_("The period {day} lies in the future."), N_("Report it when it has ended.")),
    Kind("POL-019", N_("A policy needs one theme and one language at least."), N_("Name them.")),
    Kind("POL-020", N_("Several policies have a statement “{code}”: {others}."), N_(
        "Write one of these codes whole."), 409),
    Kind("POL-030", N_("No such breach of a rule stands in {policy} any more."), N_("Check the policy again."), 404),
    Kind("POL-031", N_("{rule} cannot be waived. {why}"), N_("Mend what is broken.")),
    Kind("POL-032", N_("It was taken back already in {policy}, or never stood."), N_("Look at the page again."), 404),
    Kind("POL-033", N_("It does not say what is not addressed."), N_("Name the finding by its code, or the group.")),
)  # fmt: skip
