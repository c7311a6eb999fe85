"""Problems met on the command line."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "CLI-001",
        N_("Port {port} is taken by another program."),
        N_("Stop that program, or choose another port with --port."),
        409,
    ),
    Kind(
        "CLI-002",
        N_("There is no database in {home}."),
        N_("Run pasaj init first, or set PASAJ_HOME to the right folder."),
        404,
    ),
    Kind(
        "CLI-003",
        N_("The database is newer than this version of Pasaj: it has {unknown}."),
        N_("Install the version that made it, or a later one. Nothing was changed."),
        409,
    ),
    Kind(
        "CLI-004",
        N_("The database is older than this version of Pasaj: {count} changes are missing."),
        N_("Make a copy of the home, then run pasaj init: it brings the database up to date."),
        409,
    ),
    Kind(
        "CLI-005",
        N_("The demonstration is refused on {host}: its accounts are printed on the screen."),
        N_("Leave --host out: it then serves this machine only."),
        403,
    ),
    Kind(
        "CLI-006",
        N_("No pack is found at {path}."),
        N_("Give the name of a built-in pack ({allowed}) or the path of a pack folder."),
        404,
    ),
    Kind(
        "CLI-008",
        N_("“{value}” is not a date."),
        N_("Write it like 2026-03-14."),
    ),
    Kind(
        "CLI-009",
        N_("{path} cannot be written."),
        N_("Change its owner or permissions, or choose another place."),
        403,
    ),
    Kind(
        "CLI-010",
        N_("Another command is setting up the home {home} (process {pid})."),
        N_("Wait until it has ended, then try again."),
        409,
    ),
    Kind(
        "CLI-011",
        N_("{path} cannot be read: {detail}"),
        N_("Check the path and its permissions."),
        404,
    ),
    Kind(
        "CLI-012",
        N_("{path} exists already."),
        N_("Choose another name, or move the old file away."),
        409,
    ),
    Kind(
        "CLI-013",
        N_("The database did not answer: {detail}"),
        N_("Try again. With PostgreSQL, check PASAJ_DATABASE_URL and that the server runs."),
        503,
    ),
    Kind(
        "CLI-014",
        N_("A setting cannot be used. {detail}"),
        N_("Correct the environment variable; docs/reference/settings.md describes each."),
    ),
    Kind(
        "CLI-015",
        N_("The database file {path} is damaged: {detail}"),
        N_("Move the home away and restore your last backup into an empty one: pasaj restore FILE"),
        500,
    ),
    Kind(
        "CLI-016",
        N_("The disk is full; {path} was not written."),
        N_("Free some space and try again. What was complete before is still there."),
        507,
    ),
    Kind(
        "CLI-017",
        N_("{path} is not a usable backup: {detail}"),
        N_("Take another backup file. Nothing was restored."),
    ),
    Kind(
        "CLI-018",
        N_("The home {home} is not empty."),
        N_("Set PASAJ_HOME to a new folder, restore there, then look at both."),
        409,
    ),
    Kind(
        "CLI-019",
        N_("The program {name} is not installed."),
        N_("Install the PostgreSQL client programs of the server's version."),
        501,
    ),
    Kind(
        "CLI-020",
        N_("“{value}” ends in no known format."),
        N_("End the name of the file in one of: {allowed}."),
    ),
    Kind(
        "CLI-021",
        N_("The address {host} cannot be used on this machine: {detail}"),
        N_("Use 127.0.0.1, 0.0.0.0 or an address this machine has."),
    ),
    Kind(
        "CLI-022",
        N_("The home {home} is in use: it holds accounts or figures of its own."),
        N_("Set PASAJ_HOME to another folder for the demonstration."),
        409,
    ),
    Kind(
        "CLI-023",
        N_("The pack {pack} has no demonstration."),
        N_("Add a demo.toml to the pack (docs/reference/demo.md), or use pasaj init."),
        404,
    ),
    Kind(
        "CLI-024",
        N_("The demonstration of the pack cannot be read: {detail}"),
        N_("Correct the stated place; docs/reference/demo.md describes the format."),
    ),
    Kind(
        "CLI-025",
        N_("The first day {first} comes after the last day {last}."),
        N_("Swap the two dates."),
    ),
    Kind(
        "CLI-026",
        N_("No port from {first} to {last} is free."),
        N_("Stop a server that is not needed, or choose a port with --port."),
        409,
    ),
    Kind(
        "CLI-027",
        N_("{detail}"),
        N_("See: {command} --help"),
    ),
    Kind(
        "CLI-028",
        N_("The home {home} holds no pack yet."),
        N_("Run pasaj init first."),
        404,
    ),
    Kind(
        "CLI-029",
        N_("{name} ended with an error: {detail}"),
        N_("Read the message, mend its cause and try again."),
        500,
    ),
    Kind(
        "CLI-031",
        N_("The work stopped on an error inside Pasaj: {detail}"),
        N_("Start it again. If it happens again, report this text and what you did."),
        500,
    ),
    Kind(
        "CLI-032",
        N_("No background work is running: nothing is detected and no file is imported."),
        N_("Start pasaj serve, or pasaj work beside another web server."),
        503,
    ),
    Kind(
        "CLI-033",
        N_("{code} failed."),
        N_("Open its page: it names the reasons. Then start it again."),
        500,
    ),
    Kind(
        "CLI-034",
        N_("Only {free} MB are free on the disk of the home."),
        N_("Free some space, or move the home to a larger disk."),
        507,
    ),
    Kind(
        "CLI-035",
        N_("Others on this machine can read {path}."),
        N_("Keep it to its owner: chmod -R go= {path}"),
        403,
    ),
    Kind(
        "CLI-036",
        N_("There is no round “{code}”."),
        N_("Take a code from the list of rounds: {known}"),
        404,
    ),
    Kind(
        "CLI-037",
        N_("Reports are not written in “{value}”."),
        N_("Choose one of: {allowed}."),
    ),
    Kind(
        "CLI-041",
        N_("There is no policy “{code}”."),
        N_("Take a code from the list of policies: {known}"),
        404,
    ),
)
