"""Owners are reminded of what is late or silent, and indicators that are computed here read their figure.

Only policies that were adopted or are in force: nobody is chased for a draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pasaj.access.rules import SYSTEM
from pasaj.core.evidence import Quantity
from pasaj.core.policy.monitoring import RHYTHM
from pasaj.core.problems import Refused
from pasaj.evidence.models import Figure
from pasaj.notify import queries as notify
from pasaj.notify.models import Message, Mode
from pasaj.notify.services import outbox
from pasaj.notify.services.outbox import Draft, Text
from pasaj.policy.models import Indicator, Policy
from pasaj.policy.queries.board import Followed, Kept, due
from pasaj.policy.services import following
from pasaj.registry import queries as registry
from pasaj.registry.models import Institution, localised

KIND = "policy"
AGAIN = timedelta(days=RHYTHM // 3)
"""Before so long an institution is not reminded again of the same policy."""
LIVE = (Policy.State.ADOPTED, Policy.State.IN_FORCE)
LISTED = 12
SHORT = 140


def remind(*, now: datetime) -> int:
    """Put a message for each owner that has something late or silent into the outbox; returns how many."""
    count = 0
    for row in Policy.objects.filter(state__in=LIVE).order_by("pk"):
        for institution, (actions, indicators) in due(row, now.date()).items():
            count += _remind(row, institution, actions, indicators, now)
    return count


def _remind(
    row: Policy, institution: Institution, actions: Sequence[Kept], indicators: Sequence[Followed], now: datetime
) -> int:
    ref = f"{row.code}/{institution.code}"
    if Message.objects.filter(kind=KIND, ref=ref, created_at__gt=now - AGAIN).exists():
        return 0
    contacts = list(notify.recipients(institutions=[institution.code]))
    if not contacts:
        return 0  # the board shows all the same what is late
    mode = Mode.EXERCISE if row.simulated else Mode.ACTUAL
    draft = Draft(kind=KIND, ref=ref, texts=_spoken(row, actions, indicators), mode=mode)
    outbox.put(draft=draft, contacts=contacts, actor=SYSTEM, now=now)
    return 1


def _spoken(row: Policy, actions: Sequence[Kept], indicators: Sequence[Followed]) -> Mapping[str, Text]:
    home = registry.home()
    languages: Sequence[str] = home.languages if home else ["en"]
    found = {}
    for language in languages:
        with translation.override(language):
            found[language] = _text(row, actions, indicators)
    return found


def _text(row: Policy, actions: Sequence[Kept], indicators: Sequence[Followed]) -> Text:
    number = len(actions) + len(indicators)
    values = {"policy": localised(row.names), "code": row.code, "number": number}
    subject = ngettext(
        "%(number)s thing of yours waits for a word: %(policy)s (%(code)s)",
        "%(number)s things of yours wait for a word: %(policy)s (%(code)s)", number,
    ) % values  # fmt: skip
    lines = [*(_action(one) for one in actions), *(_indicator(one) for one in indicators)]
    more = [f"+ {number - LISTED}"] if number > LISTED else []
    closing = _("Say how they stand on the page of your actions.")
    body = "\n".join([f"{subject}.", *lines[:LISTED], *more, closing])
    short = ngettext(
        "%(code)s: %(number)s action or indicator of yours waits for a word.",
        "%(code)s: %(number)s actions or indicators of yours wait for a word.", number,
    ) % values  # fmt: skip
    return Text(subject, body, short[:SHORT])


def _action(one: Kept) -> str:
    values = {"code": one.row.code, "text": localised(one.row.text), "days": one.standing.days}
    if one.standing.state == "late":
        return _("%(code)s %(text)s: %(days)s days late") % values
    return _("%(code)s %(text)s: no word for %(days)s days") % values


def _indicator(one: Followed) -> str:
    values = {"code": one.row.code, "text": localised(one.row.text), "days": one.course.days}
    return _("%(code)s %(text)s: no observation for %(days)s days") % values


# --- Figures ---------------------------------------------------------------------------------------


def read_figures(*, now: datetime) -> int:
    """Observe the indicators that are computed here when they are due; returns how many were read.

    The value is the figure's as it stands in the chain of evidence, for the day it was computed. A figure of several
    values, or of none, is left alone: the indicator becomes silent and a person is asked.
    """
    rows = Indicator.objects.filter(origin=Indicator.Origin.PASAJ, withdrawn_at=None).exclude(figure="")
    count = 0
    for row in rows.order_by("pk"):
        count += _read(row, now)
    return count


@transaction.atomic
def _read(row: Indicator, now: datetime) -> int:
    figure = Figure.objects.select_related("node").filter(node__code=row.figure, node__withdrawn_at=None).first()
    value = _value(figure)
    if figure is None or value is None:
        return 0
    day = min(figure.as_of.date(), now.date())
    newest = row.readings.order_by("-period_end", "-revision").first()
    gone = (day - newest.period_end).days if newest else 0
    recounted = newest is not None and gone == 0 and newest.value != value
    if newest and gone < (row.every_days or 1) and not recounted:
        return 0
    try:
        following.observe(
            code=row.code, period_end=day, value=value, source=row.figure, actor=SYSTEM, now=now, figure=row.figure
        )
    except Refused:
        return 0  # a number with more decimals than are kept: a person is asked when it is silent
    return 1


def _value(figure: Figure | None) -> Decimal | None:
    """The one number of a figure, to four decimals."""
    if figure is None:
        return None
    numbers = {name: one.value for name, one in figure.node.values.items() if isinstance(one, Quantity)}
    found = numbers.get("value", next(iter(numbers.values())) if len(numbers) == 1 else None)
    return None if found is None else round(found, 4)
