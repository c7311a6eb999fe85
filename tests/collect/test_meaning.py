"""From a stored submission to figures, incidents and outcomes; edits, failures and second thoughts."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import make
import pytest
from django.db import transaction

from pasaj.access.models import AuditEntry
from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.collect.models import (
    AppUser,
    AppUserRight,
    Check,
    Form,
    FormDefinition,
    FormVersion,
    Outcome,
    ReviewEvent,
    Submission,
    SubmissionBody,
    SubmissionVersion,
)
from pasaj.collect.services import meaning
from pasaj.core.forms import fields as forms
from pasaj.core.problems import problem
from pasaj.registry.services import next_code
from pasaj.watch.models import CrossingStatus, Incident, IncidentType, Observation

pytestmark = pytest.mark.django_db

XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Daily</h:title><model><instance>
<data id="daily" version="1"><place/><day/><entries/><deported/><note/><state/><happened/>
<incidents jr:template=""><kind/><persons/></incidents><at/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/place" type="string"/><bind nodeset="/data/day" type="date"/>
<bind nodeset="/data/entries" type="int" constraint=". &lt;= 500"/><bind nodeset="/data/deported" type="int"/>
<bind nodeset="/data/note" type="string"/><bind nodeset="/data/state" type="string"/>
<bind nodeset="/data/happened" type="string"/><bind nodeset="/data/incidents/kind" type="string"/>
<bind nodeset="/data/incidents/persons" type="int"/><bind nodeset="/data/at" type="dateTime"/>
</model></h:head><h:body><input ref="/data/place"><label>p</label></input>
<input ref="/data/day"><label>d</label></input><input ref="/data/entries"><label>e</label></input>
<input ref="/data/deported"><label>r</label></input><input ref="/data/note"><label>n</label></input>
<input ref="/data/state"><label>s</label></input><input ref="/data/happened"><label>h</label></input>
<group><repeat nodeset="/data/incidents"><input ref="/data/incidents/kind"><label>k</label></input>
<input ref="/data/incidents/persons"><label>p</label></input></repeat></group>
<input ref="/data/at"><label>a</label></input></h:body></h:html>"""
SUMMED = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model><instance>
<d id="d"><r><n/></r><s/><t/></d></instance><bind nodeset="/d/r/n" type="int"/>
<bind nodeset="/d/s" type="string" calculate="sum(/d/r/n)"/><bind nodeset="/d/t" type="string" calculate="1 + 1"/>
</model></h:head><h:body><group ref="/d/r"><repeat nodeset="/d/r"><input ref="/d/r/n"/></repeat></group></h:body>
</h:html>"""
MEANING: dict[str, Any] = {
    "place": "place",
    "period": "day",
    "source": {"code": "REG"},
    "note": "note",
    "figures": [
        {"question": "entries", "measure": "entries"},
        {"question": "deported", "measure": "returns", "category": "deported"},
    ],
    "incidents": [
        {
            "each": "incidents",
            "type": "kind",
            "quantities": [{"question": "persons", "what": "persons", "unit": "persons"}],
        }
    ],
    "status": [{"state": "state", "since": "day", "cause": {"code": "order"}}],
    "outcomes": [
        {
            "kind": "return_operation",
            "when": {"question": "happened", "is": "yes"},
            "data": {"place": "place", "at": "at"},
        }
    ],
}
PLACE, DAY = "<place>TL-BCP-NOR</place>", "<day>2025-09-30</day>"


DUTY = 7  # who fills in what comes from no key


@pytest.fixture
def version(country: make.Country) -> FormVersion:
    make.member(make.account("seven@example.org", pk=DUTY), country.institutions["CELL"], "duty")
    IncidentType.objects.create(
        code="violence",
        names=make.names("Violence"),
        definitions={},
        domain="land",
        quantities=[{"what": "persons", "units": ["persons"]}],
    )
    return new_version("1", MEANING)


def new_version(text: str, declared: dict[str, Any]) -> FormVersion:
    form, _ = Form.objects.get_or_create(form_id="daily", defaults={"created_at": make.NOW})
    definition = forms.read(XFORM.encode())
    made = FormVersion.objects.create(
        form=form, version=text, number=int(text), fields=[one.plain() for one in definition.fields], meaning=declared,
        created_at=make.NOW,
    )  # fmt: skip
    FormDefinition.objects.create(version=made, xml=XFORM.encode(), md5="", sha256="")
    return made


def send(version: FormVersion | None, inside: str, *, of: Submission | None = None, user: AppUser | None = None,
         number: int = 1, via: str = "", account: int = DUTY) -> Submission:  # fmt: skip
    """A report as it was stored; `of` makes it an edit."""
    xml = f"<data id='daily' version='1'>{inside}<meta><instanceID>uuid:{number}</instanceID></meta></data>".encode()
    form = Form.objects.get(form_id="daily")
    submission = of or Submission.objects.create(
        receipt=f"TEST-{number:04}", form=form, instance_id=f"uuid:{number}", via=via or ("key" if user else "web"),
        app_user=user, account_id=None if user else account,
        received_at=make.NOW, recorded_at=make.NOW, updated_at=make.NOW,
    )  # fmt: skip
    edit = SubmissionVersion.objects.create(
        submission=submission, form=form, number=submission.versions.count() + 1, form_version=version,
        instance_id=f"uuid:{number}.{submission.versions.count()}", sha256=hashlib.sha256(xml).hexdigest(),
        size=len(xml), received_at=make.NOW, recorded_at=make.NOW,
    )  # fmt: skip
    SubmissionBody.objects.create(version=edit, xml=xml)
    submission.current, submission.processing = edit, Submission.Processing.WAITING
    submission.save()
    meaning.process_waiting(make.NOW)
    submission.refresh_from_db()
    return submission


def figures() -> list[tuple[str, str, Decimal | None, int, str, str]]:
    rows = Observation.objects.select_related("series").order_by("pk")
    return [(one.series.code, one.state, one.value, one.revision, one.origin, one.ref) for one in rows]


def outcomes(submission: Submission) -> list[tuple[str, str, str, str]]:
    rows = Outcome.objects.filter(version__submission=submission).order_by("pk")
    return [(one.kind, one.position, one.state, (one.problem or {}).get("code", "")) for one in rows]


@pytest.mark.req("R2.2")
def test_answers_become_figures(version: FormVersion) -> None:
    sent = send(version, f"{PLACE}{DAY}<entries>214</entries><deported>0</deported>")
    assert figures() == [
        ("TL-BCP-NOR.entries.in.total.REG.day", "reported", Decimal(214), 1, "form", "TEST-0001/entries"),
        ("TL-BCP-NOR.returns.in.deported.REG.day", "reported", Decimal(0), 1, "form", "TEST-0001/deported"),
    ]
    assert outcomes(sent) == [("observation", "entries", "done", ""), ("observation", "deported", "done", "")]
    assert sent.crossing is not None
    assert (sent.processing, sent.crossing.code, sent.period_start) == ("done", "TL-BCP-NOR", date(2025, 9, 30))
    assert [one.action for one in AuditEntry.objects.order_by("id")][-1] == "submission.processed"


def test_doing_it_twice_changes_nothing(version: FormVersion) -> None:
    sent = send(version, f"{PLACE}{DAY}<entries>214</entries>")
    before = figures()
    Submission.objects.update(processing="waiting")
    assert meaning.process_waiting(make.NOW) == 1
    assert (figures(), outcomes(sent)) == (before, [("observation", "entries", "done", "")])
    assert meaning.process_waiting(make.NOW) == 0


def test_an_edit_is_a_revision_and_takes_back_what_it_no_longer_says(version: FormVersion) -> None:
    sent = send(version, f"{PLACE}{DAY}<entries>214</entries><deported>3</deported>")
    send(version, f"{PLACE}{DAY}<entries>241</entries>", of=sent)
    assert [(code.split(".")[1], state, value, revision) for code, state, value, revision, _, _ in figures()] == [
        ("entries", "reported", Decimal(214), 1),
        ("returns", "reported", Decimal(3), 1),
        ("entries", "reported", Decimal(241), 2),
        ("returns", "withdrawn", None, 2),
    ]
    assert outcomes(sent) == [
        ("observation", "entries", "withdrawn", ""),
        ("observation", "deported", "withdrawn", ""),
        ("observation", "entries", "done", ""),
    ]


def test_an_edit_of_the_day_moves_the_figure(version: FormVersion) -> None:
    sent = send(version, f"{PLACE}{DAY}<entries>214</entries>")
    send(version, f"{PLACE}<day>2025-09-29</day><entries>214</entries>", of=sent)
    rows = Observation.objects.order_by("period_start", "revision").values_list("period_start", "state")
    assert list(rows) == [
        (date(2025, 9, 29), "reported"), (date(2025, 9, 30), "reported"), (date(2025, 9, 30), "withdrawn"),
    ]  # fmt: skip


def test_what_somebody_corrected_since_is_left_alone(version: FormVersion, country: make.Country) -> None:
    sent = send(version, f"{PLACE}{DAY}<entries>214</entries>")
    country.observe(country.series(measure="entries"), date(2025, 9, 30), 220, revision=2)
    send(version, f"{PLACE}{DAY}", of=sent)
    assert [(value, revision) for _, _, value, revision, _, _ in figures()] == [(Decimal(214), 1), (Decimal(220), 2)]


def test_what_cannot_be_used_waits_in_the_tray_and_can_be_tried_again(version: FormVersion) -> None:
    sent = send(version, f"<place>TL-BCP-XXX</place>{DAY}<entries>214</entries><note>rain</note>")
    assert (sent.processing, outcomes(sent)) == ("failed", [("observation", "entries", "failed", "OBS-006")])
    assert figures() == []
    FormVersion.objects.update(
        meaning={**MEANING, "place": {"question": "place", "words": {"TL-BCP-XXX": "TL-BCP-NOR"}}}
    )
    again = meaning.retry(submission=sent, actor=Actor(id=1, label="duty"), now=make.NOW)
    assert (again.processing, outcomes(sent)) == ("done", [("observation", "entries", "done", "")])
    assert len(figures()) == 1
    meaning.retry(submission=again, actor=Actor(id=1, label="duty"), now=make.NOW)
    assert len(figures()) == 1


def test_one_bad_part_costs_nothing_of_the_rest(version: FormVersion) -> None:
    sent = send(version, f"{PLACE}{DAY}<entries>many</entries><deported>4</deported>")
    assert outcomes(sent) == [("observation", "deported", "done", ""), ("observation", "entries", "failed", "OBS-016")]


def test_incidents_and_status_keep_their_code_over_edits(version: FormVersion) -> None:
    inside = f"{PLACE}{DAY}<state>closed</state><incidents><kind>violence</kind><persons>3</persons></incidents>"
    sent = send(version, inside)
    send(version, inside.replace("<persons>3", "<persons>5"), of=sent)
    rows = Incident.objects.order_by("revision")
    assert [(one.code, one.revision, [q.value for q in one.quantities.all()]) for one in rows] == [
        (rows[0].code, 1, [Decimal(3)]), (rows[0].code, 2, [Decimal(5)]),
    ]  # fmt: skip
    assert [(one.state, one.side, one.revision) for one in CrossingStatus.objects.all()] == [("closed", "own", 1)]
    send(version, f"{PLACE}{DAY}", of=sent)
    assert [one.withdrawn for one in Incident.objects.order_by("revision")] == [False, False, True]
    assert [one.withdrawn for one in CrossingStatus.objects.order_by("revision")] == [False, True]


def test_a_row_for_the_app_above_waits_for_it(version: FormVersion) -> None:
    inside = f"{PLACE}{DAY}<happened>yes</happened><at>2025-09-30T14:05:00.000-04:00</at>"
    sent = send(version, inside)
    (row,) = Outcome.objects.all()
    assert (row.kind, row.state, row.data, row.settled_at) == (
        "return_operation", "waiting", {"place": "TL-BCP-NOR", "at": "2025-09-30T14:05"}, None,
    )  # fmt: skip
    send(version, inside.replace("14:05", "15:05"), of=sent)
    assert [(one.state, one.data["at"]) for one in Outcome.objects.order_by("pk")] == [
        ("withdrawn", "2025-09-30T14:05"), ("waiting", "2025-09-30T15:05"),
    ]  # fmt: skip


def test_text_that_may_name_somebody_is_held_back_unread(version: FormVersion) -> None:
    sent = send(version, f"{PLACE}{DAY}<entries>1</entries><note>appelez le 509 3712 4455</note>")
    assert (sent.state, sent.held, sent.reasons, sent.processing) == ("quarantined", True, ["screen"], "waiting")
    assert figures() == []
    assert [one.action for one in ReviewEvent.objects.all()] == ["quarantined"]


def app_user(crossing: Any) -> AppUser:
    user = AppUser.objects.create(
        code="AU-2025-0001", name="Post phone", token_sha256="0" * 64, token_hint="abcd", created_at=make.NOW,
        expires_at=make.NOW.replace(year=2026),
    )  # fmt: skip
    AppUserRight.objects.create(app_user=user, crossing=crossing)
    return user


def test_a_key_bound_to_a_crossing_speaks_of_that_one_only(version: FormVersion, country: make.Country) -> None:
    user = app_user(country.crossings["TL-BCP-SOU"])
    sent = send(version, f"{PLACE}{DAY}<entries>1</entries>", user=user)
    assert (sent.state, sent.reasons, figures()) == ("quarantined", ["right"], [])
    ReviewEvent.objects.create(
        submission=sent, at=make.NOW, action="released", details={"reasons": ["screen", "right"], "version": 1}
    )
    Submission.objects.update(state="received", reasons=[])
    meaning.process_waiting(make.NOW)
    assert [value for _, _, value, _, _, _ in figures()] == [Decimal(1)]
    ok = send(version, f"<place>TL-BCP-SOU</place>{DAY}<entries>2</entries>", user=user, number=2)
    assert (ok.state, ok.processing) == ("received", "done")
    assert {one.actor_label for one in Observation.objects.all()} == {"AU-2025-0001"}


def test_a_value_far_from_the_usual_is_taken_and_flagged(version: FormVersion, country: make.Country) -> None:
    country.year(country.series(measure="entries"), [200 + day % 7 for day in range(60)], last=date(2025, 9, 29))
    send(version, f"{PLACE}{DAY}<entries>9000</entries>")
    (row,) = Outcome.objects.all()
    assert [one["code"] for one in row.data["unusual"]] == ["OBS-014"]
    assert Observation.objects.filter(value=9000, origin="form").count() == 1


def test_constraints_are_evaluated_again_and_only_flag(version: FormVersion) -> None:
    pytest.importorskip("rxeval")
    sent = send(version, f"{PLACE}{DAY}<entries>501</entries>")
    (check,) = Check.objects.all()
    assert (sent.processing, check.engine.split()[0]) == ("done", "rxeval")
    assert check.findings == [{"kind": "constraint", "path": "/data/entries", "message": ""}]
    engine, found = meaning.evaluate(b"<broken", b"<data/>")
    nothing = {"kind": "not-evaluated", "path": "", "message": ""}
    assert (engine.split()[0], found) == ("rxeval", [nothing])
    assert meaning.evaluate(XFORM.encode(), "<data><note>Jean</note>".encode("utf-16"))[1] == [nothing]
    assert meaning.evaluate(SUMMED, b"<d id='d'><r><n/></r><s>0</s><t>1</t></d>")[1] == [
        {"kind": "calculation", "path": "/d/t", "message": ""}  # but not that 0 is no sum of blanks
    ]
    marked = b"\xef\xbb\xbf<data id='daily' version='1'><entries>501</entries></data>"
    assert {one["kind"] for one in meaning.evaluate(XFORM.encode(), marked)[1]} == {"constraint"}


def test_a_day_long_ago_is_flagged_and_one_too_long_ago_waits(version: FormVersion) -> None:
    event = "<incidents><kind>violence</kind></incidents>"
    year = send(version, f"{PLACE}<day>2024-09-29</day><entries>1</entries>")
    lost = send(version, f"{PLACE}<day>1970-01-01</day><entries>2</entries>{event}<state>closed</state>", number=2)
    send(version, f"{PLACE}{DAY}<entries>3</entries>", number=3)
    assert [value for _, _, value, *_ in figures()] == [Decimal(1), Decimal(3)]
    assert [one.data.get("unusual", [])[:1] for one in Outcome.objects.filter(state="done", kind="observation")] == [
        [problem("MEANING-010", day="2024-09-29", days=366).plain()],
        [],
    ]
    assert (year.processing, lost.processing) == ("done", "failed")
    assert [row for row in outcomes(lost) if row[2] == "failed"] == [
        ("observation", "entries", "failed", "MEANING-010"),
        ("incident", "incidents[1]", "failed", "MEANING-010"),
    ]


def test_what_a_faulty_version_left_in_the_tray_goes_by_the_one_that_mends_it(version: FormVersion) -> None:
    FormVersion.objects.filter(pk=version.pk).update(meaning=MEANING | {"source": {"code": "GONE"}})
    faulty = FormVersion.objects.get(pk=version.pk)
    sent = send(faulty, f"{PLACE}{DAY}<entries>1</entries>")
    partly = send(faulty, f"{PLACE}{DAY}<entries>2</entries><happened>yes</happened>", number=2)
    assert (outcomes(sent), figures()) == ([("observation", "entries", "failed", "OBS-011")], [])
    duty = Actor(id=1, label="duty")
    mended = new_version("2", MEANING)
    meaning.retry(submission=sent, actor=duty, now=make.NOW)
    assert figures() == []  # a draft mends nothing
    FormVersion.objects.filter(pk=mended.pk).update(
        state="published", published_at=make.NOW, meaning={"place": "elsewhere"}
    )
    meaning.retry(submission=sent, actor=duty, now=make.NOW)
    assert figures() == []  # nor does one that asks for what the report does not have
    FormVersion.objects.filter(pk=mended.pk).update(meaning=MEANING)
    meaning.retry(submission=sent, actor=duty, now=make.NOW)
    assert outcomes(sent) == [("observation", "entries", "done", "")]
    meaning.retry(submission=partly, actor=duty, now=make.NOW)  # a part of it stands already: by its own version
    assert [value for _, _, value, *_ in figures()] == [Decimal(1)]


def test_a_form_without_meaning_feeds_nothing(version: FormVersion) -> None:
    silent = new_version("2", {})
    sent = send(silent, f"{PLACE}{DAY}<entries>1</entries>")
    assert (sent.processing, outcomes(sent), figures()) == ("nothing", [], [])
    unknown = send(None, f"{PLACE}{DAY}<entries>1</entries>", number=2)
    assert (unknown.processing, figures()) == ("nothing", [])


def test_what_was_set_aside_takes_its_figures_back(version: FormVersion) -> None:
    sent = send(version, f"{PLACE}{DAY}<entries>1</entries><incidents><kind>violence</kind></incidents>")
    meaning.take_back(submission=sent, note="a trial", actor=Actor(id=1, label="duty"), now=make.NOW)
    assert [state for _, state, *_ in figures()] == ["reported", "withdrawn"]
    assert [one.withdrawn for one in Incident.objects.order_by("revision")] == [False, True]
    assert {state for *_, state, _ in outcomes(sent)} == {"withdrawn"}


def test_what_the_demonstration_sends_is_simulated_in_all_it_becomes(version: FormVersion) -> None:
    happened = "<happened>violence</happened><incidents><kind>violence</kind><persons>3</persons></incidents>"
    send(version, f"{PLACE}{DAY}<entries>214</entries><state>closed</state>{happened}", via="demo")
    send(version, f"{PLACE}<day>2025-09-29</day><entries>210</entries>", number=2)
    assert list(Observation.objects.order_by("pk").values_list("value", "origin", "quality")) == [
        (Decimal(214), "demo", "simulated"), (Decimal(210), "form", "exact"),
    ]  # fmt: skip
    assert list(Incident.objects.values_list("origin", flat=True)) == ["demo"]
    assert list(CrossingStatus.objects.values_list("origin", flat=True)) == ["demo"]


def test_a_real_report_of_a_simulated_figure_is_not_simulated(version: FormVersion) -> None:
    send(version, f"{PLACE}{DAY}<entries>214</entries>", via="demo")
    send(version, f"{PLACE}{DAY}<entries>214</entries>", number=2)
    rows = Observation.objects.order_by("revision").values_list("revision", "value", "origin", "quality")
    assert list(rows) == [(1, Decimal(214), "demo", "simulated"), (2, Decimal(214), "form", "exact")]


@pytest.mark.django_db(transaction=True)
def test_a_report_and_an_incident_typed_at_once_do_not_both_wait(
    version: FormVersion, at_once: Callable[..., list[Any]]
) -> None:
    """A report writes figures, then incidents, then the log; who types an incident takes its code, then the log."""
    send(version, f"{PLACE}{DAY}<entries>1</entries>")
    inside = f"{PLACE}{DAY}<entries>214</entries><incidents><kind>violence</kind><persons>2</persons></incidents>"
    begun, met = threading.Event(), threading.Event()

    def typed() -> str:
        with transaction.atomic():
            code = next_code("IN", make.NOW)
            begun.set()
            met.wait(1)  # the report has come as far as it can meanwhile
            audit.record(actor=Actor(id=1, label="", via="web"), action="incident.recorded", code=code, now=make.NOW)
        return code

    def sent() -> str:
        begun.wait()
        try:
            return send(version, inside, number=2).processing
        finally:
            met.set()

    assert at_once(typed, sent) == ["IN-2025-0001", "done"]
    assert [one.code for one in Incident.objects.all()] == ["IN-2025-0002"]
    assert audit.verify().sound


@pytest.mark.django_db(transaction=True)
def test_figures_are_written_in_the_order_of_their_series(
    version: FormVersion, country: make.Country, at_once: Callable[..., list[Any]]
) -> None:
    """An import and a typed page write by code of the series; a form that asks the other way round waits for them."""
    assert version.number == 1
    turned = new_version("2", {**MEANING, "figures": list(reversed(MEANING["figures"]))})
    begun, met = threading.Event(), threading.Event()

    def typed() -> None:
        with transaction.atomic():
            for measure, category in (("entries", "total"), ("returns", "deported")):
                country.observe(country.series(measure=measure, category=category), date(2025, 9, 30), 7)
                begun.set()
                met.wait(1)  # the report has come as far as it can meanwhile

    def sent() -> str:
        begun.wait()
        try:
            return send(turned, f"{PLACE}{DAY}<entries>214</entries><deported>3</deported>").processing
        finally:
            met.set()

    assert at_once(typed, sent)[1] in ("done", "failed")  # who comes second is told what stands meanwhile
    assert Observation.objects.filter(origin="entry").count() == 2


@pytest.mark.req("R7.1")
def test_a_chief_feeds_the_own_crossing_alone(version: FormVersion, country: make.Country, cast: make.Cast) -> None:
    """The form in the browser opens no way round the rule of counts: where a chief reports is one place."""
    chief, analyst, stranger = (cast.account(who).pk for who in ("chief", "analyst", "stranger"))
    south = PLACE.replace("NOR", "SOU")
    sent = {
        ("own", chief): send(version, f"{PLACE}{DAY}<entries>4</entries>", number=1, account=chief),
        ("other", chief): send(version, f"{south}{DAY}<entries>5</entries>", number=2, account=chief),
        ("commune", chief): send(version, f"<place>TL0101</place>{DAY}<entries>6</entries>", number=3, account=chief),
        ("other", analyst): send(version, f"{south}{DAY}<entries>7</entries>", number=4, account=analyst),
        ("other", stranger): send(version, f"{south}{DAY}<entries>8</entries>", number=5, account=stranger),
    }
    assert {key: (row.state, row.reasons) for key, row in sent.items()} == {
        ("own", chief): ("received", []),
        ("other", chief): ("quarantined", ["right"]),
        ("commune", chief): ("quarantined", ["right"]),
        ("other", analyst): ("received", []),
        ("other", stranger): ("quarantined", ["right"]),
    }
    assert sorted(int(value) for _code, _state, value, *_rest in figures() if value is not None) == [4, 7]


def test_a_form_that_feeds_nothing_waits_for_no_right(
    version: FormVersion, country: make.Country, cast: make.Cast
) -> None:
    plain = new_version("2", {})
    sent = send(plain, f"{PLACE}{DAY}", number=1, account=cast.account("chief").pk)
    assert (sent.state, sent.processing) == ("received", "nothing")
