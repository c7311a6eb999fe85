"""Human codes are consecutive, per prefix and year, also when a transaction is rolled back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from pasaj.registry.models import Counter
from pasaj.registry.services import next_code
from pasaj.registry.services.codes import next_codes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.req("R6.5")
def test_codes_count_up_per_prefix_and_year() -> None:
    assert next_code("SG", NOW) == "SG-2026-0001"
    assert next_codes("SG", NOW, 3) == ["SG-2026-0002", "SG-2026-0003", "SG-2026-0004"]
    assert next_code("IM", NOW) == "IM-2026-0001"
    assert next_code("SG", NOW.replace(year=2027)) == "SG-2027-0001"
    assert str(Counter.objects.get(prefix="SG", year=2026)) == "SG-2026-0004"
    assert next_codes("SG", NOW, 0) == []


def test_a_code_of_rolled_back_work_is_given_again() -> None:
    with transaction.atomic():
        assert next_code("SG", NOW) == "SG-2026-0001"
        transaction.set_rollback(True)
    assert next_code("SG", NOW) == "SG-2026-0001"


def test_codes_outgrow_four_digits() -> None:
    Counter.objects.create(prefix="SG", year=2026, last=9999)
    assert next_code("SG", NOW) == "SG-2026-10000"
