"""Ways to reach people: one folder each, found by looking. A new one is a folder here and nothing else.

A folder `<kind>/` holds `channel.py` with `CHANNEL`, an instance of a class derived from `Channel`, and may hold
`settings.py` with `read(env)`, which gives its `PASAJ_…` settings (docs/reference/channels.md).
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.util
import pkgutil
import select
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.conf import settings as django_settings

from pasaj.core.problems import Refused, problem


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along; `path` is below `$PASAJ_HOME/files`."""

    name: str
    media_type: str
    path: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one address gets, in its language, as plain values: channels never ask the database.

    `key` is the same for every attempt at the same delivery. Links are empty where no public address is set.
    """

    key: str
    delivery: int
    message: str
    address: str
    language: str
    subject: str
    body: str
    short: str
    acknowledge_url: str = ""
    stop_url: str = ""
    reply_word: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt.

    `sent`: the gateway took it. `later`: it did not, and may another time. `never`: it will not. `unknown`: all
    was handed over and no answer came.
    """

    state: Literal["sent", "later", "never", "unknown"]
    gateway_id: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a gateway tells later of one delivery. `delivery` is what the parcel said."""

    delivery: int
    state: Literal["sent", "waiting", "delivered", "failed"]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text that a gateway hands us. An empty `external_id`: it has none of its own."""

    sender: str
    text: str
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """What a parcel costs: parts that are paid for, and money where a price is set."""

    segments: int = 0
    cost: Decimal = Decimal(0)
    currency: str = ""


Sealed = Callable[[], None]


def last_bytes(connection: socket.socket, last: bytes, sealed: Sealed) -> None:
    """Send the last bytes of a parcel right after `sealed()`. Raises OSError.

    A connection with a time limit is asked before every write whether it has room, and meanwhile another thread runs,
    for milliseconds: a kill in them loses what was noted as handed over. So it is asked before the note, and written
    to without a limit after it: it has room for a few bytes then.
    """
    limit = connection.gettimeout()
    waiting = select.poll()
    waiting.register(connection, select.POLLOUT)
    if not waiting.poll(None if limit is None else limit * 1000):
        raise TimeoutError("no room for the last bytes")
    connection.settimeout(None)
    try:
        sealed()
        connection.sendall(last)
    finally:
        connection.settimeout(limit)


class Line:
    """An open connection to a gateway, used by one thread for one parcel after the other."""

    def send(self, parcel: Parcel, sealed: Sealed) -> Outcome:
        """Hand the parcel over. Calls `sealed()` right before the write that makes the gateway take it.

        An error of the network before that write may be raised (OSError) or told as `later`; after it, it is
        told as `unknown`.
        """
        raise NotImplementedError


class Channel:
    """One way to reach people. Derived classes set `kind` (the folder's name) and `label`."""

    kind: str = ""
    label: Any = ""
    confirms = False  # whether receipts tell what happened to what was handed over
    parallel = 1  # connections that one sender opens
    room: int | None = None  # parts that a text may take; None: any

    def ready(self) -> bool:
        """Whether it is set up. Deliveries of one that is not wait."""
        return True

    def check(self, address: str) -> str:
        """The address as it is stored. Raises Refused: NOTIFY-002 (not an address of this channel)."""
        raise NotImplementedError

    def mask(self, address: str) -> str:
        """The address for readers to whom it is not shown."""
        return "…"

    def parts(self, parcel: Parcel) -> int:
        """How many parts the parcel is sent in."""
        return 1

    def price(self, parcel: Parcel) -> Price:
        """What it will cost to send."""
        return Price()

    def open(self) -> contextlib.AbstractContextManager[Line]:
        """A line to the gateway. Raises OSError where it cannot be reached."""
        raise NotImplementedError

    def receipt(self, given: Mapping[str, str]) -> Receipt | None:
        """What a call to its receipt address says; None: nothing that we understand."""
        return None

    def incoming(self, given: Mapping[str, str]) -> Incoming | None:
        """What a call to its inbound address says; None: nothing that we understand."""
        return None


def kinds() -> list[str]:
    """The channels there are, by name."""
    return sorted(one.name for one in pkgutil.iter_modules(__path__) if one.ispkg)


def get(kind: str) -> Channel:
    """The channel of this name. Raises Refused: NOTIFY-001 (there is none)."""
    if kind not in kinds():
        raise Refused(problem("NOTIFY-001", channel=kind, known=", ".join(kinds())))
    channel: Channel = importlib.import_module(f"{__name__}.{kind}.channel").CHANNEL
    return channel


def setting(name: str) -> Any:
    """A setting that a channel's folder reads: the type checker knows only those of the settings file."""
    return getattr(django_settings, name)


def gateway_token() -> str:
    """What stands in the addresses that gateways call: set, or made from the signing key and stored nowhere."""
    made = hashlib.sha256(f"gateway\0{django_settings.SECRET_KEY}".encode()).hexdigest()
    return str(django_settings.PASAJ_GATEWAY_TOKEN or made[:40])


def settings(env: Any) -> dict[str, Any]:
    """The settings of all channels, each read by its own folder. `env`: the reader of the environment."""
    found: dict[str, Any] = {}
    for kind in kinds():
        name = f"{__name__}.{kind}.settings"
        if importlib.util.find_spec(name):
            found.update(importlib.import_module(name).read(env))
    return found
