"""Questions about the home, its places and its people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import NullIf
from django.http import HttpRequest
from django.utils.translation import get_language

from pasaj.access.models import Account, ApiToken
from pasaj.access.rules import Actor, Grant, policy, visible
from pasaj.core.forms.text_screen import Hit, hits
from pasaj.core.nearest import fold
from pasaj.core.pack.days import falls_on
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.models import (
    Area,
    CalendarRule,
    CrossingPoint,
    ExchangeLayer,
    ExchangeNeed,
    Function,
    Home,
    Institution,
    Instrument,
    Mandate,
    Membership,
    PackRow,
    Post,
    Protocol,
    TimelineEvent,
)

Row = TypeVar("Row", bound=PackRow)


class Request(HttpRequest):
    """A request as the home's middleware hands it on: for annotations, never made by us."""

    user: Account
    actor: Actor
    now: datetime  # the business clock
    home: Home
    heartbeat: Any
    htmx: Any


def home() -> Home | None:
    """The one home, or None before `pasaj init` has loaded a pack.

    Asked for by every request, so what is long (map layers, words of messages) stays in the database until
    somebody reads it.
    """
    return Home.objects.filter(pk=1).defer("layers", "words", "warnings").first()


def actor_for(account: Account, *, via: str = "web") -> Actor:
    """The account with the roles it holds now, as plain values."""
    rows = Membership.objects.filter(account=account, ended_at=None).values_list(
        "role", "institution_id", "institution__code", "crossing_id"
    )
    return Actor(
        id=account.pk,
        label=account.name or account.email,
        grants=tuple(Grant(*row) for row in rows),
        via=via,
        language=account.language,
    )


def known_names() -> frozenset[str]:
    """What places and institutions are called, folded: some bear the name of a person (Pedro Santana, a town)."""
    named = [*CrossingPoint.objects.values_list("name", "aliases", "counterpart")]
    listed = [*Area.objects.values_list("names", flat=True), *Institution.objects.values_list("names", flat=True)]
    found = {name for one in listed for name in one.values()}
    found.update(name for name, aliases, other in named for name in (name, *aliases, other))
    parts = {part for name in found for part in re.split(r"[()/;,–]", name)}  # "Northgate (Nòdgat)" is two names
    return frozenset(filter(None, map(fold, found | parts)))


def naming(text: str) -> tuple[Hit, ...]:
    """What a text seems to hold that names a person, where nothing of the home is called so."""
    return hits(text, places=known_names()) if hits(text) else ()


def refuse_naming(**texts: str) -> None:
    """Raise Refused, SCREEN-001, for each of these texts that seems to name a person; the column is its name here."""
    found = [
        problem("SCREEN-001", column=name, what=hit.kind) for name, text in texts.items() for hit in naming(text)[:1]
    ]
    if found:
        raise Refused(*found)


@dataclass(frozen=True, slots=True)
class Person:
    """An account with the roles it holds, the oldest first, and how many of its tokens work."""

    account: Account
    roles: tuple[Membership, ...]
    tokens: int


def accounts(actor: Actor, text: str = "") -> QuerySet[Account]:
    """Everybody's accounts, or those whose name or address holds a text: open ones first, then by name."""
    rows = visible(Account.objects.all(), actor, "list")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return rows.order_by("-is_active", "name", "email")


def people(accounts: Iterable[Account], real_now: datetime) -> list[Person]:
    """The accounts with what they hold, in two queries. `real_now`: tokens live by the real clock."""
    found = list(accounts)
    works = Q(revoked_at=None, expires_at__gt=real_now)
    held: dict[int, list[Membership]] = {}
    for row in roles_of(found).filter(ended_at=None):
        held.setdefault(row.account_id, []).append(row)
    tokens = Counter(ApiToken.objects.filter(works, account__in=found).values_list("account_id", flat=True))
    return [Person(one, tuple(held.get(one.pk, ())), tokens[one.pk]) for one in found]


def roles_of(accounts: Iterable[Account]) -> QuerySet[Membership]:
    """The roles that accounts hold or held, the oldest first."""
    rows = Membership.objects.filter(account__in=list(accounts))
    return rows.select_related("institution", "crossing").order_by("created_at", "pk")


def in_pack(rows: QuerySet[Row], actor: Actor) -> QuerySet[Row]:
    """The rows the pack holds now that `actor` may see."""
    return visible(rows.filter(retired_at=None), actor)


def crossings(actor: Actor) -> QuerySet[CrossingPoint]:
    """The crossing points of the pack, official ones first, with their areas."""
    return in_pack(CrossingPoint.objects.select_related("area__parent"), actor).order_by("-official", "name", "code")


def located(actor: Actor) -> frozenset[int]:
    """Crossings whose position `actor` is shown: on the map, on pages and in the API. Of others it is the area.

    That of an unofficial one is shown to nobody: packs hold none, and one that came otherwise stays unseen.
    """
    rows = CrossingPoint.objects.filter(policy(CrossingPoint, "locate", actor))
    known = rows.exclude(official=CrossingPoint.Official.NO).exclude(lat=None).exclude(lon=None)
    return frozenset(known.values_list("pk", flat=True))


def well_known(actor: Actor) -> frozenset[int]:
    """Crossings whose other names and notes `actor` may read: those of a protected one say where it lies."""
    rows = CrossingPoint.objects.filter(policy(CrossingPoint, "locate", actor))
    return frozenset(rows.values_list("pk", flat=True))


def nation() -> str:
    """The code of the country itself, where the pack has it as an area; else nothing."""
    return Area.objects.filter(level="0").order_by("code").values_list("code", flat=True).first() or ""


def areas(actor: Actor) -> QuerySet[Area]:
    """The areas of the pack with their parents, the country first."""
    return in_pack(Area.objects.select_related("parent"), actor).order_by("level", "code")


def area(actor: Actor, code: str) -> Area | None:
    """One area, also when the pack no longer holds it."""
    return visible(Area.objects.select_related("parent__parent"), actor).filter(code=code).first()


def areas_within(actor: Actor, area: Area) -> QuerySet[Area]:
    """The areas directly inside another, with the number of their crossing points."""
    here = Q(crossings__retired_at=None)
    inside = in_pack(Area.objects.filter(parent=area), actor)
    return inside.annotate(crossing_count=Count("crossings", filter=here)).order_by("level", "code")


def crossings_in(actor: Actor, area: Area) -> QuerySet[CrossingPoint]:
    """The crossing points in an area and in the areas inside it, three levels down."""
    inside = Q(area=area) | Q(area__parent=area) | Q(area__parent__parent=area)
    return crossings(actor).filter(inside)


def institutions(actor: Actor, kind: str = "") -> QuerySet[Institution]:
    """The institutions of the pack, of one kind or all, saying whether they report from a crossing."""
    posts = Post.objects.filter(institution=OuterRef("pk"), retired_at=None)
    rows = in_pack(Institution.objects.all(), actor).annotate(reports=Exists(posts)).order_by("code")
    return rows.filter(kind=kind) if kind else rows


def institution(actor: Actor, code: str) -> Institution | None:
    """One institution, also when the pack no longer holds it."""
    return visible(Institution.objects.all(), actor).filter(code=code).first()


def posts(actor: Actor) -> QuerySet[Post]:
    """Who is expected to report from where."""
    return in_pack(Post.objects.select_related("crossing", "institution"), actor).order_by("crossing__name", "key")


def instruments(actor: Actor) -> QuerySet[Instrument]:
    """Laws, agreements, policies and projects, the oldest first; those without a date last."""
    return in_pack(Instrument.objects.all(), actor).order_by(NullIf("date", Value("")).asc(nulls_last=True), "code")


def functions(actor: Actor) -> QuerySet[Function]:
    """What has to be done at and around the border."""
    return in_pack(Function.objects.all(), actor).order_by("code")


def mandates(actor: Actor) -> QuerySet[Mandate]:
    """Who has which role in what, function by function; those that have ended too."""
    rows = in_pack(Mandate.objects.select_related("function", "institution", "territory"), actor)
    return rows.order_by("function__code", "institution__code", "key")


def exchange_layers(actor: Actor) -> QuerySet[ExchangeLayer]:
    """What services tell each other."""
    return in_pack(ExchangeLayer.objects.all(), actor).order_by("code")


def exchange_needs(actor: Actor) -> QuerySet[ExchangeNeed]:
    """Who should tell whom what, layer by layer."""
    rows = in_pack(ExchangeNeed.objects.select_related("layer", "sender", "receiver"), actor)
    return rows.order_by("layer__code", "sender__code", "receiver__code")


def protocols(actor: Actor) -> QuerySet[Protocol]:
    """What the pack holds on how people are handed over."""
    return in_pack(Protocol.objects.all(), actor).order_by("code")


def timeline(actor: Actor) -> QuerySet[TimelineEvent]:
    """What happened, the newest first."""
    return in_pack(TimelineEvent.objects.all(), actor).order_by("-date", "key")


def calendar(actor: Actor) -> QuerySet[CalendarRule]:
    """Holidays, then market days."""
    return in_pack(CalendarRule.objects.select_related("crossing"), actor).order_by("kind", "country", "rule", "key")


def special_days(day: date, crossing: CrossingPoint | None = None) -> list[CalendarRule]:
    """The holidays and market days that fall on a day: everywhere, or those that matter at a crossing."""
    rows = CalendarRule.objects.filter(retired_at=None).select_related("crossing")
    if crossing is not None:
        rows = rows.filter(Q(crossing=None) | Q(crossing=crossing))
    return [row for row in rows.order_by("kind", "country", "key") if falls_on(row.rule, day)]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One file of the pack as this home holds it: rows, how many need checking, how many are no longer in it."""

    name: str
    rows: int
    verify: int
    retired: int


def shelf(name: str, rows: QuerySet[Row]) -> Shelf:
    """Count the rows of one model."""
    found = rows.aggregate(
        rows=Count("pk", filter=Q(retired_at=None)),
        verify=Count("pk", filter=Q(retired_at=None) & ~Q(verify="")),
        retired=Count("pk", filter=Q(retired_at__isnull=False)),
    )
    return Shelf(name, found["rows"], found["verify"], found["retired"])


def shelves(actor: Actor) -> list[Shelf]:
    """What this home holds of the pack's files about places and services."""
    models: dict[str, type[PackRow]] = {
        "areas": Area,
        "crossings": CrossingPoint,
        "institutions": Institution,
        "instruments": Instrument,
        "functions": Function,
        "mandates": Mandate,
        "exchange_layers": ExchangeLayer,
        "exchange_needs": ExchangeNeed,
        "protocols": Protocol,
        "timeline": TimelineEvent,
        "calendar": CalendarRule,
        "posts": Post,
    }
    return [shelf(name, visible(model._default_manager.all(), actor)) for name, model in models.items()]


def load_warnings(home: Home) -> list[Problem]:
    """What the check of the loaded pack remarked."""
    return [Problem.of(plain) for plain in home.warnings]


def month_format() -> str:
    """Django's letter for a short month: "Nov" in English, "nov" in languages that write months small."""
    return "M" if (get_language() or "").startswith("en") else "b"
