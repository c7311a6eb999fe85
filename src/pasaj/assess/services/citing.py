"""What findings rest on, as figures of the chain of evidence: scores, cells, changes, matrices, returns, posts.

Each is computed again in the transaction that counts an answer, sets a report aside or settles a cell. Its topics are
those of `collect.services.citing.topics`: the round as a whole, or one unit of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pasaj.access.rules import SYSTEM, Actor
from pasaj.assess.models import Round
from pasaj.assess.queries import mapping, pages
from pasaj.assess.queries import rounds as queries
from pasaj.assess.queries.observations import kept
from pasaj.core import findings as core
from pasaj.core import scoring
from pasaj.core.evidence import Quantity, Value
from pasaj.core.mapping import answers
from pasaj.core.mapping.exchange import arcs
from pasaj.core.mapping.flows import compare
from pasaj.core.mapping.graph import build
from pasaj.core.mapping.mandates import Review
from pasaj.core.mapping.profile import Situation
from pasaj.core.mapping.silences import Silence, silences
from pasaj.core.rounds import KIND
from pasaj.evidence.models import FigureQuery, figure_query
from pasaj.evidence.services import touched
from pasaj.evidence.services.figures import SIMULATED
from pasaj.registry.models import Home
from pasaj.watch.queries.omissions import omissions

Told = Mapping[str, Any]
MANDATES = "pack:mandates"
"""The topic of what packs say of mandates and of needs."""
MISSING: Mapping[str, Value] = {"state": "missing"}


def name(query: str) -> str:
    """The registered name of a query that `core.findings.Rest` names."""
    return f"assess.{query}"


def moved(row: Round, actor: Actor, now: datetime, unit: str = "", kind: str = KIND) -> None:
    """The answers, the scope or a settlement of a round have changed: compute again what hangs on them."""
    units = [f"{kind}:{row.code}/{unit}"] if unit else []
    touched(topics=[f"{kind}:{row.code}", *units], actor=actor, now=now)


# --- Numbers -----------------------------------------------------------------------------------


def _range(one: scoring.Range) -> dict[str, Value]:
    """The interval under three names: a claim may speak of either end. No point in it is nearer than another."""
    low, high = _decimal(one.low), _decimal(one.high)
    return {
        "score": Quantity(low if low == high else None, low, high),
        "lowest": _exact(one.low),
        "highest": _exact(one.high),
    }


def _exact(number: float) -> Quantity:
    found = _decimal(number)
    return Quantity(found, found, found)


def _decimal(number: float) -> Decimal:
    return Decimal(repr(round(float(number), core.PLACES)))


# --- Scores ------------------------------------------------------------------------------------


def _of_rounds(tell: Callable[[queries.Result, Told], Mapping[str, Value]]) -> Any:
    """The answers of several figures, each round computed once."""

    def together(wanted: Sequence[Told]) -> list[Mapping[str, Value]]:
        found: dict[str, queries.Result | None] = {}
        for told in wanted:
            if told["round"] not in found:
                row = Round.objects.select_related("framework__framework").filter(code=told["round"]).first()
                found[told["round"]] = queries.result(row) if row else None
        said_of: list[Mapping[str, Value]] = []
        for told in wanted:
            result = found[told["round"]]
            said = tell(result, told) if result else MISSING
            quality: dict[str, Value] = {"quality": SIMULATED} if result and result.round.simulated else {}
            said_of.append({**said, **quality})
        return said_of

    return together


def _score(found: queries.Result, told: Told) -> Mapping[str, Value]:
    scores, code = found.scores, told["code"]
    by_level = {"pillar": scores.pillars, "unit": scores.units, "indicator": scores.indicators}
    one = scores.country if told["level"] == "country" else by_level[told["level"]].get(code)
    return MISSING if one is None else {**_range(one), "observed": _exact(one.observed)}


def _cell(found: queries.Result, told: Told) -> Mapping[str, Value]:
    cell = found.scores.cells.get((told["unit"], told["indicator"]))
    if cell is None:
        return MISSING
    settled = "no" if cell.settled is None else "yes"
    about: dict[str, Value] = {"settled": settled, "spread": _exact(core.apart(cell))}
    if cell.range is None:
        return {**about, "applies": "no"}
    return {**about, **_range(cell.range), "applies": "perhaps" if cell.range.optional else "yes"}


def _changes(wanted: Sequence[Told]) -> list[Mapping[str, Value]]:
    found: dict[tuple[str, str], dict[tuple[str, str], scoring.Change]] = {}
    return [_change(found, told) for told in wanted]


def _change(known: dict[tuple[str, str], dict[tuple[str, str], scoring.Change]], told: Told) -> Mapping[str, Value]:
    pair = (told["earlier"], told["round"])
    if pair not in known:
        rows = {one.code: one for one in Round.objects.select_related("framework__framework").filter(code__in=pair)}
        both = [queries.result(rows[code]) for code in pair if code in rows]
        known[pair] = {(one.level, one.code): one for one in pages.changes(*both)} if len(both) == len(pair) else {}
    one = known[pair].get((told["level"], told["code"]))
    if one is None or one.old is None or one.new is None:
        return MISSING
    ends = {"old": _range(one.old)["score"], "new": _range(one.new)["score"]}
    return {**ends, "verdict": one.verdict}


def _round_topics(told: Told) -> list[str]:
    """A unit's own figures hang on what is said of it, those of the country on all."""
    unit = told.get("unit") or (told["code"] if told.get("level") == "unit" else "")
    return [f"{KIND}:{told['round']}/{unit}" if unit else f"{KIND}:{told['round']}"]


# --- Matrices ----------------------------------------------------------------------------------


def falls_silent(heard: Situation) -> tuple[Silence, ...]:
    """Each institution of a round taken away in turn, over what both ends confirm."""
    return silences(build(heard.institutions, arcs(heard.ties)), heard.target)


def _of_situations(tell: Callable[[Situation, Told], Mapping[str, Value]]) -> Any:
    """The answers of several figures, the matrices of each round read once."""

    def together(wanted: Sequence[Told]) -> list[Mapping[str, Value]]:
        rows = {one.code: one for one in Round.objects.filter(code__in={told["round"] for told in wanted})}
        found = {code: mapping.situation(row) for code, row in rows.items()}
        made: list[Mapping[str, Value]] = []
        for told in wanted:
            said = tell(found[told["round"]], told) if told["round"] in found else MISSING
            made_up = said is not MISSING and rows[told["round"]].simulated
            made.append({**said, "quality": SIMULATED} if made_up else said)
        return made

    return together


def _flow(heard: Situation, told: Told) -> Mapping[str, Value]:
    for one in compare(heard.needs, heard.ties, heard.institutions):
        if (one.need.layer, one.need.sender, one.need.receiver) == (told["layer"], told["sender"], told["receiver"]):
            return {"state": one.state} if one.hours is None else {"state": one.state, "hours": _exact(one.hours)}
    return MISSING


def _silence(heard: Situation, told: Told) -> Mapping[str, Value]:
    for one in falls_silent(heard):
        if one.institution == told["institution"]:
            cut = sum(len(part) for part in one.cut)
            return {"cut": _exact(cut), "unheard": _exact(len(one.unheard)), "share": _exact(one.dependence)}
    return MISSING


def _mandates(wanted: Sequence[Told]) -> list[Mapping[str, Value]]:
    """No quality: mandates are those of the pack, whatever the round."""
    rows = {one.code: one for one in Round.objects.filter(code__in={told["round"] for told in wanted})}
    found = {code: mapping.review_on(row.period_end) for code, row in rows.items()}
    return [_mandate(found[told["round"]], told) if told["round"] in found else MISSING for told in wanted]


def _mandate(found: Review, told: Told) -> Mapping[str, Value]:
    function, territory = told.get("function", ""), told.get("territory", "")
    match told["what"]:
        case "gap":
            lacks = any((one.function, one.territory) == (function, territory) for one in found.gaps)
            return {"leads": _exact(0 if lacks else 1)}
        case "overlap":
            pair = (told["institution"], told["other"])
            both = ((one.function, one.territory, one.institutions) for one in found.overlaps)
            return {"both_lead": "yes" if (function, territory, pair) in both else "no"}
        case "conflict":
            held = [one for one in found.conflicts if (one.function, one.territory, one.institution)
                    == (function, territory, told["institution"])]  # fmt: skip
            return {"roles": _exact(len({role for one in held for role in one.roles}))}
    return {"lapsed": _exact(sum(1 for one in found.lapses if one.kind == told["kind"]))}


# --- What is observed day by day ---------------------------------------------------------------


def _protocol(told: Told) -> Mapping[str, Value]:
    clauses, simulated = kept(SYSTEM, told["first"], told["last"])
    one = {(each.protocol, each.clause): each for each in clauses}.get((told["protocol"], told["clause"]))
    if one is None:
        return MISSING
    counts: dict[str, Value] = {
        "breaches": _exact(one.breach), "judged": _exact(one.compliant + one.breach), "unknown": _exact(one.unknown)
    }  # fmt: skip
    return {**counts, "quality": SIMULATED} if simulated else counts


def _posts(told: Told) -> Mapping[str, Value]:
    posts = omissions(date.fromisoformat(told["first"]), date.fromisoformat(told["last"]), told["source"])
    owing = [one for one in posts if one.expected]
    silent = sum(1 for one in owing if one.share > core.MISSED)
    if not owing:
        return MISSING
    counts: dict[str, Value] = {"silent": _exact(silent), "posts": _exact(len(owing))}
    return {**counts, "quality": SIMULATED} if Home.objects.filter(demo=True).exists() else counts


def _one(together: Any) -> Callable[[Told], Mapping[str, Value]]:
    return lambda told: together([told])[0]


for _query, _tell in (("score", _score), ("cell", _cell)):
    _together = _of_rounds(_tell)
    figure_query(FigureQuery(name(_query), _one(_together), _round_topics, _together))
figure_query(
    FigureQuery(
        name("change"),
        _one(_changes),
        lambda told: [*_round_topics(told), f"{KIND}:{told['earlier']}"],
        _changes,
    )
)
_EXCHANGE = (answers.EXCHANGE, answers.COMPLETE)
for _query, _heard in (("flow", _flow), ("silence", _silence)):
    _together = _of_situations(_heard)
    figure_query(
        FigureQuery(
            name(_query),
            _one(_together),
            lambda told: [*(f"{kind}:{told['round']}" for kind in _EXCHANGE), MANDATES],
            _together,
        )
    )
figure_query(FigureQuery(name("mandate"), _one(_mandates), lambda told: [MANDATES], _mandates))
figure_query(FigureQuery(name("protocol"), _protocol, lambda told: ["return_operation:"]))
figure_query(FigureQuery(name("posts"), _posts, lambda told: [f"source:{told['source']}"]))
