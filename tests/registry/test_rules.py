"""Who may see places, positions, reporting services and memberships."""

from __future__ import annotations

import itertools

import make
import pytest

from pasaj.access.rules import can, explain, may, visible
from pasaj.registry import queries
from pasaj.registry.models import Area, CrossingPoint, Home, Institution, Membership, Post

MEMBERS = [who for who in make.CAST if who != "stranger"]


@pytest.mark.parametrize("who", MEMBERS)
def test_members_see_the_places(country: make.Country, cast: make.Cast, who: str) -> None:
    actor = cast.actor(who)
    assert {row.code for row in visible(Area.objects.all(), actor)} == set(country.areas)
    assert {row.code for row in queries.crossings(actor)} == set(country.crossings)
    assert {row.code for row in visible(Institution.objects.all(), actor)} == set(country.institutions)
    assert can(actor, "view", country.home)


def test_strangers_see_nothing(country: make.Country, cast: make.Cast) -> None:
    actor = cast.actor("stranger")
    for model in (Home, Area, CrossingPoint, Institution, Post, Membership):
        assert list(visible(model._default_manager.all(), actor)) == []
    assert queries.located(actor) == frozenset()
    assert not may(actor, "view", Area)


@pytest.mark.req("R3.3")
@pytest.mark.parametrize("who", make.CAST)
def test_where_an_unofficial_crossing_lies(country: make.Country, cast: make.Cast, who: str) -> None:
    hidden = country.crossings["TL-UBP-01"]
    CrossingPoint.objects.filter(pk=hidden.pk).update(lat=19.123456, lon=-71.654321)
    actor = cast.actor(who)
    expected = set()
    if who != "stranger":
        expected = {country.crossings["TL-BCP-NOR"].pk, country.crossings["TL-BCP-SOU"].pk}
    assert queries.located(actor) == expected  # a position that should not be there is shown to nobody
    assert can(actor, "locate", hidden) == (who in {"duty", "approver", "analyst"})


@pytest.mark.req("R3.3")
def test_what_is_protected_is_said_once(country: make.Country) -> None:
    point = country.crossings["TL-BCP-NOR"]
    found = {}
    for kind, official in itertools.product(CrossingPoint.Kind.values, CrossingPoint.Official.values):
        point.kind, point.official = kind, official
        point.save()
        found[kind, official] = point.is_protected
        assert CrossingPoint.objects.filter(CrossingPoint.PROTECTED, pk=point.pk).exists() == point.is_protected
    assert {at for at, protected in found.items() if protected} == {
        ("land", "no"), ("air", "no"), ("sea", "no"), ("land", "verify"),
    }  # fmt: skip


def test_the_chief_of_an_unofficial_crossing_may_locate_it(country: make.Country, cast: make.Cast) -> None:
    hidden = country.crossings["TL-UBP-01"]
    make.member(cast.account("stranger"), country.institutions["IMM"], "chief", hidden)
    actor = cast.actor("stranger")
    assert can(actor, "locate", hidden)
    # A role that is tied to a crossing without leading it does not locate it.
    make.member(cast.account("partner"), country.institutions["AID"], "partner", hidden)
    assert not can(cast.actor("partner"), "locate", hidden)
    ways = explain(CrossingPoint, "locate", cast.actor("partner"), hidden).ways
    assert [part.met for way in ways for part in way] == [False] * 5


def test_who_sees_who_reports(country: make.Country, cast: make.Cast) -> None:
    def seen(who: str) -> set[str]:
        return {row.key for row in queries.posts(cast.actor(who))}

    both = {"TL-BCP-NOR/REG", "TL-BCP-SOU/REG"}
    assert {who: seen(who) for who in make.CAST} == {
        # The chief's institution reports from both crossings.
        **dict.fromkeys(("chief", "duty", "approver", "analyst", "admin", "dpo"), both),
        "partner": set(),
        "stranger": set(),
    }
    Post.objects.update(institution=country.institutions["CELL"])
    assert seen("chief") == {"TL-BCP-NOR/REG"}
    Post.objects.filter(key="TL-BCP-SOU/REG").update(institution=country.institutions["AID"])
    assert seen("partner") == {"TL-BCP-SOU/REG"}


def test_who_sees_memberships(cast: make.Cast) -> None:
    total = Membership.objects.count()
    for who in make.CAST:
        own = Membership.objects.filter(account=cast.account(who))
        found = list(visible(Membership.objects.order_by("pk"), cast.actor(who)))
        assert len(found) == (total if who in {"admin", "dpo"} else own.count())
        if who not in {"admin", "dpo"}:
            assert found == list(own)
