"""Who may do what with policies. The parts register what is theirs."""

from pasaj.policy.rules import (  # noqa: F401 - registers
    appraisal,
    coherence,
    consultation,
    document,
    statements,
    versions,
)
