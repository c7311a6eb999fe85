"""One TOML file of a pack: typed reading of its keys, each mistake noted with its line.

As with the rows of a table, a reader that refuses a value notes why and returns a harmless one.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pasaj.core.pack import values
from pasaj.core.pack.cells import NAME, TEXT
from pasaj.core.pack.findings import Domain
from pasaj.core.pack.sheets import Book
from pasaj.core.pack.table import decode
from pasaj.core.pack.vocabulary import nearest

_HEAD = re.compile(r"\s*(\[{1,2})\s*([\w.\"'-]+)\s*\]{1,2}")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")
_INLINE = re.compile(r"([\w\"'-]+)\s*=")
Path = tuple[str, ...]


def lines(text: str) -> dict[Path, int]:
    """Where each key stands: its path (lists by their number from 1) and its line. Good enough for a message."""
    found: dict[Path, int] = {}
    many: dict[Path, int] = {}
    here: Path = ()
    for at, line in enumerate(text.split("\n"), start=1):
        head, key = _HEAD.match(line), _KEY.match(line)
        if head:
            here = _numbered(_parts(head[2]), many, again=head[1] == "[[")
            found.setdefault(here, at)
        elif key:
            path = (*here, *_parts(key[1]))
            found.setdefault(path, at)
            if "{" in line:
                for one in _INLINE.findall(line.partition("{")[2]):
                    found.setdefault((*path, one.strip("\"'")), at)
    return found


def _parts(written: str) -> Path:
    return tuple(part.strip("\"'") for part in written.split("."))


def _numbered(parts: Path, many: dict[Path, int], *, again: bool) -> Path:
    """The path of a table header, with the number of the list entry it belongs to."""
    if again:
        many[parts] = many.get(parts, 0) + 1
    path: Path = ()
    for end, part in enumerate(parts, start=1):
        number = many.get(parts[:end])
        path = (*path, part) if number is None else (*path, part, str(number))
    return path


def load(file: str, book: Book) -> "Table | None":
    """The top table of a TOML file, or None after saying why it cannot be read."""
    text = decode(book.files[file], file, book.findings)
    if text is None:
        return None
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        detail = "too deeply nested" if isinstance(error, RecursionError) else str(error).rstrip(".")
        line = re.search(r"at line (\d+)", detail)
        book.findings.refuse("PACK-052", file, int(line[1]) if line else None, detail=detail[:200])
        return None
    return Table(raw, book, file, (), lines(text))


class Table:
    """A table of the file. `examples` of the asked keys say how a value is written."""

    def __init__(self, raw: Mapping[str, Any], book: Book, file: str, path: Path, at: Mapping[Path, int]) -> None:
        self.raw = raw
        self.file = file
        self._book = book
        self._path = path
        self._at = at
        self._asked: set[str] = set()

    def place(self, key: str = "") -> tuple[str, int | None, str]:
        """File, line and full key: where a problem is."""
        path = (*self._path, *key.split(".")) if key else self._path
        line = next((self._at[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self._at), None)
        return self.file, line, ".".join(path)[:NAME]

    def refuse(self, code: str, at: str, /, **params: object) -> None:
        file, line, column = self.place(at)
        self._book.findings.refuse(code, file, line, column, **params)

    def warn(self, code: str, at: str, /, **params: object) -> None:
        file, line, column = self.place(at)
        self._book.findings.warn(code, file, line, column, **params)

    def bad(self, key: str, example: str) -> None:
        self.refuse("PACK-054", key, key=key, example=example)

    def get(self, key: str, example: str, *, needed: bool = False) -> Any:
        """The value as it stands, None when the key is missing."""
        self._asked.add(key)
        if needed and key not in self.raw:
            self.refuse("PACK-053", key, key=key, example=example)
        return self.raw.get(key)

    def text(self, key: str, example: str, *, needed: bool = False, limit: int = TEXT) -> str:
        value = self.get(key, example, needed=needed)
        if value is not None and (not isinstance(value, str) or (needed and not value.strip())):
            self.bad(key, example)
            return ""
        found = (value or "").strip()
        if len(found) > limit:
            self.refuse("PACK-032", key, found=len(found), limit=limit)
        return found

    def code(self, key: str, example: str) -> str:
        found = self.text(key, example, needed=True)
        if found and not values.CODE.fullmatch(found):
            self.refuse("PACK-017", key, value=found[:60])
            return ""
        return found

    def choice(self, key: str, allowed: tuple[str, ...], default: str = "") -> str:
        """One of a few words. Without a default it is needed."""
        found = self.text(key, f'{key} = "{allowed[0]}"', needed=not default) or default
        if found and found not in allowed:
            self.word(key, found, allowed)
            return default
        return found

    def word(self, key: str, found: str, allowed: tuple[str, ...]) -> None:
        """Refuse a word that is not one of the allowed ones."""
        suggestion, listed = nearest(found[:60], allowed), ", ".join(allowed)
        if suggestion:
            self.refuse("PACK-024", key, value=found[:60], nearest=suggestion, allowed=listed)
        else:
            self.refuse("PACK-023", key, value=found[:60], allowed=listed)

    def several(self, key: str, example: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of texts, each once."""
        value = self.get(key, example, needed=needed)
        if value is None:
            return ()
        if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
            self.bad(key, example)
            return ()
        return tuple(dict.fromkeys(value))

    def known(self, key: str, codes: Collection[str], domain: Domain) -> None:
        """Refuse codes that another file lacks; an optional file that is absent leaves them unchecked."""
        for code in codes:
            if domain.present:
                self._book.findings.unknown(domain, code, *self.place(key))

    def names(self, key: str, example: str) -> dict[str, str]:
        """A text by language; the pack's default language must be there."""
        value = self.get(key, example, needed=True)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            self.bad(key, example)
            return {}
        manifest = self._book.manifest
        found = {language: text.strip() for language, text in value.items() if text.strip()}
        for language in found:
            if manifest and language not in manifest.languages:
                self.warn("PACK-074", f"{key}.{language[:20]}", key=f"{key}.{language[:20]}")
        if manifest and manifest.default_language not in found:
            self.refuse("PACK-056", key, language=manifest.default_language)
        return found

    def table(self, key: str, example: str) -> "Table | None":
        """A table that must be there."""
        value = self.get(key, example, needed=True)
        if value is not None and not isinstance(value, dict):
            self.bad(key, example)
            value = None
        return None if value is None else Table(value, self._book, self.file, (*self._path, key), self._at)

    def tables(self, key: str, example: str) -> Iterator["Table"]:
        """A list of at least one table."""
        value = self.get(key, example, needed=True)
        if value is None:
            return
        if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
            self.bad(key, example)
            return
        for number, one in enumerate(value, start=1):
            yield Table(one, self._book, self.file, (*self._path, key, str(number)), self._at)

    def provenance(self) -> tuple[str, str]:
        """Source and verify mark; a missing source is a warning."""
        source, verify = self.text("source", 'source = "Treaty series 12"'), self.text("verify", 'verify = "the date"')
        if not source:
            self.warn("PACK-075", "", key=self.place()[2] or "code")
        return source, verify

    def strangers(self) -> None:
        """Warn of keys nobody asked for: most often a mistyped name."""
        for key in self.raw:
            if key not in self._asked:
                self.warn("PACK-074", key[:60], key=key[:60])
