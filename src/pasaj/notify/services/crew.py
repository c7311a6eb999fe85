"""The threads that hand parcels to gateways, each with a connection of its own. They never ask the database."""

from __future__ import annotations

import contextlib
import http.client
import smtplib
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType

from pasaj.notify.channels import Channel, Line, Outcome, Parcel
from pasaj.notify.services.journal import Journal

BROKEN = (OSError, smtplib.SMTPException, http.client.HTTPException, ValueError)


class Crew:
    """Sends slices; lines to gateways stay open from one slice to the next. `down`: what could not be reached."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.down: dict[str, str] = {}
        self.pools: dict[str, ThreadPoolExecutor] = {}
        self.local = threading.local()
        self.open: list[contextlib.ExitStack] = []

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self.pools.values():
            pool.shutdown(cancel_futures=True)
        for stack in self.open:
            with contextlib.suppress(*BROKEN):
                stack.close()

    def send(self, parcels: Sequence[tuple[Channel, Parcel]]) -> dict[int, Outcome]:
        """Hand over each parcel on its channel; what came of each, by delivery."""
        running = []
        for channel, parcel in parcels:
            pool = self.pools.get(channel.kind)
            if pool is None:
                pool = self.pools[channel.kind] = ThreadPoolExecutor(channel.parallel, f"outbox-{channel.kind}")
            running.append((parcel.delivery, pool.submit(self._one, channel, parcel)))
        return {key: future.result() for key, future in running}

    def _one(self, channel: Channel, parcel: Parcel) -> Outcome:
        sealed = False

        def seal() -> None:
            nonlocal sealed
            sealed = True
            self.journal.sealed(parcel.delivery)

        try:
            line = self._line(channel)
            if line is None:
                return Outcome("later", detail=self.down[channel.kind])
            outcome = line.send(parcel, seal)
        except BROKEN as error:
            self._drop(channel)
            outcome = Outcome("unknown" if sealed else "later", detail=_said(error))
        self.journal.answered(parcel.delivery, outcome)
        return outcome

    def _line(self, channel: Channel) -> Line | None:
        """The line of the thread, opened when there is none; None: the gateway cannot be reached, for now."""
        lines: dict[str, Line] = self.local.__dict__.setdefault("lines", {})
        if channel.kind not in lines and channel.kind not in self.down:
            stack = contextlib.ExitStack()
            try:
                lines[channel.kind] = stack.enter_context(channel.open())
            except BROKEN as error:
                self.down[channel.kind] = _said(error)
            else:
                self.open.append(stack)
        return lines.get(channel.kind)

    def _drop(self, channel: Channel) -> None:
        self.local.__dict__.get("lines", {}).pop(channel.kind, None)


def _said(error: BaseException) -> str:
    """The error in one line. Addresses and secrets do not stand in errors of the network."""
    return f"{type(error).__name__}: {error}"[:300]
