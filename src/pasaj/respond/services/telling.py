"""What institutions are told of an activation: their tasks, what may begin, what is overdue, and its end.

Texts are made in every language of the home; the outbox marks what is not in earnest and picks the language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pasaj.access.rules import Actor
from pasaj.notify import queries as notify
from pasaj.notify.models import Contact, Severity
from pasaj.notify.services import outbox
from pasaj.notify.services.outbox import Draft, Text
from pasaj.registry import queries as registry
from pasaj.registry.models import Home, Institution, localised
from pasaj.respond.models import Activation, AlertMessage, ResourceRequest, Task

KIND, ESCALATION = "task", "escalation"
SHORT = 140
"""Characters of a short text before the name of what it speaks of is cut."""


def activated(row: Activation, actor: Actor, now: datetime) -> None:
    """Tell every institution of its tasks."""
    _tell_tasks(row, row.tasks.select_related("institution").order_by("due_at", "order"), actor, now)


def level_changed(row: Activation, new: Sequence[Task], gone: Sequence[Task], actor: Actor, now: datetime) -> None:
    """Tell the institutions whose tasks came; and those whose tasks all went, that nothing is left to do."""
    _tell_tasks(row, new, actor, now)
    for institution, tasks in _by_institution(gone).items():
        _put(row, KIND, f"{row.code}/{institution.code}", institution, tasks, _gone_text(row, tasks), actor, now)


def reassigned(row: Activation, task: Task, actor: Actor, now: datetime) -> None:
    """Tell the institution that has a task from now on."""
    _tell_tasks(row, [task], actor, now)


def opened(row: Activation, tasks: Sequence[Task], actor: Actor, now: datetime) -> None:
    """Tell institutions that tasks which waited may begin."""
    for institution, own in _by_institution(tasks).items():
        ref = f"{row.code}/{institution.code}"
        _put(row, KIND, ref, institution, own, _tasks_text(row, own, begins=True), actor, now)


def stood_down(row: Activation, actor: Actor, now: datetime) -> None:
    """Tell every institution that had a task."""
    tasks = row.tasks.select_related("institution").order_by("due_at", "order")
    for institution, own in _by_institution(tasks).items():
        _put(row, KIND, f"{row.code}/{institution.code}", institution, own, _end_text(row), actor, now)


def overdue(row: Activation, task: Task, step: int, actor: Actor, now: datetime) -> None:
    """Tell of a task that is overdue: at step 1 its institution, at step 2 the coordination cell."""
    home = registry.home()
    cell = Institution.objects.filter(code=home.cell).first() if home and home.cell else None
    institution = task.institution if step == 1 else cell
    if institution is not None:
        _put(row, ESCALATION, task.code, institution, [task], _overdue_text(row, task), actor, now, urgent=True)


def ended(row: Activation, actor: Actor, now: datetime) -> None:
    """Tell the cell that the measure has reached its end and needs a decision."""
    home = registry.home()
    cell = Institution.objects.filter(code=home.cell).first() if home and home.cell else None
    if cell is not None:
        _put(row, ESCALATION, row.code, cell, [], _past_text(row), actor, now)


def requested(one: ResourceRequest, actor: Actor, now: datetime) -> None:
    """Tell the institution that is asked for something."""
    _put(one.activation, KIND, one.code, one.asked, [], _request_text(one), actor, now)


def answered(one: ResourceRequest, actor: Actor, now: datetime) -> None:
    """Tell the institution that asked what became of it."""
    _put(one.activation, KIND, one.code, one.asking, [], _request_text(one), actor, now)


# --- Whom ----------------------------------------------------------------------------------------


def contacts_of(institution: Institution, tasks: Iterable[Task], row: Activation, severity: str) -> list[Contact]:
    """Its contacts in the roles that the plan names for these tasks; all of them where it has none of these."""
    named = {one["code"]: one["roles"] for one in row.content["actions"]}
    roles = sorted({role for task in tasks for role in named.get(task.action, ())})
    found = list(notify.recipients(institutions=[institution.code], roles=roles, severity=severity)) if roles else []
    return found or list(notify.recipients(institutions=[institution.code], severity=severity))


def severity_of(row: Activation) -> str:
    """How grave the alert is, as its newest published message says."""
    newest = row.alert.messages.filter(state=AlertMessage.State.PUBLISHED).order_by("-number").first()
    return newest.severity if newest else Severity.MODERATE


def _by_institution(tasks: Iterable[Task]) -> dict[Institution, list[Task]]:
    found: dict[Institution, list[Task]] = {}
    for one in tasks:
        found.setdefault(one.institution, []).append(one)
    return found


def _tell_tasks(row: Activation, tasks: Iterable[Task], actor: Actor, now: datetime) -> None:
    for institution, own in _by_institution(tasks).items():
        text = _tasks_text(row, own, begins=False)
        _put(row, KIND, f"{row.code}/{institution.code}", institution, own, text, actor, now, acknowledge=True)


def _put(
    row: Activation,
    kind: str,
    ref: str,
    institution: Institution,
    tasks: Sequence[Task],
    write: Callable[[], Text],
    actor: Actor,
    now: datetime,
    *,
    urgent: bool = False,
    acknowledge: bool = False,
) -> None:
    severity = severity_of(row)
    contacts = contacts_of(institution, tasks, row, severity)
    if not contacts:
        return  # the board says that nobody of it is in the directory
    hours = row.content["promises"].get("acknowledge")
    draft = Draft(
        kind=kind,
        ref=ref,
        texts=_spoken(write),
        mode=row.mode,
        severity=severity,
        urgent=urgent or severity in (Severity.SEVERE, Severity.EXTREME),
        acknowledge_minutes=max(1, round(hours * 60)) if acknowledge and hours else None,
    )
    outbox.put(draft=draft, contacts=contacts, actor=actor, now=now)


# --- What ----------------------------------------------------------------------------------------


def _spoken(write: Callable[[], Text]) -> Mapping[str, Text]:
    home = registry.home()
    languages: Sequence[str] = home.languages if home else ["en"]
    found = {}
    for language in languages:
        with translation.override(language):
            found[language] = write()
    return found


def _moment(at: datetime) -> str:
    home: Home | None = registry.home()
    local = at.astimezone(home.zone) if home else at
    return date_format(local, "j M H:i")


def _plan(row: Activation) -> str:
    return localised(row.content["names"])


def _line(task: Task) -> str:
    return _("%(when)s: %(what)s (%(code)s)") % {
        "when": _moment(task.due_at), "what": localised(task.names), "code": task.code
    }  # fmt: skip


def _tasks_text(row: Activation, tasks: Sequence[Task], *, begins: bool) -> Callable[[], Text]:
    def write() -> Text:
        values = {"plan": _plan(row), "code": row.code, "number": len(tasks)}
        if begins:
            subject = _("May begin now: %(plan)s (%(code)s)") % values
        else:
            subject = _("Your tasks: %(plan)s (%(code)s)") % values
        count = ngettext("%(number)s task for you by:", "%(number)s tasks for you by:", len(tasks)) % values
        body = "\n".join([subject + ".", count, *(_line(one) for one in tasks)])
        first = _line(tasks[0])
        more = f" +{len(tasks) - 1}" if len(tasks) > 1 else ""
        return Text(subject, body, f"{row.code}. {_cut(first)}{more}")

    return write


def _gone_text(row: Activation, tasks: Sequence[Task]) -> Callable[[], Text]:
    def write() -> Text:
        values = {"plan": _plan(row), "code": row.code}
        subject = _("No longer needed: %(plan)s (%(code)s)") % values
        return Text(subject, "\n".join([subject + ".", *(_line(one) for one in tasks)]), _cut(subject))

    return write


def _end_text(row: Activation) -> Callable[[], Text]:
    def write() -> Text:
        values = {"plan": _plan(row), "code": row.code}
        subject = _("Stood down: %(plan)s (%(code)s)") % values
        body = subject + ".\n" + _("What was not done yet is no longer asked for. A review follows.")
        return Text(subject, body, _cut(subject))

    return write


def _past_text(row: Activation) -> Callable[[], Text]:
    def write() -> Text:
        values = {"plan": _plan(row), "code": row.code, "end": date_format(row.ends_date, "j M Y")}
        subject = _("The measure ended on %(end)s: %(plan)s (%(code)s)") % values
        return Text(subject, subject + ".\n" + _("Stand it down, or prolong it with a reason."), _cut(subject))

    return write


def _overdue_text(row: Activation, task: Task) -> Callable[[], Text]:
    def write() -> Text:
        values = {"what": localised(task.names), "code": task.code, "when": _moment(task.due_at)}
        subject = _("Overdue since %(when)s: %(what)s (%(code)s)") % values
        who = _("With: %(institution)s.") % {"institution": localised(task.institution.names)}
        return Text(subject, f"{subject}.\n{who}", _cut(subject))

    return write


def _request_text(one: ResourceRequest) -> Callable[[], Text]:
    def write() -> Text:
        values = {
            "code": one.code,
            "quantity": f"{one.quantity.normalize():f}",
            "unit": one.unit,
            "what": one.what,
            "asking": localised(one.asking.names),
            "when": _moment(one.needed_at),
        }
        titles = {
            ResourceRequest.State.ASKED: _("Asked of you: %(what)s (%(code)s)"),
            ResourceRequest.State.PROMISED: _("Promised: %(what)s (%(code)s)"),
            ResourceRequest.State.REFUSED: _("Refused: %(what)s (%(code)s)"),
            ResourceRequest.State.DELIVERED: _("Delivered: %(what)s (%(code)s)"),
            ResourceRequest.State.WITHDRAWN: _("No longer asked for: %(what)s (%(code)s)"),
        }
        subject = titles[ResourceRequest.State(one.state)] % values
        body = _("%(quantity)s %(unit)s of %(what)s for %(asking)s, needed by %(when)s.") % values
        return Text(subject, f"{subject}.\n{body}", _cut(subject))

    return write


def _cut(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"
