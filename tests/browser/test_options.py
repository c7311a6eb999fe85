"""From a question for an objective to the option that is chosen, by the drafter of the demonstration."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Visit, look_thrice

Start = Callable[..., Visit]
QUESTION = "How are families kept together?"


def sent(one: Visit, name: str) -> None:
    one.page.locator("main").get_by_role("button", name=name, exact=True).click()
    one.page.wait_for_load_state()


def write(one: Visit, **fields: str) -> None:
    for name, value in fields.items():
        field = one.page.locator(f"main [name={name}]")
        if field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def judge(one: Visit, start: str, looked: Callable[[str], None]) -> None:
    """Fill every cell of the table; those of the first option are looked at."""
    for letter, figure, word in (("A", "0", "trivial"), ("B", "400000", "large"), ("C", "20000", "moderate")):
        for criterion, fields in (
            ("COST", {"value": figure}),
            ("BENEFIT", {"word": word}),
            ("RIGHTS", {"word": "none"}),
        ):
            one.open(f"{start}judgements/{letter}/{criterion}/")
            write(one, certainty="low", **fields)
            if letter == "A":
                looked(f"judgement {criterion}")
            sent(one, "Save")


@pytest.mark.req("R12.19")
def test_from_the_question_to_the_choice(visit: Start) -> None:
    one = visit("analyst", language="en")
    wrong: dict[str, list[str]] = {}

    def looked(name: str) -> None:
        wrong[name] = look_thrice(one)

    one.open("/policy/P1/appraisals/")
    one.page.get_by_role("link", name="Ask a question").click()
    looked("new")
    write(
        one, text_en=QUESTION, text_fr="Comment garder les familles ensemble ?", nothing_en="As now", nothing_fr="Rien"
    )
    sent(one, "Ask it")
    start = one.page.url.removeprefix(one.demo.url)
    for text in ("A family room", "A rule"):
        one.open(f"{start}options/new/")
        write(one, text_en=text, text_fr=text)
        looked("option")
        sent(one, "Save")
    one.open(f"/policy/options/{start.split('/')[-2]}-C/edit/")
    looked("option edit")
    one.open(f"{start}criteria/new/")
    write(
        one, text_en="Cost a year", text_fr="Coût", code="COST", scale="figure", unit="HTG", points="0 = 1\n900000 = 0"
    )
    looked("criterion")
    sent(one, "Save")
    judge(one, start, looked)
    looked("table")
    one.open(f"{start}edit/")
    write(one, weights_known="bounds", low_COST="5", high_COST="40", draws="2000")
    looked("edit")
    sent(one, "Save")
    assert one.page.locator("svg.places-bar").count() == 3
    looked("result")
    one.page.locator("main [name=option]").nth(0).check()
    sent(one, "Choose it")
    assert "POLOPT-017" in one.page.locator("main").inner_text()  # a reason is demanded
    write(one, reason="Nothing else can be paid this year.")
    sent(one, "Choose it")
    assert "Nothing else can be paid this year." in one.page.locator("main blockquote").inner_text()
    looked("decided")
    assert {name: said for name, said in wrong.items() if said} == {}
    assert [said for said in one.complaints if "422" not in said] == []
