"""What can be chosen while a document is written: references, places, measures and objectives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from pasaj.access.rules import Actor, visible
from pasaj.core.report.letters import shown
from pasaj.evidence.models import Node
from pasaj.policy.models import Clause, Policy
from pasaj.policy.queries import words
from pasaj.policy.queries.tree import Entry
from pasaj.registry.models import localised

MOST = 200
Groups = list[tuple[str, list[tuple[str, str]]]]


def reference_groups(policy: Policy, entries: Sequence[Entry], actor: Actor) -> Groups:
    """References with their names, by kind: the newest figures and findings that the reader may see."""
    figures = [
        (f"{{{{figure:{one.code}|{name}}}}}", f"{one} · {name} ({one.code})")
        for one in _nodes("figure", actor)
        for name in sorted(one.values)[:4]
    ]
    rows = list(policy.measures.filter(withdrawn_at=None).order_by("pk"))
    measures = [(f"{{{{measure:{one.short}}}}}", f"{one.short} · {_short(str(one))}") for one in rows]
    costs = [(f"{{{{cost:{policy.code}}}}}", _("the whole plan"))]
    costs += [(f"{{{{cost:{one.short}}}}}", f"{one.short} · {_short(str(one))}") for one in rows]
    costs.append((f"{{{{cost:{policy.code}|gap}}}}", _("what is missing in the whole plan")))
    clauses = [(f"{{{{clause:{one.clause.short}}}}}", f"{one.number} · {one.title}") for one in entries]
    terms = [(f"{{{{term:{one.code}}}}}", str(one)) for one in policy.terms.order_by("code")]
    findings = [(f"{{{{finding:{one.code}}}}}", f"{one.code} · {_short(str(one))}") for one in _nodes("finding", actor)]
    groups = [
        (_("Figures"), figures), (_("Findings"), findings), (_("Measures"), measures), (_("Costs"), costs),
        (_("Clauses"), clauses), (_("Terms"), terms),
    ]  # fmt: skip
    return [(name, rows) for name, rows in groups if rows]


def _nodes(kind: str, actor: Actor) -> list[Node]:
    return list(visible(Node.objects.filter(kind=kind, withdrawn_at=None), actor).order_by("-pk")[:MOST])


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:70].rsplit(" ", 1)[0] + " …"


def places(policy: Policy, entries: Sequence[Entry], moved: Clause | None = None) -> list[tuple[str, str]]:
    """Where a clause can stand: "under|after" with words; under itself is no place."""
    found = [("|", _("At the very beginning"))]
    hidden: list[str] = []
    for one in entries:
        inside = any(one.clause.code.startswith(f"{code}.") or one.clause.code == code for code in hidden)
        if moved is not None and (one.clause.pk == moved.pk or one.clause.parent_id == moved.pk or inside):
            hidden.append(one.clause.code)
            continue
        name = f"{one.number} {_short(shown(one.title)) or _drawn(one.clause)}"
        if one.clause.is_head:
            found.append((f"{one.clause.code}|", _("First under {name}").format(name=name)))
        above = one.clause.parent.code if one.clause.parent else ""
        found.append((f"{above}|{one.clause.code}", _("After {name}").format(name=name)))
    return found


def _drawn(clause: Clause) -> str:
    """What a clause shows that has no text of its own."""
    if clause.kind == Clause.Kind.MEASURES:
        return _("Measures, from the plan")
    return str(words.SECTIONS.get(clause.part, ""))


def statements(policy: Policy, rows: Any) -> list[tuple[str, str]]:
    """Standing statements of a kind to choose from."""
    found = rows.filter(withdrawn_at=None).order_by("pk")
    return [(one.code, f"{one.short} · {localised(one.text)}") for one in found]
