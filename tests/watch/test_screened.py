"""What may name a person is kept out of files of counts and notes, and not repeated by what refuses it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import make
import pytest
from django.conf import settings

from pasaj.access.rules import SYSTEM
from pasaj.core.periods import Period
from pasaj.core.problems import Refused
from pasaj.watch.models import CrossingStatus, Import, Incident, Observation, SignalEvent, SilenceCall
from pasaj.watch.services import imports, incidents, observations, silences, status
from pasaj.watch.services import signals as triage
from pasaj.watch.services.observations import SeriesKey

NOTED = """
period: {column: Date, type: day}
crossing: {column: Point}
values: [{column: Returned, measure: returns}]
note: {column: Note}
citation: {column: Page}
"""
NAMES = ("Jean Baptiste", "3712-4455", "RD1234567")
pytestmark = pytest.mark.django_db


def imported(text: str) -> Import:
    fields: dict[str, Any] = {"source": "REG", "filename": "a.csv", "actor": SYSTEM, "now": make.NOW}
    row = imports.open_import(file=io.BytesIO(text.encode()), mapping=NOTED, **fields)
    return imports.run(row.pk, now=make.NOW)


def files(name: str) -> Path:
    return Path(settings.PASAJ_HOME) / "files" / name


@pytest.mark.req("R3.7")
def test_a_row_that_names_somebody_is_refused_and_not_repeated(country: make.Country) -> None:
    row = imported(
        "Date,Point,Returned,Note,Page\n"
        "2025-09-01,Northgate,12,M. Jean Baptiste a appelé,\n"
        "2025-09-02,Northgate,12,,Tél 3712-4455\n"
        "2025-09-03,RD1234567,12,,\n"
        "2025-09-04,Northgate,12,Barrière fermée,https://example.org/notes/12345678901\n"
    )
    assert (row.state, row.rows_new, row.rows_refused) == ("done", 1, 3)
    assert [(one["code"], one["row"], one["column"]) for one in row.problems] == [
        ("SCREEN-001", 2, "Note"), ("SCREEN-001", 3, "Page"), ("OBS-006", 4, "Point"),
    ]  # fmt: skip
    refused = files(row.refused_path).read_text(encoding="utf-8-sig")
    assert [name for name in NAMES if name in refused + str(row.problems)] == []
    assert refused.count("…") >= 3
    assert list(Observation.objects.values_list("note", flat=True)) == ["Barrière fermée"]


@pytest.mark.req("R3.7")
def test_a_file_with_a_list_of_persons_is_not_kept(country: make.Country) -> None:
    row = imported("Date,Point,Returned,Note,Page,Nom et prénom,Passeport\n2025-09-01,Northgate,1,,,Jean,RD1234567\n")
    assert (row.state, row.rows_new) == ("failed", 0)
    assert [(one["code"], one["row"], one["column"]) for one in row.problems] == [
        ("SCREEN-002", 1, "Nom et prénom"), ("SCREEN-002", 1, "Passeport"),
    ]  # fmt: skip
    assert not files(row.path).exists()


@pytest.mark.req("R3.7")
def test_a_note_that_names_somebody_is_refused(country: make.Country) -> None:
    day = make.TODAY - timedelta(days=1)

    def report(note: str, origin: str = "entry") -> Observation:
        return observations.report(
            series_key=SeriesKey(place_code="TL-BCP-NOR", measure="returns", source="REG"),
            period=Period(day, day), value=make.Decimal(3), note=note, origin=origin, actor=SYSTEM, now=make.NOW,
        )  # fmt: skip

    with pytest.raises(Refused) as refused:
        report("M. Jean Baptiste est passé")
    assert [(one.code, one.column) for one in refused.value.problems] == [("SCREEN-001", "note")]
    assert Observation.objects.count() == 0
    assert report("Pont fermé de 8 h à 12 h").revision == 1
    assert report("M. Jean Baptiste est passé", origin="form").revision == 2


@pytest.mark.req("R3.7")
def test_what_is_told_of_events_names_nobody(country: make.Country) -> None:
    make.incident_types()
    by: dict[str, Any] = {"actor": SYSTEM, "now": make.NOW}
    event: dict[str, Any] = {"type_code": "drugs", "place_code": "TL-BCP-NOR", "quantities": (), **by}
    event |= {"period": Period(make.TODAY, make.TODAY)}
    state: dict[str, Any] = {"crossing_code": "TL-BCP-NOR", "side": "own", "state": "closed", "since": make.TODAY, **by}
    talk: dict[str, Any] = {"crossing_code": "TL-BCP-NOR", "source_code": "REG", "outcome": "not_reached", **by}
    kept = incidents.record(**event)
    name = "M. Jean Baptiste"
    tried: list[tuple[list[str], Callable[[], object]]] = [
        (["source", "note"], lambda: incidents.record(**event, source=name, note="tel 3712-4455")),
        (["note"], lambda: incidents.correct(**event, code=kept.code, seen=1, note=name)),
        (["note"], lambda: incidents.withdraw(code=kept.code, seen=1, note=name, **by)),
        (["cause", "hours"], lambda: status.report(**state, cause=name, hours=f"8:00, {name}")),
        (["note"], lambda: status.withdraw(code="CS-2025-0001", note=name, **by)),
        (["note"], lambda: silences.record(**talk, cause="unknown", note=name)),
        (["note"], lambda: triage.act(code="SG-2025-0001", action="note", note=name, **by)),
    ]
    for columns, attempt in tried:
        with pytest.raises(Refused) as refused:
            attempt()
        assert [(one.code, one.column) for one in refused.value.problems] == [("SCREEN-001", at) for at in columns]
    rows = (Incident, CrossingStatus, SilenceCall, SignalEvent)
    assert [model.objects.count() for model in rows] == [1, 0, 0, 0]
    assert incidents.record(**event, note=name, origin="form").note == name
