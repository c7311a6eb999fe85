"""What a kind of problem is, apart from the catalogue that lists them all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter


def N_(text: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark `text` as a msgid; translation happens where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of problem: English message and remedy (msgids with `{name}` places), HTTP status."""

    code: str
    message: str
    remedy: str
    status: int = 422
    words: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Values that stand for words of ours, and the words (msgids): "phone" is told as "a telephone number"."""

    def names(self) -> frozenset[str]:
        """Every `{name}` used in the message or the remedy."""
        return frozenset(_names(self.message)) | frozenset(_names(self.remedy))


def _names(text: str) -> Iterator[str]:
    for _literal, name, _spec, _conversion in Formatter().parse(text):
        if name:
            yield name
