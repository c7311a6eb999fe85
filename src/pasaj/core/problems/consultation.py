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
)
