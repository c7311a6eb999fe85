from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from access.lifting import lifted
from django.db import IntegrityError, connection, transaction

from pasaj.access.models import GENESIS, AuditDetail, AuditEntry
from pasaj.access.rules import SYSTEM, Actor
from pasaj.access.services import audit
from pasaj.core.problems import Refused

NOW = datetime(2025, 10, 1, 12, 0, tzinfo=UTC)
DPO = Actor(id=90, label="Dee")


def write(number: int = 1, actor: Actor = SYSTEM, **detail: object) -> AuditEntry:
    for at in range(number):
        audit.record(actor=actor, action="test.done", code=f"T-{at}", now=NOW, detail=detail)
    return AuditEntry.objects.latest("id")


def tamper(sql: str) -> None:
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_entries_of_several_things_are_written_together_at_the_end() -> None:
    def codes() -> list[str]:
        return list(AuditEntry.objects.order_by("id").values_list("code", flat=True))

    def note(code: str) -> None:
        audit.record(actor=SYSTEM, action="test.done", code=code, now=NOW)

    with transaction.atomic(), audit.at_the_end():
        note("T-1")
        with transaction.atomic(), audit.at_the_end():
            note("T-2")
        with contextlib.suppress(ValueError), transaction.atomic(), audit.at_the_end():
            note("T-3")
            raise ValueError
        note("T-4")
        assert codes() == []
    note("T-5")
    with contextlib.suppress(ValueError), transaction.atomic(), audit.at_the_end():
        note("T-6")
        raise ValueError
    assert codes() == ["T-1", "T-2", "T-4", "T-5"]
    assert audit.verify().sound


@pytest.mark.django_db
def test_an_entry_says_who_did_what_when_and_through_what() -> None:
    actor = Actor(id=7, label="Ana", via="token")
    audit.record(actor=actor, action="thing.done", code="T-1", now=NOW, detail={"email": "a@example.org"})
    entry = AuditEntry.objects.get()
    assert (entry.id, entry.at, entry.actor_id, entry.via, entry.action, entry.code, entry.previous_hash) == (
        1,
        NOW,
        7,
        "token",
        "thing.done",
        "T-1",
        GENESIS,
    )
    assert entry.recorded_at > datetime(2025, 12, 1, tzinfo=UTC)  # the real clock, not the business one
    assert entry.commitments.keys() == {"email"}
    assert "example.org" not in str(AuditEntry.objects.values().get())
    assert entry.detail.values == {"email": "a@example.org"}


@pytest.mark.django_db
def test_without_detail_there_is_nothing_to_erase() -> None:
    assert write().commitments == {}
    assert not AuditDetail.objects.exists()


@pytest.mark.req("R7.3")
@pytest.mark.django_db(transaction=True)
def test_an_entry_belongs_into_the_transaction_of_its_change() -> None:
    with pytest.raises(RuntimeError):
        write()
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()
    with transaction.atomic():
        write()
    assert audit.verify().entries == 1


@pytest.mark.django_db
def test_a_sound_log_verifies_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "SLICE", 3)
    last = write(
        7, count=Decimal("1.50"), day=date(2025, 10, 1), tiny=1e-7, huge=1e22, words={"b": "é", "a": [None, True]}
    )
    seen: list[int] = []
    assert audit.verify(seen.append) == audit.Verification(entries=7, erased=0, head=last.hash)
    assert audit.verify().sound
    assert seen == [3, 6, 7]


@pytest.mark.django_db
def test_an_empty_log_is_sound() -> None:
    assert audit.verify() == audit.Verification(entries=0, erased=0, head=GENESIS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "code", "entry"),
    [
        ("UPDATE access_auditentry SET action = 'other' WHERE id = 2", "ACCESS-012", 2),
        ("UPDATE access_auditentry SET actor_id = 5 WHERE id = 3", "ACCESS-012", 3),
        ("UPDATE access_auditentry SET at = recorded_at WHERE id = 1", "ACCESS-012", 1),
        ("UPDATE access_auditentry SET commitments = '{}' WHERE id = 1", "ACCESS-012", 1),
        ("UPDATE access_auditentry SET previous_hash = 'x' WHERE id = 3", "ACCESS-011", 3),
        ("DELETE FROM access_auditentry WHERE id = 2", "ACCESS-010", 3),
        ("DELETE FROM access_auditentry WHERE id = 1", "ACCESS-010", 2),
        ("DELETE FROM access_auditentry WHERE id = 4", "ACCESS-014", 4),
        ("UPDATE access_auditdetail SET content = '{\"n\":2}' WHERE entry_id = 3", "ACCESS-013", 3),
        ('UPDATE access_auditdetail SET content = \'{"n":1,"m":1}\' WHERE entry_id = 3', "ACCESS-013", 3),
        ("UPDATE access_auditdetail SET salt = '00' WHERE entry_id = 2", "ACCESS-013", 2),
    ],
)
def test_the_first_broken_entry_is_named(sql: str, code: str, entry: int) -> None:
    write(4, n=1)
    assert audit.verify().sound
    tamper(sql)
    found = audit.verify()
    assert found.problem is not None
    assert (found.problem.code, found.problem.row, found.sound) == (code, entry, False)


@pytest.mark.django_db
def test_a_cut_off_end_shows_in_the_head() -> None:
    write(2)
    head = audit.verify().head
    tamper("DELETE FROM access_auditentry WHERE id = 2")
    assert audit.verify().sound
    assert audit.verify().head != head


@pytest.mark.django_db
def test_the_chain_cannot_fork() -> None:
    first = write()
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.create(
            id=2, at=NOW, recorded_at=NOW, via="x", action="x", previous_hash=first.previous_hash, hash="x"
        )


@pytest.mark.req("R7.4")
@pytest.mark.django_db
def test_erasing_one_entry_leaves_the_log_valid() -> None:
    write(2, email="a@example.org")
    with pytest.raises(Refused, match="ACCESS-017"):
        audit.erase(actor=DPO, now=NOW, reason=" ", entries=[1])
    assert audit.erase(actor=DPO, now=NOW, reason="asked for", entries=[1]) == 1
    assert list(AuditDetail.objects.values_list("entry_id", flat=True)) == [2, 3]
    assert AuditEntry.objects.get(pk=3).action == "audit.erased"
    assert AuditEntry.objects.get(pk=3).code == "AUDIT-1"
    assert AuditDetail.objects.get(pk=3).values == {"entries": [1], "reason": "asked for"}
    found = audit.verify()
    assert (found.entries, found.erased, found.sound) == (3, 1, True)


@pytest.mark.django_db
def test_erasing_a_person_takes_what_they_did_and_what_was_said_of_them() -> None:
    write(1, Actor(id=5, label="Ana"), note="by 5")
    audit.record(actor=SYSTEM, action="account.changed", code="ACCOUNT-5", now=NOW, detail={"name": "Ana"})
    audit.record(actor=SYSTEM, action="account.changed", code="ACCOUNT-55", now=NOW, detail={"name": "Bea"})
    assert audit.erase(actor=DPO, now=NOW, reason="asked for", account_id=5) == 2
    assert [detail.values for detail in AuditDetail.objects.order_by("pk")] == [
        {"name": "Bea"},
        {"entries": [1, 2], "reason": "asked for"},
    ]
    assert audit.verify().sound
    assert audit.erase(actor=DPO, now=NOW, reason="asked for", account_id=6) == 0
    assert AuditEntry.objects.count() == 4


@pytest.mark.django_db
def test_an_erased_value_cannot_be_guessed_back() -> None:
    """The same value gives another commitment each time: without the salt there is nothing to compare with."""
    first, second = write(1, email="a@example.org"), write(1, email="a@example.org")
    assert first.commitments["email"] != second.commitments["email"]


@pytest.mark.django_db
def test_looking_at_the_values_of_others_is_an_entry() -> None:
    mine, theirs = write(1, DPO, n=1), write(1, Actor(id=5, label="Ana"), n=2)
    assert audit.read_values(entry=mine, actor=DPO, now=NOW) == (audit.Value("n", 1, genuine=True),)
    nested = audit.Value("rows", {"new": 3, "kept": {"old": 1, "none": None}, "codes": ["A", "B"]}, genuine=True)
    assert nested.said == "new: 3, kept: old: 1, none: , codes: A, B"
    assert AuditEntry.objects.count() == 2
    assert audit.read_values(entry=theirs, actor=DPO, now=NOW) == (audit.Value("n", 2, genuine=True),)
    last = AuditEntry.objects.get(pk=3)
    assert (last.action, last.code, last.actor_id) == ("audit.viewed", "AUDIT-2", 90)
    assert audit.read_values(entry=last, actor=DPO, now=NOW) == ()  # it has none: nothing was looked at
    assert AuditEntry.objects.count() == 3


@pytest.mark.skipif(connection.vendor != "postgresql", reason="On SQLite the write lock does it")
@pytest.mark.django_db(transaction=True)
def test_entries_of_two_connections_wait_for_each_other(in_threads: Callable[[Callable[[], None], int], None]) -> None:
    def many() -> None:
        for _turn in range(10):
            with transaction.atomic():
                write()

    in_threads(many, 4)
    found = audit.verify()
    assert (found.entries, found.sound) == (40, True)
