"""Country packs: what is read, and what is said about every mistake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from core.packs import AREAS, CROSSINGS, FULL, MINIMAL, SOURCES, SURVEY, TOML, checked, raw, said, warned

from pasaj.core.pack import SCHEMA, Quantity, fingerprint
from pasaj.core.pack.shapes import Need
from pasaj.core.periods import Period
from pasaj.core.problems import CATALOGUE


@pytest.mark.req("R4.1")
def test_five_files_with_the_plain_columns_are_a_pack() -> None:
    found = checked({}, MINIMAL)
    assert said(found) == []
    assert found.pack is not None
    crossing = found.pack.crossings[0]
    assert (crossing.code, crossing.lat, crossing.lon, crossing.aliases) == ("NL-1", 15.5, -12.25, ("Gran Pon", "Pont"))
    assert found.pack.manifest.extent == (-20.0, 10.0, -10.0, 20.0)
    assert found.pack.measures[0].categories == ("men", "women")
    assert {one.code for one in found.warnings} == {"PACK-072", "PACK-065"}


def test_a_full_pack_becomes_plain_values() -> None:
    found = checked({})
    assert said(found) == []
    assert warned(found) == []
    pack = found.pack
    assert pack is not None
    assert pack.code == "northland"
    assert pack.manifest.cell == "CELL"
    assert pack.manifest.methods == ("ears_c2",)
    assert pack.institutions[1].verify == "verify"
    assert pack.institutions[0].verify == ""
    assert pack.instruments[0].verify == "check the article"
    assert pack.instruments[0].date == "1999-12"
    assert pack.sources[0].url == "https://example.org/r"
    assert pack.sources[1].kind == "published"
    assert pack.measures[0].category_names == {"men": {"fr": "Hommes"}, "women": {"fr": "Femmes"}}
    assert [one.rule for one in pack.calendar] == ["yearly:05-18", "easter:-2", "weekly:mon", "2026-07-01"]
    assert [(one.code, one.territories, one.definitions) for one in pack.functions] == [
        ("CHECK", (), {"fr": "Entrées et sorties"}),
        ("RESCUE", ("NL-A", "NL0101"), {}),
    ]
    now, before = pack.mandates
    assert (now.function, now.institution, now.role, now.basis) == ("CHECK", "IMM", "lead", "L-1")
    assert (now.first, now.last, now.territory, now.verify) == (date(2000, 1, 1), None, "", "")
    assert (before.territory, before.last, before.note, before.verify) == ("NL-A", date(2019, 12, 31), "Ancien", "date")
    post = pack.posts[0]
    assert (post.key, post.measures, post.cadence, post.usual_hour) == ("NL-1/REG", ("returns", "water"), "day", 18)
    one, two = pack.thresholds
    assert (one.value, one.versus, one.category, one.protection) == (Decimal(100), "", "men", True)
    assert (two.value, two.versus, two.category, two.factor) == (None, "water", "total", Decimal("1.5"))
    national, local = pack.figures
    assert (national.place_kind, national.direction, national.category) == ("area", "in", "total")
    assert national.period == Period(date(2022, 1, 1), date(2022, 1, 31), "month")
    assert (national.value, national.reported_at, national.row) == (Decimal(1250), date(2022, 2, 1), 2)
    assert (local.place_kind, local.direction, local.value) == ("crossing", "out", Decimal("10.5"))
    assert [(layer.name, layer.features) for layer in pack.layers] == [("line", 1)]
    drugs, rescue = pack.incident_types
    assert drugs.quantities == (Quantity("weight", ("kg", "g")), Quantity("parcels", ("parcels",)))
    assert (drugs.corridor, drugs.protection, drugs.domain) == (True, False, "any")
    assert (rescue.corridor, rescue.protection, rescue.domain, rescue.definitions) == (False, True, "sea", {})
    closed, partly = pack.statuses
    assert (closed.side, closed.state, closed.start, closed.end) == ("own", "closed", date(2020, 3, 16), None)
    assert (partly.end, partly.hours, partly.cause) == (date(2023, 10, 13), "08:00-12:00", "")
    duty, child = pack.contact_roles
    assert (duty.code, duty.protection, duty.may_approve, duty.order) == ("duty", False, False, 10)
    assert (child.protection, child.may_approve, child.order, child.names) == (True, True, 0, {"fr": "Enfants"})
    assert (pack.manifest.phone_country, pack.manifest.phone_digits) == ("221", 9)
    assert pack.timeline[0].date == "2015-06..2017-09"
    assert pack.timeline[0].period.end == date(2017, 9, 30)


def test_who_should_tell_whom_what() -> None:
    pack = checked({}).pack
    assert pack is not None
    assert [(one.code, one.definitions) for one in pack.exchange_layers] == [
        ("ALERTS", {"fr": "Avis du jour"}),
        ("LISTS", {}),
    ]
    assert pack.needs == (
        Need("ALERTS", "IMM", "CELL", 2.5, source="Cellule"),
        Need("LISTS", "CELL", "IMM", None, "L-1", "Avant", "Loi 1", "délai"),
    )


def test_the_words_of_messages() -> None:
    pack = checked({}).pack
    assert pack is not None
    assert [(one.word, one.meaning, one.measure, one.category, one.language) for one in pack.words] == [
        ("rapport", "report", "", "", "fr"),
        ("hommes", "figure", "returns", "men", "fr"),
        ("retours", "figure", "returns", "total", "fr"),
    ]
    wrong = (
        FULL["words.csv"]
        + "RETOURS,,returns,men,en,x\nretours,figure,returns,,fr,x\n…,skip,,,fr,x\n,skip,,,fr,x\n"
        + "eau,,wate,,fr,x\njour,now,,,fr,x\njours,today,,,de,x\nHommes,,returns,men,en,x\n"
    )
    assert said(checked({"words.csv": wrong})) == [
        ("PACK-047", "words.csv", 5, "word"),
        ("PACK-014", "words.csv", 6, "word"),
        ("PACK-010", "words.csv", 7, "word"),
        ("PACK-010", "words.csv", 8, "word"),
        ("PACK-015", "words.csv", 9, "measure"),
        ("PACK-023", "words.csv", 10, "meaning"),
        ("PACK-023", "words.csv", 11, "language"),
    ]
    no_manifest = checked({"pack.toml": None, "words.csv": FULL["words.csv"]})
    assert [one.file for one in no_manifest.problems] == ["pack.toml"]


def test_the_fingerprint_tells_packs_apart() -> None:
    one = raw(FULL)
    assert fingerprint(one) == fingerprint(dict(reversed(one.items())))
    assert len({fingerprint(one), fingerprint({**one, "a.md": b""}), fingerprint({**one, "geo/README.md": b"x"})}) == 3
    moved = fingerprint({"a": b"bc", "d": b""})
    assert moved != fingerprint({"a": b"b", "cd": b""})
    pack = checked({}).pack
    assert pack is not None
    assert pack.fingerprint == fingerprint(one)


@pytest.mark.req("R4.2")
@pytest.mark.parametrize("name", MINIMAL)
def test_a_missing_file_is_one_problem_and_blames_nobody_else(name: str) -> None:
    assert said(checked({name: None}, MINIMAL)) == [("PACK-001", name, None, "")]


@pytest.mark.parametrize("name", sorted(name for name in FULL if name.endswith(".csv")))
@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda data: b"\xff\xfe" + data.decode().encode("utf-16-le"), "PACK-002"),
        (lambda data: data.decode().encode("utf-16-be"), "PACK-002"),
        (lambda data: data + "é".encode("cp1252") + b"\n", "PACK-003"),
        (lambda data: data + b"\0\n", "PACK-004"),
        (lambda data: data.replace(b",", b";"), "PACK-005"),
        (lambda data: data.replace(b",", b"\t"), "PACK-005"),
        (lambda data: b"", "PACK-012"),
        (lambda data: b"\n", "PACK-012"),
    ],
)
def test_an_unreadable_file_is_one_problem(name: str, damage: object, code: str) -> None:
    found = checked({name: damage(FULL[name].encode())})  # type: ignore[operator]
    ours = [one for one in found.problems if one.file == name]
    assert [one.code for one in ours] == [code]
    assert {one.file for one in found.problems} == {name}
    assert found.pack is None


def test_the_line_of_a_wrong_byte_is_told() -> None:
    found = checked({"areas.csv": AREAS.encode("cp1252"), "sources.csv": SOURCES.encode() + b"\n\0"}, MINIMAL)
    assert [(one.code, one.params["line"]) for one in found.problems] == [("PACK-004", 4), ("PACK-003", 3)]


def test_a_mark_and_windows_line_ends_are_read() -> None:
    found = checked({"areas.csv": b"\xef\xbb\xbf" + AREAS.replace("\n", "\r\n").encode()}, MINIMAL)
    assert said(found) == []
    assert found.pack is not None
    assert found.pack.areas[1].names == {"fr": "Région A"}


def test_quotation_marks_and_cells_too_many() -> None:
    rows = 'NL-B,1,"Une région",NL\nNL-C,1,"Sud"x,NL\n\nNL-D,1,Est,NL,trop\nNL-E,1,Ouest,NL,,,\nNL-F,1,"Fin,NL\n'
    found = checked({"areas.csv": AREAS + rows}, MINIMAL)
    assert said(found) == [
        ("PACK-006", "areas.csv", 6, ""),
        ("PACK-007", "areas.csv", 8, ""),
        ("PACK-006", "areas.csv", 10, ""),
    ]


def test_a_cell_of_several_lines_is_one_row() -> None:
    areas = 'code,level,name_fr,parent,note\nNL,0,Pays,,"un\ndeux\ntrois"\nNL-A,9,Région,NL,\n'
    assert said(checked({"areas.csv": areas, "crossing_points.csv": CROSSINGS.replace("NL0101", "NL-A")}, MINIMAL)) == [
        ("PACK-023", "areas.csv", 3, "level"),
    ]


def test_a_huge_cell_is_refused() -> None:
    found = checked({"areas.csv": AREAS + f"NL-B,1,{'x' * 200_000},NL\nNL-C,1,{'x' * 300},NL\n"}, MINIMAL)
    assert said(found) == [("PACK-006", "areas.csv", 5, ""), ("PACK-032", "areas.csv", 6, "name_fr")]
    note = checked(
        {"areas.csv": AREAS.replace("parent\n", "parent,iso\n").replace("Pays du Nord,\n", f"P,,{'x' * 13}\n")}
    )
    assert said(note) == [("PACK-032", "areas.csv", 2, "iso")]


def test_columns_missing_doubled_unknown() -> None:
    found = checked(
        {
            "measures.csv": "code,name_fr,kind,unit,direction,categories,cadance,protection,alert_on,#zz,\n",
            "sources.csv": "code,name,institution,definition,url,Name,qqqq\n",
            "areas.csv": "code,level,name_en,name_es,parent,,x\n",
        },
        MINIMAL,
    )
    assert said(found) == [
        ("PACK-012", "sources.csv", None, ""),
        ("PACK-009", "sources.csv", 1, "name"),
        ("PACK-008", "areas.csv", 1, "name_fr"),
        ("PACK-008", "measures.csv", 1, "cadence"),
    ]
    assert warned(found) == [
        ("PACK-060", "sources.csv", 1, "qqqq"),
        ("PACK-069", "areas.csv", 1, "name_es"),
        ("PACK-060", "areas.csv", 1, "#6"),
        ("PACK-060", "areas.csv", 1, "x"),
        ("PACK-072", "areas.csv", 1, "source"),
        ("PACK-061", "measures.csv", 1, "cadance"),
        ("PACK-060", "measures.csv", 1, "#zz"),
        ("PACK-065", "LICENCES.md", None, ""),
    ]


def test_a_plain_name_column_is_the_default_language() -> None:
    found = checked({"areas.csv": AREAS.replace("name_fr", "Name")}, MINIMAL)
    assert found.pack is not None
    assert found.pack.areas[0].names == {"fr": "Pays du Nord"}
    twice = checked({"areas.csv": AREAS.replace("name_fr", "name,name_fr").replace(",Pays", ",x,Pays")}, MINIMAL)
    assert ("PACK-009", "areas.csv", 1, "name_fr") in said(twice)


def test_every_problem_of_every_row_is_listed() -> None:
    areas = AREAS + (
        "NL,0,Encore,NL\n"  # the code again
        ",1,Sans code,NL\n"
        "N L,1,Espace,NL\n"
        "NL-B,3,,NLX\n"
        "NL-C,2,Région C,\n"
        "NL-D,1,Région D,NL0101\n"
        "NL-Z,zone,Côte,NL-A\n"
        "NL-Y,1,Dans la côte,NL-Z\n"
    )
    assert said(checked({"areas.csv": areas}, MINIMAL)) == [
        ("PACK-013", "areas.csv", 5, "code"),
        ("PACK-019", "areas.csv", 5, "parent"),
        ("PACK-010", "areas.csv", 6, "code"),
        ("PACK-017", "areas.csv", 7, "code"),
        ("PACK-023", "areas.csv", 8, "level"),
        ("PACK-011", "areas.csv", 8, "name_fr"),
        ("PACK-015", "areas.csv", 8, "parent"),
        ("PACK-010", "areas.csv", 9, "parent"),
        ("PACK-019", "areas.csv", 10, "parent"),
        ("PACK-019", "areas.csv", 12, "parent"),
    ]


def test_parents_in_a_circle_are_named_once() -> None:
    header = "code,level,name_fr,parent\n"
    found = checked(
        {
            "areas.csv": header + "A,zone,a,B\nB,1,b,C\nC,1,c,B\nD,1,d,D\n",
            "crossing_points.csv": CROSSINGS.replace("NL0101", "A"),
        },
        MINIMAL,
    )
    assert [(one.row, one.params["chain"]) for one in found.problems if one.code == "PACK-018"] == [
        (3, "B > C > B"),
        (5, "D > D"),
    ]
    long = header + "".join(f"L{at},zone,l,L{(at + 1) % 30}\n" for at in range(30))
    found = checked({"areas.csv": long, "crossing_points.csv": CROSSINGS.replace("NL0101", "L1")}, MINIMAL)
    assert [one.params["chain"] for one in found.problems if one.code == "PACK-018"] == [
        "L0 > L1 > L2 > L3 > … > L28 > L29 > L0"
    ]


def crossing(**cells: str) -> str:
    """One crossing with some cells replaced."""
    header, row = CROSSINGS.strip().split("\n")
    values = dict(zip(header.split(","), row.split(","), strict=True)) | cells
    return header + "\n" + ",".join(values.values()) + "\n"


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"lat": '"15,5"'}, "PACK-020", "lat"),
        ({"lat": "nan"}, "PACK-020", "lat"),
        ({"lat": "1e1"}, "PACK-020", "lat"),
        ({"lat": "١٥"}, "PACK-020", "lat"),
        ({"lat": "-95"}, "PACK-021", "lat"),
        ({"lon": "181"}, "PACK-021", "lon"),
        ({"lat": ""}, "PACK-033", "lat"),
        ({"lon": ""}, "PACK-033", "lon"),
        ({"precision_km": "-1"}, "PACK-021", "precision_km"),
        ({"kind": "lnad"}, "PACK-024", "kind"),
        ({"kind": "7"}, "PACK-023", "kind"),
        ({"kind": ""}, "PACK-010", "kind"),
        ({"official": "true"}, "PACK-023", "official"),
        ({"status": "opened"}, "PACK-024", "status"),
        ({"name": ""}, "PACK-010", "name"),
        ({"area": "NL0102"}, "PACK-015", "area"),
        ({"area": "???"}, "PACK-016", "area"),
        ({"code": "NL-A"}, "PACK-039", "code"),
        ({"counterpart_country": "Dom"}, "PACK-029", "counterpart_country"),
        ({"note": "#REF!"}, "PACK-030", "note"),
        ({"note": "caf\ufffd"}, "PACK-031", "note"),
        ({"note": "a\x07b"}, "PACK-031", "note"),
    ],
)
def test_one_wrong_cell_of_a_crossing(cells: dict[str, str], code: str, column: str) -> None:
    assert said(checked({"crossing_points.csv": crossing(**cells)}, MINIMAL)) == [
        (code, "crossing_points.csv", 2, column)
    ]


def test_the_nearest_code_is_suggested() -> None:
    found = checked({"crossing_points.csv": crossing(area="nl-0101", kind="LAND")}, MINIMAL)
    assert [one.params["nearest"] for one in found.problems] == ["NL0101"]


@pytest.mark.req("R3.3")
def test_an_unofficial_crossing_has_no_coordinates() -> None:
    found = checked({"crossing_points.csv": crossing(official="no")}, MINIMAL)
    assert ("PACK-064", "crossing_points.csv", 2, "lat") in warned(found)
    assert found.pack is not None
    one = found.pack.crossings[0]
    assert (one.lat, one.lon, one.precision_km) == (None, None, None)
    quiet = checked({"crossing_points.csv": crossing(official="no", lat="", lon="", precision_km="")}, MINIMAL)
    assert "PACK-064" not in {one.code for one in quiet.warnings}


def test_warnings_leave_the_pack_usable() -> None:
    cells = {"official": "verify", "lat": "50", "status": "", "source": "", "note": "Ã©tat â€™n"}
    others = {"notes.xlsx": b"x", "areas.txt": "x", "demo.toml": "x", "forms/day.csv": "x"}
    others["forms/day/survey.csv"] = SURVEY
    found = checked({"crossing_points.csv": crossing(**cells), **others})
    assert found.pack is None or said(found) == []
    assert warned(found) == [
        ("PACK-068", "crossing_points.csv", 2, "note"),
        ("PACK-070", "crossing_points.csv", 2, "lat"),
        ("PACK-063", "crossing_points.csv", 2, "source"),
        ("PACK-062", "areas.txt", None, ""),
        ("PACK-062", "forms/day.csv", None, ""),
        ("PACK-062", "notes.xlsx", None, ""),
    ]
    assert found.pack is not None
    assert (found.pack.crossings[0].verify, found.pack.crossings[0].status) == ("verify", "unknown")


def test_licences_and_provenance_are_asked_for() -> None:
    found = checked({"LICENCES.md": "areas.csv: CC0", "geo/README.md": None})
    assert ("PACK-067", "geo/README.md", None, "") in warned(found)
    assert sum(one.code == "PACK-066" for one in found.warnings) == 24
    assert ("PACK-066", "areas.csv", None, "") not in warned(found)


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "column"),
    [
        ("measures.csv", "men;women", "men;women;wo men", "PACK-017", "categories"),
        ("measures.csv", "m3", "", "PACK-010", "unit"),
        ("measures.csv", "day,no", "day,non", "PACK-022", "protection"),
        ("sources.csv", "IMM", "IMN", "PACK-015", "institution"),
        ("sources.csv", "example.org/r", "javascript:alert(1)", "PACK-046", "url"),
        ("categories.csv", "men,Hommes", "man,Hommes", "PACK-035", "code"),
        ("categories.csv", "men,Hommes", ",Hommes", "PACK-010", "code"),
        ("categories.csv", "returns,men,", "return,men,", "PACK-015", "measure"),
        ("institutions.csv", "coordination", "comité", "PACK-023", "kind"),
        ("instruments.csv", "1999-12", "1999-13", "PACK-026", "date"),
        ("timeline.csv", "2015-06..2017-09", "2017-09..2015-06", "PACK-027", "date"),
        ("timeline.csv", "2015-06..2017-09", "..", "PACK-026", "date"),
        ("timeline.csv", "Retours", "", "PACK-010", "event"),
        ("calendar.csv", "yearly:05-18", "yearly:02-30", "PACK-028", "date"),
        ("calendar.csv", "yearly:05-18", "monday", "PACK-028", "date"),
        ("calendar.csv", "NL-1,market", "NL-9,market", "PACK-015", "crossing"),
        ("incident_types.csv", "weight:kg|g", "weight", "PACK-048", "quantities"),
        ("incident_types.csv", "weight:kg|g", "weight:kg|", "PACK-048", "quantities"),
        ("incident_types.csv", "weight:kg|g", "wei ght:kg", "PACK-048", "quantities"),
        ("incident_types.csv", "weight:kg|g", "parcels:x", "PACK-048", "quantities"),
        ("incident_types.csv", ",any,", ",air,", "PACK-023", "domain"),
        ("crossing_status.csv", ",own,", ",owns,", "PACK-024", "side"),
        ("crossing_status.csv", "2020-03-16", "", "PACK-010", "from"),
        ("crossing_status.csv", "2020-03-16", "16/03/2020", "PACK-025", "from"),
        ("crossing_status.csv", "2020-03-16,", "2020-03-16,2020-03-15", "PACK-049", "until"),
        ("crossing_status.csv", ",closed,", ",shut,", "PACK-023", "state"),
        ("functions.csv", "NL-A; NL0101", "NL-A; NL0102", "PACK-015", "territory"),
        ("functions.csv", "Contrôle", "", "PACK-011", "name_fr"),
        ("mandates.csv", "CHECK,IMM", "CHECKS,IMM", "PACK-015", "function"),
        ("mandates.csv", "CHECK,IMM", "CHECK,IMN", "PACK-015", "institution"),
        ("mandates.csv", ",lead,", ",boss,", "PACK-023", "role"),
        ("mandates.csv", ",lead,", ",,", "PACK-010", "role"),
        ("mandates.csv", ",NL-A,", ",NL-B,", "PACK-015", "territory"),
        ("mandates.csv", ",L-1,", ",L-2,", "PACK-015", "basis"),
        ("mandates.csv", "2000-01-01,,", "2000-01-01,1999-12-31,", "PACK-049", "until"),
        ("mandates.csv", "2000-01-01", "01/01/2000", "PACK-025", "from"),
        ("exchange_layers.csv", "Alertes", "", "PACK-011", "name_fr"),
        ("exchange_needs.csv", "ALERTS,IMM", "ALERT,IMM", "PACK-015", "layer"),
        ("exchange_needs.csv", "IMM,CELL", "IMN,CELL", "PACK-015", "sender"),
        ("exchange_needs.csv", "IMM,CELL", "IMM,CELT", "PACK-015", "receiver"),
        ("exchange_needs.csv", "IMM,CELL", "IMM,IMM", "PACK-057", "receiver"),
        ("exchange_needs.csv", "IMM,CELL", "IMM,", "PACK-010", "receiver"),
        ("exchange_needs.csv", ",2.5,", ",9000,", "PACK-021", "hours"),
        ("exchange_needs.csv", ",2.5,", ",2h,", "PACK-020", "hours"),
        ("exchange_needs.csv", ",L-1,", ",L-2,", "PACK-015", "basis"),
        ("posts.csv", "returns; water", "returns; vater", "PACK-015", "measures"),
        ("posts.csv", "returns; water", "", "PACK-010", "measures"),
        ("posts.csv", "IMM", "", "PACK-010", "institution"),
        ("posts.csv", "REG", "", "PACK-010", "source"),
        ("posts.csv", ",18,", ",24,", "PACK-021", "usual_hour"),
        ("posts.csv", ",18,", ",18h,", "PACK-034", "usual_hour"),
        ("thresholds.csv", "ge,,,100", "ge,,,", "PACK-036", "value"),
        ("thresholds.csv", "ge,,,100", "ge,water,,100", "PACK-036", "value"),
        ("thresholds.csv", "1.5", "1.23456", "PACK-038", "factor"),
        ("thresholds.csv", "returns,men", "returns,children", "PACK-035", "category"),
        ("observations/a.csv", "1250", "-5", "PACK-034", "value"),
        ("observations/a.csv", "1250", '"1,250"', "PACK-034", "value"),
        ("observations/a.csv", "1250", "", "PACK-010", "value"),
        ("observations/a.csv", "10.5", '"10,5"', "PACK-020", "value"),
        ("observations/a.csv", "2022-02-01", "2022-02-30", "PACK-025", "reported_at"),
        ("observations/a.csv", "2022-02-01", "01/02/2022", "PACK-025", "reported_at"),
        ("observations/a.csv", "PUB,p", "PUC,p", "PACK-015", "source"),
        ("observations/a.csv", "NL-1,water", "NL-7,water", "PACK-015", "place"),
        ("observations/a.csv", "water,out", "water,sideways", "PACK-023", "direction"),
        ("observations/a.csv", "exact", "sure", "PACK-023", "quality"),
        ("pack.toml", '"CELL"', '"CELT"', "PACK-015", "cell"),
    ],
)
def test_one_wrong_cell_elsewhere(file: str, old: str, new: str, code: str, column: str) -> None:
    found = checked({file: FULL[file].replace(old, new, 1)})
    assert [(one.code, one.column) for one in found.problems] == [(code, column)]
    assert found.problems[0].file == file
    assert found.problems[0].row == (None if file == "pack.toml" else found.problems[0].row)


def test_rows_without_a_code_stand_once() -> None:
    again = "observations/b.csv"
    head, first, _second = FULL["observations/a.csv"].strip().split("\n")
    found = checked(
        {
            again: f"{head}\n{first}\n{first.replace('2022-02-01', '2022-03-01')}\n",
            "calendar.csv": FULL["calendar.csv"] + "YEARLY:05-18,,,holiday,Fête,Loi\n",
            "mandates.csv": FULL["mandates.csv"] + "CHECK,IMM,lead,,L-1,2000-01-01,,Encore,x,\n",
            "exchange_needs.csv": FULL["exchange_needs.csv"] + "ALERTS,IMM,CELL,9,,,x,\n",
            "posts.csv": FULL["posts.csv"] + "NL-1,CELL,REG,water,,,,,,x\n",
            "crossing_status.csv": FULL["crossing_status.csv"] + "NL-1,own,open,2020-03-16,,,,x\n",
            "timeline.csv": FULL["timeline.csv"] + "2015-06..2017-09,Retours,other,x\n",
            "categories.csv": FULL["categories.csv"] + "returns,men,Messieurs\n",
        }
    )
    assert said(found) == [
        ("PACK-014", "categories.csv", 4, "code"),
        ("PACK-014", "mandates.csv", 4, "function"),
        ("PACK-014", "exchange_needs.csv", 4, "layer"),
        ("PACK-014", "timeline.csv", 3, "event"),
        ("PACK-014", "calendar.csv", 6, "date"),
        ("PACK-014", "posts.csv", 3, "crossing"),
        ("PACK-014", "crossing_status.csv", 4, "from"),
        ("PACK-014", again, 2, "period"),
    ]
    assert found.problems[-1].text() == (
        "This row says the same thing as row 2 of observations/a.csv "
        "(NL · returns · in · total · 2022-01 · PUB · 2022-02-01)."
    )


def test_a_calendar_row_has_a_date_or_a_rule() -> None:
    head, *_rows = FULL["calendar.csv"].split("\n")
    both = f"rule,{head}\nweekly:mon,,,,market,Lundi,x\nweekly:mon,2026-01-01,XX,,market,Deux,x\n,,,,market,Rien,x\n"
    assert said(checked({"calendar.csv": both})) == [
        ("PACK-037", "calendar.csv", 3, "rule"),
        ("PACK-010", "calendar.csv", 4, "date"),
    ]


def test_posts_and_mandates_need_the_institutions_they_name() -> None:
    found = checked({"institutions.csv": None, "pack.toml": TOML})
    assert said(found) == [
        ("PACK-016", "mandates.csv", 2, "institution"),
        ("PACK-016", "mandates.csv", 3, "institution"),
        ("PACK-016", "exchange_needs.csv", 2, "sender"),
        ("PACK-016", "exchange_needs.csv", 2, "receiver"),
        ("PACK-016", "exchange_needs.csv", 3, "sender"),
        ("PACK-016", "exchange_needs.csv", 3, "receiver"),
        ("PACK-016", "posts.csv", 2, "institution"),
    ]


def test_mandates_name_functions_and_may_be_alone_with_them() -> None:
    alone = "function,institution,role,basis\nCHECK,IMM,lead,L-1\n"
    found = checked({"mandates.csv": alone, "functions.csv": None})
    assert said(found) == [("PACK-016", "mandates.csv", 2, "function")]
    # Without the file of texts nobody can say that a text is unknown.
    found = checked({"mandates.csv": alone.replace("L-1", "L-9"), "instruments.csv": None})
    assert said(found) == []
    assert ("PACK-072", "mandates.csv", 1, "source") in warned(found)


def test_every_sentence_can_be_said() -> None:
    for kind in CATALOGUE.values():
        if kind.code.startswith("PACK"):
            assert kind.message.endswith(".") or kind.message.endswith("?")
    assert SCHEMA == 1
