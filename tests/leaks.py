"""A home full of what may not leak: each secret is a number or word that stands nowhere else.

What the reports of forms say is in `reports`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import make
from assess.frameworks import keep, secret
from collect.returns import data, protocol, report
from django.conf import settings

from pasaj.access.models import ApiToken, AuditEntry
from pasaj.access.rules import SYSTEM
from pasaj.access.services import audit, tokens
from pasaj.core.periods import Period
from pasaj.evidence import services as evidence
from pasaj.registry.models import CrossingPoint, Post
from pasaj.share.models import Release
from pasaj.watch.models import (
    Backtest,
    CrossingStatus,
    DetectionRun,
    Import,
    Incident,
    Observation,
    Signal,
    SignalEvent,
)
from pasaj.watch.services import incidents, silences, status
from pasaj.watch.services.incidents import Quantity

YESTERDAY = make.TODAY - timedelta(days=1)
MONTH = date(2025, 9, 1)

# What each secret looks like in a page, once digits are no longer grouped.
NUMBERS = {
    "north": 44441,  # a count of the chief's own crossing
    "south": 77777,  # a count of another post
    "south before": 77771,  # its first revision
    "unofficial": 77783,  # a count at an unofficial crossing
    "area": 77791,  # a count of ours for an area
    "unsourced": 88811,  # from the pack, without the place where it was printed
    "hidden": 99911,  # of an import that nobody has applied
    "net north": 33331,  # the partner's own, at the chief's crossing
    "net south": 55551,  # the partner's own, elsewhere
    "published": 66661,  # printed, with its citation
    "signal north": 44456,
    "signal south": 77756,
    "signal area": 77792,
    "apart north": 44441 - 33331,  # a difference gives the other figure away
    "apart south": 77777 - 55551,
    "sum south": 77777 + 55551,
    "incident north": 61111,
    "incident south": 62222,
    "incident detected": 63333,  # found by the partner's institution, at another post
    "incident unofficial": 64444,
    "return north": 60607,  # persons of a return operation at the chief's own crossing
    "return south": 60611,
    "withheld": 88821,  # in a row that an import refused
}
WORDS = {
    "receipt south": "RSOU-0001",
    "position": r"19\.1234|71\.9876",  # of an unofficial crossing
    "place name": "GoatFord",  # another name of it, finer than its commune
    "phone south": "509 3777 1234",  # of a post that is not the reader's
    "draft": "draft-of-a-question",  # of a framework that nobody has published
    "run": "asked-for-by-somebody",
    "import": "august-of-the-cell",
    "import problem": "Wrongville",
    "release": "taken-by-the-duty-officer",
    "token": "key-of-the-administrator",
    "entry": "value-beside-the-log",
    "signal note": "told-by-the-chief-of-the-south",
    "incident note": "told-of-an-incident",
    "status south": "closed-by-a-flood",
    "call south": "Too much to do",
    "call note": "told-by-telephone",
}
SECRETS = {name: rf"(?<!\d){number}(?!\d)" for name, number in NUMBERS.items()} | WORDS


def told(body: str) -> set[str]:
    """The secrets that stand in a page or file, however its numbers are grouped."""
    plain = re.sub("(?<=\\d)[ ,.'\u00a0\u202f](?=\\d{3}(?!\\d))", "", body)
    return {name for name, pattern in SECRETS.items() if re.search(pattern, plain) or re.search(pattern, body)}


@dataclass
class Held:
    """The rows behind the secrets, for addresses."""

    country: make.Country
    figures: dict[str, Observation]
    signals: dict[str, Signal]
    run: DetectionRun
    backtest: Backtest
    file: Import
    dry: Import
    token: ApiToken
    entry: AuditEntry
    release: Release
    incidents: dict[str, Incident]
    status: CrossingStatus
    cited: str = ""  # code of what the signal of the south rests on, in the chain of evidence


def _entry(cast: make.Cast) -> AuditEntry:
    audit.record(
        actor=cast.actor("admin"), action="account.changed", code="ACCOUNT-1", now=make.NOW,
        detail={"name": "value-beside-the-log"},
    )  # fmt: skip
    return AuditEntry.objects.get(action="account.changed", code="ACCOUNT-1")


def fill(country: make.Country, cast: make.Cast) -> Held:
    CrossingPoint.objects.filter(official="no").update(lat=19.1234, lon=-71.9876, aliases=["GoatFord"])
    Post.objects.filter(crossing__code="TL-BCP-SOU").update(phone="509 3777 1234")
    Post.objects.filter(crossing__code="TL-BCP-SOU").update(institution=country.institutions["CELL"])
    run = DetectionRun.objects.create(
        code="DR-2019-0001", requested_at=make.NOW, as_of=make.NOW, from_date=YESTERDAY, to_date=YESTERDAY,
        state="queued", requested_by="asked-for-by-somebody",
    )  # fmt: skip
    file, dry = _imports(cast)
    held = Held(
        country=country,
        figures=_figures(country, file),
        signals={},
        run=run,
        backtest=Backtest.objects.create(
            code="BT-2019-0001", requested_at=make.NOW, as_of=make.NOW, measure=country.measures["returns"],
            cadence="day", evaluated=56, state="queued", requested_by="asked-for-by-somebody",
        ),
        file=file,
        dry=dry,
        token=tokens.issue(
            account=cast.account("admin"),
            name="key-of-the-administrator",
            days=30,
            actor=cast.actor("admin"),
            now=make.NOW,
        )[0],
        entry=_entry(cast),
        release=Release.objects.create(
            code="RL-2019-0001", at=make.NOW, actor_id=cast.account("duty").pk, via="web", audience="TLP:AMBER",
            kind="table", title="taken-by-the-duty-officer", sha256="0" * 64,
        ),
        incidents=_incidents(country),
        status=status.report(
            crossing_code="TL-BCP-SOU", side="other", state="partly", since=YESTERDAY, cause="closed-by-a-flood",
            actor=SYSTEM, now=make.NOW,
        ),
    )  # fmt: skip
    silences.record(
        crossing_code="TL-BCP-SOU", source_code="REG", cause="workload", outcome="not_reached",
        note="told-by-telephone", actor=SYSTEM, now=make.NOW,
    )  # fmt: skip
    keep()
    keep("2026.2", draft=True, rows=secret())
    _signals(held)
    protocol()
    report(country, "RNOR-0001", data(deported=NUMBERS["return north"]))
    report(country, "RSOU-0001", data(place="TL-BCP-SOU", deported=NUMBERS["return south"]))
    return held


def _entry(cast: make.Cast) -> AuditEntry:
    audit.record(
        actor=cast.actor("admin"), action="account.changed", code="ACCOUNT-1", now=make.NOW,
        detail={"name": "value-beside-the-log"},
    )  # fmt: skip
    return AuditEntry.objects.latest("pk")


def _figures(country: make.Country, hidden: Import) -> dict[str, Observation]:
    south = country.series("TL-BCP-SOU")
    early = datetime(2025, 9, 30, 22, tzinfo=UTC)
    month = {"period_end": date(2025, 9, 30), "origin": "pack"}

    def see(name: str, place: str, source: str = "REG") -> Observation:
        return country.observe(country.series(place, source=source), YESTERDAY, NUMBERS[name])

    before = country.observe(south, YESTERDAY, NUMBERS["south before"], reported_at=early)
    printed = country.series("TL", source="PUB", cadence="month")
    return {
        "south before": before,
        "south": country.observe(south, YESTERDAY, NUMBERS["south"], revision=2),
        "north": see("north", "TL-BCP-NOR"),
        "net north": see("net north", "TL-BCP-NOR", "NET"),
        "net south": see("net south", "TL-BCP-SOU", "NET"),
        "unofficial": see("unofficial", "TL-UBP-01"),
        "area": see("area", "TL-N"),
        "published": country.observe(printed, MONTH, NUMBERS["published"], citation="Note of 1 October", **month),
        "unsourced": country.observe(
            country.series("TL-N", source="PUB", cadence="month"), MONTH, NUMBERS["unsourced"], **month
        ),
        "hidden": country.observe(south, YESTERDAY - timedelta(days=1), NUMBERS["hidden"], batch=hidden),
    }


def _imports(cast: make.Cast) -> tuple[Import, Import]:
    folder = Path(settings.PASAJ_HOME) / "files/imports"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "leak-refused.csv").write_text("row,reasons,count\n2,bad,88821\n", encoding="utf-8")
    problem = {"code": "OBS-006", "params": {"value": "Wrongville"}, "file": "f", "row": 2, "column": "Point"}
    common = {
        "requested_at": make.NOW, "requested_by_id": cast.account("duty").pk, "requested_by": "duty",
        "filename": "august-of-the-cell.csv", "sha256": "0" * 64, "problems": [problem],
    }  # fmt: skip
    return (
        Import.objects.create(
            code="IM-2019-0001", state="queued", refused_path="imports/leak-refused.csv", rows_refused=1, **common
        ),
        Import.objects.create(code="IM-2019-0002", state="done", dry_run=True, rows_new=1, **common),
    )


def _incidents(country: make.Country) -> dict[str, Incident]:
    make.incident_types()

    def one(name: str, place: str, detecting: str = "") -> Incident:
        weight = Quantity("weight", Decimal(NUMBERS[f"incident {name}"]), "kg")
        return incidents.record(
            type_code="drugs", place_code=place, period=Period(YESTERDAY, YESTERDAY, "day"), quantities=[weight],
            detecting=detecting, note="told-of-an-incident", actor=SYSTEM, now=make.NOW,
        )  # fmt: skip

    return {
        "north": one("north", "TL-BCP-NOR"),
        "south": one("south", "TL-BCP-SOU"),
        "detected": one("detected", "TL-BCP-SOU", "AID"),
        "unofficial": one("unofficial", "TL-UBP-01"),
    }


def _entry(cast: make.Cast) -> AuditEntry:
    audit.record(
        actor=cast.actor("admin"), action="account.changed", code="ACCOUNT-1", now=make.NOW,
        detail={"name": "value-beside-the-log"},
    )  # fmt: skip
    return AuditEntry.objects.get(code="ACCOUNT-1")


def _signals(held: Held) -> None:
    for name, place in (("north", "TL-BCP-NOR"), ("south", "TL-BCP-SOU"), ("area", "TL-N")):
        series = held.country.series(place)
        held.signals[name] = Signal.objects.create(
            code=f"SG-2025-{name.upper()}", key=name, kind="unusual", method="ears_c2", series=series,
            crossing=series.crossing, area=series.area, measure=series.measure, direction="up",
            period_start=YESTERDAY, period_end=YESTERDAY, observed=NUMBERS[f"signal {name}"], expected=10, lower=5,
            upper=15, inputs_as_of=make.NOW, run=held.run, created_at=make.NOW, state_at=make.NOW,
        )  # fmt: skip
        observed = {"observed": NUMBERS[f"signal {name}"]}
        fields = {
            "kind": "unusual",
            "method": "ears_c2",
            "place": place,
            "measure": "returns",
            "direction": "up",
            "period_start": YESTERDAY,
            "period_end": YESTERDAY,
        }
        draft = evidence.Draft(held.signals[name].code, "signal", fields, observed, {"en": str(observed)})
        evidence.put(drafts=[draft], actor=SYSTEM, now=make.NOW)
    nothing = {"series": "none", "start": "2001-01-01", "end": "2001-01-01"}
    figure = evidence.figure(query="watch.count", parameters=nothing, titles={}, actor=SYSTEM, now=make.NOW)
    held.cited = figure.code
    tie = evidence.Tie(held.signals["south"].code, held.cited, "found-in")
    evidence.link(ties=[tie], actor=SYSTEM, now=make.NOW)
    SignalEvent.objects.create(
        signal=held.signals["south"], at=make.NOW, action="noted", note="told-by-the-chief-of-the-south"
    )
