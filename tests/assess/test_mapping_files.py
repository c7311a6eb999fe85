"""The matrices as files and for programs: the same rows, for the same people, through the gate."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import make
import openpyxl
import pytest
from assess.test_mapping import asked, has_role, matrix, tells  # noqa: F401 - asked and matrix are fixtures
from django.test import Client

from pasaj.assess.models import Round
from pasaj.assess.queries import mapping as queries
from pasaj.assess.services import mapping_files as files
from pasaj.collect.models import AppUser
from pasaj.core.mapping.profile import profile
from pasaj.registry.models import ExchangeNeed
from pasaj.share.models import Release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_lead")]
As = Callable[[str], Client]
ROUND = "/assessment/rounds/A1/mapping/"
API = "/api/v1/"


def taken(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    found: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return found


def rows(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(taken(client, address).decode("utf-8-sig"))))


def told(client: Client, address: str) -> Any:
    return json.loads(taken(client, API + address))


@pytest.fixture
def heard(asked: tuple[Round, AppUser]) -> Round:  # noqa: F811
    """IMM tells the cell, slower than needed; the cell hears it by another channel; AID is told nothing."""
    row, key = asked
    tells(row, key, "IMM", {"hours": "30"})
    tells(row, key, "IMM", {"hours": "10", "channels": "phone", "written": "no", "comment": "By night"}, complete="yes")
    tells(row, key, "CELL", {"direction": "receive", "others": "IMM", "channels": "email paper", "hours": "8"})
    tells(row, key, "AID", complete="yes")
    has_role(row, key, "AID", "lead")
    has_role(row, key, "IMM", "support")
    return row


@pytest.mark.req("R7.1")
def test_files_of_a_round_are_for_the_cell_and_mandates_for_members(heard: Round, as_: As) -> None:
    cell = {"duty", "approver", "analyst", "lead", "dpo", "admin"}
    everybody = (*make.CAST, "lead")
    paths = [f"{ROUND}{what}.csv" for what in files.KINDS]
    paths += [f"{API}rounds/A1/{what}" for what in files.KINDS]

    def states(who: str, addresses: list[str]) -> set[int]:
        found = set()
        for address in addresses:
            answer = as_(who).get(address)
            found.add(answer.status_code)
            if answer.streaming:
                b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        return found

    assert {who: states(who, paths) for who in everybody} == {who: {200 if who in cell else 404} for who in everybody}
    pack = ["/assessment/mandates.csv", f"{API}mapping/mandates"]
    assert {who: states(who, pack) for who in everybody} == {
        who: {404 if who == "stranger" else 200} for who in everybody
    }
    assert {Client().get(path).status_code for path in paths[:5]} == {302}
    assert {Client().get(path).status_code for path in (*paths[5:], pack[1])} == {401}


@pytest.mark.req("R1.2")
def test_the_exchange_matrix_has_both_ends_side_by_side(heard: Round, as_: As) -> None:
    found = rows(as_("analyst"), f"{ROUND}exchange.csv")
    assert list(found[0]) == list(files.EXCHANGE)
    wanted, both = found
    assert (wanted["sender"], wanted["receiver"], wanted["state"]) == ("CELL", "AID", "denied")
    assert (wanted["sender_says"], wanted["receiver_says"], wanted["within_hours"]) == ("", "no", "")
    assert both == {
        "round": "A1", "simulated": "no", "layer": "ALERTS", "sender": "IMM", "receiver": "CELL",
        "state": "confirmed", "hours": "10.0", "in_writing": "no", "differ_on": "channels hours", "needed": "yes",
        "within_hours": "6.0", "sender_says": "yes", "sender_channels": "phone", "sender_in_writing": "no",
        "sender_hours": "10.0", "receiver_says": "yes", "receiver_channels": "email paper",
        "receiver_in_writing": "", "receiver_hours": "8.0",
    }  # fmt: skip
    released = Release.objects.get()
    assert (released.kind, released.audience) == ("table", "TLP:AMBER")


@pytest.mark.req("R1.2")
def test_every_answer_of_every_end_leaves_with_its_receipt(heard: Round, as_: As) -> None:
    found = rows(as_("analyst"), f"{ROUND}statements.csv")
    told_by = [(one["said_by"], one["hours"], one["counts"], one["comment"]) for one in found]
    assert told_by == [
        ("sender", "10.0", "yes", "By night"),
        ("receiver", "8.0", "yes", ""),
        ("sender", "30.0", "no", ""),
    ]
    assert {one["assessor"] for one in found} == {"A1-E1"}
    assert len({one["receipt"] for one in found}) == 3


@pytest.mark.req("R1.2")
def test_needs_leave_with_what_came_of_them_and_their_source(heard: Round, as_: As) -> None:
    ExchangeNeed.objects.filter(sender__code="IMM").update(source="Cell", verify="working proposal", basis="L-1")
    found = rows(as_("analyst"), f"{ROUND}needs.csv")
    assert [(one["sender"], one["state"], one["hours"]) for one in found] == [
        ("CELL", "missing", ""),
        ("IMM", "late", "10.0"),
    ]
    assert (found[1]["basis"], found[1]["source"], found[1]["verify"]) == ("L-1", "Cell", "working proposal")


@pytest.mark.req("R1.2")
def test_claimed_roles_leave_beside_those_of_the_pack(heard: Round, as_: As) -> None:
    found = rows(as_("analyst"), f"{ROUND}roles.csv")
    assert [(one["institution"], one["role"], one["pack_role"]) for one in found] == [
        ("AID", "lead", ""),
        ("IMM", "support", "lead"),
    ]


@pytest.mark.req("R1.2")
def test_the_profile_leaves_component_by_component(heard: Round, as_: As) -> None:
    book = openpyxl.load_workbook(io.BytesIO(taken(as_("analyst"), f"{ROUND}profile.xlsx")))
    header, *lines = book.worksheets[0].iter_rows(values_only=True)
    assert header == files.PROFILE
    known = profile(queries.situation(heard)).known
    assert {line[2]: line[3] for line in lines if line[3] is not None} == {
        code: round(value, 4) for code, value in known.items()
    }
    assert [line[2] for line in lines][:3] == ["gaps", "overlaps", "flows"]
    assert {line[2]: line[6] for line in lines}["gaps"].startswith("1 of 2 functions lack a lead")


@pytest.mark.req("R1.1")
def test_mandates_on_a_day(as_: As) -> None:
    found = rows(as_("partner"), "/assessment/mandates.csv?day=2025-10-31")
    assert [(one["function"], one["institution"], one["in_force"], one["verify"]) for one in found] == [
        ("CHECK", "IMM", "yes", "check"),
        ("RESCUE", "CELL", "no", "check"),
    ]
    assert found[0]["institution_name"] == "Immigration service"
    assert len(rows(as_("partner"), "/assessment/mandates.csv?day=2026-01-01")) == 3
    assert openpyxl.load_workbook(io.BytesIO(taken(as_("partner"), "/assessment/mandates.xlsx"))).worksheets[0]["A1"]
    assert not Release.objects.exists()  # nothing is counted in them
    (one,) = told(as_("partner"), "mapping/mandates?on=2025-10-31&function=CHECK")
    assert (one["institution"], one["valid_from"], one["in_force"]) == ("IMM", "2000-01-01", True)
    assert as_("partner").get(f"{API}mapping/mandates?on=never").status_code == 422


@pytest.mark.req("R10.9")
def test_programs_read_the_same_rows(heard: Round, as_: As) -> None:
    client = as_("duty")
    (tie,) = told(client, "rounds/A1/exchange?sender=IMM")
    assert (tie["state"], tie["hours"], tie["needed"], tie["receiver_in_writing"]) == ("confirmed", 10.0, True, None)
    assert [one["hours"] for one in told(client, "rounds/A1/statements?said_by=sender&counts=true")] == [10.0]
    assert [one["state"] for one in told(client, "rounds/A1/needs?limit=1")] == ["missing"]
    assert [one["pack_role"] for one in told(client, "rounds/A1/roles?institution=IMM")] == ["lead"]
    shares = {one["component"]: one["value"] for one in told(client, "rounds/A1/profile")}
    known = profile(queries.situation(heard)).known
    assert {code: value for code, value in shares.items() if value is not None} == {
        code: round(value, 4) for code, value in known.items()
    }
    assert client.get(f"{API}rounds/A9/exchange").status_code == 404
