"""Consultation by Word: a file with a bookmark around each paragraph, replies read back, each change on its clause."""

from pasaj.core.word.landing import Item, Landing, land
from pasaj.core.word.names import Anchor, anchored
from pasaj.core.word.reading import passages
from pasaj.core.word.redline import redline
from pasaj.core.word.shapes import Cover, DocumentId, Remark, Reply, WordClause, mark, squeezed
from pasaj.core.word.writing import clause_blocks, document, front

__all__ = [
    "Anchor",
    "Cover",
    "DocumentId",
    "Item",
    "Landing",
    "Remark",
    "Reply",
    "WordClause",
    "anchored",
    "clause_blocks",
    "document",
    "front",
    "land",
    "mark",
    "passages",
    "redline",
    "squeezed",
]
