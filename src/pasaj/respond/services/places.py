"""What the duty room names: places and institutions by their codes, texts without persons, times that have been."""

from __future__ import annotations

from datetime import datetime, timedelta

from pasaj.core.problems import Problem, problem
from pasaj.registry.models import Area, CrossingPoint, Institution
from pasaj.watch.services.screening import naming

LONGEST = 2000
SHORT = 200
MOST_DAYS = 400  # how far back something may be written down: a paper log of last year, not a slip of the keys


def place_of(code: str, problems: list[Problem], column: str = "place") -> tuple[CrossingPoint | None, Area | None]:
    """The crossing, or the area; of a crossing not known to be official the commune. Adds DUTY-009."""
    crossing = CrossingPoint.objects.filter(code=code).select_related("area").first()
    if crossing is not None:
        return (None, crossing.area) if crossing.is_protected else (crossing, None)
    area = Area.objects.filter(code=code).first()
    if area is None:
        problems.append(problem("DUTY-009", column=column, value=code[:40]))
    return None, area


def institution_of(code: str, problems: list[Problem], column: str = "institution") -> Institution | None:
    """The institution of this code; none for an empty one. Adds DUTY-008."""
    row = Institution.objects.filter(code=code).first() if code else None
    if code and row is None:
        problems.append(problem("DUTY-008", column=column, value=code[:40]))
    return row


def text_of(text: str, problems: list[Problem], column: str, *, limit: int = LONGEST, origin: str = "entry") -> str:
    """A text as it is kept. Adds DUTY-003 (too long), SCREEN-001 (it seems to name a person)."""
    said = text.strip().replace("\r\n", "\n")
    if len(said) > limit:
        problems.append(problem("DUTY-003", column=column, limit=limit))
    problems += naming(origin, **{column: said})
    return said


def moment_of(at: datetime | None, now: datetime, problems: list[Problem], column: str = "at") -> datetime:
    """When it happened: `now` where nothing is said. Adds DUTY-005 (to come), DUTY-006 (long ago)."""
    if at is None:
        return now
    if at > now:
        problems.append(problem("DUTY-005", column=column, value=f"{at:%Y-%m-%d %H:%M}"))
    elif now - at > timedelta(days=MOST_DAYS):
        problems.append(problem("DUTY-006", column=column, value=f"{at:%Y-%m-%d %H:%M}", days=MOST_DAYS))
    return at


def among(value: str, choices: list[str], problems: list[Problem], column: str) -> str:
    """A value of a closed list. Adds DUTY-004."""
    if value not in choices:
        problems.append(problem("DUTY-004", column=column, value=value[:40], allowed=", ".join(choices)))
    return value
