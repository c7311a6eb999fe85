"""The Haiti pack's data: counts, sums, references, and what must never stand in it. Read with the csv module."""

import csv
import hashlib
import json
import math
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from pasaj.core.mapping.mandates import review
from pasaj.core.mapping.packs import of_pack
from pasaj.core.pack import check

PACK = Path(__file__).resolve().parents[2] / "src" / "pasaj" / "packs" / "haiti"
LANGUAGES = ("fr", "ht", "en", "es")

# Codes are neutral, so the local names of unofficial crossings must not come back by a note or an alias.
# Only fingerprints stand here: a list of the names would be what it guards against.
WITHHELD = {
    "40953cdd1e",
    "52bb439c80",
    "5ef6846588",
    "62375f69be",
    "6e0035d2be",
    "7fa2d5245a",
    "b6524e78f3",
    "ce3fa10687",
    "e52c366f65",
    "e7302e1be3",
    "ef0377a90c",
    "f5ca7b33a0",
}


def rows(name: str) -> list[dict[str, str]]:
    with (PACK / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_code(name: str) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows(name)}


def figures() -> list[dict[str, str]]:
    return [row for file in sorted((PACK / "observations").glob("*.csv")) for row in rows(f"observations/{file.name}")]


def all_csv() -> list[Path]:
    return sorted(PACK.rglob("*.csv"))


@pytest.fixture(scope="module")
def layers() -> dict[str, list[dict]]:
    return {
        file.stem: json.loads(file.read_text(encoding="utf-8"))["features"] for file in (PACK / "geo").glob("*.geojson")
    }


def test_the_pack_check_finds_nothing():
    files = {str(path.relative_to(PACK)): path.read_bytes() for path in PACK.rglob("*") if path.is_file()}
    checked = check(files, zones=available_timezones())
    assert [problem.text() for problem in checked.problems] == []
    assert [warning.text() for warning in checked.warnings] == []


@pytest.mark.parametrize("path", all_csv(), ids=lambda path: path.name)
def test_files_are_utf8_with_lf_and_equal_rows(path: Path):
    data = path.read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\n")
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    assert {len(row) for row in table} == {len(table[0])}
    assert all(cell == cell.strip() for row in table for cell in row)


@pytest.mark.parametrize(
    "name",
    [
        "crossing_points.csv",
        "exchange_layers.csv",
        "functions.csv",
        "incident_types.csv",
        "institutions.csv",
        "instruments.csv",
        "measures.csv",
        "sources.csv",
        "thresholds.csv",
    ],
)
def test_rows_are_sorted_by_code(name: str):
    codes = [row["code"] for row in rows(name)]
    assert codes == sorted(set(codes))


def test_how_many_rows():
    files = [path.relative_to(PACK).as_posix() for path in all_csv()]
    counted = {file: len(rows(file)) for file in files if not file.startswith("forms/")}
    assert counted == {
        "alignment.csv": 73,
        "areas.csv": 39,
        "calendar.csv": 74,
        "categories.csv": 38,
        "contact_roles.csv": 14,
        "crossing_points.csv": 24,
        "crossing_status.csv": 12,
        "exchange_layers.csv": 10,
        "exchange_needs.csv": 57,
        "frameworks/border-management/indicators.csv": 72,
        "frameworks/poe-health/indicators.csv": 20,
        "functions.csv": 25,
        "incident_types.csv": 11,
        "institutions.csv": 48,
        "instruments.csv": 18,
        "mandates.csv": 49,
        "measures.csv": 37,
        "observations/dgm_returns_monthly.csv": 38,
        "observations/dpc_2015_arrivals.csv": 16,
        "observations/garr_2024_2025.csv": 13,
        "observations/published_parts.csv": 55,
        "observations/published_totals.csv": 39,
        "prices.csv": 15,
        "posts.csv": 24,
        "sources.csv": 32,
        "thresholds.csv": 5,
        "timeline.csv": 34,
        "words.csv": 209,
    }


def test_areas():
    areas = by_code("areas.csv")
    levels = [area["level"] for area in areas.values()]
    assert {level: levels.count(level) for level in set(levels)} == {"0": 1, "1": 10, "2": 19, "zone": 9}
    for area in areas.values():
        assert area["level"] == "0" or area["parent"] in areas
        assert all(area[f"name_{language}"] for language in LANGUAGES)
    assert areas["HT0421"]["name_ht"] == "Wanament"
    assert areas["HT-SEA-NO"]["parent"] == "HT-NO"
    assert "HT-SEA-CE" not in areas  # the Centre department has no coast


def test_official_crossings():
    crossings = by_code("crossing_points.csv")
    official = {code for code, row in crossings.items() if row["kind"] == "land" and row["official"] == "yes"}
    assert official == {"HT-BCP-AAP", "HT-BCP-BEL", "HT-BCP-MAL", "HT-BCP-OUA"}
    assert all(crossings[code]["lat"] and crossings[code]["precision_km"] for code in official)
    assert {"Wanament", "Juana Méndez"} <= set(crossings["HT-BCP-OUA"]["aliases"].split(";"))
    assert {"Beladè", "Karizal", "Carrizal"} <= set(crossings["HT-BCP-BEL"]["aliases"].split(";"))
    assert "Malpas" in crossings["HT-BCP-MAL"]["aliases"].split(";")
    assert "Ansapit" in crossings["HT-BCP-AAP"]["aliases"].split(";")
    assert crossings["HT-BCP-MAL"]["status"] == "unknown"
    assert "23 mai 2025" in crossings["HT-BCP-MAL"]["note"]
    assert {code for code, row in crossings.items() if row["official"] == "verify"} == {
        "HT-APT-CYA",
        "HT-SEA-LAF",
        "HT-SEA-MIR",
        "HT-SEA-SUD",
    }


def test_unofficial_crossings_have_neither_name_nor_position():
    areas = by_code("areas.csv")
    unofficial = [row for row in rows("crossing_points.csv") if row["official"] == "no"]
    assert [row["code"] for row in unofficial] == [f"HT-UBP-{number:02d}" for number in range(1, 12)]
    for row in unofficial:
        assert row["lat"] == row["lon"] == row["precision_km"] == row["aliases"] == row["counterpart"] == ""
        commune = areas[row["area"]]
        assert commune["level"] == "2"
        assert re.fullmatch(re.escape(commune["name_fr"]) + r", point non officiel \d", row["name"])


def test_no_local_name_of_an_unofficial_crossing_anywhere():
    for path in PACK.rglob("*"):
        if path.suffix in (".csv", ".md", ".toml", ".yaml", ".geojson"):
            words = re.findall(r"\w+", path.read_text(encoding="utf-8").casefold())
            pairs = {f"{one} {two}" for one, two in pairwise(words)}
            found = {word for word in {*words, *pairs} if hashlib.sha256(word.encode()).hexdigest()[:10] in WITHHELD}
            assert not found, f"{path.name}: {found}"


def test_every_row_says_where_it_comes_from():
    for name, column in {
        "areas.csv": "source",
        "crossing_points.csv": "source",
        "institutions.csv": "source",
        "instruments.csv": "source",
        "functions.csv": "source",
        "mandates.csv": "source",
        "exchange_layers.csv": "source",
        "exchange_needs.csv": "source",
        "contact_roles.csv": "source",
        "alignment.csv": "source",
        "prices.csv": "source",
        "timeline.csv": "source",
        "incident_types.csv": "source",
        "crossing_status.csv": "source",
        "calendar.csv": "source",
        "thresholds.csv": "source",
        "words.csv": "source",
        "posts.csv": "provenance",
        "sources.csv": "definition",
    }.items():
        assert [row for row in rows(name) if not row[column]] == [], name
    assert [row for row in figures() if not row["citation"]] == []


@pytest.mark.req("R1.5")
def test_the_protocol_of_1999():
    files = {str(path.relative_to(PACK)): path.read_bytes() for path in PACK.rglob("*") if path.is_file()}
    pack = check(files, zones=available_timezones()).pack
    (one,) = pack.protocols
    assert (one.code, one.instrument) == ("HT-DO-1999", "HT-DO-PROT-1999")
    assert (one.receiving.timezone, one.handing.timezone) == ("America/Port-au-Prince", "America/Santo_Domingo")
    assert one.scope == {
        "deported": "applies",
        "voluntary": "disputed",
        "spontaneous": "outside",
        "refused": "outside",
    }
    rules = {clause.code: clause.rule for clause in one.clauses}
    assert rules == {
        "a": "hours",
        "b": "families",
        "c": "place",
        "d": "answers",
        "e": "answers",
        "f": "announced",
        "g": "posts",
    }
    assert set(one.titles) == set(LANGUAGES)
    assert all(set(clause.texts) == set(LANGUAGES) and clause.source for clause in one.clauses)
    official = {row["code"] for row in rows("crossing_points.csv") if row["code"].startswith("HT-BCP-")}
    assert set(one.clauses[2].points) == official
    assert len(official) == 4
    assert one.clauses[5].measure == "returns_announced"


def test_references():
    areas, crossings = by_code("areas.csv"), by_code("crossing_points.csv")
    measures, sources, institutions = by_code("measures.csv"), by_code("sources.csv"), by_code("institutions.csv")
    assert not set(areas) & set(crossings)
    assert all(row["area"] in areas for row in crossings.values())
    assert all(row["institution"] in institutions for row in sources.values())
    for row in rows("posts.csv"):
        assert row["crossing"] in crossings
        assert row["institution"] in institutions
        assert row["source"] in sources
        assert set(row["measures"].split(";")) <= set(measures)
        assert sources[row["source"]]["kind"] == "operational"
        assert row["phone"] == ""
    for row in figures():
        assert row["place"] in areas or row["place"] in crossings
        categories = {"total", *measures[row["measure"]]["categories"].split(";")}
        assert row["category"] in categories
        assert sources[row["source"]]["kind"] == "published"
    named = {(row["measure"], row["code"]) for row in rows("categories.csv")}
    assert named == {(code, one) for code, row in measures.items() for one in row["categories"].split(";") if one}
    for row in rows("thresholds.csv"):
        assert {row["measure"], row["versus"] or row["measure"]} <= set(measures)


def test_names_and_definitions_in_four_languages():
    named = ("areas.csv", "measures.csv", "categories.csv", "institutions.csv", "thresholds.csv", "calendar.csv",
             "incident_types.csv", "exchange_layers.csv")  # fmt: skip
    for name in named:
        for row in rows(name):
            assert all(row[f"name_{language}"] for language in LANGUAGES), (name, row)
    for row in (*rows("measures.csv"), *rows("incident_types.csv"), *rows("exchange_layers.csv")):
        assert all(row[f"definition_{language}"] for language in LANGUAGES), row["code"]
    assert "DEPOTE" in next(row for row in rows("categories.csv") if row["code"] == "deported")["name_ht"]


def test_what_alerts():
    alert = {row["code"]: row["alert_on"] for row in rows("measures.csv")}
    assert alert["staff_present"] == "down"
    assert alert["entries"] == alert["exits"] == alert["returns"] == alert["protection_referrals"] == "both"
    assert alert["sea_deaths"] == "up"
    protected = {row["code"] for row in rows("measures.csv") if row["protection"] == "yes"}
    assert protected == {"asylum_referrals", "custody_over_48h", "protection_referrals", "unaccompanied_children"}


def test_monthly_returns_sum_to_the_printed_totals():
    months = {row["period"]: int(row["value"]) for row in rows("observations/dgm_returns_monthly.csv")}
    assert sum(value for period, value in months.items() if period.startswith("2022")) == 143_333
    assert sum(value for period, value in months.items() if period.startswith("2024")) == 276_215
    assert sum(value for period, value in months.items() if period.startswith("2025")) == 285_614
    assert (months["2024-09"], months["2024-10"]) == (24_865, 40_223)


def test_arrivals_of_2015():
    communes = rows("observations/dpc_2015_arrivals.csv")
    assert sum(int(row["value"]) for row in communes) == 19_138
    assert {row["period"] for row in communes} == {"2015-06-21..2015-07-09"}
    country = [row for row in figures() if (row["measure"], row["place"]) == ("arrivals", "HT")]
    counted = {row["category"]: int(row["value"]) for row in country}
    assert counted == {"total": 19_138, "official": 6_116, "unofficial": 13_022}


@pytest.mark.parametrize(
    ("measure", "source", "period", "total", "parts"),
    [
        ("interviewed", "PUB-OIM-ENTRETIENS", "2015-06-16..2015-07-03", 1_133, 1_073),
        ("registered_returns", "PUB-OIM-CUMUL", "2015-06..2017-09", 229_885, 229_208),
        ("weekly_returns_average", "PUB-OIM-HEBDO", "2017", 1_864, 2_021),
        ("returns", "PUB-GARR-MOIS", "2022-07", 18_232, 17_364),
        ("returns", "PUB-GARR-MOIS", "2023-11", 60_726, 60_736),
        ("returns", "PUB-GARR-MOIS", "2023-01..2023-11", 492_240, 492_410),
    ],
)
def test_contradictions_are_shown_not_repaired(measure: str, source: str, period: str, total: int, parts: int):
    found = [row for row in figures() if (row["measure"], row["source"], row["period"]) == (measure, source, period)]
    assert [int(row["value"]) for row in found if row["category"] == "total"] == [total]
    assert sum(int(row["value"]) for row in found if row["category"] != "total") == parts
    assert f"{parts:,}" in " ".join(row["note"] for row in found)


def test_august_2025_stands_side_by_side():
    found = {
        (row["source"], row["category"]): int(row["value"])
        for row in figures()
        if (row["place"], row["measure"], row["period"]) == ("HT", "returns", "2025-08")
    }
    assert found == {
        ("PUB-DGM-MOIS", "deported"): 35_276,
        ("PUB-GARR-MOIS", "deported"): 26_968,
        ("PUB-GARR-MOIS", "spontaneous"): 25_332,
        ("PUB-GARR-MOIS", "refused"): 9_394,
    }


def test_corrections_of_the_review():
    institutions = by_code("institutions.csv")
    assert {"CASEC", "MAIRIES", "COUN", "SNGRD", "CONS-DO", "OFNAC", "BLTS", "FADH", "CELL"} <= set(institutions)
    foreign = {row["country"] for row in institutions.values() if row["kind"] == "foreign"}
    assert foreign == {"DO", "BS", "TC", "CU", "US"}
    polifront = institutions["POLIFRONT"]["mandate"]
    assert all(part in polifront for part in ("2014", "27 décembre 2017", "91", "118", "dont 10 femmes"))
    events = {row["date"]: row["event"] for row in rows("timeline.csv")}
    assert "91 agents" in events["2017-12-27"]
    assert "Malpasse" in events["2025-05-23"]
    protocol = by_code("instruments.csv")["HT-DO-PROT-1999"]["summary"]
    assert all(f"({letter})" in protocol for letter in "abcdefg")
    assert "déduit" in by_code("instruments.csv")["HT-POL-2015"]["summary"]
    markets = {(row["crossing"], row["rule"]) for row in rows("calendar.csv") if row["kind"] == "market"}
    assert {("HT-BCP-OUA", "weekly:mon"), ("HT-BCP-OUA", "weekly:fri"), ("HT-BCP-MAL", "weekly:thu")} <= markets
    assert {row["country"] for row in rows("calendar.csv") if row["kind"] == "holiday"} == {"HT", "DO"}


def test_layers_are_small_and_have_the_codes_of_the_areas(layers):
    assert all(path.stat().st_size < 80_000 for path in (PACK / "geo").glob("*.geojson"))
    departments = {row["code"] for row in rows("areas.csv") if row["level"] == "1"}
    assert {feature["properties"]["code"] for feature in layers["departments"]} == departments
    assert [feature["properties"]["kind"] for feature in layers["coast_border"]] == ["border", "coast", "foreign"]
    assert {feature["properties"]["kind"] for feature in layers["department_lines"]} == {"boundary"}
    readme = (PACK / "geo" / "README.md").read_text(encoding="utf-8")
    for path in (PACK / "geo").glob("*.geojson"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in readme


def test_official_land_crossings_lie_on_the_border(layers):
    border = next(one for one in layers["coast_border"] if one["properties"]["kind"] == "border")["geometry"]
    for row in rows("crossing_points.csv"):
        if row["code"].startswith("HT-BCP-"):
            here = (float(row["lon"]), float(row["lat"]))
            away = min(kilometres(here, one, two) for one, two in pairwise(border["coordinates"]))
            assert away <= float(row["precision_km"]), (row["code"], away)


def kilometres(point: tuple[float, float], start: list[float], end: list[float]) -> float:
    """Distance from a point to a segment on a local plane: good to 1 % over a few kilometres."""
    width, height = 111.32 * math.cos(math.radians(point[1])), 110.6
    x0, y0 = (start[0] - point[0]) * width, (start[1] - point[1]) * height
    dx, dy = (end[0] - start[0]) * width, (end[1] - start[1]) * height
    length = dx * dx + dy * dy
    t = max(0.0, min(1.0, -(x0 * dx + y0 * dy) / length)) if length else 0.0
    return math.hypot(x0 + t * dx, y0 + t * dy)


@pytest.mark.req("R1.15")
def test_types_of_incident():
    types = by_code("incident_types.csv")
    assert {code for code, row in types.items() if row["domain"] == "sea"} == {
        "sea_deaths",
        "sea_interception",
        "sea_rescue",
    }
    assert "trafficking" in types["smuggling"]["definition_en"]
    assert "never a person" in types["trafficking"]["definition_en"]
    assert (types["smuggling"]["protection"], types["trafficking"]["protection"]) == ("no", "yes")
    assert {code for code, row in types.items() if row["corridor"] == "yes"} == {
        "drugs",
        "sea_interception",
        "smuggling",
        "trafficking",
        "weapons",
    }


@pytest.mark.req("R1.17")
def test_closures_are_those_of_the_timeline():
    timeline = {row["date"]: row["source"] for row in rows("timeline.csv")}
    statuses = rows("crossing_status.csv")
    assert {row["from"] for row in statuses} == {
        "2020-03-16",
        "2023-09-06",
        "2023-09-15",
        "2023-10-11",
        "2025-05-23",
    }
    for row in statuses:
        assert row["source"] == timeline[row["from"]]
        assert row["until"] == row["hours"] == ""
        assert row["verify"]
    taken = [row for row in statuses if row["state"] == "no_control"]
    assert [(row["crossing"], row["side"]) for row in taken] == [("HT-BCP-MAL", "own")]


def test_staff_stands_by_shift_and_service():
    staff = {code: row for code, row in by_code("measures.csv").items() if row["per_source"] == "yes"}
    assert {code: row["categories"] for code, row in staff.items()} == {
        "staff_established": "day;night",
        "staff_posted": "day;night",
        "staff_present": "day;night",
    }


@pytest.mark.req("R1.1")
def test_mandates_are_marked_and_leave_open_what_nobody_was_found_to_do():
    files = {str(path.relative_to(PACK)): path.read_bytes() for path in PACK.rglob("*") if path.is_file()}
    pack = check(files, zones=available_timezones()).pack
    register, mandates = of_pack(pack)
    found = review(mandates, register, date(2026, 3, 1))
    assert [(gap.function, gap.territory) for gap in found.gaps] == [
        ("BORDER-COORDINATION", ""),
        ("MIGRATION-POLICY", ""),
    ]
    assert [gap.former for gap in found.gaps] == [(), ("CDES",)]
    assert found.overlaps == ()
    assert [(one.institution, one.function) for one in pack.mandates if not one.verify] == [
        ("CNLTP", "ANTI-TRAFFICKING"),
        ("IBESR", "CHILD-PROTECTION"),
        ("DIE", "ENTRY-EXIT"),
        ("POLIFRONT", "LAND-WATCH"),
        ("ONM", "RETURN-RECEPTION"),
    ]
    foreign = {one.code for one in pack.institutions if one.kind == "foreign"}
    assert not foreign & {one.institution for one in pack.mandates}


@pytest.mark.req("R1.2")
def test_every_need_of_exchange_is_a_marked_proposal():
    needs = rows("exchange_needs.csv")
    assert [row for row in needs if not row["verify"]] == []
    assert sorted({row["layer"] for row in needs}) == [row["code"] for row in rows("exchange_layers.csv")]
    # Clause f says "in reasonable time": nobody has put a number on it.
    (lists,) = [row for row in needs if (row["sender"], row["receiver"]) == ("DO-DGM", "CONS-DO")]
    assert (lists["layer"], lists["hours"], lists["basis"]) == ("RETURN-LISTS", "", "HT-DO-PROT-1999")
    asked_by_a_text = sorted({row["basis"] for row in needs if row["basis"]})
    assert asked_by_a_text == ["HT-CRF", "HT-DO-2014", "HT-DO-PROT-1999", "HT-LAW-TIP-2014"]
