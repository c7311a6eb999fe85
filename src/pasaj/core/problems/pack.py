"""Problems of country packs: PACK-001 to 059 refuse a pack, 060 to 079 warn, 080 and up are folders and homes."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    # Files
    Kind("PACK-001", N_("The pack has no {file}."), N_("Add the file; every pack needs it.")),
    Kind(
        "PACK-002",
        N_("{file} is saved as UTF-16, not UTF-8."),
        N_("Save it again as “CSV UTF-8 (comma delimited)” or, in an editor, with encoding UTF-8."),
    ),
    Kind(
        "PACK-003",
        N_("{file} is not UTF-8 (it looks like Windows-1252), first seen in line {line}."),
        N_("Save it again as “CSV UTF-8 (comma delimited)”, then check accented letters."),
    ),
    Kind(
        "PACK-004",
        N_("{file} is not a text file (byte 0 in line {line})."),
        N_("Export the sheet as CSV UTF-8; a renamed spreadsheet cannot be read."),
    ),
    Kind(
        "PACK-005",
        N_("Cells are separated by {found}, not by commas."),
        N_("Export with commas; in a spreadsheet set to French, choose the separator when exporting."),
    ),
    Kind(
        "PACK-006",
        N_("The quotation marks of this row do not match."),
        N_("Put the cell between two double quotes and double each quote inside it."),
    ),
    Kind(
        "PACK-007",
        N_("This row has {found} cells, the header has {expected}."),
        N_("Put a cell that holds a comma between double quotes, or remove the extra cells."),
    ),
    Kind("PACK-008", N_("{file} has no column “{column}”."), N_("Add the column to the header.")),
    Kind(
        "PACK-009",
        N_("The header names the column “{column}” twice."),
        N_("Keep one of the two columns."),
    ),
    Kind("PACK-010", N_("This cell must not be empty."), N_("Fill it in.")),
    Kind(
        "PACK-011",
        N_("There is no name in the default language ({language})."),
        N_("Fill in the column “{column}”."),
    ),
    Kind("PACK-012", N_("{file} has no row under its header."), N_("Add at least one row.")),
    # Codes and references
    Kind(
        "PACK-013",
        N_("The code “{value}” already stands in row {first}."),
        N_("Give one of the two rows another code, or remove it."),
    ),
    Kind(
        "PACK-014",
        N_("This row says the same thing as row {first} of {first_file} ({value})."),
        N_("Keep one of the two rows."),
    ),
    Kind(
        "PACK-015",
        N_("“{value}” is not in {target}. Did you mean “{nearest}”?"),
        N_("Write a code of {target}, or add a row for it there."),
    ),
    Kind(
        "PACK-016",
        N_("“{value}” is not in {target}."),
        N_("Write a code of {target}, or add a row for it there."),
    ),
    Kind(
        "PACK-017",
        N_("“{value}” cannot be a code."),
        N_("Use letters A-Z, digits, hyphen and underscore, at most 40, starting with a letter or digit."),
    ),
    Kind(
        "PACK-018",
        N_("The parents run in a circle: {chain}."),
        N_("Correct one parent so that every area ends at one without a parent."),
    ),
    Kind(
        "PACK-019",
        N_("An area of level {level} cannot lie in “{parent}”, which has level {parent_level}."),
        N_("Choose a parent of a higher level (a lower number)."),
    ),
    # Cells
    Kind(
        "PACK-020",
        N_("“{value}” is not a number."),
        N_("Write digits with a decimal point and no spaces, for example {example}."),
    ),
    Kind(
        "PACK-021",
        N_("{value} is out of range: it must lie between {low} and {high}."),
        N_("Correct the number; latitude comes before longitude."),
    ),
    Kind("PACK-022", N_("“{value}” is neither yes nor no."), N_("Write yes or no.")),
    Kind("PACK-023", N_("“{value}” is not allowed here."), N_("Write one of: {allowed}.")),
    Kind(
        "PACK-024",
        N_("“{value}” is not one of the allowed words. Did you mean “{nearest}”?"),
        N_("Write one of: {allowed}."),
    ),
    Kind(
        "PACK-025",
        N_("“{value}” is not a date that exists."),
        N_("Write year-month-day, for example 2026-02-28; format the column as text in a spreadsheet."),
    ),
    Kind(
        "PACK-026",
        N_("“{value}” is not a period."),
        N_("Write a year (2026), month (2026-02), day (2026-02-28), week (2026-W07) or span (2026-02..2026-04)."),
    ),
    Kind(
        "PACK-027",
        N_("The period “{value}” ends before it begins."),
        N_("Write the earlier date first."),
    ),
    Kind(
        "PACK-028",
        N_("“{value}” is not a calendar rule."),
        N_("Write a date (2026-05-18), yearly:05-18, easter:-2 or weekly:mon."),
    ),
    Kind(
        "PACK-029",
        N_("“{value}” is not a country code."),
        N_("Write two capital letters, for example DO."),
    ),
    Kind(
        "PACK-030",
        N_("The spreadsheet wrote the error {value} into this cell."),
        N_("Replace it by the value itself."),
    ),
    Kind(
        "PACK-031",
        N_("This cell holds a character that was lost or cannot be shown."),
        N_("Type the text again; the file was once saved in another encoding."),
    ),
    Kind(
        "PACK-032",
        N_("This text has {found} characters; at most {limit} fit."),
        N_("Shorten it; put details into the note."),
    ),
    Kind(
        "PACK-033",
        N_("There is a latitude without a longitude, or the other way round."),
        N_("Fill in both, or leave both empty."),
    ),
    Kind(
        "PACK-034",
        N_("{value} is not a whole number of at least zero."),
        N_("Write a count in digits only, for example 1250."),
    ),
    Kind(
        "PACK-035",
        N_("The measure {measure} has no category “{value}”."),
        N_("Write total or one of its categories: {allowed}."),
    ),
    Kind(
        "PACK-036",
        N_("This threshold has neither a value nor a measure to compare with, or both."),
        N_("Fill in “value”, or “versus” with a “factor”."),
    ),
    Kind(
        "PACK-037",
        N_("A calendar row needs a date or a rule, not both."),
        N_("Keep one of the two."),
    ),
    Kind(
        "PACK-038",
        N_("“{value}” has more than {limit} decimals."),
        N_("Round it as the source does, or give it in a larger unit."),
    ),
    Kind(
        "PACK-039",
        N_("The code “{value}” is also the code of an area."),
        N_("Give the crossing point a code of its own: figures name their place by code."),
    ),
    Kind(
        "PACK-046",
        N_("“{value}” is not a web address."),
        N_("Write it in full, for example https://example.org/figures, or leave the cell empty."),
    ),
    Kind(
        "PACK-047",
        N_("“{value}” means something else in row {first}."),
        N_("Take another word for one of the two: a message could not be understood."),
    ),
    Kind(
        "PACK-048",
        N_("“{value}” is not a quantity with its units, or stands twice."),
        N_("Write a code, a colon and its unit, for example persons:persons; several units have a bar between them."),
    ),
    Kind(
        "PACK-049",
        N_("The last day, {value}, is before the first one."),
        N_("Correct one of the two days, or leave the last one empty when nobody says until when."),
    ),
    Kind(
        "PACK-057",
        N_("“{value}” cannot tell itself anything."),
        N_("Name the other institution, or remove the row."),
    ),
    # pack.toml
    Kind(
        "PACK-040",
        N_("pack.toml cannot be read: {detail}."),
        N_("Correct the line; text stands between double quotes, lists between square brackets."),
    ),
    Kind("PACK-041", N_("pack.toml does not say “{key}”."), N_("Add a line, for example: {example}")),
    Kind(
        "PACK-042",
        N_("“{key}” in pack.toml has an unusable value."),
        N_("Write it like this: {example}"),
    ),
    Kind(
        "PACK-043",
        N_("This pack has format {found}; this version of Pasaj reads up to format {known}."),
        N_("Update Pasaj, or get an older edition of the pack."),
    ),
    Kind(
        "PACK-044",
        N_("The timezone “{value}” is unknown."),
        N_("Write a name of the IANA list, for example {nearest}."),
    ),
    Kind(
        "PACK-045",
        N_("The default language “{value}” is not among the languages of the pack."),
        N_("Add it to “languages”, or choose another default."),
    ),
    # Map layers
    Kind(
        "PACK-050",
        N_("This map layer cannot be read: {detail}."),
        N_("Export it again as GeoJSON (a FeatureCollection, WGS 84)."),
    ),
    Kind(
        "PACK-051",
        N_("Feature {feature} of this map layer is not usable: {detail}."),
        N_("Export it again as GeoJSON in degrees, longitude first (WGS 84)."),
    ),
    # Protocols
    Kind(
        "PACK-052",
        N_("{file} cannot be read: {detail}."),
        N_("Correct the line; text stands between double quotes, lists between square brackets."),
    ),
    Kind("PACK-053", N_("{file} does not say “{key}”."), N_("Add it, for example: {example}")),
    Kind("PACK-054", N_("“{key}” has an unusable value."), N_("Write it like this: {example}")),
    Kind(
        "PACK-055",
        N_("The code “{value}” already stands in {first_file}."),
        N_("Give one of the two another code, or remove it."),
    ),
    Kind(
        "PACK-056",
        N_("There is no text in the default language ({language})."),
        N_("Add it; the other languages may be left out."),
    ),
    # Warnings: the pack loads, somebody should look
    Kind(
        "PACK-060",
        N_("The column “{column}” is unknown and is not read."),
        N_("Correct its name, or leave it as a note to yourselves."),
    ),
    Kind(
        "PACK-061",
        N_("The column “{column}” is unknown and is not read. Did you mean “{nearest}”?"),
        N_("Correct its name, or leave it as a note to yourselves."),
    ),
    Kind(
        "PACK-062",
        N_("{file} is not a file of a pack and is not read."),
        N_("Remove it, or correct its name."),
    ),
    Kind("PACK-063", N_("This row names no source."), N_("Say where it comes from.")),
    Kind(
        "PACK-064",
        N_("The coordinates of this unofficial crossing are left out: it is kept at commune level."),
        N_("Remove the coordinates from the pack; a pack is not a place for them."),
    ),
    Kind(
        "PACK-065",
        N_("The pack does not list the licences of its files."),
        N_("Add LICENCES.md and name every file with its licence."),
    ),
    Kind(
        "PACK-066",
        N_("{file} is not listed with a licence."),
        N_("Name it in LICENCES.md with its licence and origin."),
    ),
    Kind(
        "PACK-067",
        N_("The map layers have no geo/README.md."),
        N_("Add one that says where each layer comes from and how it was made."),
    ),
    Kind(
        "PACK-068",
        N_("“{value}” looks like text saved twice in different encodings."),
        N_("Type the accented letters again and save as UTF-8."),
    ),
    Kind(
        "PACK-069",
        N_("The pack does not declare the language of the column “{column}”."),
        N_("Add the language to “languages” in pack.toml, or remove the column."),
    ),
    Kind(
        "PACK-070",
        N_("This place lies outside the extent of the map."),
        N_("Check latitude and longitude, or widen “extent” in pack.toml."),
    ),
    Kind(
        "PACK-071",
        N_("“{key}” in pack.toml is unknown and is not read."),
        N_("Correct its name, or remove it."),
    ),
    Kind(
        "PACK-072",
        N_("{file} has no column “{column}”: nobody can see where its rows come from."),
        N_("Add the column and name a source in each row."),
    ),
    Kind(
        "PACK-073",
        N_("pack.toml does not say “{key}”."),
        N_("Add a line, for example: {example}"),
    ),
    Kind(
        "PACK-074",
        N_("“{key}” is unknown here and is not read."),
        N_("Correct its name, or remove it."),
    ),
    Kind("PACK-075", N_("“{key}” names no source."), N_("Say where it comes from.")),
    # Folders and homes
    Kind(
        "PACK-080",
        N_("There is no pack folder at {path}."),
        N_("Name the folder that holds pack.toml, or a pack that comes with Pasaj."),
        404,
    ),
    Kind(
        "PACK-081",
        N_("{file} points outside the pack folder."),
        N_("Replace the link by the file itself."),
    ),
    Kind(
        "PACK-082",
        N_("{file} is too large ({found} MB; at most {limit} MB)."),
        N_("Split it, or simplify the map layer."),
    ),
    Kind(
        "PACK-083",
        N_("The folder holds too much: {found}, at most {limit}."),
        N_("Keep only the files of the pack in it."),
    ),
    Kind(
        "PACK-084",
        N_("This home holds the pack “{held}”; “{offered}” is another one."),
        N_("Load it into a home of its own: set PASAJ_HOME to a new folder and run pasaj init."),
        409,
    ),
    Kind(
        "PACK-085",
        N_("{file} cannot be opened: {detail}."),
        N_("Allow this user to read the file."),
    ),
    # Memberships
    Kind(
        "PACK-091",
        N_("A post chief needs a crossing point."),
        N_("Name the crossing this person is in charge of."),
    ),
    Kind(
        "PACK-092",
        N_("This person already has that role."),
        N_("Nothing to do; end the present membership first to change it."),
        409,
    ),
    Kind(
        "PACK-093",
        N_("This membership has already ended."),
        N_("Grant a new one if the person needs access again."),
        409,
    ),
    Kind(
        "PACK-094",
        N_("No crossing point has the code “{value}”."),
        N_("Look it up on the page of crossing points."),
        404,
    ),
    Kind(
        "PACK-095",
        N_("The form calls itself “{value}”; its folder is {folder}."),
        N_("Give the folder the name of the form_id: phones know a form by it, for ever."),
    ),
    # The template of policies
    Kind(
        "PACK-096",
        N_("“{value}” is not a heading or annex that stands above in the template."),
        N_("Name one that comes earlier in the file, or leave it out for the first level."),
    ),
    Kind(
        "PACK-097",
        N_("Only a section of the first level can come once for each theme."),
        N_("Put it on the heading above: what stands under it comes along."),
    ),
    Kind(
        "PACK-098",
        N_("The text in “{language}” cannot be a clause: {detail} ({code})."),
        N_("Write it in the small part of Markdown that clauses have."),
    ),
    Kind(
        "PACK-099",
        N_("A measure that warns from {always_from} on cannot have “{value}” here."),
        N_("Allowed beside always_from: {allowed}. Correct it, or leave always_from empty."),
    ),
    # The policy of the demonstration
    Kind(
        "PACK-110",
        N_("“{value}” stands nowhere above in the policy of the demonstration."),
        N_("Write it before what refers to it, or correct the code."),
    ),
    Kind(
        "PACK-111",
        N_("{day} lies outside the period of the policy, {first} to {last}."),
        N_("Move the day into the period, or change the period in policy.toml."),
    ),
    Kind(
        "PACK-112",
        N_("There is no text in “{language}”."),
        N_("The policy of a demonstration is shown in every language of the pack: add it."),
    ),
)
