"""The example of the guide on forms is handed in, filled, and found as figures."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import make
import pytest
from collect import phone
from collect.conftest import HandIn
from collect.workbooks import workbook

from pasaj.collect.services import meaning
from pasaj.watch.models import Observation

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "forms.md"


def block(name: str) -> str:
    (found,) = re.findall(rf"```\w+ {name}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return found


def table(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(block(name))))


@pytest.mark.req("R2.2")
def test_the_example_becomes_figures(country: make.Country, hand_in: HandIn) -> None:
    header, *survey = table("survey")
    names, stated = table("settings")
    settings: dict[str, object] = {**dict(zip(names, stated, strict=True)), "pasaj_meaning": block("meaning")}
    upload = hand_in(workbook(*survey, choices=table("choices"), settings=settings, header=header), publish=True)
    assert upload.version is not None, upload.problems
    upload.version.refresh_from_db()
    assert (upload.problems, upload.version.findings, upload.version.state) == ([], [], "published")
    assert upload.version.languages == ["fr", "ht"]
    user, _token = phone.key()
    form = (
        '<data id="my_daily_count" version="2026112401"><crossing>TL-BCP-NOR</crossing><day>2025-09-{day}</day>{rest}'
    )
    end = "<meta><instanceID>uuid:{day}</instanceID></meta></data>"
    counted = "<activity>some</activity><entries>214</entries><returns>31</returns><deported>30</deported>"
    for day, rest in (("29", counted), ("30", "<activity>none</activity>")):
        phone.send(phone.sender(user), (form + end).format(day=day, rest=rest).encode())
    meaning.process_waiting(make.NOW)
    rows = Observation.objects.select_related("series").order_by("period_start", "series__code")
    assert [(row.period_start.day, row.series.code, row.value) for row in rows] == [
        (29, "TL-BCP-NOR.entries.in.total.REG.day", 214),
        (29, "TL-BCP-NOR.returns.in.deported.REG.day", 30),
        (29, "TL-BCP-NOR.returns.in.total.REG.day", 31),
        (30, "TL-BCP-NOR.entries.in.total.REG.day", 0),
        (30, "TL-BCP-NOR.returns.in.deported.REG.day", 0),
        (30, "TL-BCP-NOR.returns.in.total.REG.day", 0),
    ]
