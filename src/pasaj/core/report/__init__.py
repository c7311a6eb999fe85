"""A report as plain blocks: what page, PDF and Word are drawn from, and what is frozen and fingerprinted."""

from pasaj.core.report.blocks import (
    Block,
    Cell,
    Column,
    Facts,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    Report,
    Span,
    Table,
    cell,
    paragraph,
    spans,
)
from pasaj.core.report.plain import fingerprint, from_plain, to_plain

__all__ = [
    "Block",
    "Cell",
    "Column",
    "Facts",
    "Heading",
    "Items",
    "Note",
    "PageBreak",
    "Paragraph",
    "Picture",
    "Report",
    "Span",
    "Table",
    "cell",
    "fingerprint",
    "from_plain",
    "paragraph",
    "spans",
    "to_plain",
]
