"""The demonstration: figures that add up, a story that can be seen, and an interruption at any moment."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import shell

import pasaj
from pasaj.core.openrosa.envelope import read as envelope
from pasaj.core.problems import Refused
from pasaj.site.demo import figures, filling
from pasaj.site.demo.script import Script, read

ZONE = ZoneInfo("America/Port-au-Prince")
PEOPLE = "".join(
    f'[[login]]\npart = "{part}"\nemail = "{part}@example.org"\nname = "{part}"\ninstitution = "CELL"\n'
    f'roles = ["{role}"]\n'
    for part, role in (
        ("chief", "chief"),
        ("duty", "duty"),
        ("approver", "approver"),
        ("analyst", "analyst"),
        ("partner", "partner"),
        ("administrator", "admin"),
    )
)
TEXT = f"""schema = 1
[year]
place = "XX"
measure = "returns"
source = "PUB"
months = 2
hour = 8
seed = 7
[triage]
note = "seen"
[[calibrated]]
measure = "returns"
category = "deported"
source = "REG"
posts = {{ A = 0.7, B = 0.3 }}
own_sources = {{ B = "TOWN" }}
market = 2.0
[[pattern]]
measure = "returns"
category = "spontaneous"
source = "REG"
posts = {{ A = 20 }}
[[pattern]]
measure = "entries"
source = "REG"
posts = {{ A = 50 }}
splits = {{ men = 0.6, women = 0.4 }}
[[steady]]
measure = "places"
source = "REG"
values = {{ A = 40 }}
[[steady]]
measure = "occupied"
of = "returns"
source = "REG"
values = {{ A = 0.5 }}
[[second]]
measure = "returns"
of = "REG"
source = "NET"
places = ["A"]
mistakes.A.3 = 2.0
[[event]]
place = "A"
measure = "returns"
first = 1
last = 0
factor = 5.0
[[silence]]
place = "B"
first = 2
last = 0
[[correction]]
place = "A"
measure = "entries"
first = 10
factor = 10
[[sender]]
name = "Phone"
[[report]]
sender = "Phone"
form = "daily"
days = [1, 0]
answers = {{ day = "@", before = "@-7", at = "@T21:40", kept = "@home", persons = 12 }}
wrong = {{ persons = 120 }}
{PEOPLE}"""
PUBLISHED = {date(2025, 1, 1): 900, date(2025, 3, 1): 1000, date(2025, 4, 1): 1200}


def world(script: Script) -> figures.World:
    special = [figures.SpecialDay("market", "A", "weekly:mon"), figures.SpecialDay("holiday", "", "yearly:04-01")]
    return figures.World(figures.year(PUBLISHED, script.year.months), ZONE, special)


@pytest.fixture(scope="module")
def table() -> list[figures.Figure]:
    script = read(TEXT)
    return list(figures.simulated(script, world(script)))


def values(table: list[figures.Figure], *key: str, revision: int | None = None) -> dict[date, int]:
    found: dict[date, int] = {}
    for one in table:
        if (one.place, one.measure, one.category, one.source) == key and revision in (None, one.revision):
            found[one.day] = one.value
    return found


def test_the_year_is_the_last_run_of_months_without_a_gap() -> None:
    assert list(figures.year(PUBLISHED, 2)) == [date(2025, 3, 1), date(2025, 4, 1)]
    assert list(figures.year({**PUBLISHED, date(2025, 6, 1): 1}, 2)) == [date(2025, 3, 1), date(2025, 4, 1)]
    with pytest.raises(Refused) as refused:
        figures.year(PUBLISHED, 3)
    assert [one.code for one in refused.value.problems] == ["CLI-024"]


def test_a_whole_month_adds_up_to_what_was_published(table: list[figures.Figure]) -> None:
    months: dict[int, int] = defaultdict(int)
    for source, place in (("REG", "A"), ("TOWN", "B")):
        for day, value in values(table, place, "returns", "deported", source).items():
            months[day.month] += value
    assert months[3] == PUBLISHED[date(2025, 3, 1)]
    assert months[4] < PUBLISHED[date(2025, 4, 1)]  # the silent days are not there


def test_totals_are_the_sum_of_their_parts(table: list[figures.Figure]) -> None:
    total = values(table, "A", "returns", "total", "REG")
    parts = [values(table, "A", "returns", category, "REG") for category in ("deported", "spontaneous")]
    assert total == {day: sum(part[day] for part in parts) for day in total}
    men, women = (values(table, "A", "entries", one, "REG", revision=1) for one in ("men", "women"))
    whole = values(table, "A", "entries", "total", "REG", revision=1)
    corrected = date(2025, 4, 20)
    assert all(whole[day] == men[day] + women[day] for day in whole if day != corrected)


def test_the_story_is_in_the_figures(table: list[figures.Figure]) -> None:
    last = date(2025, 4, 30)
    returns = values(table, "A", "returns", "deported", "REG")
    usual = [value for day, value in returns.items() if day < last - timedelta(days=1)]
    assert returns[last] > 2 * sum(usual) / len(usual)
    assert max(values(table, "B", "returns", "deported", "TOWN")) == last - timedelta(days=3)
    mine, other = (values(table, "A", "returns", "deported", source) for source in ("REG", "NET"))
    assert other[date(2025, 4, 27)] > 1.5 * mine[date(2025, 4, 27)]
    assert set(values(table, "A", "places", "total", "REG").values()) == {40}
    entries = [one for one in table if one.measure == "entries" and one.category == "total"]
    first, second = [one for one in entries if one.day == date(2025, 4, 20)]
    assert (first.revision, second.revision, first.value) == (1, 2, 10 * second.value)
    assert second.reported_at - first.reported_at == timedelta(days=2)


def test_reports_come_in_the_evening_or_late_and_never_after_the_clock(table: list[figures.Figure]) -> None:
    script = read(TEXT)
    clock = figures.clock(script, world(script))
    assert clock == datetime(2025, 5, 1, 8, tzinfo=ZONE)
    assert all(one.reported_at <= clock for one in table)
    delays = [one.reported_at.date() - one.day for one in table if one.revision == 1]
    assert delays.count(timedelta()) > 0.8 * len(delays)
    assert max(delays) > timedelta(days=1)


def test_the_same_seed_gives_the_same_figures(table: list[figures.Figure]) -> None:
    script = read(TEXT)
    assert list(figures.simulated(script, world(script))) == table
    other = read(TEXT.replace("seed = 7", "seed = 8"))
    assert list(figures.simulated(other, world(other))) != table


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("schema = 1", "schema = 2", "schema: 2 is out of range"),
        ("schema = 1", "schema = ", "Invalid value"),
        ('source = "PUB"', "", "[year] source: is missing"),
        ("months = 2", 'months = "two"', "[year] months: 'two' has the wrong type"),
        ("seed = 7", "seed = 7\nsead = 8", "[year] sead: means nothing here"),
        ("{ A = 0.7, B = 0.3 }", "{ A = -1 }", "[[calibrated]] 1 posts: every value must be a number"),
        ('own_sources = { B = "TOWN" }', 'own_sources = { C = "TOWN" }', "[[calibrated]] 1 own_sources: C is none"),
        ("market = 2.0", "weekdays = [1, 2]", "[[calibrated]] 1 weekdays: seven numbers are needed"),
        ("first = 1\nlast = 0", "first = 0\nlast = 1", "[[event]] 1 last: counts back from the last day"),
        ('part = "duty"', 'part = "king"', "[[login]] 2 part: 'king' is none of"),
        ('part = "duty"', 'part = "chief"', "[[login]]: duty missing"),
        ('sender = "Phone"', 'sender = "Radio"', "[[report]] 1 sender: 'Radio' is none of the senders"),
        ("days = [1, 0]", "days = []", "[[report]] 1 days: whole numbers are needed"),
        ("days = [1, 0]", "days = [-1]", "[[report]] 1 days: whole numbers are needed"),
        ("days = [1, 0]", 'days = [1]\nstep = "praise"', "[[report]] 1 step: 'praise' is none of"),
        ("persons = 12 }", "persons = true }", "[[report]] 1 answers: every answer must be a text or a number"),
        ("[triage]", "[[triage]]", "triage: [{'note': 'seen'}] has the wrong type"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(before: str, after: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read(TEXT.replace(before, after, 1))
    (found,) = refused.value.problems
    assert found.code == "CLI-024"
    assert said in str(found.params["detail"])


def test_answers_speak_of_the_day_of_their_report() -> None:
    (report,) = read(TEXT).reports
    day = date(2025, 3, 2)
    written = {"day": "2025-03-02", "before": "2025-02-23", "at": "2025-03-02T21:40", "kept": "@home", "persons": "12"}
    assert report.filled(day) == written
    assert report.filled(day, at_first=True) == {**written, "persons": "120"}


FORM = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model><instance>
<data id="daily" version="3"><day/><border><entries/><exits/></border><back><returns/></back><meta><instanceID/></meta>
</data></instance></model></h:head><h:body/></h:html>"""


def test_a_form_is_filled_as_a_phone_fills_it() -> None:
    xml = filling.document(FORM, {"exits": "3 < 4", "day": "2025-03-02"}, instance="uuid:2", replaces="uuid:1")
    said = envelope(xml)
    assert (said.form_id, said.version, said.instance_id, said.deprecated_id) == ("daily", "3", "uuid:2", "uuid:1")
    inside = b"<day>2025-03-02</day><border><entries /><exits>3 &lt; 4</exits></border><meta>"
    assert xml.partition(b'version="3">')[2].startswith(inside)  # nothing was asked about returns
    assert envelope(filling.document(FORM, {}, instance="uuid:2", version="1")).version == "1"
    with pytest.raises(filling.UnknownQuestion, match="weather"):
        filling.document(FORM, {"weather": "rain"}, instance="uuid:3")


def test_a_repeat_has_a_turn_for_each_table() -> None:
    """A definition has a repeat twice: as its template and as its first turn."""
    loop = b"<turn template=''><what/><more/></turn><turn><what/><more/></turn>"
    form = FORM.replace(b"<back><returns/></back>", loop)
    turns = [{"what": "rain", "more": "1"}, {"what": "sun"}]
    xml = filling.document(form, {"day": "2025-03-02"}, instance="uuid:2", turns={"turn": turns})
    inside = b"<turn><what>rain</what><more>1</more></turn><turn><what>sun</what><more /></turn><meta>"
    assert xml.partition(b"</day>")[2].startswith(inside)
    for wrong in ({"turn": [{"wind": "east"}]}, {"wind": [{"what": "rain"}]}):
        with pytest.raises(filling.UnknownQuestion, match="wind"):
            filling.document(form, {}, instance="uuid:3", turns=wrong)


def test_the_picture_is_one() -> None:
    drawn = filling.picture()
    assert (drawn[:8], drawn[16:24], drawn[-8:-4]) == (b"\x89PNG\r\n\x1a\n", b"\0\0\0\x78\0\0\0\x50", b"IEND")
    assert drawn == filling.picture()


@pytest.mark.parametrize("path", sorted(Path(pasaj.__file__).parent.glob("packs/*/demo.toml")), ids=str)
def test_the_demonstrations_that_come_with_pasaj_can_be_read(path: Path) -> None:
    script = read(path.read_text(encoding="utf-8"))
    assert script.year.months == 12


def ask(home: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(home / "pasaj.sqlite3", timeout=20) as database:
        return database.execute(sql).fetchall()


def shows(home: Path, sql: str) -> Callable[[], bool]:
    def look() -> bool:
        try:
            return (home / "pasaj.sqlite3").exists() and ask(home, sql)[0][0] > 0
        except sqlite3.OperationalError:
            return False  # not yet migrated

    return look


VISIBLE = (
    "SELECT count(*) FROM watch_observation o LEFT JOIN watch_import b ON b.id = o.batch_id"
    " WHERE o.origin = 'demo' AND b.applied_at IS NOT NULL"
)
REPORTED = "SELECT count(*) FROM watch_observation WHERE origin = 'demo' AND ref > ''"
MOMENTS = (
    "SELECT 1",  # while the tables are made
    "SELECT count(*) FROM django_migrations",  # the tables stand, and nothing is in them
    "SELECT count(*) > 4000 FROM watch_observation WHERE origin = 'demo'",  # half of the figures staged
    "SELECT count(*) > 3 FROM collect_appuser",  # among the keys of phones
    "SELECT count(*) > 8 FROM collect_submission",  # between two reports
    "SELECT count(*) > 50 FROM watch_signal",  # in the middle of detection
    "SELECT count(*) > 2 FROM access_account",  # in the middle of the logins
    "SELECT count(*) > 12 FROM collect_submission s JOIN collect_form f ON f.id = s.form_id"
    " WHERE f.origin = 'round'",  # between two sheets of the round
    "SELECT count(*) FROM policy_policy",  # between two stages of the policy
)


def kill_when(home: Path, moment: Callable[[], bool]) -> None:
    process = shell.start(home, "demo", "--no-serve")
    shell.wait_for(lambda: moment() or process.poll() is not None, 120, 0.02)
    process.kill()
    process.communicate()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The whole demonstration, killed at nine moments before it was let through."""
    home = tmp_path_factory.mktemp("demo") / "home"
    for at, moment in enumerate(MOMENTS):
        kill_when(home, shows(home, moment))
        if at == 2:
            assert ask(home, VISIBLE) == [(0,)]
    return home, shell.done(home, "demo", "--no-serve")


@pytest.mark.req("R9.1")
def test_killed_at_any_moment_the_next_run_goes_on(demo: tuple[Path, str]) -> None:
    home, _said = demo
    assert ask(home, "SELECT count(*), count(applied_at) FROM watch_import WHERE origin = 'demo'") == [(1, 1)]
    loaded, reported = ask(home, VISIBLE)[0][0], ask(home, REPORTED)[0][0]
    assert ask(home, "SELECT count(*) FROM watch_observation WHERE origin = 'demo'") == [(loaded + reported,)]
    assert ask(home, "SELECT count(*), count(DISTINCT name) FROM collect_appuser") == [(14, 14)]
    assert ask(home, "SELECT DISTINCT state FROM watch_detectionrun") == [("done",)]
    assert ask(home, "SELECT count(*) FROM access_account") == [(6,)]
    status = shell.told(home, "status")
    assert status["pack"]["demo"] is True
    assert (status["clock"]["set"], status["care"]) == (True, [])
    assert shell.done(home, "audit", "verify").startswith("The log is whole: ")


def test_the_demonstration_shows_its_story(demo: tuple[Path, str]) -> None:
    home, _said = demo
    kinds = dict(ask(home, "SELECT kind, count(*) FROM watch_signal WHERE state = 'new' GROUP BY kind"))
    assert set(kinds) >= {"unusual", "silence", "conflict", "capacity", "event", "revision"}
    assert sum(kinds.values()) < 150  # what is older was dealt with
    assert ask(home, "SELECT DISTINCT quality FROM watch_observation WHERE origin = 'demo'") == [("simulated",)]
    step = (
        "SELECT count(*) FROM watch_signal s JOIN watch_series r ON r.id = s.series_id"
        " WHERE r.code = 'HT.returns.in.deported.PUB-DGM-MOIS.month' AND s.period_start = '2024-10-01'"
        " AND s.kind = 'unusual' AND s.direction = 'up' AND s.observed = 40223"
    )
    assert ask(home, step) == [(1,)]  # the step in the published monthly figures
    assert ask(home, "SELECT state FROM watch_backtest") == [("done",)]
    together = "SELECT count(DISTINCT s.area_id) FROM watch_signal s JOIN watch_cluster c ON c.id = s.cluster_id"
    assert ask(home, together)[0][0] >= 2  # neighbouring communes that rise together
    assert ask(home, "SELECT count(*) FROM watch_signal WHERE kind = 'revision'")[0][0] >= 1
    assert ask(home, "SELECT count(*) FROM watch_observation WHERE origin = 'demo' AND revision > 1")[0][0] >= 3


@pytest.mark.req("R2.16")
def test_the_demonstration_shows_reports_of_every_kind(demo: tuple[Path, str]) -> None:
    home, _said = demo
    states = (
        "SELECT s.state, review, processing, reasons, count(*) FROM collect_submission s"
        " JOIN collect_form f ON f.id = s.form_id WHERE f.origin = 'pack' GROUP BY 1, 2, 3, 4"
    )
    assert sorted(ask(home, states)) == [
        ("quarantined", "new", "waiting", '["device"]', 1),
        ("quarantined", "new", "waiting", '["version"]', 1),
        ("received", "approved", "done", "[]", 3),
        ("received", "new", "done", "[]", 28),
        ("received", "new", "failed", "[]", 1),
        ("received", "question", "done", "[]", 1),
    ]
    assert ask(home, "SELECT DISTINCT via, complete FROM collect_submission") == [("demo", 1)]
    kinds = "SELECT f.origin, count(DISTINCT f.id) FROM collect_submission s JOIN collect_form f ON f.id = s.form_id"
    assert ask(home, f"{kinds} GROUP BY 1 ORDER BY 1") == [("pack", 7), ("round", 5)]
    assert ask(home, "SELECT count(*) FROM collect_submissionversion WHERE number = 2") == [(1,)]
    problem = "SELECT json_extract(problem, '$.code') FROM collect_outcome WHERE state = 'failed'"
    assert ask(home, problem) == [("OBS-002",)]
    assert ask(home, "SELECT count(*) FROM collect_outcome WHERE kind = 'return_operation'") == [(5,)]
    (picture,) = ask(home, "SELECT path, size FROM collect_attachment")
    assert (home / "files" / str(picture[0])).read_bytes() == filling.picture()
    assert ask(home, "SELECT count(*) FROM collect_message") == [(1,)]
    assert ask(home, "SELECT count(*) FROM collect_check WHERE findings <> '[]'") == [
        (0,)
    ]  # every answer fits its form


@pytest.mark.req("R10.7")
def test_the_demonstration_has_a_finished_round(demo: tuple[Path, str]) -> None:
    home, _said = demo
    assert ask(home, "SELECT code, state, simulated FROM assess_round") == [("A1", "closed", 1)]
    found = ask(home, "SELECT state, count(*), sum(simulated), sum(edited) FROM assess_finding GROUP BY 1 ORDER BY 1")
    states = {state: (made_up == many, edited) for state, many, made_up, edited in found}
    # One edited before it was adopted, one after the policy of the demonstration rested on it.
    assert states == {"adopted": (True, 2), "dismissed": (True, 0), "draft": (True, 0)}
    advice = ask(home, "SELECT state, count(*), sum(simulated) FROM assess_recommendation GROUP BY 1")
    assert advice == [("adopted", 8, 8)]
    assert ask(home, "SELECT count(*), count(DISTINCT outcome_id) FROM assess_answersheet") == [(43, 43)]
    left = "SELECT state, count(*) FROM collect_outcome WHERE kind = 'assessment' GROUP BY 1"
    assert ask(home, left) == [("done", 43)]
    told = shell.told(home, "assess", "score", "A1")
    open_ = [one for one in told["disagreements"] if not one["settled"]]
    assert (told["simulated"], len(open_) > 10, len(told["disagreements"]) > len(open_)) == (True, True, True)
    assert {one["state"] for one in told["critical"]} == {"zero", "disputed", "unseen"}
    assert 0.6 < told["agreement"]["alpha"] < 0.9


@pytest.mark.req("R1.2")
def test_the_institutions_of_the_round_spoke_of_each_other(demo: tuple[Path, str]) -> None:
    home, _said = demo
    kinds = "SELECT o.kind, o.state, count(*) FROM collect_outcome o JOIN assess_mappinganswer a ON a.outcome_id = o.id"
    told = ask(home, f"{kinds} GROUP BY 1, 2 ORDER BY 1")
    assert told == [("exchange", "done", 79), ("exchange_list", "done", 30), ("mandates", "done", 22)]
    units = "SELECT count(*), sum(assessed) FROM assess_roundunit WHERE sort = 'institution'"
    assert ask(home, units) == [(32, 14)]
    # The lists of two of the institutions never came.
    spoke = "SELECT count(DISTINCT a.unit_id) FROM assess_mappinganswer a JOIN collect_outcome o ON o.id = a.outcome_id"
    assert ask(home, f"{spoke} WHERE o.kind = 'exchange_list'") == [(30,)]


@pytest.mark.req("R1.12")
@pytest.mark.req("R10.74")
def test_the_demonstration_has_a_published_report(demo: tuple[Path, str], tmp_path: Path) -> None:
    home, _said = demo
    assert ask(home, "SELECT code, number, waivers FROM assess_report") == [("A1-ED1", 1, "[]")]
    texts = "SELECT language FROM assess_reporttext ORDER BY 1"
    assert ask(home, texts) == [("en",), ("es",), ("fr",), ("ht",)]
    for name in ("report.pdf", "report.docx"):
        said = shell.done(home, "assess", "report", "A1", "-o", tmp_path / name, "--lang", "fr")
        assert said.splitlines() == [f"{tmp_path / name}: report A1-ED1, fr."]
    assert (tmp_path / "report.pdf").read_bytes()[:5] == b"%PDF-"
    assert (tmp_path / "report.docx").read_bytes()[:2] == b"PK"


def test_a_figure_comes_with_its_report_or_with_the_year_never_with_both(demo: tuple[Path, str]) -> None:
    home, _said = demo
    twice = (
        "SELECT count(*) FROM watch_observation o JOIN watch_observation r ON r.series_id = o.series_id"
        " AND r.period_start = o.period_start"
        " WHERE r.ref NOT IN ('', 'demo-policy') AND o.ref = '' AND o.origin = 'demo'"  # one count is corrected
    )
    assert ask(home, twice) == [(0,)]
    assert ask(home, REPORTED)[0][0] > 100
    entries = (
        "SELECT o.revision, o.value, o.reported_at FROM watch_observation o JOIN watch_series s ON s.id = o.series_id"
        " WHERE s.code = 'HT-BCP-MAL.entries.in.total.DIE-REG.day' AND o.period_start = '2025-09-29' ORDER BY 1"
    )
    (_one, wrong, first), (_two, right, then) = ask(home, entries)
    assert (wrong, right < 1000, first < then) == (8970, True, True)


@pytest.mark.req("R9.1")
def test_a_second_run_keeps_the_home_and_renews_six_passwords(demo: tuple[Path, str]) -> None:
    home, said = demo
    logins = re.findall(r"(\S+@\S+)\s+(\S{24})$", said, re.MULTILINE)
    assert len(logins) == 6
    shell.done(home, "user", "add", "own@example.org", "--institution", "CELL", "--role", "duty")
    kept = ask(home, "SELECT password FROM access_account WHERE email = 'own@example.org'")
    figures_before = ask(home, "SELECT count(*), max(id) FROM watch_observation")
    signals_before = ask(home, "SELECT count(*), max(id) FROM watch_signal")
    reports = "SELECT count(*), max(id), (SELECT count(*) FROM collect_reviewevent) FROM collect_submission"
    reports_before = ask(home, reports)
    key = "SELECT token_sha256 FROM collect_appuser ORDER BY id LIMIT 1"
    key_before = ask(home, key)
    again = re.findall(r"(\S+@\S+)\s+(\S{24})$", shell.done(home, "demo", "--no-serve"), re.MULTILINE)
    assert [email for email, _password in again] == [email for email, _password in logins]
    assert not {password for _email, password in again} & {password for _email, password in logins}
    assert ask(home, "SELECT count(*), max(id) FROM watch_observation") == figures_before
    assert ask(home, "SELECT count(*), max(id) FROM watch_signal") == signals_before
    assert ask(home, reports) == reports_before
    assert ask(home, key) != key_before
    assert ask(home, "SELECT password FROM access_account WHERE email = 'own@example.org'") == kept
    check = (
        "import django, sys; django.setup(); from pasaj.access.models import Account;"
        "sys.exit(not Account.objects.get(email=sys.argv[1]).check_password(sys.argv[2]))"
    )
    environment = shell.environment(home, DJANGO_SETTINGS_MODULE="pasaj.site.settings")
    assert subprocess.run([sys.executable, "-c", check, *again[0]], env=environment, check=False).returncode == 0


@pytest.mark.req("R9.1")
def test_it_ends_with_an_address_that_answers(demo: tuple[Path, str]) -> None:
    home, _said = demo
    port = shell.free_port()
    process = shell.start(home, "demo", "--port", port)
    try:
        shell.wait_for(lambda: shell.answers(port) or process.poll() is not None)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, err) == (0, "")
    assert len(re.findall(r"@example\.org", out)) == 6
    (token,) = re.findall(rf": http://localhost:{port}/key/(\S{{43}})/\n", out)
    hashed = hashlib.sha256(token.encode()).hexdigest()
    assert ask(home, "SELECT token_sha256 FROM collect_appuser ORDER BY id LIMIT 1") == [(hashed,)]
    assert out.endswith(f"Pasaj: http://localhost:{port}  (Ctrl-C ends it)\n")
    shell.wait_for(lambda: not shell.alive(home), 5)


def test_a_home_in_use_never_becomes_a_demonstration(tmp_path: Path) -> None:
    home = shell.small_home(tmp_path)
    shell.done(home, "user", "add", "ann@example.org", "--institution", "CELL", "--role", "duty")
    result = shell.run(home, "demo", "--no-serve")
    assert result.returncode == 2
    assert result.stderr.startswith("CLI-022: ")


def test_a_pack_without_a_demonstration_is_told(tmp_path: Path) -> None:
    result = shell.run(shell.small_home(tmp_path), "demo", "--no-serve")
    assert result.returncode == 2
    assert result.stderr.startswith("CLI-023: The pack smallland has no demonstration.")


def test_a_taken_port_is_told_before_the_long_part(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        result = shell.run(tmp_path / "home", "demo", "--port", other.getsockname()[1])
    assert result.returncode == 2
    assert result.stderr.startswith("CLI-001: ")
    assert not (tmp_path / "home" / "pasaj.sqlite3").exists()
