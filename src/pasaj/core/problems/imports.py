"""Problems of files of figures and of the mapping that explains them."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "IMPORT-001",
        N_("The file is not text: it looks like {found}."),
        N_("Save it as CSV (comma separated, UTF-8) and import that file."),
    ),
    Kind(
        "IMPORT-002",
        N_("The file is not written in {stated}; it reads as {found}."),
        N_("Change `encoding` in the mapping to {found}, or leave it out."),
    ),
    Kind(
        "IMPORT-003",
        N_("The file is empty."),
        N_("Give a file with a header row and at least one row of figures."),
    ),
    Kind(
        "IMPORT-004",
        N_("The column “{name}” is not in the file."),
        N_("The file has: {header}. Correct the name in the mapping or in the file."),
    ),
    Kind(
        "IMPORT-005",
        N_("The column “{name}” stands more than once in the header."),
        N_("Give every column its own name."),
    ),
    Kind(
        "IMPORT-006",
        N_("The row has {found} cells; the header has {expected}."),
        N_("Check the row for a missing or an extra separator."),
    ),
    Kind(
        "IMPORT-007",
        N_("The row says {value} where row {first} says {other}, for the same figure."),
        N_("Keep the right one of the two rows. Until then neither is taken."),
    ),
    Kind(
        "IMPORT-008",
        N_("The mapping is not a list of keys and values."),
        N_("See the example in the guide on imports: it starts with `period:`."),
    ),
    Kind(
        "IMPORT-009",
        N_("The mapping has the key “{key}”, which means nothing here."),
        N_("Known keys: {allowed}."),
    ),
    Kind(
        "IMPORT-010",
        N_("The mapping lacks “{key}”."),
        N_("Add it: {example}"),
    ),
    Kind(
        "IMPORT-011",
        N_("The mapping says “{value}” for “{key}”."),
        N_("Allowed: {allowed}."),
    ),
    Kind(
        "IMPORT-012",
        N_("The mapping gives “{key}” more than once, as a column and as a constant."),
        N_("Keep one of the two."),
    ),
    Kind(
        "IMPORT-013",
        N_("The mapping cannot be read as YAML: {detail}"),
        N_("Check the indentation and the colons near the stated line."),
    ),
    Kind(
        "IMPORT-014",
        N_("“{value}” can be read as {first} or as {second}."),
        N_('Write the digits without separators; in a mapping, say which sign is the decimal: `decimal: ","`.'),
    ),
    Kind(
        "IMPORT-015",
        N_("The row cannot be read as CSV: {detail}"),
        N_("A quotation mark is probably left open in this row or just above it."),
    ),
    Kind(
        "IMPORT-016",
        N_("The file {name} does not exist."),
        N_("Check the path."),
        404,
    ),
    Kind(
        "IMPORT-017",
        N_("The file has a header and no row of figures."),
        N_("Add the rows, or check that the right file was chosen."),
    ),
    Kind(
        "IMPORT-018",
        N_("The file holds {size} MB; at most {largest} MB are taken at once."),
        N_("Split the file, for example by year."),
        413,
    ),
    Kind(
        "IMPORT-019",
        N_("The row names no {what}."),
        N_("Fill in the column “{name}”, or state a constant in the mapping."),
    ),
    Kind(
        "IMPORT-020",
        N_("Another import is running on this home."),
        N_("Wait until it has ended, or cancel it on the page of jobs."),
        409,
    ),
)
