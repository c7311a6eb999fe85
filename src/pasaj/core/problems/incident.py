"""Problems of incidents, of reports on the status of a crossing, and of calls to silent posts."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind("INCIDENT-001", N_("There is no type of incident “{value}”."), N_("Use one of: {allowed}.")),
    Kind(
        "INCIDENT-002",
        N_("No crossing point and no area has the code “{value}”."),
        N_("Look the code up on the pages of crossings and areas."),
    ),
    Kind(
        "INCIDENT-003",
        N_("A sea event needs a sea zone as its place, not “{value}”."),
        N_("Choose one of: {allowed}."),
    ),
    Kind(
        "INCIDENT-004",
        N_("An incident of this type does not happen at sea, so “{value}” cannot be its place."),
        N_("Choose a crossing point or a commune, or another type."),
    ),
    Kind(
        "INCIDENT-005",
        N_("“{value}” is not counted of this type of incident."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "INCIDENT-006",
        N_("{what} is not given in “{value}”."),
        N_("Use one of the units: {allowed}."),
    ),
    Kind("INCIDENT-007", N_("{what} is given twice."), N_("Keep one of the two numbers.")),
    Kind(
        "INCIDENT-008",
        N_("The incident lies in the future: it begins on {value}, and today is {today}."),
        N_("Check the date."),
    ),
    Kind(
        "INCIDENT-009",
        N_("No institution has the code “{value}”."),
        N_("Leave it empty when the service is not known, or use a code of the page of institutions."),
    ),
    Kind(
        "INCIDENT-010",
        N_("“{value}” is not a way through countries."),
        N_(
            "Write two-letter country codes in their order, for example BR>CO>PA. Nothing finer than countries is kept."
        ),
    ),
    Kind(
        "INCIDENT-011",
        N_("The countries of the way are not kept for this type of incident."),
        N_("Leave the field empty."),
    ),
    Kind(
        "INCIDENT-012",
        N_("{value} is not a time to referral in hours."),
        N_("Write the hours from finding out to the referral, 0 to {most}; leave it empty when there was none."),
    ),
    Kind(
        "INCIDENT-013",
        N_("There is no incident {value}."),
        N_("Look the code up in the list of incidents."),
        404,
    ),
    Kind(
        "INCIDENT-014",
        N_("Somebody corrected {value} meanwhile."),
        N_("Look at what stands now, then correct it again."),
        409,
    ),
    Kind(
        "INCIDENT-015",
        N_("The incident ends on {value}, and today is {today}."),
        N_("Check the last day; of what still goes on, today is the last day known."),
    ),
    Kind("INCIDENT-016", N_("{value} is before the year {earliest}."), N_("Check the date.")),
    Kind(
        "STATUS-001",
        N_("No crossing point has the code “{value}”."),
        N_("Look it up on the page of crossing points."),
        404,
    ),
    Kind("STATUS-002", N_("“{value}” is not a side of a crossing."), N_("Use one of: {allowed}.")),
    Kind("STATUS-003", N_("“{value}” is not a status of a crossing."), N_("Use one of: {allowed}.")),
    Kind(
        "STATUS-004",
        N_("The last day, {value}, is before the first one."),
        N_("Correct one of the two days, or leave the last one empty: until further notice."),
    ),
    Kind(
        "STATUS-005",
        N_("{value} is too far ahead: a status is reported for today, or announced for the next {days} days."),
        N_("Check the date."),
    ),
    Kind(
        "STATUS-006",
        N_("The cause is missing."),
        N_("Say in a few words why the crossing is not open; write “unknown” when nobody knows."),
    ),
    Kind("STATUS-007", N_("There is no report {value}."), N_("Look the code up on the page of the crossing."), 404),
    Kind("STATUS-008", N_("{value} is before the year {earliest}."), N_("Check the date.")),
    Kind(
        "CALL-001",
        N_("No post at “{crossing}” reports as “{source}”."),
        N_("Look the posts up on the page of the crossing."),
        404,
    ),
    Kind("CALL-002", N_("“{value}” is not a cause of silence."), N_("Use one of: {allowed}.")),
    Kind("CALL-003", N_("“{value}” is not an outcome of a call."), N_("Use one of: {allowed}.")),
    Kind("CALL-004", N_("The call lies in the future."), N_("Check date and hour.")),
    Kind("CALL-005", N_("Which cause it was is not said."), N_("Write it into the note, without names of persons.")),
)
