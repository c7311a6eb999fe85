"""What the apps above register: kinds of statement, kinds of link, and the queries behind figures.

This app knows none of them by name but the figure, which is its own. Kinds and links are registered in the
`rules` of the app they belong to, which are loaded when Django starts; queries when the app is ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.rules import NOTHING, Actor
from pasaj.core.evidence import Value


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A kind of statement. `fields`: the normative ones; their list has a version of its own."""

    code: str
    name: str  # msgid
    fields: tuple[str, ...]
    version: int = 1
    needs_support: bool = False
    address: str = ""  # the name of its page, which takes the code
    withdrawn_there: bool = False  # by a deed of its own page, never on the page of the chain
    # Beside the cell: which nodes of this kind an actor may see.
    seen: Callable[[Actor], Q] = field(default=lambda actor: NOTHING, compare=False)


@dataclass(frozen=True, slots=True)
class LinkType:
    """In what way one kind rests on another. `reopens`: an edit of the child asks for a new look at it."""

    code: str
    name: str  # msgid
    children: frozenset[str]
    parents: frozenset[str]
    reopens: bool = False


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """How a figure is computed, and what may change it.

    `answer(parameters)` gives named values; `topics(parameters)` the things whose change asks for a new answer.
    `together(several parameters)` gives the answers of several at once, in their order, where that is cheaper.
    """

    code: str
    answer: Callable[[Mapping[str, Any]], Mapping[str, Value]]
    topics: Callable[[Mapping[str, Any]], Iterable[str]]
    together: Callable[[Sequence[Mapping[str, Any]]], Sequence[Mapping[str, Value]]] | None = None

    def answers(self, wanted: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Value]]:
        """The answers of several, in their order."""
        return self.together(wanted) if self.together else [self.answer(one) for one in wanted]


KINDS: dict[str, NodeKind] = {}
LINK_TYPES: dict[str, LinkType] = {}
FIGURES: dict[str, FigureQuery] = {}
FIGURE = "figure"

Registered = TypeVar("Registered", NodeKind, LinkType, FigureQuery)


def node_kind(kind: NodeKind) -> None:
    """Register a kind of statement."""
    _register(KINDS, kind)


def link_type(kind: LinkType) -> None:
    """Register a kind of link."""
    _register(LINK_TYPES, kind)


def figure_query(query: FigureQuery) -> None:
    """Register how a figure is computed."""
    _register(FIGURES, query)


def _register(found: dict[str, Registered], one: Registered) -> None:
    if found.setdefault(one.code, one) != one:
        raise ImproperlyConfigured(f"{one.code} is registered twice.")


node_kind(NodeKind(FIGURE, N_("figure"), fields=("query", "parameters")))
