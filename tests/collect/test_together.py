"""Several submissions in one transaction: each is stored or refused for itself, and none is answered before."""

from __future__ import annotations

import make
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from pasaj.collect.models import Form
from pasaj.collect.services import together
from pasaj.core.problems import Refused, problem

pytestmark = pytest.mark.django_db


def add(form_id: str, error: Exception | None = None) -> str:
    Form.objects.create(form_id=form_id, created_at=make.NOW)
    if error is not None:
        raise error
    return form_id


def stored() -> set[str]:
    return set(Form.objects.values_list("form_id", flat=True))


def test_one_that_is_refused_takes_nothing_from_the_others() -> None:
    refused = Refused(problem("COLLECT-023"))
    jobs = [
        together._Job(lambda: add("one")),
        together._Job(lambda: add("two", refused)),
        together._Job(lambda: add("one")),  # breaks a constraint
        together._Job(lambda: add("three")),
    ]
    together._run(jobs)
    assert stored() == {"one", "three"}
    assert [job.done for job in jobs] == [True] * 4
    assert [job.result for job in jobs] == ["one", None, None, "three"]
    assert jobs[1].error is refused
    assert isinstance(jobs[2].error, IntegrityError)


def test_when_the_commit_fails_all_of_them_hear_it() -> None:
    def spoil() -> str:
        transaction.set_rollback(True)  # as a full disk does
        raise DatabaseError("database or disk is full")

    jobs = [together._Job(lambda: add("one")), together._Job(lambda: add("two"))]
    jobs.append(together._Job(lambda: (_ for _ in ()).throw(KeyError("ours"))))
    together._run(jobs)
    assert stored() == {"one", "two"}
    assert isinstance(jobs[2].error, KeyError)
    with pytest.raises(DatabaseError):
        together.store(spoil)
    assert stored() == {"one", "two"}


def test_alone_it_needs_no_savepoint() -> None:
    assert together.store(lambda: add("alone")) == "alone"
    with pytest.raises(Refused):
        together.store(lambda: add("refused", Refused(problem("COLLECT-023"))))
    assert stored() == {"alone"}
