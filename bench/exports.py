"""How long the answers to a form take to leave, and how much memory: submissions with a repeat, as CSV and XLSX.

    PASAJ_HOME=$(mktemp -d) python bench/exports.py [SUBMISSIONS]

Makes a home of its own with that many submissions (100 000 unless given), each with three turns of a repeat, then
writes both files through the gate. Prints seconds, rows, file size, the growth of memory while writing, and load.
"""

# ruff: noqa: PLC0415 - models can be imported once Django is set up

from __future__ import annotations

import os
import resource
import sys
import time
from datetime import UTC, date, datetime, timedelta

import django

SLICE = 2000
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def fill(total: int) -> None:
    from django.db import transaction

    from pasaj.collect.models import Form, FormVersion
    from pasaj.core.forms.fields import Field
    from pasaj.registry.models import Home

    Home.objects.create(
        pk=1, code="bench", version="1", schema=1, names={"en": "Bench"}, languages=["en"], default_language="en",
        timezone="UTC", extent=[0, 0, 1, 1], cell="X", fingerprint="0" * 64, loaded_at=NOW,
    )  # fmt: skip
    fields = [
        *(Field(f"q{at}", f"q{at}", "integer", "int") for at in range(8)),
        Field("stall", "stall", "repeat"),
        *(Field(f"stall/{name}", name, "text", repeat="stall") for name in ("kind", "price", "note")),
    ]
    form = Form.objects.create(form_id="bench", names={"en": "Bench"}, created_at=NOW)
    version = FormVersion.objects.create(
        form=form, version="1", number=1, state="published", fields=[one.plain() for one in fields], created_at=NOW,
        published_at=NOW,
    )  # fmt: skip
    for start in range(0, total, SLICE):
        with transaction.atomic():
            _slice(form.pk, version.pk, range(start, min(start + SLICE, total)))


def _slice(form: int, version: int, numbers: range) -> None:
    from pasaj.collect.models import Submission, SubmissionBody, SubmissionVersion

    moments = [NOW - timedelta(seconds=number) for number in numbers]
    rows = Submission.objects.bulk_create(
        Submission(
            receipt=f"B{number:010}", form_id=form, instance_id=f"uuid:{number}", via="web", received_at=at,
            recorded_at=at, updated_at=at, period_start=date(2026, 1, 1),
        )
        for number, at in zip(numbers, moments, strict=True)
    )  # fmt: skip
    versions = SubmissionVersion.objects.bulk_create(
        SubmissionVersion(
            submission=row, form_id=form, number=1, instance_id=row.instance_id, version_text="1",
            form_version_id=version, sha256="0" * 64, size=1, received_at=row.received_at, recorded_at=row.received_at,
        )
        for row in rows
    )  # fmt: skip
    SubmissionBody.objects.bulk_create(SubmissionBody(version=one, xml=_xml(one.pk)) for one in versions)
    for row, one in zip(rows, versions, strict=True):
        row.current = one
    Submission.objects.bulk_update(rows, ["current"], batch_size=500)


def _xml(number: int) -> bytes:
    answers = "".join(f"<q{at}>{number % 97 + at}</q{at}>" for at in range(8))
    stall = "<stall><kind>rice</kind><price>2.5</price><note>as last week</note></stall>"
    return f"<data id='bench' version='1'>{answers}{stall * 3}</data>".encode()


def peak() -> int:
    """Most memory of this process until now, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(total: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
    django.setup()
    from django.core.management import call_command

    from pasaj.access.rules import SYSTEM
    from pasaj.collect.models import Form
    from pasaj.collect.queries.submissions import Filter
    from pasaj.collect.services import answers

    call_command("migrate", verbosity=0)
    fill(total)
    print(f"{total} submissions with 3 turns each; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'file':6} {'seconds':>8} {'rows':>8} {'MB':>7} {'memory before':>14} {'peak':>6}")
    for file in ("zip", "book"):
        before, started = peak(), time.monotonic()
        released = answers.export(
            form=Form.objects.get(), file=file, wanted=Filter(), zone=UTC, labels=False, language="en", actor=SYSTEM,
            now=NOW,
        )  # fmt: skip
        took = time.monotonic() - started
        size = released.file.seek(0, os.SEEK_END) / 1e6
        rows = released.release.rows if released.release else 0
        print(f"{file:6} {took:8.1f} {rows:8} {size:7.1f} {before:11} MB {peak():3} MB")
        released.file.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
