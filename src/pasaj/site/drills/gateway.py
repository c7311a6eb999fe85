"""The telephone network of a drill: it takes what the outbox sends, on this machine only, and hands nothing on."""

from __future__ import annotations

import queue
import re
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

MOST = 10_000  # bytes of one text


@dataclass(frozen=True, slots=True)
class Taken:
    """One SMS that was handed over: to whom, what, and the delivery that its receipt is about."""

    number: str
    text: str
    delivery: int


class Gateway:
    """Speaks as Kannel's smsbox does, as far as our channel does. Close it when the drill ends."""

    def __init__(self) -> None:
        self.taken: queue.SimpleQueue[Taken] = queue.SimpleQueue()
        handler = type("Handler", (_Handler,), {"taken": self.taken})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, name="drill-gateway", daemon=True).start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def drain(self) -> list[Taken]:
        """What was handed over since the last time, in its order."""
        found = []
        while not self.taken.empty():
            found.append(self.taken.get())
        return found

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    taken: ClassVar[queue.SimpleQueue[Taken]]

    def do_POST(self) -> None:
        text = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), MOST)).decode("utf-8", "replace")
        about = re.search(r"[?&]delivery=([0-9]+)", self.headers.get("X-Kannel-DLR-Url", ""))
        self.taken.put(Taken(self.headers.get("X-Kannel-To", ""), text, int(about[1]) if about else 0))
        said = b"0: Accepted for delivery"
        self.send_response(202)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        """Numbers and texts go into no log."""
