"""Problems of who may do what."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "ACCESS-001",
        N_("Your role does not allow this."),
        N_("Ask your administrator, or a colleague with the role {roles}."),
        403,
    ),
    Kind(
        "ACCESS-002",
        N_("Nothing is found at this address."),
        N_("Check the code, or search for it."),
        404,
    ),
    Kind(
        "ACCESS-003",
        N_("The access token is unknown, expired or revoked."),
        N_("Create a new token on your account page."),
        401,
    ),
    Kind(
        "ACCESS-004",
        N_("No account has the address {email}."),
        N_("Check the spelling, or add the account: pasaj user add {email}"),
        404,
    ),
    Kind(
        "ACCESS-005",
        N_("“{role}” is not a role."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "ACCESS-006",
        N_("No institution has the code “{code}”."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "ACCESS-007",
        N_("“{email}” is not an e-mail address."),
        N_("Write it like name@example.org."),
    ),
    Kind(
        "ACCESS-008",
        N_("The guards of the audit log are missing: {names}."),
        N_("Run pasaj init again: it puts them back. Then look at who changed the database."),
        500,
    ),
    Kind(
        "ACCESS-009",
        N_("The one who proposed this cannot also approve it."),
        N_("Ask a second person with the role {roles}."),
        403,
    ),
    Kind(
        "ACCESS-010",
        N_("The audit log has a hole before entry {number}."),
        N_("Compare with a backup: entries were removed past the guards of the database."),
        500,
    ),
    Kind(
        "ACCESS-011",
        N_("Audit entry {number} does not follow the one before it."),
        N_("Compare with a backup: the log was changed past the guards of the database."),
        500,
    ),
    Kind(
        "ACCESS-012",
        N_("Audit entry {number} is not as it was written."),
        N_("Compare with a backup: the log was changed past the guards of the database."),
        500,
    ),
    Kind(
        "ACCESS-013",
        N_("The values kept beside audit entry {number} are not the ones it was written with."),
        N_("Compare with a backup: the values were changed past the guards of the database."),
        500,
    ),
    Kind(
        "ACCESS-014",
        N_("Audit entry {number} is gone, its values are still there."),
        N_("Compare with a backup: the end of the log was cut off."),
        500,
    ),
    Kind(
        "ACCESS-015",
        N_("An account with the address {email} exists already."),
        N_("Use that account, or another address."),
        409,
    ),
    Kind(
        "ACCESS-016",
        N_("“{language}” is not a language of this system."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "ACCESS-017",
        N_("A reason is missing."),
        N_("Say in a few words why the values are erased."),
    ),
    Kind(
        "ACCESS-018",
        N_("The token needs a name, and a life of 1 to {days} days."),
        N_("Name it after the program that will use it, and choose one of the periods."),
    ),
    Kind(
        "ACCESS-019",
        N_("The account {email} is closed."),
        N_("Open it again first: pasaj user reopen {email}"),
        409,
    ),
    Kind(
        "ACCESS-020",
        N_("{email} is the last administrator: nobody could give roles or accounts any more."),
        N_("Make somebody else an administrator first: pasaj user add EMAIL --institution CODE --role admin"),
        409,
    ),
    Kind(
        "ACCESS-021",
        N_("{email} does not hold the role {role} at {institution}."),
        N_("See which roles there are: pasaj user list"),
        404,
    ),
    Kind(
        "ACCESS-022",
        N_("The account {email} is open."),
        N_("Nothing to do; for a new password: pasaj user password {email}"),
        409,
    ),
    Kind(
        "ACCESS-023",
        N_("This token only reads; the request changes something."),
        N_("Create a token that may write, on the page of your access tokens, and use it for this alone."),
        403,
    ),
)
