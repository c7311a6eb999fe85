"""Whether everything hangs together: from the finding to the action, and in the chain of evidence under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pasaj.core.policy.coherence.kind import EVIDENCE, Breach, Rule, at, error, note, warning
from pasaj.core.policy.order import circle
from pasaj.core.policy.view import View

GRAVE = 3
"""From this severity on a finding must be addressed, or set aside with a reason."""


def measure_without_objective(view: View) -> Iterator[Breach]:
    """C01: a measure serves an objective that stands."""
    for one in view.policy.measures:
        if not any(code in view.objectives for code in one.objectives):
            yield at("COH-011", one.code)


def objective_without_problem(view: View) -> Iterator[Breach]:
    """C01: an objective addresses a problem that stands."""
    for one in view.policy.objectives:
        if not any(code in view.problems for code in one.problems):
            yield at("COH-012", one.code)


def problem_without_finding(view: View) -> Iterator[Breach]:
    """C01: a problem arises from something."""
    for one in view.policy.problems:
        if not one.findings:
            yield at("COH-013", one.code)


def finding_without_support(view: View) -> Iterator[Breach]:
    """C01: what a problem arises from still rests on something that stands."""
    for one in view.policy.problems:
        for code in one.findings:
            found = view.findings.get(code)
            if found is not None and not found.live:
                yield at("COH-014", one.code, "evidence", code, finding=code)


def objective_without_measure(view: View) -> Iterator[Breach]:
    """C02: an objective is served by a measure."""
    served = {code for one in view.policy.measures for code in one.objectives}
    for one in view.policy.objectives:
        if one.code not in served:
            yield at("COH-021", one.code)


def measure_without_action(view: View) -> Iterator[Breach]:
    """C02: a measure has an action that was not dropped."""
    for one in view.policy.measures:
        if one.code not in view.actions_of:
            yield at("COH-022", one.code)


def action_without_result(view: View) -> Iterator[Breach]:
    """C02: an action has something to show for it, or an indicator."""
    for one in view.actions.values():
        if not any(one.deliverable.values()) and one.code not in view.indicators_of:
            yield at("COH-023", one.code)


def problem_without_objective(view: View) -> Iterator[Breach]:
    """Added to C02: a problem is addressed by an objective."""
    addressed = {code for one in view.policy.objectives for code in one.problems}
    for one in view.policy.problems:
        if one.code not in addressed:
            yield at("COH-024", one.code)


def theme_without_measure(view: View) -> Iterator[Breach]:
    """Added to C02: a theme has a measure."""
    used = {one.theme for one in view.policy.measures}
    for code in view.policy.themes:
        if code not in used:
            yield at("COH-025", code, "policy", view.policy.code)


def circle_of_actions(view: View) -> Iterator[Breach]:
    """C03, C34: no action waits for itself."""
    found = circle((one.code, need) for one in view.actions.values() for need in one.needs)
    if found:
        yield at("COH-031", found[0], circle=" → ".join((*found, found[0])))


def circle_of_safeguards(view: View) -> Iterator[Breach]:
    """C03: no measure protects people from itself."""
    found = circle((one.code, other) for one in view.policy.measures for other in one.safeguards)
    if found:
        yield at("COH-032", found[0], circle=" → ".join((*found, found[0])))


def grave_finding_left_alone(view: View) -> Iterator[Breach]:
    """C04: a critical or major finding is addressed, or set aside by a signed reason."""
    addressed = {code for one in view.policy.problems for code in one.findings}
    for code, one in view.findings.items():
        if one.severity >= GRAVE and code not in addressed and code not in view.set_aside:
            yield at("COH-041", code, "findings", view.policy.code, severity=one.severity)


def set_aside_and_addressed(view: View) -> Iterator[Breach]:
    """Added to C04: what a problem addresses is not at the same time set aside."""
    for one in view.policy.problems:
        for code in one.findings:
            if code in view.set_aside:
                yield at("COH-042", one.code, "not_addressed", view.policy.code, finding=code)


def broken_link(view: View) -> Iterator[Breach]:
    """C05: nothing under the policy rests on what was withdrawn."""
    for one in view.ties:
        if one.state == "broken":
            yield at("COH-051", one.child, "evidence", parent=one.parent)


def suspect_link(view: View) -> Iterator[Breach]:
    """C05: what changed under the policy was looked at."""
    for one in view.ties:
        if one.state == "suspect":
            yield at("COH-052", one.child, "evidence", parent=one.parent)


def unsupported_below(view: View) -> Iterator[Breach]:
    """C05: nothing further down stands on nothing. The policy's own statements and their grounds are C01's."""
    near = {code for one in view.policy.problems for code in one.findings}
    for code in sorted(view.unsupported - near):
        yield at("COH-053", code, "evidence")


def uncertain_finding(view: View) -> Iterator[Breach]:
    """C06: a problem rests on findings that are certain enough."""
    for one in view.policy.problems:
        for code in one.findings:
            found = view.findings.get(code)
            if found is not None and found.certainty < view.policy.minimum:
                said: dict[str, Any] = {"certainty": f"{found.certainty:.2f}", "minimum": f"{view.policy.minimum:.2f}"}
                yield at("COH-061", one.code, finding=code, **said)


RULES: tuple[Rule, ...] = (
    error("COH-011", "graph", measure_without_objective),
    error("COH-012", "graph", objective_without_problem),
    error("COH-013", "graph", problem_without_finding),
    error("COH-014", "graph", finding_without_support, EVIDENCE),
    error("COH-021", "graph", objective_without_measure),
    error("COH-022", "graph", measure_without_action),
    error("COH-023", "graph", action_without_result),
    warning("COH-024", "graph", problem_without_objective),
    note("COH-025", "graph", theme_without_measure),
    error("COH-031", "graph", circle_of_actions),
    error("COH-032", "graph", circle_of_safeguards),
    error("COH-041", "graph", grave_finding_left_alone),
    note("COH-042", "graph", set_aside_and_addressed),
    error("COH-051", "graph", broken_link, EVIDENCE),
    error("COH-052", "graph", suspect_link),
    error("COH-053", "graph", unsupported_below, EVIDENCE),
    error("COH-061", "graph", uncertain_finding),
)
