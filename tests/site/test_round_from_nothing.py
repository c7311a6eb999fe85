"""The real framework from an empty database to findings: pack, round, forms, phones, OpenRosa, the interface.

Nothing is put in between: the forms are converted as an upload is, fetched over the addresses of phones, filled from
what they ask, and sent to those addresses.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import make
import pytest
from collect.test_openrosa import Phone, listed
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from pasaj.access.rules import SYSTEM
from pasaj.assess.jobs import settle_answers
from pasaj.assess.models import Round
from pasaj.assess.queries import frameworks
from pasaj.assess.queries import rounds as queries
from pasaj.assess.services import drafting, rounds
from pasaj.collect import jobs
from pasaj.collect.models import Submission
from pasaj.collect.services import phones
from pasaj.core import rounds as core
from pasaj.registry import queries as registry
from pasaj.registry.models import CrossingPoint, Institution
from pasaj.registry.services.folders import builtin
from pasaj.site.cli.packs import load_into
from pasaj.site.demo.filling import document

pytestmark = pytest.mark.django_db
FRAMEWORK, ASSESSORS = "border-management", ("First", "Second", "Third")
CROSSINGS, INSTITUTIONS = 3, 2


@pytest.fixture
def home(settings: LazySettings, tmp_path: Path) -> None:
    settings.PASAJ_HOME = tmp_path
    load_into(builtin()["haiti"])


def opened() -> Round:
    """A round over some of everything, its forms converted and published."""
    framework = frameworks.version(SYSTEM, FRAMEWORK)
    assert framework is not None
    scope = rounds.Scope(
        country=registry.nation(),
        institutions=tuple(Institution.objects.order_by("pk").values_list("code", flat=True)[:INSTITUTIONS]),
        crossings=tuple(
            CrossingPoint.objects.filter(official="yes").order_by("pk").values_list("code", flat=True)[:CROSSINGS]
        ),
    )
    today = timezone.now().date()
    wanted = rounds.Wanted("From nothing", today - timedelta(days=9), today, scope)
    row = rounds.create(framework=framework, wanted=wanted, actor=SYSTEM, now=timezone.now())
    rounds.publish(code=row.code, wake=jobs.convert, actor=SYSTEM, now=timezone.now())
    row.refresh_from_db()
    return row


def phone_of(row: Round, name: str) -> Phone:
    user, token = phones.add(wanted=phones.Wanted(name=name), actor=SYSTEM, now=timezone.now())
    rounds.add_assessor(code=row.code, app_user=user, actor=SYSTEM, now=timezone.now())
    return Phone(token, device=f"collect:{name}")


def said(row: Round, chance: random.Random) -> Iterator[tuple[core.Unit, dict[str, str]]]:
    """For each unit, what an assessor answers: a point to each question, one of them not observed."""
    framework = queries.framework_of(row.framework)
    for unit in queries.units_of(row):
        names = core.questions(one.code for one in framework.of_unit(unit.sort))
        answers = {names[code]: str(chance.randrange(5)) for code in core.asked(framework, [unit], {}).asked[unit.code]}
        answers[chance.choice(list(answers))] = "not_observed"
        yield unit, answers


def fill(row: Round, phone: Phone, chance: random.Random) -> int:
    """Fetch the forms of the round and send one report a unit. Returns how many answers went."""
    forms = {one["formID"]: one["downloadUrl"] for one in listed(phone.get("formList"))}
    assert sorted(forms) == ["a1_country", "a1_crossing_point", "a1_institution"]
    xml = {name: phone.client.get(url).content for name, url in forms.items()}
    sent = 0
    for at, (unit, answers) in enumerate(said(row, chance)):
        filled = document(
            xml[core.form_id(row.code, unit.sort)],
            {"date": str(row.period_end - timedelta(days=1)), "unit": unit.code, **answers},
            instance=f"uuid:{phone.device}-{at}",
        )
        answer = phone.post(filled)
        assert answer.status_code == 201, answer.content
        sent += len(answers)
    return sent


def read(client: Client, path: str) -> Any:
    answer = client.get(f"/api/v1/rounds/A1{path}")
    return json.loads(b"".join(answer.streaming_content) if answer.streaming else answer.content)


@pytest.fixture
def client(home: None) -> Client:
    account, made = make.account("lead@example.org"), Client()
    make.member(account, Institution.objects.order_by("pk")[0], "lead")
    made.force_login(account)
    return made


@pytest.mark.req("R1.12")
@pytest.mark.req("R2.8")
@pytest.mark.req("R10.7")
@pytest.mark.req("R10.9")
def test_from_an_empty_database_to_findings(client: Client) -> None:
    row = opened()
    sent = sum(fill(row, phone_of(row, name), random.Random(name)) for name in ASSESSORS)
    jobs.run_reports.call()
    settle_answers(timezone.now())
    units = 1 + INSTITUTIONS + CROSSINGS
    assert Submission.objects.filter(processing="done").count() == units * len(ASSESSORS)

    found = read(client, "")
    assert (found["state"], len(found["units"]), len(found["assessors"])) == ("open", units, len(ASSESSORS))
    assert {(one["answered"], one["asked"]) for one in found["progress"]["unit"]} == {
        (len(one["asked"]), len(one["asked"])) for one in found["units"]
    }
    answers = read(client, "/answers?limit=1000")
    assert len(answers) == sent
    assert {one["counts"] for one in answers} == {True}
    assert sum(one["missing"] == "not_observed" for one in answers) == units * len(ASSESSORS)
    points = defaultdict(set)
    for one in answers:
        points[one["unit"], one["indicator"]].add(one["value"])
    cells = {(one["unit"], one["indicator"]): one for one in read(client, "/scores?level=cell&limit=1000")}
    for key, cell in cells.items():
        given = points[key] - {None}
        if given and cell["low"] is not None:
            assert (cell["low"], cell["high"]) == (min(given), max(given)), key
    (country,) = read(client, "/scores?level=country")
    pillars = read(client, "/scores?level=pillar")
    assert 0 <= min(one["low"] for one in pillars) <= country["low"] <= country["high"] <= 4
    differing = {key for key, given in points.items() if len(given - {None}) > 1}
    assert {(one["unit"], one["indicator"]) for one in read(client, "/disagreements?limit=1000")} >= differing & set(
        cells
    )
    assert read(client, "/agreement")["cells"] > 0

    drafting.draft(code="A1", actor=SYSTEM, now=timezone.now())
    findings = {one["code"]: one for one in read(client, "/findings?limit=1000")}
    zeros = {one["indicator"] for one in read(client, "/critical?limit=1000") if one["state"] != "unseen"}
    assert {one["subject"]["indicators"][0] for one in findings.values() if one["rule"] == "critical"} == zeros
    assert {one["standing"] for one in findings.values()} == {"fresh"}
    assert all(one["evidence"] for one in findings.values())
    listed = read(client, "/priorities?limit=1000")
    assert {one["finding"]: one["priority"] for one in listed} == {
        code: one["priority"] for code, one in findings.items()
    }
    assert [one["priority"] for one in listed] == sorted((one["priority"] for one in listed), reverse=True)
