"""The simulated reports: forms of the pack, filled and sent through the service that takes those of real phones.

They are made in two steps. `plan` says which figures of the simulated year come with a report; `send` sends
what has not arrived yet, so that an interrupted demonstration goes on where it stopped.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.collect.models import AppUser, FormVersion, Submission, SubmissionVersion
from pasaj.collect.services import meaning, phones, review, spool
from pasaj.collect.services.submissions import Sender, receive
from pasaj.core import meaning as core
from pasaj.core.forms.fields import Field
from pasaj.core.problems import Refused, problem
from pasaj.site.demo import filling
from pasaj.site.demo.figures import Figure, SeriesName, World
from pasaj.site.demo.script import Script
from pasaj.site.demo.section import FILE
from pasaj.site.demo.senders import Report
from pasaj.site.demo.senders import Sender as Wanted

CORRECTED = timedelta(hours=2)
"""After the first version of a report that was wrong."""
Progress = Callable[[int, int], object]
Where = tuple[SeriesName, date]


@dataclass(frozen=True, slots=True)
class Planned:
    """One report of one day. `counts`: the questions whose answers are figures of the simulated year."""

    report: Report
    definition: bytes
    day: date
    at: datetime  # when it arrives
    instance: str
    counts: Mapping[str, Where] = field(default_factory=dict)

    def document(self, values: Mapping[Where, int], *, correction: bool = False) -> bytes:
        """What its phone sends: first the wrong answers, where it has some, then the correction."""
        counted = {question: str(values[where]) for question, where in self.counts.items() if where in values}
        wrong = bool(self.report.wrong) and not correction
        return filling.document(
            self.definition,
            {**counted, **self.report.filled(self.day, at_first=wrong)},
            instance=f"{self.instance}-2" if correction else self.instance,
            version=self.report.version,
            replaces=self.instance if correction else "",
        )


def plan(script: Script, world: World, now: datetime) -> list[Planned]:
    """Every report in the order of its arrival. Forms that are not published are passed over.

    Raises Refused CLI-024: an answer to a question that the form does not ask.
    """
    versions = {
        one.form.form_id: one
        for one in FormVersion.objects.filter(state=FormVersion.State.PUBLISHED).select_related("form", "definition")
    }
    made = [
        _planned(report, versions[report.form], world.last - timedelta(days=ago), world, now)
        for report in script.reports
        if report.form in versions
        for ago in report.days
    ]
    return sorted(made, key=lambda one: (one.at, one.instance))


def _planned(report: Report, version: FormVersion, day: date, world: World, now: datetime) -> Planned:
    definition = bytes(version.definition.xml)
    place = ".".join((report.sender, report.form, day.isoformat(), f"{report.hour:g}"))
    at = datetime.combine(day, time(), tzinfo=world.zone) + timedelta(hours=report.hour)
    try:
        counts = _counts(report, version, definition, day) if report.figures else {}
        filling.document(definition, report.filled(day, at_first=True), instance="-")
    except filling.UnknownQuestion as error:
        detail = f"[[report]] answers: the form {report.form} asks nothing of the name {error}"
        raise Refused(problem("CLI-024", detail=detail, file=FILE)) from error
    return Planned(
        report=report,
        definition=definition,
        day=day,
        at=min(at, now),
        instance=f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'pasaj:demo/{place}')}",
        counts=counts,
    )


def _counts(report: Report, version: FormVersion, definition: bytes, day: date) -> dict[str, Where]:
    """The questions that become figures, and which: the declaration of the form is asked with a one everywhere."""
    fields = tuple(Field.of(one) for one in version.fields)
    declared = core.parse(version.meaning, fields)
    given = report.filled(day)
    asked = {one.question.rpartition("/")[2] for one in declared.figures if not one.each} - given.keys()
    probe = filling.document(definition, {**dict.fromkeys(asked, "1"), **given}, instance="-")
    derived = core.derive(declared, core.read(probe, [one.path for one in fields if one.kind == "repeat"]))
    return {
        question: ((one.place, one.measure, one.category, one.source), one.period.start)
        for one in derived.figures
        if (question := one.position.partition("#")[0].rpartition("/")[2]) in asked
    }


def brought(plans: Iterable[Planned]) -> set[Where]:
    """The figures that come with a report, and by no other way."""
    return {where for one in plans for where in one.counts.values()}


def left(plans: Iterable[Planned]) -> list[Planned]:
    """Those of which a version has not arrived yet, or was not put to use."""
    stored = SubmissionVersion.objects.filter(submission__via="demo")
    done = set(
        stored.exclude(
            submission__state=Submission.State.RECEIVED, submission__processing=Submission.Processing.WAITING
        ).values_list("instance_id", flat=True)
    )
    return [one for one in plans if not done >= _instances(one)]


def _instances(one: Planned) -> set[str]:
    return {one.instance, f"{one.instance}-2"} if one.report.wrong else {one.instance}


# --- Sending -----------------------------------------------------------------------------------


def send(
    *,
    plans: Iterable[Planned],
    figures: Iterable[Figure],
    script: Script,
    actor: Actor,
    now: datetime,
    progress: Progress,
) -> None:
    """Send what has not arrived, each at its hour, and put it to use. Sending it again changes nothing."""
    waiting = list(plans)
    values = {((one.place, one.measure, one.category, one.source), one.day): one.value for one in figures}
    keys = _keys(script, actor, now)
    for at, one in enumerate(waiting, 1):
        sender = keys[one.report.sender, one.report.device]
        _deliver(one.document(values), one, sender, one.at)
        if one.report.wrong:
            _deliver(one.document(values, correction=True), one, sender, min(now, one.at + CORRECTED))
        progress(at, len(waiting))


def _deliver(xml: bytes, one: Planned, sender: Sender, at: datetime) -> None:
    name = one.report.picture
    files = [spool.receive(name, "image/png", [filling.picture()])] if name else []
    actor = Actor(id=None, label=str(sender.app_user), via="key")
    received = receive(xml=xml, files=files, sender=sender, incomplete=False, actor=actor, now=at)
    meaning.process(received.submission_id, now=at)


def _keys(script: Script, actor: Actor, now: datetime) -> dict[tuple[str, str], Sender]:
    """The keys with their devices, in the order in which the script names them: the first one is taken."""
    found: dict[tuple[str, str], Sender] = {}
    for wanted in script.senders:
        user, token = _key(wanted, actor, now)
        for device in dict.fromkeys(one.device for one in script.reports if one.sender == wanted.name):
            if wanted.open:  # the first device is whose who tries it out
                found[wanted.name, device] = Sender("demo", app_user=user)
                continue
            name = f"demo:{user.code}:{device}"
            known = user.devices.filter(device_id=name).first()
            if known is None:
                token = token or phones.renew(user=user, actor=actor, now=now)
                known = phones.identify(token, device_id=name, real_now=timezone.now())
            found[wanted.name, device] = Sender("demo", app_user=user, device=known)
    return found


def _key(wanted: Wanted, actor: Actor, now: datetime) -> tuple[AppUser, str]:
    """The key and, when it is new, its token."""
    user = AppUser.objects.filter(name=wanted.name).order_by("pk").first()
    if user is not None:
        return user, ""
    asked = phones.Wanted(
        name=wanted.name,
        crossing=wanted.crossing,
        form=wanted.form,
        language=wanted.language,
        institution=wanted.institution,
    )
    return phones.add(wanted=asked, actor=actor, now=now)


# --- Afterwards --------------------------------------------------------------------------------


def look(*, plans: Iterable[Planned], officer: Actor, now: datetime) -> None:
    """What the duty officer did with them; what somebody did since is left as it is."""
    for one in plans:
        row = Submission.objects.filter(via="demo", instance_id=one.instance).first() if one.report.step else None
        if row is None or row.events.filter(actor_id__isnull=False).exists():
            continue
        if one.report.step in review.possible(row):
            review.act(
                receipt=row.receipt,
                step=one.report.step,
                seen=review.mark(row),
                text=one.report.text,
                actor=officer,
                now=now,
            )


def address(script: Script, actor: Actor, now: datetime) -> str:
    """The path of the page of the open key, with a token that is new each time; empty without such a key."""
    for name in _open(script):
        user = AppUser.objects.filter(name=name, revoked_at=None).order_by("pk").first()
        if user is not None:
            return f"/key/{phones.renew(user=user, actor=actor, now=now)}/"
    return ""


def _open(script: Script) -> Iterator[str]:
    return (one.name for one in script.senders if one.open)
