"""Whose turn it is to change the chain."""

from __future__ import annotations

from django.db import connection

ADVISORY_LOCK = 0x65_76_69_64  # "evid": PostgreSQL's lock that makes changes of the chain wait for each other


def wait_for_others() -> None:
    """Wait for one's turn until the end of the transaction, before any statement is locked.

    So no two close a circle of links together, and no two wait for each other's statements.
    """
    # SQLite needs nothing: its transactions are IMMEDIATE.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
