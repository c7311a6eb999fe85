"""A report as files: PDF by typst, Word by python-docx; the same report gives the same bytes."""

from pasaj.assess.services.rendering.pdf import pdf
from pasaj.assess.services.rendering.word import docx

__all__ = ["docx", "pdf"]
