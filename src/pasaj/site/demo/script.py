"""What a pack's demo.toml says, as plain values. The format is in docs/reference/demo.md."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pasaj.core.problems import Refused, problem
from pasaj.site.demo import dutyroom
from pasaj.site.demo.alerts import Warned, warned
from pasaj.site.demo.directory import Directory, directory
from pasaj.site.demo.section import FILE, TOTAL, Section
from pasaj.site.demo.senders import Report, Sender, report, sender
from pasaj.site.demo.sitreps import Wanted, wanted
from pasaj.site.demo.surveys import Asked, asked

SCHEMA = 1
EVERY_DAY = (1.0,) * 7
ROLES = ("chief", "duty", "approver", "analyst", "partner", "administrator")


@dataclass(frozen=True, slots=True)
class Year:
    """Which year: the last `months` months without a gap in a published monthly series."""

    place: str
    measure: str
    category: str
    source: str
    months: int
    hour: int
    seed: int


@dataclass(frozen=True, slots=True)
class Key:
    """A daily series apart from its place. `splits` are categories and their parts of it."""

    measure: str
    source: str
    category: str
    splits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Post:
    place: str
    size: float  # share of the total, or mean count on an ordinary day
    weekdays: tuple[float, ...]
    source: str  # where it is not the section's own


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts at several places: `calibrated` to the published totals, or each drawn from its own pattern."""

    key: Key
    calibrated: bool
    posts: tuple[Post, ...]
    market: float
    holiday: float
    dispersion: float
    growth: float
    season: float
    peak: int


@dataclass(frozen=True, slots=True)
class Steady:
    """A level that stays (places, established posts), or one that follows another measure of the same place."""

    key: Key
    values: Mapping[str, float]
    of: str  # measure that is followed, or empty
    error: float


@dataclass(frozen=True, slots=True)
class Second:
    """Another source that counts the same: `mistakes` are days ago -> factor, by place."""

    measure: str
    of: str
    source: str
    places: tuple[str, ...]
    bias: float
    error: float
    missing: float
    mistakes: Mapping[str, Mapping[int, float]]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something on the days from `first` to `last`, both counted back from the last day of the year."""

    place: str
    measure: str  # empty: every measure
    source: str  # empty: every source
    first: int
    last: int
    factor: float


@dataclass(frozen=True, slots=True)
class Reporting:
    """Reports arrive at `hour` of the same day or soon after; a share `late` of them days later (mean `days`)."""

    hour: float
    late: float
    days: float


@dataclass(frozen=True, slots=True)
class Triage:
    """Signals of the last `days` are left for the reader; what is older was dealt with, with this note."""

    days: int
    note: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An incident or sea event, `ago` days before the last day: quantities by name, each a number and its unit."""

    type: str
    place: str
    ago: int
    quantities: Mapping[str, tuple[Decimal, str]]
    service: str
    hours: Decimal | None
    corridor: str


@dataclass(frozen=True, slots=True)
class Closure:
    """A status of one side of a crossing from `first` to `last`; without `last` until further notice."""

    place: str
    side: str
    state: str
    first: int
    last: int | None
    cause: str
    source: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the duty officer to a silent post, at `hour` of the day `ago`."""

    place: str
    source: str
    ago: int
    hour: int
    cause: str
    outcome: str
    note: str


@dataclass(frozen=True, slots=True)
class Person:
    """One login. `part` is one of the six; its roles stand in one institution."""

    part: str
    email: str
    name: str
    institution: str
    roles: tuple[str, ...]
    crossing: str


@dataclass(frozen=True, slots=True)
class Script:
    year: Year
    detect_days: int
    detect_year: tuple[str, ...]
    backtest: tuple[str, ...]
    counted: tuple[Counted, ...]
    steady: tuple[Steady, ...]
    seconds: tuple[Second, ...]
    events: tuple[Happening, ...]
    silences: tuple[Happening, ...]
    corrections: tuple[Happening, ...]
    reporting: Reporting
    incidents: tuple[Occurrence, ...]
    statuses: tuple[Closure, ...]
    calls: tuple[Call, ...]
    triage: Triage
    people: tuple[Person, ...]
    senders: tuple[Sender, ...]
    reports: tuple[Report, ...]
    rounds: tuple[Asked, ...]
    directory: Directory
    duty_room: dutyroom.Room
    alerts: tuple[Warned, ...] = ()
    sitreps: tuple[Wanted, ...] = ()


def read(text: str) -> Script:
    """Raises Refused CLI-024 for the first thing that is wrong."""
    try:
        top = Section("", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Refused(problem("CLI-024", detail=str(error), file=FILE)) from error
    top.whole("schema", low=SCHEMA, high=SCHEMA)
    detect = Section("[detect]", top.take("detect", dict, {}))
    script = Script(
        year=_year(Section("[year]", top.take("year", dict))),
        detect_days=detect.whole("days", 60, low=1),
        detect_year=detect.texts("year", []),
        backtest=detect.texts("backtest", []),
        counted=tuple(
            [_counted(one, calibrated=True) for one in _sections(top, "calibrated")]
            + [_counted(one, calibrated=False) for one in _sections(top, "pattern")]
        ),
        steady=tuple(_steady(one) for one in _sections(top, "steady")),
        seconds=tuple(_second(one) for one in _sections(top, "second")),
        events=tuple(_happening(one) for one in _sections(top, "event")),
        silences=tuple(_happening(one) for one in _sections(top, "silence")),
        corrections=tuple(_happening(one) for one in _sections(top, "correction")),
        incidents=tuple(_occurrence(one) for one in _sections(top, "incident")),
        statuses=tuple(_closure(one) for one in _sections(top, "status")),
        calls=tuple(_call(one) for one in _sections(top, "call")),
        reporting=_reporting(Section("[reporting]", top.take("reporting", dict, {}))),
        triage=_triage(Section("[triage]", top.take("triage", dict))),
        people=tuple(_person(one) for one in _sections(top, "login")),
        senders=tuple(sender(one) for one in _sections(top, "sender")),
        reports=tuple(report(one) for one in _sections(top, "report")),
        rounds=tuple(asked(one) for one in _sections(top, "round")),
        directory=directory(top),
        duty_room=dutyroom.read(top),
        alerts=tuple(warned(one) for one in _sections(top, "alert")),
        sitreps=tuple(wanted(one) for one in _sections(top, "sitrep")),
    )
    detect.end()
    top.end()
    missing = [part for part in ROLES if part not in {one.part for one in script.people}]
    if missing:
        top.refuse("[[login]]", f"{', '.join(missing)} missing")
    known = {one.name for one in script.senders}
    for at, one in enumerate(script.reports, 1):
        if one.sender not in known:
            top.refuse(f"[[report]] {at} sender", f"{one.sender!r} is none of the senders")
    return script


def _sections(top: Section, name: str) -> list[Section]:
    return [Section(f"[[{name}]] {at}", one) for at, one in enumerate(top.take(name, list, []), 1)]


def _year(section: Section) -> Year:
    year = Year(
        place=section.text("place"),
        measure=section.text("measure"),
        category=section.text("category", TOTAL),
        source=section.text("source"),
        months=section.whole("months", 12, low=2, high=60),
        hour=section.whole("hour", 8, high=23),
        seed=section.whole("seed", 1),
    )
    section.end()
    return year


def _key(section: Section) -> Key:
    return Key(
        measure=section.text("measure"),
        source=section.text("source"),
        category=section.text("category", TOTAL),
        splits=section.numbers("splits", {}),
    )


def _weekdays(section: Section, value: object) -> tuple[float, ...]:
    if not (isinstance(value, list) and len(value) == 7 and all(isinstance(one, int | float) for one in value)):
        section.refuse("weekdays", "seven numbers are needed, from Monday on")
    assert isinstance(value, list)
    return tuple(float(one) for one in value)


def _counted(section: Section, *, calibrated: bool) -> Counted:
    weekdays = _weekdays(section, section.take("weekdays", list, list(EVERY_DAY)))
    own = {place: _weekdays(section, days) for place, days in section.take("own_weekdays", dict, {}).items()}
    key = _key(section)
    sources = section.take("own_sources", dict, {})
    posts = section.numbers("posts")
    found = Counted(
        key=key,
        calibrated=calibrated,
        posts=tuple(
            Post(place, size, own.pop(place, weekdays), str(sources.pop(place, key.source)))
            for place, size in posts.items()
        ),
        market=section.number("market", 1.0),
        holiday=section.number("holiday", 1.0),
        dispersion=section.number("dispersion", 0.05 if calibrated else 1.5),
        growth=0.0 if calibrated else section.number("growth", 0.0, low=-1.0),
        season=0.0 if calibrated else section.number("season", 0.0),
        peak=1 if calibrated else section.whole("peak", 1, high=366),
    )
    for name, left in (("own_weekdays", own), ("own_sources", sources)):
        if left:
            section.refuse(name, f"{next(iter(left))} is none of the posts")
    section.end()
    return found


def _steady(section: Section) -> Steady:
    found = Steady(
        key=_key(section),
        values=section.numbers("values"),
        of=section.text("of", ""),
        error=section.number("error", 0.0),
    )
    section.end()
    return found


def _second(section: Section) -> Second:
    found = Second(
        measure=section.text("measure"),
        of=section.text("of"),
        source=section.text("source"),
        places=section.texts("places"),
        bias=section.number("bias", 1.0),
        error=section.number("error", 0.03),
        missing=section.number("missing", 0.0),
        mistakes={
            place: {int(ago): float(factor) for ago, factor in days.items()}
            for place, days in section.take("mistakes", dict, {}).items()
        },
    )
    section.end()
    return found


def _happening(section: Section) -> Happening:
    first = section.whole("first", high=3000)
    found = Happening(
        place=section.text("place"),
        measure=section.text("measure", ""),
        source=section.text("source", ""),
        first=first,
        last=section.whole("last", first, high=3000),
        factor=section.number("factor", 1.0),
    )
    if found.last > found.first:
        section.refuse("last", "counts back from the last day: it cannot be larger than first")
    section.end()
    return found


def _occurrence(section: Section) -> Occurrence:
    hours = section.number("hours", -1.0, low=-1.0)
    found = Occurrence(
        type=section.text("type"),
        place=section.text("place"),
        ago=section.whole("ago", high=3000),
        quantities={
            what: _quantity(section, what, given) for what, given in section.take("quantities", dict, {}).items()
        },
        service=section.text("service", ""),
        hours=None if hours < 0 else Decimal(str(hours)),
        corridor=section.text("corridor", ""),
    )
    section.end()
    return found


def _quantity(section: Section, what: str, given: object) -> tuple[Decimal, str]:
    match given:
        case [int() | float() as value, str() as unit]:
            return Decimal(str(value)), unit
    section.refuse(f"quantities.{what}", "a number and its unit are needed")
    raise AssertionError("unreachable")


def _closure(section: Section) -> Closure:
    first = section.whole("first", high=3000)
    last = section.whole("last", -1, low=-1, high=3000)
    if last > first:
        section.refuse("last", "counts back from the last day: it cannot be larger than first")
    found = Closure(
        place=section.text("place"),
        side=section.text("side", "own"),
        state=section.text("state"),
        first=first,
        last=None if last < 0 else last,
        cause=section.text("cause", ""),
        source=section.text("source", ""),
    )
    section.end()
    return found


def _call(section: Section) -> Call:
    found = Call(
        place=section.text("place"),
        source=section.text("source"),
        ago=section.whole("ago", high=3000),
        hour=section.whole("hour", high=23),
        cause=section.text("cause"),
        outcome=section.text("outcome"),
        note=section.text("note", ""),
    )
    section.end()
    return found


def _reporting(section: Section) -> Reporting:
    found = Reporting(
        hour=section.number("hour", 18.0), late=section.number("late", 0.03), days=section.number("days", 2.0)
    )
    section.end()
    return found


def _triage(section: Section) -> Triage:
    found = Triage(days=section.whole("days", 10, low=1), note=section.text("note"))
    section.end()
    return found


def _person(section: Section) -> Person:
    part = section.text("part")
    if part not in ROLES:
        section.refuse("part", f"{part!r} is none of {', '.join(ROLES)}")
    found = Person(
        part=part,
        email=section.text("email"),
        name=section.text("name"),
        institution=section.text("institution"),
        roles=section.texts("roles"),
        crossing=section.text("crossing", ""),
    )
    section.end()
    return found
