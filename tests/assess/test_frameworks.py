"""Versions of frameworks: stored, published, thrown away, loaded with a pack; and never changed."""

from __future__ import annotations

import dataclasses

import make
import pytest
from assess.frameworks import Stored, said
from core.frameworks import META, TABLE, TOML, changed, pack
from django.db import DatabaseError, IntegrityError, transaction

from pasaj.access.models import AuditEntry
from pasaj.access.rules import NOBODY
from pasaj.assess.models import Framework, FrameworkVersion
from pasaj.assess.queries import in_use
from pasaj.assess.services import frameworks, packs
from pasaj.core import rounds
from pasaj.core.framework import content_fingerprint, holds, parse
from pasaj.core.pack import Pack
from pasaj.core.problems import Refused
from pasaj.registry.services.packs import Count

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    found = AuditEntry.objects.filter(action__startswith="framework.").order_by("pk")
    return [row.action.removeprefix("framework.") for row in found]


@pytest.mark.req("R10.1")
def test_a_draft_becomes_the_version_in_use(stored: Stored, cast: make.Cast) -> None:
    draft = stored(draft=True)
    assert (draft.state, draft.pillars, draft.indicators, draft.origin) == ("draft", 2, 4, "upload")
    assert in_use("border") is None
    row = frameworks.publish(version=draft, actor=cast.actor("admin"), now=make.NOW)
    assert (row.state, row.published_at, row.published_by) == ("published", make.NOW, "admin")
    assert in_use("border") == said()
    assert row.fingerprint == content_fingerprint(said())
    assert actions() == ["stored", "published"]


def test_the_one_published_last_is_in_use(stored: Stored) -> None:
    stored("2026.1")
    stored("2026.2")
    stored("2026.3", draft=True)
    found = in_use("border")
    assert found
    assert found.version == "2026.2"
    # Whoever may see nothing gets nothing.
    assert in_use("border", actor=NOBODY) is None
    assert in_use("other") is None


@pytest.mark.req("R10.1")
@pytest.mark.parametrize(
    ("one", "code"), [(said(), "FRAME-043"), (said(rows=changed(2, question_en="Really?")), "FRAME-040")]
)
def test_a_published_version_is_not_stored_again(
    stored: Stored, cast: make.Cast, one: frameworks.core.Framework, code: str
) -> None:
    stored()
    with pytest.raises(Refused) as refused:
        frameworks.store(said=one, origin="upload", actor=cast.actor("admin"), now=make.NOW)
    assert [each.code for each in refused.value.problems] == [code]
    assert in_use("border") == said()


@pytest.mark.req("R10.1")
@pytest.mark.parametrize("fields", [{"content": {}}, {"state": "draft", "published_at": None}, {"names": {}}])
def test_the_database_itself_keeps_what_is_published(stored: Stored, fields: dict[str, object]) -> None:
    row = stored()
    for work in (
        lambda: FrameworkVersion.objects.filter(pk=row.pk).update(**fields),
        lambda: FrameworkVersion.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            work()
    assert in_use("border") == said()


def test_what_is_published_has_a_moment(stored: Stored) -> None:
    row = stored(draft=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        FrameworkVersion.objects.filter(pk=row.pk).update(state="published")


def test_a_draft_is_replaced_and_thrown_away(stored: Stored, cast: make.Cast) -> None:
    first = stored(draft=True)
    second = stored(draft=True, rows=changed(2, question_en="Really?"))
    assert (second.pk, FrameworkVersion.objects.count()) == (first.pk, 1)
    frameworks.discard(version=second, actor=cast.actor("admin"), now=make.NOW)
    assert (FrameworkVersion.objects.count(), Framework.objects.count()) == (0, 0)
    assert actions() == ["stored", "stored", "discarded"]


def test_a_framework_stays_while_a_version_does(stored: Stored, cast: make.Cast) -> None:
    row = stored()
    frameworks.discard(version=stored("2026.2", draft=True), actor=cast.actor("admin"), now=make.NOW)
    assert [one.version for one in Framework.objects.get().versions.all()] == ["2026.1"]
    for work in (frameworks.publish, frameworks.discard):
        with pytest.raises(Refused) as refused:
            work(version=row, actor=cast.actor("admin"), now=make.NOW)
        assert [each.code for each in refused.value.problems] == ["FRAME-044"]


# --- With a pack -------------------------------------------------------------------------------


def packed(toml: str = TOML, rows: str = "") -> Pack:
    found = pack({META: toml} | ({TABLE: rows} if rows else {}))
    assert found.pack
    return found.pack


def load(cast: make.Cast, one: Pack) -> Count:
    return packs.load(pack=one, actor=cast.actor("admin"), now=make.NOW)


@pytest.mark.req("R10.1")
def test_a_pack_brings_its_frameworks_once(country: make.Country, cast: make.Cast) -> None:
    assert load(cast, packed()) == Count(created=1)
    assert load(cast, packed()) == Count(unchanged=1)
    assert actions() == ["stored", "published"]
    assert load(cast, packed(TOML.replace("2026.1", "2026.2"))) == Count(created=1)
    found = in_use("border")
    assert found
    assert found.version == "2026.2"


@pytest.mark.req("R10.1")
def test_a_pack_cannot_change_a_version_that_is_in_use(country: make.Country, cast: make.Cast) -> None:
    load(cast, packed())
    with pytest.raises(Refused) as refused:
        load(cast, packed(rows=changed(2, weight="3")))
    (one,) = refused.value.problems
    assert (one.code, one.params) == ("FRAME-040", {"framework": "border", "version": "2026.1"})
    assert in_use("border") == said()


def test_a_draft_of_the_same_version_gives_way_to_the_pack(stored: Stored, cast: make.Cast) -> None:
    stored(draft=True, rows=changed(2, weight="3"))
    assert load(cast, packed()) == Count(updated=1)
    assert in_use("border") == said()


def test_what_left_the_pack_stays_and_is_marked(country: make.Country, cast: make.Cast, stored: Stored) -> None:
    other = stored(one=dataclasses.replace(said(), code="own"))
    load(cast, packed())
    empty = dataclasses.replace(packed(), frameworks=())
    assert load(cast, empty) == Count(kept=1)
    assert load(cast, empty) == Count()
    marked = dict(Framework.objects.values_list("code", "retired_at"))
    assert marked == {"border": make.NOW, other.framework.code: None}
    assert in_use("border") == said()
    assert load(cast, packed()) == Count(unchanged=1)
    assert Framework.objects.filter(retired_at=None).count() == 2
    assert actions()[-2:] == ["retired", "returned"]


def test_conditions_are_asked_of_real_places(country: make.Country) -> None:
    north = rounds.facts_of_crossing(country.crossings["TL-BCP-NOR"])
    assert north["kind"] == "land"
    assert holds(parse("kind=land and official!=no"), north, {}) is True
    service = rounds.facts_of_institution(country.institutions["IMM"])
    assert service == {"kind": "border_agency"}
    assert holds(parse("kind=border_agency"), service, {}) is True
    # What the pack does not say is not known.
    assert holds(parse("country=TL"), service, {}) is None
