"""Submissions as the service takes them in: rows, bytes, files, the log, and what a refusal leaves behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import make
import pytest
from collect import phone
from django.utils import timezone

from pasaj.access.models import AuditEntry
from pasaj.access.services import audit
from pasaj.collect.models import Attachment, Form, ReviewEvent, Submission, SubmissionBody, SubmissionVersion
from pasaj.collect.services import phones, spool
from pasaj.collect.services.submissions import Sender
from pasaj.core.openrosa.envelope import derived_id
from pasaj.core.openrosa.receipt import receipt
from pasaj.core.problems import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(country: make.Country) -> Sender:
    phone.form()
    return phone.sender(phone.key()[0])


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as raised:
        yield
    assert [one.code for one in raised.value.problems] == [code]


def actions() -> list[str]:
    return list(
        AuditEntry.objects.filter(action__startswith="submission.").order_by("id").values_list("action", flat=True)
    )


@pytest.mark.req("R2.2")
def test_a_report_is_kept_byte_for_byte_with_its_files(who: Sender) -> None:
    xml = phone.filled(photo="a.jpg", pictures=["b.jpg"])
    told = phone.send(who, xml, {"a.jpg": b"first", "b.jpg": b"second", "audit.csv": b"third"})
    (row,) = Submission.objects.all()
    assert (told.receipt, told.status, told.state, told.missing) == (receipt("daily", "uuid:1"), 201, "received", ())
    assert (row.receipt, row.state, row.reasons, row.complete, row.via) == (told.receipt, "received", [], True, "key")
    assert (row.app_user, row.device, row.processing) == (who.app_user, who.device, "waiting")
    assert row.current is not None
    assert bytes(row.current.body.xml) == xml
    assert (row.current.sha256, row.current.size, row.current.number) == (phone.sha(xml), len(xml), 1)
    files = {one.name: (one.expected, (spool.files() / one.path).read_bytes()) for one in Attachment.objects.all()}
    assert files == {"a.jpg": (True, b"first"), "b.jpg": (True, b"second"), "audit.csv": (False, b"third")}
    assert len(phone.on_disk()) == 3
    assert [event.action for event in ReviewEvent.objects.all()] == ["received"]
    assert actions() == ["submission.received"]
    assert audit.verify().sound


@pytest.mark.req("R2.2")
def test_the_same_report_again_changes_nothing(who: Sender) -> None:
    xml = phone.filled(photo="a.jpg")
    first = phone.send(who, xml, {"a.jpg": b"first"})
    again = phone.send(who, xml, {"a.jpg": b"first"})
    assert again == first
    assert (Submission.objects.count(), Attachment.objects.count(), ReviewEvent.objects.count()) == (1, 1, 1)
    assert len(phone.on_disk()) == 1
    assert actions() == ["submission.received"]


def test_files_may_come_in_several_posts_and_any_order(who: Sender) -> None:
    xml = phone.filled(photo="a.jpg", pictures=["b.jpg", "c.jpg"])
    parts = [{"c.jpg": b"3"}, {}, {"a.jpg": b"1"}, {"b.jpg": b"2"}]
    told = [phone.send(who, xml, files, incomplete=True) for files in parts]
    assert [one.missing for one in told] == [("a.jpg", "b.jpg"), ("a.jpg", "b.jpg"), ("b.jpg",), ()]
    (row,) = Submission.objects.all()
    assert row.complete
    assert actions() == ["submission.received", "submission.files", "submission.files"]


def test_a_report_without_files_it_names_is_incomplete(who: Sender) -> None:
    told = phone.send(who, phone.filled(photo="a.jpg"))
    assert told.missing == ("a.jpg",)
    assert not Submission.objects.get().complete


def test_a_file_with_other_content_is_refused_and_leaves_nothing(who: Sender) -> None:
    xml = phone.filled(photo="a.jpg", pictures=["b.jpg"])
    phone.send(who, xml, {"a.jpg": b"first"})
    with refused("COLLECT-030"):
        phone.send(who, xml, {"b.jpg": b"second", "a.jpg": b"other"})
    assert {one.name: one.sha256 for one in Attachment.objects.all()} == {"a.jpg": phone.sha(b"first"), "b.jpg": ""}
    assert len(phone.on_disk()) == 1
    assert phone.send(who, xml, {"b.jpg": b"second"}).missing == ()


def test_a_report_without_an_id_gets_one_from_its_bytes(who: Sender) -> None:
    xml = phone.filled("")
    assert phone.send(who, xml) == phone.send(who, xml)
    (version,) = SubmissionVersion.objects.all()
    assert (version.instance_id, version.derived_id) == (derived_id(phone.sha(xml)), True)


def test_other_answers_under_the_same_id_are_refused(who: Sender) -> None:
    phone.send(who, phone.filled(count=4))
    with refused("COLLECT-015"):
        phone.send(who, phone.filled(count=5), {"x.jpg": b"x"})
    assert bytes(SubmissionBody.objects.get().xml) == phone.filled(count=4)
    assert phone.on_disk() == []


@pytest.mark.req("R2.2")
def test_an_edit_is_a_new_version_with_the_files_that_did_not_change(who: Sender) -> None:
    first = phone.send(
        who, phone.filled("uuid:1", photo="a.jpg", pictures=["b.jpg"]), {"a.jpg": b"first", "b.jpg": b"2"}
    )
    edit = phone.filled("uuid:2", photo="a.jpg", pictures=["c.jpg"], count=9, deprecated="uuid:1")
    told = phone.send(who, edit, {"c.jpg": b"3"})
    assert (told.receipt, told.status, told.missing) == (first.receipt, 201, ())
    (row,) = Submission.objects.all()
    assert row.instance_id == "uuid:1"
    assert row.current is not None
    assert (row.current.instance_id, row.current.number, row.current.deprecated_id) == ("uuid:2", 2, "uuid:1")
    now = {one.name: one.sha256 for one in row.current.attachments.all()}
    assert now == {"a.jpg": phone.sha(b"first"), "c.jpg": phone.sha(b"3")}
    assert actions() == ["submission.received", "submission.edited"]
    # The old version stays as it came.
    assert bytes(row.versions.get(number=1).body.xml) == phone.filled("uuid:1", photo="a.jpg", pictures=["b.jpg"])
    with refused("COLLECT-018"):
        phone.send(who, phone.filled("uuid:3", deprecated="uuid:1"))
    with refused("COLLECT-017"):
        phone.send(who, phone.filled("uuid:3", deprecated="uuid:9"))


def test_a_late_file_of_the_first_version_reaches_the_edit_too(who: Sender) -> None:
    first = phone.filled("uuid:1", photo="a.jpg")
    phone.send(who, first)
    edit = phone.send(who, phone.filled("uuid:2", photo="a.jpg", deprecated="uuid:1"))
    assert edit.missing == ("a.jpg",)
    assert phone.send(who, first, {"a.jpg": b"late"}).missing == ()
    assert Submission.objects.get().complete
    assert set(Attachment.objects.values_list("version__number", "sha256")) == {
        (1, phone.sha(b"late")),
        (2, phone.sha(b"late")),
    }


def test_only_the_sender_corrects_a_report(who: Sender, cast: make.Cast) -> None:
    phone.send(who, phone.filled("uuid:1"))
    other = phone.sender(phone.key("Jean")[0])
    edit = phone.filled("uuid:2", count=5, deprecated="uuid:1")
    with refused("COLLECT-019"):
        phone.send(other, edit)
    # Whoever has the very bytes may bring what is missing: a phone that was given a new key.
    assert phone.send(other, phone.filled("uuid:1")).status == 201
    from pasaj.collect.services.submissions import receive

    actor = cast.actor("duty")
    told = receive(
        xml=edit, files=[], sender=Sender("web", account_id=actor.id), incomplete=False, actor=actor, now=make.NOW
    )
    assert told.status == 201


def test_an_unknown_version_waits_in_quarantine(who: Sender) -> None:
    told = phone.send(who, phone.filled(version="99", photo="a.jpg"), {"a.jpg": b"1"}, incomplete=True)
    assert (told.status, told.state) == (202, "quarantined")
    row = Submission.objects.get()
    assert (row.reasons, row.complete) == (["version"], False)
    assert row.current is not None
    assert (row.current.version_text, row.current.form_version) == ("99", None)
    assert phone.send(who, phone.filled(version="99", photo="a.jpg"), {"b.jpg": b"2"}).status == 202
    assert Submission.objects.get().complete


def test_an_old_version_is_taken_for_ever(who: Sender) -> None:
    phone.form(version="2")
    assert phone.send(who, phone.filled(version="1")).status == 201


def test_drafts_wait_and_a_tester_is_told_that_it_works(who: Sender) -> None:
    phone.form(version="3", state="draft")
    assert phone.send(who, phone.filled("uuid:1", version="3")).status == 202
    tester = phone.sender(phone.key("Tester", testing=True)[0])
    assert phone.send(tester, phone.filled("uuid:2", version="3")).status == 201
    assert list(Submission.objects.values_list("state", "reasons")) == [("quarantined", ["draft"])] * 2


def test_a_second_device_waits_until_the_cell_confirms_it(who: Sender, cast: make.Cast) -> None:
    assert who.app_user is not None
    phone.send(who, phone.filled("uuid:0"))
    second = phone.sender(who.app_user, "collect:two")
    told = phone.send(second, phone.filled("uuid:1"))
    assert (told.status, told.state) == (202, "quarantined")
    phone.send(second, phone.filled("uuid:2", version="99"))
    with refused("COLLECT-036"):  # nor does it touch what the first one sent
        phone.send(second, phone.filled("uuid:3", deprecated="uuid:0"))
    phone.send(second, phone.filled("uuid:4", count=6, deprecated="uuid:1"))
    assert second.device is not None
    assert phones.decide(device=second.device, confirm=True, actor=cast.actor("duty"), now=make.NOW) == 1
    assert dict(Submission.objects.values_list("instance_id", "state")) == {
        "uuid:0": "received",
        "uuid:1": "received",
        "uuid:2": "quarantined",
    }
    assert Submission.objects.get(instance_id="uuid:2").reasons == ["version"]
    # What the phone held in memory is read again.
    assert phone.send(second, phone.filled("uuid:5")).status == 201


def test_a_form_that_is_closed_or_not_ones_own_is_refused(who: Sender) -> None:
    phone.form("other")
    narrow = phone.sender(phone.key("Jean", form="daily")[0])
    with refused("COLLECT-011"):
        phone.send(narrow, phone.filled(form_id="other"), {"a.jpg": b"1"})
    with refused("COLLECT-010"):
        phone.send(who, phone.filled(form_id="nowhere"), {"a.jpg": b"1"})
    begun = phone.filled("uuid:1", photo="a.jpg")
    phone.send(who, begun)
    Form.objects.update(closed_at=make.NOW)
    with refused("COLLECT-016"):
        phone.send(who, phone.filled("uuid:2"))
    assert phone.send(who, begun, {"a.jpg": b"1"}).status == 201
    spool.sweep(real_now=timezone.now() + timedelta(hours=2))
    assert len(phone.on_disk()) == 1


def test_accounts_send_what_they_may_fill(cast: make.Cast) -> None:
    from pasaj.collect.services.submissions import receive

    phone.form()
    for name, instance in (("chief", "uuid:1"), ("duty", "uuid:2")):
        actor = cast.actor(name, via="token")
        told = receive(
            xml=phone.filled(instance), files=[], sender=Sender("basic", account_id=actor.id), incomplete=False,
            actor=actor, now=make.NOW,
        )  # fmt: skip
        assert told.status == 201
    for name in ("partner", "stranger"):
        actor = cast.actor(name)
        with refused("COLLECT-011"):
            receive(
                xml=phone.filled("uuid:3"), files=[], sender=Sender("web", account_id=actor.id), incomplete=False,
                actor=actor, now=make.NOW,
            )  # fmt: skip
    Form.objects.update(closed_at=make.NOW)
    actor = cast.actor("chief")
    with refused("COLLECT-016"):
        receive(
            xml=phone.filled("uuid:4"), files=[], sender=Sender("web", account_id=actor.id), incomplete=False,
            actor=actor, now=make.NOW,
        )  # fmt: skip


def test_what_was_removed_does_not_come_back(who: Sender) -> None:
    phone.send(who, phone.filled("uuid:1"))
    Submission.objects.update(state="redacted")
    with refused("COLLECT-014"):
        phone.send(who, phone.filled("uuid:1"))
    with refused("COLLECT-014"):
        phone.send(who, phone.filled("uuid:2", deprecated="uuid:1"))


def test_the_edit_of_a_report_set_aside_is_looked_at_again(who: Sender) -> None:
    phone.send(who, phone.filled("uuid:1"))
    Submission.objects.update(state="refused", review="rejected", processing="done")
    told = phone.send(who, phone.filled("uuid:2", deprecated="uuid:1"))
    assert (told.status, told.state) == (202, "quarantined")
    assert Submission.objects.values_list("review", "processing").get() == ("new", "waiting")


def test_encrypted_reports_and_nameless_files_are_refused(who: Sender) -> None:
    with refused("COLLECT-013"):
        phone.send(who, phone.filled().replace(b'id="daily"', b'id="daily" encrypted="yes"'))
    with refused("COLLECT-031"):
        phone.send(who, phone.filled(), {"..": b"x"})
    assert Submission.objects.count() == 0


def test_names_never_become_paths(who: Sender) -> None:
    xml = phone.filled(photo="passwd")
    phone.send(who, xml, {"../../../etc/passwd": b"x"})
    row = Attachment.objects.get()
    assert (row.name, row.expected) == ("passwd", True)
    assert phone.on_disk() == [row.path]


def test_only_orphans_are_swept_and_only_old_ones(who: Sender) -> None:
    phone.send(who, phone.filled(photo="a.jpg"), {"a.jpg": b"1"})
    kept = phone.on_disk()
    cut = spool.Incoming("b.jpg", "image/jpeg")  # a request that was cut off
    cut.write(b"half")
    cut.file.close()
    spool.keep([spool.receive("c.jpg", "", [b"whole, without a row"])], timezone.now())
    assert len(phone.on_disk()) == 3
    assert spool.sweep(real_now=timezone.now()) == 0
    assert spool.sweep(real_now=timezone.now() + timedelta(hours=2)) == 2
    assert phone.on_disk() == kept
    # A file is the newest when it was written last, however long ago the submission began.
    old = (timezone.now() - timedelta(days=9)).timestamp()
    os.utime(spool.files() / kept[0], (old, old))
    assert spool.sweep(real_now=timezone.now()) == 0
