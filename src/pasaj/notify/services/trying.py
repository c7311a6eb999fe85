"""One test message to one address of a contact, sent on purpose and marked as a test in its first words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pasaj.access.rules import Actor, can
from pasaj.access.services import audit
from pasaj.core.problems import Refused, problem
from pasaj.notify.models import Address, Delivery, Message, Mode
from pasaj.notify.services import outbox
from pasaj.notify.services.contacts import ALLOWED, held
from pasaj.notify.services.outbox import Draft, Text
from pasaj.notify.services.reach import TRIAL
from pasaj.registry import queries as registry

AGAIN = timedelta(minutes=10)  # before the same address is tried once more
HOUR, MOST = timedelta(hours=1), 10  # tests that one person may send in an hour


def send(*, address: Address, actor: Actor, now: datetime) -> Message:
    """Try one address: a message in the mode Test, to this address and no other, also where it is a real one.

    Raises Refused: ACCESS-001, CONTACT-012 (the contact has ended), 019 (tried a moment ago), 024 (stopped).
    """
    if not can(actor, "change", address.contact):
        raise Refused(problem("ACCESS-001", roles=ALLOWED))
    with transaction.atomic(), audit.at_the_end():
        contact = held(address.contact)
        row = Address.objects.select_for_update(of=("self",)).get(pk=address.pk)
        if row.stopped_at is not None:
            raise Refused(problem("CONTACT-024"))
        _refuse_again(row, actor)
        draft = Draft(kind=TRIAL, ref=contact.code, texts=_texts(contact.code), mode=Mode.TEST, urgent=True)
        message = outbox.put(draft=draft, contacts=[contact], channels=(row.channel,), only=row, actor=actor, now=now)
        detail = {"message": message.code, "address": str(row)}
        audit.record(actor=actor, action="contact.tried", code=contact.code, now=now, detail=detail)
    return message


def _refuse_again(row: Address, actor: Actor) -> None:
    """By the real clock: that of a demonstration stands still."""
    real_now = timezone.now()
    tried = Message.objects.filter(kind=TRIAL, recorded_at__gt=real_now - HOUR).order_by("-pk")
    same = Delivery.objects.filter(
        message__in=tried.filter(recorded_at__gt=real_now - AGAIN), channel=row.channel, address=row.value
    )
    last = same.select_related("message").order_by("-pk").first()
    mine = tried.filter(actor_id=actor.id)
    if last is not None or mine.count() >= MOST:
        code = last.message.code if last is not None else mine.values_list("code", flat=True)[0]
        raise Refused(problem("CONTACT-019", code=code))


def _texts(code: str) -> dict[str, Text]:
    home = registry.home()
    return {language: _text(language, code) for language in (home.languages if home else dict(settings.LANGUAGES))}


def _text(language: str, code: str) -> Text:
    with translation.override(language):
        text = _("This is a test of your address ({code}). Nothing has happened, nothing is to be done.")
        said = text.format(code=code)
        return Text(subject=_("Test of your address"), body=said, short=said)
