"""Who may do what with policies. The parts register what is theirs."""

from pasaj.policy.rules import appraisal, coherence, document, statements, versions  # noqa: F401 - registers
