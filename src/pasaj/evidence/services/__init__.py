"""Verbs of the chain of evidence: put and change what can be cited, link it, review links, withdraw.

Callers have asked who may; what the chain itself demands of people (a second person, another institution) is
checked here. Each verb is one transaction with its entry of the log; several in one larger transaction belong into
`audit.at_the_end`.
"""

from pasaj.evidence.services.figures import Asked, figure, figures, touched
from pasaj.evidence.services.links import Tie, cut, link, review
from pasaj.evidence.services.nodes import Change, Draft, confirm_wording, put, reinstate, withdraw

__all__ = [
    "Asked",
    "Change",
    "Draft",
    "Tie",
    "confirm_wording",
    "cut",
    "figure",
    "figures",
    "link",
    "put",
    "reinstate",
    "review",
    "touched",
    "withdraw",
]
