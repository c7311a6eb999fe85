"""Pasaj: the working system of a national border and migration coordination cell."""

__version__ = "0.1.0"
