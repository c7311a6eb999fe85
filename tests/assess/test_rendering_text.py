"""Lists in lists, emphasis and links to the outside in page, PDF and Word, read back."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.template.loader import render_to_string
from docx import Document
from pypdf import PdfReader

from pasaj.assess.services import rendering
from pasaj.core import report as core
from pasaj.core.wording import parse

TEXT = """Le **poste** et la *ligne*, voir [la loi](https://example.org/loi).

1. premier
   - dedans
   - encore
2. second

- point
  1. un
"""
REPORT = core.Report("P1", "Politique", "", "fr", parse(TEXT), brief=True)


def squeezed(kind: str, block: core.Block) -> str:
    return render_to_string(f"assess/report/{kind}.html", {"block": block}).replace("\n", "")


@pytest.mark.req("R12.20")
def test_the_page_shows_lists_in_lists_and_links(settings: Any) -> None:
    (first, numbered, points) = REPORT.blocks
    assert squeezed("items", numbered) == (
        "<ol><li>premier<ul><li>dedans</li><li>encore</li></ul></li><li>second</li></ol>"
    )
    assert squeezed("items", points) == ("<ul><li>point<ol><li>un</li></ol></li></ul>")
    assert squeezed("paragraph", first) == (
        "<p>Le <b>poste</b> et la <em>ligne</em>, voir "
        '<a href="https://example.org/loi" rel="noopener noreferrer external">la loi</a>.</p>'
    )


@pytest.mark.req("R12.20")
def test_the_pdf_has_the_same_words_and_links(settings: Any) -> None:
    settings.PASAJ_URL = ""
    pdf = PdfReader(BytesIO(rendering.pdf(REPORT)))
    words = " ".join(pdf.pages[0].extract_text().split())
    assert "1. premier • dedans • encore 2. second" in words.replace("‣", "•").replace("–", "•")
    notes = [one.get_object() for one in pdf.pages[0].get("/Annots", [])]
    assert [one["/A"]["/URI"] for one in notes] == ["https://example.org/loi"]


@pytest.mark.req("R12.20")
def test_the_word_file_has_lists_in_lists() -> None:
    document = Document(BytesIO(rendering.docx(REPORT)))
    rows = [
        (one.text, one.style.name, one._p.pPr.numPr.ilvl.val if one._p.pPr.numPr is not None else 0)
        for one in document.paragraphs
        if one.style.name.startswith("List")
    ]
    assert rows == [
        ("premier", "List Number", 0),
        ("dedans", "List Bullet", 1),
        ("encore", "List Bullet", 1),
        ("second", "List Number", 0),
        ("point", "List Bullet", 0),
        ("un", "List Number", 1),
    ]
    italic = [run.text for one in document.paragraphs for run in one.runs if run.italic]
    assert italic == ["ligne"]
