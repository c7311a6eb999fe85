"""Keys of phones: given once as a QR code, kept as a hash, revocable, and never without an end.

A key is bound to the first device that uses it. What another device sends waits in quarantine until
the cell has confirmed that device. All moments of a key are of the real clock; `now`, the business
clock, is for the log.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from pasaj.access.rules import Actor
from pasaj.access.services import audit
from pasaj.collect.models import AppUser, AppUserRight, Device, Form, ReviewEvent, Submission
from pasaj.core.problems import Refused, problem
from pasaj.registry.models import CrossingPoint, Institution
from pasaj.registry.services import next_code

DAYS = 365
MOST_DAYS = 730
SEEN_EVERY = timedelta(hours=1)
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
LONGEST_DEVICE = 250


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key as it is asked for. Empty codes: every form, any place, the pack's language."""

    name: str
    crossing: str = ""
    form: str = ""
    language: str = ""
    institution: str = ""
    days: int = DAYS
    testing: bool = False


@transaction.atomic
def add(*, wanted: Wanted, actor: Actor, now: datetime) -> tuple[AppUser, str]:
    """Make a key. Its token is returned this once and kept nowhere.

    Raises Refused: COLLECT-040 (no name), COLLECT-041 (days), COLLECT-043 (no such form), PACK-094
    (no such crossing), ACCESS-006 (institution), ACCESS-016 (language).
    """
    name = wanted.name.strip()
    if not name:
        raise Refused(problem("COLLECT-040"))
    if not 1 <= wanted.days <= MOST_DAYS:
        raise Refused(problem("COLLECT-041", limit=MOST_DAYS))
    _check_language(wanted.language)
    crossing, form, institution = _crossing(wanted.crossing), _form(wanted.form), _institution(wanted.institution)
    token = secrets.token_urlsafe(32)  # 256 random bits: a plain hash is enough
    created = timezone.now()
    user = AppUser.objects.create(
        code=next_code("AU", now),
        name=name[:150],
        language=wanted.language,
        institution=institution,
        testing=wanted.testing,
        token_sha256=_hash(token),
        token_hint=token[:4],
        created_at=created,
        created_by_id=actor.id,
        expires_at=created + timedelta(days=wanted.days),
    )
    AppUserRight.objects.create(app_user=user, form=form, crossing=crossing)
    audit.record(
        actor=actor,
        action="app-user.added",
        code=user.code,
        now=now,
        detail={
            "name": user.name,
            "form": wanted.form,
            "crossing": wanted.crossing,
            "institution": wanted.institution,
            "testing": wanted.testing,
            "expires_at": user.expires_at,
        },
    )
    return user, token


def _check_language(language: str) -> None:
    ours = dict(settings.LANGUAGES)
    if language and language not in ours:
        raise Refused(problem("ACCESS-016", language=language, allowed=", ".join(ours)))


def _crossing(code: str) -> CrossingPoint | None:
    found = CrossingPoint.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise Refused(problem("PACK-094", value=code))
    return found


def _form(form_id: str) -> Form | None:
    found = Form.objects.filter(form_id=form_id).first() if form_id else None
    if form_id and found is None:
        allowed = ", ".join(Form.objects.order_by("form_id").values_list("form_id", flat=True)[:20])
        raise Refused(problem("COLLECT-043", form=form_id, allowed=allowed or "–"))
    return found


def _institution(code: str) -> Institution | None:
    found = Institution.objects.filter(code=code).first() if code else None
    if code and found is None:
        allowed = ", ".join(Institution.objects.order_by("code").values_list("code", flat=True))
        raise Refused(problem("ACCESS-006", code=code, allowed=allowed))
    return found


@transaction.atomic
def renew(*, user: AppUser, actor: Actor, now: datetime, days: int = DAYS) -> str:
    """A fresh token for a key, which lives on for `days`. The one before opens nothing any more; devices stay known."""
    token, real_now = secrets.token_urlsafe(32), timezone.now()
    user.token_sha256, user.token_hint = _hash(token), token[:4]
    user.expires_at = real_now + timedelta(days=days)
    user.save(update_fields=["token_sha256", "token_hint", "expires_at"])
    audit.record(
        actor=actor, action="app-user.renewed", code=user.code, now=now, detail={"expires_at": user.expires_at}
    )
    return token


@transaction.atomic
def revoke(*, user: AppUser, actor: Actor, now: datetime) -> None:
    """End a key at once. Revoking it again changes nothing."""
    if AppUser.objects.filter(pk=user.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record(actor=actor, action="app-user.revoked", code=user.code, now=now)
    user.refresh_from_db()


def find(code: str) -> AppUser:
    """The key with this code. Raises Refused: COLLECT-042."""
    found = AppUser.objects.filter(code=code).first()
    if found is None:
        raise Refused(problem("COLLECT-042", code=code))
    return found


def authenticate(token: str, *, real_now: datetime) -> AppUser:
    """The key that this token opens, for pages: they count as no device.

    Raises Refused COLLECT-020: unknown, expired or revoked, never told apart.
    """
    user = AppUser.objects.filter(token_sha256=_hash(token)).first() if TOKEN.fullmatch(token) else None
    if user is None or not user.is_valid(real_now):
        raise Refused(problem("COLLECT-020"))
    return user


def identify(token: str, *, device_id: str, real_now: datetime) -> Device:
    """The device that uses the key of this token, with its `app_user`. Not whether the cell refused it: see `seen`.

    The first device is taken, every other waits for the cell. Requests that name no device count as one more:
    otherwise a copied key could hide behind that. They are taken only until a device names itself, so that
    looking at the list of forms with another program does not make the phone itself the second device.
    Raises Refused COLLECT-020: unknown, expired or revoked, never told apart.
    """
    device_id = clean_device(device_id)
    hashed = _hash(token) if TOKEN.fullmatch(token) else ""
    device = (
        Device.objects.select_related("app_user").filter(app_user__token_sha256=hashed, device_id=device_id).first()
    )
    user = device.app_user if device else AppUser.objects.filter(token_sha256=hashed).first()
    if user is None or not user.is_valid(real_now):
        raise Refused(problem("COLLECT-020"))
    return device or _first_seen(user, device_id, real_now)


def seen(device: Device, *, real_now: datetime) -> None:
    """Write down, once an hour, that the device lives. Raises Refused: COLLECT-012 (the cell refused it)."""
    if device.state == Device.State.REFUSED:
        raise Refused(problem("COLLECT-012"))
    if device.last_seen_at < real_now - SEEN_EVERY:
        with transaction.atomic():
            AppUser.objects.filter(pk=device.app_user_id).update(last_seen_at=real_now)
            Device.objects.filter(pk=device.pk).update(last_seen_at=real_now)


@transaction.atomic
def _first_seen(user: AppUser, device_id: str, real_now: datetime) -> Device:
    AppUser.objects.select_for_update().get(pk=user.pk)  # two first devices at once: one of them waits
    known = Device.objects.filter(app_user=user)
    named = known.exclude(device_id__in=["", device_id])
    state = Device.State.WAITING if named.exists() else Device.State.CONFIRMED
    if device_id and state == Device.State.CONFIRMED:
        known.filter(device_id="", decided_at=None).update(state=Device.State.WAITING)
    AppUser.objects.filter(pk=user.pk).update(last_seen_at=real_now)
    return Device.objects.select_related("app_user").get_or_create(
        app_user=user,
        device_id=device_id,
        defaults={"state": state, "first_seen_at": real_now, "last_seen_at": real_now},
    )[0]


@transaction.atomic
def decide(*, device: Device, confirm: bool, actor: Actor, now: datetime) -> int:
    """Confirm or refuse a waiting device; deciding again changes the decision.

    Reports that waited only for a confirmed device leave quarantine. Returns how many did.
    """
    device = Device.objects.select_for_update().select_related("app_user").get(pk=device.pk)
    state = Device.State.CONFIRMED if confirm else Device.State.REFUSED
    if device.state == state:
        return 0
    device.state, device.decided_at, device.decided_by_id = state, timezone.now(), actor.id
    device.save(update_fields=["state", "decided_at", "decided_by_id"])
    released = _release(device, actor, now) if confirm else 0
    audit.record(
        actor=actor,
        action="app-user.device",
        code=device.app_user.code,
        now=now,
        detail={"device": device.device_id, "state": state, "released": released},
    )
    return released


def _release(device: Device, actor: Actor, now: datetime) -> int:
    """Strike the reason "device" from what the device sent. Rows with other reasons go on waiting for those."""
    held = Submission.objects.select_for_update().filter(device=device, state=Submission.State.QUARANTINED)
    waiting = [one for one in held if "device" in one.reasons]
    free = []
    for one in waiting:
        one.reasons = [reason for reason in one.reasons if reason != "device"]
        if not one.reasons:
            one.state = Submission.State.RECEIVED
            free.append(one)
        one.updated_at = now
    Submission.objects.bulk_update(waiting, ["reasons", "state", "updated_at"], batch_size=200)
    ReviewEvent.objects.bulk_create(
        (
            ReviewEvent(submission=one, at=now, actor_id=actor.id, actor_label=actor.label, action="released",
                        details={"reason": "device"})
            for one in free
        ),
        batch_size=200,
    )  # fmt: skip
    return len(free)


def rights(user: AppUser) -> Exists:
    """Condition on forms: the key may fetch and send them."""
    mine = AppUserRight.objects.filter(app_user=user)
    return Exists(mine.filter(Q(form=None) | Q(form=OuterRef("pk"))))


def may_send(user: AppUser, form: Form) -> bool:
    """`rights` for one form."""
    return AppUserRight.objects.filter(Q(form=None) | Q(form=form), app_user=user).exists()


def clean_device(device_id: str) -> str:
    """What a device calls itself, as a row can hold it."""
    return "".join(sign for sign in device_id if sign.isprintable())[:LONGEST_DEVICE]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
