"""`always_from` in measures.csv: from which count on a measure warns whatever is usual."""

import pytest
from core.packs import MINIMAL, checked

HEADER = "code,name_fr,kind,unit,direction,categories,cadence,protection,alert_on,always_from,method\n"
WATER = "water,Eau,quantity,m3,none,,week,yes,down,,\n"


def measures(kind: str = "count", alert_on: str = "up", always_from: str = "1", method: str = "") -> dict[str, str]:
    row = f"returns,Retours,{kind},persons,in,,day,no,{alert_on},{always_from},{method}\n"
    return {"measures.csv": HEADER + row + WATER}


@pytest.mark.req("R13.72")
def test_a_pack_says_from_which_count_on_a_measure_warns() -> None:
    found = checked(measures(always_from="3", method="rare"), MINIMAL)
    assert found.pack is not None
    assert [one.always_from for one in found.pack.measures] == [3, None]


@pytest.mark.req("R13.72")
@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (measures(kind="quantity"), "kind", "PACK-099"),
        (measures(alert_on="down"), "alert_on", "PACK-099"),
        (measures(alert_on=""), "alert_on", "PACK-099"),
        (measures(method="daily"), "method", "PACK-099"),
        (measures(always_from="0"), "always_from", "PACK-021"),
        (measures(always_from="one"), "always_from", "PACK-034"),
    ],
)
def test_only_counts_that_are_watched_for_rises_can(row: dict[str, str], column: str, code: str) -> None:
    found = checked(row, MINIMAL)
    assert [(one.code, one.column) for one in found.problems] == [(code, column)]
