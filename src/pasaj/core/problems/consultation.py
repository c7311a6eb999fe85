"""Problems of consultations: files that come back, and what is said in a round."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "CONS-001",
        N_("The file has {size} bytes; at most {limit} are taken."),
        N_("Take pictures out of it, or send the reply in two files."),
        413,
    ),
    Kind(
        "CONS-002",
        N_("The file is not a Word file."),
        N_("Send the Word file of this consultation (it ends in .docx) with your changes in it."),
    ),
    Kind(
        "CONS-003",
        N_("The file is an OpenDocument text (.odt)."),
        N_("Open it, choose “Save as” and the type “Word 2007-365 (.docx)”, and send that file."),
    ),
    Kind(
        "CONS-004",
        N_("The file is a PDF: changes and comments in it cannot be told apart from the text."),
        N_("Write your changes into the Word file of this consultation, or enter them as comments on its page."),
    ),
    Kind(
        "CONS-005",
        N_("The file is of an older kind (.doc or .rtf)."),
        N_("Open it, choose “Save as” and the type “Word document (.docx)”, and send that file."),
    ),
    Kind(
        "CONS-006",
        N_("The file is locked by a password."),
        N_("Open it, take the password away, save it and send it again."),
    ),
    Kind(
        "CONS-007",
        N_("The file holds more than a reply does when it is unpacked."),
        N_("Copy your changes into a fresh Word file of this consultation and send that one."),
        413,
    ),
    Kind(
        "CONS-008",
        N_("The file is damaged ({detail})."),
        N_("Open it in a word processor, save it as .docx once more and send it again."),
    ),
    Kind(
        "CONS-009",
        N_("The file is not the Word file of a consultation: neither its mark nor the marks of clauses are in it."),
        N_("Download the Word file from the page of the consultation and write your changes into that one."),
    ),
    Kind(
        "CONS-010",
        N_("The file is a reply to another document: {found}. Here, {expected} is asked about."),
        N_("Upload it on the page of the consultation it belongs to."),
    ),
    Kind("CONS-011", N_("There is no consultation “{code}”."), N_("Take one from the list of the policy."), 404),
    Kind(
        "CONS-012",
        N_("{code} is {state}: that is not possible now."),
        N_("A draft is changed and opened, an open one is answered and closed, a closed one is reported."),
        409,
        words={"draft": N_("a draft"), "open": N_("open"), "closed": N_("closed")},
    ),
    Kind(
        "CONS-013",
        N_("{code} was changed since you opened it."),
        N_("Open it again; what you wrote is still in the form. Then save it."),
        409,
    ),
    Kind(
        "CONS-014",
        N_("The document of {policy} has no text to ask about."),
        N_("Write its clauses first, then open the consultation."),
        409,
    ),
    Kind("CONS-015", N_("It would end before it begins."), N_("Choose a last day that is not before the first.")),
    Kind("CONS-016", N_("No way is chosen in which anybody could answer."), N_("Choose at least one.")),
    Kind(
        "CONS-017",
        N_("{institution} is not asked in {code}."),
        N_("Choose one of the institutions that are asked, or add it to them while the round is a draft."),
    ),
    Kind("CONS-018", N_("The text has {count} signs; {limit} fit."), N_("Shorten it, or make two comments of it.")),
    Kind("CONS-019", N_("Nothing is written."), N_("Write at least a sentence.")),
    Kind(
        "CONS-020",
        N_("Many comments came from your address within an hour."),
        N_("Wait an hour. What you wrote is still in the form."),
        429,
    ),
    Kind(
        "CONS-021",
        N_("More comments wait to be read than can be taken at the moment."),
        N_("Try again tomorrow; what you wrote is still in the form. Copy it to be safe."),
        429,
    ),
    Kind(
        "CONS-022",
        N_("{code} can be answered from {first} to {last}."),
        N_("Come back within these days, or write to whoever answers for the policy."),
        409,
    ),
    Kind("CONS-023", N_("This very file was taken in as {code}."), N_("Nothing to do."), 409),
    Kind(
        "CONS-024",
        N_(
            "Not everything said has its answer yet: {comments} comments, {suggestions} suggested texts, "
            "{tray} parts of replies to be placed, {waiting} comments to be let through or kept back."
        ),
        N_("Answer each of them, then close the round."),
        409,
    ),
    Kind("CONS-025", N_("There is no comment “{code}”."), N_("Take one from the list of the consultation."), 404),
    Kind("CONS-026", N_("This part of the reply has been settled already."), N_("Nothing to do."), 409),
    Kind(
        "CONS-027",
        N_("{code} does not ask about a clause “{clause}”."),
        N_("Take a clause from the text that was asked about."),
    ),
    Kind(
        "CONS-028",
        N_("There is no revision {number} of {clause}."),
        N_("Take the number of a revision from the history of the clause, or leave both empty."),
    ),
    Kind(
        "CONS-029",
        N_("What the file holds is not before us any more."),
        N_("Upload it again: you see what lands where before anything is stored."),
        409,
    ),
    Kind(
        "CONS-030",
        N_("The file says nothing other than what was sent: no change, no comment."),
        N_("Make sure that it was saved after the changes were made, and send it again."),
    ),
    Kind("CONS-031", N_("“{value}” is not one of {allowed}."), N_("Take one of these.")),
    Kind(
        "CONS-032",
        N_("In this way {code} cannot be answered."),
        N_("Use one of the ways that its page names."),
        409,
    ),
    Kind(
        "CONS-033",
        N_("Line {row}: an institution and a colon are missing before what was said."),
        N_("Write each line as “CODE: what was said”, or choose one institution for all lines."),
    ),
)
