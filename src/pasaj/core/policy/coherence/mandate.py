"""Whether those who are named may do it: leads, mandates, institutions, agreements and legal texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from pasaj.core.policy.coherence.kind import Breach, Rule, at, error, note, warning
from pasaj.core.policy.shapes import Measure
from pasaj.core.policy.view import COUNTRY, View


def leads_of(measure: Measure) -> tuple[str, ...]:
    """The institutions that lead a measure."""
    return tuple(one.institution for one in measure.institutions if one.part == "lead")


def _named(view: View) -> Iterator[tuple[Measure, str]]:
    """Measures with one lead and a function to hold it against."""
    for one in view.policy.measures:
        leads = leads_of(one)
        if len(leads) == 1 and one.function:
            yield one, leads[0]


def adopted_by(view: View, measure: Measure) -> bool:
    """Whether an action of the measure adopts a legal text."""
    return any(one.adopts for one in view.actions_of.get(measure.code, ()))


def no_lead(view: View) -> Iterator[Breach]:
    """C10: a measure has a lead."""
    for one in view.policy.measures:
        if not leads_of(one):
            yield at("COH-101", one.code)


def several_leads(view: View) -> Iterator[Breach]:
    """C10: and no more than one."""
    for one in view.policy.measures:
        leads = leads_of(one)
        if len(leads) > 1:
            yield at("COH-102", one.code, leads=", ".join(leads))


def lead_without_function(view: View) -> Iterator[Breach]:
    """C11: a measure says which function its lead must be mandated to."""
    for one in view.policy.measures:
        if leads_of(one) and not one.function:
            yield at("COH-111", one.code)


def lead_without_mandate(view: View) -> Iterator[Breach]:
    """C11: the lead is mandated to the function when the measure begins. Where nobody is, C13 says so."""
    for one, lead in _named(view):
        mandated = view.leads(one, view.span(one)[0])
        if mandated and lead not in mandated:
            values: dict[str, Any] = {"lead": lead, "function": one.function, "others": ", ".join(mandated)}
            yield at("COH-112", one.code, "mandates", one.function, **values)


def mandate_ends(view: View) -> Iterator[Breach]:
    """C11: and until it ends."""
    for one, lead in _named(view):
        first, last = view.span(one)
        if lead in view.leads(one, first) and lead not in view.leads(one, last):
            yield at("COH-113", one.code, "mandates", one.function, lead=lead, function=one.function, last=last)


def part_of_nobody(view: View) -> Iterator[Breach]:
    """C12: an institution with a part is there until the measure ends."""
    for one in view.policy.measures:
        last = view.span(one)[1]
        for part in one.institutions:
            if not _there(view, part.institution, last):
                yield at("COH-121", one.code, institution=part.institution, last=last)


def owner_abolished(view: View) -> Iterator[Breach]:
    """C12: the owner of an action is there until it ends."""
    for one in view.actions.values():
        if not _there(view, one.owner, one.last):
            yield at("COH-122", one.code, institution=one.owner, last=one.last)


def _there(view: View, institution: str, last: date) -> bool:
    if institution not in view.institutions:
        return False
    until = view.institutions[institution]
    return until is None or until >= last


def not_consulted(view: View) -> Iterator[Breach]:
    """C12: who supports a measure or is to be consulted has been heard. Without any round, the next rule says so."""
    if not view.consultations:
        return
    heard = {code for one in view.consultations for code in one.institutions}
    for one in view.policy.measures:
        for part in one.institutions:
            if part.part in ("support", "consulted") and part.institution not in heard:
                yield at("COH-123", one.code, "consultations", view.policy.code, institution=part.institution)


def nobody_consulted(view: View) -> Iterator[Breach]:
    """C12, C23: somebody has been consulted on the policy."""
    if not view.consultations and view.policy.measures:
        yield at("COH-124", view.policy.code, "consultations")


def mandates_overlap(view: View) -> Iterator[Breach]:
    """C13: one institution is mandated to lead what a measure needs."""
    for one in view.policy.measures:
        mandated = view.leads(one, view.span(one)[0]) if one.function else ()
        if len(mandated) > 1:
            values: dict[str, Any] = {"function": one.function, "leads": ", ".join(mandated)}
            yield at("COH-131", one.code, "mandates", one.function, **values)


def mandate_missing(view: View) -> Iterator[Breach]:
    """C13: and somebody is, unless an action of the measure adopts the text that will say who."""
    for one in view.policy.measures:
        if one.function and not view.leads(one, view.span(one)[0]) and not adopted_by(view, one):
            yield at("COH-132", one.code, "mandates", one.function, function=one.function)


def flow_without_agreement(view: View) -> Iterator[Breach]:
    """C14: an action that shares data names the agreement it does so under."""
    for one in view.actions.values():
        if one.shares_data and not one.agreement:
            yield at("COH-141", one.code)


def agreement_not_in_force(view: View) -> Iterator[Breach]:
    """C14: and that agreement is known and in force as long as the action lasts."""
    for one in view.actions.values():
        if one.shares_data and one.agreement:
            found = view.agreements.get(one.agreement)
            if found is None or not found.holds(one.first) or not found.holds(one.last):
                yield at("COH-142", one.code, agreement=one.agreement, first=one.first, last=one.last)


def basis_unknown(view: View) -> Iterator[Breach]:
    """C15: the legal basis of a measure stands in the register."""
    for one in view.policy.measures:
        for code in one.basis:
            if code not in view.instruments or not view.instruments[code].held:
                yield at("COH-151", one.code, basis=code)


def basis_not_in_force(view: View) -> Iterator[Breach]:
    """C15: and is in force, or an action of the plan adopts it."""
    adopted = {one.adopts for one in view.actions.values()}
    for one in view.policy.measures:
        for code in one.basis:
            found = view.instruments.get(code)
            if found and found.held and found.in_force is False and code not in adopted:
                yield at("COH-152", one.code, basis=code)


def basis_adopted_late(view: View) -> Iterator[Breach]:
    """C15: and what rests on a text begins when it has been adopted."""
    adopting = {one.adopts: one for one in view.actions.values() if one.adopts}
    for one in view.policy.measures:
        for code in one.basis:
            found = view.instruments.get(code)
            before = adopting.get(code)
            if before is None or not found or not found.held or found.in_force is not False:
                continue
            for other in view.actions_of.get(one.code, ()):
                if other.code != before.code and other.first < before.last:
                    values: dict[str, Any] = {"basis": code, "adopting": before.code, "day": before.last}
                    yield at("COH-153", other.code, **values)


def enforcement_without_basis(view: View) -> Iterator[Breach]:
    """Added to C15: a measure of enforcement names its legal basis."""
    for one in view.policy.measures:
        if one.kind == "enforcement" and not one.basis and not adopted_by(view, one):
            yield at("COH-154", one.code)


def owner_without_part(view: View) -> Iterator[Breach]:
    """Added to C12: who owns an action has a part in its measure."""
    for one in view.actions.values():
        measure = view.measures.get(one.measure)
        known = measure is not None and _there(view, one.owner, one.last)  # else another rule says so
        if measure and known and one.owner not in {part.institution for part in measure.institutions}:
            yield at("COH-125", one.code, "statement", measure.code, owner=one.owner, measure=measure.code)


def territory_unknown(view: View) -> Iterator[Breach]:
    """Added to C11: the territory of a measure is one of the register."""
    for one in view.policy.measures:
        if one.territory != COUNTRY and one.territory not in view.parents:
            yield at("COH-114", one.code, territory=one.territory)


RULES: tuple[Rule, ...] = (
    error("COH-101", "mandate", no_lead),
    error("COH-102", "mandate", several_leads),
    warning("COH-111", "mandate", lead_without_function),
    error("COH-112", "mandate", lead_without_mandate),
    warning("COH-113", "mandate", mandate_ends),
    error("COH-114", "mandate", territory_unknown),
    error("COH-121", "mandate", part_of_nobody),
    error("COH-122", "mandate", owner_abolished),
    warning("COH-123", "mandate", not_consulted),
    note("COH-124", "mandate", nobody_consulted),
    warning("COH-125", "mandate", owner_without_part),
    warning("COH-131", "mandate", mandates_overlap),
    error("COH-132", "mandate", mandate_missing),
    error("COH-141", "mandate", flow_without_agreement),
    error("COH-142", "mandate", agreement_not_in_force),
    error("COH-151", "mandate", basis_unknown),
    error("COH-152", "mandate", basis_not_in_force),
    error("COH-153", "mandate", basis_adopted_late),
    error("COH-154", "mandate", enforcement_without_basis),
)
