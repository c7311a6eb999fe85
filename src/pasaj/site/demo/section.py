"""One table of demo.toml, read key by key."""

from __future__ import annotations

from typing import Any

from pasaj.core.problems import Refused, problem

FILE = "demo.toml"
TOTAL = "total"


class Section:
    """A table of the file, read key by key; what is missing, mistyped or left over is told with its place."""

    def __init__(self, name: str, table: object) -> None:
        self.name = name
        self.left: dict[str, Any] = dict(table) if isinstance(table, dict) else self.refuse("", "a table is needed")

    def refuse(self, key: str, text: str) -> Any:
        place = " ".join(part for part in (self.name, key) if part)
        raise Refused(problem("CLI-024", detail=f"{place}: {text}", file=FILE))

    def take(self, key: str, kinds: type | tuple[type, ...], default: Any = None) -> Any:
        value = self.left.pop(key, default)
        if value is None:
            self.refuse(key, "is missing")
        if not isinstance(value, kinds) or isinstance(value, bool):
            self.refuse(key, f"{value!r} has the wrong type")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        return str(self.take(key, str, default))

    def number(self, key: str, default: float | None = None, *, low: float = 0.0) -> float:
        value = float(self.take(key, (int, float), default))
        if not low <= value <= 1e9:
            self.refuse(key, f"{value:g} is out of range")
        return value

    def whole(self, key: str, default: int | None = None, *, low: int = 0, high: int = 10**9) -> int:
        value = int(self.take(key, int, default))
        if not low <= value <= high:
            self.refuse(key, f"{value} is out of range")
        return value

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        return tuple(str(one) for one in self.take(key, list, default))

    def numbers(self, key: str, default: dict[str, float] | None = None) -> dict[str, float]:
        table = self.take(key, dict, default)
        if not all(isinstance(one, int | float) and one >= 0 for one in table.values()):
            self.refuse(key, "every value must be a number, zero or more")
        return {name: float(one) for name, one in table.items()}

    def end(self) -> None:
        if self.left:
            self.refuse(next(iter(self.left)), "means nothing here")
