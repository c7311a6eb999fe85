"""A form with choices, a repeat, words and a position, and reports of it by place and state."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import make
from collect import phone

from pasaj.collect.models import Form, FormVersion, Outcome, Submission
from pasaj.collect.services.submissions import Sender
from pasaj.core.forms.fields import Field

LABELS = {"fr": "Passage", "ht": "Pasaj", "en": "Crossing", "es": "Cruce"}
GOODS = {"rice": {"fr": "Riz", "ht": "Diri", "en": "Rice"}, "oil": {"en": "Oil"}}
FIELDS = [
    Field("visit", "visit", "group", labels={"fr": "Visite", "en": "Visit"}),
    Field("visit/count", "count", "integer", "int", labels={"fr": "Personnes", "en": "Persons"}),
    Field("visit/goods", "goods", "select_multiple", labels={"en": "Goods", "fr": "Biens"}, choices=GOODS),
    Field("where", "where", "geopoint", "geopoint", labels={"en": "Where"}),
    Field("note", "note", "text", labels={"en": "Note"}),
    Field("photo", "photo", "image", "binary", binary=True, labels={"en": "Photo"}),
    Field("stall", "stall", "repeat", labels={"fr": "Étal", "en": "Stall"}),
    Field("stall/kind", "kind", "select_one", repeat="stall", labels={"en": "Kind"}, choices=GOODS),
    Field("stall/price", "price", "decimal", "decimal", repeat="stall", labels={"en": "Price"}),
    Field("stall/worker", "worker", "repeat", repeat="stall", labels={"en": "Worker"}),
    Field("stall/worker/hours", "hours", "integer", "int", repeat="stall/worker", labels={"en": "Hours"}),
    Field("deviceid", "deviceid", "metadata", preload="deviceid"),
]
POSITION = "19.1234 -71.9876 0 0"


def form(form_id: str = "market", **more: Any) -> FormVersion:
    return phone.form(form_id, title="Market visit", fields=[one.plain() for one in FIELDS], **more)


def answers(
    instance: str = "uuid:1",
    *,
    form_id: str = "market",
    version: str = "1",
    count: object = 4,
    note: str = "",
    stalls: str = "<stall><kind>rice</kind><price>2.5</price><worker><hours>8</hours></worker></stall>",
    deprecated: str = "",
    photo: str = "",
) -> bytes:
    old = f"<deprecatedID>{deprecated}</deprecatedID>" if deprecated else ""
    return (
        f"<data id='{form_id}' version='{version}'><visit><count>{count}</count><goods>rice oil</goods></visit>"
        f"<where>{POSITION}</where><note>{note}</note><photo>{photo}</photo>{stalls}<deviceid>collect:secret</deviceid>"
        f"<meta><instanceID>{instance}</instanceID>{old}</meta></data>"
    ).encode()


def report(
    who: Sender, instance: str, place: make.Country | None = None, crossing: str = "", **more: Any
) -> Submission:
    """One report, as `receive` leaves it, with the place that the processing finds."""
    fields = {name: more.pop(name) for name in list(more) if hasattr(Submission, name) and name != "version"}
    files = more.pop("files", None)
    told = phone.send(who, answers(instance, **more), files)
    row = Submission.objects.get(receipt=told.receipt)
    row.period_start = date(2025, 9, 30)
    if place and crossing:
        row.crossing = place.crossings[crossing]
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def failure(row: Submission, code: str = "OBS-003", **params: object) -> Outcome:
    """What a part that could not be made leaves."""
    Submission.objects.filter(pk=row.pk).update(processing="failed")
    assert row.current is not None
    return Outcome.objects.create(
        version=row.current, kind="observation", position="visit", state="failed", created_at=make.NOW,
        problem={"code": code, "params": params, "file": "", "row": None, "column": ""},
    )  # fmt: skip


def sender(country: make.Country, **wanted: Any) -> Sender:
    if not Form.objects.filter(form_id="market").exists():
        form()
    return phone.sender(phone.key(**wanted)[0])


LATER = make.NOW + timedelta(hours=2)
