"""A form as a phone knows it, what a phone sends, and a key for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from html import escape
from typing import Any

import make
from django.utils import timezone

from pasaj.access.models import Account
from pasaj.access.rules import SYSTEM, Actor
from pasaj.collect.models import AppUser, Form, FormDefinition, FormVersion
from pasaj.collect.services import phones, spool, submissions
from pasaj.collect.services.spool import Spooled
from pasaj.collect.services.submissions import Received, Sender
from pasaj.registry import queries as registry

XFORM = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
 <h:head><h:title>{title}</h:title><model><instance><data id="{form_id}" version="{version}">
  <count/><photo/><stall><picture/></stall><meta><instanceID/></meta></data></instance></model></h:head>
 <h:body><input ref="/data/count"><label>Count</label></input></h:body></h:html>"""
FIELDS: list[dict[str, Any]] = [
    {"path": "count", "name": "count", "kind": "integer", "type": "int"},
    {"path": "photo", "name": "photo", "kind": "image", "type": "binary", "binary": True},
    {"path": "stall/picture", "name": "picture", "kind": "image", "type": "binary", "binary": True},
]


def form(
    form_id: str = "daily",
    version: str = "1",
    state: str = "published",
    title: str = "Daily count",
    fields: Sequence[Mapping[str, Any]] = FIELDS,
) -> FormVersion:
    """A version of a form; a published one closes the one before."""
    found, _made = Form.objects.get_or_create(
        form_id=form_id, defaults={"names": make.names(title), "created_at": make.NOW}
    )
    if state == "published":
        found.versions.filter(state="published").update(state="closed", closed_at=make.NOW)
    row = FormVersion.objects.create(
        form=found,
        version=version,
        number=found.versions.count() + 1,
        state=state,
        fields=list(fields),
        created_at=make.NOW,
        published_at=None if state == "draft" else make.NOW,
    )
    xml = XFORM.format(title=title, form_id=form_id, version=version).encode()
    FormDefinition.objects.create(
        version=row,
        xml=xml,
        md5=hashlib.md5(xml, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(xml).hexdigest(),
    )
    return row


def filled(
    instance: str = "uuid:1",
    *,
    form_id: str = "daily",
    version: str = "1",
    count: object = 4,
    photo: str = "",
    pictures: Iterable[str] = (),
    deprecated: str = "",
) -> bytes:
    """A filled form."""
    stalls = "".join(f"<stall><picture>{escape(name)}</picture></stall>" for name in pictures)
    old = f"<orx:deprecatedID>{deprecated}</orx:deprecatedID>" if deprecated else ""
    new = f"<orx:instanceID>{instance}</orx:instanceID>" if instance else ""
    return (
        f'<?xml version=\'1.0\' ?><data id="{form_id}" version="{version}" xmlns:orx="http://openrosa.org/xforms">'
        f"<count>{count}</count><photo>{escape(photo)}</photo>{stalls}<orx:meta>{new}{old}</orx:meta></data>"
    ).encode()


TOKENS: dict[int, str] = {}


def key(name: str = "Marie", **wanted: Any) -> tuple[AppUser, str]:
    user, token = phones.add(wanted=phones.Wanted(name=name, **wanted), actor=SYSTEM, now=make.NOW)
    TOKENS[user.pk] = token
    return user, token


def sender(user: AppUser, device: str = "collect:one") -> Sender:
    found = phones.identify(TOKENS[user.pk], device_id=device, real_now=timezone.now())
    return Sender("key", user, found)


def send(who: Sender, xml: bytes, files: Mapping[str, bytes] | None = None, *, incomplete: bool = False) -> Received:
    """As a view does it: the files are on the disk before the submission is taken."""
    arrived: list[Spooled] = [spool.receive(name, "image/jpeg", [data]) for name, data in (files or {}).items()]
    user = who.app_user
    account = Account.objects.filter(pk=who.account_id or 0).first()
    actor = registry.actor_for(account) if account else Actor(id=who.account_id, label=str(user), via=who.via)
    return submissions.receive(
        xml=xml, files=arrived, sender=who, incomplete=incomplete, actor=actor, now=make.NOW + timedelta(minutes=1)
    )


def on_disk() -> list[str]:
    """Every file of a submission, below the folder of files."""
    root = spool.files()
    return sorted(path.relative_to(root).as_posix() for path in (root / spool.PLACE).rglob("*") if path.is_file())


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
