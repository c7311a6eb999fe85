"""Problems of versions of a policy."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind("POLV-001", N_("There is no version “{code}”."), N_("Take one from the list of versions."), 404),
    Kind(
        "POLV-002",
        N_("{code} cannot be published: {count} errors stand against it."),
        N_("Mend them on the page of coherence, or have those that may be waived let pass."),
        409,
    ),
    Kind("POLV-003", N_("No version is proposed now."), N_("Propose one first."), 409),
    Kind(
        "POLV-004",
        N_("Who proposed a version does not publish it."),
        N_("Ask another person who approves."),
        403,
    ),
    Kind(
        "POLV-005",
        N_("Something of {code} changed since the version was proposed."),
        N_("Read what changed, then propose it again."),
        409,
    ),
    Kind("POLV-006", N_("Nothing differs from {code}, the version before."), N_("Publish when something has changed.")),
    Kind("POLV-007", N_("The document says nothing in {language}."), N_("Write its clauses first.")),
    Kind(
        "POLV-008",
        N_("The key that signs versions ({file}) cannot be used."),
        N_("Restore it from a backup, or put it aside so that a new one is made."),
        500,
    ),
    Kind(
        "POLV-009",
        N_("This file is not a version of a policy."),
        N_("Take the JSON file that `pasaj policy export` writes."),
    ),
    Kind(
        "POLV-010",
        N_("{what} does not fit its fingerprint: it was changed."),
        N_("Ask the institution that published it for the original."),
    ),
    Kind("POLV-011", N_("The signature does not fit."), N_("Ask the institution that published it for the original.")),
    Kind("POLV-012", N_("A {state} policy does not become {wanted}."), N_("Take the steps in their order."), 409),
)  # fmt: skip
