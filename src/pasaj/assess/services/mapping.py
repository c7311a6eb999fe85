"""What institutions say of their exchange and their roles: looked at once, then counted or told why not.

As with the answers to a framework (services/sheets.py) the outcome of the report is the row of work.
"""

from __future__ import annotations

from pasaj.assess.models import MappingAnswer, Round, RoundUnit, Sort
from pasaj.collect.models import Outcome
from pasaj.core.mapping import answers
from pasaj.core.problems import Refused, problem
from pasaj.registry.models import Area, ExchangeLayer, Function, Instrument

KINDS = (answers.EXCHANGE, answers.COMPLETE, answers.MANDATES)


def check(row: Round, unit: RoundUnit, outcome: Outcome) -> None:
    """Raise Refused for what cannot be counted: MAPPING-024, 012 (said twice), and as core.mapping.answers."""
    if unit.sort != Sort.INSTITUTION:
        raise Refused(problem("MAPPING-024", column="unit", value=unit.code))
    if outcome.kind == answers.COMPLETE:
        answers.complete(outcome.data)
    elif outcome.kind == answers.EXCHANGE:
        _check_exchange(row, unit, outcome)
    else:
        answers.claims(outcome.data, known(Function), known(Instrument), known(Area))


def known(model: type[Function] | type[Instrument] | type[Area] | type[ExchangeLayer]) -> frozenset[str]:
    """The codes of a file of the pack, those that left it included: a form may be older than the pack."""
    return frozenset(model._default_manager.values_list("code", flat=True))


def _check_exchange(row: Round, unit: RoundUnit, outcome: Outcome) -> None:
    scope = set(row.units.filter(sort=Sort.INSTITUTION).values_list("code", flat=True))
    layers = known(ExchangeLayer)
    said = answers.told(outcome.data, unit.code, scope, layers)
    beside = MappingAnswer.objects.filter(outcome__version=outcome.version_id, outcome__kind=answers.EXCHANGE)
    for other in beside.filter(outcome__state=Outcome.State.DONE).select_related("outcome"):
        before = answers.told(other.outcome.data, unit.code, scope, layers)
        twice = set(before.others).intersection(said.others)
        if twice and (before.layer, before.by) == (said.layer, said.by):
            ends = said.statements(unit.code)[said.others.index(min(twice))]
            raise Refused(problem("MAPPING-012", layer=said.layer, sender=ends.sender, receiver=ends.receiver))
