"""Coherence rules: whether a policy hangs together, may be done, protects people, adds up and says what it means.

Each rule is a pure predicate over a `View` (core/policy/view) and yields a `Breach` for every place where it is
broken. A rule's number begins with the item of the list that it comes from: COH-061 is the first rule of item C06.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pasaj.core.policy.coherence import cost, following, graph, mandate, options, rights, text
from pasaj.core.policy.coherence.kind import FAMILIES, Breach, Fix, Rule, Severity
from pasaj.core.policy.view import View

__all__ = ["FAMILIES", "RULES", "Breach", "Fix", "Rule", "Severity", "check"]

RULES: Mapping[str, Rule] = MappingProxyType(
    {one.code: one for some in (graph, mandate, rights, cost, following, text, options) for one in some.RULES}
)
"""Every rule by its code, family after family."""


def check(view: View) -> tuple[Breach, ...]:
    """Everything that is broken, in the order of the rules and of the statements. No rule leans on another."""
    return tuple(breach for rule in RULES.values() for breach in rule.check(view))
