"""Where an alert is, in few words: up to three places by their names, else their departments, else the country."""

from __future__ import annotations

from typing import Any

import make
import pytest

from pasaj.registry.models import Area, CrossingPoint
from pasaj.respond.queries.alert_texts import where

LANGUAGES = ("fr", "ht", "en", "es")


def at(*codes: str, **given: Any) -> dict[str, Any]:
    """An area of a message at these communes."""
    return {"names": make.names(codes[0] if codes else "Outline"), "codes": list(codes), "crossings": [], **given}


def communes(department: str, number: int) -> list[str]:
    """New communes of a department, which is made where there is none; their codes."""
    nation = Area.objects.get(code="TL")
    above, _new = Area.objects.get_or_create(
        code=department, defaults={"level": "1", "names": make.names(department), "parent": nation, "source": "test"}
    )
    codes = [f"{department}{one:02d}" for one in range(1, number + 1)]
    for code in codes:
        Area.objects.create(code=code, level="2", names=make.names(code), parent=above, source="test")
    return codes


def said(text: str) -> dict[str, str]:
    """The same words in each language, marked as the small country marks them."""
    parts = text.split(", ")
    return {
        language: ", ".join(part if language == "en" else f"{part} ({language})" for part in parts)
        for language in LANGUAGES
    }


@pytest.mark.parametrize("number", [1, 2, 3])
def test_up_to_three_places_stand_by_their_names(country: make.Country, number: int) -> None:
    codes = communes("D1", number)
    assert where([at(code) for code in codes]) == said(", ".join(codes))


def test_more_become_their_department(country: make.Country) -> None:
    assert where([at(code) for code in communes("D1", 4)]) == said("D1")


def test_more_become_their_departments_in_the_order_of_their_codes(country: make.Country) -> None:
    codes = [*communes("D2", 2), *communes("D1", 2), *communes("D3", 1)]
    assert where([at(code) for code in codes]) == said("D1, D2, D3")
    assert where([at(*codes)]) == said("D201")  # one area of the message, whatever it holds
    assert where([at("D1"), *(at(code) for code in codes)]) == said("D1, D2, D3")  # a department is its own


def test_too_many_departments_become_the_country(country: make.Country) -> None:
    codes = [code for number in range(1, 6) for code in communes(f"D{number}", 1)]
    assert where([at(code) for code in codes[:4]]) == said("D1, D2, D3, D4")
    assert where([at(code) for code in codes]) == said("Testland")
    assert where([at("TL"), *(at(code) for code in codes[:4])]) == said("Testland")


def test_names_that_are_too_long_become_what_they_lie_in(country: make.Country) -> None:
    (first, second) = communes("D1", 2)
    long = {"names": make.names("A place with quite a long name of its own")}
    assert where([at(first, **long)]) == said(long["names"]["en"])
    assert where([at(first, **long), at(second, **long)]) == said("D1")
    # Too long in one language is too long.
    one = {"names": {**make.names("Short"), "ht": "x" * 61}}
    assert where([at(first, **one)]) == said("D1")


def test_crossings_lie_in_the_department_of_their_commune(country: make.Country) -> None:
    (commune,) = communes("D1", 1)
    CrossingPoint.objects.filter(code="TL-BCP-SOU").update(area=Area.objects.get(code=commune))
    points = [at(crossings=[code]) for code in ("TL-BCP-NOR", "TL-BCP-SOU")]
    assert where(points) == said("Outline, Outline")
    assert where([*points, *points]) == said("D1, North")


def test_outlines_alone_keep_the_first_three_names(country: make.Country) -> None:
    drawn = [at(names=make.names(name)) for name in ("One", "Two", "Three", "Four")]
    assert where(drawn) == said("One, Two, Three")


def test_a_place_without_a_name_in_a_language_is_left_out_there(country: make.Country) -> None:
    assert where([at(names={"en": "Northgate", "fr": ""}), at(names=make.names("Hill"))]) == {
        "en": "Northgate, Hill", "fr": "Hill (fr)", "ht": "Hill (ht)", "es": "Hill (es)",
    }  # fmt: skip


def test_nowhere_is_nothing(country: make.Country) -> None:
    assert where([]) == dict.fromkeys(LANGUAGES, "")
