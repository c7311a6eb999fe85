"""Operations against a protocol: whom it speaks of, and a verdict a clause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pasaj.core.protocol import hours
from pasaj.core.protocol.shapes import (
    UNKNOWN_COUNTRY,
    Calendar,
    Clause,
    Clocks,
    Finding,
    Judged,
    Operation,
    Protocol,
    Reason,
)

Day = tuple[str, date]
"""A place and a day."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What other sources know. calendars: by country. posts: institutions with a post, by crossing.

    announced: persons on lists by measure, place and day. returned: persons handed over by place and day, None
    where not all were counted (`judge_all` fills it).
    """

    clocks: Clocks
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    posts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    announced: Mapping[str, Mapping[Day, int]] = field(default_factory=dict)
    returned: Mapping[Day, int | None] = field(default_factory=dict)


def judge_all(operations: Iterable[Operation], protocol: Protocol, facts: Facts) -> list[Judged]:
    """Every operation, in the order given. Lists are compared with all that were handed over that day."""
    known = list(operations)
    returned: dict[Day, int | None] = {}
    for one in known:
        scope, persons = scoped(one, protocol)
        if scope != "outside" and one.day is not None:
            sofar = returned.get((one.place, one.day), 0)
            returned[one.place, one.day] = None if persons is None or sofar is None else sofar + persons
    told = Facts(facts.clocks, facts.calendars, facts.posts, facts.announced, returned)
    return [judge(one, protocol, told) for one in known]


def judge(operation: Operation, protocol: Protocol, facts: Facts) -> Judged:
    """One operation. A missing answer never makes a breach, nor keeps a clause that needed it."""
    scope, persons = scoped(operation, protocol)
    if scope == "outside":
        return Judged(operation, scope, persons, ())
    findings = tuple(_finding(one, operation, facts, scope) for one in protocol.clauses)
    return Judged(operation, scope, persons, findings)


def scoped(operation: Operation, protocol: Protocol) -> tuple[str, int | None]:
    """Whether the protocol speaks of an operation, and of how many persons (None: not all were counted).

    With anybody to whom it applies, it applies, and those whose case is disputed are not counted.
    """
    country = operation.from_country
    if country not in ("", UNKNOWN_COUNTRY, protocol.handing.country):
        return "outside", 0
    if country == UNKNOWN_COUNTRY or (not country and operation.transport in ("air", "sea")):
        return "unknown", None
    by_scope: dict[str, list[int | None]] = {"applies": [], "disputed": [], "outside": [], "unknown": []}
    for category in {**dict.fromkeys(protocol.scope), **operation.counts}:
        by_scope[protocol.scope.get(category, "unknown")].append(operation.counts.get(category))
    for scope in ("applies", "disputed"):
        if any(by_scope[scope]):
            # Whether somebody to whom it applies was there is not known: then nothing is.
            if scope == "disputed" and None in by_scope["applies"]:
                break
            return scope, None if None in by_scope[scope] else sum(one or 0 for one in by_scope[scope])
    if any(by_scope["unknown"]) or None in (*by_scope["applies"], *by_scope["disputed"]):
        return "unknown", None
    return "outside", 0


def _finding(clause: Clause, operation: Operation, facts: Facts, scope: str) -> Finding:
    if scope == "unknown":
        return Finding(clause.code, "unknown", (Reason("scope_unknown"),))
    if clause.rule == "hours":
        found = hours.judge(clause, operation, facts.clocks, facts.calendars)
    else:
        found = _JUDGES[clause.rule](clause, operation, facts)
    if scope == "disputed" and found.verdict in ("compliant", "breach"):
        return Finding(clause.code, "disputed", (Reason("scope_disputed"), *found.reasons))
    return found


def _place(clause: Clause, operation: Operation, _facts: Facts) -> Finding:
    place = {"place": operation.place}
    listed = operation.place in clause.points
    if operation.place_kind == "other":
        if listed:
            return Finding(clause.code, "unknown", (Reason("place_contradicts", place),))
        return Finding(clause.code, "breach", (Reason("other_place"),))
    if listed:
        return Finding(clause.code, "compliant", (Reason("listed_point", place),))
    if operation.place_type == "crossing":
        return Finding(clause.code, "breach", (Reason("unlisted_point", place),))
    return Finding(clause.code, "unknown", (Reason("no_place"),))


def _families(clause: Clause, operation: Operation, _facts: Facts) -> Finding:
    answer, apart = operation.answer("families_together"), operation.families_separated
    if (answer == "yes" and apart) or (answer in ("no", "some") and apart == 0):
        return Finding(clause.code, "unknown", (Reason("families_contradict"),))
    if apart:
        return Finding(clause.code, "breach", (Reason("families_counted", {"count": apart}),))
    if answer in ("no", "some"):
        return Finding(clause.code, "breach", (Reason("families_apart"),))
    if answer == "yes" or apart == 0:
        return Finding(clause.code, "compliant", (Reason("families_together"),))
    return Finding(clause.code, "unknown", (Reason("no_families"),))


def _answers(clause: Clause, operation: Operation, _facts: Facts) -> Finding:
    """All answers as expected; one against it is enough for a breach, "some" of the persons too."""
    told = {question: operation.answer(question) for question in clause.expect}
    against = [one for one, answer in told.items() if answer not in ("unknown", clause.expect[one])]
    if against:
        return Finding(clause.code, "breach", (Reason("answers_against", {"questions": ", ".join(against)}),))
    missing = [one for one, answer in told.items() if answer == "unknown"]
    if missing:
        return Finding(clause.code, "unknown", (Reason("no_answers", {"questions": ", ".join(missing)}),))
    return Finding(clause.code, "compliant", (Reason("answers_met"),))


def _announced(clause: Clause, operation: Operation, facts: Facts) -> Finding:
    """By another source only: what the point itself answers on lists does not count."""
    day = (operation.place, operation.day) if operation.day is not None else None
    announced = facts.announced.get(clause.measure, {}).get(day) if day else None
    if day is None or announced is None:
        return Finding(clause.code, "unknown", (Reason("no_list"),))
    if announced == 0:
        return Finding(clause.code, "breach", (Reason("list_none"),))
    returned = facts.returned.get(day)
    if returned is None:
        return Finding(clause.code, "unknown", (Reason("list_uncompared", {"announced": announced}),))
    values = {"announced": announced, "returned": returned}
    if announced < returned:
        return Finding(clause.code, "unknown", (Reason("list_shorter", values),))
    return Finding(clause.code, "compliant", (Reason("list_covers", values),))


def _posts(clause: Clause, operation: Operation, facts: Facts) -> Finding:
    """A post on record or seen. That none is on record proves nothing: only an answer makes a breach."""
    recorded = bool(facts.posts.get(operation.place, frozenset()) & set(clause.institutions))
    answer = operation.answer("inspection_post")
    if answer in ("no", "some"):
        if recorded:
            return Finding(clause.code, "disputed", (Reason("post_contradicts"),))
        return Finding(clause.code, "breach", (Reason("post_missing"),))
    if recorded or answer == "yes":
        return Finding(clause.code, "compliant", (Reason("post_there"),))
    return Finding(clause.code, "unknown", (Reason("no_post"),))


_JUDGES = {
    "place": _place,
    "families": _families,
    "answers": _answers,
    "announced": _announced,
    "posts": _posts,
}
