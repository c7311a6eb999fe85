"""The forms of the Haiti pack: whole in four languages, converted, and filled at random until figures come out."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from zoneinfo import available_timezones

import pytest
from collect import answering, phone
from collect.packed import IDS, LANGUAGES, PACK, Packed, crossings, packed, rows, sheets, submission
from collect.workbooks import workbook
from pyxform.validators.odk_validate import check_xform
from pyxform.xls2xform import convert

from pasaj.access.rules import SYSTEM
from pasaj.collect import jobs
from pasaj.collect.models import Check, FormUpload, Outcome, Submission
from pasaj.collect.services import conversion
from pasaj.collect.services import meaning as meaning_service
from pasaj.core import meaning
from pasaj.core.meaning import Derived
from pasaj.core.pack import Pack, check
from pasaj.core.protocol.reading import Place
from pasaj.core.protocol.reading import read as read_operation
from pasaj.registry.services.packs import load_pack
from pasaj.watch.models import Incident, Observation
from pasaj.watch.services import packs as watch_packs

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 22, tzinfo=UTC)
FILLED, JUDGED = 300, 60
SAYING = ("label", "hint", "constraint_message")
FORMS = {
    "crossing_baseline",
    "daily_count",
    "incident",
    "protection_referral",
    "return_operation",
    "rights_at_post",
    "sea_event",
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    files = {str(path.relative_to(PACK)): path.read_bytes() for path in PACK.rglob("*") if path.is_file()}
    found = check(files, zones=available_timezones()).pack
    assert found is not None
    return found


def filled(form: Packed, number: int, seed: int = 1) -> Iterator[tuple[answering.Filled, str]]:
    """Random valid answers, and the document that a phone makes of them."""
    rng = Random(seed)
    for _turn in range(number):
        one = answering.fill(form.survey, form.codes(), crossings(), today=TODAY, rng=rng)
        assert one is not None
        called = answering.value(form.settings[0]["instance_name"], one, TODAY)
        yield one, submission(form, one, called)


def declared(form: Packed) -> meaning.Meaning:
    return meaning.parse(form.declared, form.definition.fields, "meaning.yaml")


def became(form: Packed, **answers: Any) -> Derived:
    """What exactly these answers become; calculated values included."""
    one = answering.Filled(dict(answers))
    for row in form.survey:
        if row["type"] == "calculate":
            one.answers[row["name"]] = answering.value(row["calculation"], one, TODAY)
    return meaning.derive(declared(form), meaning.read(submission(form, one).encode(), ()))


def test_which_forms_there_are() -> None:
    assert set(IDS) == FORMS


@pytest.mark.parametrize("form_id", IDS)
def test_a_form_converts_without_a_warning(form_id: str) -> None:
    form = packed(form_id)
    assert form.warnings == ()
    assert form.definition.form_id == form_id == form.settings[0]["form_id"]
    assert form.definition.version == form.settings[0]["version"]
    assert form.definition.languages == ("fr", "ht", "en", "es")
    assert form.settings[0]["instance_name"]
    assert not form.definition.encrypted


@pytest.mark.parametrize("form_id", IDS)
def test_odk_validate_accepts_it(form_id: str, tmp_path) -> None:
    if shutil.which("java") is None:
        pytest.skip("Java is not installed (apt-get install default-jre-headless)")
    xform = tmp_path / "form.xml"
    xform.write_text(packed(form_id).xform, encoding="utf-8")
    assert check_xform(str(xform)) == []


@pytest.mark.parametrize("form_id", IDS)
def test_everything_is_said_in_four_languages(form_id: str) -> None:
    form = packed(form_id)
    for sheet in (form.survey, form.choices):
        for row in sheet:
            for column in SAYING:
                said = [row.get(f"{column}::{language}", "") for language in LANGUAGES]
                assert all(said) or not any(said), (row.get("name"), column)
                placed = {tuple(re.findall(r"\$\{\w+\}", text)) for text in said}
                assert len(placed) == 1, row["name"]
            asks = row.get("type", "choice").split()[0] not in ("end_group", "calculate")
            assert bool(row[f"label::{LANGUAGES[0]}"]) == asks, row.get("name")
    words = " ".join(str(text) for row in (*form.survey, *form.choices) for text in row.values()).casefold()
    assert re.findall(r"\bill[eé]ga", words) == []


@pytest.mark.parametrize("form_id", IDS)
def test_no_question_asks_for_more_than_it_must(form_id: str) -> None:
    form = packed(form_id)
    kinds = {field.kind for field in form.definition.fields}
    assert kinds <= {
        "group", "note", "integer", "decimal", "date", "select_one", "select_multiple", "calculate", "metadata",
    }  # fmt: skip
    assert {field.preload for field in form.definition.fields if field.kind == "metadata"} <= {"uid", "instanceName"}
    assert all("maps" not in field.appearance for field in form.definition.fields)
    for row in form.survey:
        if row["type"] in ("integer", "decimal"):
            assert re.match(r"\. >=? \d+ and \. <= \d{2,5}\b", row["constraint"]), row["name"]
        if row["type"] == "date":
            assert ". <= today()" in row["constraint"]


def test_the_daily_count_takes_two_minutes() -> None:
    """At most nine questions for one register: four to open it, five numbers (three more where entry was refused)."""
    form = packed("daily_count")
    most = {}
    for one, _document in filled(form, FILLED):
        if one.text("activity") == "some":
            asked = {name for name in one.answers if not name.startswith("refusals_")}
            hidden = {"returns_total", "places_known", "occupied_known"}
            service = one.text("service")
            most[service] = max(most.get(service, 0), len(asked - hidden))
    assert most == {"die": 7, "onm": 9, "garr": 7, "commune": 7}


@pytest.mark.parametrize("form_id", IDS)
def test_what_it_means_stands_in_the_pack(form_id: str, pack: Pack) -> None:
    form = packed(form_id)
    measures = {one.code: {"total", *one.categories} for one in pack.measures}
    sources = {one.code for one in pack.sources if one.kind == "operational"}
    types = {one.code: {each.what: each.units for each in one.quantities} for one in pack.incident_types}
    places = {one.code for one in (*pack.areas, *pack.crossings)}
    institutions = {one.code for one in pack.institutions}
    asked, parsed, found = set(), declared(form), 0
    for _one, document in filled(form, FILLED):
        made = meaning.derive(parsed, meaning.read(document.encode(), ()))
        assert made.failures == ()
        found += len(made.figures) + len(made.incidents) + len(made.outcomes)
        for figure in made.figures:
            assert figure.category in measures[figure.measure]
            assert figure.source in sources
            assert figure.place in places
            asked.add((figure.measure, figure.category))
        for incident in made.incidents:
            assert incident.source in sources
            assert incident.place in places
            assert incident.detecting in institutions | {""}
            assert not incident.corridor or re.fullmatch(r"[A-Z]{2}(>[A-Z]{2}){1,2}", incident.corridor)
            assert all(one.unit in types[incident.type][one.what] for one in incident.quantities)
            assert len({one.what for one in incident.quantities}) == len(incident.quantities)
    assert found >= FILLED
    assert {(one.measure.constant, one.category.constant or "total") for one in parsed.figures} == asked


@pytest.mark.parametrize("form_id", IDS)
def test_valid_answers_are_accepted_by_the_form_itself(form_id: str) -> None:
    """rxeval 0.1 compares dates as text, which fails: what it says of dates is left out here."""
    judge = pytest.importorskip("rxeval")
    form = packed(form_id)
    for _one, document in filled(form, JUDGED, seed=2):
        found = judge.submission_findings(form.xform, document, today=TODAY.isoformat())
        assert [one for one in found if not one["path"].endswith(("date", "_day"))] == []


@pytest.mark.parametrize("form_id", IDS)
def test_wrong_answers_are_found(form_id: str) -> None:
    judge = pytest.importorskip("rxeval")
    form = packed(form_id)
    paths = {field.name: f"/{form.definition.root}/{field.path}" for field in form.definition.fields}
    bounded = [row["name"] for row in form.survey if row["type"] in ("integer", "decimal")]
    tried = set()
    for one, _document in filled(form, JUDGED, seed=3):
        name = next((name for name in bounded if one.text(name) and name not in tried), "")
        if not name:
            continue
        tried.add(name)
        one.answers[name] = 1_000_000
        found = judge.submission_findings(form.xform, submission(form, one), today=TODAY.isoformat())
        assert (paths[name], "constraint") in {(each["path"], each["kind"]) for each in found}
    assert len(tried) >= min(len(bounded), 3)


def test_a_zero_report_is_of_one_register() -> None:
    form = packed("daily_count")
    made = became(form, crossing="HT-BCP-OUA", date="2026-11-23", service="onm", activity="none")
    assert [(one.measure, one.category, one.value, one.source) for one in made.figures] == [
        ("returns", "total", 0, "ONM-REC"),
        ("returns", "deported", 0, "ONM-REC"),
        ("returns", "spontaneous", 0, "ONM-REC"),
        ("returns", "refused", 0, "ONM-REC"),
    ]


def test_what_was_left_blank_is_not_reported() -> None:
    form = packed("daily_count")
    made = became(form, crossing="HT-BCP-BEL", date="2026-11-23", service="onm", activity="some", deported=12)
    assert [(one.measure, one.category, one.value) for one in made.figures] == [("returns", "deported", 12)]


def test_refusals_that_no_reason_was_given_for_are_of_another_reason() -> None:
    form = packed("daily_count")
    reasons = {"refusals_documents": 4, "refusals_conditions": 1, "refusals_security": 0}
    made = became(
        form,
        crossing="HT-BCP-BEL",
        date="2026-11-23",
        service="die",
        activity="some",
        entries=90,
        refusals=7,
        **reasons,
    )
    assert {(one.measure, one.category): one.value for one in made.figures} == {
        ("entries", "total"): 90,
        ("refusals", "total"): 7,
        ("refusals", "documents"): 4,
        ("refusals", "conditions"): 1,
        ("refusals", "security"): 0,
        ("refusals", "other"): 2,
    }


@pytest.mark.req("R1.5")
def test_a_return_operation_is_one_that_the_protocol_can_judge(pack: Pack) -> None:
    (protocol,) = pack.protocols
    questions = {"families_together", "inspection_post"} | {
        name for clause in protocol.clauses for name in getattr(clause, "expect", {})
    }
    places = {one.code: Place("crossing", "land", "DO") for one in pack.crossings}
    places |= {one.code: Place("area") for one in pack.areas}
    form = packed("return_operation")
    parsed = declared(form)
    for one, document in filled(form, FILLED):
        (row,) = meaning.derive(parsed, meaning.read(document.encode(), ())).outcomes
        operation, problems = read_operation(
            row.data, places=places, questions=questions, categories=set(protocol.scope)
        )
        assert problems == ()
        assert operation.at is not None
        assert (operation.at.hour, operation.at.minute) == (one.answers["hour"], one.answers["minute"])
        assert operation.place == one.text("crossing")
        assert sum(operation.counts.values()) > 0
        assert set(operation.answers) == questions


def test_a_voyage_may_be_several_events() -> None:
    made = became(
        packed("sea_event"), zone="HT-SEA-NO", date="2026-11-20", happened=("sea_rescue", "sea_deaths"),
        res_persons=31, res_women=9, lost_deaths=2, lost_missing=0, detecting="G-CHA", handed="yes",
        hours_to_referral=5,
    )  # fmt: skip
    rescue, lost = made.incidents
    assert (rescue.type, rescue.detecting, rescue.hours_to_referral) == ("sea_rescue", "G-CHA", 5)
    assert [(one.what, one.value) for one in rescue.quantities] == [("persons", 31), ("women", 9)]
    assert [(one.what, one.value, one.unit) for one in lost.quantities] == [
        ("deaths", 2, "persons"),
        ("missing", 0, "persons"),
    ]


@pytest.mark.parametrize(
    ("origin", "destination", "way"),
    [
        ("CO", "DO", "CO>HT>DO"),
        ("HT", "BS", "HT>BS"),
        ("VE", "HT", "VE>HT"),
        ("unknown", "US", "HT>US"),
        ("JM", "unknown", "JM>HT"),
        ("HT", "unknown", ""),
        ("unknown", "HT", ""),
        ("unknown", "unknown", ""),
    ],
)
def test_the_way_is_told_by_countries(origin: str, destination: str, way: str) -> None:
    seized = {"substances": ("cocaine", "other"), "cocaine_unit": "kg", "cocaine_amount": 2.5}
    other = {"other_unit": "litres", "other_amount": 3}
    (made,) = became(
        packed("incident"), crossing="HT-BCP-MAL", date="2026-11-20", type="drugs", detecting="unknown", origin=origin,
        destination=destination, **seized, **other,
    ).incidents  # fmt: skip
    assert (made.corridor, made.detecting) == (way, "")
    assert [(one.what, str(one.value), one.unit) for one in made.quantities] == [
        ("cocaine", "2.5", "kg"),
        ("volume", "3", "litres"),
    ]


@pytest.mark.req("R1.15")
def test_smuggling_and_trafficking_are_told_apart_in_each_language() -> None:
    form = packed("incident")
    (shown,) = [row for row in form.survey if row["name"] == "difference"]
    apart: Mapping[str, tuple[str, str]] = {
        "Français (fr)": ("Trafic illicite de migrants :", "Traite des personnes :"),
        "Kreyòl ayisyen (ht)": ("Trafik migran (fè moun pase anba fil):", "Trèt moun (trafik moun pou eksplwate yo):"),
        "English (en)": ("Smuggling of migrants:", "Trafficking in persons:"),
        "Español (es)": ("Tráfico ilícito de migrantes:", "Trata de personas:"),
    }
    for language, words in apart.items():
        assert [shown[f"label::{language}"].count(word) for word in words] == [1, 1]
    assert shown["relevant"] == "${type} = 'smuggling' or ${type} = 'trafficking'"


def test_a_place_is_a_code_of_the_shared_list() -> None:
    """The server writes crossings.csv with these columns; the forms read name, label and official."""
    for form_id in set(IDS) - {"sea_event"}:
        (asked,) = [row for row in packed(form_id).survey if row["name"] == "crossing"]
        assert asked["type"] == "select_one_from_file crossings.csv"
        assert asked["choice_filter"] in ("", "official != 'no'")
        assert packed(form_id).definition.files == ("crossings.csv",)
    zones = {row["code"] for row in rows(PACK / "areas.csv") if row["level"] == "zone"}
    assert {row["name"] for row in packed("sea_event").choices if row["list_name"] == "zone"} == zones


def test_a_form_with_a_mistake_is_refused_by_the_converter() -> None:
    written = sheets(PACK / "forms" / "daily_count")
    written["survey"][4] = {**written["survey"][4], "relevant": "${nobody} = 1"}
    with pytest.raises(Exception, match="nobody"):
        convert(written, validate=False)


# --- From the folder to the morning page, in a home with the pack --------------------------------


@pytest.fixture
def haiti(db: None, pack: Pack) -> None:
    load_pack(pack=pack, actor=SYSTEM, now=NOW)
    watch_packs.load(pack=pack, actor=SYSTEM, now=NOW)


def handed_in(form: Packed) -> FormUpload:
    """The form as a workbook, handed in, converted, screened and published: no waiver."""
    settings = {**form.settings[0], "pasaj_meaning": (form.folder / "meaning.yaml").read_text(encoding="utf-8")}
    header, listed = list(form.survey[0]), list(form.choices[0])
    data = workbook(
        *(tuple(row.values()) for row in form.survey),
        choices=[listed, *(tuple(row.values()) for row in form.choices)],
        settings=settings,
        header=header,
    )
    row = conversion.upload(file=io.BytesIO(data), filename="form.xlsx", publish=True, actor=SYSTEM, now=NOW)
    return jobs.convert(row.pk)


def test_forms_are_published_without_a_waiver_and_feed_the_home(haiti: None) -> None:
    """Every form of the pack, several reports of each: no finding, no failure."""
    made: dict[str, int] = {}
    user, _token = phone.key("A post")
    who = phone.sender(user)
    for form_id in IDS:
        form = packed(form_id)
        upload = handed_in(form)
        assert upload.version is not None, upload.problems
        upload.version.refresh_from_db()
        assert (upload.problems, upload.version.findings, upload.version.state) == ([], [], "published")
        for number, (_one, document) in enumerate(filled(form, 6, seed=4), start=1):
            report = document.replace("uuid:1", f"uuid:{form_id}-{number}").encode()
            phone.send(who, report)
        assert meaning_service.process_waiting(NOW) == 6
        rows = Outcome.objects.filter(version__submission__form__form_id=form_id)
        assert [one.problem for one in rows if one.state == "failed"] == []
        for one in rows:
            made[one.kind] = made.get(one.kind, 0) + 1
    assert set(made) == {"observation", "incident", "crossing_status", "return_operation", "crossing_baseline"}
    assert set(Submission.objects.values_list("state", "processing")) == {("received", "done")}
    assert [one.findings for one in Check.objects.all() if one.findings] == []
    assert Observation.objects.filter(origin="form").count() > 50
    assert Incident.objects.count() >= 12
