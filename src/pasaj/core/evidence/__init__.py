"""What rests on what: fingerprints, claims, the states of links and statements, and ways through the chain."""

from pasaj.core.evidence.canonical import canonical, fingerprint
from pasaj.core.evidence.chain import Chain, Edge, LinkState, NodeState, Standing, Trouble, cycle, link_state, trouble
from pasaj.core.evidence.claims import Claim, Quantity, Value, check, holds, parse, shown

__all__ = [
    "Chain",
    "Claim",
    "Edge",
    "LinkState",
    "NodeState",
    "Quantity",
    "Standing",
    "Trouble",
    "Value",
    "canonical",
    "check",
    "cycle",
    "fingerprint",
    "holds",
    "link_state",
    "parse",
    "shown",
    "trouble",
]
