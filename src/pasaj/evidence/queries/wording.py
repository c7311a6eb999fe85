"""Declared changes of wording that nobody has confirmed yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pasaj.evidence.models import Node, Revision
from pasaj.evidence.queries.trace import in_words


@dataclass(frozen=True, slots=True)
class Wording:
    """What waits: who changed what, why and when. moved: name, before, after. authors: ids of who may not confirm."""

    reason: str
    who: str
    at: datetime
    moved: tuple[tuple[str, str, str], ...]
    authors: frozenset[int | None]


def waiting(node: Node) -> list[Revision]:
    """The declared changes of wording at the end of the history that nobody has confirmed, the oldest first."""
    found: list[Revision] = []
    for one in Revision.objects.filter(node=node).select_related("confirmation").order_by("-number"):
        if not one.editorial or hasattr(one, "confirmation"):
            break
        found.insert(0, one)
    return found


def waiting_wording(node: Node) -> Wording | None:
    """What a second person is to look at; None where nothing waits."""
    found = waiting(node)
    if not found:
        return None
    before = in_words(Revision.objects.get(node=node, number=found[0].number - 1).says)
    after = in_words(found[-1].says)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return Wording(
        reason="; ".join(dict.fromkeys(one.editorial for one in found)),
        who=", ".join(dict.fromkeys(one.actor_label for one in found)),
        at=found[-1].at,
        moved=tuple((name, before.get(name, ""), after.get(name, "")) for name in names),
        authors=frozenset(one.actor_id for one in found),
    )
