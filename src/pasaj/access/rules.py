"""Who may do what: one registry of conditions, read by lists, pages, exports and the API alike.

A rule is a set of named conditions; the rows that any of them opens are the rows the actor may
see or change. Without a definition nobody may. A condition gives a `Q` built from direct foreign
keys and `Exists` only: a join over many rows would return a row several times.

`Q() | x` equals `x` in Django (the empty Q is dropped, not "everything"), so a condition never
returns an empty Q: it returns `EVERYTHING` or `NOTHING`, and `define` refuses anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the name gettext tools look for

from pasaj.access.models import Account, ApiToken, AuditEntry

ROLES: dict[str, str] = {
    "chief": N_("Post chief"),
    "duty": N_("Duty officer"),
    "approver": N_("Approver"),
    "analyst": N_("Analyst"),
    "lead": N_("Assessment lead"),
    "drafter": N_("Drafter"),
    "dpo": N_("Data-protection focal point"),
    "admin": N_("Administrator"),
    "partner": N_("Partner"),
}

NOTHING = Q(pk__in=())
EVERYTHING = ~Q(pk__in=())

AnyModel = TypeVar("AnyModel", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one institution, for one crossing point or (None) for all of them."""

    role: str
    institution_id: int | None
    institution: str
    crossing_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as plain values: `via` says through what (web, token, system, command)."""

    id: int | None
    label: str
    grants: tuple[Grant, ...] = ()
    via: str = "web"
    language: str = ""

    def has(self, *roles: str) -> bool:
        return any(grant.role in roles for grant in self.grants)

    @property
    def institution_ids(self) -> frozenset[int]:
        return frozenset(grant.institution_id for grant in self.grants if grant.institution_id is not None)

    @property
    def crossing_ids(self) -> frozenset[int]:
        return frozenset(grant.crossing_id for grant in self.grants if grant.crossing_id is not None)

    @property
    def is_system(self) -> bool:
        """Pasaj itself, or whoever holds the home and runs a command: no rule applies."""
        return self.id is None and self.via in {"system", "command"}


SYSTEM = Actor(id=None, label="Pasaj", via="system")
NOBODY = Actor(id=None, label="")


@dataclass(frozen=True, slots=True)
class Condition:
    """One reason to be let in: a name, a sentence for the reader, and the rows it opens to an actor."""

    name: str
    sentence: str  # msgid: "You are a duty officer."
    rows: Callable[[Actor], Q]

    def __and__(self, other: Condition) -> Both:
        return Both((self, other))


@dataclass(frozen=True, slots=True)
class Both:
    """Conditions that must hold together."""

    parts: tuple[Condition, ...]

    def __and__(self, other: Condition) -> Both:
        return Both((*self.parts, other))


@dataclass(frozen=True, slots=True)
class Part:
    """One condition of a rule, as it stands for one actor and one object."""

    name: str
    sentence: str
    met: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an actor may or may not: any one way whose parts are all met is enough."""

    allowed: bool
    ways: tuple[tuple[Part, ...], ...]


_RULES: dict[tuple[type[models.Model], str], tuple[Both, ...]] = {}


def define(model: type[models.Model], action: str, *conditions: Condition | Both) -> None:
    """Say who may: any one of `conditions` is enough; `a & b` must hold together. Once per model and action."""
    if not conditions:
        raise ImproperlyConfigured(f"{model.__name__} {action}: a rule needs a condition.")
    if (model, action) in _RULES:
        raise ImproperlyConfigured(f"{model.__name__} {action}: defined twice.")
    _RULES[model, action] = tuple(one if isinstance(one, Both) else Both((one,)) for one in conditions)


def defined() -> tuple[tuple[type[models.Model], str], ...]:
    """Every (model, action) that has a rule."""
    return tuple(_RULES)


def policy(model: type[models.Model], action: str, actor: Actor) -> Q:
    """The rows of `model` on which `actor` may do `action`. `NOTHING` where no rule is defined."""
    ways = _ways(model, action)
    if ways and actor.is_system:
        return EVERYTHING
    return union(intersection(_rows(part, model, actor) for part in way.parts) for way in ways)


def visible(queryset: models.QuerySet[AnyModel], actor: Actor, action: str = "view") -> models.QuerySet[AnyModel]:
    """The rows of `queryset` that `actor` may view (or do `action` on)."""
    return queryset.filter(policy(queryset.model, action, actor))


def can(actor: Actor, action: str, obj: models.Model) -> bool:
    """Whether `actor` may do `action` on this saved object: the list's own Q with the primary key."""
    return _opens(policy(type(obj), action, actor), obj)


def may(actor: Actor, action: str, model: type[models.Model]) -> bool:
    """Whether `actor` may do `action` at all: for buttons, and for creating. Asks no database."""
    return policy(model, action, actor) != NOTHING


def explain(model: type[models.Model], action: str, actor: Actor, obj: models.Model | None = None) -> Explanation:
    """Which conditions hold for `actor` and `obj` (without an object: for any object at all)."""
    ways = tuple(
        tuple(Part(part.name, part.sentence, _opens(_rows(part, model, actor), obj)) for part in way.parts)
        for way in _ways(model, action)
    )
    return Explanation(
        allowed=bool(ways) and (actor.is_system or any(all(part.met for part in way) for way in ways)), ways=ways
    )


# --- Making conditions -------------------------------------------------------------------------


def holds(role: str, sentence: str) -> Condition:
    """The actor holds the role, in any institution."""
    return Condition(role, sentence, lambda actor: EVERYTHING if actor.has(role) else NOTHING)


def one_of(field: str, ids: Iterable[int]) -> Q:
    """Rows whose `field` is among `ids`; NOTHING when there are none."""
    found = sorted(ids)
    return Q(**{f"{field}__in": found}) if found else NOTHING


def union(rows: Iterable[Q]) -> Q:
    """Rows that any of the Qs opens. NOTHING for none."""
    result = NOTHING
    for one in rows:
        if one == EVERYTHING:
            return EVERYTHING
        if one != NOTHING:
            result = one if result == NOTHING else result | one
    return result


def intersection(rows: Iterable[Q]) -> Q:
    """Rows that all of the Qs open. EVERYTHING for none."""
    result = EVERYTHING
    for one in rows:
        if one == NOTHING:
            return NOTHING
        if one != EVERYTHING:
            result = one if result == EVERYTHING else result & one
    return result


IS_CHIEF = holds("chief", N_("You are the chief of a post."))
IS_DUTY = holds("duty", N_("You are a duty officer."))
IS_APPROVER = holds("approver", N_("You are an approver."))
IS_ANALYST = holds("analyst", N_("You are an analyst."))
IS_LEAD = holds("lead", N_("You are an assessment lead."))
IS_DRAFTER = holds("drafter", N_("You are a drafter."))
IS_DPO = holds("dpo", N_("You are a data-protection focal point."))
IS_ADMIN = holds("admin", N_("You are an administrator."))
IS_PARTNER = holds("partner", N_("You are a partner of another institution."))


# --- Inside ------------------------------------------------------------------------------------


def _ways(model: type[models.Model], action: str) -> tuple[Both, ...]:
    concrete = model._meta.concrete_model or model
    return _RULES.get((concrete, action), ())


def _rows(condition: Condition, model: type[models.Model], actor: Actor) -> Q:
    rows = condition.rows(actor)
    if not rows:
        raise ImproperlyConfigured(f"{condition.name}: an empty Q is no answer, return EVERYTHING or NOTHING.")
    for path in _paths(rows):
        if _multiplies(model, path):
            raise ImproperlyConfigured(f"{condition.name}: {path} joins many rows, use Exists.")
    return rows


def _opens(rows: Q, obj: models.Model | None) -> bool:
    if obj is None or rows == NOTHING:
        return rows != NOTHING
    if obj.pk is None:
        return False
    return rows == EVERYTHING or type(obj)._default_manager.filter(rows, pk=obj.pk).exists()


def _paths(rows: Q) -> Iterator[str]:
    child: Any
    for child in rows.children:
        if isinstance(child, Q):
            yield from _paths(child)
        elif isinstance(child, tuple):
            yield child[0]


@lru_cache(maxsize=1024)
def _multiplies(model: type[models.Model], path: str) -> bool:
    """Whether a lookup path goes through a relation to many rows."""
    here: Any = model
    for name in path.split("__"):
        if name == "pk":
            return False
        try:
            field = here._meta.get_field(name)
        except FieldDoesNotExist:
            return False  # a transform or a lookup: the path of relations has ended
        if field.one_to_many or field.many_to_many:
            return True
        if not field.is_relation:
            return False
        here = field.related_model
    return False


# --- The rules of this app ---------------------------------------------------------------------

IS_OWN_ENTRY = Condition(
    "own-entry",
    N_("It is your own entry."),
    lambda actor: NOTHING if actor.id is None else Q(actor_id=actor.id),
)
IS_OWN_TOKEN = Condition(
    "own-token",
    N_("It is your own access token."),
    lambda actor: NOTHING if actor.id is None else Q(account_id=actor.id),
)
IS_SELF = Condition(
    "self",
    N_("It is your own account."),
    lambda actor: NOTHING if actor.id is None else Q(pk=actor.id),
)

define(AuditEntry, "view", IS_DPO, IS_ADMIN, IS_OWN_ENTRY)
define(AuditEntry, "erase", IS_DPO)
define(ApiToken, "view", IS_OWN_TOKEN)
define(ApiToken, "revoke", IS_OWN_TOKEN, IS_ADMIN)
define(Account, "view", IS_SELF, IS_ADMIN, IS_DPO)
define(Account, "change", IS_SELF, IS_ADMIN)
define(Account, "list", IS_ADMIN, IS_DPO)  # the page of everybody's accounts and roles
define(Account, "deactivate", IS_ADMIN)
define(Account, "reset", IS_ADMIN)
