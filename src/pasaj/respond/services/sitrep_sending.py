"""Sending a situation report: into the outbox, with the PDF attached, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from pasaj.access.rules import Actor
from pasaj.core.problems import Refused, problem
from pasaj.notify.models import Contact
from pasaj.notify.services import outbox
from pasaj.registry.models import Home
from pasaj.respond.models import Sitrep
from pasaj.respond.queries import sitreps as queries
from pasaj.respond.services import sitrep_files as files
from pasaj.respond.services.sitreps import opened, record

State = Sitrep.State
BODY = 3000  # characters of a mail's text
SHORT = 150  # of an SMS
PLAIN = str.maketrans(
    {"\u202f": " ", "\xa0": " ", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "·": "-"}
)
"""Letters for which an SMS would cost twice as much, and what stands for them."""


def send(
    *, code: str, seen: int, contacts: Iterable[Contact], edition: str, actor: Actor, now: datetime
) -> Sitrep:  # fmt: skip
    """Tell these contacts, with the PDF of an edition in the language of reference. It goes out once.

    The file is drawn before anything is locked. Raises Refused: SITREP-001, 002, 003, 008 (nobody to tell), 009, what
    the gate raises, and what the outbox raises.
    """
    people = list(contacts)
    if not people:
        raise Refused(problem("SITREP-008", column="institutions"))
    row = Sitrep.objects.select_related("previous", "corrects").filter(code=code).first()
    if row is None:
        raise Refused(problem("SITREP-001", code=code[:20]))
    if row.state != State.APPROVED:
        raise Refused(problem("SITREP-003", code=code, state=row.state))
    attached = _attached(row, edition, actor, now)
    draft = outbox.Draft(
        kind="sitrep",
        ref=row.code,
        texts={language: _text(row, language, edition) for language in row.texts},
        mode=row.mode,
        attachments=(attached,),
    )
    with transaction.atomic():
        row = opened(code, seen, State.APPROVED)
        message = outbox.put(draft=draft, contacts=people, actor=actor, now=now)
        row.state, row.sent_at, row.message, row.revision = State.SENT, now, message.code, row.revision + 1
        row.save(update_fields=["state", "sent_at", "message", "revision"])
        record(row, "sent", actor, now, edition=edition, message=message.code, contacts=len(people))
    return row


def _attached(row: Sitrep, edition: str, actor: Actor, now: datetime) -> outbox.Attachment:
    language = Home.objects.only("default_language").get(pk=1).default_language
    released = files.export(row=row, language=language, edition=edition, form="pdf", actor=actor, now=now)
    name = f"{row.code}-{edition}-{language}.pdf"
    return outbox.Attachment(name=name, media_type=files.FORMS["pdf"], path=files.keep(released, name))


def _text(row: Sitrep, language: str, edition: str) -> outbox.Text:
    headline = queries.texts_of(row, edition)[language]["headline"]
    with override(language):
        subject = _("Situation report {code}: {headline}").format(code=row.code, headline=headline)
    body = queries.chat(row, language=language, edition=edition, limit=BODY).text
    short = queries.chat(row, language=language, edition=edition, limit=SHORT).text
    return outbox.Text(subject=" ".join(subject.split())[:200], body=body, short=short.translate(PLAIN))
