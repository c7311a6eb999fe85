"""Settings come from the environment; a bad value stops the start with its name and a remedy."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


class BadSetting(Exception):  # noqa: N818 - it reads as what it says
    """An environment variable holds something Pasaj cannot use."""


def text(name: str, default: str = "") -> str:
    """An empty variable counts as one that is not set."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    if value:
        raise BadSetting(f"{name} is {value!r}: write yes or no.")
    return default


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise BadSetting(f"{name} is {value!r}: write a whole number.")
    return int(value)


def choice(name: str, default: str, allowed: Sequence[str]) -> str:
    value = text(name, default).upper()
    if value not in allowed:
        raise BadSetting(f"{name} is {value!r}: write one of {', '.join(allowed)}.")
    return value


def address(name: str) -> str:
    """A web address without a path, or empty."""
    value = text(name).rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.path):
        raise BadSetting(f"{name} is {value!r}: write it like https://pasaj.example.org.")
    return value


def names(name: str) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()]


def secret(name: str) -> str:
    """The value of NAME, or the content of the file that NAME_FILE points to."""
    path = text(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE is {path!r}: {error.strerror}.") from error
    return text(name)


def private_folder(path: Path) -> None:
    """Make a folder that only its owner opens. One that is there already is left as its owner set it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def private_file(path: Path) -> None:
    """Make an empty file that only its owner reads, unless it is there."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def readable_by_others(home: Path, *names: str) -> bool:
    """Whether somebody besides the owner can open the home and reads one of these in it."""
    others = stat.S_IRWXG | stat.S_IRWXO
    if not home.stat().st_mode & others:
        return False
    return any(path.stat().st_mode & others for path in (home / name for name in names) if path.exists())


def home_secret(home: Path) -> str:
    """The signing key: from the environment, else made once and kept in the home, readable by its owner only."""
    value = secret("PASAJ_SECRET_KEY")
    if value:
        return value
    path = home / "secret.key"
    try:
        if path.is_file():
            return path.read_text(encoding="utf-8").strip()
        private_folder(home)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        if isinstance(error, FileExistsError) and path.is_file():  # another process was faster
            return path.read_text(encoding="utf-8").strip()
        raise BadSetting(
            f"PASAJ_HOME is {str(home)!r}, which cannot be used: {error.strerror}. Set it to a folder of yours."
        ) from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        value = secrets.token_urlsafe(48)
        file.write(value)
    return value


# Each thread keeps a connection, and with it a cache (4 MB) and a view of the file (32 MB, shared): the system's own
# cache makes larger ones no faster.
SQLITE_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous={sync}; PRAGMA mmap_size=33554432; PRAGMA cache_size=-4000; "
    "PRAGMA journal_size_limit=27103364; PRAGMA temp_store=MEMORY;"
)


LIKE = "PASAJ_DATABASE_URL must look like postgres://user:password@host:5432/name."


def database(home: Path) -> dict[str, Any]:
    """SQLite in the home, or what PASAJ_DATABASE_URL names (postgres://user:password@host:port/name)."""
    url = secret("PASAJ_DATABASE_URL")
    if not url:
        sync = choice("PASAJ_SQLITE_SYNC", "FULL", ("FULL", "NORMAL"))
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home / "pasaj.sqlite3",
            "TEST": {"NAME": home / "test.sqlite3"},  # a real file: threads and processes meet in it
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": SQLITE_START.format(sync=sync),
            },
        }
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadSetting(f"PASAJ_DATABASE_URL: {error}. {LIKE}") from error
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise BadSetting(LIKE)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
