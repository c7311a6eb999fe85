"""The files of a report, read back: what stands in them, how they are built, and that they are always the same."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from assess import reports
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from pasaj.assess.services import rendering
from pasaj.core import report as core

SOFFICE = shutil.which("soffice")
FRENCH, CREOLE = reports.whole("fr"), reports.whole("ht")


def squeezed(text: str) -> str:
    """Without blanks, and without the places where a line may end: lines end elsewhere in each file."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text)


@pytest.fixture(scope="module")
def french() -> PdfReader:
    return PdfReader(BytesIO(rendering.pdf(FRENCH)))


@pytest.fixture(scope="module")
def word() -> Any:
    return Document(BytesIO(rendering.docx(FRENCH)))


def said(pdf: PdfReader) -> str:
    return squeezed("".join(page.extract_text() for page in pdf.pages))


def elsewhere(kind: str, zone: str) -> str:
    """The fingerprint of a file made by another process, in another time zone and language."""
    code = (
        "import django, hashlib; django.setup()\n"
        "from assess import reports\n"
        "from pasaj.assess.services import rendering\n"
        f"print(hashlib.sha256(rendering.{kind}(reports.whole('fr'))).hexdigest())"
    )
    tests = Path(__file__).parents[1]
    where = os.pathsep.join([str(tests), str(tests.parent / "src")])
    env = {**os.environ, "TZ": zone, "PYTHONPATH": where, "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    env["DJANGO_SETTINGS_MODULE"] = "home"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    return done.stdout.strip()


@pytest.mark.req("R10.20")
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_same_report_gives_the_same_bytes_anywhere(kind: str) -> None:
    make = getattr(rendering, kind)
    here = hashlib.sha256(make(FRENCH)).hexdigest()
    assert here == hashlib.sha256(make(core.from_plain(core.to_plain(FRENCH)))).hexdigest()
    assert {elsewhere(kind, "Pacific/Kiritimati"), elsewhere(kind, "America/Port-au-Prince")} == {here}
    assert here != hashlib.sha256(make(CREOLE)).hexdigest()


@pytest.mark.req("R10.20")
def test_words_are_never_read_as_markup(french: PdfReader, word: Any) -> None:
    hostile = squeezed(reports.HOSTILE)
    assert said(french).count(hostile) == 4  # heading, paragraph, source and cell
    written = squeezed("".join(word.element.body.xpath(".//w:t/text()")))
    assert written.count(hostile) == 4
    assert squeezed(reports.LONG) in written
    assert "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf" in written


@pytest.mark.req("R10.20")
def test_the_pdf_is_tagged_and_says_its_language_and_title(french: PdfReader) -> None:
    root = french.root_object
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert french.metadata is not None
    assert french.metadata.title == FRENCH.title
    assert {"/CreationDate", "/ModDate", "/Author"} & set(french.metadata) == set()
    xmp = root["/Metadata"].get_data().decode()
    assert re.findall(r"<pdfuaid:part>(\d)</pdfuaid:part>", xmp) == ["1"]
    tags = list(structure(root["/StructTreeRoot"]))
    assert [alt for kind, alt in tags if kind == "/Figure"] == ["Un rectangle et des mots"]
    expected = {"/H1", "/H2", "/H3", "/L", "/Table", "/TH", "/TD", "/TOC", "/Caption", "/Link"}
    assert expected - {kind for kind, _ in tags} == set()


def structure(node: Any) -> Any:
    """Kinds and alternative texts of the tree of tags."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            yield from structure(one)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node["/S"], node.get("/Alt")
        yield from structure(node.get("/K", []))


def test_letters_that_no_font_has_do_not_stop_a_report() -> None:
    odd = core.Report("A1", "Title", "", "en", (core.Heading(1, "One", "one"), core.paragraph("移民 \U0001f6c2")))
    pdf = PdfReader(BytesIO(rendering.pdf(odd)))
    assert pdf.root_object["/MarkInfo"]["/Marked"].value is True
    assert len(pdf.pages) == 3


def test_what_is_empty_or_named_twice_does_not_stop_a_report() -> None:
    leads = core.paragraph(core.Span("there", address="#twice"), core.Span("out", address="//elsewhere.example"))
    table = core.Table("", "", (core.Column(""),), (), keep=3, anchor="twice")
    blocks = (core.Facts(()), core.Items(()), core.Heading(3, "", "twice"), leads, table, core.Paragraph(()))
    for said in (core.Report("", "", "", "ht", blocks), core.Report("", "", "", "es", ())):
        assert len(PdfReader(BytesIO(rendering.pdf(said))).pages) >= 2
        assert len(Document(BytesIO(rendering.docx(said))).sections) == 1


@pytest.mark.req("R10.20")
def test_every_page_says_code_label_and_number(french: PdfReader) -> None:
    count = len(french.pages)
    for at, page in enumerate(french.pages, 1):
        foot = squeezed(page.extract_text())
        assert squeezed(f"A1 · Données simulées Page {at} sur {count}") in foot
    assert "DonnéessimuléesPaj1sou" in squeezed(PdfReader(BytesIO(rendering.pdf(CREOLE))).pages[0].extract_text())


@pytest.mark.req("R10.20")
def test_a_table_too_wide_for_the_page_loses_nothing(french: PdfReader) -> None:
    turned = [page for page in french.pages if page.mediabox.width > page.mediabox.height]
    text = squeezed("".join(page.extract_text() for page in turned))
    assert all(f"Pillar{at}" in text for at in range(1, 40))
    assert [text.count(f"Inparts({at}/3)") for at in (1, 2, 3)] == [1, 1, 1]
    sizes: list[float] = []
    edges: list[float] = []

    def visit(words: str, page: Any, line: Any, _font: Any, size: float) -> None:
        if words.strip():
            sizes.append(size * max(abs(line[0]), abs(line[1])))
            edges.append(line[4] * page[0] + line[5] * page[2] + page[4])

    for page in french.pages:
        page.extract_text(visitor_text=visit)
    assert min(sizes) >= 7
    assert 0 < min(edges) <= max(edges) < 842


@pytest.mark.req("R10.20")
def test_a_caption_stands_on_the_page_of_its_first_row() -> None:
    row = (core.cell("First " + "words " * 60), *[core.cell("1")] * 5)
    table = core.Table("Caption", "", (core.Column("Text"), *[core.Column("Number", 2)] * 5), (row,) * 40)
    for lines in range(20, 36, 3):  # so that the table begins anywhere from the middle of a page to its foot
        above = [core.paragraph("Line")] * lines
        pdf = PdfReader(BytesIO(rendering.pdf(core.Report("A1", "T", "", "en", (*above, table)))))
        texts = [page.extract_text() for page in pdf.pages]
        caption = next(at for at, text in enumerate(texts) if "Caption" in text)
        assert "First" in texts[caption], lines


def test_fonts_are_those_of_the_package(french: PdfReader) -> None:
    found = set()
    for page in french.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            name = font.get_object()["/BaseFont"].split("+")[1]
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(inner)
            found.add(name.split("-")[0])
    assert found == {"SourceSans3", "LibertinusSerif"}


def links(pdf: PdfReader) -> list[str]:
    notes = [one.get_object() for page in pdf.pages for one in page.get("/Annots", [])]
    return [one["/A"]["/URI"] for one in notes if "/A" in one and "/URI" in one["/A"]]


@pytest.mark.req("R10.20")
def test_links_lead_out_only_where_the_address_of_the_site_is_known(settings: Any) -> None:
    settings.PASAJ_URL = ""
    assert links(PdfReader(BytesIO(rendering.pdf(FRENCH)))) == []
    settings.PASAJ_URL = "https://pasaj.example.org"
    assert links(PdfReader(BytesIO(rendering.pdf(FRENCH)))) == ["https://pasaj.example.org/trace/A1-F01/"]
    document = Document(BytesIO(rendering.docx(FRENCH)))
    outside = [one.target_ref for one in document.part.rels.values() if one.is_external]
    assert outside == ["https://pasaj.example.org/trace/A1-F01/"]


@pytest.mark.req("R10.20")
def test_a_ministry_can_go_on_writing_in_the_word_file(word: Any) -> None:
    used = {one.style.name for one in word.paragraphs}
    wanted = {"Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet", "List Number", "toc 1"}
    assert wanted - used == set()
    assert {one.style.name for one in word.tables} == {"Report Table", "Report Facts"}
    about = word.core_properties
    assert (about.title, about.language, about.author, about.last_modified_by) == (FRENCH.title, "fr-FR", "", "")
    assert (about.created, about.modified) == (None, None)
    lang = word.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
    assert [one.get(qn("w:val")) for one in lang] == ["fr-FR"]
    assert [(one.orientation, one.page_width.mm > 290) for one in word.sections] == [(0, False), (1, True), (0, False)]


@pytest.mark.req("R10.20")
def test_the_contents_of_the_word_file_are_filled_in(word: Any, french: PdfReader) -> None:
    entries = [one.text.split("\t") for one in word.paragraphs if one.style.name.startswith("toc ")]
    assert [one[0] for one in entries] == ["Résumé & <résumé>", "Notes", "Matrices", "Wide", "Wider", "Long"]
    for title, page in entries:
        assert squeezed(title) in squeezed(french.pages[int(page) - 1].extract_text())
    named = word.element.body.xpath(".//w:p[w:pPr/w:pStyle[starts-with(@w:val, 'TOC')]]/w:hyperlink/@w:anchor")
    marks = word.element.body.xpath(".//w:p[w:pPr/w:pStyle[starts-with(@w:val, 'Heading')]]/w:bookmarkStart/@w:name")
    assert [one for one in marks if one in named] == named
    codes = word.element.body.xpath(".//w:instrText/text()")
    assert [one.split()[0] for one in codes].count("TOC") == 1
    assert [one.split()[1] for one in codes if one.startswith(" PAGEREF")] == named
    assert [one for one in codes if "SEQ Figure" in one] == [r" SEQ Figure \* ARABIC "]


@pytest.mark.req("R10.20")
def test_tables_of_the_word_file_say_their_titles_on_each_page(word: Any) -> None:
    tables = [one for one in word.tables if one.style.name == "Report Table"]
    for table in tables:
        assert [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows][:2] == [True, False]
    assert len(tables[0]._tbl.xpath("w:tr[not(w:trPr/w:cantSplit)]")) == 1  # the row that is too tall
    captions = [one.text for one in word.paragraphs if one.style.name == "Caption"]
    assert [one for one in captions if "In parts" in one] == [f"Tableau 3. In parts ({at}/3)" for at in (1, 2, 3)]


@pytest.mark.req("R10.20")
def test_drawings_are_vectors_with_a_picture_for_older_readers(word: Any) -> None:
    inline = word.element.body.xpath(".//wp:inline")
    assert [one.docPr.get("descr") for one in inline] == ["Un rectangle et des mots"]
    with ZipFile(BytesIO(rendering.docx(FRENCH))) as file:
        assert file.read("word/media/drawing1.svg").decode() == reports.SVG
        assert file.read("word/media/image1.png")[:8] == b"\x89PNG\r\n\x1a\n"
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        vector = re.findall(r'svgBlip [^>]*r:embed="(\w+)"', file.read("word/document.xml").decode())
    assert [word.part.rels[one].target_part.content_type for one in vector] == ["image/svg+xml"]


@pytest.mark.req("R10.20")
@pytest.mark.office
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_word_file_with_its_contents(tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(rendering.docx(CREOLE))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    order = [str(SOFFICE), home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), "report.docx"]
    subprocess.run(order, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    seen = PdfReader(tmp_path / "report.pdf")
    found = re.findall(r"^(Matrices|Wide|Wider|Long)\W+\d+\s*$", seen.pages[1].extract_text(), re.MULTILINE)
    assert found == ["Matrices", "Wide", "Wider", "Long"]
    text = said(seen)
    assert text.count(squeezed(reports.HOSTILE)) == 4
    # The drawing: as a vector its words can be read, older versions show the pixels.
    pixels = {name for page in seen.pages for name in page.images.keys()}  # noqa: SIM118 - no mapping
    assert squeezed("Pò, frontière, año") in text or len(pixels) == 1
    assert all(f"Pillar{at}" in text for at in range(1, 40))
