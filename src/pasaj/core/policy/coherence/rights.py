"""Whether people are protected: goals, safeguards, personal data, vetoes, groups that were heard."""

from __future__ import annotations

from collections.abc import Iterator

from pasaj.core.policy.coherence.kind import RIGHTS, Breach, Rule, at, error, warning
from pasaj.core.policy.view import View


def objective_without_compact(view: View) -> Iterator[Breach]:
    """C20: an objective serves an objective of the Global Compact. Silent where the pack has none of them."""
    compact = {code for code, one in view.goals.items() if one.compact}
    for one in view.policy.objectives:
        if compact and not compact.intersection(one.goals):
            yield at("COH-201", one.code)


def enforcement_without_safeguard(view: View) -> Iterator[Breach]:
    """C20: a measure of enforcement has a safeguard: screening, referral, complaint."""
    for one in view.policy.measures:
        if one.kind == "enforcement" and not any(code in view.measures for code in one.safeguards):
            yield at("COH-202", one.code)


def safeguard_enforces(view: View) -> Iterator[Breach]:
    """C20: and what protects is not itself enforcement."""
    for one in view.policy.measures:
        for code in one.safeguards:
            if code in view.measures and view.measures[code].kind == "enforcement":
                yield at("COH-203", one.code, safeguard=code)


def safeguard_late(view: View) -> Iterator[Breach]:
    """Added to C20: one safeguard has begun when enforcement begins."""
    for one in view.policy.measures:
        guards = [code for code in one.safeguards if code in view.actions_of and code in view.measures]
        if one.kind != "enforcement" or one.code not in view.actions_of or not guards:
            continue
        begins = view.span(one)[0]
        if all(view.span(view.measures[code])[0] > begins for code in guards):
            yield at("COH-204", one.code, day=begins, safeguards=", ".join(guards))


def action_with_personal_data(view: View) -> Iterator[Breach]:
    """C21: an action that needs personal data names its data-protection assessment."""
    for one in view.actions.values():
        if one.personal_data and not one.assessment:
            yield at("COH-211", one.code)


def indicator_with_personal_data(view: View) -> Iterator[Breach]:
    """C21: so does what an indicator measures, when it needs them."""
    for one in view.policy.indicators:
        if one.personal_data and not _assessed(view, one.measures):
            yield at("COH-212", one.code, measured=one.measures)


def _assessed(view: View, code: str) -> bool:
    """Whether an action, or an action of a measure that serves an objective, names an assessment."""
    if code in view.actions:
        return bool(view.actions[code].assessment)
    serving = [one.code for one in view.policy.measures if code in one.objectives]
    return any(action.assessment for measure in serving for action in view.actions_of.get(measure, ()))


def chosen_against_rights(view: View) -> Iterator[Breach]:
    """C22: the option that was chosen is not one that the criterion of rights vetoes."""
    for one in view.appraisals:
        if one.chosen and one.chosen in one.vetoed:
            yield at("COH-221", one.code, "appraisal", option=one.chosen)


def group_not_heard(view: View) -> Iterator[Breach]:
    """C23: each group a problem names was heard, or a reason is recorded. One breach for all; silent before a round."""
    if not view.consultations:
        return
    heard = {group.casefold() for one in view.consultations for group in one.groups}
    heard |= {one.casefold() for one in view.set_aside}
    named: dict[str, list[str]] = {}  # as the first problem writes it
    for one in view.policy.problems:
        for group in dict.fromkeys(one.groups):
            named.setdefault(group.casefold(), []).append(group)
    # What helps is one deed, a round in which they are asked: one list, those of most problems first.
    missed = sorted((found for key, found in named.items() if key not in heard), key=len, reverse=True)
    if missed:
        groups = ", ".join(f"“{found[0]}” ({len(found)})" for found in missed)
        yield at("COH-231", view.policy.code, "consultations", view.policy.code, groups=groups)


def problem_without_rights(view: View) -> Iterator[Breach]:
    """Added to C23: a problem that rests on a finding about rights says which."""
    for one in view.policy.problems:
        touching = [code for code in one.findings if code in view.findings and view.findings[code].rights]
        if touching and not one.rights:
            yield at("COH-232", one.code, finding=touching[0])


def problem_without_groups(view: View) -> Iterator[Breach]:
    """Added to C23: a problem that names rights says whose."""
    for one in view.policy.problems:
        if one.rights and not one.groups:
            yield at("COH-233", one.code)


RULES: tuple[Rule, ...] = (
    error("COH-201", "rights", objective_without_compact),
    error("COH-202", "rights", enforcement_without_safeguard),
    error("COH-203", "rights", safeguard_enforces),
    warning("COH-204", "rights", safeguard_late),
    error("COH-211", "rights", action_with_personal_data),
    error("COH-212", "rights", indicator_with_personal_data),
    error("COH-221", "rights", chosen_against_rights, RIGHTS),
    warning("COH-231", "rights", group_not_heard),
    warning("COH-232", "rights", problem_without_rights),
    warning("COH-233", "rights", problem_without_groups),
)
