"""A server of feeds on this machine: what it answers can be changed, and it remembers what it was asked."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HEADERS = {"connection": "close"}


@dataclass
class Server:
    """`pages` by path: bytes, a status, or where it leads on to."""

    url: str = ""
    pages: dict[str, bytes | int | str] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)


@contextmanager
def server() -> Iterator[Server]:
    """Runs until the block ends."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = state.pages.get(self.path, 404)
            data, headers = b"", {}
            if isinstance(page, bytes):
                headers = {"ETag": f'"{hashlib.sha256(page).hexdigest()}"'}
                status = 304 if self.headers.get("If-None-Match") == headers["ETag"] else 200
                data = page if status == 200 else b""
            elif isinstance(page, int):
                status = page
            else:
                status, headers = 302, {"Location": page}
            state.asked.append((self.path, status))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data)), **HEADERS}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):  # the reader had enough
                self.wfile.write(data)

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        state.url = f"http://127.0.0.1:{made.server_address[1]}"
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield state
        finally:
            made.shutdown()
            thread.join()
