"""Problems of assessment frameworks: 001 to 039 of the files (036 and up warn), 040 and up of versions in a home."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "FRAME-001",
        N_("The framework calls itself “{value}”; its folder is {folder}."),
        N_("Give the folder the code of the framework, or the other way round."),
    ),
    Kind(
        "FRAME-002",
        N_("“{value}” cannot be a version."),
        N_("Use letters, digits, dots and hyphens, at least one digit, at most 40, for example 2026.1."),
    ),
    Kind(
        "FRAME-003",
        N_("“{value}” cannot be the code of an indicator."),
        N_("Use capital letters, digits, hyphen and underscore, at most 40, starting with a letter: LEG-01."),
    ),
    Kind(
        "FRAME-004",
        N_("“{value}” is no weight."),
        N_("Write a number from 0 to {limit} with at most four decimals, for example 1 or 0.5."),
    ),
    Kind(
        "FRAME-005",
        N_("There is no text in the language “{language}”."),
        N_("Fill in “{column}”: each text is needed in every language of the framework."),
    ),
    Kind(
        "FRAME-006",
        N_("This text holds markup or code ({found})."),
        N_("Write plain text; a form on a phone would take it for an instruction."),
    ),
    Kind(
        "FRAME-007",
        N_("This text holds a line break or a hidden character."),
        N_("Write it on one line; type it again if it was copied from a web page."),
    ),
    Kind(
        "FRAME-008",
        N_("The weights of the pillars add up to zero."),
        N_("Give at least one pillar a weight above 0."),
    ),
    Kind(
        "FRAME-009",
        N_("The weights of pillar {pillar} add up to zero for the unit {unit}."),
        N_("Give at least one of these indicators a weight above 0."),
    ),
    Kind(
        "FRAME-010",
        N_("Pillar {pillar} has no indicator."),
        N_("Add an indicator to it, or remove the pillar."),
    ),
    Kind(
        "FRAME-011",
        N_("This condition cannot be read from “{rest}” on."),
        N_("Join comparisons by “and” or “or”: kind=land and (official=yes or INS-05>=1)."),
    ),
    Kind(
        "FRAME-012",
        N_("“{value}” is neither an indicator nor an attribute of the unit {unit}."),
        N_("Write the code of an indicator, or one of: {allowed}."),
    ),
    Kind(
        "FRAME-013",
        N_("{subject} cannot be compared with “{value}”."),
        N_("Write one of: {allowed}. Only indicators can be compared by size."),
    ),
    Kind(
        "FRAME-014",
        N_("{subject} is asked of the unit {other}, this indicator of the unit {unit}."),
        N_("Ask for an indicator of the same unit, or of the country: only these have one answer here."),
    ),
    Kind(
        "FRAME-015",
        N_("The conditions run in a circle: {chain}."),
        N_("Remove one of these conditions: an indicator cannot wait for its own answer."),
    ),
    Kind(
        "FRAME-016",
        N_("There are {found} of them; a framework may have at most {limit}."),
        N_("Leave some out, or make two frameworks."),
    ),
    Kind(
        "FRAME-017",
        N_("“{value}” is not the code of a language, or stands twice."),
        N_('List each language once by its code of two or three small letters: ["fr", "en"].'),
    ),
    Kind(
        "FRAME-018",
        N_("The workbook has no sheet “{sheet}”."),
        N_("Take a framework as a file from its page and fill in its four sheets."),
    ),
    Kind(
        "FRAME-036",
        N_("The framework does not speak “{language}”, a language of the pack."),
        N_("Add the language to the framework, or leave it: the first one is shown instead."),
    ),
    Kind(
        "FRAME-037",
        N_("This indicator names no source."),
        N_("Name a source of the framework, so that a reader can see where the question comes from."),
    ),
    # Versions in a home
    Kind(
        "FRAME-040",
        N_("Version {version} of the framework “{framework}” is in use and says something else."),
        N_("Give the changed framework a new version: answers belong to the version they were asked with."),
        409,
    ),
    Kind(
        "FRAME-041",
        N_("This is no workbook that can be read: {detail}."),
        N_("Hand in an .xlsx workbook, or a .zip with its tables as .csv files."),
    ),
    Kind(
        "FRAME-042",
        N_("{file} is too large."),
        N_("A framework fits into {limit} MB; remove pictures and other sheets."),
        413,
    ),
    Kind(
        "FRAME-043",
        N_("Version {version} of the framework “{framework}” says the same already."),
        N_("Nothing to do."),
        409,
    ),
    Kind(
        "FRAME-044",
        N_("This version is published already."),
        N_("Nothing to do; a published version stays as it is."),
        409,
    ),
)
