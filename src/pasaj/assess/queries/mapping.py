"""Questions about who does what and who tells whom: the matrices of the pack, and what a round heard beside them.

Codes are those of the pack; `functions`, `layers` and the registry's institutions name them. Hours are hours from
knowing to telling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from pasaj.assess.models import MappingAnswer, Round, Sort
from pasaj.collect.models import Outcome, Submission
from pasaj.core import periods
from pasaj.core.mapping import answers
from pasaj.core.mapping.exchange import Need, Statement, Tie, ties
from pasaj.core.mapping.mandates import WHOLE, Mandate, Register, Review, Span, review
from pasaj.core.mapping.profile import Situation
from pasaj.registry.models import Area, ExchangeLayer, ExchangeNeed, Function, Home, Institution, Instrument, Post
from pasaj.registry.models import Mandate as MandateRow


@dataclass(frozen=True, slots=True)
class Origin:
    """Which report said it: the institution that speaks, by whom, when, and under which receipt."""

    institution: str
    assessor: str
    assessed_on: date
    received_at: datetime
    receipt: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one end says of one exchange."""

    statement: Statement
    comment: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Claimed:
    """The role that an institution says it has; it stands beside the mandates of the pack."""

    claim: answers.Claim
    origin: Origin


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a round heard of exchange.

    said: what counts, the newest word of each end. replaced: what the same end said before. complete: institutions that
    went through the whole list, so that what they did not name is a no. outside: of institutions that the round does
    not ask any more. ties: both ends brought together, those that are needed and of which nobody spoke included.
    """

    institutions: tuple[str, ...]
    said: tuple[Said, ...]
    replaced: tuple[Said, ...]
    outside: tuple[Said, ...]
    complete: frozenset[str]
    needs: tuple[Need, ...]
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What came from one institution of a round: reports on exchange, whether its list is complete, roles it claims."""

    institution: str
    reports: int
    complete: bool
    roles: int


# --- What the pack says ------------------------------------------------------------------------


def functions() -> tuple[Function, ...]:
    """The functions of the pack by code; `str()` of one is its name in the reader's language, `names` has them all."""
    return tuple(Function.objects.filter(retired_at=None).order_by("code"))


def layers() -> tuple[ExchangeLayer, ...]:
    """What institutions tell each other, by code; named as `functions` are."""
    return tuple(ExchangeLayer.objects.filter(retired_at=None).order_by("code"))


def mandates_on(day: date) -> tuple[Register, tuple[Mandate, ...]]:
    """What mandates are held against, and those of the pack that had begun by that day.

    Those that have ended since are among them: a review says who led before. Rows that left the pack are not.
    A function without territories must be led in the whole country. Both are empty where the pack has no such files.
    """
    begun = MandateRow.objects.filter(retired_at=None).exclude(valid_start__gt=day)
    rows = begun.select_related("function", "institution", "territory").order_by("key")
    found = tuple(
        Mandate(
            function=one.function.code,
            institution=one.institution.code,
            role=one.role,
            territory=one.territory.code if one.territory else WHOLE,
            basis=one.basis,
            first=one.valid_start,
            last=one.valid_end,
            verify=bool(one.verify),
        )
        for one in rows
    )
    return _register(), found


def _register() -> Register:
    """As core.mapping.packs has it, from what the home keeps."""
    areas = list(Area.objects.select_related("parent").order_by("code"))
    held = [one for one in areas if one.retired_at is None]
    countries = [one.code for one in held if one.level == "0"]
    parts = {WHOLE: tuple(countries)} if countries else {}
    for country in countries:
        below = tuple(one.code for one in held if one.level == "1" and one.parent and one.parent.code == country)
        if below:
            parts[country] = below
    institutions = Institution.objects.filter(retired_at=None).order_by("code")
    return Register(
        functions={one.code: tuple(one.territories) or (WHOLE,) for one in functions()},
        institutions=tuple(institutions.values_list("code", flat=True)),
        parents={one.code: one.parent.code if one.parent else WHOLE for one in areas},
        bases={code: _span(text) for code, text in Instrument.objects.values_list("code", "date")},
        parts=parts,
    )


def _span(text: str) -> Span:
    """A text is in force from the first day of its date on; packs do not say until when."""
    written = periods.parse(text)
    return (written.start if written else None), None


def review_on(day: date) -> Review:
    """Gaps, overlaps, conflicts, orphans and lapses of the pack's mandates on a day. Shares are of the functions."""
    register, found = mandates_on(day)
    return review(found, register, day)


# --- What a round heard ------------------------------------------------------------------------


def institutions_of(row: Round) -> tuple[str, ...]:
    """The institutions that a round asks, by code."""
    return tuple(row.units.filter(sort=Sort.INSTITUTION).order_by("code").values_list("code", flat=True))


def needs_of(row: Round) -> tuple[Need, ...]:
    """The needs of the pack between institutions of the round. hours None: no limit is set."""
    asked = set(institutions_of(row))
    rows = ExchangeNeed.objects.filter(retired_at=None).select_related("layer", "sender", "receiver").order_by("key")
    found = (Need(one.layer.code, one.sender.code, one.receiver.code, one.hours) for one in rows)
    return tuple(one for one in found if {one.sender, one.receiver} <= asked)


def live(row: Round, *kinds: str) -> QuerySet[MappingAnswer]:
    """The answers that count, in the order in which they were given: of reports that stand, in their last version."""
    found = row.mapping_answers.filter(
        outcome__kind__in=kinds,
        outcome__state=Outcome.State.DONE,
        outcome__version__submission__state=Submission.State.RECEIVED,
    )
    rows = found.select_related("unit", "assessor", "outcome__version__submission")
    return rows.order_by("assessed_date", "received_at", "outcome__version_id", "pk")


def exchange(row: Round) -> Exchange:
    """What both ends of each exchange say. Each end keeps its own answer; of one end the newest counts.

    A report that says it is complete replaces all that its institution said before; another one adds to it.
    """
    scope = institutions_of(row)
    known = set(scope)
    said: dict[str, dict[tuple[str, str, str], Said]] = {}
    replaced: list[Said] = []
    outside: list[Said] = []
    full: set[str] = set()
    reports = _reports(row)
    unsure = _unsure(reports)
    for version, report in reports.items():
        speaker = report[0].unit.code
        ends = said.setdefault(speaker, {})
        if version not in unsure and any(_is_complete(one) for one in report):
            replaced += ends.values()
            ends.clear()
            full.add(speaker)
        for one in _statements(report):
            statement = one.statement
            if not {statement.sender, statement.receiver} <= known:
                outside.append(one)
                continue
            key = (statement.layer, statement.sender, statement.receiver)
            if key in ends:
                replaced.append(ends[key])
            ends[key] = one
    counted = tuple(one for ends in said.values() for one in ends.values())
    needs = needs_of(row)
    joined = ties((one.statement for one in counted), scope, needs=needs, respondents=full & known)
    return Exchange(scope, counted, tuple(replaced), tuple(outside), frozenset(full & known), needs, joined)


def _reports(row: Round) -> dict[int, list[MappingAnswer]]:
    """The answers of each report together by its version, the oldest report first."""
    found: dict[int, list[MappingAnswer]] = {}
    for one in live(row, answers.EXCHANGE, answers.COMPLETE):
        found.setdefault(one.outcome.version_id, []).append(one)
    return found


def _unsure(versions: Iterable[int]) -> frozenset[int]:
    """Reports of which an entry could not be counted: their list is not complete, whatever it says."""
    rows = Outcome.objects.filter(version__in=list(versions), kind=answers.EXCHANGE)
    return frozenset(rows.exclude(state=Outcome.State.DONE).values_list("version_id", flat=True))


def _is_complete(one: MappingAnswer) -> bool:
    return one.outcome.kind == answers.COMPLETE and answers.complete(one.outcome.data)


def _statements(report: list[MappingAnswer]) -> Iterable[Said]:
    for one in report:
        if one.outcome.kind == answers.EXCHANGE:
            data = one.outcome.data
            # Checked when it was settled: the scope it had then is what it names now.
            scope, layer = str(data.get("others", "")).split(), str(data.get("layer", ""))
            told = answers.told(data, one.unit.code, scope, (layer,))
            for statement in told.statements(one.unit.code):
                yield Said(statement, str(data.get("comment", "")), _origin(one))


def _origin(one: MappingAnswer) -> Origin:
    receipt = one.outcome.version.submission.receipt
    return Origin(one.unit.code, one.assessor.code, one.assessed_date, one.received_at, receipt)


def claims(row: Round) -> tuple[Claimed, ...]:
    """The roles that institutions say they have, the newest word of each on each function, by function.

    Beside `mandates_on`, never in its place. A role "none" says that it has none.
    """
    newest: dict[tuple[str, str], Claimed] = {}
    for one in live(row, answers.MANDATES):
        data = one.outcome.data
        functions = (data.get("roles") or {}).keys()
        bases = (data.get("bases") or {}).values()
        places = " ".join(str(text) for text in (data.get("territories") or {}).values()).split()
        for claim in answers.claims(data, functions, bases, places):
            newest[claim.function, one.unit.code] = Claimed(claim, _origin(one))
    return tuple(newest[key] for key in sorted(newest))


def claimed_review(row: Round) -> Review | None:
    """What the roles that institutions claim leave open on the last day of the round. None: nobody answered.

    An overlap here is two institutions that both say they lead. Functions and institutions are those of the pack.
    """
    found = claims(row)
    if not found:
        return None
    register = _register()
    roles = (one for each in found for one in each.claim.mandates(each.origin.institution))
    known = {*register.institutions}
    kept = [one for one in roles if one.function in register.functions and one.institution in known]
    return review(kept, register, row.period_end)


def heard_from(row: Round) -> tuple[Heard, ...]:
    """How far the institutions of a round have answered, by code; zeros for those that have not."""
    reports: dict[str, set[int]] = {}
    for one in live(row, answers.EXCHANGE, answers.COMPLETE):
        reports.setdefault(one.unit.code, set()).add(one.outcome.version_id)
    full = exchange(row).complete
    roles = Counter(one.origin.institution for one in claims(row))
    return tuple(Heard(code, len(reports.get(code, ())), code in full, roles[code]) for code in institutions_of(row))


def sources_of(row: Round) -> tuple[str, ...]:
    """Where things are seen: institutions of the round that the pack expects reports from at a crossing point."""
    posts = Post.objects.filter(retired_at=None).values_list("institution__code", flat=True)
    return tuple(sorted({*posts}.intersection(institutions_of(row))))


def target_of(row: Round) -> str:
    """Who decides: the coordination cell of the home where the round asks it; else nothing ("")."""
    cell = Home.objects.filter(pk=1).values_list("cell", flat=True).first() or ""
    return cell if cell in institutions_of(row) else ""


def situation(row: Round) -> Situation:
    """All that a profile of a round looks at, on its last day.

    institutions: those the round asks. ties, needs: `exchange`. sources, target: `sources_of` without the target, and
    `target_of`; where there is no target nothing is said of who is unheard. review: of the pack's mandates, not of
    claims; None where the pack has no functions.
    """
    heard, target = exchange(row), target_of(row)
    judged = review_on(row.period_end) if Function.objects.filter(retired_at=None).exists() else None
    sources = tuple(one for one in sources_of(row) if one != target)
    return Situation(heard.institutions, heard.ties, heard.needs, sources, target, judged)
