"""Problems of alerts: their texts, areas, approval and sending."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "ALERT-001",
        N_("An alert message that is {state} cannot be {wanted}."),
        N_("Possible now: {allowed}."),
        409,
    ),
    Kind(
        "ALERT-002",
        N_("There is no template of the hazard {value}."),
        N_("Choose one of: {allowed}."),
    ),
    Kind(
        "ALERT-003",
        N_("There is no {kind} with the code {value}."),
        N_("Take the code from its page."),
    ),
    Kind(
        "ALERT-004",
        N_("{value} has not been verified."),
        N_("Verify it first: ask the post, write down what it said."),
        409,
    ),
    Kind(
        "ALERT-005",
        N_("Whoever wrote or changed a message does not approve it."),
        N_("Ask another approver."),
        403,
    ),
    Kind(
        "ALERT-006",
        N_("You do not hold the role of an approver now."),
        N_("Ask an administrator for the role, or another approver."),
        403,
    ),
    Kind(
        "ALERT-007",
        N_("You have decided on this text already."),
        N_("Wait for the others, or let the text be changed."),
        409,
    ),
    Kind(
        "ALERT-008",
        N_("A reason is missing."),
        N_("Write in one sentence why."),
    ),
    Kind(
        "ALERT-009",
        N_("{value} is no {field} of an alert."),
        N_("Possible: {allowed}."),
    ),
    Kind(
        "ALERT-010",
        N_("The alert would end at {value}, before it starts or is sent ({start})."),
        N_("Choose a later end."),
    ),
    Kind(
        "ALERT-011",
        N_("The clock stands at {now}, before {sent}, when the message it refers to was sent."),
        N_("Set the clock of the home right, then send it."),
        409,
    ),
    Kind(
        "ALERT-012",
        N_("There is no alert or message with the code {value}."),
        N_("Take the code from the list of alerts."),
        404,
    ),
    Kind(
        "ALERT-013",
        N_("{value} has no message that is in force."),
        N_("Draft a new alert."),
        409,
    ),
    Kind(
        "ALERT-014",
        N_("{value} has a message that is still being written or waits for approval: {message}."),
        N_("Publish it, change it or throw it away first."),
        409,
    ),
    Kind(
        "ALERT-015",
        N_("Every measure has an end: {value} is no day after today."),
        N_("Write the day on which it ends at the latest."),
    ),
    Kind(
        "ALERT-016",
        N_("{value} is unknown among {target}."),
        N_("Take a code from the list."),
    ),
    Kind(
        "ALERT-017",
        N_("The alert has no area."),
        N_("Choose a crossing or a commune, or draw an outline."),
    ),
    Kind(
        "ALERT-018",
        N_("Where people cross at {value} is not told to more people than need it."),
        N_("Choose the commune instead."),
    ),
    Kind(
        "ALERT-019",
        N_("Nobody would receive this message."),
        N_("Choose institutions or roles that have contacts, or add contacts."),
    ),
    Kind(
        "ALERT-020",
        N_("In the language {language}, the {field} is missing."),
        N_("Write it, or take it from the template."),
    ),
    Kind(
        "ALERT-021",
        N_("In the language {language}, no protection action is named."),
        N_("Write first what protects people: shelter, water, care, a safe place."),
    ),
    Kind(
        "ALERT-022",
        N_("The language {language} has other numbers or codes than {first}: {found}."),
        N_("Say the same numbers in every language."),
    ),
    Kind(
        "ALERT-023",
        N_("In the language {language}, {place} is not named."),
        N_("Name the same places in every language."),
    ),
    Kind(
        "ALERT-024",
        N_("The language {language} has {found} sentences where {first} has {wanted}."),
        N_("Say the same instructions in every language."),
    ),
    Kind(
        "ALERT-025",
        N_("The text in the language {language} seems to be written in the language {other}."),
        N_("Translate it."),
    ),
    Kind(
        "ALERT-026",
        N_("The text is too long: {found} characters, at most {limit}."),
        N_("Shorten it."),
    ),
    Kind(
        "ALERT-027",
        N_("The text in the language {language} is the same as in {first}."),
        N_("Translate it."),
    ),
    Kind(
        "ALERT-028",
        N_("Something is still to be filled in: {braces}."),
        N_("Write the words that belong there."),
    ),
    Kind(
        "ALERT-030",
        N_("“{word}” blames people or makes them a flood."),
        N_("Say irregular, and speak of people and of what they need."),
    ),
    Kind(
        "ALERT-031",
        N_("“{word}” names people who move as the danger."),
        N_("Name what endangers life or health: no shelter, sickness, a boat in distress."),
    ),
    Kind(
        "ALERT-032",
        N_("The protection action speaks of control: “{word}”."),
        N_("Write what protects people; what services control comes after it, and not here."),
    ),
    Kind(
        "ALERT-033",
        N_("A text for the public holds numbers that may be counts of ours: {found}."),
        N_("Say it in words, such as: {words}."),
    ),
    Kind(
        "ALERT-034",
        N_("In the language {language}, the SMS takes {found} parts, at most {limit} are allowed."),
        N_("Leave out {over} characters, or letters that are not in the alphabet of SMS (ê, ç, ’)."),
    ),
    Kind(
        "ALERT-035",
        N_("There is no language {value} in this home."),
        N_("Possible: {allowed}."),
    ),
    Kind(
        "ALERT-040",
        N_("An outline needs at least three corners with latitude and longitude; {found} were given."),
        N_("Draw it again."),
    ),
    Kind(
        "ALERT-041",
        N_("The sides of the outline cross each other."),
        N_("Draw it around the area without crossing a side."),
    ),
    Kind(
        "ALERT-042",
        N_("The outline leaves the country's map at {lat}, {lon}."),
        N_("Draw it inside the map."),
    ),
    Kind(
        "ALERT-043",
        N_("The outline has {found} corners, at most {limit}."),
        N_("Draw it with fewer corners."),
    ),
    Kind(
        "ALERT-050",
        N_("The code in the answer is wrong."),
        N_("Send the code that stands in the last message, nothing else."),
    ),
    Kind(
        "ALERT-051",
        N_("The code is no longer valid."),
        N_("Look at the alert on its page, or wait for the next code."),
        409,
    ),
    Kind(
        "ALERT-052",
        N_("After {limit} wrong codes this request is closed."),
        N_("Look at the alert on its page."),
        409,
    ),
    Kind(
        "ALERT-053",
        N_("No approval is asked of this number."),
        N_("Answer from the number that received the code."),
        404,
    ),
)
