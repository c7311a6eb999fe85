"""Rows of words.csv: what people write in messages, and which figure it stands for."""

from pasaj.core.nearest import fold
from pasaj.core.pack.cells import Cells
from pasaj.core.pack.figures import TOTAL, category
from pasaj.core.pack.shapes import Said
from pasaj.core.pack.sheets import Book, Sheet
from pasaj.core.textgram.words import MEANINGS


def _word(cells: Cells, book: Book) -> Said:
    word = cells.need("word", 60)
    meaning = cells.choice("meaning", MEANINGS, default="figure")
    measure = split = ""
    if meaning == "figure":
        measure = cells.refer("measure", book.measures)
        split = category(cells, book, "category", measure) or TOTAL
    language = cells.choice("language", book.manifest.languages) if book.manifest else ""
    source, verify = cells.provenance()
    if folded := fold(word):
        book.once(cells, "word", "word", folded, language)
        said = (meaning, measure, split)
        before, first = book.meant.setdefault(folded, (said, cells.row))
        if before != said:
            cells.refuse("PACK-047", "word", value=word, first=first)
    elif word:
        cells.refuse("PACK-010", "word")
    return Said(word, meaning, measure, split, language, source, verify)


WORDS = Sheet(
    "words.csv",
    _word,
    needed=("word", "language"),
    more=("meaning", "measure", "category", "source"),
    origin="source",
)
