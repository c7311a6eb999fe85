"""Problems shown to a person: a code, a place and a remedy. A file a domain, one catalogue.

A service raises `Refused(problem("OBS-003", value=-4, row=12, column="entries"))`; the page, the API
and the command line show the text in the reader's language by translating `Kind.message` and
`Kind.remedy` and filling them with `Problem.spoken()`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from pasaj.core.problems.kind import N_, Kind

__all__ = ["CATALOGUE", "N_", "Kind", "Problem", "Refused", "fill", "problem"]


class _Filled(dict[str, object]):
    """A place without a value is shown as an ellipsis: a text must never fail to print."""

    def __missing__(self, key: str) -> str:
        return "…"


def fill(text: str, values: Mapping[str, object]) -> str:
    """Put `values` into the `{name}` places of a (translated) text; unknown places become `…`."""
    return text.format_map(_Filled(values))


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem at one place. `row` is 1-based as a spreadsheet shows it (the header is row 1)."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    file: str = ""
    row: int | None = None
    column: str = ""

    @property
    def kind(self) -> Kind:
        return CATALOGUE[self.code]

    def values(self) -> dict[str, object]:
        """Parameters and place together: what the texts may name."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            **self.params,
        }

    def spoken(self, translate: Callable[[str], str] = str) -> dict[str, object]:
        """The values as they are told: those that stand for words of ours as the words."""
        known = self.kind.words
        return {
            name: translate(known[value]) if isinstance(value, str) and value in known else value
            for name, value in self.values().items()
        }

    def text(self) -> str:
        """The message in English."""
        return fill(self.kind.message, self.spoken())

    def remedy(self) -> str:
        """What to do about it, in English."""
        return fill(self.kind.remedy, self.spoken())

    def at(self, file: str, row: int | None, column: str = "") -> "Problem":
        """The same problem at a place."""
        return replace(self, file=file, row=row, column=column)

    def plain(self) -> dict[str, Any]:
        """A JSON-ready dict; `Problem.of` reads it back (values other than numbers as text)."""
        params = {
            key: value if isinstance(value, str | int | float | None) else str(value)
            for key, value in self.params.items()
        }
        return {
            "code": self.code,
            "params": params,
            "file": self.file,
            "row": self.row,
            "column": self.column,
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Problem":
        """Read back what `plain` wrote."""
        return cls(
            code=plain["code"],
            params=dict(plain.get("params") or {}),
            file=plain.get("file") or "",
            row=plain.get("row"),
            column=plain.get("column") or "",
        )


class Refused(Exception):  # noqa: N818 - it reads as what it says
    """Work refused for reasons a person can mend. Takes one or more problems."""

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            raise ValueError("Refused needs at least one problem.")
        super().__init__(*problems)
        self.problems: tuple[Problem, ...] = problems

    def __str__(self) -> str:
        return " ".join(f"{one.code}: {one.text()}" for one in self.problems)


def problem(
    code: str,
    /,
    file: str = "",
    row: int | None = None,
    column: str = "",
    **params: object,
) -> Problem:
    """A problem of a known kind. An unknown code or a place left without a value is our own mistake.

    Raises LookupError for either, so that a test finds it and no reader meets it.
    """
    kind = CATALOGUE.get(code)
    if kind is None:
        raise LookupError(f"No problem has the code {code}.")
    missing = kind.names() - params.keys() - {"file", "row", "column"}
    if missing:
        raise LookupError(f"{code} needs {', '.join(sorted(missing))}.")
    return Problem(code, params, file, row, column)


def catalogue(*domains: Iterable[Kind]) -> Mapping[str, Kind]:
    """Kinds by code; a code used twice is refused."""
    found: dict[str, Kind] = {}
    for kinds in domains:
        for kind in kinds:
            if kind.code in found:
                raise LookupError(f"{kind.code} stands twice in the catalogue.")
            found[kind.code] = kind
    return MappingProxyType(found)


# Below the definitions above: the domain files may import `Kind` and `N_` from this module.
from pasaj.core.problems import (  # noqa: E402
    access,
    alert,
    appraisal,
    cap,
    coherence,
    collect,
    command,
    consultation,
    contact,
    detect,
    document,
    drill,
    duty,
    evidence,
    feed,
    findings,
    forms,
    framework,
    imports,
    inbound,
    incident,
    mapping,
    meaning,
    notify,
    observation,
    pack,
    plan,
    policy,
    protocol,
    report,
    rounds,
    screen,
    share,
    signal,
    sitrep,
    text,
    versions,
    wording,
    workbook,
)

CATALOGUE: Mapping[str, Kind] = catalogue(
    access.KINDS,
    cap.KINDS,
    alert.KINDS,
    appraisal.KINDS,
    coherence.KINDS,
    collect.KINDS,
    command.KINDS,
    consultation.KINDS,
    contact.KINDS,
    detect.KINDS,
    document.KINDS,
    drill.KINDS,
    duty.KINDS,
    evidence.KINDS,
    feed.KINDS,
    findings.KINDS,
    forms.KINDS,
    framework.KINDS,
    imports.KINDS,
    inbound.KINDS,
    incident.KINDS,
    mapping.KINDS,
    meaning.KINDS,
    notify.KINDS,
    observation.KINDS,
    pack.KINDS,
    plan.KINDS,
    policy.KINDS,
    protocol.KINDS,
    report.KINDS,
    rounds.KINDS,
    screen.KINDS,
    share.KINDS,
    signal.KINDS,
    sitrep.KINDS,
    text.KINDS,
    versions.KINDS,
    wording.KINDS,
    workbook.KINDS,
)
