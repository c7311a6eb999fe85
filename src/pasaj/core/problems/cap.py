"""Problems of CAP messages: what makes one invalid, what is only to be recommended, and signatures."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "CAP-046",
        N_("The text of {column} cannot stand in a CAP message."),
        N_("Take out control signs, quotation marks within lists, and texts of nothing but blanks."),
    ),
    Kind(
        "SIGN-001",
        N_("The message is not signed."),
        N_("Ask its sender to sign, or to confirm it on another way."),
    ),
    Kind(
        "SIGN-002",
        N_("The signature does not fit the message: {detail}"),
        N_("Do not trust it: it was changed on its way, or badly made. Fetch it again, then ask its sender."),
    ),
    Kind(
        "SIGN-003",
        N_("The message is signed with a certificate that is not known here: {fingerprint}"),
        N_("Compare the fingerprint with its sender on another way, then add it to the feed."),
    ),
    Kind(
        "SIGN-004",
        N_("The certificate has expired on {until}."),
        N_("Ask its sender for the new certificate, and add its fingerprint to the feed."),
    ),
    Kind(
        "SIGN-005",
        N_("The certificate is valid from {since} only."),
        N_("Check the clocks of both sides, then ask its sender."),
    ),
    Kind(
        "SIGN-006",
        N_("The key in {path} cannot be used: {detail}"),
        N_("Put the key back from a backup, or make a new one with pasaj alert key --rotate."),
    ),
)
