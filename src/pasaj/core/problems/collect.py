"""Problems of what phones send, and of their keys. Phones show message and remedy as they stand."""

from pasaj.core.problems.kind import N_, Kind

# The bytes of a submission.
ENVELOPE = (
    Kind("COLLECT-001", N_("The answers take more than {limit} MB."), N_("Send photos as files, not as text."), 413),
    Kind(
        "COLLECT-002",
        N_("The report cannot be read: {detail}."),
        N_("Send it again. If this comes back, save the form again on the phone, or tell the cell."),
        400,
    ),
    Kind(
        "COLLECT-003",
        N_("The report defines entities of its own, which is not allowed."),
        N_("Fill in the form with ODK Collect or in the browser."),
        400,
    ),
    Kind(
        "COLLECT-004",
        N_("The report is deeper or longer than any form."),
        N_("Fill in the form with ODK Collect or in the browser."),
        400,
    ),
    Kind("COLLECT-005", N_("The report does not say which form it fills."), N_("Tell the cell."), 400),
    Kind("COLLECT-006", N_("A name in the report has more than {limit} signs."), N_("Tell the cell."), 400),
)

# What becomes of it: see core/openrosa/states.
DECISIONS = (
    Kind(
        "COLLECT-010",
        N_("This system has no form “{form}”."),
        N_("Check that the phone is set up for this server, or tell the cell."),
        404,
    ),
    Kind(
        "COLLECT-011",
        N_("You may not send the form “{form}”."),
        N_("Ask the cell for a key with this form."),
        403,
    ),
    Kind(
        "COLLECT-012",
        N_("This device was refused for this key."),
        N_("Ask the cell for a key of your own."),
        403,
    ),
    Kind(
        "COLLECT-013",
        N_("Encrypted reports are not taken."),
        N_("Fetch the form again: its present version does not encrypt."),
    ),
    Kind(
        "COLLECT-014",
        N_("This report was removed for data protection and cannot be sent again."),
        N_("Delete it on the phone. Ask the cell if you do not know why."),
        409,
    ),
    Kind(
        "COLLECT-015",
        N_("A report with this number was received already, with other answers."),
        N_("Send the new answers as a new report."),
        409,
    ),
    Kind(
        "COLLECT-016",
        N_("The form “{form}” is closed: it takes no more reports."),
        N_("Keep the report on the phone and tell the cell."),
        409,
    ),
    Kind(
        "COLLECT-017",
        N_("This corrects a report that was never received."),
        N_("Send the report first, then the correction."),
        404,
    ),
    Kind(
        "COLLECT-018",
        N_("This corrects an old state of the report: it was corrected meanwhile."),
        N_("Open the report as it is now and correct that."),
        409,
    ),
    Kind(
        "COLLECT-019",
        N_("Somebody else sent this report: only the sender can correct it."),
        N_("Send what you know as a new report."),
        403,
    ),
    Kind(
        "COLLECT-036",
        N_("This device is not confirmed yet: it can send reports, but not correct earlier ones."),
        N_("Tell the cell, and send the correction once the device is confirmed."),
        403,
    ),
)

# How it arrived.
TRANSPORT = (
    Kind(
        "COLLECT-020",
        N_("The key of this phone is unknown, expired or revoked."),
        N_("Ask the cell for a new QR code, and scan it."),
        403,
    ),
    Kind(
        "COLLECT-021",
        N_("E-mail address and access token are needed."),
        N_("Create an access token on your account page and use it as the password."),
        401,
    ),
    Kind(
        "COLLECT-022",
        N_("A password over a plain connection is refused."),
        N_("Use the https address, or a key with a QR code."),
        403,
    ),
    Kind(
        "COLLECT-023",
        N_("The report itself is missing from what was sent."),
        N_("Send it again. If this comes back, tell the cell."),
        400,
    ),
    Kind(
        "COLLECT-024",
        N_("What was sent cannot be taken apart."),
        N_("Send it again. If this comes back, tell the cell."),
        400,
    ),
    Kind(
        "COLLECT-025",
        N_("More than {limit} MB at once is not taken."),
        N_("Choose smaller pictures in the settings of the app, and send again."),
        413,
    ),
    Kind(
        "COLLECT-037",
        N_("More than {limit} files at once are not taken."),
        N_("Send the report with some of them, then the same report with the others."),
        413,
    ),
    Kind("COLLECT-026", N_("What was sent does not say its length."), N_("Send it without chunked transfer."), 411),
    Kind(
        "COLLECT-027",
        N_("The server has no room left. Your report is still on the phone."),
        N_("Send it again later; the cell has to make room first."),
        507,
    ),
    Kind(
        "COLLECT-028",
        N_("The server is busy. Your report is still on the phone."),
        N_("Send it again in a few minutes."),
        503,
    ),
    Kind(
        "COLLECT-029",
        N_("Something broke on the server. Your report is still on the phone."),
        N_("Send it again later. If this comes back, tell the cell."),
        500,
    ),
    Kind(
        "COLLECT-030",
        N_("The file “{name}” was received already, with other content."),
        N_("Send what is new as a new report."),
        409,
    ),
    Kind("COLLECT-031", N_("A file without a usable name was sent."), N_("Tell the cell."), 400),
    Kind(
        "COLLECT-032",
        N_("This server is not known by the name “{host}”."),
        N_("Tell the cell: the name belongs into PASAJ_HOSTS."),
        400,
    ),
    Kind("COLLECT-033", N_("Nothing is found at this address."), N_("Scan the QR code again, or tell the cell."), 404),
    Kind("COLLECT-034", N_("This address takes no {method}."), N_("Scan the QR code again, or tell the cell."), 405),
    Kind("COLLECT-035", N_("This system is not set up yet."), N_("Run pasaj init first."), 503),
)

# Keys of phones.
KEYS = (
    Kind("COLLECT-040", N_("The key needs a name."), N_("Name the person or the device that will use it.")),
    Kind(
        "COLLECT-041", N_("A key lives for 1 to {limit} days."), N_("Choose a shorter time, and renew the key later.")
    ),
    Kind("COLLECT-042", N_("No key has the code “{code}”."), N_("Look it up with: pasaj app-user list"), 404),
    Kind("COLLECT-043", N_("No form has the id “{form}”."), N_("Use one of: {allowed}."), 404),
    Kind(
        "COLLECT-044", N_("The QR code cannot be written to {path}: {detail}."), N_("Choose another place with --out.")
    ),
)

# Looking at what was sent.
REVIEW = (
    Kind(
        "COLLECT-060",
        N_("Something happened to this report since the page was loaded."),
        N_("Look at it as it is now, then decide again."),
        409,
    ),
    Kind(
        "COLLECT-061",
        N_("This step is not possible in the present state of the report."),
        N_("Look at it as it is now."),
        409,
    ),
    Kind("COLLECT-062", N_("Words are missing."), N_("Write what you ask, or why you decide so.")),
    Kind("COLLECT-063", N_("The text has more than {limit} signs."), N_("Say it in fewer words.")),
    Kind(
        "COLLECT-064",
        N_("No question of the cell waits for an answer here."),
        N_("Load the page again. Tell the cell by telephone what it should know."),
        409,
    ),
    Kind(
        "COLLECT-065",
        N_("The answer seems to hold a name, a telephone number or the number of a paper."),
        N_("Say it without: how many, where, when. Nothing was stored yet."),
    ),
)

KINDS: tuple[Kind, ...] = (*ENVELOPE, *DECISIONS, *TRANSPORT, *KEYS, *REVIEW)
