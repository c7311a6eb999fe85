"""Problems of drills: scenarios, and playing them."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "DRILL-001",
        N_("There is no drill “{value}”."),
        N_("Take one of these: {allowed}. Or give the path of a scenario file."),
        404,
    ),
    Kind(
        "DRILL-002",
        N_("{place}, {measure}: nothing says what is counted there on an ordinary day."),
        N_("Add the place to a [[usual]] with the same measure, category and source."),
    ),
    Kind(
        "DRILL-003",
        N_("{day} lies outside the days of the scenario, {first} to {last}."),
        N_("Choose a day between them, or play more days."),
    ),
    Kind(
        "DRILL-004",
        N_("The drill cannot be played: {detail}"),
        N_("Correct the scenario, the plan or the template that it names, then run it again."),
    ),
    Kind(
        "DRILL-005",
        N_("{folder} is not empty: a drill is played in a home of its own."),
        N_("Give the path of a folder that is new or empty."),
    ),
    Kind(
        "DRILL-006",
        N_("The drill stopped before its end: {detail}"),
        N_("Run it again with --home FOLDER, and look at what is in that home."),
        500,
    ),
)
