"""Answers that go: by two people, for ever, with their hashes left; and never back from a backup."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import make
import pytest
from collect import phone
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client

from pasaj.access.models import AuditDetail, AuditEntry
from pasaj.access.services import audit
from pasaj.collect import jobs
from pasaj.collect.models import (
    Attachment,
    Check,
    Form,
    Message,
    Outcome,
    Redaction,
    ReviewEvent,
    Submission,
    SubmissionBody,
)
from pasaj.collect.services import redactions, review
from pasaj.core.periods import Period
from pasaj.core.problems import Refused
from pasaj.site import backup
from pasaj.watch.models import CrossingStatus, Incident, Observation, Tombstone
from pasaj.watch.services import incidents, observations, status
from pasaj.watch.services.observations import SeriesKey

SECRET = "Jean Baptiste, RD1234567"
As = Callable[[str], Client]
RIGHT = ("duty", "admin", "dpo")


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as found:
        act()
    return [one.code for one in found.value.problems]


def received(instance: str = "uuid:1") -> Submission:
    """A report with a secret in its answers, its file, its evaluation, its outcome and a message."""
    if not Form.objects.exists():
        phone.form()
    who = phone.sender(phone.key()[0])
    told = phone.send(who, phone.filled(instance, count=SECRET, photo="j b.jpg"), {"j b.jpg": SECRET.encode()})
    row = Submission.objects.get(receipt=told.receipt)
    assert row.current is not None
    Check.objects.create(version=row.current, engine="x", findings=[{"message": SECRET}], checked_at=make.NOW)
    Outcome.objects.create(
        version=row.current, kind="x", position="x", state="done", data={"said": SECRET}, created_at=make.NOW
    )
    Message.objects.create(submission=row, at=make.NOW, text=SECRET)
    return row


def removed(cast: make.Cast, row: Submission) -> Redaction:
    redactions.ask(submission_id=row.pk, reason="It names a person.", actor=cast.actor("duty"), now=make.NOW)
    return redactions.confirm(submission_id=row.pk, actor=cast.actor("dpo"), now=make.NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R3.7")
def test_two_people_remove_the_answers_and_leave_hashes(cast: make.Cast) -> None:
    row = received()
    version, (file,) = row.current, phone.on_disk()
    assert version is not None
    made = removed(cast, row)
    row.refresh_from_db()
    assert (row.state, SubmissionBody.objects.count(), Check.objects.count()) == ("redacted", 0, 0)
    assert [one.data for one in Outcome.objects.all()] == [{}]
    assert [one.text for one in Message.objects.all()] == [""]
    (kept,) = Attachment.objects.all()
    assert (kept.name, kept.path, len(kept.sha256)) == (f"removed-{kept.pk}", "", 64)
    assert made.hashes == [
        {"name": "uuid:1", "sha256": version.sha256, "size": version.size},
        {"name": "removed", "sha256": kept.sha256, "size": len(SECRET)},
    ]
    assert (phone.on_disk(), Path(file).exists()) == ([], False)
    told = AuditEntry.objects.filter(action__startswith="submission.redact").order_by("id")
    assert list(told.values_list("action", "code")) == [
        ("submission.redaction-asked", row.receipt), ("submission.redacted", row.receipt),
    ]  # fmt: skip
    if connection.vendor == "sqlite":
        home = Path(connection.settings_dict["NAME"])
        assert SECRET.encode() not in home.read_bytes() + home.with_name(home.name + "-wal").read_bytes()


@pytest.mark.django_db
def test_one_person_alone_removes_nothing(cast: make.Cast) -> None:
    row, duty, other = received(), cast.actor("duty"), cast.actor("admin")
    assert refused(lambda: redactions.confirm(submission_id=row.pk, actor=other, now=make.NOW)) == ["FORM-043"]
    assert refused(lambda: redactions.ask(submission_id=row.pk, reason=" ", actor=duty, now=make.NOW)) == ["FORM-042"]
    redactions.ask(submission_id=row.pk, reason="A name", actor=duty, now=make.NOW)
    assert refused(lambda: redactions.ask(submission_id=row.pk, reason="B", actor=other, now=make.NOW)) == ["FORM-041"]
    assert refused(lambda: redactions.confirm(submission_id=row.pk, actor=duty, now=make.NOW)) == ["FORM-040"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Redaction.objects.update(confirmed_by_id=duty.id)
    assert SubmissionBody.objects.count() == 1
    redactions.withdraw(submission_id=row.pk, actor=other, now=make.NOW)
    assert refused(lambda: redactions.withdraw(submission_id=row.pk, actor=duty, now=make.NOW)) == ["FORM-043"]
    removed(cast, row)
    assert refused(lambda: redactions.confirm(submission_id=row.pk, actor=other, now=make.NOW)) == ["FORM-041"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R3.7")
def test_counts_stay_and_what_was_written_goes_from_every_revision(cast: make.Cast) -> None:
    make.incident_types()
    row, day = received(), make.TODAY - timedelta(days=1)
    ref = f"{row.receipt}/"
    said: dict[str, Any] = {"actor": cast.actor("duty"), "now": make.NOW}
    key = SeriesKey(place_code="TL-BCP-NOR", measure="returns", source="REG")

    def figure(value: int, note: str, origin: str = "form", **more: Any) -> None:
        entry = observations.Entry(key, Period(day, day), make.Decimal(value), note=note, confirmed=True, **more)
        told = ref + "figures[1]" if origin == "form" else ""
        observations.report_all(entries=[entry], origin=origin, ref=told, **said)

    figure(4, SECRET)
    figure(5, "Counted again", origin="entry")
    figure(6, f"As the post wrote: {SECRET}", origin="form")
    event: dict[str, Any] = {"type_code": "drugs", "place_code": "TL-BCP-NOR", "period": Period(day, day), **said}
    parts, more = ([incidents.Quantity("weight", make.Decimal(number), "kg")] for number in (2, 3))
    for quantities in (parts, more):
        incidents.record(quantities=quantities, note=SECRET, ref=f"{ref}incidents[1]", origin="form", **event)
    incidents.record(quantities=parts, note="Other", source="REG", origin="entry", **event)
    status.report(
        crossing_code="TL-BCP-NOR", side="own", state="closed", since=day, cause="Flood", hours=SECRET[:200],
        note=SECRET, ref=f"{ref}status[1]", origin="form", **said,
    )  # fmt: skip
    before = list(Observation.objects.order_by("pk").values("pk", "value", "revision", "state", "ref", "recorded_at"))
    removed(cast, row)
    assert list(Observation.objects.order_by("pk").values(*before[0])) == before
    assert list(Observation.objects.order_by("pk").values_list("note", flat=True)) == ["", "Counted again", ""]
    notes = Incident.objects.order_by("pk").values_list("note", "source", "revision")
    assert list(notes) == [("", "", 1), ("", "", 2), ("Other", "REG", 1)]
    assert list(CrossingStatus.objects.values_list("cause", "hours", "note")) == [("Flood", "", "")]
    stones = list(Tombstone.objects.order_by("pk"))
    assert [(one.kind, one.size > 0, len(one.sha256)) for one in stones] == [
        ("observation", True, 64), ("observation", True, 64), ("incident", True, 64), ("incident", True, 64),
        ("status", True, 64),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(action="observation.note-removed").count() == 5
    assert audit.verify().sound
    assert nowhere(SECRET)


@pytest.mark.django_db(transaction=True)
def test_what_was_written_to_the_sender_goes_from_the_log_and_the_steps(cast: make.Cast) -> None:
    row, now = received(), make.NOW
    duty = cast.actor("duty")
    Message.objects.filter(submission=row).update(text="Fermé pour inventaire")
    for text in ("Il a écrit : Fermé pour inventaire", "Rien d'autre"):
        seen = review.mark(Submission.objects.get(pk=row.pk))
        review.act(receipt=row.receipt, step="note", seen=seen, actor=duty, now=now, text=text)
    assert AuditDetail.objects.filter(content__contains="inventaire").count() == 1
    removed(cast, row)
    notes = ReviewEvent.objects.filter(submission=row, action="noted").order_by("pk")
    assert list(notes.values_list("note", flat=True)) == ["", "Rien d'autre"]
    assert AuditDetail.objects.filter(content__contains="inventaire").count() == 0
    assert (audit.verify().sound, AuditEntry.objects.filter(action="audit.erased").count()) == (True, 1)


def nowhere(secret: str) -> bool:
    """Whether no column of any table holds it; on SQLite no page of the files either."""
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            if one.get_internal_type() in ("CharField", "TextField", "JSONField", "BinaryField"):
                held = model._default_manager.values_list(one.attname, flat=True)
                assert [value for value in held if secret in _text(value)] == [], f"{model.__name__}.{one.name}"
    if connection.vendor == "sqlite":
        home = Path(connection.settings_dict["NAME"])
        return secret.encode() not in home.read_bytes() + home.with_name(home.name + "-wal").read_bytes()
    return True


def _text(value: Any) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else json.dumps(value, default=str)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["note='x'", "note='', value=9", "note='', revision=7", "ref='x'", "note=''"])
def test_a_figure_is_changed_only_to_forget_and_only_beside_a_tombstone(cast: make.Cast, change: str) -> None:
    day = make.TODAY - timedelta(days=1)
    key = SeriesKey(place_code="TL-BCP-NOR", measure="returns", source="REG")
    entry = observations.Entry(key, Period(day, day), make.Decimal(4), note="Pont fermé")
    (stored,) = observations.report_all(entries=[entry], origin="form", actor=cast.actor("duty"), now=make.NOW)
    number = stored.observation.pk

    def update() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE watch_observation SET {change} WHERE id = %s", [number])

    with pytest.raises(IntegrityError):
        update()
    stone = {"sha256": "0" * 64, "size": 1, "removed_at": make.NOW, "recorded_at": make.NOW}
    Tombstone.objects.create(kind="incident", row_id=number, **stone)
    with pytest.raises(IntegrityError):
        update()
    Tombstone.objects.create(kind="observation", row_id=number, **stone)
    if change == "note=''":
        update()
        stored.observation.refresh_from_db()
        assert (stored.observation.note, stored.observation.value) == ("", 4)
    else:
        with pytest.raises(IntegrityError):
            update()
    with pytest.raises(IntegrityError), transaction.atomic():
        Tombstone.objects.update(size=2)


@pytest.mark.django_db(transaction=True)
def test_the_list_beside_the_home_brings_the_removal_to_an_older_copy(cast: make.Cast) -> None:
    row, other = received(), received("uuid:2")
    bodies = list(SubmissionBody.objects.filter(version__submission=row).values("version_id", "xml"))
    removed(cast, row)
    path = redactions.tombstones()
    assert path == Path(settings.PASAJ_HOME).with_name(Path(settings.PASAJ_HOME).name + ".redactions")
    (line,) = path.read_text(encoding="utf-8").splitlines()
    who = ["asked_at", "asked_by", "asked_by_id", "confirmed_at", "confirmed_by", "confirmed_by_id"]
    assert sorted(json.loads(line)) == [*who, "form_id", "instance_id", "reason"]
    assert redactions.reapply(now=make.NOW) == 0
    # The older copy: the answers are there, and nobody has removed them.
    Redaction.objects.all().delete()
    Submission.objects.filter(pk=row.pk).update(state="received")
    SubmissionBody.objects.bulk_create([SubmissionBody(**one) for one in bodies])
    with path.open("a", encoding="utf-8") as file:
        file.write('{"form_id": "dai')
    assert redactions.reapply(now=make.NOW) == 1
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, other.state, SubmissionBody.objects.count()) == ("redacted", "received", 1)
    assert Redaction.objects.get().confirmed_by == cast.actor("dpo").label


@pytest.mark.django_db(transaction=True)
def test_a_lost_line_is_written_again(cast: make.Cast) -> None:
    removed(cast, received())
    redactions.tombstones().unlink()
    assert redactions.listed() == []
    jobs.relist_redactions(datetime.now(UTC))
    assert (len(redactions.listed()), redactions.relist()) == (1, 0)


def test_a_backup_holds_no_page_of_what_was_deleted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with sqlite3.connect(home / "pasaj.sqlite3") as database:
        database.execute("PRAGMA secure_delete=OFF")
        database.execute("CREATE TABLE body(id INTEGER PRIMARY KEY, xml BLOB)")
        database.executemany("INSERT INTO body VALUES (?, ?)", [(at, SECRET.encode() * 99) for at in range(200)])
        database.execute("DELETE FROM body")
    database.close()
    assert SECRET.encode() in (home / "pasaj.sqlite3").read_bytes()
    engine = {"ENGINE": "django.db.backends.sqlite3", "NAME": home / "pasaj.sqlite3"}
    archive, other = tmp_path / "a.tar.gz", tmp_path / "other"
    backup.write(home=home, target=archive, database=engine, version="1", migrations=[], now=make.NOW)
    backup.read(archive=archive, home=other, database={**engine, "NAME": other / "pasaj.sqlite3"}, known=())
    assert SECRET.encode() not in (other / "pasaj.sqlite3").read_bytes()


# --- The page ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("R7.1")
def test_who_may_open_the_page(as_: As, cast: make.Cast) -> None:
    path = f"/collect/submissions/{received().receipt}/redact"
    found = {who: as_(who).get(path).status_code for who in make.CAST}
    assert found == {who: 200 if who in RIGHT else 404 for who in make.CAST}
    for who in set(make.CAST) - set(RIGHT):
        assert [as_(who).post(path + end).status_code for end in ("", "/confirm", "/withdraw")] == [404] * 3
    assert Redaction.objects.count() == 0


@pytest.mark.django_db
def test_asked_and_confirmed_on_the_page(as_: As, cast: make.Cast) -> None:
    row = received()
    path = f"/collect/submissions/{row.receipt}/redact"
    duty, dpo = as_("duty"), as_("dpo")
    assert duty.post(path, {"reason": ""}).status_code == 422
    assert duty.post(path + "/confirm").status_code == 422
    assert duty.post(path + "/withdraw").status_code == 422
    assert duty.post(path, {"reason": "It names a person."}).status_code == 302
    assert duty.post(path, {"reason": "Again"}).status_code == 422
    assert "Remove them for ever" not in duty.get(path).content.decode()
    assert duty.post(path + "/withdraw").status_code == 302
    assert duty.post(path, {"reason": "It names a person."}).status_code == 302
    assert duty.post(path + "/confirm").status_code == 422
    page = dpo.get(path).content.decode()
    assert ("Remove them for ever" in page, SECRET in page) == (True, False)
    assert dpo.post(path + "/confirm").status_code == 302
    row.refresh_from_db()
    assert (row.state, "Counts made from them stay" in dpo.get(path).content.decode()) == ("redacted", True)
