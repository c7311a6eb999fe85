"""Roles are given and ended, never deleted, by those who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import make
import pytest
from make import NOW

from pasaj.access.models import Account, ApiToken, AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.access.services import tokens
from pasaj.core.problems import Refused
from pasaj.registry import queries
from pasaj.registry.models import Membership
from pasaj.registry.services import memberships

LATER = NOW + timedelta(days=1)


def code_of(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.problems]


def test_a_role_is_given_by_code(country: make.Country, cast: make.Cast) -> None:
    stranger = cast.account("stranger")
    made = memberships.grant(
        account=stranger, institution="imm", role="chief", crossing="tl-bcp-sou", actor=cast.actor("admin"), now=NOW
    )
    assert (made.institution.code, made.created_at) == ("IMM", NOW)
    actor = queries.actor_for(stranger)
    assert actor.has("chief")
    assert actor.crossing_ids == {country.crossings["TL-BCP-SOU"].pk}
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.code, entry.actor_id) == ("membership.grant", stranger.code, cast.account("admin").pk)
    assert entry.detail.values == {"institution": "IMM", "role": "chief", "crossing": "TL-BCP-SOU"}


@pytest.mark.parametrize("who", [who for who in make.CAST if who != "admin"])
def test_only_an_administrator_gives_roles(country: make.Country, cast: make.Cast, who: str) -> None:
    with pytest.raises(Refused) as caught:
        memberships.grant(
            account=cast.account("stranger"),
            institution=country.institutions["IMM"],
            role="admin",
            actor=cast.actor(who),
            now=NOW,
        )
    assert code_of(caught) == ["ACCESS-001"]
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("institution", "role", "crossing", "code"),
    [
        ("IMM", "boss", None, "ACCESS-005"),
        ("XYZ", "duty", None, "ACCESS-006"),
        ("IMM", "chief", None, "PACK-091"),
        ("IMM", "chief", "TL-BCP-XXX", "PACK-094"),
    ],
)
def test_what_cannot_be_given(cast: make.Cast, institution: str, role: str, crossing: str | None, code: str) -> None:
    with pytest.raises(Refused) as caught:
        memberships.grant(
            account=cast.account("stranger"),
            institution=institution,
            role=role,
            crossing=crossing,
            actor=SYSTEM,
            now=NOW,
        )
    assert code_of(caught) == [code]


def test_the_same_role_is_given_once(country: make.Country, cast: make.Cast) -> None:
    def give(crossing: object = None) -> Membership:
        return memberships.grant(
            account=cast.account("stranger"),
            institution="IMM",
            role="analyst",
            crossing=crossing,  # type: ignore[arg-type]
            actor=SYSTEM,
            now=NOW,
        )

    first = give()
    give(country.crossings["TL-BCP-NOR"])
    for crossing in (None, "TL-BCP-NOR"):
        with pytest.raises(Refused) as caught:
            give(crossing)
        assert code_of(caught) == ["PACK-092"]
    memberships.end(membership=first, actor=SYSTEM, now=LATER)
    assert give().pk != first.pk


@pytest.mark.parametrize("who", ["admin", "dpo"])
def test_a_role_ends_and_stays_known(cast: make.Cast, who: str) -> None:
    chief = cast.account("chief")
    membership = Membership.objects.get(account=chief)
    memberships.end(membership=membership, actor=cast.actor(who), now=LATER)
    assert Membership.objects.get(pk=membership.pk).ended_at == LATER
    assert queries.actor_for(chief).grants == ()
    assert AuditEntry.objects.get().action == "membership.end"
    with pytest.raises(Refused) as caught:
        memberships.end(membership=membership, actor=cast.actor(who), now=LATER)
    assert code_of(caught) == ["PACK-093"]


@pytest.mark.parametrize("who", ["chief", "duty", "approver", "analyst", "partner", "stranger"])
def test_nobody_else_ends_a_role(cast: make.Cast, who: str) -> None:
    membership = Membership.objects.get(account=cast.account("dpo"))
    with pytest.raises(Refused) as caught:
        memberships.end(membership=membership, actor=cast.actor(who), now=LATER)
    assert code_of(caught) == ["ACCESS-001"]
    membership.refresh_from_db()
    assert membership.ended_at is None


def refused(do: Callable[..., object], **given: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        do(**given)
    return code_of(caught)


def actions() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "code"))


@pytest.mark.req("R7.7")
def test_an_administrator_closes_and_reopens_an_account(cast: make.Cast) -> None:
    chief, admin = cast.account("chief"), cast.actor("admin")
    token, _plain = tokens.issue(account=chief, name="x", days=1, actor=SYSTEM, now=NOW)
    memberships.close(account=chief, actor=admin, now=NOW)
    assert not Account.objects.get(pk=chief.pk).is_active
    assert ApiToken.objects.get().revoked_at is not None
    assert refused(memberships.close, account=chief, actor=admin, now=NOW) == ["ACCESS-019"]
    assert refused(memberships.reset_password, account=chief, actor=admin, now=NOW) == ["ACCESS-019"]
    assert refused(
        memberships.grant,
        account=Account.objects.get(pk=chief.pk),
        institution="IMM",
        role="duty",
        actor=admin,
        now=NOW,
    ) == ["ACCESS-019"]
    password = memberships.reopen(account=chief, actor=admin, now=NOW)
    found = Account.objects.get(pk=chief.pk)
    assert (found.is_active, found.check_password(password)) == (True, True)
    assert queries.actor_for(found).has("chief")
    assert refused(memberships.reopen, account=chief, actor=admin, now=NOW) == ["ACCESS-022"]
    assert actions()[1:] == [
        ("token.revoked", token.code),
        ("account.deactivated", chief.code),
        ("account.reactivated", chief.code),
    ]


def test_an_administrator_revokes_the_tokens_of_somebody(cast: make.Cast) -> None:
    chief = cast.account("chief")
    for name in ("a", "b"):
        tokens.issue(account=chief, name=name, days=1, actor=SYSTEM, now=NOW)
    mine, _plain = tokens.issue(account=cast.account("admin"), name="mine", days=1, actor=SYSTEM, now=NOW)
    assert memberships.revoke_tokens(account=chief, actor=cast.actor("admin"), now=NOW) == 2
    assert memberships.revoke_tokens(account=chief, actor=cast.actor("admin"), now=NOW) == 0
    assert list(ApiToken.objects.filter(revoked_at=None)) == [mine]


@pytest.mark.parametrize("who", [who for who in make.CAST if who != "admin"])
def test_nobody_else_takes_access_away(cast: make.Cast, who: str) -> None:
    target = {"account": cast.account("chief"), "actor": cast.actor(who), "now": NOW}
    for do in (memberships.close, memberships.reopen, memberships.reset_password, memberships.revoke_tokens):
        assert refused(do, **target) == ["ACCESS-001"]
    assert not AuditEntry.objects.exists()


@pytest.mark.req("R7.7")
def test_the_last_administrator_stays(country: make.Country, cast: make.Cast) -> None:
    admin, second = cast.account("admin"), cast.account("analyst")
    only = Membership.objects.get(account=admin)
    for actor in (cast.actor("admin"), SYSTEM):
        assert refused(memberships.close, account=admin, actor=actor, now=NOW) == ["ACCESS-020"]
        assert refused(memberships.end, membership=only, actor=actor, now=NOW) == ["ACCESS-020"]
    other = make.member(second, country.institutions["CELL"], "admin")
    memberships.close(account=second, actor=cast.actor("admin"), now=NOW)  # one who cannot sign in does not count
    assert refused(memberships.close, account=admin, actor=SYSTEM, now=NOW) == ["ACCESS-020"]
    memberships.end(membership=other, actor=SYSTEM, now=NOW)
    memberships.reopen(account=second, actor=SYSTEM, now=NOW)
    assert refused(memberships.end, membership=only, actor=SYSTEM, now=NOW) == ["ACCESS-020"]
    twice = make.member(admin, country.institutions["IMM"], "admin")
    memberships.end(membership=only, actor=SYSTEM, now=NOW)
    assert refused(memberships.close, account=admin, actor=SYSTEM, now=NOW) == ["ACCESS-020"]
    make.member(second, country.institutions["CELL"], "admin")
    memberships.end(membership=twice, actor=SYSTEM, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_do_not_end_each_other_at_once(
    country: make.Country, cast: make.Cast, in_threads: Callable[[Callable[[], None], int], None]
) -> None:
    make.member(cast.account("analyst"), country.institutions["CELL"], "admin")
    pairs = [
        (cast.actor(who), Membership.objects.get(account=cast.account(other), role="admin"))
        for who, other in (("admin", "analyst"), ("analyst", "admin"))
    ]
    said: list[str] = []

    def end_the_other() -> None:
        actor, membership = pairs.pop()
        try:
            memberships.end(membership=membership, actor=actor, now=NOW)
        except Refused as refusal:
            said.extend(one.code for one in refusal.problems)

    in_threads(end_the_other, 2)
    assert Membership.objects.filter(role="admin", ended_at=None).count() == 1
    assert said == ["ACCESS-020"]
