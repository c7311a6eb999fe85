"""Who sees, drafts and approves alerts."""

from __future__ import annotations

import make
import pytest
from respond import alerting

from pasaj.access.rules import can, may, visible
from pasaj.respond.models import Alert, AlertEvent, AlertMessage, HazardTemplate
from pasaj.respond.queries import alerts as queries

pytestmark = pytest.mark.usefixtures("home_folder")
CELL = {"duty", "approver", "analyst", "admin", "dpo"}


def seers(cast: make.Cast) -> set[str]:
    return {who for who in make.CAST if visible(AlertMessage.objects.all(), cast.actor(who)).exists()}


def test_a_draft_is_seen_in_the_cell_only(country: make.Country, cast: make.Cast) -> None:
    row = alerting.drafted(cast)
    assert seers(cast) == CELL
    assert {who for who in make.CAST if can(cast.actor(who), "view", row.alert)} == CELL
    assert {who for who in make.CAST if can(cast.actor(who), "edit", row)} == {"duty", "analyst"}
    assert {who for who in make.CAST if can(cast.actor(who), "submit", row)} == {"duty", "analyst"}
    assert {who for who in make.CAST if can(cast.actor(who), "approve", row)} == set()
    assert {who for who in make.CAST if may(cast.actor(who), "draft", Alert)} == {"duty", "analyst"}
    assert {who for who in make.CAST if may(cast.actor(who), "view", AlertEvent)} == CELL
    assert {who for who in make.CAST if may(cast.actor(who), "view", HazardTemplate)} == set(make.CAST) - {"stranger"}


def test_who_wrote_it_may_not_approve_it(country: make.Country, cast: make.Cast) -> None:
    make.member(cast.account("duty"), country.institutions["CELL"], "approver")
    row = alerting.submitted(cast)
    assert {who for who in make.CAST if can(cast.actor(who), "approve", row)} == {"approver"}
    assert {who for who in make.CAST if can(cast.actor(who), "edit", row)} == set()


@pytest.mark.req("R11.6")
def test_published_alerts_are_seen_by_those_they_mean(country: make.Country, cast: make.Cast) -> None:
    alerting.published(cast)  # to a contact of the immigration service, at the northern crossing
    assert seers(cast) == CELL | {"chief"}
    assert {who for who in make.CAST if queries.running(cast.actor(who), alerting.NOW)} == CELL | {"chief"}
    assert {who for who in make.CAST if can(cast.actor(who), "follow", Alert.objects.get())} == {"duty", "approver"}


def test_of_an_alert_for_others_nothing_is_seen(country: make.Country, cast: make.Cast) -> None:
    alerting.contact("Network", institution="AID", mail="aid@example.org")
    alerting.published(cast, areas=[{"crossing": "TL-BCP-SOU"}])
    assert seers(cast) == CELL | {"partner"}
    assert queries.alert("AL-2025-0001", cast.actor("chief")) is None
    assert queries.message("AL-2025-0001-1", cast.actor("chief")) is None


def test_a_public_alert_is_seen_by_every_member(country: make.Country, cast: make.Cast) -> None:
    alerting.contact("Network", institution="AID", mail="aid@example.org")
    alerting.published(cast, audience="public", areas=[{"crossing": "TL-BCP-SOU"}])
    assert seers(cast) == set(make.CAST) - {"stranger"}
