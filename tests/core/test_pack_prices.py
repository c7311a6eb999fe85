"""Goals and the price list of a pack."""

from __future__ import annotations

import pytest
from core.packs import FULL, checked

HEAD = "code,name_fr,unit,low,high,currency,source\n"


@pytest.mark.req("R12.40")
@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ("CAR,Voiture,pièce,10,9,USD,x\n", [("PACK-021", "high")]),
        ("CAR,Voiture,pièce,10,11,usd,x\n", [("PACK-023", "currency")]),
        ("CAR,Voiture,pièce,much,11,USD,x\n", [("PACK-020", "low")]),
        ("CAR,Voiture,pièce,-1,11,USD,x\n", [("PACK-021", "low")]),
        ("CAR,Voiture,pièce,1,11,,x\n", [("PACK-010", "currency")]),
    ],
)
def test_a_price_that_cannot_be_taken(row: str, wanted: list[tuple[str, str]]) -> None:
    found = checked({"prices.csv": HEAD + row})
    assert [(one.code, one.column) for one in found.problems if one.file == "prices.csv"] == wanted


def test_goals_and_prices_become_plain_values() -> None:
    pack = checked({}, FULL).pack
    assert pack is not None
    data, old = pack.goals
    assert (data.code, data.framework, data.names, data.relevance) == (
        "GCM-1.2",
        "Pacte",
        {"fr": "Données", "en": "Data"},
        "core",
    )
    assert (old.relevance, old.source, old.verify) == ("country", "Site (verify)", "verify")
    car, pen = pack.prices
    assert (car.code, car.unit, str(car.low), str(car.high)) == ("CAR", "pièce", "38000.5", "65000")
    assert (pen.currency, pen.low, pen.high) == ("HTG", 2, 2)
