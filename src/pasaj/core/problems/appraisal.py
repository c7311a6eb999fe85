"""Problems of an options appraisal: its options, criteria, cells, weights and decision."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind("POLOPT-001", N_("There is no appraisal “{code}”."), N_("Take a code from the list of appraisals."), 404),
    Kind(
        "POLOPT-002",
        N_("There are fewer than two options to compare."),
        N_("Add an option beside the one of changing nothing."),
    ),
    Kind(
        "POLOPT-003",
        N_("No option says what happens when nothing is changed."),
        N_("Add the status quo: every option is judged against it."),
    ),
    Kind("POLOPT-004", N_("“{value}” stands twice."), N_("Give one of the two another code.")),
    Kind(
        "POLOPT-005",
        N_("Nothing says what {criterion} is worth: its ends, points or words cannot be used."),
        N_("State two ends that differ, points with rising figures and values from 0 to 1, or at least two words."),
    ),
    Kind("POLOPT-006", N_("“{value}” is no word of the scale."), N_("Use one of: {allowed}.")),
    Kind(
        "POLOPT-007",
        N_("{value} does not lie within the stated ends, {low} to {high}."),
        N_("Correct the figure; or state wider ends, which changes the value of every option."),
    ),
    Kind(
        "POLOPT-008",
        N_("The two bounds of a figure are not a lower and a higher one."),
        N_("Give both, the lower one first, or none."),
    ),
    Kind(
        "POLOPT-009",
        N_("The standard deviation is not one of a figure."),
        N_("Give the figure and a standard deviation of zero or more, or leave the deviation out."),
    ),
    Kind(
        "POLOPT-010",
        N_("The weights do not speak of the criteria that are compared: {value}."),
        N_("Give each criterion that is no veto one weight, and nothing else."),
    ),
    Kind(
        "POLOPT-011",
        N_("A weight is below zero, or all of them are zero."),
        N_("Write weights of zero or more; only their proportions count."),
    ),
    Kind(
        "POLOPT-012",
        N_("No weights lie within these bounds."),
        N_("Write shares from 0 to 100: the lower ones add up to at most 100, the upper ones to at least 100."),
    ),
    Kind(
        "POLOPT-013",
        N_("The order of importance does not name each criterion once: {value}."),
        N_("Give each criterion that is no veto one place; several may share one."),
    ),
    Kind(
        "POLOPT-014",
        N_("Every criterion is a veto: there is nothing to compare."),
        N_("Add a criterion that is weighed against others."),
    ),
    Kind(
        "POLOPT-015",
        N_("Every option violates rights: none can be compared."),
        N_("Look for another option, or change one so that it no longer does, and judge it again."),
    ),
    Kind(
        "POLOPT-016",
        N_("{value} is not a number of draws."),
        N_("Write a whole number from 100 to {most}; 10000 is the usual one."),
    ),
    Kind(
        "POLOPT-017",
        N_("{option} is first in {share} of the draws, fewer than the {floor} that this appraisal asks for."),
        N_("Write why it is chosen all the same."),
    ),
    Kind(
        "POLOPT-018",
        N_("{option} violates rights."),
        N_("Choose another option; or write why it is chosen all the same, for everybody to read."),
    ),
    Kind(
        "POLOPT-029",
        N_("What {option} does to rights is in doubt."),
        N_("Write what makes it lawful, necessary and proportionate, and why it is chosen."),
    ),
    Kind(
        "POLOPT-019",
        N_("Nobody has judged what {option} means for rights: it may be ruled out."),
        N_("Judge its impact on rights first."),
    ),
    Kind(
        "POLOPT-020",
        N_("{code} is decided and cannot be changed now."),
        N_("Take the decision back first, with a reason."),
        409,
    ),
    Kind("POLOPT-021", N_("{code} is not decided yet."), N_("Choose an option first."), 409),
    Kind(
        "POLOPT-022",
        N_("The option of changing nothing stays: the others are judged against it."),
        N_("Say it otherwise, or leave it."),
        409,
    ),
    Kind(
        "POLOPT-023",
        N_("{criterion} was judged already and cannot be taken out."),
        N_("Leave it in; a weight of zero takes it out of the sum."),
        409,
    ),
    Kind("POLOPT-024", N_("There are {most} of them already."), N_("Ask another question, or leave one out.")),
    Kind(
        "POLOPT-025",
        N_("{criterion} can rule an option out and stays."),
        N_("Leave it in: it takes no weight from others."),
        409,
    ),
    Kind(
        "POLOPT-026",
        N_("{measure} does not serve {objective}, which the question is asked for."),
        N_("Choose a measure that serves it, or let this one serve it too."),
    ),
    Kind("POLOPT-027", N_("The judgement says nothing."), N_("Choose a word or write a figure; “unknown” is one.")),
    Kind(
        "POLOPT-028",
        N_("Somebody judged this meanwhile."),
        N_("Read what stands now, then judge it again; your text is still here."),
        409,
    ),
)
