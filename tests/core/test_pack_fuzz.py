"""Whatever the files of a pack hold, checking them never fails: it lists problems."""

from __future__ import annotations

import random
import sys
import time

import pytest
from core.packs import FULL, MINIMAL, ZONES, raw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pasaj.core.pack import Checked, check
from pasaj.core.pack.vocabulary import LOOKUPS, Vocabulary, nearest

NAMES = st.sampled_from(sorted(FULL))
CELLS = st.sampled_from(["", "NL", "x", '"', "-1", "yes", "1e9", "2022-02-30", "#REF!", "\0", "é", ";", "\n", "a" * 50])


def sound(found: Checked) -> None:
    """Either a pack or problems, and every sentence of them can be said."""
    assert (found.pack is None) == bool(found.problems)
    for one in (*found.problems, *found.warnings):
        assert "…" not in one.text().replace("> … >", "")
        assert one.remedy()


@given(st.dictionaries(NAMES, st.binary(max_size=400), min_size=1))
def test_random_bytes_never_raise(damaged: dict[str, bytes]) -> None:
    sound(check({**raw(FULL), **damaged}, zones=ZONES))
    alone = check(damaged)
    assert alone.pack is None
    assert alone.problems


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_files_with_bytes_changed_never_raise(data: st.DataObject) -> None:
    files = raw(FULL)
    name = data.draw(NAMES)
    content = bytearray(files[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        if content:
            content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    files[name] = bytes(content)
    check(files, zones=ZONES)


@given(st.data())
def test_files_with_cells_changed_never_raise(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(name for name in FULL if name.endswith(".csv"))))
    rows = [line.split(",") for line in FULL[name].rstrip("\n").split("\n")]
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.integers(0, len(rows) - 1))
        rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(CELLS | st.text(max_size=20))
    text = "\n".join(",".join(row) for row in rows)
    found = check({**raw(FULL), name: text.encode("utf-8", "surrogatepass")}, zones=ZONES)
    assert (found.pack is None) == bool(found.problems)


@given(st.dictionaries(st.text(max_size=30), st.binary(max_size=30)))
def test_strange_names_of_files_never_raise(extra: dict[str, bytes]) -> None:
    found = check({**extra, **raw(MINIMAL)}, zones=ZONES)
    assert {one.file for one in found.problems} <= extra.keys()


def cost(count: int, wrong: bool) -> tuple[float, Checked]:
    """Seconds for a pack with `count` areas and crossings, all of them right or all of them wrong."""
    files = raw(MINIMAL)
    pick = random.Random(7)
    areas = [f"A{at:06},2,Commune {at},R" for at in range(count)]
    kind, place = ("lnad", "Z") if wrong else ("land", "A")
    crossings = [f"C{at:06},Pont {at},{kind},yes,{place}{pick.randrange(count):06},,,,,,open,,," for at in range(count)]
    files["areas.csv"] = ("code,level,name_fr,parent\nNL,0,Pays,\nR,1,Région,NL\n" + "\n".join(areas)).encode()
    header = MINIMAL["crossing_points.csv"].split("\n")[0]
    files["crossing_points.csv"] = f"{header}\n{chr(10).join(crossings)}\n".encode()
    begin = time.perf_counter()
    found = check(files, zones=ZONES)
    return time.perf_counter() - begin, found


@pytest.mark.parametrize("wrong", [False, True])
def test_the_cost_grows_with_the_rows_and_not_with_their_square(wrong: bool) -> None:
    if sys.gettrace() is None:
        small = min(cost(2_000, wrong)[0] for _ in range(2))
        large, found = cost(16_000, wrong)
        assert large < 40 * max(small, 0.02)  # 64 times when quadratic, 8 when not
    else:
        found = cost(16_000, wrong)[1]
    assert len(found.problems) == (2 * 16_000 if wrong else 0)


def test_suggestions_are_bounded() -> None:
    words = Vocabulary(f"code-{at:05}" for at in range(50_000))
    assert words.nearest("CODE 00017") == "code-00017"
    assert words.nearest("code-000x17") == "code-00017"
    assert words.nearest("") == ""
    assert [words.nearest(f"code-0001{at}y") for at in range(LOOKUPS + 50)][-1] == ""
    assert nearest("lnad", ("land", "air")) == "land"
    assert nearest("?", ("land",)) == ""
