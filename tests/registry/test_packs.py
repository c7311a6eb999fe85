"""Loading a pack into a home."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from core.packs import FULL, checked
from core.test_pack_protocols import TOML
from django.db import connection
from django.test.utils import CaptureQueriesContext
from make import NOW

from pasaj.access.models import AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.core.pack import Pack
from pasaj.core.problems import Refused
from pasaj.core.protocol import of
from pasaj.registry import queries
from pasaj.registry.models import (
    Area,
    CalendarRule,
    CrossingPoint,
    ExchangeLayer,
    ExchangeNeed,
    Function,
    Home,
    Institution,
    Instrument,
    Mandate,
    Post,
    Protocol,
    TimelineEvent,
)
from pasaj.registry.services.packs import Count, Loaded, load_pack

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


def pack(**changes: str) -> Pack:
    """The full pack, with `areas=` standing for areas.csv and so on."""
    found = checked({f"{name}.csv" if name != "toml" else "pack.toml": text for name, text in changes.items()})
    assert found.pack is not None, [one.text() for one in found.problems]
    return found.pack


def load(one: Pack, now: Any = NOW) -> Loaded:
    return load_pack(pack=one, actor=SYSTEM, now=now)


def everything() -> list[Any]:
    models = (Home, Area, CrossingPoint, Institution, Instrument, Function, Mandate, ExchangeLayer,
              ExchangeNeed, Protocol, TimelineEvent, CalendarRule, Post)  # fmt: skip
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_pack_becomes_rows() -> None:
    loaded = load(pack())
    assert loaded.changed
    assert {kind: count.created for kind, count in loaded.counts.items()} == {
        "institutions": 2,
        "areas": 3,
        "crossings": 1,
        "instruments": 1,
        "functions": 2,
        "mandates": 2,
        "exchange_layers": 2,
        "exchange_needs": 2,
        "protocols": 0,
        "timeline": 1,
        "calendar": 4,
        "posts": 1,
    }
    home = queries.home()
    assert home is not None
    assert (home.code, home.timezone, home.cell, home.detect) == (
        "northland",
        "Africa/Dakar",
        "CELL",
        {"methods": ["ears_c2"]},
    )
    assert home.extent == [-20.0, 10.0, -10.0, 20.0]
    assert home.layers["line"]["type"] == "FeatureCollection"
    crossing = CrossingPoint.objects.get()
    assert (crossing.area.code, crossing.lat, crossing.aliases) == ("NL0101", 15.5, ["Gran Pon", "Pont"])
    town = Area.objects.get(code="NL0101")
    assert town.parent is not None
    assert town.parent.parent == Area.objects.get(code="NL")
    post = Post.objects.get()
    assert (post.key, post.measures, post.usual_hour, post.source) == ("NL-1/REG", ["returns", "water"], 18, "Cellule")
    assert CalendarRule.objects.get(kind="market").crossing == crossing
    assert TimelineEvent.objects.get().date == "2015-06..2017-09"
    assert Institution.objects.get(code="IMM").verify == "verify"


@pytest.mark.req("R4.3")
def test_loading_again_changes_nothing() -> None:
    load(pack())
    before, entries = everything(), AuditEntry.objects.count()
    assert entries == 1
    with CaptureQueriesContext(
        connection,
    ) as seen:
        loaded = load(pack(), LATER)
    assert not loaded.changed
    assert loaded.total == Count(unchanged=21)
    assert everything() == before
    assert AuditEntry.objects.count() == entries
    writes = [one["sql"] for one in seen if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == []


@pytest.mark.req("R4.3")
def test_rows_are_updated_by_code_and_never_deleted() -> None:
    load(pack())
    crossing, area = CrossingPoint.objects.get(), Area.objects.get(code="NL0101")
    moved = pack(
        crossing_points=FULL["crossing_points.csv"].replace("Grand-Pont", "Grand Pont").replace("NL0101", "NL-A"),
        areas=FULL["areas.csv"].replace("NL0101,2,Commune,NL-A,Atlas\n", "NL-B,1,Région B,NL,Atlas\n"),
        functions=FULL["functions.csv"].replace("NL-A; NL0101", "NL-A"),
        timeline="date,event,kind,source\n",
        calendar="date,kind,name_fr,source\n",
        posts="crossing,institution,source,measures\n",
        thresholds="code,name_fr,measure,op\n",
        toml=FULL["pack.toml"].replace('"1.0"', '"1.1"'),
    )
    loaded = load(moved, LATER)
    assert loaded.counts["crossings"] == Count(updated=1)
    assert loaded.counts["areas"] == Count(created=1, unchanged=2, kept=1)
    assert loaded.counts["posts"] == Count(kept=1)
    assert loaded.counts["calendar"] == Count(kept=4)
    assert loaded.home.version == "1.1"
    assert loaded.home.loaded_at == LATER
    crossing.refresh_from_db()
    area.refresh_from_db()
    assert (crossing.name, crossing.area.code) == ("Grand Pont", "NL-A")
    assert area.retired_at == LATER
    # What is retired stays so at its first date, and comes back when the pack brings it back.
    load(moved, LATER + timedelta(days=1))
    area.refresh_from_db()
    assert area.retired_at == LATER
    back = load(pack(), LATER + timedelta(days=2))
    assert back.counts["areas"] == Count(updated=1, unchanged=2, kept=1)
    area.refresh_from_db()
    assert area.retired_at is None
    assert area.pk == Area.objects.get(code="NL0101").pk


@pytest.mark.req("R1.1")
@pytest.mark.req("R1.2")
def test_mandates_and_needs_are_kept_as_the_pack_says_them() -> None:
    load(pack())
    former = Mandate.objects.get(institution__code="CELL")
    assert (former.function.code, former.role, former.territory.code) == ("RESCUE", "support", "NL-A")
    assert (former.valid_start, former.valid_end) == (None, date(2019, 12, 31))
    assert (former.note, former.source, former.verify) == ("Ancien", "Presse", "date")
    assert Function.objects.get(code="RESCUE").territories == ["NL-A", "NL0101"]
    need = ExchangeNeed.objects.get(layer__code="LISTS")
    assert (need.sender.code, need.receiver.code, need.hours, need.basis) == ("CELL", "IMM", None, "L-1")
    # A need with other hours is the same need; a mandate with other days is another one.
    changed = pack(
        exchange_needs=FULL["exchange_needs.csv"].replace("2.5", "6"),
        exchange_layers=FULL["exchange_layers.csv"],
        mandates=FULL["mandates.csv"].replace("2000-01-01", "2001-01-01"),
    )
    loaded = load(changed, LATER)
    assert loaded.counts["exchange_needs"] == Count(updated=1, unchanged=1)
    assert loaded.counts["mandates"] == Count(created=1, unchanged=1, kept=1)
    assert Mandate.objects.get(retired_at=LATER).valid_start == date(2000, 1, 1)
    assert ExchangeNeed.objects.get(layer__code="ALERTS").hours == 6


def test_an_area_can_change_its_parent() -> None:
    load(pack())
    moved = FULL["areas.csv"].replace("NL0101,2,Commune,NL-A", "NL0101,2,Commune,NL")
    assert load(pack(areas=moved)).counts["areas"] == Count(updated=1, unchanged=2)
    parent = Area.objects.get(code="NL0101").parent
    assert parent is not None
    assert parent.code == "NL"


@pytest.mark.req("R3.3")
def test_a_crossing_that_becomes_unofficial_loses_its_position() -> None:
    load(pack())
    load(pack(crossing_points=FULL["crossing_points.csv"].replace("land,yes", "land,no")))
    crossing = CrossingPoint.objects.get()
    assert (crossing.lat, crossing.lon, crossing.precision_km) == (None, None, None)


def test_a_home_holds_one_pack() -> None:
    load(pack())
    before = everything()
    with pytest.raises(Refused) as caught:
        load(pack(toml=FULL["pack.toml"].replace("northland", "southland")))
    assert [one.code for one in caught.value.problems] == ["PACK-084"]
    assert everything() == before


def test_remarks_of_the_check_are_kept() -> None:
    found = checked({"notes.txt": "x"})
    assert found.pack is not None
    load_pack(pack=found.pack, actor=SYSTEM, now=NOW, warnings=found.warnings)
    home = queries.home()
    assert home is not None
    assert [one.code for one in queries.load_warnings(home)] == ["PACK-062"]


def test_the_log_says_what_was_loaded() -> None:
    load(pack())
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.code) == ("pack.load", "northland")
    assert entry.detail.values["areas"] == {"created": 3, "updated": 0, "unchanged": 0, "kept": 0}


def test_a_failed_load_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("pasaj.registry.services.packs._posts", broken)
    with pytest.raises(RuntimeError):
        load(pack())
    assert everything() == [[] for _ in range(13)]


def test_the_number_of_statements_does_not_grow_with_the_rows() -> None:
    def statements(count: int) -> int:
        rows = "".join(f"NLX{at},2,Commune {at},NL-A,Atlas\n" for at in range(count))
        with CaptureQueriesContext(connection) as seen:
            load(pack(areas=FULL["areas.csv"] + rows))
        return len(seen)

    load(pack())
    # A database takes many rows in one statement, not all of them.
    assert statements(120) <= statements(2) + 3


@pytest.mark.req("R1.5")
def test_a_protocol_is_kept_as_the_pack_says_it() -> None:
    found = checked({"protocols/1999.toml": TOML})
    assert found.pack is not None
    (wanted,) = found.pack.protocols
    assert load(found.pack).counts["protocols"].created == 1
    assert load(found.pack).changed is False
    row = Protocol.objects.get()
    again = of(row.code, row.names, row.parameters)
    assert (again.clauses, again.scope, again.receiving) == (wanted.clauses, wanted.scope, wanted.receiving)
    assert (row.instrument, row.source, str(row)) == ("L-1", "Treaty series 12", "Accord de 1999")
    # A change of one hour is a change of the row; a pack without the file retires it.
    later = checked({"protocols/1999.toml": TOML.replace('"17:59"', '"16:59"')}).pack
    assert later is not None
    assert load(later, LATER).counts["protocols"] == Count(0, 1, 0, 0)
    assert load(pack(), LATER).counts["protocols"].kept == 1
    assert Protocol.objects.get().retired_at == LATER
