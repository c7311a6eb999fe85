"""Reports in the chain of evidence: the node says that a report stands, figures say what it answers.

So a correction that leaves a figure's claim true alarms nobody, and a report that is set aside breaks what was
counted from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from pasaj.access.rules import Actor
from pasaj.collect.models import Outcome, Submission
from pasaj.evidence.models import Node
from pasaj.evidence.services import Draft, put, reinstate, touched, withdraw
from pasaj.registry.models import Home

KIND = "submission"


def cite(receipts: Collection[str], actor: Actor, now: datetime) -> None:
    """Put reports that stand into the chain. The same again changes nothing."""
    rows = Submission.objects.filter(receipt__in=receipts, state=Submission.State.RECEIVED).select_related("form")
    home = Home.objects.only("languages").first()
    drafts = [_draft(one, home.languages if home else ()) for one in rows.order_by("receipt")]
    if drafts:
        put(drafts=drafts, actor=actor, now=now)


def _draft(row: Submission, languages: Iterable[str]) -> Draft:
    titles = {}
    for language in languages:
        with translation.override(language):
            titles[language] = _("Report %(receipt)s (%(form)s)") % {"receipt": row.receipt, "form": row.form.form_id}
    fields = {"form": row.form.form_id, "received": row.received_at}
    return Draft(row.receipt, KIND, fields, {}, titles, simulated=row.simulated)


def follow(row: Submission, actor: Actor, now: datetime, note: str = "") -> None:
    """Tell the chain what has become of a report, in the transaction that changed it.

    One that does not count any more is withdrawn, one that counts again reinstated; figures that may hang on it are
    computed again. One or two queries where nobody has cited anything.
    """
    node = Node.objects.filter(code=row.receipt, kind=KIND).first()
    stands = row.state == Submission.State.RECEIVED
    if node is not None and stands == (node.withdrawn_at is not None):
        turn, why = (reinstate, _("It counts again.")) if stands else (withdraw, _("It does not count any more."))
        turn(code=row.receipt, note=note or why, actor=actor, now=now)
    counted(row, actor, now)


def counted(row: Submission, actor: Actor, now: datetime) -> None:
    """Compute again the figures that hang on what a report became."""
    rows = Outcome.objects.filter(version__submission=row).values_list("kind", "code")
    touched(topics=topics(rows.distinct()), actor=actor, now=now)


def topics(outcomes: Iterable[tuple[str, str]]) -> set[str]:
    """What figures may hang on, by kind and code of outcomes: `assessment:A1/BCP-NOR/A1-E2` is a topic, and so is
    each of its beginnings: `assessment:A1/BCP-NOR`, `assessment:A1` and `assessment:`.
    """
    found = set()
    for kind, code in outcomes:
        parts = code.split("/") if code else []
        found |= {f"{kind}:{'/'.join(parts[:length])}" for length in range(len(parts) + 1)}
    return found
