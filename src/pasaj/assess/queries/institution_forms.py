"""The forms in which the institutions of a round say whom they tell what, and which role they have in what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pasaj.assess.models import Round, Sort
from pasaj.assess.queries import mapping
from pasaj.core import rounds as core
from pasaj.core.rounds.mapping import Head, Named, exchange_form, mandates_form
from pasaj.registry.models import Area, ExchangeLayer, Function, Institution, Instrument


def institution_forms(row: Round, title: Mapping[str, str]) -> list[tuple[str, core.Questionnaire]]:
    """By sort (exchange, mandates); none that asks nothing: the round does not want them, or the pack has no rows.

    title: of the round by language; its languages are those of the forms.
    """
    if not row.mapping:
        return []
    asked = Institution.objects.filter(pk__in=row.units.filter(sort=Sort.INSTITUTION).values("institution"))
    head = Head(row.code, title, tuple(title), [Named(one.code, one.names) for one in asked.order_by("code")])
    made: dict[str, Callable[[], core.Questionnaire]] = {
        "exchange": lambda: exchange_form(head, _named(mapping.layers())),
        "mandates": lambda: mandates_form(head, _named(mapping.functions()), _texts(), _areas()),
    }
    found = []
    for sort, make in made.items():
        try:
            found.append((sort, make()))
        except ValueError:
            continue
    return found


def _named(rows: Sequence[Function] | Sequence[ExchangeLayer]) -> list[Named]:
    return [Named(one.code, one.names, one.definitions) for one in rows]


def _texts() -> list[Named]:
    return [Named(one.code, {"": one.title}) for one in Instrument.objects.filter(retired_at=None).order_by("code")]


def _areas() -> list[Named]:
    """A role may be confined to the areas that make up the country."""
    return [Named(one.code, one.names) for one in Area.objects.filter(retired_at=None, level="1").order_by("code")]
