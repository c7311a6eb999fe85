"""Problems at the gate: what may not leave the system."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "SHARE-001",
        N_("A public table of our own counts is refused: small counts are not yet protected."),
        N_("Release published, sourced figures or a text without counts, or share it inside."),
        403,
    ),
    Kind(
        "SHARE-002",
        N_("The figure {figure} has no stated source, so it cannot leave."),
        N_("Name the source and its definition first."),
        403,
    ),
    Kind(
        "SHARE-003",
        N_("The label {label} does not allow the audience {audience}."),
        N_("Choose a narrower audience, or ask the one who set the label."),
        403,
    ),
    Kind(
        "SHARE-004",
        N_("“{value}” is not an audience."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "SHARE-005",
        N_("The text holds counts: {found}."),
        N_("Take the figures out, or cite published ones with their source."),
        403,
    ),
)
