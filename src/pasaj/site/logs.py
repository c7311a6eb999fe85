"""Logs without keys: addresses of phones, gateways and links in messages hold one, and stand in many a line."""

from __future__ import annotations

import logging
import re

KEY = re.compile(r"(/(?:key|gateway|n|consult/i)/)[^/\s?\"'<>]+")


class Masking(logging.Formatter):
    """Writes `/key/…`, `/gateway/…`, `/n/…` and `/consult/i/…` where a secret stood, in messages and in tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        return KEY.sub(r"\1…", super().format(record))
