"""The other files of a country pack: the manifest, map layers, folders of forms."""

from __future__ import annotations

import pytest
from core.packs import FULL, MINIMAL, SOURCES, SURVEY, TOML, checked, raw, said, warned

from pasaj.core.pack import check


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ("schema = 1", "schema = 2", "PACK-043", "schema"),
        ("schema = 1", 'schema = "1"', "PACK-042", "schema"),
        ("schema = 1", "", "PACK-041", "schema"),
        ('code = "northland"', 'code = "north land"', "PACK-017", "code"),
        ('"1.0"', "1.0", "PACK-042", "version"),
        ('"1.0"', '" "', "PACK-042", "version"),
        ('"CC BY 4.0"', '"' + "x" * 201 + '"', "PACK-032", "licence"),
        ('["fr", "en"]', '["fr", 3]', "PACK-042", "languages"),
        ('["fr", "en"]', '["en"]', "PACK-045", "default_language"),
        ("Africa/Dakar", "Africa/Dakkar", "PACK-044", "timezone"),
        ("20.0]", '"x"]', "PACK-042", "extent"),
        ("[-20.0, 10.0, -10.0, 20.0]", "[10, -20, 20, -10]", None, ""),
        ("[-20.0, 10.0, -10.0, 20.0]", "[20, 10, 10, 30]", "PACK-042", "extent"),
        ("[-20.0, 10.0, -10.0, 20.0]", "[nan, 10, 10, 30]", "PACK-042", "extent"),
        ("[-20.0, 10.0, -10.0, 20.0]", f"[1{'0' * 400}, 10, 10, 30]", "PACK-042", "extent"),
        ("extent = [-20.0, 10.0, -10.0, 20.0]", "", "PACK-041", "extent"),
        ('fr = "Pays du Nord"', "", "PACK-011", "name.fr"),
        ('fr = "Pays du Nord"', "fr = 3", "PACK-042", "name"),
        ('en = "Northland"', 'en = "Northland"\n[detect]\nmethods = "ears"', "PACK-042", "detect"),
        ('en = "Northland"', 'en = "Northland"\n[detect]\nfalse_discoveries = 1.5', "PACK-042", "detect"),
        ('en = "Northland"', 'en = "Northland"\n[phone]\ncountry = "0"\ndigits = 9', "PACK-042", "phone"),
        ('en = "Northland"', 'en = "Northland"\n[phone]\ncountry = "221"\ndigits = 99', "PACK-042", "phone"),
        ('en = "Northland"', 'en = "Northland"\n[phone]\ncountry = "221"', "PACK-042", "phone"),
        ("schema = 1", "schema = ", "PACK-040", ""),
        ("schema = 1", "x = " + "[" * 100_000, "PACK-040", ""),
    ],
)
def test_pack_toml(old: str, new: str, code: str | None, column: str) -> None:
    found = checked({"pack.toml": TOML.replace(old, new, 1)}, MINIMAL)
    expected = [] if code is None else [(code, "pack.toml", None, column)]
    assert [one for one in said(found) if one[1] == "pack.toml"] == expected


def test_a_nearby_timezone_is_suggested() -> None:
    found = checked({"pack.toml": TOML.replace("Africa/Dakar", "Dakkar/Africa")}, MINIMAL)
    assert found.problems[0].remedy() == "Write a name of the IANA list, for example Africa/Dakar."
    far = checked({"pack.toml": TOML.replace("Africa/Dakar", "zzz")}, MINIMAL)
    assert far.problems[0].params["nearest"] == "Africa/Dakar"
    assert check(raw({**MINIMAL, "pack.toml": TOML.replace("Africa/Dakar", "zzz")})).pack is not None


def test_unknown_keys_are_told() -> None:
    found = checked({"pack.toml": 'colour = "red"\n' + TOML + '[detect]\nmethods = []\nspeed = "fast"\n'}, MINIMAL)
    assert [one[3] for one in warned(found) if one[0] == "PACK-071"] == ["colour", "detect.speed"]


def test_an_unreadable_manifest_lets_the_tables_be_checked() -> None:
    found = checked({"pack.toml": b"\xe9", "sources.csv": SOURCES.replace("Registre", "")}, MINIMAL)
    assert said(found) == [("PACK-003", "pack.toml", None, ""), ("PACK-010", "sources.csv", 2, "name")]
    languages = checked({"pack.toml": TOML.replace('["fr", "en"]', "[]")}, MINIMAL)
    assert said(languages) == [("PACK-042", "pack.toml", None, "languages")]


def feature(geometry: str, properties: str = "{}") -> str:
    one = f'{{"type":"Feature","properties":{properties},"geometry":{geometry}}}'
    return f'{{"type":"FeatureCollection","features":[{one}]}}'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "PACK-050"),
        ("[" * 100_000, "PACK-050"),
        ("[]", "PACK-050"),
        ('{"type":"FeatureCollection"}', "PACK-050"),
        ('{"type":"FeatureCollection","features":[],"crs":{"properties":{"name":"EPSG:32618"}}}', "PACK-050"),
        ('{"type":"FeatureCollection","features":[],"crs":[]}', "PACK-050"),
        ('{"type":"FeatureCollection","features":[],"x":NaN}', "PACK-050"),
        ('{"type":"FeatureCollection","features":[],"x":1e999}', "PACK-050"),
        ('{"type":"FeatureCollection","features":[],"x":"\\ud800"}', "PACK-050"),
        ('{"type":"FeatureCollection","features":[],"x":"\\u0000"}', "PACK-050"),
        ('{"type":"FeatureCollection","features":[3]}', "PACK-051"),
        (feature("null"), "PACK-051"),
        (feature('{"type":"Circle","coordinates":[1,2]}'), "PACK-051"),
        (feature('{"type":"Point","coordinates":[1,2]}', "[]"), "PACK-051"),
        (feature('{"type":"Point","coordinates":[500000,2000000]}'), "PACK-051"),
        (feature('{"type":"Point","coordinates":[true,2]}'), "PACK-051"),
        (feature('{"type":"Polygon","coordinates":[[1,2]]}'), "PACK-051"),
        (feature('{"type":"Polygon","coordinates":[]}'), "PACK-051"),
        (feature('{"type":"Point"}'), "PACK-051"),
        (b"\xff\xfe{", "PACK-002"),
    ],
)
def test_a_map_layer_that_cannot_be_drawn(text: str | bytes, code: str) -> None:
    assert said(checked({"geo/line.geojson": text})) == [(code, "geo/line.geojson", None, "")]


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326"])
def test_the_old_way_to_say_degrees_is_accepted(name: str) -> None:
    text = f'{{"type":"FeatureCollection","features":[],"crs":{{"type":"name","properties":{{"name":"{name}"}}}}}}'
    assert said(checked({"geo/line.geojson": text})) == []


@pytest.mark.parametrize(
    ("more", "expected", "warned"),
    [
        ({"forms/daily/survey.csv": SURVEY, "forms/daily/settings.csv": "form_id,version\ndaily,1\n"}, [], []),
        ({"forms/daily/survey.csv": SURVEY, "forms/daily/meaning.yaml": "{}"}, [], []),
        ({"forms/daily/settings.csv": "form_id\ndaily\n"}, [("PACK-001", "survey.csv", None, "")], []),
        ({"forms/daily/survey.csv": "type,label\ntext,x\n"}, [("PACK-008", "survey.csv", 1, "name")], []),
        ({"forms/daily/survey.csv": "type;name\ntext;x\n"}, [("PACK-005", "survey.csv", 1, "")], []),
        ({"forms/daily/survey.csv": "\ud800"}, [("PACK-003", "survey.csv", None, "")], []),
        (
            {"forms/daily/survey.csv": SURVEY, "forms/daily/settings.csv": "form_id\nweekly\n"},
            [("PACK-095", "settings.csv", 2, "form_id")],
            [],
        ),
        (
            {"forms/daily/survey.csv": SURVEY + "text,who,Nom complet\n"},
            [],
            [("COLLECT-101", "survey.csv", 3, "label")],
        ),
    ],
)
def test_folders_of_forms(more: dict[str, str], expected: object, warned: object) -> None:
    raw = {name: text.encode("utf-8", "surrogatepass") for name, text in {**FULL, **more}.items()}
    found = check(raw, zones=None)
    at = [[(one.code, one.file.rpartition("/")[2], one.row, one.column) for one in some if "forms/" in one.file]
          for some in (found.problems, found.warnings)]  # fmt: skip
    assert at == [expected, warned]
