"""Hours of the week in which somebody may be told of anything. All times are local."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

LOOK = 8  # days within which hours that exist begin again


def within(moment: datetime, from_hour: int | None, to_hour: int | None, weekdays: Collection[int] = ()) -> bool:
    """Whether `moment` lies in the hours `from_hour` (0 to 23) to `to_hour` (0 to 24) of `weekdays` (0 Monday).

    None for both hours: the whole day. No weekdays: every day. Hours that end before they begin go over midnight and
    belong to the day on which they begin; hours that end when they begin last a day.
    """
    days = weekdays or range(7)
    if from_hour is None or to_hour is None:
        return moment.weekday() in days
    if from_hour < to_hour:
        return moment.weekday() in days and from_hour <= moment.hour < to_hour
    if moment.hour >= from_hour:
        return moment.weekday() in days
    return moment.hour < to_hour and (moment.weekday() - 1) % 7 in days


def begin(moment: datetime, from_hour: int | None, to_hour: int | None, weekdays: Collection[int] = ()) -> datetime:
    """`moment` itself where it lies within the hours, else the next full hour that does. See `within`."""
    if within(moment, from_hour, to_hour, weekdays):
        return moment
    at = moment.replace(minute=0, second=0, microsecond=0)
    for hours in range(1, LOOK * 24):
        if within(at + timedelta(hours=hours), from_hour, to_hour, weekdays):
            return at + timedelta(hours=hours)
    return moment
