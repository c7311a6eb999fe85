"""`pasaj policy check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pasaj.core.problems import Refused, problem
from pasaj.site.cli import ground, tell
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.policy.queries.coherence import Checked, Found


@click.group(epilog="Example: pasaj policy check P1")
def policy() -> None:
    """Policies: whether they are coherent."""


@policy.command(epilog="Example: pasaj policy check P1 --json")
@click.argument("code", metavar="POLICY", default="")
@click.option("--json", "as_json", is_flag=True, help="Print every breach as JSON.")
def check(code: str, as_json: bool) -> None:
    """Check POLICY (the only one, when left out) by every coherence rule.

    Exit code 1 when an error stands that nobody waived; warnings and notes alone leave it 0; 2 when there is no such
    policy.
    """
    ground.open_home()

    from django.utils import timezone

    from pasaj.policy.models import Policy
    from pasaj.policy.queries import coherence as queries
    from pasaj.registry import queries as registry

    rows = list(Policy.objects.order_by("pk"))
    row = queries.only(rows, code)
    if row is None:
        raise Refused(problem("CLI-041", code=code or "…", known=", ".join(one.code for one in rows) or "–"))
    home, now = registry.home(), timezone.now()
    found = queries.checked(row, (home.business_now(now) if home else now).date())
    if as_json:
        tell.as_json(queries.plain(found))
    else:
        _say(found)
    if found.stops:
        click.get_current_context().exit(1)


def _say(found: Checked) -> None:
    for one in found.found:
        tell.say(_line(one))
    counts = found.counts
    tell.say(
        _("{policy}: {errors} errors, {warnings} warnings, {notes} notes, {waived} waived.").format(
            policy=found.policy.code,
            errors=counts["error"],
            warnings=counts["warning"],
            notes=counts["note"],
            waived=counts["waived"],
        )
    )


def _line(one: Found) -> str:
    said = one.said
    words = {"error": _("error"), "warning": _("warning"), "note": _("note")}
    head = f"{one.breach.rule} {words[str(one.rule.severity)]} {one.breach.statement}: {said.text}"
    if one.waiver:
        return f"{head}\n  {_('Waived: {reason}').format(reason=one.waiver.reason)}"
    return f"{head}\n  {_('Remedy: {text}').format(text=said.remedy)}"
