"""Reading a plain dict with all its problems collected, so that a person mends them in one go."""

from collections.abc import Mapping
from typing import Any

from pasaj.core.problems import Problem, Refused, problem


class Reader:
    """Takes values out of a mapping and keeps the problems met on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def refuse(self, code: str, **params: object) -> None:
        self.problems.append(problem(code, self.file, None, "", **params))

    def finish(self) -> None:
        """Raise Refused when there was any problem."""
        if self.problems:
            raise Refused(*self.problems)

    def keys(self, plain: Mapping[Any, Any], allowed: tuple[str, ...], inside: str = "") -> None:
        """Refuse keys that mean nothing: a misspelt one would be silently ignored otherwise."""
        for key in plain:
            if key not in allowed:
                shown = f"{inside}.{key}" if inside else str(key)
                self.refuse("IMPORT-009", key=shown, allowed=", ".join(allowed))

    def section(self, plain: Mapping[Any, Any], key: str, allowed: tuple[str, ...] | None) -> Mapping[Any, Any]:
        """A mapping inside the mapping; empty when left out. `allowed` None takes any key."""
        given = plain.get(key)
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            self.refuse("IMPORT-011", key=key, value=given, allowed="a list of keys and values")
            return {}
        if allowed is not None:
            self.keys(given, allowed, key)
        return given

    def text(self, key: str, given: object) -> str:
        """A text (numbers and dates as they are written); "" when left out."""
        if given is None:
            return ""
        if isinstance(given, bool | Mapping | list):
            self.refuse("IMPORT-011", key=key, value=given, allowed="a text")
            return ""
        return str(given)

    def needed(self, plain: Mapping[Any, Any], shown: str, key: str, example: str) -> str:
        """A text that must be there."""
        found = self.text(shown, plain.get(key))
        if not found and not isinstance(plain.get(key), bool | Mapping | list):
            self.refuse("IMPORT-010", key=shown, example=example)
        return found

    def choice(self, key: str, given: object, allowed: tuple[str, ...]) -> str:
        """One of a few texts; "" when left out."""
        found = self.text(key, given)
        if found and found not in allowed:
            self.refuse("IMPORT-011", key=key, value=found, allowed=" ".join(f"“{one}”" for one in allowed))
            return ""
        return found
