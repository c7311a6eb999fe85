"""A small document to try things with, and a small template."""

from __future__ import annotations

import make
from policy import plans

from pasaj.access.rules import Actor, Grant
from pasaj.policy.models import Clause, DocumentTemplate, Policy
from pasaj.policy.services import document
from pasaj.registry.models import Institution

NOW = make.NOW
SOURCE = "Les enfants seuls sont orientés le jour même."


def other() -> Actor:
    """A second drafter."""
    cell = Institution.objects.get(code="CELL")
    return Actor(901, "second", (Grant("drafter", cell.pk, "CELL"),), "web")


def texts(french: str, **more: str) -> dict[str, str]:
    return {"fr": french, **more}


def clause(kind: str, french: str, **more: object) -> Clause:
    return document.add(policy="P1", kind=kind, text=texts(french), actor=plans.drafter(), now=NOW, **more)  # type: ignore[arg-type]


def small(country: make.Country) -> Policy:
    """P1 with P1-C1 (heading), P1-C1.1 (text), P1-C1.2 (text), P1-C2 (heading), P1-C3 (annex), P1-C3.1 (table)."""
    row = plans.whole(country)
    clause("heading", "Protection", theme=1)
    clause("text", SOURCE, under="P1-C1")
    clause("text", "Le poste ouvre à 8 h et ferme à 18 h, sauf le dimanche.", under="P1-C1", after="P1-C1.1")
    clause("heading", "Frontières", after="P1-C1")
    clause("annex", "Preuves", after="P1-C2")
    document.add(policy="P1", kind="table", text={}, under="P1-C3", part="evidence", actor=plans.drafter(), now=NOW)
    return row


SECTIONS = (
    {"code": "situation", "kind": "heading", "texts": {"fr": "État", "en": "Situation"}, "under": "", "part": "",
     "each": ""},
    {"code": "findings", "kind": "table", "texts": {}, "under": "situation", "part": "situation", "each": ""},
    {"code": "theme", "kind": "heading", "texts": {"fr": "{theme}", "en": "{theme}"}, "under": "", "part": "",
     "each": "theme"},
    {"code": "problems", "kind": "table", "texts": {}, "under": "theme", "part": "problems", "each": ""},
    {"code": "measures", "kind": "measures", "texts": {}, "under": "theme", "part": "", "each": ""},
)  # fmt: skip


def template() -> None:
    """The template of the small pack."""
    DocumentTemplate.objects.create(code="policy", names=make.names("Order"), sections=list(SECTIONS), source="test")
