"""Rows of the price list."""

from __future__ import annotations

import pytest
from core.packs import checked

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
