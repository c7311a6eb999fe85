from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Exists, OuterRef, Q

from pasaj.access import rules
from pasaj.access.models import Account, ApiToken, AuditEntry
from pasaj.access.rules import (
    EVERYTHING,
    IS_ADMIN,
    IS_DUTY,
    NOBODY,
    NOTHING,
    SYSTEM,
    Actor,
    Condition,
    Explanation,
    Grant,
    Part,
    can,
    define,
    explain,
    intersection,
    may,
    one_of,
    policy,
    union,
    visible,
)

NOW = datetime(2025, 10, 1, 12, 0, tzinfo=UTC)


def actor(*roles: str, number: int = 1) -> Actor:
    return Actor(id=number, label="x", grants=tuple(Grant(role, 3, "CELL") for role in roles))


DUTY, ADMIN, NO_ROLE = actor("duty"), actor("admin"), actor()
SELF = Condition("self", "It is your own.", lambda who: Q(account_id=who.id) if who.id else NOTHING)


@pytest.fixture
def clean() -> Iterator[None]:
    before = dict(rules._RULES)
    yield
    rules._RULES.clear()
    rules._RULES.update(before)


@pytest.fixture
def tokens(db: None) -> list[ApiToken]:
    accounts = [Account.objects.create_user(f"{name}@example.org", name=name) for name in ("a", "b")]
    return [
        ApiToken.objects.create(
            account=account, name=str(at), prefix=f"{at}", sha256=f"{at}", created_at=NOW, expires_at=NOW.replace(day=2)
        )
        for at, account in enumerate([accounts[0], accounts[0], accounts[1]])
    ]


def names(who: Actor, action: str) -> list[str]:
    return list(visible(ApiToken.objects.order_by("name"), who, action).values_list("name", flat=True))


def test_an_actor_is_plain_values() -> None:
    who = Actor(1, "Ana", (Grant("chief", 3, "IMM", 7), Grant("duty", 4, "CELL"), Grant("admin", None, "")))
    assert who.has("duty")
    assert who.has("lead", "chief")
    assert not who.has("lead")
    assert not who.has()
    assert who.institution_ids == {3, 4}
    assert who.crossing_ids == {7}
    assert not who.is_system
    assert SYSTEM.is_system
    assert Actor(None, "someone at the machine", via="command").is_system
    assert not Actor(5, "Ana", via="command").is_system
    assert not NOBODY.is_system


@pytest.mark.req("R7.1")
def test_without_a_rule_nobody_may_not_even_the_system(tokens: list[ApiToken]) -> None:
    for who in (DUTY, ADMIN, NOBODY, SYSTEM):
        assert policy(ApiToken, "no-such-action", who) == NOTHING
        assert names(who, "no-such-action") == []
        assert not may(who, "no-such-action", ApiToken)
        assert not can(who, "no-such-action", tokens[0])
        assert explain(ApiToken, "no-such-action", who, tokens[0]) == Explanation(allowed=False, ways=())


@pytest.mark.usefixtures("clean")
def test_one_condition_is_enough(tokens: list[ApiToken]) -> None:
    define(ApiToken, "test", IS_DUTY, SELF)
    owner = actor(number=tokens[0].account_id)
    assert names(DUTY, "test") == ["0", "1", "2"]
    assert names(owner, "test") == ["0", "1"]
    assert names(actor(number=tokens[2].account_id), "test") == ["2"]
    assert names(NOBODY, "test") == []
    assert names(SYSTEM, "test") == ["0", "1", "2"]
    assert [can(owner, "test", token) for token in tokens] == [True, True, False]
    assert (may(DUTY, "test", ApiToken), may(owner, "test", ApiToken), may(NOBODY, "test", ApiToken)) == (
        True,
        True,
        False,
    )
    assert not can(owner, "test", ApiToken(account_id=owner.id))  # not saved yet


@pytest.mark.usefixtures("clean")
def test_conditions_that_must_hold_together(tokens: list[ApiToken]) -> None:
    define(ApiToken, "test", IS_ADMIN, IS_DUTY & SELF)
    owner = tokens[2].account_id
    assert names(actor("duty", number=owner), "test") == ["2"]
    assert names(actor(number=owner), "test") == []
    assert names(actor("admin", number=0), "test") == ["0", "1", "2"]


@pytest.mark.req("R7.2")
@pytest.mark.usefixtures("clean")
def test_explain_says_which_condition_failed(tokens: list[ApiToken]) -> None:
    define(ApiToken, "test", IS_ADMIN, IS_DUTY & SELF)
    duty = Part("duty", "You are a duty officer.", met=True)
    admin = Part("admin", "You are an administrator.", met=False)
    who = actor("duty", number=tokens[2].account_id)
    mine, other = explain(ApiToken, "test", who, tokens[2]), explain(ApiToken, "test", who, tokens[0])
    assert mine == Explanation(True, ((admin,), (duty, Part("self", "It is your own.", met=True))))
    assert other == Explanation(False, ((admin,), (duty, Part("self", "It is your own.", met=False))))
    for token, told in ((tokens[2], mine), (tokens[0], other)):
        assert can(who, "test", token) == told.allowed
    assert explain(ApiToken, "test", who).allowed  # for some object
    assert explain(ApiToken, "test", SYSTEM, tokens[0]).allowed


def test_the_empty_q_is_not_everything() -> None:
    some = Q(name="x")
    assert (Q() | some) == some  # the trap
    assert union([EVERYTHING, some]) == EVERYTHING
    assert union([some, EVERYTHING]) == EVERYTHING
    assert union([NOTHING, some]) == some
    assert union([]) == NOTHING
    assert intersection([EVERYTHING, some]) == some
    assert intersection([some, NOTHING]) == NOTHING
    assert intersection([]) == EVERYTHING
    assert one_of("account_id", set()) == NOTHING
    assert one_of("account_id", {2, 1}) == Q(account_id__in=[1, 2])


@pytest.mark.usefixtures("tokens")
def test_everything_and_nothing_also_inside_djangos_own_or() -> None:
    def found(rows: Q) -> int:
        return ApiToken.objects.filter(rows).count()

    some = Q(name="1")
    assert (found(EVERYTHING), found(NOTHING), found(EVERYTHING | some), found(NOTHING | some)) == (3, 0, 3, 1)
    assert (found(EVERYTHING & some), found(NOTHING & some), found(~NOTHING), found(~EVERYTHING)) == (1, 0, 3, 0)


@pytest.mark.usefixtures("clean", "db")
def test_a_condition_may_not_answer_with_an_empty_q() -> None:
    define(ApiToken, "test", Condition("all", "All.", lambda _who: Q()))
    with pytest.raises(ImproperlyConfigured, match="empty Q"):
        policy(ApiToken, "test", DUTY)


@pytest.mark.usefixtures("clean", "tokens")
def test_a_join_over_many_rows_is_refused_and_exists_is_not() -> None:
    define(Account, "test", Condition("owner", "You have a token.", lambda _who: Q(tokens__name__in=["0", "1"])))
    with pytest.raises(ImproperlyConfigured, match="Exists"):
        policy(Account, "test", DUTY)
    has_token = Exists(ApiToken.objects.filter(account=OuterRef("pk"), name__in=["0", "1"]))
    define(Account, "other", IS_ADMIN, Condition("owner", "You have a token.", lambda _who: Q(has_token)))
    assert [account.name for account in visible(Account.objects.all(), DUTY, "other")] == ["a"]
    define(ApiToken, "test", Condition("direct", "x", lambda _who: Q(account__email__iexact="A@example.org")))
    assert names(DUTY, "test") == ["0", "1"]


@pytest.mark.usefixtures("clean")
def test_a_rule_is_defined_once_and_with_a_condition() -> None:
    with pytest.raises(ImproperlyConfigured, match="needs a condition"):
        define(ApiToken, "test")
    define(ApiToken, "test", IS_DUTY)
    with pytest.raises(ImproperlyConfigured, match="twice"):
        define(ApiToken, "test", IS_ADMIN)
    assert (ApiToken, "test") in rules.defined()


@pytest.mark.django_db
def test_nobodys_entries_belong_to_nobody() -> None:
    """Entries of the system have no actor; a visitor without an account must not count as that actor."""
    AuditEntry.objects.create(id=1, at=NOW, recorded_at=NOW, via="system", action="x", previous_hash="", hash="")
    assert not visible(AuditEntry.objects.all(), NOBODY).exists()
    assert not visible(AuditEntry.objects.all(), DUTY).exists()
    assert visible(AuditEntry.objects.all(), ADMIN).exists()
