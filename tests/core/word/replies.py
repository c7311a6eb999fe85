"""A small document, and replies to it made by changing its XML as word processors do."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from pasaj.core.word import Cover, DocumentId, Item, Landing, WordClause, document, front, land, passages
from pasaj.core.word.xml import WORD, words

WHICH = DocumentId("NMP", "NMP-K1", "en", 2)
COVER = Cover(
    "National policy", "First round", "DEMONSTRATION", (("Opens", "2 November"),), "How to reply",
    ("Write into the text.", "Save it as .docx."), "Clause", "Page {number} of {count}",
)  # fmt: skip
REGISTER = WordClause(
    "P-C1",
    2,
    "The authority keeps a **public** register.\n\n- It is updated *daily*.\n- It is free.",
    "Register",
    2,
    "1",
)
COUNTS = WordClause(
    "P-C2", 1, "Posts count entries every day.\n\nCounts are [published](https://example.org/a).", "", 2, "2"
)
TRAINING = WordClause(
    "P-C3", 3, "1. Officers are trained.\n2. Training lasts ten days.\n   - Half of it at a post.", "Training"
)
RECEPTION = WordClause("P-C4", 1, "Arrivals are received with care.", "Reception", 3)
APPEAL = WordClause("P-C5", 1, "Whoever is refused may appeal within thirty days.")
BASE = [REGISTER, COUNTS, TRAINING, RECEPTION, APPEAL]
SENT = document(BASE, WHICH, COVER)
AT = "2026-11-12T09:30:00Z"


def parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(members: dict[str, bytes]) -> bytes:
    done = BytesIO()
    with ZipFile(done, "w", ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return done.getvalue()


def changed(*swaps: tuple[str, str], sent: bytes = SENT, **others: str) -> bytes:
    """The file with texts of its document.xml swapped (each must stand there) and parts added by name."""
    members = parts(sent)
    text = members["word/document.xml"].decode()
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new, 1)
    members["word/document.xml"] = text.encode()
    for name, inside in others.items():
        members[f"word/{name}.xml"] = f'<w:{name} xmlns:w="{WORD}">{inside}</w:{name}>'.encode()
    return zipped(members)


def said(text: str) -> str:
    """The run of a text as the file writes it."""
    return f"<w:r>{words(text)}</w:r>"


def ins(text: str, by: str = "Marie", at: str = AT) -> str:
    return f'<w:ins w:id="900" w:author="{by}" w:date="{at}">{said(text)}</w:ins>'


def gone(text: str, by: str = "Marie", at: str = AT, kind: str = "del") -> str:
    return f'<w:{kind} w:id="901" w:author="{by}" w:date="{at}"><w:r>{words(text, gone=True)}</w:r></w:{kind}>'


def paragraph(inside: str, ending: str = "", style: str = "Normal") -> str:
    look = f"<w:rPr>{ending}</w:rPr>" if ending else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{look}</w:pPr>{inside}</w:p>'


def whole(sent: bytes, first: str, last: str) -> str:
    """The paragraphs from the one that holds a text to the one that holds another."""
    text = parts(sent)["word/document.xml"].decode()
    start = text.rindex("<w:p>", 0, text.index(first))
    return text[start : text.index("</w:p>", text.index(last)) + len("</w:p>")]


def landed(data: bytes, base: list[WordClause] = BASE) -> Landing:
    return land(base, passages(data), front(COVER))


def only(data: bytes, base: list[WordClause] = BASE) -> Item:
    (one,) = landed(data, base).items
    return one
