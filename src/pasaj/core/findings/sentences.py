"""What findings say. English msgids with `{name}` places, as problems have them."""

from collections.abc import Mapping
from types import MappingProxyType

from pasaj.core.problems.kind import N_

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        # Scores
        "low": N_("{name}: the score lies between {low} and {high} of 4, below {limit} whatever is still open."),
        "low_exact": N_("{name}: the score is {low} of 4, below {limit}."),
        "low_possible": N_("{name}: the score may be below {limit}: it lies between {low} and {high} of 4."),
        "critical_zero": N_("{name} This is critical, and 0 of 4 at {part} of {whole}: {units}."),
        "critical_one": N_("{name} This is critical, and 0 of 4: {units}."),
        "critical_mixed": N_(
            "{name} This is critical, and 0 of 4 at {part} of {whole} ({units}); at {others} some assessors say 0."
        ),
        "critical_disputed": N_("{name} This is critical, and some assessors say 0 of 4, others more, at: {units}."),
        "differ": N_(
            "{name} Assessors differ by {points} points or more, or on whether it applies, "
            "at {part} of {whole}: {units}."
        ),
        "decline": N_(
            "{name}: the score fell by at least {drop} since {earlier}, from {old_low}–{old_high} to {low}–{high}."
        ),
        # Mandates
        "gap": N_("{function}: no institution leads it in {territory}."),
        "gap_former": N_(
            "{function}: no institution leads it in {territory} any more; the mandate of {former} has ended."
        ),
        "gap_partly": N_("{function}: nobody leads it in all of {territory}; {partly} does in a part."),
        "overlap": N_("{function}: {first} and {second} both lead it in {territory}."),
        "conflict": N_("{function}: {institution} has two roles at once in {territory}: {role} and {other}."),
        "lapse_ended": N_("Mandates that have ended and were not renewed: {part} ({institutions})."),
        "lapse_basis_ended": N_("Mandates that rest on a text no longer in force: {part} ({institutions})."),
        "lapse_basis_not_yet": N_("Mandates that rest on a text not yet in force: {part} ({institutions})."),
        "lapse_basis_unknown": N_("Mandates that rest on a text that is not on the list: {part} ({institutions})."),
        "lapse_no_basis": N_("Mandates that name no legal text: {part} ({institutions})."),
        # Exchange
        "flow_missing": N_("{layer}: needed exchanges that do not take place, {part} of {whole}: {pairs}."),
        "flow_disputed": N_(
            "{layer}: needed exchanges on which one end says yes, the other no, {part} of {whole}: {pairs}."
        ),
        "flow_late": N_("{layer}: needed exchanges that come later than they must, {part} of {whole}: {pairs}."),
        "silent_cut": N_("If {name} is silent, these institutions are cut off from the rest: {cut}."),
        "silent_unheard": N_("If {name} is silent, word from these no longer reaches {target}: {unheard}."),
        "silent_ways": N_("If {name} is silent, {part} of {whole} ways between other institutions are lost."),
        # Observations
        "breach": N_("{protocol}, {clause}: not kept to in {part} of {whole} return operations that could be judged."),
        "posts": N_(
            "{source}: posts that left out more than {limit} % of the reports expected of them, "
            "{part} of {whole}: {places}."
        ),
    }
)
"""The sentences by id."""

REACHES: Mapping[str, str] = MappingProxyType(
    {
        "units": N_("places or institutions looked at: {part} of {whole}"),
        "cells": N_("indicators asked: {part} of {whole}"),
        "territory": N_("parts of the country: {part} of {whole}"),
        "mandates": N_("mandates: {part} of {whole}"),
        "needs": N_("exchanges needed: {part} of {whole}"),
        "others": N_("other institutions: {part} of {whole}"),
        "ways": N_("ways between others: {part} of {whole}"),
        "operations": N_("operations judged: {part} of {whole}"),
        "posts": N_("posts: {part} of {whole}"),
    }
)
"""What a reach counts, by id."""

CERTAINTIES: Mapping[str, str] = MappingProxyType(
    {
        "range": N_("share of the possible scores that bear it out"),
        "assessors": N_("one assessor or several"),
        "answered": N_("share of the answers known"),
        "said": N_("share of the assessors who say so"),
        "verified": N_("checked against its source or not yet"),
        "ends": N_("one end spoke or both"),
        "judged": N_("judged by a person"),
    }
)
"""The parts of a certainty, by name."""

SEVERITIES: Mapping[int, str] = MappingProxyType({1: N_("minor"), 2: N_("moderate"), 3: N_("major"), 4: N_("critical")})
"""How grave, in a word."""
RULES: Mapping[str, str] = MappingProxyType(
    {
        "low": N_("Low score"),
        "critical": N_("Critical indicator at 0"),
        "differ": N_("Assessors differ"),
        "decline": N_("Decline"),
        "gap": N_("Mandate gap"),
        "overlap": N_("Mandate overlap"),
        "conflict": N_("Conflict of roles"),
        "lapse": N_("Lapsed basis"),
        "flow": N_("Flow gap"),
        "dependence": N_("Dependence on one institution"),
        "protocol": N_("Return protocol"),
        "silence": N_("Silent posts"),
        "own": N_("Written by a person"),
    }
)
"""The rules by id, in their order."""
