"""Free text that may name somebody, and text that does not."""

from __future__ import annotations

import pytest

from pasaj.core.forms.text_screen import Hit, hits, shown

NAMES_SOMEBODY = (
    "Appeler le 3712-4455", "Tél : 37 12 44 55", "+509 3712 4455", "tel. 37124455", "WhatsApp 50937124455",
    "(809) 555-1234", "809-555-1234", "jean.p@example.org", "jean @ example . org", "Passeport RD1234567",
    "passeport n° PP4567891", "NIF 003-456-789-1", "cédula 402-1234567-8", "CIN: 1234567890", "né le 12/03/1987",
    "née en 1990", "born 3 May 1988", "Nacida el 4 de mayo de 1990", "li fèt 12 me 1988", "Nom : Pierre",
    "Nom et prénom: Jean", "non: Jan", "nommé Pierre Louis", "un homme nommé Jacques", "Mme Jean-Baptiste est venue",
    "M. Louis", "Dr. Rodriguez", "ki rele Jan", "se llama María", "her name is Anna", "le passager Jean Louis",
    "Migrant Jean Baptiste Pierre", "msye a Jan Pyè", "Sr. Gómez", "37124455", "DOB 1990-01-02", "alias Ti Jan",
)  # fmt: skip
NAMES_NOBODY = (
    "Barrière fermée de 8 h à 12 h", "120 personnes rapatriées dont 14 mineurs", "Retours du 2026-03-14 au"
    " 2026-03-18",
    "2 450 gourdes, 12 000 litres", "Pont fermé le 12/03/2026", "Le 14.03.2026 à 16:30", "Route nationale 3, km 12",
    "20260314", "2015-2016", "Reçu du TL-BCP-NOR, code IM-2026-0001", "Police nationale et Croix Rouge présentes",
    "12500000 gourdes", "M4.2 et A1-F07", "Fanm ak timoun, 35 moun", "Voir note 12 du ministère", "Non, rien à"
    " signaler",
    "aucun nom n’a été noté", "Port-au-Prince, Cap-Nord", "Hiver 1998, cyclone Georges", "effectif 4 agents sur 12",
    "Température 38.5, pluie 120 mm", "18.4567, -71.8765", "les 4-5-6 mars", "L’agent Police Nationale", "",
)  # fmt: skip


@pytest.mark.req("R3.7")
def test_both_kinds_of_error() -> None:
    assert [text for text in NAMES_SOMEBODY if not hits(text)] == []
    assert [(text, hits(text)) for text in NAMES_NOBODY if hits(text)] == []


@pytest.mark.parametrize(
    ("text", "names_somebody"),
    [
        ("l'agent Lucien", True), ("l'agent Haïtien", False), ("officer Dominican", False), ("chofer Cubano", False),
        ("fanm Ayisyen", False), ("su hijo Adrián", True), ("Pedro Santana", True),
    ],
)  # fmt: skip
def test_an_adjective_of_a_people_is_no_name(text: str, names_somebody: bool) -> None:
    assert bool(hits(text)) is names_somebody
    assert hits(text, places=frozenset({"pedro santana"})) == (() if text == "Pedro Santana" else hits(text))


def test_a_hit_says_where_and_what_and_not_the_text() -> None:
    text = "Fermé. Tél : 3712-4455, M. Louis"
    assert hits(text) == (Hit("phone", 7, 22), Hit("phone", 13, 22), Hit("name", 24, 32))
    assert hits(text, names=False) == (Hit("phone", 7, 22), Hit("phone", 13, 22))


def test_a_long_text_is_looked_at_to_its_end() -> None:
    for before in (0, 1_795, 1_995, 9_000):
        text = "a" * before + " M. Louis " + "b" * 3_000
        assert hits(text) == (Hit("name", before + 1, before + 9),)


def test_hostile_text_takes_no_time() -> None:
    for text in (
        "1 " * 9999,
        "a@" * 9999,
        "Jean " * 3999,
        "+" + "1 ." * 6000,
        "né le " * 3000,
        "(" * 19999,
        "0" * 200_000,
    ):
        hits(text)


def test_a_message_repeats_no_value_that_names_somebody() -> None:
    assert [shown(value) for value in ("M. Louis", "abc", "37124455", 12, None)] == ["…", "abc", "37124455", 12, None]
