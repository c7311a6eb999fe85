"""Problems of the chain of evidence: claims, links, reviews, withdrawals."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "EVID-001",
        N_("The claim has more than {limit} signs."),
        N_("Shorten it: a name, a sign and a number, such as “score < 2”."),
    ),
    Kind(
        "EVID-002",
        N_("“{text}” is not a comparison."),
        N_("Write a name, one of < <= > >= = != and a number or a word; join several with “and”."),
    ),
    Kind(
        "EVID-003",
        N_("“{value}” is neither a number nor a word."),
        N_("Write the number with a point and without spaces, such as 0.4."),
    ),
    Kind(
        "EVID-004",
        N_("The word “{value}” cannot be compared with {sign}."),
        N_("Words know only = and !=."),
    ),
    Kind(
        "EVID-005",
        N_("{code} has no value named “{name}”."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "EVID-006",
        N_("The claim {claim} is not true of {code}: its value is {value}."),
        N_("A claim holds for the whole interval. Change the claim, or the statement."),
    ),
    Kind(
        "EVID-007",
        N_("There is no {code} in the chain of evidence."),
        N_("Check the code; what nobody has cited yet is not in the chain."),
        404,
    ),
    Kind(
        "EVID-008",
        N_("{code} cannot rest on {parent}: a {child_kind} does not rest on a {parent_kind} in the way “{type}”."),
        N_("Choose another kind of link."),
    ),
    Kind(
        "EVID-009",
        N_("The link would close a circle: {circle}."),
        N_("What rests on a statement cannot support it. Remove one of the links."),
    ),
    Kind(
        "EVID-010",
        N_("{code} has changed since you looked at it: revision {now}, you saw {seen}."),
        N_("Read what stands now, then decide."),
        409,
    ),
    Kind(
        "EVID-011",
        N_("A review needs a note."),
        N_("Say in a sentence why the statement stands, or what was changed."),
    ),
    Kind(
        "EVID-012",
        N_("{code} is in a critical chain: its author's own institution ({institutions}) cannot review it."),
        N_("Ask somebody of another institution."),
        403,
    ),
    Kind(
        "EVID-013",
        N_("{code} was withdrawn; nothing can rest on it."),
        N_("Remove the link, or rest the statement on something else."),
        409,
    ),
    Kind(
        "EVID-014",
        N_("{code} has no editorial change that waits for confirmation."),
        N_("A change of meaning came after it, or it is confirmed already: review the links one by one."),
        409,
    ),
    Kind(
        "EVID-015",
        N_("A second person confirms that only the wording changed."),
        N_("Ask somebody else than the one who changed it."),
        403,
    ),
    Kind(
        "EVID-016",
        N_("A withdrawal needs a reason."),
        N_("Say in a sentence why it no longer counts."),
    ),
    Kind(
        "EVID-017",
        N_("{code} is a {kind} already."),
        N_("Use another code: a code keeps its kind."),
        409,
    ),
    Kind(
        "EVID-018",
        N_("{code} does not rest on {parent} in the way “{type}”."),
        N_("Make the link first."),
        404,
    ),
    Kind(
        "EVID-019",
        N_("“{value}” is not a result of a review."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "EVID-020",
        N_("The numbers of {code} have changed: that is more than its wording."),
        N_("Record it as a change; links with a claim that still holds stay as they are."),
    ),
    Kind(
        "EVID-021",
        N_("{code} says nothing about: {fields}."),
        N_("Give every normative field of its kind, an empty text where there is nothing to say."),
    ),
)
