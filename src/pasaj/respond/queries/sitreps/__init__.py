"""Questions about situation reports: which there are, what they say in a language and an edition, what moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import override

from pasaj.access.rules import Actor, policy, visible
from pasaj.core import sitrep as core
from pasaj.core.report import Report
from pasaj.notify.models import Mode
from pasaj.registry.models import CrossingPoint, Home
from pasaj.registry.queries import home as read_home
from pasaj.respond.models import Sitrep
from pasaj.respond.queries.sitreps.beside import beside
from pasaj.respond.queries.sitreps.chat import LIMIT, chat
from pasaj.respond.queries.sitreps.facts import Span, gather, span
from pasaj.respond.queries.sitreps.report import AUDIENCES, EDITIONS, SHARE, WHOLE, build, text_of
from pasaj.respond.queries.sitreps.sentences import drafted, of_candidate
from pasaj.respond.queries.sitreps.voice import Voice

__all__ = [
    "AUDIENCES",
    "EDITIONS",
    "GONE_OUT",
    "LIMIT",
    "SHARE",
    "WHOLE",
    "Span",
    "behind",
    "beside",
    "chat",
    "facts_for",
    "first_draft",
    "gather",
    "headlines",
    "hidden_from",
    "last",
    "listed",
    "said",
    "span",
    "texts_of",
]
GONE_OUT = (Sitrep.State.APPROVED, Sitrep.State.SENT)
LONG = ("facts", "marks")


def listed(actor: Actor) -> QuerySet[Sitrep]:
    """The reports the actor may see, the newest first, without their facts."""
    rows = visible(Sitrep.objects.defer(*LONG), actor).select_related("previous", "corrects")
    return rows.order_by("-as_of_at", "-number")


def last(mode: str = Mode.ACTUAL) -> Sitrep | None:
    """The latest report that was let go, which the next one starts from."""
    return Sitrep.objects.filter(state__in=GONE_OUT, mode=mode).order_by("-as_of_at", "-number").first()


def protected(facts: Mapping[str, Any]) -> frozenset[str]:
    """The crossings whose names are not for everybody: files travel, so they never hold them."""
    return frozenset(code for code, one in facts["places"].items() if one["protected"])


def hidden_from(actor: Actor, facts: Mapping[str, Any]) -> frozenset[str]:
    """The crossings of these facts that a page names to the actor by their commune only."""
    codes = protected(facts)
    known = CrossingPoint.objects.filter(policy(CrossingPoint, "locate", actor), code__in=codes)
    return codes - set(known.values_list("code", flat=True))


def facts_for(row: Sitrep, actor: Actor) -> dict[str, Any]:
    """The facts as they were frozen, with the crossings the actor may not locate named by their commune."""
    hidden = hidden_from(actor, row.facts)
    places = {
        code: {**one, "names": one["area"]} if code in hidden else one for code, one in row.facts["places"].items()
    }
    return {**row.facts, "places": places}


def said(row: Sitrep, *, language: str, edition: str, actor: Actor | None = None) -> Report:
    """What a report says. `actor`: whose page it is on; None: a file, which names no protected crossing."""
    home = Home.objects.only("layers").get(pk=1)
    hidden = protected(row.facts) if actor is None else hidden_from(actor, row.facts)
    before = row.previous.facts if row.previous else None
    return build(row, language=language, edition=edition, layers=home.layers, hidden=hidden, previous=before)


def first_draft(facts: Mapping[str, Any], languages: list[str]) -> dict[str, dict[str, str]]:
    """The texts as the facts alone would have them, by language and part. Protected crossings are not named."""
    found = {}
    for language in languages:
        with override(language):
            found[language] = drafted(Voice(facts, hidden=protected(facts)))
    return found


def headlines(facts: Mapping[str, Any], most: int = 6) -> list[tuple[str, core.Candidate]]:
    """What could be the headline, in the active language, with the sum that orders it."""
    voice = Voice(facts, hidden=protected(facts))
    return [(of_candidate(voice, one), one) for one in core.candidates(facts)[:most]]


def texts_of(row: Sitrep, edition: str) -> dict[str, dict[str, str]]:
    """The texts as an edition has them."""
    found = {}
    for language, parts in row.texts.items():
        with override(language):
            voice = Voice(row.facts, edition == SHARE, protected(row.facts))
            found[language] = {part: text_of(row, language, part, voice) for part in parts}
    return found


def behind(row: Sitrep, reference: str) -> list[tuple[str, str]]:
    """Language and part where a person changed the text of reference and the other still says the first draft.

    In the order of the home's languages: a database need not keep that of a JSON column.
    """
    mine, home = row.marks.get(reference, {}), read_home()
    return [
        (language, part)
        for language in (home.languages if home else ())
        for part in core.PARTS
        if language != reference
        and mine.get(part) == core.EDITED
        and row.marks.get(language, {}).get(part) == core.DRAFTED
    ]
