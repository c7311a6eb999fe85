"""The Word file of a report, by python-docx: real styles and fields, so that a ministry can go on writing in it."""

from pasaj.assess.services.rendering.word.document import docx

__all__ = ["docx"]
