"""What a country pack holds, as plain values. Every code reference has been checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pasaj.core.alerts.shapes import Settings, Template
from pasaj.core.drill.shapes import Scenario
from pasaj.core.framework.shapes import Framework
from pasaj.core.periods import Period
from pasaj.core.plans.shapes import Plan
from pasaj.core.problems import Problem
from pasaj.core.protocol.shapes import Protocol
from pasaj.core.wording.template import Template as PolicyTemplate

Names = Mapping[str, str]
"""A name by language code; the pack's default language is always there."""


@dataclass(frozen=True, slots=True)
class Area:
    """An administrative area: `level` 0 (country), 1, 2 or zone (a stretch of coast, for departures by sea)."""

    code: str
    level: str
    names: Names
    parent: str = ""
    iso: str = ""
    pcode: str = ""
    lat: float | None = None
    lon: float | None = None
    borders: bool = False
    source: str = ""
    verify: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CrossingPoint:
    """A crossing point. An unofficial one never has coordinates here: it is kept at the level of its area."""

    code: str
    name: str
    kind: str
    official: str
    area: str
    counterpart: str = ""
    counterpart_country: str = ""
    lat: float | None = None
    lon: float | None = None
    precision_km: float | None = None
    status: str = "unknown"
    aliases: tuple[str, ...] = ()
    note: str = ""
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """One way a measure is split, with a name by language (empty: the code is shown)."""

    measure: str
    code: str
    names: Names


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted or measured. `categories` leaves out `total`, which every measure has."""

    code: str
    names: Names
    kind: str
    unit: str
    direction: str
    categories: tuple[str, ...]
    cadence: str
    protection: bool
    alert_on: str
    definitions: Names
    category_names: Mapping[str, Names]
    per_source: bool = False  # each source counts something of its own: sources are not compared
    method: str = "auto"  # the detector of this measure; auto: the one that fits each series
    sensitivity: str = "balanced"
    always_from: int | None = None  # the count from which it warns, whatever is usual
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Who says a figure, and what exactly they count. `kind` is operational or published."""

    code: str
    name: str
    institution: str
    definition: str
    url: str
    kind: str = "operational"
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Institution:
    """A service, with what it is for. `supervision` is text: who stands above it."""

    code: str
    names: Names
    kind: str
    supervision: str = ""
    mandate: str = ""
    source: str = ""
    country: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """Something that has to be done. territories: areas in which it must be led; empty: the whole country."""

    code: str
    names: Names
    definitions: Names
    territories: tuple[str, ...] = ()
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Mandate:
    """The role of an institution in a function: lead, support, consulted or informed.

    territory: an area's code; empty: the whole country. basis: an instrument's code. first, last: days, both
    included; None: open.
    """

    function: str
    institution: str
    role: str
    territory: str = ""
    basis: str = ""
    first: date | None = None
    last: date | None = None
    note: str = ""
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class ContactRole:
    """A role in which somebody of an institution is told or asked. `order` as it is listed, 0 to 999."""

    code: str
    names: Names
    protection: bool = False
    may_approve: bool = False
    order: int = 0
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """What a unit of something costs, as a range in one currency."""

    code: str
    names: Names
    unit: str
    low: Decimal
    high: Decimal
    currency: str
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """Something a policy is aligned with: an objective of a compact, a convention, a sector of an earlier policy.

    framework: what it belongs to, as written. relevance: core, related, country or other.
    """

    code: str
    framework: str
    names: Names
    relevance: str = "related"
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """Something that services tell each other, whoever does it."""

    code: str
    names: Names
    definitions: Names
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """Who should tell whom what. hours: from knowing to telling, None: no limit is set. basis: an instrument's code."""

    layer: str
    sender: str
    receiver: str
    hours: float | None = None
    basis: str = ""
    note: str = ""
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, agreement, policy or project. `date` as written: a period, or empty when unknown."""

    code: str
    title: str
    kind: str
    date: str = ""
    status: str = ""
    summary: str = ""
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something that happened. `date` as written; `period` the days it names."""

    key: str
    date: str
    period: Period
    event: str
    kind: str
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """A holiday or market day. `rule` is a date or yearly:MM-DD, easter:N (days after), weekly:mon."""

    key: str
    rule: str
    country: str
    crossing: str
    kind: str
    names: Names
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A service expected to report from a crossing. `usual_hour` is local, 0 to 23."""

    key: str
    crossing: str
    institution: str
    source_code: str
    measures: tuple[str, ...]
    cadence: str = "day"
    usual_hour: int | None = None
    phone: str = ""
    minimum_staff: int | None = None
    note: str = ""
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Per crossing and day: `measure` is ge/le `factor` x `versus`, or ge/le `value` when versus is empty."""

    code: str
    names: Names
    measure: str
    category: str
    op: str
    versus: str
    factor: Decimal
    value: Decimal | None
    protection: bool
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One figure somebody published. `place` is an area's or a crossing's code, as `place_kind` says."""

    file: str
    row: int
    place: str
    place_kind: str
    measure: str
    direction: str
    category: str
    period: Period
    value: Decimal
    quality: str
    source: str
    citation: str = ""
    note: str = ""
    reported_at: date | None = None
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A word people write in messages. `meaning` as in core.textgram; measure and category where it is figure."""

    word: str
    meaning: str
    measure: str
    category: str
    language: str
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that may be counted or measured of an incident, and in which units."""

    what: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentType:
    """A sort of incident. `domain` is land, sea or any; `corridor`: the countries of the way may be named."""

    code: str
    names: Names
    definitions: Names
    domain: str
    quantities: tuple[Quantity, ...]
    corridor: bool = False
    protection: bool = False
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class CrossingStatus:
    """What a source says of one side of a crossing from `start` on. Without `end` it does not say until when."""

    crossing: str
    side: str
    state: str
    start: date = date.min
    end: date | None = None
    cause: str = ""
    hours: str = ""
    source: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class GeoLayer:
    """A map layer: GeoJSON in degrees. `data` is the file as it stands in the pack."""

    name: str
    file: str
    features: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """pack.toml. `extent` is west, south, east, north in degrees."""

    schema: int
    code: str
    version: str
    names: Names
    languages: tuple[str, ...]
    default_language: str
    timezone: str
    extent: tuple[float, float, float, float]
    licence: str
    cell: str = ""
    methods: tuple[str, ...] = ()
    false_discoveries: float | None = None  # accepted share of false signals among those of one period
    phone_country: str = ""
    phone_digits: int = 0  # of a national number; 0: the pack does not say


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole pack, every reference in it checked."""

    manifest: Manifest
    areas: tuple[Area, ...]
    crossings: tuple[CrossingPoint, ...]
    measures: tuple[Measure, ...]
    sources: tuple[Source, ...]
    institutions: tuple[Institution, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    functions: tuple[Function, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    exchange_layers: tuple[Layer, ...] = ()
    needs: tuple[Need, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()
    calendar: tuple[CalendarRule, ...] = ()
    posts: tuple[Post, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    figures: tuple[PublishedFigure, ...] = ()
    words: tuple[Said, ...] = ()
    incident_types: tuple[IncidentType, ...] = ()
    statuses: tuple[CrossingStatus, ...] = ()
    layers: tuple[GeoLayer, ...] = ()
    protocols: tuple[Protocol, ...] = ()
    plans: tuple[Plan, ...] = ()
    frameworks: tuple[Framework, ...] = ()
    contact_roles: tuple[ContactRole, ...] = ()
    goals: tuple[Goal, ...] = ()
    prices: tuple[Price, ...] = ()
    drills: tuple[Scenario, ...] = ()
    alerts: Settings | None = None
    hazards: tuple[Template, ...] = ()
    template: PolicyTemplate | None = None
    fingerprint: str = ""

    @property
    def code(self) -> str:
        return self.manifest.code


@dataclass(frozen=True, slots=True)
class Checked:
    """The pack, or None with every problem found. Warnings never stop a pack from loading."""

    pack: Pack | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
