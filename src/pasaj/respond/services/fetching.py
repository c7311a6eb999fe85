"""What stands at an address of the web, within bounds.

Only http and https; no name and password in the address; no way on to another server, and none to this machine or its
neighbours from a feed of elsewhere, so that a feed cannot make us knock on doors behind our own wall.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlsplit

from pasaj import __version__
from pasaj.core.problems import Refused, problem

SILENCE = 10.0  # seconds without a byte
LONGEST = 60.0  # seconds for all of it
STEP = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` is empty where nothing has changed since (`unchanged`)."""

    data: bytes = b""
    etag: str = ""
    modified: str = ""
    unchanged: bool = False


def check_address(url: str) -> None:
    """Raises Refused with FEED-001 for what is no address of the web."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        good = False
    if not good or not url.isprintable() or " " in url:
        raise Refused(problem("FEED-001", value=url[:200], column="url"))


def fetch(url: str, *, most: int, etag: str = "", modified: str = "", home: str = "") -> Answer:
    """Fetch `url`, of at most `most` bytes. `home` is the feed that pointed to it: its own server is always asked.

    Raises Refused: FEED-001 (no address), FEED-002 (leads elsewhere), FEED-003 (no answer), FEED-004 (status),
    FEED-005 (too large).
    """
    check_address(url)
    if home and _server(url) != _server(home):
        _refuse_neighbours(url)
    headers = {"User-Agent": f"Pasaj/{__version__}", "Accept-Encoding": "identity"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    opener = urllib.request.build_opener(_Stay)
    opener.addheaders = list(headers.items())
    try:
        with opener.open(url, timeout=SILENCE) as answer:
            return Answer(_read(answer, most), answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == http.HTTPStatus.NOT_MODIFIED:
            return Answer(etag=etag, modified=modified, unchanged=True)
        if 300 <= error.code < 400:  # to where no redirect may lead
            raise Refused(problem("FEED-002", to=str(error.headers.get("Location", ""))[:200])) from error
        raise Refused(problem("FEED-004", status=error.code)) from error
    except urllib.error.URLError as error:
        raise Refused(problem("FEED-003", detail=str(error.reason)[:200])) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Refused(problem("FEED-003", detail=(str(error) or type(error).__name__)[:200])) from error


def _server(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), parts.port


def _read(answer: IO[bytes], most: int) -> bytes:
    """All of it, unless it is too large or drips for too long."""
    data, end = bytearray(), time.monotonic() + LONGEST
    while part := answer.read(STEP):
        data += part
        if len(data) > most:
            raise Refused(problem("FEED-005", limit=most))
        if time.monotonic() > end:
            raise TimeoutError(f"not done after {LONGEST:.0f} s")
    return bytes(data)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows a redirect on the same server, or from http to https of the same name."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        same = _server(req.full_url) == _server(newurl) and before.scheme == after.scheme
        safer = before.hostname == after.hostname and (before.scheme, after.scheme) == ("http", "https")
        if not same and not (safer and after.port in {None, 443}):
            fp.close()
            raise Refused(problem("FEED-002", to=newurl[:200]))
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _refuse_neighbours(url: str) -> None:
    parts = urlsplit(url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Refused(problem("FEED-003", detail=str(error)[:200])) from error
    if any(not ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found):
        raise Refused(problem("FEED-002", to=url[:200]))
