"""Problems of forms: handing them in, converting them, and what they may not ask."""

from pasaj.core.problems.kind import N_, Kind

# What was handed in instead of a workbook.
FOUND = (
    N_("an old Excel file (.xls)"),
    N_("a PDF"),
    N_("an XML file"),
    N_("an RTF file"),
    N_("a text file"),
    N_("an empty file"),
    N_("a file of an unknown kind"),
    N_("another document"),
    N_("a ZIP archive"),
)

KINDS: tuple[Kind, ...] = (
    Kind(
        "FORM-001",
        N_("“{file}” is no XLSForm: it is {found}."),
        N_("Save it as an Excel workbook (.xlsx) with the sheets survey, choices and settings."),
        words={one: one for one in FOUND},
    ),
    Kind(
        "FORM-002",
        N_("“{file}” holds macros."),
        N_("Save it as a workbook without macros (.xlsx) and hand that in."),
    ),
    Kind(
        "FORM-003",
        N_("“{file}” holds {size} MB; a form may have {largest} MB."),
        N_("Take pictures and other sheets out of the workbook; media are handed in beside the form."),
        413,
    ),
    Kind(
        "FORM-004",
        N_("“{file}” unpacks to {size} MB, which no form does."),
        N_("Copy the sheets survey, choices and settings into a new workbook."),
    ),
    Kind(
        "FORM-005",
        N_("There is no sheet “{sheet}”. The workbook has: {found}."),
        N_("Give the sheet with the questions the name survey."),
    ),
    Kind(
        "FORM-006",
        N_("A cell holds {found} characters; at most {limit} are read."),
        N_("Shorten it, or put the text into a media file."),
    ),
    Kind(
        "FORM-007",
        N_("The sheet has {found} rows; at most {limit} are read."),
        N_("Split the form, or put long lists into a CSV beside it (select_one_from_file)."),
    ),
    Kind(
        "FORM-008",
        N_("The conversion took longer than {seconds} seconds and was ended."),
        N_("Long chains of relevant or calculation take time: split the form, or raise PASAJ_FORM_SECONDS."),
    ),
    Kind(
        "FORM-009",
        N_("The conversion needed more memory than it may have and was ended."),
        N_("Split the form, or put long lists into a CSV beside it (select_one_from_file)."),
    ),
    Kind(
        "FORM-010",
        N_("The form has no form_id."),
        N_("Write one into the column form_id of the sheet settings; it stays for ever."),
    ),
    Kind(
        "FORM-011",
        N_("“{value}” cannot be a form_id."),
        N_("Use at most 60 letters, digits, hyphens and underscores, a letter first."),
    ),
    Kind(
        "FORM-012",
        N_("Version {version} of {form} is here already, with other content."),
        N_("Raise the version in the sheet settings; phones know a form by form_id and version."),
        409,
    ),
    Kind(
        "FORM-013",
        N_("Nobody knows the type “{value}”."),
        N_("Write one of the types of XLSForm, such as text, integer, date, select_one LIST."),
    ),
    Kind(
        "FORM-014",
        N_("${{{value}}} names no question of this form."),
        N_("Correct the name, or add the question. Names distinguish capitals."),
    ),
    Kind(
        "FORM-015",
        N_("The name “{value}” stands more than once in the same group."),
        N_("Give every question its own name."),
    ),
    Kind(
        "FORM-016",
        N_("The list “{value}” is not in the sheet choices."),
        N_("Add its rows to choices, or correct the name after select_one."),
    ),
    Kind(
        "FORM-017",
        N_("The expression cannot be read: {detail}"),
        N_("Check quotation marks, brackets and the names of functions."),
    ),
    Kind(
        "FORM-018",
        N_("Expressions depend on each other in a circle: {detail}"),
        N_("Let one of them depend on questions only."),
    ),
    Kind(
        "FORM-019",
        N_("A {what} that begins has no end, or one ends that did not begin."),
        N_("Give every begin_group and begin_repeat its end_group or end_repeat."),
    ),
    Kind(
        "FORM-020",
        N_("The converter refuses it: “{detail}”"),
        N_("See the XLSForm reference for this column, correct it and hand the form in again."),
    ),
    Kind(
        "FORM-021",
        N_("ODK Validate refuses it: “{detail}”"),
        N_("Look at the relevant, constraint and calculation of the question it names."),
    ),
    Kind(
        "FORM-022",
        N_("A question has no name, or one that cannot be used: “{value}”."),
        N_("A name starts with a letter and has letters, digits, hyphens and underscores only."),
    ),
    Kind(
        "FORM-023",
        N_("The form “{form}” is closed."),
        N_("Hand it in under another form_id, or ask whoever closed it."),
        409,
    ),
    Kind(
        "FORM-024",
        N_("{count} findings stand against publishing it."),
        N_("Change the questions, or ask the data-protection focal point for a waiver."),
        409,
    ),
    Kind(
        "FORM-025",
        N_("This version is {state} and cannot be published."),
        N_("Hand in a new version."),
        409,
        words={"draft": N_("a draft"), "published": N_("published"), "closed": N_("closed")},
    ),
    Kind(
        "FORM-026",
        N_("The file “{name}” is not what its name says."),
        N_("Media may be CSV, PNG, JPEG, GIF, WebP, SVG without scripts, MP3, MP4 or PDF, with the right ending."),
    ),
    Kind(
        "FORM-027",
        N_("The file “{name}” holds {size} MB; media may have {largest} MB."),
        N_("Make it smaller: phones load it over slow networks."),
        413,
    ),
    Kind(
        "FORM-028",
        N_("A waiver needs a purpose and an end that lies ahead, within {days} days."),
        N_("Say what the question is needed for, and until when."),
    ),
    Kind(
        "FORM-029",
        N_("{rule} cannot be waived."),
        N_("Take the question out of the form."),
        409,
    ),
    Kind(
        "FORM-030",
        N_("There is no such question in the findings of this form."),
        N_("Choose one of the findings that the page of the version shows."),
    ),
    Kind(
        "FORM-031",
        N_("No form is called {value}."),
        N_("Forms of the pack: {allowed}."),
        404,
    ),
    Kind(
        "FORM-032",
        N_("The sheet has no question."),
        N_("Write at least one row with type and name below the header."),
    ),
    Kind(
        "FORM-033",
        N_("The file “{name}” is shared by all forms."),
        N_("It is kept up to date from the list of crossing points; give your file another name."),
        409,
    ),
    Kind(
        "FORM-034",
        N_("The workbook is damaged: {detail}"),
        N_("Open it in a spreadsheet, save it anew as .xlsx and hand that in."),
    ),
    Kind(
        "FORM-035",
        N_("The form sends its answers to another server."),
        N_("Take submission_url out of the sheet settings."),
    ),
    Kind(
        "FORM-036",
        N_("The sheet cannot be read as CSV: {detail}"),
        N_("Save it as CSV (comma separated, UTF-8)."),
    ),
    Kind(
        "FORM-037",
        N_("The choice “{value}” of the list “{list}” has a space in its name."),
        N_("Write the name without spaces, such as fire_arms; its label may have them."),
    ),
    Kind(
        "FORM-038",
        N_("The list “{list}” has the choice “{value}” more than once."),
        N_("Give every choice of a list its own name."),
    ),
    Kind(
        "FORM-039",
        N_("A choice of the list “{list}” has no name."),
        N_("Write a short one into the column name of the sheet choices; it is what is stored."),
    ),
    Kind(
        "FORM-040",
        N_("Only a second person may confirm the redaction."),
        N_("Ask somebody else who has the right to redact."),
        409,
    ),
    Kind(
        "FORM-041",
        N_("The redaction of {code} stands already."),
        N_("Nothing more is to be done."),
        409,
    ),
    Kind(
        "FORM-042",
        N_("A redaction needs a reason."),
        N_("Say why the answers must go, without repeating them."),
    ),
    Kind(
        "FORM-043",
        N_("Nobody has asked for the redaction of {code}."),
        N_("Ask for it first; another person confirms it."),
        409,
    ),
    Kind(
        "FORM-044",
        N_("The question “{value}” has no label: nobody could know what is asked."),
        N_("Write what is asked into the column label. A value that nobody sees is of the type calculate."),
    ),
    Kind(
        "FORM-045",
        N_("The columns “{one}” and “{other}” mean the same."),
        N_("Rename or remove one of them."),
    ),
    Kind(
        "FORM-046",
        N_("The sheet lacks the column: {missing}."),
        N_("Add it to the first row of the sheet."),
    ),
    Kind(
        "FORM-047",
        N_("The choice “{value}” of the list “{list}” has no label."),
        N_("Write one into the column label of the sheet choices."),
    ),
    Kind(
        "COLLECT-101",
        N_("“{question}” asks for the name of a person."),
        N_("Count persons instead. Names of posts, institutions and places may be asked."),
    ),
    Kind(
        "COLLECT-102",
        N_("“{question}” asks for a birth."),
        N_("Ask how many persons of each age group there were."),
    ),
    Kind(
        "COLLECT-103",
        N_("“{question}” asks for the document of a person."),
        N_("Ask how many documents were seen, never which."),
    ),
    Kind(
        "COLLECT-104",
        N_("“{question}” asks for the telephone of a person."),
        N_("Take it out. The telephone of a post or an institution may be asked."),
    ),
    Kind(
        "COLLECT-105",
        N_("“{question}” asks for the e-mail or account of a person."),
        N_("Take it out."),
    ),
    Kind(
        "COLLECT-106",
        N_("“{question}” asks where a person lives."),
        N_("Ask for the commune or the department, with a count."),
    ),
    Kind(
        "COLLECT-107",
        N_("The form describes one person: “{question}”, {others}."),
        N_("Ask how many persons there were in each group."),
    ),
    Kind(
        "COLLECT-108",
        N_("“{question}” is filled once for each person: a register."),
        N_("Ask for counts by group instead of a row a person."),
    ),
    Kind(
        "COLLECT-109",
        N_("“{question}” asks for what marks a body."),
        N_("Take it out."),
    ),
    Kind(
        "COLLECT-110",
        N_("“{question}” reads a barcode, which may be that of a document."),
        N_("Take it out."),
    ),
    Kind(
        "COLLECT-111",
        N_("“{question}” takes a signature or a drawing."),
        N_("Take it out; who sent the form is known from the key of the phone."),
    ),
    Kind(
        "COLLECT-112",
        N_("“{question}” records sound or film."),
        N_("Take it out; ask for a short text without names."),
    ),
    Kind(
        "COLLECT-113",
        N_("“{question}” takes a picture or a file, and nothing says that it shows no person."),
        N_("Write thing or place into the column photo_of of the sheet survey, and tell the officer so in the hint."),
    ),
    Kind(
        "COLLECT-114",
        N_("“{question}” takes the number or the e-mail of whoever fills in the form."),
        N_("Take it out; the key of the phone says who sent it."),
    ),
    Kind(
        "COLLECT-115",
        N_("“{question}” takes an exact position, in a form that can name an unofficial crossing."),
        N_("Take it out, or let the form choose among official crossings only (choice_filter official = 'yes')."),
    ),
    Kind(
        "COLLECT-116",
        N_("“{question}” accepts what looks like the number of a document or a telephone."),
        N_("Take it out, or loosen the constraint if it means something else."),
    ),
    Kind(
        "COLLECT-117",
        N_("The form keeps a list of entities on the phones."),
        N_("Take out the sheet entities and the column save_to."),
    ),
    Kind(
        "COLLECT-118",
        N_("The log of the form follows where the phone is."),
        N_("Take the location parameters out of the row audit."),
    ),
    Kind(
        "COLLECT-119",
        N_("The form encrypts its answers, which this version cannot read."),
        N_("Take public_key out of the sheet settings; use https between phones and server."),
    ),
    Kind(
        "COLLECT-120",
        N_("“{question}” lists something that names a person."),
        N_("Take it out of the sheet choices."),
    ),
)
