"""Human codes: a prefix, a year and a number without gaps in what was committed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from pasaj.registry.models import Counter


def next_code(prefix: str, now: datetime) -> str:
    """The next code of `prefix` in the year of `now`: "SG-2026-0001".

    Inside the caller's transaction, so that a code given to a row that is rolled back is given again.
    """
    return f"{prefix}-{now.year}-{_take(prefix, now.year, 1):04d}"


def next_codes(prefix: str, now: datetime, count: int) -> list[str]:
    """`count` codes in a row, with one write."""
    last = _take(prefix, now.year, count)
    return [f"{prefix}-{now.year}-{number:04d}" for number in range(last - count + 1, last + 1)]


def _take(prefix: str, year: int, count: int) -> int:
    with transaction.atomic():
        Counter.objects.bulk_create([Counter(prefix=prefix, year=year)], ignore_conflicts=True)
        Counter.objects.filter(prefix=prefix, year=year).update(last=F("last") + count)
        return Counter.objects.values_list("last", flat=True).get(prefix=prefix, year=year)


def next_number(prefix: str) -> int:
    """The next number of `prefix`, whatever the year: 1, 2, 3. Inside the caller's transaction."""
    return _take(prefix, 0, 1)
