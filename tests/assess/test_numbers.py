"""Numbers and amounts as pages and reports write them."""

from decimal import Decimal

from django.utils import translation

from pasaj.assess.queries import words
from pasaj.policy.templatetags.policy import money


def test_numbers_and_amounts_are_rounded_and_not_cut_off() -> None:
    with translation.override("en"):
        assert (words.number(66.67), words.number(1.26, 1)) == ("67", "1.3")
        assert money(Decimal("2.666"), "USD").startswith("2.67")
