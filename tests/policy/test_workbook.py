"""The action plan as a workbook: out with formulas, recalculated by another program, and back in."""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from policy import plans

from pasaj.core.policy import costs as core
from pasaj.core.problems import Refused
from pasaj.policy.models import Commitment, CostLine, Policy
from pasaj.policy.queries.plan import plan
from pasaj.policy.services import money, policies, taking
from pasaj.policy.services.workbook import written
from pasaj.share.models import Release

SOFFICE = shutil.which("soffice")
NOW = plans.NOW
CAR = money.CostWanted("P1-A1.1.2", "Car", "capital", Decimal("1.5"), "car", Decimal("10.005"), Decimal(1), "USD", 2026)
PLEDGE = money.CommitmentWanted(
    "P1-A1.1.1", "Bank", Decimal("99.99"), "USD", 2025, "committed", date(2025, 2, 1), "note"
)


@pytest.fixture
def policy(country: Any) -> Policy:
    row = plans.whole(country)
    who: dict[str, Any] = {"actor": plans.drafter(), "now": NOW}
    for year in (2025, 2026):
        policies.set_rate(policy="P1", currency="USD", year=year, rate=Decimal("132.1234"), on=date(2025, 1, 2),
                          source="bank", **who)  # fmt: skip
    money.put_costs(policy="P1", wanted=[CAR], **who)
    money.put_commitments(policy="P1", wanted=[PLEDGE], **who)
    return row


@pytest.fixture
def drafting(country: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(plans.member(country))  # type: ignore[arg-type]
    return client


def exported(client: Client) -> bytes:
    return b"".join(client.get("/policy/P1/plan/workbook.xlsx").streaming_content)


def changed(data: bytes, change: Callable[[Workbook], None]) -> bytes:
    """The workbook after somebody changed it. openpyxl keeps formulas and forgets what they came to."""
    book = load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def look(data: bytes) -> taking.Preview:
    return taking.look(policy=Policy.objects.get(), file=io.BytesIO(data), filename="plan.xlsx", actor=plans.drafter())


@pytest.mark.req("R12.44")
def test_it_leaves_through_the_gate_with_formulas_and_their_values(policy: Policy, drafting: Client) -> None:
    data = exported(drafting)
    assert Release.objects.get().audience == "TLP:AMBER"
    formulas, values = (load_workbook(io.BytesIO(data), data_only=one) for one in (False, True))
    assert str(formulas["costs"]["M3"].value).startswith("=ROUND(E3*G3*H3,")
    assert [values["costs"][f"{column}4"].value for column in "AMNO"] == ["P1-A1.1.2-L1", 15.01, 132.1234, 1983.17]
    assert values["sums"]["B3"].value == 16989.17
    assert values["actions"]["L3"].value == pytest.approx(15006 - 13211.02)
    assert values["measures"]["D3"].value == 16989.17


@pytest.mark.req("R12.45")
def test_what_comes_back_unchanged_changes_nothing(policy: Policy, drafting: Client) -> None:
    found = look(exported(drafting))
    assert (found.new, found.changed, found.unchanged, found.refused, found.gone) == ([], [], 3, [], [])
    assert found.token == ""


@pytest.mark.req("R12.45")
def test_new_changed_and_missing_rows_are_shown_before_anything_is_stored(policy: Policy, drafting: Client) -> None:
    def change(book: Workbook) -> None:
        sheet = book["costs"]
        sheet["E3"] = 3
        sheet["C3"] = "More trainers"
        sheet.delete_rows(4)
        sheet.append([None, "P1-A1.1.2", "Fuel", "recurrent", 12, "month", 100.25, 1, "EUR", 2026])

    data = changed(exported(drafting), change)
    answer = drafting.post("/policy/P1/plan/take/", {"file": SimpleUploadedFile("plan.xlsx", data)})
    assert answer.status_code == 200
    found = answer.context["found"]
    assert [one.moved for one in found.changed] == [[("label", "Trainers", "More trainers"), ("quantity", "2", "3")]]
    assert [one.label for one in found.new] == ["Fuel"]
    assert (found.gone, found.unchanged, found.unrated) == (["P1-A1.1.2-L1"], 1, {("EUR", 2026)})
    assert CostLine.objects.get(code="P1-A1.1.1-L1").quantity == Decimal(2)  # nothing is stored yet
    assert drafting.post("/policy/P1/plan/take/", {"token": found.token}).status_code == 302
    assert CostLine.objects.get(code="P1-A1.1.1-L1").quantity == Decimal(3)
    assert CostLine.objects.get(code="P1-A1.1.2-L2").unit_cost == Decimal("100.25")
    assert CostLine.objects.get(code="P1-A1.1.2-L1").withdrawn_at is None  # a row that went is not withdrawn
    # The same again: what was looked at is old.
    assert drafting.post("/policy/P1/plan/take/", {"token": found.token}).status_code == 409
    assert drafting.post("/policy/P1/plan/take/", {"token": found.token + "x"}).status_code == 409


@pytest.mark.req("R12.45")
@pytest.mark.parametrize(
    ("cell", "value", "wanted"),
    [
        ("E3", "two", ("POL-064", "costs", 3, "quantity")),
        ("E3", None, ("POL-064", "costs", 3, "quantity")),
        ("E3", True, ("POL-064", "costs", 3, "quantity")),
        ("E3", -2, ("POL-015", "costs", 3, "quantity")),
        ("E3", 0.12345, ("POL-015", "costs", 3, "quantity")),
        ("E3", 1e15, ("POL-015", "costs", 3, "quantity")),
        ("G3", "=1250+0.5", ("POL-065", "costs", 3, "unit_cost")),
        ("I3", "US$", ("POL-016", "costs", 3, "currency")),
        ("J3", 2040, ("POL-011", "costs", 3, "year")),
        ("J3", 2025.5, ("POL-064", "costs", 3, "year")),
        ("D3", "gift", ("POL-009", "costs", 3, "kind")),
        ("B3", "P1-A9.9.9", ("POL-012", "costs", 3, "action")),
        ("K3", "NO-ITEM", ("POL-012", "costs", 3, "item")),
        ("A3", "P1-A1.1.2-L1", ("POL-066", "costs", 4, "code")),
        ("A3", "P1-A1.1.1-L9", ("POL-069", "costs", 3, "code")),
        ("C3", "x" * 300, ("POL-005", "costs", 3, "label")),
    ],
)
def test_a_cell_that_cannot_be_taken_is_told_with_its_place(
    policy: Policy, drafting: Client, cell: str, value: object, wanted: tuple[object, ...]
) -> None:
    found = look(changed(exported(drafting), lambda book: book["costs"].__setitem__(cell, value)))
    assert [(one.code, one.file, one.row, one.column) for one in found.refused] == [wanted]
    assert found.token == ""


@pytest.mark.req("R12.45")
@pytest.mark.parametrize(
    ("cell", "value", "wanted"),
    [
        ("D3", 0, ("POL-015", "amount")),
        ("G3", "lent", ("POL-009", "state")),
        ("H3", "soon", ("POL-071", "on")),
        ("C3", "y" * 300, ("POL-005", "funder")),
    ],
)
def test_the_same_of_money(policy: Policy, drafting: Client, cell: str, value: object, wanted: tuple[str, str]) -> None:
    found = look(changed(exported(drafting), lambda book: book["money"].__setitem__(cell, value)))
    assert [(one.code, one.column) for one in found.refused] == [wanted]


@pytest.mark.req("R12.45")
def test_files_that_are_something_else(policy: Policy, drafting: Client) -> None:
    def codes(data: bytes) -> list[str]:
        with pytest.raises(Refused) as caught:
            look(data)
        return [one.code for one in caught.value.problems]

    data = exported(drafting)
    empty = io.BytesIO()
    Workbook().save(empty)
    assert codes(b"") == codes(b"PK\x03\x04 nonsense") == codes(empty.getvalue()) == ["POL-060"]
    assert codes(b"x" * (taking.LARGEST + 1)) == ["POL-061"]
    assert codes(changed(data, lambda book: book["about"].__setitem__("B4", "P2"))) == ["POL-062"]
    assert codes(changed(data, lambda book: book["costs"].__setitem__("E1", "much"))) == ["POL-063"]
    assert codes(changed(data, lambda book: book.remove(book["costs"]))) == ["POL-060"]
    answer = drafting.post("/policy/P1/plan/take/", {"file": SimpleUploadedFile("plan.xlsx", b"no")})
    assert (answer.status_code, "POL-060" in answer.content.decode()) == (422, True)
    assert drafting.post("/policy/P1/plan/take/", {}).status_code == 422


@pytest.mark.req("R12.45")
def test_a_line_that_was_changed_or_withdrawn_meanwhile(policy: Policy, drafting: Client) -> None:
    data = changed(exported(drafting), lambda book: book["costs"].__setitem__("E3", 5))
    token = look(data).token
    row = CostLine.objects.get(code="P1-A1.1.1-L1")
    money.put_costs(
        policy="P1", wanted=[replace(plans.COST, code=row.code, label="Other")], actor=plans.drafter(), now=NOW
    )
    with pytest.raises(Refused) as caught:
        taking.take(policy=policy, token=token, actor=plans.drafter(), now=NOW)
    assert [one.code for one in caught.value.problems] == ["POL-067"]
    money.withdraw_line(policy="P1", code=row.code, reason="x", actor=plans.drafter(), now=NOW)
    assert [one.code for one in look(data).refused] == ["POL-070"]


@pytest.mark.req("R12.45")
def test_who_may_take_it_out_and_in(policy: Policy, as_: Callable[[str], Client]) -> None:
    def got(who: str) -> tuple[int, int, int]:
        out = as_(who).get("/policy/P1/plan/workbook.xlsx")
        b"".join(out.streaming_content if out.streaming else ())  # a file that is not read stays open
        address = "/policy/P1/plan/take/"
        return out.status_code, as_(who).get(address).status_code, as_(who).post(address, {"token": "x"}).status_code

    found = {who: got(who) for who in ("duty", "partner", "chief", "stranger")}
    assert found == {"duty": (200, 404, 404), "partner": (200, 404, 404), "chief": (404,) * 3, "stranger": (404,) * 3}
    data = b"".join(as_("partner").get("/policy/P1/plan/workbook.xlsx").streaming_content)
    sheet = load_workbook(io.BytesIO(data))["costs"]
    assert [sheet.cell(row, 1).value for row in range(3, sheet.max_row + 1)] == ["P1-A1.1.2-L1"]


@pytest.mark.req("R12.42")
def test_the_pages_of_the_plan(policy: Policy, drafting: Client) -> None:
    policies.set_capacity(policy="P1", institution="IMM", actions=0, actor=plans.drafter(), now=NOW)
    text = {name: drafting.get(f"/policy/P1/{name}/").content.decode().replace("\u202f", ",")
            for name in ("plan", "calendar", "load", "financing")}  # fmt: skip
    assert "16,989.17,HTG" in text["plan"]
    assert "13,211.02" in text["plan"]
    assert "P1-A1.1.1" in text["calendar"]
    assert "<svg viewBox" in text["calendar"]
    assert "2 quarters over" in text["load"]
    for said in ("Bank", "1,983.17", "16,989.17", "3,778.15"):
        assert said in text["financing"], said


# --- Another program ------------------------------------------------------------------------------


def without_values(data: bytes) -> bytes:
    """The workbook without what its formulas came to: whoever opens it must calculate."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.req("R12.44")
@pytest.mark.office
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_calculates_the_same_to_the_cent(policy: Policy, tmp_path: Path) -> None:
    """300 lines in four currencies, many of them halves of a cent: line, conversion, action, measure, year, kind."""
    rng = random.Random(12)
    base = plan(policy)
    halves = ("0.005", "1.005", "10.005", "2.675", "1250.345", "0.015", "99999.995", "33.335")
    lines = tuple(
        replace(
            base.costs[0], code=f"P1-A1.1.{1 + at % 2}-L{at}", action=f"P1-A1.1.{1 + at % 2}",
            quantity=Decimal(rng.choice(("1", "3", "0.5", "7.25", "12"))),
            unit_cost=Decimal(rng.choice(halves)) if at % 2 else Decimal(rng.randrange(1, 10**8)) / 10**4,
            periods=Decimal(rng.choice(("1", "6", "0.3333"))), currency=rng.choice(("HTG", "USD", "EUR", "XOF")),
            year=rng.choice((2025, 2026)), kind=rng.choice(("capital", "recurrent")),
        )
        for at in range(1, 301)
    )  # fmt: skip
    whole = replace(base, costs=lines)
    source = tmp_path / "plan.xlsx"
    source.write_bytes(without_values(written(whole, {}, NOW)))
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation=file://{tmp_path}/home", "--headless", "--convert-to", "xlsx",
         "--outdir", str(tmp_path / "out"), str(source)], check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    book = load_workbook(tmp_path / "out" / "plan.xlsx", data_only=True)
    made = core.reckon(whole)

    def cents(value: object) -> Decimal | None:
        return None if value in (None, "") else round(Decimal(repr(float(value))), 2)  # type: ignore[arg-type]

    rows = range(3, 303)
    assert [cents(book["costs"].cell(row, 13).value) for row in rows] == [one.own for one in made.lines]
    assert [cents(book["costs"].cell(row, 15).value) for row in rows] == [one.amount for one in made.lines]
    assert {book["actions"].cell(row, 1).value: cents(book["actions"].cell(row, 8).value) for row in (3, 4)} == {
        code: one.cost for code, one in made.by_action.items()}  # fmt: skip
    assert cents(book["measures"]["D3"].value) == made.by_measure["P1-M1.1"].cost
    assert [cents(book["measures"][name].value) for name in ("E3", "F3")] == [
        made.by_measure["P1-M1.1"].firm, made.by_measure["P1-M1.1"].gap]  # fmt: skip
    sums = {book["sums"].cell(row, 1).value: cents(book["sums"].cell(row, 2).value) for row in range(3, 8)}
    assert sums == {"all": made.all.cost, **{year: one.cost for year, one in made.by_year.items()},
                    **{kind: one.cost for kind, one in made.by_kind.items()}}  # fmt: skip
    assert made.missing
    assert Commitment.objects.count() == 1
