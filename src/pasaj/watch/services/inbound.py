"""Counts that posts send as text messages: read strictly, recorded as their source's, answered in one SMS.

A number reports for the posts of its contact's institution at the contact's crossing, and for posts whose own number
it is. What is not understood as a whole is recorded nowhere: the sender is told what is wrong, with one right example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from pasaj.access.queries import say
from pasaj.access.rules import Actor, Grant
from pasaj.access.services import audit
from pasaj.core.nearest import fold
from pasaj.core.periods import Period
from pasaj.core.problems import Problem, Refused, problem
from pasaj.core.textgram import Reading, Target, Words, read_strictly, render, reply
from pasaj.core.textgram.answering import fitting
from pasaj.notify.models import Contact, Inbound
from pasaj.notify.services import addresses, outbox
from pasaj.notify.services.outbox import Text
from pasaj.registry import queries as registry
from pasaj.registry.models import Home, Post
from pasaj.watch.models import TOTAL, Measure
from pasaj.watch.queries import figures, texts
from pasaj.watch.services import observations
from pasaj.watch.services.observations import Entry, SeriesKey

State = Inbound.State
COUNT = "count"
ORIGIN = "sms"
MOST = 20  # texts of one number within an hour that are read
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PATIENCE = timedelta(seconds=30)  # real time that others have for a text that is no report
CODES = timedelta(minutes=15)  # the same for what may be the code of somebody who is asked to approve
CODE_LENGTH = 24
HIDDEN = "[…]"
NEAREST = ("TEXT-003", "TEXT-007", "TEXT-008")  # problems that say what may have been meant are told before others


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a text: the contacts of the number, and the posts that it reports for."""

    contacts: Sequence[Contact]
    posts: Sequence[Post]

    @property
    def actor(self) -> Actor:
        """The sender as the log names it: by code, so that an erased contact leaves no name with its figures."""
        contact = self.contacts[0] if self.contacts else None
        label = contact.code if contact else self.posts[0].key
        grants = tuple(Grant("chief", one.institution_id, one.institution.code, one.crossing_id) for one in self.posts)
        return Actor(id=contact.account_id if contact else None, label=label, grants=grants, via="sms")


def read_waiting(*, now: datetime, real_now: datetime, limit: int = 200) -> int:
    """Settle the texts that wait, in their order. Returns how many. `now`: business clock.

    Reports are read at once; what may be meant for somebody else (the code of an approval) waits a little.
    """
    rows = Inbound.objects.filter(state=State.NEW).select_related("contact").order_by("pk")[:limit]
    words = _words_of_report()
    done = 0
    for row in rows:
        if _is_report(row.text, words) or row.recorded_at + _patience(row) <= real_now:
            done += read(number=row.pk, now=now)
    return done


def _words_of_report() -> frozenset[str]:
    said = Home.objects.filter(pk=1).values_list("words", flat=True).first() or []
    return frozenset(fold(one["word"]) for one in said if one["meaning"] == "report")


def _is_report(text: str, words: frozenset[str]) -> bool:
    return any(fold(text).startswith(one) for one in words)


def _patience(row: Inbound) -> timedelta:
    may_be_code = row.contact is not None and row.contact.account_id is not None and len(row.text) <= CODE_LENGTH
    return CODES if may_be_code else PATIENCE


def read(*, number: int, now: datetime, simulated: bool = False) -> bool:
    """Read one text, record what it counts, answer it, and write down what became of it. False: it was settled.

    `simulated`: of a demonstration, and so are its figures.
    """
    with transaction.atomic(), audit.at_the_end():
        row = Inbound.objects.select_for_update(of=("self",)).filter(pk=number, state=State.NEW).first()
        if row is None:
            return False
        sender = sender_of(row)
        found, reading, words = _understood(row, sender, now, simulated)
        row.state = State.UNKNOWN if found else State.SETTLED
        row.meaning = "" if found and found.code in ("INBOX-001", "INBOX-002", "INBOX-004") else COUNT
        row.problem = found.code if found else ""
        row.contact = row.contact or next(iter(sender.contacts), None)
        row.text = hidden(row.text) if found else row.text
        row.ref = _ref(reading) if found is None and reading else ""
        row.save(update_fields=["state", "meaning", "problem", "contact", "text", "ref"])
        _answer(row, found, reading, words, sender, now)
        if found:
            detail = {"problem": found.code}
            audit.record(actor=_actor(sender), action="inbound.refused", code=code_of(row), now=now, detail=detail)
    return True


def settle(*, row: Inbound, ref: str, actor: Actor, now: datetime) -> None:
    """Write down that a person has read a text as counts, with what came of it."""
    with transaction.atomic():
        Inbound.objects.filter(pk=row.pk).update(state=State.SETTLED, meaning=COUNT, ref=ref[:60], problem="")
        audit.record(actor=actor, action="inbound.read", code=code_of(row), now=now, detail={"ref": ref})


def code_of(row: Inbound) -> str:
    """How a text that came in is named: in the log, and as the `ref` of what it reported."""
    return f"IN-{row.pk}"


def hidden(text: str) -> str:
    """A text without what seems to name a person."""
    for hit in sorted(registry.naming(text), key=lambda one: one.start, reverse=True):
        text = text[: hit.start] + HIDDEN + text[hit.end :]
    return text


def sender_of(row: Inbound) -> Sender:
    """The contacts in office that have the number, and the posts it reports for."""
    reached = {"addresses__channel": row.channel, "addresses__value": row.sender}
    contacts = list(Contact.objects.filter(ended_at=None, **reached).distinct().order_by("turn", "code"))
    rows = Post.objects.filter(retired_at=None).select_related("crossing", "institution").order_by("key")
    theirs = [Q(crossing=one.crossing_id, institution=one.institution_id) for one in contacts if one.crossing_id]
    own = [one.pk for one in rows.exclude(phone="") if _same_number(one.phone, row.sender)]
    wanted = Q(pk__in=own)
    for each in theirs:
        wanted |= each
    return Sender(contacts, list(rows.filter(wanted)))


def _same_number(phone: str, sender: str) -> bool:
    try:
        return addresses.phone(phone) == sender
    except Refused:
        return False


def _actor(sender: Sender) -> Actor:
    known = sender.contacts or sender.posts
    return sender.actor if known else Actor(id=None, label="", via="sms")


# --- What it says ----------------------------------------------------------------------------------


def _understood(
    row: Inbound, sender: Sender, now: datetime, simulated: bool
) -> tuple[Problem | None, Reading | None, Words | None]:
    """Record what a text counts. What stands against it, how it was read, and with which words."""
    if not sender.contacts and not sender.posts:
        return problem("INBOX-001"), None, None
    recent = Inbound.objects.filter(sender=row.sender, recorded_at__gt=row.recorded_at - HOUR, pk__lte=row.pk)
    if recent.count() > MOST:
        return problem("INBOX-004"), None, None
    if not sender.posts:
        return problem("INBOX-002"), None, None
    words = texts.vocabulary(sender.actor)
    reading = read_strictly(row.text, words, observations.local_date(row.received_at))
    if reading.problems:
        first = reading.problems[0]
        nearest = (one for one in reading.problems if one.code in NEAREST)
        return first if first.code == "TEXT-001" else next(nearest, first), reading, words
    try:
        _record(row, reading, sender, now, simulated)
    except Refused as refused:
        return _as_sms(refused.problems[0]), reading, words
    return None, reading, words


def _as_sms(found: Problem) -> Problem:
    """OBS-014 asks for a tick on a page; by SMS the same text is sent again."""
    if found.code != "OBS-014":
        return found
    value, low, high = (found.params[name] for name in ("value", "low", "high"))
    return problem("INBOX-005", value=value, low=low, high=high)


def _record(row: Inbound, reading: Reading, sender: Sender, now: datetime, simulated: bool) -> None:
    """Store the figures, all or none. Raises Refused: INBOX-003, TEXT-004, and those of `report_all`."""
    place = reading.figures[0].place
    posts = [one for one in sender.posts if one.crossing.code == place]
    if not posts:
        names = ", ".join(dict.fromkeys(one.crossing.name for one in sender.posts))
        there = registry.crossings(sender.actor).filter(code=place).first()
        raise Refused(problem("INBOX-003", place=there or place, allowed=names))
    day = reading.figures[0].day
    if day is None:
        raise Refused(problem("TEXT-004", example="12/10"))
    confirmed = _sent_again(row)
    entries = [replace(one, confirmed=confirmed) for one in _entries(reading, posts, place, Period(day, day))]
    if simulated:
        entries = [replace(one, quality=observations.SIMULATED) for one in entries]
    observations.report_all(
        entries=entries,
        origin="demo" if simulated else ORIGIN,
        ref=code_of(row),
        reported_at=row.received_at,
        actor=sender.actor,
        now=max(now, row.received_at),
    )


def _sent_again(row: Inbound) -> bool:
    """Whether the very same text was asked about within a day: sending it again says that it is right."""
    asked = Inbound.objects.filter(
        sender=row.sender, problem="INBOX-005", received_at__gt=row.received_at - DAY, pk__lt=row.pk
    )
    return any(fold(text) == fold(row.text) for text in asked.values_list("text", flat=True))


def _entries(reading: Reading, posts: Sequence[Post], place: str, period: Period) -> list[Entry]:
    """Figures as their source's entries: zeros of everything expected, and totals whose parts are all there."""
    said = {one.target: one.value for one in reading.figures if one.target is not None}
    if not said:
        return [
            Entry(SeriesKey(place, measure, source=post.source_code), period, Decimal(0))
            for measure, post in _zeros(posts)
        ]
    entries = [_entry(target, value, posts, place, period) for target, value in said.items()]
    measures = Measure.objects.filter(code__in={one.measure for one in said}).order_by("order", "code")
    for measure in measures:
        parts = {Target(measure.code, one["code"]) for one in measure.categories}
        total = Target(measure.code, TOTAL)
        if parts and total not in said and parts <= set(said):
            value = sum((said[one] for one in parts), Decimal(0))
            entries.append(replace(_entry(total, value, posts, place, period), quality="derived"))
    return entries


def _entry(target: Target, value: Decimal, posts: Sequence[Post], place: str, period: Period) -> Entry:
    post = next((one for one in posts if target.measure in one.measures), posts[0])
    return Entry(SeriesKey(place, target.measure, category=target.category, source=post.source_code), period, value)


def _zeros(posts: Sequence[Post]) -> list[tuple[str, Post]]:
    levels = figures.levels_of()
    counted = Measure.objects.filter(cadence="day", kind="count", retired_at=None).exclude(pk__in=levels)
    known = set(counted.values_list("code", flat=True))
    return [(measure, post) for post in posts for measure in post.measures if measure in known]


def _ref(reading: Reading) -> str:
    one = reading.figures[0]
    return f"{one.place} {one.day.isoformat() if one.day else ''}".strip()


# --- What is answered ------------------------------------------------------------------------------


def _answer(
    row: Inbound, found: Problem | None, reading: Reading | None, words: Words | None, sender: Sender, now: datetime
) -> None:
    """One SMS: what was understood, or what is wrong with one right example. Once a day to those nobody knows."""
    quiet = found is not None and found.code in ("INBOX-001", "INBOX-002", "INBOX-004")
    if quiet and found is not None and _answered(row, found.code):
        return
    home = registry.home()
    languages = list(home.languages) if home else ["en"]
    said: dict[str, Text] = {}
    for language in languages:
        with translation.override(language):
            short = _said(row, found, reading, words, sender, language)
            said[language] = Text(subject=gettext("Your report"), body=short, short=short)
    outbox.reply(inbound=row, texts=_in_language(said, sender), now=now, ref=code_of(row))


def _in_language(said: Mapping[str, Text], sender: Sender) -> Mapping[str, Text]:
    """Only the sender's language where it is known."""
    wanted = sender.contacts[0].language if sender.contacts else ""
    return {wanted: said[wanted]} if wanted in said else said


def _answered(row: Inbound, code: str) -> bool:
    before = Inbound.objects.filter(sender=row.sender, problem=code, received_at__gt=row.received_at - DAY)
    return before.filter(pk__lt=row.pk).exists()


def _said(
    row: Inbound, found: Problem | None, reading: Reading | None, words: Words | None, sender: Sender, language: str
) -> str:
    today = observations.local_date(row.received_at)
    if found is None and reading is not None and words is not None:
        return fitting(reply(reading, words, today, language))
    assert found is not None
    told = say(found)
    if words is None or found.code == "INBOX-005":
        return fitting(f"{told.text} {told.remedy}")
    right = gettext("Write it like: {example}").format(example=_example(sender, words, today, language))
    return fitting(told.text, right)


def _example(sender: Sender, words: Words, today: date, language: str) -> str:
    """A message as this number may send it."""
    post = sender.posts[0]
    targets = [Target(measure, TOTAL) for measure in post.measures]
    parts = Measure.objects.filter(code__in=post.measures).values_list("code", "categories")
    targets += [Target(code, one["code"]) for code, categories in parts for one in categories]
    known = [one for one in targets if words.write("figure", language, one)][:2]
    said = [(one, Decimal(12 - 9 * at)) for at, one in enumerate(known)]
    return render(post.crossing.code, today - timedelta(days=1), said, words, today, language)
