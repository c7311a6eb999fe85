"""Criteria, scales and methods of an appraisal in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pasaj.assess.queries.words import number
from pasaj.policy.models import Criterion
from pasaj.policy.queries.appraisal import FIGURE
from pasaj.registry.models import localised

NONE = "–"
CRITERIA = {
    "PRIORITY": gettext_lazy("Priority of the problem"),
    "BENEFIT": gettext_lazy("Desirable effects"),
    "HARM": gettext_lazy("Undesirable effects"),
    "CERTAINTY": gettext_lazy("Certainty of the evidence"),
    "VALUES": gettext_lazy("Values of those concerned"),
    "RESOURCES": gettext_lazy("Resources required"),
    "EQUITY": gettext_lazy("Equity"),
    "ACCEPTABLE": gettext_lazy("Acceptability"),
    "FEASIBLE": gettext_lazy("Feasibility"),
    "RIGHTS": gettext_lazy("Impact on rights"),
}
ASKS = {
    "PRIORITY": gettext_lazy("Is the problem that it answers a priority?"),
    "BENEFIT": gettext_lazy("How substantial are the effects that people want?"),
    "HARM": gettext_lazy("How substantial are the effects that nobody wants?"),
    "CERTAINTY": gettext_lazy("How certain is the evidence of these effects, all in all?"),
    "VALUES": gettext_lazy("Is it uncertain, or different from person to person, how much they value these effects?"),
    "RESOURCES": gettext_lazy("How large are the resources that it takes, or saves?"),
    "EQUITY": gettext_lazy("What becomes of equity between groups of people?"),
    "ACCEPTABLE": gettext_lazy("Is it acceptable to those who matter for it?"),
    "FEASIBLE": gettext_lazy("Can it be put into practice here?"),
    "RIGHTS": gettext_lazy("What does it do to people's rights? A violation rules the option out."),
}
_YES_NO = {
    "no": pgettext_lazy("judgement", "no"),
    "probably_no": pgettext_lazy("judgement", "probably no"),
    "probably_yes": pgettext_lazy("judgement", "probably yes"),
    "yes": pgettext_lazy("judgement", "yes"),
}
_EFFECTS = {
    "trivial": pgettext_lazy("effects", "trivial"),
    "small": pgettext_lazy("effects", "small"),
    "moderate": pgettext_lazy("effects", "moderate"),
    "large": pgettext_lazy("effects", "large"),
}
CERTAINTIES = {
    "high": pgettext_lazy("certainty", "high"),
    "moderate": pgettext_lazy("certainty", "moderate"),
    "low": pgettext_lazy("certainty", "low"),
    "very_low": pgettext_lazy("certainty", "very low"),
}
WORDS: dict[str, dict[str, Any]] = {
    "priority": _YES_NO,
    "agreement": _YES_NO,
    "benefit": _EFFECTS,
    "harm": _EFFECTS,
    "certainty": CERTAINTIES,
    "values": {
        "important": pgettext_lazy("values", "important uncertainty or difference"),
        "possibly": pgettext_lazy("values", "possibly important"),
        "probably_not": pgettext_lazy("values", "probably not important"),
        "none": pgettext_lazy("values", "no important one"),
    },
    "resources": {
        "large_costs": pgettext_lazy("resources", "large costs"),
        "moderate_costs": pgettext_lazy("resources", "moderate costs"),
        "negligible": pgettext_lazy("resources", "negligible costs and savings"),
        "moderate_savings": pgettext_lazy("resources", "moderate savings"),
        "large_savings": pgettext_lazy("resources", "large savings"),
    },
    "equity": {
        "reduced": pgettext_lazy("equity", "reduced"),
        "probably_reduced": pgettext_lazy("equity", "probably reduced"),
        "no_impact": pgettext_lazy("equity", "probably no impact"),
        "probably_increased": pgettext_lazy("equity", "probably increased"),
        "increased": pgettext_lazy("equity", "increased"),
    },
    "rights": {
        "violates": pgettext_lazy("rights", "violates a right"),
        "doubtful": pgettext_lazy("rights", "doubtful: not shown to be lawful, necessary and proportionate"),
        "justified": pgettext_lazy("rights", "limits a right; lawful, necessary and proportionate"),
        "none": pgettext_lazy("rights", "limits no right"),
    },
}
OPEN = {
    "varies": pgettext_lazy("judgement", "varies"),
    "unknown": pgettext_lazy("judgement", "unknown"),
}
SCALES = {
    FIGURE: gettext_lazy("a figure"),
    "agreement": gettext_lazy("no to yes"),
    "benefit": gettext_lazy("effects, small to large"),
    "harm": gettext_lazy("effects, large to small"),
    "certainty": gettext_lazy("very low to high"),
    "resources": gettext_lazy("costs to savings"),
    "equity": gettext_lazy("equity reduced to increased"),
    "rights": gettext_lazy("impact on rights, as a veto"),
}
"""What a further criterion may be judged in."""
WEIGHTS = {
    "unknown": gettext_lazy("Nothing: all are tried alike"),
    "order": gettext_lazy("An order of importance"),
    "bounds": gettext_lazy("Bounds for some of them, in percent of the whole"),
    "stated": gettext_lazy("Weights that all agreed on"),
}
AGAINST = {
    "vetoed": gettext_lazy("It violates rights."),
    "in_doubt": gettext_lazy("What it does to rights is in doubt."),
    "rarely_first": gettext_lazy("It is first in fewer of the draws than was asked for."),
}


def criterion_name(row: Criterion) -> str:
    """The name of a criterion."""
    return localised(row.names) or str(CRITERIA.get(row.code, row.code))


def criterion_asks(row: Criterion) -> str:
    """What is asked of each option; for a figure, what it is worth."""
    if row.scale != FIGURE:
        return str(ASKS.get(row.code, "")) if not row.names else ""
    unit = f" {row.unit}" if row.unit else ""
    told = [
        _("%(figure)s is worth %(value)s")
        % {"figure": f"{number(a, _places(a))}{unit}", "value": number(b, _places(b))}
        for a, b in row.points
    ]
    return "; ".join(told)


def _places(value: float) -> int:
    return 0 if value == int(value) else 2


def judgement_word(scale: str, word: str) -> str:
    """A word of a scale, or one that leaves it open."""
    return str(WORDS.get(scale, {}).get(word) or OPEN.get(word) or word)


def options_of(scale: str) -> list[tuple[str, Any]]:
    """The words to choose from, best first as people read them, then those that leave it open."""
    return [*reversed(WORDS.get(scale, {}).items()), *OPEN.items()]


def certainty_word(value: str) -> str:
    """How certain the evidence of a judgement is."""
    return str(CERTAINTIES.get(value, NONE))
