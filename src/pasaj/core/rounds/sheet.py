"""The sheets of an XLSForm while they are written: rows of the survey with a column a language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pasaj.core.rounds import words
from pasaj.core.rounds.words import Texts, said

Rows = list[list[str]]
PLAIN = ("type", "name", "required", "relevant", "constraint", "default", "appearance", "parameters", "photo_of")


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A form as sheets of rows, the first row of each being its header, and its meaning as a plain table."""

    form_id: str
    survey: Rows
    choices: Rows
    settings: Rows
    meaning: Mapping[str, object]


def column(language: str) -> str:
    """The name of a language in the headers of an XLSForm."""
    return f"{words.LANGUAGE_NAMES.get(language, language)} ({language})"


class Sheet:
    """Rows of the survey, with a column a language for labels, hints and messages."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = languages
        self._rows: Rows = []

    def add(
        self, kind: str, name: str = "", label: Texts | None = None, hint: Texts | None = None,
        message: Texts | None = None, **plain: str,
    ) -> None:  # fmt: skip
        given = {"type": kind, "name": name, **plain}
        texts = [said(texts, one) if texts else "" for texts in (label, hint, message) for one in self.languages]
        self._rows.append([*(given.get(key, "") for key in PLAIN), *texts])

    def rows(self) -> Rows:
        headers = [
            f"{part}::{column(one)}" for part in ("label", "hint", "constraint_message") for one in self.languages
        ]
        return [[*PLAIN, *headers], *self._rows]
