"""Reports of a form, taken in and put to use as any other, each with words that stand nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import make
from collect import phone

from pasaj.collect.models import AppUser, Form, Submission
from pasaj.collect.services import forms, meaning, redactions, review
from pasaj.core.forms.fields import Field
from pasaj.watch.models import Observation

FIELDS = [
    Field("place", "place", "text", labels={"en": "Place"}),
    Field("day", "day", "date", "date", labels={"en": "Day"}),
    Field("count", "count", "integer", "int", labels={"en": "Returned"}),
    Field("note", "note", "text", labels={"en": "Note"}),
    Field("photo", "photo", "image", "binary", binary=True, labels={"en": "Photo"}),
]
MEANING: dict[str, Any] = {
    "place": "place",
    "period": "day",
    "source": {"code": "REG"},
    "note": "note",
    "figures": [{"question": "count", "measure": "returns"}],
}
# What may be read of each report, and where it may not: in notes, files, messages, and the keys of phones.
SECRETS = {
    "north": "read-at-the-north",
    "south": "read-at-the-south",
    "held": "Quarantina",
    "redacted": "gone-for-ever",
    "held and redacted": "Perdida",
    "file north": "picture-of-the-north",
    "file south": "picture-of-the-south",
    "file held": "picture-held-back",
    "file redacted": "picture-that-is-gone",
    "question north": "asked-of-the-north",
    "question south": "asked-of-the-south",
    "question redacted": "asked-of-what-is-gone",
    "waiver": "allowed-for-a-purpose",
    "key north": "phone-of-the-north",
    "key south": "phone-of-the-south",
}


@dataclass
class Reports:
    """The rows behind the secrets, for addresses."""

    rows: dict[str, Submission]
    keys: dict[str, AppUser]
    tokens: dict[str, str]
    figures: list[int]

    @property
    def receipts(self) -> list[str]:
        return [row.receipt for row in self.rows.values()]


def told(body: str) -> set[str]:
    """The secrets that stand in a page or file."""
    return {name for name, word in SECRETS.items() if word in body}


def fill(country: make.Country, cast: make.Cast) -> Reports:
    """Five reports and what became of them. Everything goes the way it goes in a home."""
    published = phone.form("counts", fields=[one.plain() for one in FIELDS])
    published.meaning, published.findings = MEANING, [_finding()]
    published.save()
    until = make.NOW + timedelta(days=30)
    forms.grant_waiver(
        form_id=published.form_id, rule="COLLECT-101", question="note", purpose=SECRETS["waiver"], expires_at=until,
        actor=cast.actor("dpo"), now=make.NOW,
    )  # fmt: skip
    keys, tokens = {}, {}
    for name in ("north", "south"):
        keys[name], tokens[name] = phone.key(SECRETS[f"key {name}"])
    rows = {
        "north": _report(keys["north"], 1, "TL-BCP-NOR", SECRETS["north"], SECRETS["file north"]),
        "south": _report(keys["south"], 2, "TL-BCP-SOU", SECRETS["south"], SECRETS["file south"]),
        "held": _report(keys["north"], 3, "TL-BCP-NOR", "Mme Quarantina, 509 3712 4455", SECRETS["file held"]),
        "redacted": _report(keys["north"], 4, "TL-BCP-NOR", SECRETS["redacted"], SECRETS["file redacted"]),
        "held and redacted": _report(keys["north"], 5, "TL-BCP-NOR", "La señora Perdida", ""),
    }
    meaning.process_waiting(make.NOW)
    for name in ("north", "south", "redacted"):
        _ask(rows[name], SECRETS[f"question {name}"], cast)
    figures = list(Observation.objects.filter(origin="form").order_by("pk").values_list("pk", flat=True))
    for name in ("redacted", "held and redacted"):
        told = {"submission_id": rows[name].pk, "now": make.NOW}
        redactions.ask(reason="It names a person.", actor=cast.actor("duty"), **told)
        redactions.confirm(actor=cast.actor("dpo"), **told)
    for row in rows.values():
        row.refresh_from_db()
    return Reports(rows, keys, tokens, figures)


def _finding() -> dict[str, Any]:
    problem = {"code": "COLLECT-101", "params": {"question": "note"}, "file": "survey", "row": 5, "column": "label"}
    return {"problem": problem, "question": "note", "waivable": True}


def _report(key: AppUser, number: int, place: str, note: str, picture: str) -> Submission:
    day = (make.TODAY - timedelta(days=number)).isoformat()
    name = f"{number}.jpg" if picture else ""
    xml = (
        f'<data id="counts" version="1"><place>{place}</place><day>{day}</day><count>{number}</count>'
        f"<note>{note}</note><photo>{name}</photo><meta><instanceID>uuid:{number}</instanceID></meta></data>"
    )
    files = {name: picture.encode()} if picture else None
    sent = phone.send(phone.sender(key), xml.encode(), files)
    return Submission.objects.get(receipt=sent.receipt)


def _ask(row: Submission, text: str, cast: make.Cast) -> None:
    row.refresh_from_db()
    review.act(
        receipt=row.receipt, step="ask", seen=review.mark(row), actor=cast.actor("duty"), now=make.NOW, text=text
    )


def form() -> Form:
    return Form.objects.get(form_id="counts")
