"""How long it takes from handing in a form to its publication: `python bench/forms.py [QUESTIONS…]`.

Each form has two languages, a chain of `relevant`, constraints and a list of choices. Says whether ODK Validate
took part, and what the machine was doing meanwhile.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from pathlib import Path

HOME = tempfile.mkdtemp(prefix="pasaj-bench-")
os.environ |= {"PASAJ_HOME": HOME, "DJANGO_SETTINGS_MODULE": "pasaj.site.settings", "PASAJ_FORM_SECONDS": "600"}
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import django  # noqa: E402

django.setup()

from collect.workbooks import workbook  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from pasaj.access.rules import SYSTEM  # noqa: E402
from pasaj.collect import jobs  # noqa: E402
from pasaj.collect.services import conversion  # noqa: E402


def form(questions: int) -> bytes:
    rows: list[tuple[object, ...]] = []
    for at in range(questions):
        relevant = f"${{q{at - 1}}} >= 0" if at % 10 else ""
        rows.append(("integer", f"q{at}", f"Compte {at}", f"Kantite {at}", relevant, "", ". >= 0"))
    settings: dict[str, object] = {"form_id": f"bench{questions}", "form_title": "Bench", "version": "1"}
    return workbook(*rows, settings=settings)


def main(sizes: list[int]) -> None:
    call_command("migrate", verbosity=0)
    print(f"ODK Validate: {'yes' if conversion.java() else 'no'}; load of the machine {os.getloadavg()[0]:.1f}")
    print(f"{'questions':>9}  {'seconds':>7}  {'state':<10} {'growth':>6}")
    before = 0.0
    for questions in sizes:
        data = form(questions)
        started = time.monotonic()
        row = conversion.upload(
            file=io.BytesIO(data), filename="bench.xlsx", publish=True, actor=SYSTEM, now=timezone.now()
        )
        row = jobs.convert(row.pk)
        took = time.monotonic() - started
        state = row.version.state if row.version else ", ".join(one["code"] for one in row.problems)
        print(f"{questions:>9}  {took:>7.2f}  {state:<10} {f'{took / before:.1f}x' if before else '':>6}")
        before = took


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [50, 500, 2000])
