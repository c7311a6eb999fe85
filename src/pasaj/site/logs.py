"""Logs without keys: the address of a phone holds one, and an address stands in many a line."""

from __future__ import annotations

import logging
import re

KEY = re.compile(r"(/key/)[^/\s?\"'<>]+")


class Masking(logging.Formatter):
    """Writes `/key/…` where a key stood, in messages and in tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        return KEY.sub(r"\1…", super().format(record))
