"""A country nobody prepared: the five files, one language that Pasaj does not speak, a clock of its own."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import shell

PACK = {
    "pack.toml": (
        'schema = 1\ncode = "norland"\nlanguages = ["ne"]\ndefault_language = "ne"\ntimezone = "Asia/Kathmandu"\n'
        'extent = [80.0, 26.0, 89.0, 31.0]\nname = "Norland"\n'
    ),
    "areas.csv": "code,name,level,parent,pcode\nNL,Norland,country,,\nNL01,East,province,NL,NP01\n",
    "crossing_points.csv": (
        "code,name,kind,official,area,counterpart,counterpart_country,lat,lon,precision_km,status,aliases,note,source\n"
        "NL-1,Bridge One,bridge,yes,NL01,,,27.5,87.1,1,open,First Bridge,,gazetteer\n"
        "NL-2,=2+5,land,yes,NL01,,,27.2,82.5,1,open,Two,,gazetteer\n"
    ),
    "measures.csv": (
        "code,name,kind,unit,direction,categories,cadence,protection,alert_on\n"
        "entries,Entries,count,,in,,daily,no,both\n"
    ),
    "sources.csv": "code,name,institution,definition,url\nREG,Register,Border Service,Stamped,\nNGO,Network,,Seen,\n",
}
MAPPING = "period: {column: Date, type: day}\ncrossing: {column: Point}\nvalues:\n- {column: N, measure: entries}\n"


@pytest.mark.req("R4.1")
def test_a_pack_of_five_files_takes_figures_and_people(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    for name, text in PACK.items():
        (pack / name).write_text(text, encoding="utf-8")
    home, file = tmp_path / "home", tmp_path / "counts.csv"
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Kathmandu")).date()
    days = [today - timedelta(days=back) for back in range(40, 0, -1)]
    rows = [
        f"{day},{point},{400 if day == days[-3] else 100 + day.day % 3}" for day in days for point in ("Two", "NL-1")
    ]
    file.write_text("Date,Point,N\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAPPING, encoding="utf-8")
    out = tmp_path / "out.csv"
    lines = [
        ("pack", "check", pack),
        ("init", "--pack", pack),
        ("user", "add", "a@example.org", "--institution", "border-service", "--role", "admin"),
        ("import", "observations", file, "--mapping", tmp_path / "map.yaml", "--source", "REG"),
        ("detect",),
        ("signals",),
        ("export", "observations", "-o", out),
        ("status",),
    ]
    told = shell.many(home, lines, PASAJ_LANG="")
    assert [(code, err) for code, _out, err in told] == [(0, "")] * len(lines)
    assert told[0][1].endswith("0 problems, 3 warnings.\n")
    assert "8 new rows, 0 changed, 3 warnings." in told[1][1]
    assert told[2][1].startswith("a@example.org: admin at BORDER-SERVICE\n")
    assert [line.split()[1:7] for line in told[5][1].splitlines()[1:]] == [
        [days[-3].isoformat(), point, "entries", "REG", "unusual", "up"] for point in ("NL-1", "NL-2")
    ]
    with out.open(encoding="utf-8-sig", newline="") as text:
        assert {row["place_name"] for row in csv.DictReader(text)} == {"Bridge One", "'=2+5"}
