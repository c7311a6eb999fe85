"""Lift the guards for a moment: tests only, the product has no way to do it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

from pasaj.access.services import guards


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without triggers inside, with them again afterwards, whatever happens."""
    with connection.cursor() as cursor:
        for table, what in guards._found(connection, cursor):
            on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER "{guards._name(table, what)}"{on}')
    try:
        yield
    finally:
        guards.install(connection)


def flush_with_guards_lifted() -> None:
    """Make TransactionTestCase (pytest's transactional_db) able to empty guarded tables after a test."""
    emptying = TransactionTestCase._fixture_teardown
    if getattr(emptying, "lifts", False):
        return

    def teardown(self: Any) -> None:
        alias = "default"
        with lifted(connections[alias]):
            emptying(self)

    teardown.lifts = True  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
