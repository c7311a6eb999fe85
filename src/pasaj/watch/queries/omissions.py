"""Reports that posts owed over some days and never gave."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from pasaj.core.findings import Post as Owing
from pasaj.registry.models import CrossingPoint, Home, Post
from pasaj.watch.models import Observation
from pasaj.watch.queries import reporting, status


def omissions(first: date, last: date, source: str = "") -> list[Owing]:
    """What each post of an official crossing point owed from `first` to `last`, by source and crossing.

    As the home knows it today. Every source, or the one of this code. A constant number of queries.
    """
    home = Home.objects.only("timezone").first()
    if home is None:
        return []
    official = CrossingPoint.objects.exclude(CrossingPoint.PROTECTED)
    rows = Post.objects.filter(retired_at=None, crossing__retired_at=None, crossing__in=official)
    if source:
        rows = rows.filter(source_code=source)
    posts = list(rows.select_related("crossing").order_by("source_code", "crossing__code", "cadence"))
    found = reporting.reports(Observation.objects.current(), first, last, {one.crossing_id for one in posts})
    # Two days after the last one, the report of every day is due.
    moment = datetime.combine(last + timedelta(days=2), time.min, tzinfo=home.zone)
    standings = reporting.standings(posts, found, first, moment, home.zone, {}, status.closures(moment))
    return [
        Owing(
            source=one.post.source_code,
            crossing=one.post.crossing.code,
            missing=sum(1 for period in one.silence.missing if period.end <= last),
            expected=sum(1 for period in one.silence.missing if period.end <= last)
            + len(found.of(one.post.crossing_id, one.post.source_code, one.post.cadence)),
        )
        for one in standings
    ]
