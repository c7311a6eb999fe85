"""What the report of a round costs, against its size, and whether it is the same bytes each time.

    PASAJ_HOME=$(mktemp -d) python bench/report.py

Makes a home of its own with the Haitian pack and rounds over its framework (72 indicators): a quarter of, half of and
all of 20 crossings and 32 institutions, three assessors on each unit. Prints seconds for reading a round into blocks,
for the PDF and the Word file, pages up to the last heading, kilobytes, and whether both files come out the same again:
from the same round in this process, and in a new one. Also what publishing in four languages takes.
`PASAJ_DATABASE_URL` runs it on PostgreSQL, in an empty database.
"""

# ruff: noqa: PLC0415 - models can be imported once Django is set up

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from pasaj.assess.models import Round
    from pasaj.core.report import Report

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
INSTITUTIONS, CROSSINGS, ASSESSORS = 32, 20, 3
VALUES, WEIGHTS = ["0", "1", "2", "3", "4", "not_observed", "not_applicable"], [2, 4, 5, 4, 2, 2, 1]
COMMENTED = 0.3
COMMENT = "Seen at the post: a register of the year is kept, filled in part."
ADOPTED = 30


def a_round(share: float) -> Round:
    """A round over a part of the pack, answered by all assessors about every unit."""
    from pasaj.access.rules import SYSTEM
    from pasaj.assess.models import FrameworkVersion
    from pasaj.assess.services import rounds
    from pasaj.collect.models import AppUser
    from pasaj.collect.services import phones
    from pasaj.registry.models import CrossingPoint, Institution

    institutions, crossings = (
        tuple(model.objects.order_by("code").values_list("code", flat=True)[: round(many * share)])
        for model, many in ((Institution, INSTITUTIONS), (CrossingPoint, CROSSINGS))
    )
    version = FrameworkVersion.objects.get(framework__code="border-management", state="published")
    scope = rounds.Scope(country="HT", institutions=institutions, crossings=crossings)
    wanted = rounds.Wanted(f"Bench {share:.0%}", date(2026, 9, 1), date(2026, 10, 31), scope, simulated=True)
    row = rounds.create(framework=version, wanted=wanted, actor=SYSTEM, now=NOW)
    for who in range(ASSESSORS):
        user = AppUser.objects.filter(name=f"Bench {who}").first()
        if user is None:
            user, _token = phones.add(wanted=phones.Wanted(name=f"Bench {who}"), actor=SYSTEM, now=NOW)
        rounds.add_assessor(code=row.code, app_user=user, actor=SYSTEM, now=NOW)
    row.state, row.opened_at = "closed", NOW
    row.save(update_fields=["state", "opened_at"])
    _answer(row)
    return row


def _answer(row: Round) -> None:
    from pasaj.assess.models import AnswerSheet
    from pasaj.assess.queries import rounds as queries
    from pasaj.collect.models import Form, FormVersion, Outcome, Submission, SubmissionVersion

    chance = random.Random(row.code)
    form, _new = Form.objects.get_or_create(form_id="bench", defaults={"names": {"en": "Bench"}, "created_at": NOW})
    version, _new = FormVersion.objects.get_or_create(
        form=form,
        version="1",
        defaults={"number": 1, "state": "published", "fields": [], "created_at": NOW, "published_at": NOW},
    )
    framework = queries.framework_of(row.framework)
    number = 0
    for unit in row.units.all():
        codes = [one.code for one in framework.of_unit(unit.sort)]
        for who in row.assessors.all():
            number += 1
            name = f"{row.code}{number:07}"
            told = Submission.objects.create(
                receipt=f"{row.code}-{number:04}-BENC", form=form, instance_id=f"uuid:{name}", via="web",
                received_at=NOW, recorded_at=NOW, updated_at=NOW, period_start=date(2026, 9, 1),
            )  # fmt: skip
            said = SubmissionVersion.objects.create(
                submission=told, form=form, number=1, instance_id=told.instance_id, version_text="1",
                form_version=version, sha256="0" * 64, size=1, received_at=NOW, recorded_at=NOW,
            )  # fmt: skip
            data = {
                "answers": {code: chance.choices(VALUES, WEIGHTS)[0] for code in codes},
                "sure": {code: chance.choice(["low", "medium", "high"]) for code in codes},
                "comments": {code: COMMENT for code in codes if chance.random() < COMMENTED},
            }
            outcome = Outcome.objects.create(
                version=said, kind="assessment", position="", state="done", data=data, created_at=NOW
            )
            AnswerSheet.objects.create(
                round=row, unit=unit, assessor=who, outcome=outcome, assessed_date=date(2026, 9, 15), received_at=NOW
            )


def find(row: Round) -> int:
    """Have the rules draft findings, and adopt the first of them."""
    from pasaj.access.rules import SYSTEM
    from pasaj.assess.models import Finding
    from pasaj.assess.services import drafting, findings

    drafting.draft(code=row.code, actor=SYSTEM, now=NOW)
    wanted = Finding.objects.filter(round=row, state="draft").order_by("pk")[:ADOPTED]
    for one in wanted:
        findings.adopt(code=one.code, seen=one.revision, actor=SYSTEM, now=NOW)
    return len(wanted)


def read(row: Round) -> Report:
    from pasaj.access.rules import SYSTEM
    from pasaj.assess.models import Round
    from pasaj.assess.queries.report import build

    fresh = Round.objects.select_related("framework__framework").get(pk=row.pk)
    return build(fresh, language="fr", actor=SYSTEM, now=NOW)


def timed(step: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = step()
    return time.perf_counter() - begun, found


def prints(row: Round) -> tuple[str, str]:
    """Fingerprints of both files, made anew from the round."""
    from pasaj.assess.services import rendering

    said = read(row)
    return hashlib.sha256(rendering.pdf(said)).hexdigest(), hashlib.sha256(rendering.docx(said)).hexdigest()


def elsewhere(row: Round) -> tuple[str, str]:
    """The same from another process."""
    done = subprocess.run([sys.executable, __file__, row.code], capture_output=True, text=True, check=True)
    pdf, docx = done.stdout.split()
    return pdf, docx


def measure(share: float) -> None:
    from pasaj.assess.queries import rounds as queries
    from pasaj.assess.services import rendering
    from pasaj.assess.services.rendering.pdf import heading_pages

    row = a_round(share)
    find(row)
    answers = len(queries.result(row).given)
    read(row)  # what is imported once
    built, said = timed(lambda: read(row))
    drawn, pdf = timed(lambda: rendering.pdf(said))
    written, docx = timed(lambda: rendering.docx(said))
    first = (hashlib.sha256(pdf).hexdigest(), hashlib.sha256(docx).hexdigest())
    same = first == prints(row), first == elsewhere(row)
    pages = heading_pages(said)[-1]
    print(
        f"{answers:>8} {built:>7.2f} {drawn:>7.2f} {written:>7.2f} {pages:>6} {len(pdf) / 1000:>8.0f} "
        f"{len(docx) / 1000:>8.0f} {'yes' if same[0] else 'NO':>6} {'yes' if same[1] else 'NO':>10} "
        f"{_published(row):>9.2f} {1000 * drawn / pages:>8.1f}"
    )
    assert all(same)


def _published(row: Round) -> float:
    from pasaj.access.rules import SYSTEM
    from pasaj.assess.services import reports

    return timed(lambda: reports.publish(code=row.code, actor=SYSTEM, now=NOW))[0]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
    if len(sys.argv) > 1:
        django.setup()
        from pasaj.assess.models import Round

        print(*prints(Round.objects.get(code=sys.argv[1])))
        return
    subprocess.run([sys.executable, "-m", "pasaj", "init", "--pack", "haiti"], check=True, stdout=subprocess.DEVNULL)
    django.setup()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; seconds")
    print(
        f"{'answers':>8} {'build':>7} {'pdf':>7} {'docx':>7} {'pages':>6} {'pdf kB':>8} {'docx kB':>8} {'again':>6} "
        f"{'elsewhere':>10} {'published':>9} {'ms/page':>8}"
    )
    for share in (0.25, 0.5, 1.0):
        measure(share)


if __name__ == "__main__":
    main()
