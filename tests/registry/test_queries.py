"""Questions about days and codes."""

from __future__ import annotations

from datetime import date

import make
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from make import NOW, names

from pasaj.core.problems import Refused
from pasaj.registry import queries
from pasaj.registry.models import CalendarRule, Home


def test_special_days_of_a_crossing(country: make.Country) -> None:
    north, south = country.crossings["TL-BCP-NOR"], country.crossings["TL-BCP-SOU"]
    for key, rule, crossing, kind, retired in (
        ("a", "weekly:wed", north, "market", None),
        ("b", "weekly:wed", south, "market", None),
        ("c", "yearly:10-01", None, "holiday", None),
        ("d", "yearly:10-01", None, "holiday", NOW),
        ("e", "weekly:thu", north, "market", None),
    ):
        CalendarRule.objects.create(
            key=key, rule=rule, crossing=crossing, kind=kind, names=names(key), retired_at=retired
        )
    day = date(2025, 10, 1)
    assert [row.key for row in queries.special_days(day, north)] == ["c", "a"]
    assert [row.key for row in queries.special_days(day)] == ["c", "a", "b"]
    assert queries.special_days(date(2025, 10, 3), north) == []


def test_a_request_does_not_read_the_map_layers(country: make.Country) -> None:
    Home.objects.update(layers={"coast": {"type": "FeatureCollection", "features": []}})
    with CaptureQueriesContext(connection) as seen:
        home = queries.home()
    assert home is not None
    assert "layers" not in seen[0]["sql"]
    assert list(home.layers) == ["coast"]


def test_what_a_place_is_called_names_nobody(country: make.Country) -> None:
    north = country.crossings["TL-BCP-NOR"]
    north.aliases, north.counterpart = ["Northgate (Juana Gómez)"], "Pedro Santana"
    north.save()
    for text in ("Juana Gómez ouvert", "Marché de Pedro Santana", "Noms : Northgate", "Rien à signaler"):
        assert queries.naming(text) == ()
    for text in ("Juana Pérez arrêtée", "Señor Pedro Santana", "Nom : Juana"):
        assert [one.kind for one in queries.naming(text)][:1] == ["name"], text
    with pytest.raises(Refused) as refused:
        queries.refuse_naming(note="Appeler le 3712-4455", source="REG", cause="M. Louis")
    assert [(one.code, one.column) for one in refused.value.problems] == [
        ("SCREEN-001", "note"), ("SCREEN-001", "cause"),
    ]  # fmt: skip
