"""What somebody may choose in the forms of the duty room: pairs of code and name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from pasaj.access.rules import Actor, visible
from pasaj.notify.queries import directory
from pasaj.registry import queries as registry
from pasaj.registry.models import Area, CrossingPoint, Institution

Pairs = list[tuple[str, Any]]


def contacts(actor: Actor) -> Pairs:
    """Posts as "CROSSING/INSTITUTION", then institutions as "/INSTITUTION", grouped."""
    posts = {
        f"{one.crossing.code}/{one.institution.code}": f"{one.crossing}: {one.institution.code}"
        for one in registry.posts(actor)
    }
    others = [(f"/{one.code}", f"{one.code} · {one}") for one in registry.institutions(actor)]
    return [(_("Posts"), list(posts.items())), (_("Institutions"), others)]


def roles() -> Pairs:
    """The contact roles of the pack."""
    return [(one.code, str(one)) for one in directory.roles()]


def institutions(actor: Actor, action: str = "view") -> Pairs:
    """Institutions on which the actor may do `action`, by code."""
    rows = visible(Institution.objects.filter(retired_at=None), actor, action).order_by("code")
    return [(one.code, f"{one.code} · {one}") for one in rows]


def places(actor: Actor, action: str = "tell") -> Pairs:
    """Crossings and areas on which the actor may do `action`, grouped."""
    crossings = visible(CrossingPoint.objects.filter(retired_at=None), actor, action).order_by(
        "-official", "name", "code"
    )
    areas = visible(Area.objects.filter(retired_at=None, level__in=("1", "2", "zone")), actor, action)
    named = sorted(((one.code, str(one)) for one in areas), key=lambda pair: pair[1])
    found: Pairs = []
    if listed := [(one.code, str(one)) for one in crossings]:
        found.append((_("Crossings"), listed))
    if named:
        found.append((_("Areas"), named))
    return found


def where(actor: Actor) -> Pairs:
    """Places of which somebody may say that an institution works there: what they may see."""
    return places(actor, "view")


def functions(actor: Actor) -> Pairs:
    """What there is to do at and around the border."""
    return [(one.code, str(one)) for one in registry.functions(actor)]
