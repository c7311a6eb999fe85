"""Who was expected to report, who did, and who is silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When

from pasaj.access.rules import Actor, visible
from pasaj.core import silence
from pasaj.core.periods import containing
from pasaj.core.silence import Silence
from pasaj.core.status import Span
from pasaj.registry.models import Post
from pasaj.watch.models import Cadence, Observation
from pasaj.watch.queries.status import closed_days

GRACE = timedelta(hours=3)  # after the usual hour, before a report counts as missing
MEASURED = 5  # reports from which a post's usual hour is measured
SIMULATED = Q(origin="demo") | Q(quality="simulated")


@dataclass(frozen=True, slots=True)
class Reported:
    """What one source reported of one crossing and period, all measures together."""

    figures: int
    highest: Decimal | None
    reported_at: datetime
    simulated: bool


Key = tuple[int, str, str]  # crossing id, source code, cadence


@dataclass(slots=True)
class Reports:
    """Reports of a window, by crossing, source and cadence, then by first day of the period."""

    by_key: dict[Key, dict[date, Reported]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, crossing_id: int, source: str, cadence: str) -> Mapping[date, Reported]:
        return self.by_key.get((crossing_id, source, cadence), {})

    def on(self, crossing_id: int, day: date) -> list[Reported]:
        """What any source reported of this crossing for this day."""
        return [
            found[day]
            for (crossing, _, cadence), found in self.by_key.items()
            if crossing == crossing_id and cadence == Cadence.DAY and day in found
        ]

    @property
    def first(self) -> date | None:
        return min((day for found in self.by_key.values() for day in found), default=None)

    @property
    def latest(self) -> datetime | None:
        return max((one.reported_at for found in self.by_key.values() for one in found.values()), default=None)

    @property
    def simulated(self) -> bool:
        return any(one.simulated for found in self.by_key.values() for one in found.values())


def followed(actor: Actor) -> QuerySet[Post]:
    """The posts whose reports the actor may follow, of the pack as it is now."""
    rows = visible(Post.objects.filter(retired_at=None, crossing__retired_at=None), actor, "follow")
    return rows.select_related("crossing__area", "institution").order_by("crossing__name", "source_code")


def reports(rows: QuerySet[Observation], start: date, end: date, crossings: Iterable[int] | None = None) -> Reports:
    """The reports among `rows` (one revision a figure) for periods from `start` to `end`. One query.

    A figure that does not apply at a place is an answer too; one taken back is not.
    """
    wanted = rows.filter(series__crossing__isnull=False, period_start__gte=start, period_end__lte=end)
    if crossings is not None:
        wanted = wanted.filter(series__crossing__in=list(crossings))
    grouped = (
        wanted.exclude(state=Observation.State.WITHDRAWN)
        .order_by()
        .values_list("series__crossing_id", "series__source__code", "series__cadence", "period_start")
        .annotate(
            figures=Count("pk"),
            highest=Max("value"),
            at=Min("reported_at"),
            simulated=Max(Case(When(SIMULATED, then=1), default=Value(0), output_field=IntegerField())),
        )
    )
    found = Reports()
    for crossing, source, cadence, first, figures, highest, at, simulated in grouped:
        found.by_key[crossing, source, cadence][first] = Reported(figures, highest, at, bool(simulated))
    return found


def begun(rows: QuerySet[Observation], day: date) -> bool:
    """Whether any post had reported before a day."""
    posts = Q(series__crossing__isnull=False, series__cadence=Cadence.DAY)
    return rows.filter(posts, period_start__lt=day).exclude(state=Observation.State.WITHDRAWN).exists()


@dataclass(frozen=True, slots=True)
class Standing:
    """A post, the local hour at which its report usually comes, and what core.silence says of its reports."""

    post: Post
    source: str  # its name
    hour: int | None
    silence: Silence
    last: date | None  # end of the last period reported, None when nothing ever was

    @property
    def since(self) -> date | None:
        """The first day without a report."""
        if self.last:
            return self.last + timedelta(days=1)
        return self.silence.since.start if self.silence.since else None


def hour_of(post: Post, reported: Mapping[date, Reported], zone: ZoneInfo) -> int | None:
    """The local hour when a report usually comes: as measured, else as the pack says. None when neither is known."""
    delays = [
        (one.reported_at - datetime.combine(day, time.min, tzinfo=zone)) / timedelta(hours=1)
        for day, one in reported.items()
    ]
    usual = [delay for delay in delays if 0 <= delay < 48]
    return int(median(usual)) % 24 if len(usual) >= MEASURED else post.usual_hour


def standings(
    posts: Iterable[Post],
    found: Reports,
    start: date,
    now: datetime,
    zone: ZoneInfo,
    names: Mapping[str, str],
    closures: Mapping[int, tuple[Span, ...]],
) -> list[Standing]:
    """How each post stands at `now`, looking back to `start`. Asks no database.

    `names`: the sources' names by code. `closures`: the days on which our side of a crossing was closed or
    not under state control: it owes no report for them.
    """
    rows = []
    local = now.astimezone(zone)
    for post in posts:
        reported = found.of(post.crossing_id, post.source_code, post.cadence)
        hour = hour_of(post, reported, zone)
        judged = silence.judge(
            post.cadence,
            (containing(post.cadence, day) for day in reported),
            now=local,
            expected_from=start,
            usual_hour=hour,
            closed=closed_days(post.crossing, closures, start),
            grace=GRACE,
        )
        last = judged.last.end if judged.last else None
        rows.append(Standing(post, names.get(post.source_code, post.source_code), hour, judged, last))
    return rows


def silent(rows: Iterable[Standing]) -> list[Standing]:
    """The posts whose latest due report is missing, the longest silence first. One query when one began earlier."""
    found = [one for one in rows if one.silence.alarm]
    unknown = [one.post.pk for one in found if one.last is None]
    last = _last_reported(unknown) if unknown else {}
    found = [replace(one, last=last[one.post.pk]) if one.post.pk in last else one for one in found]
    return sorted(found, key=lambda one: (one.since or date.min, one.post.crossing.name, one.post.source_code))


def _last_reported(posts: Sequence[int]) -> dict[int, date | None]:
    latest = (
        Observation.objects.current()
        .exclude(state=Observation.State.WITHDRAWN)
        .filter(
            series__crossing=OuterRef("crossing"),
            series__source__code=OuterRef("source_code"),
            series__cadence=OuterRef("cadence"),
        )
        .order_by("-period_end")
    )
    found = Post.objects.filter(pk__in=posts).annotate(last=Subquery(latest.values("period_end")[:1]))
    return dict(found.values_list("pk", "last"))
