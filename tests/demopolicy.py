"""The Haiti pack with what its demonstration policy rests on, and nothing else: a fast way to show the policy."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from assess import examples

from pasaj.access.rules import SYSTEM, Actor, Grant
from pasaj.assess.models import Finding, Round
from pasaj.assess.services import chain, recommendations
from pasaj.core.periods import Period
from pasaj.core.policy import demo
from pasaj.evidence import services as evidence
from pasaj.evidence.services import Tie
from pasaj.policy.services import document
from pasaj.registry.models import Institution
from pasaj.registry.services.packs import builtin, check_folder, load_pack, read_folder
from pasaj.site.demo import policy
from pasaj.watch.models import Series
from pasaj.watch.services import citing, observations, packs
from pasaj.watch.services.observations import Entry, SeriesKey

ZONE = ZoneInfo("America/Port-au-Prince")
NOW = datetime(2025, 10, 1, 8, tzinfo=ZONE)
RESTS = "HT.returns.in.deported.PUB-DGM-MOIS.month"
FILES = read_folder(builtin()["haiti"])


def wanted() -> demo.Demo:
    found = policy.read(FILES)
    assert found is not None
    return found


def actor(number: int, role: str, institution: str) -> Actor:
    return Actor(number, role, (Grant(role, Institution.objects.get(code=institution).pk, institution),), "command")


def people() -> policy.People:
    return policy.People(
        actor(1, "drafter", "CELL"),
        actor(4, "approver", "CELL"),
        actor(2, "duty", "CELL"),
        actor(3, "partner", "GARR"),
        "GARR",
    )


def pack() -> None:
    """The pack, and a simulated count that the policy speaks of."""
    found = check_folder(builtin()["haiti"]).pack
    assert found is not None
    load_pack(pack=found, actor=SYSTEM, now=NOW)
    packs.load(pack=found, actor=SYSTEM, now=NOW)
    document.load(pack=found, actor=SYSTEM, now=NOW)
    moved = next(one for one in wanted().moved if one.what == "figure")
    place, measure, _direction, category, source, _cadence = moved.target.split(".")
    entry = Entry(
        SeriesKey(place, measure, category=category, source=source), Period(moved.day, moved.day), Decimal(524),
        quality="simulated",
    )  # fmt: skip
    observations.report_all(entries=[entry], origin="demo", actor=SYSTEM, now=NOW)


def assessment() -> Round:
    """A round with an adopted finding for each key that the policy names, and the recommendations it follows up."""
    row = Round.objects.create(
        code="A1", title="Simulated", framework=examples.version(), period_start=date(2025, 9, 1),
        period_end=date(2025, 9, 27), simulated=True, created_at=NOW,
    )  # fmt: skip
    told = wanted()
    keys = [one for it in told.problems for one in it.findings] + [it.finding for it in told.indicators if it.finding]
    lead = people().drafter
    figure = citing.count(Series.objects.get(code=RESTS), date(2025, 9, 1), date(2025, 9, 30), SYSTEM, NOW).code
    made = {
        key: Finding.objects.create(
            round=row,
            code=f"A1-F{at:02}",
            rule=key.partition(":")[0],
            key=key,
            statement=examples.texts(key),
            severity=4,
            certainty={"part": 1.0},
            reach_part=1,
            reach_whole=1,
            reach_of="units",
            state="adopted",
            simulated=True,
            created_at=NOW,
            changed_at=NOW,
        )
        for at, key in enumerate(dict.fromkeys(keys), 1)
    }
    evidence.put(drafts=[chain.finding_draft(one) for one in made.values()], actor=lead, now=NOW)
    ties = [Tie(one.code, figure, chain.RESTS_ON) for one in made.values()]
    evidence.link(ties=ties, actor=lead, now=NOW)
    for advised in dict.fromkeys(one.recommendations for one in told.actions if one.recommendations):
        said = recommendations.Wanted(
            text=examples.texts("Do it"), findings=[made[key].code for key in advised], horizon="short",
            due=row.period_end + timedelta(days=90), effort="low", institution="CELL",
        )  # fmt: skip
        written = recommendations.write(code="A1", wanted=said, actor=lead, now=NOW)
        recommendations.adopt(code=written.code, seen=written.revision, actor=lead, now=NOW)
    return row


def show() -> None:
    policy.show(wanted=wanted(), people=people(), zone=ZONE, now=NOW)
