"""drills/*.toml: every problem with its line and key, and what is read."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from core.packs import FULL, checked

from pasaj.core.drill import Change, Key, Player, Scenario

FILE = "drills/surge.toml"
TOML = """\
schema = 1
code = "surge"
plan = "returns"
hazard = "returns"
level = "red"
start = 2015-06-16
days = 30
before = 28
onset = 2015-06-17T06:00:00
seed = 7
source = "Bulletin 12"
verify = "days are simulated"
[name]
fr = "Retours"
[summary]
fr = "Ce qui est joué"
[[facts]]
text = "19 138 arrivées"
source = "Bulletin 12"
[[usual]]
measure = "returns"
category = "men"
source = "REG"
levels = {NL-1 = 12, NL0101 = 0.5}
weekdays = [1, 1, 1, 1, 1, 0.5, 0.5]
dispersion = 2
[[counts]]
measure = "returns"
category = "men"
source = "REG"
start = 2015-06-21
days = 3
shape = "rise"
totals = {NL-1 = 900}
[[change]]
measure = "returns"
category = "men"
source = "REG"
places = ["NL-1"]
start = 2015-06-18
end = 2015-06-19
factor = 0
[[silence]]
places = ["NL-1"]
source = "REG"
start = 2015-06-25
end = 2015-06-25
[[conflict]]
measure = "returns"
category = "men"
source = "PUB"
of = "REG"
places = ["NL-1"]
start = 2015-06-22
end = 2015-06-23
factor = 0.5
[[cut]]
places = ["NL0101"]
start = 2015-06-22T08:00:00
end = 2015-06-23T08:00:00
[[rumour]]
at = 2015-06-20T09:30:00
place = "NL-1"
kind = "social"
outcome = "refuted"
hours = 5
text = {fr = "On dit que le pont est fermé"}
[[absence]]
role = "approver"
start = 2015-06-21T20:00:00
end = 2015-06-22T06:00:00
[players.duty]
minutes = 20
from_hour = 6
to_hour = 22
"""
LICENCES = {"LICENCES.md": FULL["LICENCES.md"] + f" {FILE}"}


def found(text: str | bytes, **more: str) -> list[tuple[str, int | None, str]]:
    """Problems and warnings of the file, with line and key."""
    result = checked({FILE: text, **LICENCES, **more})
    told = [*result.problems, *result.warnings]
    return [(one.code, one.row, one.column) for one in told if one.file.startswith("drills/")]


def scenario(text: str) -> Scenario:
    pack = checked({FILE: text, **LICENCES}).pack
    assert pack is not None
    return pack.drills[0]


def test_a_scenario_is_read_whole() -> None:
    one = scenario(TOML)
    key = Key("NL-1", "returns", "men", "REG")
    assert found(TOML) == []
    assert (one.code, one.days, one.before, one.seed, one.level) == ("surge", 30, 28, 7, "red")
    assert one.onset_at == datetime.fromisoformat("2015-06-17T06:00:00")
    assert [(row.key.place, row.level, row.weekdays[6], row.dispersion) for row in one.usual] == [
        ("NL-1", 12, 0.5, 2),
        ("NL0101", 0.5, 0.5, 2),
    ]
    assert [(row.key, row.start, row.total, row.weights) for row in one.counts] == [
        (key, date(2015, 6, 21), 900, (1, 2, 3))
    ]
    assert one.changes == (Change(key, date(2015, 6, 18), date(2015, 6, 19), 0),)
    assert [(row.key.source, row.of, row.factor) for row in one.conflicts] == [("PUB", "REG", 0.5)]
    assert [(row.role, row.turn) for row in one.absences] == [("approver", 1)]
    assert [(row.place, row.source) for row in one.silences] == [("NL-1", "REG")]
    assert [row.places for row in one.cuts] == [("NL0101",)]
    assert [(row.source_kind, row.outcome, row.hours) for row in one.rumours] == [("social", "refuted", 5)]
    assert one.players == {"duty": Player(minutes=20, from_hour=6, to_hour=22)}
    assert one.facts == (("19 138 arrivées", "Bulletin 12"),)


@pytest.mark.parametrize(
    ("shape", "weights"), [("flat", (1, 1, 1)), ("rise", (1, 2, 3)), ("fall", (3, 2, 1)), ("peak", (1, 2, 1))]
)
def test_shapes_of_a_wave(shape: str, weights: tuple[float, ...]) -> None:
    assert scenario(TOML.replace('shape = "rise"', f'shape = "{shape}"')).counts[0].weights == weights


def test_weights_of_its_own() -> None:
    assert scenario(TOML.replace('shape = "rise"', "weights = [0, 4]")).counts[0].weights == (0, 4)


def test_only_what_happens_is_needed() -> None:
    least = TOML[: TOML.index("[[counts]]")].replace("before = 28\n", "").replace('category = "men"\n', "")
    one = scenario(least.replace("weekdays = [1, 1, 1, 1, 1, 0.5, 0.5]\ndispersion = 2\n", ""))
    assert (one.before, one.usual[0].key.category, one.usual[0].weekdays) == (42, "total", (1.0,) * 7)
    assert (one.counts, one.rumours, one.players) == ((), (), {})


WRONG = [
    ("schema = 1", "schema = 2", ("PACK-054", 1, "schema")),
    ('plan = "returns"', 'plan = "a b"', ("PACK-017", 3, "plan")),
    ("start = 2015-06-16\n", 'start = "2015"\n', ("PACK-054", 6, "start")),
    ("start = 2015-06-16\n", "start = 2015-06-16T00:00:00\n", ("PACK-054", 6, "start")),
    ("days = 30", "days = 300", ("PACK-054", 7, "days")),
    ("before = 28", "before = true", ("PACK-054", 8, "before")),
    ("onset = 2015-06-17T06:00:00", "onset = 2015-06-17", ("PACK-054", 9, "onset")),
    ("onset = 2015-06-17T06:00:00", "onset = 2015-06-17T06:00:00Z", ("PACK-054", 9, "onset")),
    ("onset = 2015-06-17T06:00:00", "onset = 2016-06-17T06:00:00", ("DRILL-003", 9, "onset")),
    ("seed = 7", "seed = -1", ("PACK-054", 10, "seed")),
    ("levels = {NL-1 = 12, NL0101 = 0.5}", "levels = {}", ("PACK-054", 24, "usual.1.levels")),
    ("levels = {NL-1 = 12, NL0101 = 0.5}", 'levels = {NL-1 = "x"}', ("PACK-054", 24, "usual.1.levels")),
    ("levels = {NL-1 = 12, NL0101 = 0.5}", "levels = {NL-1 = -1}", ("PACK-054", 24, "usual.1.levels")),
    ("weekdays = [1, 1, 1, 1, 1, 0.5, 0.5]", "weekdays = [1, 2]", ("PACK-054", 25, "usual.1.weekdays")),
    ('shape = "rise"', 'shape = "rises"', ("PACK-024", 33, "counts.1.shape")),
    ('shape = "rise"', "weights = [0, 0]", ("PACK-054", 33, "counts.1.weights")),
    ("totals = {NL-1 = 900}", "totals = {NL0101 = 900, NL-A = 3}", ("DRILL-002", 27, "counts")),
    ("start = 2015-06-21\n", "start = 2014-06-21\n", ("DRILL-003", 31, "counts.1.start")),
    ('places = ["NL-1"]\nstart = 2015-06-18', 'places = ["NL-A"]\nstart = 2015-06-18', ("DRILL-002", 35, "change")),
    ("end = 2015-06-19", "end = 2015-06-17", ("PACK-054", 41, "change.1.end")),
    ("factor = 0\n", "factor = -2\n", ("PACK-054", 42, "change.1.factor")),
    ('of = "REG"\nplaces = ["NL-1"]', 'of = "REG"\nplaces = ["NL-A"]', ("DRILL-002", 48, "conflict")),
    ("end = 2015-06-23T08:00:00", "end = 2015-06-22T08:00:00", ("PACK-054", 60, "cut.1.end")),
    ('outcome = "refuted"', 'outcome = "true"', ("PACK-023", 65, "rumour.1.outcome")),
    ("end = 2015-06-22T06:00:00", "end = 2015-06-21T20:00:00", ("PACK-054", 71, "absence.1.end")),
    ("[players.duty]", "[players.dutty]", ("PACK-024", None, "players")),
    ("minutes = 20", "minutes = -1", ("PACK-054", 73, "players.duty.minutes")),
    ("[players.duty]", "[[players.duty]]", ("PACK-054", 72, "players.duty")),
]


@pytest.mark.parametrize(("old", "new", "told"), WRONG, ids=lambda one: str(one)[:40])
def test_every_mistake_is_told_with_its_place(old: str, new: str, told: tuple[str, int | None, str]) -> None:
    assert TOML.count(old) >= 1
    assert (told[0], told[2]) in {(one[0], one[2]) for one in found(TOML.replace(old, new, 1))}


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ('measure = "returns"', 'measure = "return"', "PACK-015", "usual.1.measure"),
        ('category = "men"', 'category = "man"', "PACK-024", "usual.1.category"),
        ('source = "REG"', 'source = "REX"', "PACK-015", "usual.1.source"),
        ("levels = {NL-1", "levels = {NL-2", "PACK-015", "usual.1.levels"),
        ('place = "NL-1"', 'place = "NL-7"', "PACK-015", "rumour.1.place"),
        ('of = "REG"', 'of = "RAG"', "PACK-015", "conflict.1.of"),
    ],
)
def test_codes_of_other_files_are_known_ones(old: str, new: str, code: str, key: str) -> None:
    told = [(one[0], one[2]) for one in found(TOML.replace(old, new, 1))]
    assert (code, key) in told


def test_what_is_missing_is_told() -> None:
    missing = TOML.replace("start = 2015-06-16\n", "").replace("onset = 2015-06-17T06:00:00\n", "")
    assert {("PACK-053", "start"), ("PACK-053", "onset")} <= {(one[0], one[2]) for one in found(missing)}
    assert "PACK-053" in {one[0] for one in found("schema = 1\n")}
    assert ("PACK-053", "usual.1.levels") in {
        (one[0], one[2]) for one in found(TOML.replace("levels = {NL-1 = 12, NL0101 = 0.5}\n", ""))
    }
    assert found("schema = [")[0][0] == "PACK-052"


def test_players_must_be_a_table_and_codes_are_used_once() -> None:
    assert ("PACK-054", "players") in {
        (one[0], one[2]) for one in found(TOML[: TOML.index("[players")].replace("seed = 7", "seed = 7\nplayers = 3"))
    }
    twice = found(TOML, **{"drills/two.toml": TOML})
    assert [(one[0], one[2]) for one in twice if one[0] == "PACK-055"] == [("PACK-055", "code")]


def test_a_source_that_is_missing_is_a_warning_and_a_strange_key_too() -> None:
    text = TOML.replace('source = "Bulletin 12"\nverify', 'sauce = "Bulletin 12"\nverify')
    assert {one[0] for one in found(text)} == {"PACK-074", "PACK-075"}
