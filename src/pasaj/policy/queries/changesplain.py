"""What changed under a policy, for programs."""

from __future__ import annotations

from typing import Any

from pasaj.policy.queries.changes import Row, Since


def plain(told: Since) -> dict[str, Any]:
    """The answer for programs: lists of rows, each with its code, what became of it, and what it said and says."""
    return {
        "links": [
            {"child": one.child, "parent": one.parent, "type": one.type, "state": one.state, "under": list(one.under)}
            for one in told.looks
        ],
        **{
            name: [_plain(one) for one in getattr(told, name)]
            for name in ("evidence", "instruments", "statements", "clauses")
        },
        "left_off": told.left_off,
    }


def _plain(one: Row) -> dict[str, Any]:
    return {
        "code": one.code, "kind": one.kind, "title": one.title, "what": one.what, "under": list(one.under),
        "fields": [
            {
                "field": name,
                "before": "".join(each.text for each in segments if each.kind != "insert"),
                "now": "".join(each.text for each in segments if each.kind != "delete"),
            }
            for name, segments in one.fields
        ],
        "deeds": [{"action": each.action, "at": each.at.isoformat(), "by": each.actor_label, "note": each.note}
                  for each in one.deeds],
    }  # fmt: skip
