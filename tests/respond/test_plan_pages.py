"""Pages of plans, activations and tasks: what they show to whom, what their buttons do, what they ask for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import make
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from respond import plans as ground
from respond.plans import DUTY, active, at, states, task

from pasaj.assess.models import Finding
from pasaj.respond.models import Activation, Decision, Lesson, ResourceRequest, Task
from pasaj.respond.services import activations, lessons, requests, tasks

As = Callable[[str], Client]
PAGES = (
    "/response/plans/",
    "/response/plans/returns/",
    "/response/plans/returns/?level=red",
    "/response/activations/",
    "/response/activations/AC-2025-0001/",
    "/response/activations/AC-2025-0001/?by=time",
    "/response/activations/AC-2025-0001/requests/",
    "/response/tasks/",
    "/response/tasks/AC-2025-0001-T01/",
)
CELL = ("/response/plans/returns/activate/", "/response/activations/AC-2025-0001/decisions/")


@pytest.mark.req("R11.58")
@pytest.mark.parametrize("path", [*PAGES, *CELL])
def test_the_pages_open_for_the_duty_officer(as_: As, path: str) -> None:
    active()
    assert as_("duty").get(path).status_code == 200


@pytest.mark.req("R11.58")
def test_a_partner_sees_the_tasks_of_the_own_institution_only(as_: As) -> None:
    row = active()
    client = as_("partner")  # of AID
    text = client.get(f"/response/activations/{row.code}/").content.decode()
    assert ("AC-2025-0001-T01" in text, "AC-2025-0001-T02" in text) == (True, False)
    assert client.get("/response/tasks/AC-2025-0001-T01/").status_code == 200
    assert client.get("/response/tasks/AC-2025-0001-T02/").status_code == 404
    assert client.get(f"/response/activations/{row.code}/decisions/").status_code == 404
    mine = client.get("/response/tasks/").content.decode()
    assert [code for code in ("T01", "T02", "T05") if f"AC-2025-0001-{code}" in mine] == ["T01", "T05"]


BOARD = "/response/activations/AC-2025-0001/"
MEMBERS = {"chief", "duty", "approver", "analyst", "partner"}
OPEN_FOR = {
    "/response/plans/": MEMBERS,
    "/response/plans/returns/": MEMBERS,
    "/response/plans/nothing/": set[str](),
    "/response/plans/returns/activate/": {"duty", "approver"},
    "/response/activations/": MEMBERS,
    BOARD: MEMBERS,
    f"{BOARD}requests/": MEMBERS,
    f"{BOARD}decisions/": {"duty", "approver", "analyst"},
    f"{BOARD}review/": set[str](),  # not while it runs
    "/response/tasks/": MEMBERS,
    "/response/tasks/AC-2025-0001-T01/": {"duty", "approver", "analyst", "partner"},
    "/response/tasks/AC-2025-0001-T02/": {"duty", "approver", "analyst", "chief"},
    "/response/tasks/AC-2025-0001-T03/": {"duty", "approver", "analyst"},
    "/api/v1/activations/AC-2025-0001": MEMBERS,
}
CHANGES = {
    "/response/tasks/AC-2025-0001-T01/act/": {"duty", "partner"},
    "/response/tasks/AC-2025-0001-T03/act/": {"duty", "approver", "analyst"},  # all three are of the cell
}


@pytest.mark.req("R11.58")
@pytest.mark.parametrize("who", [*sorted(MEMBERS), "stranger"])
def test_who_may_open_and_change_what(as_: As, who: str) -> None:
    active()
    client = as_(who)
    found = {}
    for path in OPEN_FOR:
        answer = client.get(path)
        found[path] = answer.status_code
        if answer.streaming:
            answer.getvalue()  # a file that is not read stays open
    assert found == {path: 200 if who in may else 404 for path, may in OPEN_FOR.items()}
    given = {"action": "note", "note": "seen"}
    changed = {path: client.post(path, given).status_code for path in CHANGES}
    assert changed == {path: 302 if who in may else 404 for path, may in CHANGES.items()}
    seen = Client().get(BOARD)
    assert (seen.status_code, Client().post(next(iter(CHANGES)), given).status_code) == (302, 302)


def test_who_has_no_part_in_an_activation_does_not_see_it(as_: As) -> None:
    active()
    Task.objects.filter(institution__code="AID").update(institution=Task.objects.get(action="inform").institution)
    client = as_("partner")
    assert client.get("/response/activations/AC-2025-0001/").status_code == 404
    assert b"AC-2025-0001" not in client.get("/response/activations/").content


@pytest.mark.req("R11.58")
def test_a_partner_acknowledges_and_does_the_own_tasks(as_: As) -> None:
    active()
    client = as_("partner")
    for deed in ("acknowledge", "done"):
        answer = client.post("/response/tasks/AC-2025-0001-T01/act/", {"action": deed, "next": "mine"})
        assert (answer.status_code, answer["Location"]) == (302, "/response/tasks/")
    assert task("receive").state == "done"
    # Not somebody else's, and not to another institution.
    assert client.post("/response/tasks/AC-2025-0001-T02/act/", {"action": "note", "note": "x"}).status_code == 404
    give = {"action": "reassign", "institution": "IMM", "note": "x"}
    assert client.post("/response/tasks/AC-2025-0001-T05/act/", give).status_code == 404


def test_a_refusal_says_why_beside_the_task(as_: As) -> None:
    active()
    client = as_("chief")  # of IMM
    answer = client.post("/response/tasks/AC-2025-0001-T02/act/", {"action": "done"})
    assert answer.status_code == 409
    assert b"PLAN-063" in answer.content
    answer = client.post("/response/tasks/AC-2025-0001-T02/act/", {"action": "block", "note": ""})
    assert (answer.status_code, b"PLAN-056" in answer.content) == (422, True)


def test_on_the_board_a_button_brings_the_board_back(as_: As) -> None:
    active()
    client = as_("duty")
    path, script = "/response/tasks/AC-2025-0001-T0{}/act/", {"HX-Request": "true"}
    early = client.post(path.format(2), {"action": "done", "next": "board"}, headers=script)
    assert (early.status_code, early["HX-Redirect"]) == (204, "/response/activations/AC-2025-0001/")
    assert b"PLAN" not in early.content
    answer = client.post(path.format(1), {"action": "done", "next": "time", "seen": "open"}, headers=script)
    assert (answer.status_code, answer["Location"]) == (302, "/response/activations/AC-2025-0001/?by=time")
    assert b'id="board"' in client.get(answer["Location"]).content


def test_activating_from_the_page_of_the_plan(as_: As) -> None:
    ground.mandates()
    ground.plan()
    ground.alert()
    client = as_("duty")
    wrong = client.post("/response/plans/returns/activate/", {"alert": "AL-2025-0001", "level": "blue"})
    assert (wrong.status_code, Activation.objects.count()) == (422, 0)
    given = {"alert": "AL-2025-0001", "level": "orange", "reason": "Three times as many"}
    answer = client.post("/response/plans/returns/activate/", given)
    assert (answer.status_code, answer["Location"]) == (302, "/response/activations/AC-2025-0001/")
    assert as_("partner").get("/response/plans/returns/activate/").status_code == 404


@pytest.mark.req("R11.56")
def test_decisions_from_their_page(as_: As) -> None:
    row = active()
    client, path = as_("approver"), f"/response/activations/{row.code}/decisions/"

    def post(deed: str, **given: str) -> int:
        data = {"deed": deed, **{f"{deed}-{name}": value for name, value in given.items()}}
        return client.post(path, data).status_code

    assert post("decide", text="Open the school", reason="Full") == 302
    assert post("level", level="orange", reason="Fewer") == 302
    assert post("prolong", ends="2025-10-20", reason="Still") == 302
    assert post("prolong", ends="2027-10-20", reason="Still") == 422
    assert post("stand_down", reason="") == 422
    assert post("stand_down", reason="Over") == 302
    kinds = list(Decision.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["activated", "decided", "level", "prolonged", "stood_down"]
    assert post("decide", text="x", reason="x") == 404
    assert as_("analyst").get(path).status_code == 200


@pytest.mark.req("R11.59")
def test_a_request_goes_from_one_institution_to_another(as_: As) -> None:
    row = active()
    path = f"/response/activations/{row.code}/requests/"
    given = {"asking": "AID", "asked": "IMM", "what": "blankets", "quantity": "40", "unit": "pieces"}
    asking = as_("partner")
    assert asking.post(path, {**given, "needed_at": "2025-10-01T18:00"}).status_code == 302
    # A partner asks for the own institution only.
    assert asking.post(path, {**given, "asking": "CELL", "needed_at": "2025-10-01T18:00"}).status_code == 422
    asked = as_("chief")
    assert b"blankets" in asked.get(path).content
    act = "/response/requests/RR-2025-0001/act/"
    assert asking.post(act, {"action": "promise"}).status_code == 404
    assert asked.post(act, {"action": "promise"}).status_code == 302
    assert asked.post(act, {"action": "deliver", "quantity": "15"}).status_code == 302
    row_now = ResourceRequest.objects.get()
    assert (row_now.state, row_now.delivered) == ("promised", 15)
    assert b"delivered in part" in asked.get(path, headers={"accept-language": "en"}).content
    too_much = asked.post(act, {"action": "deliver", "quantity": "26"})
    assert (too_much.status_code, b"PLAN-075" in too_much.content) == (422, True)
    assert asked.post(act, {"action": "deliver"}).status_code == 302
    assert ResourceRequest.objects.get().state == "delivered"


@pytest.mark.req("R11.57")
def test_the_review_measures_and_its_lessons_become_findings(as_: As, country: make.Country) -> None:
    row = active()
    tasks.act(code=task("receive").code, action="done", actor=DUTY, now=at(3))
    client, path = as_("duty"), f"/response/activations/{row.code}/review/"
    assert client.get(path).status_code == 404
    activations.stand_down(code=row.code, reason="Over", actor=DUTY, now=at(5))
    assert client.get(path).status_code == 200
    assert client.post(path, {"deed": "text", "text": "Water came late."}).status_code == 302
    assert client.post(path, {"deed": "close"}).status_code == 422
    lesson = {"deed": "lesson", "lesson": "Keep water at the post", "function": "RECEPTION", "institution": "AID"}
    assert client.post(path, lesson).status_code == 302
    assert (Lesson.objects.get().order, Lesson.objects.get().function) == (1, "RECEPTION")
    assert client.post(path, {"deed": "close"}).status_code == 302
    assert (Activation.objects.get().state, client.post(path, lesson).status_code) == ("closed", 404)
    assert as_("partner").get(path).status_code == 404


@pytest.mark.parametrize("path", ["/response/activations/", "/response/activations/AC-2025-0001/", "/response/tasks/"])
def test_pages_ask_as_much_of_the_database_for_many_as_for_few(as_: As, path: str) -> None:
    active()
    client = as_("duty")
    counts = []
    for more in range(2):
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(path)
        counts.append(len(found))
        Task.objects.bulk_create(
            Task(
                code=f"AC-2025-0001-X{more}{number}", activation=Activation.objects.get(), action=f"x{more}{number}",
                names=make.names("More"), institution=task("inform").institution, due_at=at(9), state_at=at(0),
                order=20,
            )
            for number in range(5)
        )  # fmt: skip
    assert counts[0] == counts[1]


# --- Programs ------------------------------------------------------------------------------------


def read(client: Client, address: str) -> Any:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200
    return json.loads(answer.getvalue())


@pytest.mark.req("R11.58")
def test_programs_read_activations_and_do_tasks_with_a_token_that_may_write(as_: As, cast: make.Cast) -> None:
    row = active()
    client = as_("partner")
    listed = read(client, "activations")
    assert [(one["code"], one["total"], one["done"]) for one in listed] == [(row.code, 2, 0)]
    board = read(client, f"activations/{row.code}")
    assert [(one["code"], one["state"]) for one in board["tasks"]] == [
        ("AC-2025-0001-T01", "open"),
        ("AC-2025-0001-T05", "waiting"),
    ]
    assert [one["code"] for one in read(client, "plans")] == ["returns"]


def test_everything_of_lessons_and_requests_is_refused_with_its_place(country: make.Country) -> None:
    from respond.test_activations import refused

    row = active()
    ask: dict[str, Any] = {"activation": row.code, "asking": "AID", "asked": "AID", "what": "", "quantity": "0"}
    more: dict[str, Any] = {"unit": "", "needed_at": at(-1), "actor": DUTY, "now": at(0)}
    assert refused(lambda: requests.ask(**ask, **more)) == [
        ("PLAN-071", "asked"), ("PLAN-072", "quantity"), ("PLAN-073", "what"), ("PLAN-073", "unit"),
        ("PLAN-076", "needed_at"),
    ]  # fmt: skip
    who: dict[str, Any] = {"actor": DUTY, "now": at(2)}
    assert refused(lambda: requests.act(code="RR-1", action="promise", **who)) == [("PLAN-070", "")]
    assert refused(lambda: requests.act(code="RR-1", action="sing", **who)) == [("PLAN-061", "")]
    wanted = lessons.Learnt("Keep water at the post")
    assert refused(lambda: lessons.write(code=row.code, wanted=wanted, **who)) == [("PLAN-059", "")]
    activations.stand_down(code=row.code, reason="Over", **who)
    for bad, code in (({"function": "X"}, "PLAN-083"), ({"institution": "X"}, "PLAN-065")):
        wrong = lessons.Learnt("Keep water", **bad)
        assert refused(lambda wrong=wrong: lessons.write(code=row.code, wanted=wrong, **who))[0][0] == code
    assert refused(lambda: lessons.remove(code=row.code, order=1, **who)) == [("PLAN-080", "")]
    lessons.write(code=row.code, wanted=wanted, **who)
    lessons.remove(code=row.code, order=1, **who)
    assert (Lesson.objects.count(), Finding.objects.count(), len(states())) == (0, 0, 5)


def test_the_list_says_exercise_in_one_word_of_the_reader(country: make.Country, as_: As) -> None:
    active()
    Activation.objects.update(mode="exercise")
    client = as_("duty")
    client.cookies["language"] = "ht"
    listed = client.get("/response/activations/").content.decode()
    assert listed.count('<span class="status status-open">Egzèsis</span>') == 1
