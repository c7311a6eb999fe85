"""What a version keeps, and in what two differ."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from pasaj.core.policy import shapes, versions
from pasaj.core.policy.versions import Difference

COST = shapes.Cost("P1-A1.1.1-L1", "P1-A1.1.1", "Trainers", "recurrent", Decimal("2.00"), "person", Decimal("1250.50"),
                   Decimal("0.000"), "HTG", 2025)  # fmt: skip
PLAN = shapes.Policy(
    "P1", {"fr": "Politique"}, date(2025, 1, 1), date(2028, 12, 31), ("fr", "ht"), "HTG",
    problems=(shapes.Problem("P1-PB1.1", "P1-T1", {"fr": "Un"}, ("A1-F01",)),), costs=(COST,), capacities={"IMM": 3},
)  # fmt: skip
CLAUSE: dict[str, Any] = {
    "code": "P1-C1",
    "number": "1",
    "level": 1,
    "kind": "text",
    "realises": [],
    "texts": {"fr": "Un."},
}


def frozen(policy: shapes.Policy = PLAN, **clause: Any) -> dict[str, Any]:
    chain: dict[str, Any] = {"nodes": [], "links": []}
    return versions.frozen(policy, clauses=[{**CLAUSE, **clause}], chain=chain, references=[])


def test_what_is_frozen_is_what_json_gives_back() -> None:
    found = frozen()
    assert json.loads(json.dumps(found)) == found
    assert found["costs"] == [
        {
            "code": "P1-A1.1.1-L1", "action": "P1-A1.1.1", "label": "Trainers", "kind": "recurrent", "quantity": "2",
            "unit": "person", "unit_cost": "1250.5", "periods": "0", "currency": "HTG", "year": 2025, "item": "",
            "justification": "",
        }
    ]  # fmt: skip
    assert (found["schema"], found["first"], found["capacities"]) == (1, "2025-01-01", {"IMM": 3})


def test_the_fingerprint_hangs_on_every_word_and_on_nothing_else() -> None:
    one = versions.content_fingerprint(frozen())
    assert one == versions.content_fingerprint(json.loads(json.dumps(frozen(), sort_keys=True)))
    assert one != versions.content_fingerprint(frozen(texts={"fr": "Un !"}))


def test_two_contents_differ_by_code() -> None:
    from dataclasses import replace

    before = frozen()
    after = frozen(
        replace(
            PLAN, problems=(shapes.Problem("P1-PB1.2", "P1-T1", {"fr": "Deux"}),), costs=(replace(COST, year=2026),),
            last=date(2029, 1, 1),
        ),
        texts={"fr": "Deux."},
    )  # fmt: skip
    assert versions.differences(before, before) == ()
    assert versions.differences(before, after) == (
        Difference("clause", "P1-C1", "changed", "texts", {"fr": "Un."}, {"fr": "Deux."}),
        Difference("problem", "P1-PB1.2", "added"),
        Difference("problem", "P1-PB1.1", "removed"),
        Difference("cost", "P1-A1.1.1-L1", "changed", "year", 2025, 2026),
        Difference("policy", "P1", "changed", "last", "2028-12-31", "2029-01-01"),
    )


def test_a_field_that_is_gone_is_a_difference() -> None:
    before, after = frozen(), frozen()
    del after["problems"][0]["rights"]
    assert versions.differences(before, after) == (Difference("problem", "P1-PB1.1", "changed", "rights", [], None),)


def test_what_is_signed_holds_all_fingerprints() -> None:
    part = versions.signed_part(
        code="P1-V1", content="c", texts={"ht": "b", "fr": "a"}, before="", published="2026-01-01T00:00:00+00:00",
        by="CELL",
    )  # fmt: skip
    assert part == {
        "schema": 1, "version": "P1-V1", "content": "c", "texts": {"fr": "a", "ht": "b"}, "before": "",
        "published_at": "2026-01-01T00:00:00+00:00", "approved_by": "CELL",
    }  # fmt: skip
