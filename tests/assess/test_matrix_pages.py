"""Institutional mapping as people read it: matrices, network, profile, what would help."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import make
import pytest
from assess.examples import a_round, assessor
from assess.test_mapping import SCOPE, asked, has_role, matrix, tells  # noqa: F401 - asked and matrix are fixtures
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.assess.models import MappingAnswer, Round
from pasaj.assess.queries import mapping
from pasaj.collect.models import AppUser
from pasaj.registry.models import ExchangeNeed, Function, Mandate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_lead")]
As = Callable[[str], Client]
MATRIX = "/assessment/mandates/"
ROUND = "/assessment/rounds/A1/mapping/"
PAGES = ("", "network/", "profile/", "what-if/", "roles/", "exchange/IMM/CELL/")
DAY = "?day=2025-10-31"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    main = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(main.split())


@pytest.fixture
def heard(asked: tuple[Round, AppUser]) -> tuple[Round, AppUser]:  # noqa: F811
    """IMM tells the cell, too slowly and unwritten; AID denies what IMM and the cell say they tell it."""
    row, key = asked
    tells(
        row,
        key,
        "IMM",
        {"written": "no", "hours": "10", "channels": "phone", "comment": "By night only"},
        {"others": "AID"},
    )
    tells(
        row, key, "CELL", {"direction": "receive", "others": "IMM", "hours": "8"}, {"others": "AID", "layer": "LISTS"}
    )
    tells(row, key, "AID", complete="yes")
    return row, key


@pytest.mark.req("R7.1")
def test_matrices_of_a_round_are_for_the_cell_and_mandates_for_members(heard: tuple[Round, AppUser], as_: As) -> None:
    cell = {"duty", "approver", "analyst", "lead", "dpo", "admin"}
    asked_ = {who: {as_(who).get(ROUND + one).status_code for one in PAGES} for who in (*make.CAST, "lead")}
    assert asked_ == {who: {200 if who in cell else 404} for who in (*make.CAST, "lead")}
    pack = {who: {as_(who).get(MATRIX + one).status_code for one in ("", "CHECK/IMM/")} for who in (*make.CAST, "lead")}
    assert pack == {who: {404 if who == "stranger" else 200} for who in (*make.CAST, "lead")}


@pytest.mark.req("R10.31")
def test_the_mandate_matrix_on_a_day(as_: As, country: make.Country) -> None:
    client = as_("partner")
    then = page(client, f"{MATRIX}{DAY}")
    assert "IMM · CHECK · lead · to be verified" in then
    assert "1 gap" in then
    assert "Nobody leads “RESCUE” (the whole country). These led there until their mandate ended: CELL." in then
    assert "CELL, “RESCUE” (lead): the mandate ended on" in then
    later = page(client, f"{MATRIX}?day=2026-02-01")
    assert "AID · RESCUE · lead · to be verified" in later
    assert "Every function is led everywhere it must be." in later
    assert "1 institution without any role" in later
    assert page(client, f"{MATRIX}?day=nonsense") == page(client, MATRIX)
    assert "is-quiet" in page(client, f"{MATRIX}RESCUE/CELL/{DAY}")


@pytest.mark.req("R10.31")
def test_a_territory_and_one_institution_as_a_list(as_: As, country: make.Country) -> None:
    function = Function.objects.get(code="RESCUE")
    for who, role, where in (("IMM", "lead", "TL-N"), ("AID", "lead", None), ("AID", "support", "TL-N")):
        Mandate.objects.create(
            key=f"{who}{role}", function=function, institution=country.institutions[who], role=role,
            territory=country.areas.get(where or ""), basis="L-1",
        )  # fmt: skip
    client = as_("partner")
    whole = page(client, f"{MATRIX}{DAY}")
    assert "AID and IMM both lead “RESCUE” (North)." in whole
    assert "AID has two roles in “RESCUE” (North): lead, support." in whole
    assert "IMM · RESCUE · lead · North" in whole
    north = page(client, f"{MATRIX}{DAY}&territory=TL-N")
    assert "The lists below are of North" in north
    assert "AID and IMM both lead" in north
    assert page(client, f"{MATRIX}{DAY}&territory=XX") == whole
    listed = page(client, f"{MATRIX}{DAY}&institution=IMM")
    assert ('<table class="table matrix' in listed, "Immigration service</h2>" in listed) == (False, True)
    assert "It has no role in any function on this day." in page(client, f"{MATRIX}{DAY}&institution=CELL")
    cell = page(client, f"{MATRIX}RESCUE/AID/{DAY}")
    assert "AID and IMM both lead “RESCUE” (North)." in cell
    assert f"{MATRIX}RESCUE/IMM/" in cell
    assert "The pack gives this institution no role in this function." in page(client, f"{MATRIX}CHECK/AID/{DAY}")
    assert "Nobody." in page(client, f"{MATRIX}CHECK/IMM/{DAY}")
    assert [client.get(f"{MATRIX}{one}/").status_code for one in ("XX/IMM", "CHECK/XX")] == [404, 404]


@pytest.mark.req("R10.31")
def test_a_mandate_that_begins_later_stands_in_its_cell(as_: As) -> None:
    assert "not yet" in page(as_("partner"), f"{MATRIX}RESCUE/AID/{DAY}")


@pytest.mark.req("R10.31")
def test_a_pack_without_functions_says_what_to_do(as_: As) -> None:
    Mandate.objects.all().delete()
    Function.objects.all().delete()
    assert "The pack names no function" in page(as_("partner"), MATRIX)


@pytest.mark.req("R10.32")
def test_the_exchange_matrix_says_what_both_ends_say(heard: tuple[Round, AppUser], as_: As) -> None:
    whole = page(as_("duty"), ROUND)
    assert "IMM → CELL · confirmed by both" in whole
    assert "IMM → AID · sent, says the sender; not received, says the receiver" in whole
    assert "CELL → AID · sent, says the sender; not received, says the receiver (the surest of 2)" in whole
    assert "Of 3 institutions, 1 went through the whole list and 2 through a part of it." in whole
    assert "Of 3 exchanges on which both ends spoke, 1 are confirmed by both; 1 await an answer." in whole
    assert "too late" in whole
    layer = page(as_("duty"), f"{ROUND}?layer=LISTS")
    assert ("IMM → CELL ·" in layer, "CELL → AID · sent, says the sender" in layer) == (False, True)
    assert "The country pack names no need here." in layer
    one = page(as_("duty"), f"{ROUND}?institution=AID")
    assert ('<table class="table matrix' in one, "It hears from" in one) == (False, True)
    assert page(as_("duty"), f"{ROUND}?institution=XX&layer=XX") == whole


@pytest.mark.req("R10.32")
def test_a_cell_says_who_says_what(heard: tuple[Round, AppUser], as_: As) -> None:
    row, key = heard
    tells(row, key, "IMM", {"written": "no", "hours": "12", "channels": "email"}, day="2025-09-25")
    cell = page(as_("duty"), f"{ROUND}exchange/IMM/CELL/")
    assert "It is needed within 6 hours: too late." in cell
    assert "e-mail" in cell
    assert "The two ends confirm it and disagree on: how long it takes." in cell
    assert "Said before" in cell
    receipts = MappingAnswer.objects.values_list("outcome__version__submission__receipt", flat=True)
    assert sorted(one for one in set(receipts) if f'href="/collect/submissions/{one}/"' in cell) == sorted(
        one.origin.receipt for one in mapping.exchange(row).said if one.statement.receiver == "CELL"
    )
    silent = page(as_("duty"), f"{ROUND}exchange/CELL/AID/")
    assert "It is needed, without a limit of time: not met" not in silent
    assert "It went through the whole list and did not name it." in silent
    assert "Nobody listed it as needed." in silent
    assert "not answered" in page(as_("duty"), f"{ROUND}exchange/CELL/AID/")
    assert "Nobody spoke of anything" in page(as_("duty"), f"{ROUND}exchange/AID/CELL/")
    gone = [as_("duty").get(f"{ROUND}exchange/{one}/").status_code for one in ("IMM/IMM", "IMM/XX")]
    assert gone == [404, 404]


@pytest.mark.req("R10.33")
def test_the_network_is_drawn_with_its_measures_beside_it(heard: tuple[Round, AppUser], as_: As) -> None:
    drawn = page(as_("duty"), f"{ROUND}network/")
    assert drawn.count('class="network-line') == 3 + 3  # three links and three samples of the legend
    assert "1 of 6 possible directed links between 3 institutions exist." in drawn
    assert "Word from IMM reaches CELL within 10 hours, this way: IMM &gt; CELL." in drawn
    assert "network-faint" in page(as_("duty"), f"{ROUND}network/?institution=AID")
    assert "0 of 6 possible directed links" in page(as_("duty"), f"{ROUND}network/?layer=LISTS")


@pytest.mark.req("R10.34")
def test_the_profile_shows_components_and_never_one_number(heard: tuple[Round, AppUser], as_: As) -> None:
    shown = page(as_("duty"), f"{ROUND}profile/")
    assert [shown.count(one) for one in ("Gaps in mandates", "Needs that fail", "Separation")] == [1, 1, 1]
    assert "1 of 2 functions lack a lead" in shown
    assert 'class="share-bar"' in shown


@pytest.mark.req("R10.35")
def test_what_would_help_most(heard: tuple[Round, AppUser], as_: As) -> None:
    shown = page(as_("duty"), f"{ROUND}what-if/")
    assert "choices of 2 changes were tried; none lowers the weighted mean further." in shown
    assert "CELL tells AID, by an agreement in writing: ALERTS." in shown or "Alerts" in shown
    assert "of weights drawn at random exactly this choice is the best" in shown
    assert "network-planned" in shown
    one = page(as_("duty"), f"{ROUND}what-if/?count=1")
    assert "choices of 1 changes were tried" in one
    assert page(as_("duty"), f"{ROUND}what-if/?count=9") == shown


@pytest.mark.req("R10.31")
def test_claims_stand_beside_the_pack(heard: tuple[Round, AppUser], as_: As) -> None:
    row, key = heard
    assert "No institution has said which roles it has." in page(as_("duty"), f"{ROUND}roles/")
    for who, role in (("IMM", "support"), ("AID", "lead"), ("CELL", "none")):
        has_role(row, key, who, role)
    shown = page(as_("duty"), f"{ROUND}roles/")
    words = ("another role than the pack says", "the pack knows of no role", "as the pack says")
    assert [shown.count(one) for one in words] == [1, 1, 1]
    assert "No two institutions say that they lead the same function." in shown


@pytest.mark.req("R10.32")
def test_empty_rounds_say_what_to_do(as_: As) -> None:
    a_round(scope=SCOPE)
    ExchangeNeed.objects.all().delete()
    Mandate.objects.all().delete()
    Function.objects.all().delete()
    client = as_("duty")
    assert "Nobody has answered yet" in page(client, ROUND)
    assert "there is nothing to draw" in page(client, f"{ROUND}network/")
    assert "Nobody has answered on exchange yet." in page(client, f"{ROUND}profile/")
    assert "There is nothing to choose from" in page(client, f"{ROUND}what-if/")


def test_a_round_beside_the_one_before_it(heard: tuple[Round, AppUser], as_: As) -> None:
    later = a_round(scope=SCOPE, mapping=True, starts=date(2025, 11, 1), ends=date(2025, 11, 20))
    tells(later, assessor(later, "Paul")[1], "IMM", {"others": "AID"}, day="2025-11-02")
    shown = page(as_("duty"), f"/assessment/rounds/{later.code}/mapping/profile/")
    assert "Hollow mark: round A1." in shown
    assert "share-before" in shown


@pytest.mark.req("R9.7")
def test_pages_ask_the_same_number_of_questions(heard: tuple[Round, AppUser], as_: As) -> None:
    row, key = heard
    client = as_("duty")

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as made:
            client.get(address)
        return len(made)

    addresses: list[Any] = [MATRIX, f"{MATRIX}CHECK/IMM/", *(ROUND + one for one in PAGES)]
    has_role(row, key, "IMM", "support")
    for address in addresses:
        client.get(address)
    before = {one: count(one) for one in addresses}
    for who, layer in (("AID", "LISTS"), ("IMM", "LISTS"), ("CELL", "ALERTS")):
        tells(
            row,
            key,
            who,
            {"layer": layer, "others": "CELL" if who != "CELL" else "AID"},
            complete="yes",
            day="2025-09-28",
        )
        has_role(row, key, who, "lead")
    for address in addresses:
        client.get(address)
    assert {one: count(one) for one in addresses} == before
