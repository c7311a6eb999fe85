"""The declaration beside a form, checked: a plain dict (from YAML) becomes a `Meaning`.

place: crossing                      # a question; or {code: XX-BCP-01}; or {question: point, words: {north: XX-BCP-01}}
period: {day: date}                  # or {start: first, end: last}; a question with date and time counts by its date
source: {code: REG}
zero: {question: nothing, is: yes}   # said explicitly: every figure left blank is zero
figures:
- {question: entries, measure: entries}
- {question: deported, measure: returns, category: deported}
incidents:
- {each: incidents, type: kind, quantities: [{question: persons, what: persons, unit: persons}]}
status:
- {state: open, side: own, since: date}
outcomes:
- {kind: return_operation, data: {at: arrived_at, deported: n_deported}}
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pasaj.core.nearest import Names
from pasaj.core.problems import Problem, Refused, problem

NAMED = 5  # questions told where none has a similar name
SIDES = ("own", "other")
QUALITIES = ("exact", "partial", "approx", "derived", "estimate")
COMMON = ("place", "period", "source", "quality", "note")
TOP = (*COMMON, "zero", "figures", "incidents", "status", "outcomes")
FIGURE = ("question", "measure", "direction", "category", "each", "when", "not_applicable")
INCIDENT = ("each", "when", "type", "place", "period", "quantities", "detecting", "hours_to_referral", "corridor",
            "source", "note")  # fmt: skip
QUANTITY = ("each", "when", "question", "what", "unit")
STATUS = ("each", "when", "place", "side", "state", "since", "until", "cause", "hours", "source", "note")
OUTCOME = ("kind", "each", "when", "data")


class Question(Protocol):
    """What is needed of a question: its path below the root of the form and its kind (core.forms.Field has both)."""

    @property
    def path(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Pick:
    """Where a value comes from: an answer (its words translated by `words`), or always the same."""

    question: str = ""
    constant: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def given(self) -> bool:
        return bool(self.question or self.constant)


@dataclass(frozen=True, slots=True)
class Test:
    """Whether an answer is one of these."""

    question: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class PeriodPick:
    """The questions of a day, or of the first and last day of a span."""

    day: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class FigurePick:
    """One figure: the question that holds it and what it measures."""

    question: str
    measure: Pick
    category: Pick
    direction: str = ""
    each: str = ""
    when: Test | None = None
    not_applicable: Test | None = None


@dataclass(frozen=True, slots=True)
class QuantityPick:
    """One number of an incident, once or for each turn of a repeat."""

    question: str
    what: Pick
    unit: Pick
    each: str = ""
    when: Test | None = None


@dataclass(frozen=True, slots=True)
class IncidentPick:
    """One incident, or one for each turn of a repeat. What is not given is the form's own."""

    type: Pick
    quantities: tuple[QuantityPick, ...] = ()
    each: str = ""
    when: Test | None = None
    place: Pick = Pick()
    period: PeriodPick | None = None
    detecting: Pick = Pick()
    hours_to_referral: str = ""
    corridor: Pick = Pick()
    source: Pick = Pick()
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatusPick:
    """What the form says about a side of its crossing."""

    state: Pick
    side: Pick
    since: str
    each: str = ""
    when: Test | None = None
    place: Pick = Pick()
    until: str = ""
    cause: Pick = Pick()
    hours: str = ""
    source: Pick = Pick()
    note: str = ""


@dataclass(frozen=True, slots=True)
class OutcomePick:
    """A row for the app above: which answers it wants, by key."""

    kind: str
    data: Mapping[str, Pick]
    each: str = ""
    when: Test | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """A checked declaration. An empty one means that the answers feed nothing."""

    place: Pick = Pick()
    period: PeriodPick = PeriodPick()
    source: Pick = Pick()
    quality: Pick = Pick(constant="exact")
    note: str = ""
    zero: Test | None = None
    figures: tuple[FigurePick, ...] = ()
    incidents: tuple[IncidentPick, ...] = ()
    status: tuple[StatusPick, ...] = ()
    outcomes: tuple[OutcomePick, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)  # kind of question by path

    @property
    def empty(self) -> bool:
        return not (self.figures or self.incidents or self.status or self.outcomes)


def parse(plain: object, questions: Sequence[Question], file: str = "") -> Meaning:
    """Check a declaration against the questions of its form. Raises Refused with every problem: MEANING-001 to 005.

    The `column` of a problem is the key it stands at ("figures[2].measure").
    """
    if plain in (None, {}, ""):
        return Meaning()
    if not isinstance(plain, Mapping):
        raise Refused(problem("MEANING-001", file=file, detail="a mapping of keys is needed"))
    reader = _Reader(questions, file)
    reader.keys(plain, TOP, "")
    meaning = Meaning(
        place=reader.pick(plain, "place", ""),
        period=reader.period(plain.get("period"), "period"),
        source=reader.pick(plain, "source", ""),
        quality=_quality(reader, plain),
        note=reader.question(plain, "note", ""),
        zero=reader.test(plain, "zero", ""),
        figures=tuple(_figure(reader, one, at) for one, at in reader.rows(plain, "figures", FIGURE)),
        incidents=tuple(_incident(reader, one, at) for one, at in reader.rows(plain, "incidents", INCIDENT)),
        status=tuple(_status(reader, one, at) for one, at in reader.rows(plain, "status", STATUS)),
        outcomes=tuple(_outcome(reader, one, at) for one, at in reader.rows(plain, "outcomes", OUTCOME)),
        kinds={one.path: one.kind for one in questions},
    )
    _complete(reader, meaning)
    if reader.problems:
        raise Refused(*reader.problems)
    return meaning


def _complete(reader: _Reader, meaning: Meaning) -> None:
    """Figures need place, period and source; events may name their own."""
    if meaning.figures or meaning.incidents:
        for key, given in (
            ("place", meaning.place.given or not meaning.figures),
            ("period", bool(meaning.period.day or meaning.period.start) or not meaning.figures),
            ("source", meaning.source.given),
        ):
            if not given:
                reader.missing(key)


def _quality(reader: _Reader, plain: Mapping[str, Any]) -> Pick:
    pick = reader.pick(plain, "quality", "")
    for value in (pick.constant, *pick.words.values()):
        if value and value not in QUALITIES:
            reader.refuse("MEANING-005", "quality", key="quality", value=value, allowed=", ".join(QUALITIES))
    return pick if pick.given else Pick(constant="exact")


def _figure(reader: _Reader, plain: Mapping[str, Any], at: str) -> FigurePick:
    measure = reader.pick(plain, "measure", at, bare_is_constant=True)
    if not measure.given:
        reader.missing(f"{at}measure")
    return FigurePick(
        question=reader.question(plain, "question", at, needed=True),
        measure=measure,
        category=reader.pick(plain, "category", at, bare_is_constant=True),
        direction=str(plain.get("direction") or ""),
        each=reader.repeat(plain, at),
        when=reader.test(plain, "when", at),
        not_applicable=reader.test(plain, "not_applicable", at),
    )


def _incident(reader: _Reader, plain: Mapping[str, Any], at: str) -> IncidentPick:
    kind = reader.pick(plain, "type", at)
    if not kind.given:
        reader.missing(f"{at}type")
    quantities = tuple(
        QuantityPick(
            question=reader.question(one, "question", where, needed=True),
            what=reader.pick(one, "what", where, bare_is_constant=True),
            unit=reader.pick(one, "unit", where, bare_is_constant=True),
            each=reader.repeat(one, where),
            when=reader.test(one, "when", where),
        )
        for one, where in reader.rows(plain, "quantities", QUANTITY, at)
    )
    return IncidentPick(
        type=kind,
        quantities=quantities,
        each=reader.repeat(plain, at),
        when=reader.test(plain, "when", at),
        place=reader.pick(plain, "place", at),
        period=reader.period(plain["period"], f"{at}period") if "period" in plain else None,
        detecting=reader.pick(plain, "detecting", at),
        hours_to_referral=reader.question(plain, "hours_to_referral", at),
        corridor=reader.pick(plain, "corridor", at),
        source=reader.pick(plain, "source", at),
        note=reader.question(plain, "note", at),
    )


def _status(reader: _Reader, plain: Mapping[str, Any], at: str) -> StatusPick:
    side = reader.pick(plain, "side", at, bare_is_constant=str(plain.get("side")) in SIDES)
    return StatusPick(
        state=reader.pick(plain, "state", at),
        side=side if side.given else Pick(constant="own"),
        since=reader.question(plain, "since", at, needed=True),
        each=reader.repeat(plain, at),
        when=reader.test(plain, "when", at),
        place=reader.pick(plain, "place", at),
        until=reader.question(plain, "until", at),
        cause=reader.pick(plain, "cause", at),
        hours=reader.question(plain, "hours", at),
        source=reader.pick(plain, "source", at),
        note=reader.question(plain, "note", at),
    )


def _outcome(reader: _Reader, plain: Mapping[str, Any], at: str) -> OutcomePick:
    kind = str(plain.get("kind") or "")
    if not kind:
        reader.missing(f"{at}kind")
    data = plain.get("data")
    found = data if isinstance(data, Mapping) else {}
    if not found:
        reader.missing(f"{at}data")
    for key in found:
        if any(str(other).startswith(f"{key}.") for other in found):  # a value and a table of the same name
            reader.refuse("MEANING-005", f"{at}data.{key}", key="data", value=key, allowed=f"{key}.…")
    return OutcomePick(
        kind=kind,
        data={str(key): reader.pick(found, key, f"{at}data.") for key in found},
        each=reader.repeat(plain, at),
        when=reader.test(plain, "when", at),
    )


class _Reader:
    """Reads the parts of a declaration and collects what is wrong with them."""

    def __init__(self, questions: Sequence[Question], file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.paths = [one.path for one in questions]
        self.names = {path.rpartition("/")[2] for path in self.paths} | set(self.paths)

    def refuse(self, code: str, at: str, **params: Any) -> None:
        self.problems.append(problem(code, file=self.file, column=at, **params))

    def missing(self, key: str) -> None:
        self.refuse("MEANING-003", key, key=key)

    def keys(self, plain: Mapping[str, Any], allowed: Collection[str], at: str) -> None:
        for key in plain:
            if key not in allowed:
                self.refuse("MEANING-002", f"{at}{key}", key=key, allowed=", ".join(allowed))

    def rows(
        self, plain: Mapping[str, Any], key: str, allowed: Collection[str], at: str = ""
    ) -> list[tuple[Mapping[str, Any], str]]:
        listed = plain.get(key) or []
        found: list[tuple[Mapping[str, Any], str]] = []
        for number, one in enumerate(listed if isinstance(listed, list) else [listed], start=1):
            where = f"{at}{key}[{number}]."
            if isinstance(one, Mapping):
                self.keys(one, allowed, where)
                found.append((one, where))
            else:
                self.refuse("MEANING-001", where.rstrip("."), detail=f"{where.rstrip('.')} must hold keys")
        return found

    def known(self, question: str, at: str) -> str:
        if question not in self.names:
            self.refuse("MEANING-004", at, question=question, nearest=_near(question, self.names))
        return question

    def question(self, plain: Mapping[str, Any], key: str, at: str, *, needed: bool = False) -> str:
        text = str(plain.get(key) or "")
        if text:
            return self.known(text, f"{at}{key}")
        if needed:
            self.missing(f"{at}{key}")
        return ""

    def repeat(self, plain: Mapping[str, Any], at: str) -> str:
        """A repeat is known by the questions in it."""
        text = str(plain.get("each") or "").strip("/")
        parts = {part for path in self.paths for part in path.split("/")[:-1]}
        inside = {path.rpartition("/")[0] for path in self.paths}
        if text and text not in parts and text not in inside:
            self.refuse("MEANING-004", f"{at}each", question=text, nearest=_near(text, parts))
        return text

    def pick(self, plain: Mapping[str, Any], key: str, at: str, *, bare_is_constant: bool = False) -> Pick:
        """A text names a question (or, for codes, itself); a mapping says which it is."""
        given = plain.get(key)
        where = f"{at}{key}"
        if given in (None, ""):
            return Pick()
        if not isinstance(given, Mapping):
            return Pick(constant=str(given)) if bare_is_constant else Pick(question=self.known(str(given), where))
        self.keys(given, ("question", "words", "code", "value"), f"{where}.")
        constant = given.get("code", given.get("value"))
        if constant not in (None, ""):
            return Pick(constant=str(constant))
        words = given.get("words") or {}
        if not isinstance(words, Mapping):
            self.refuse("MEANING-001", f"{where}.words", detail=f"{where}.words must hold keys")
            words = {}
        return Pick(
            question=self.question(given, "question", f"{where}.", needed=True),
            words={_word(word): str(code) for word, code in words.items()},
        )

    def test(self, plain: Mapping[str, Any], key: str, at: str) -> Test | None:
        given = plain.get(key)
        if given is None:
            return None
        where = f"{at}{key}"
        if not isinstance(given, Mapping):
            self.refuse("MEANING-001", where, detail=f"{where} must hold “question” and “is”")
            return None
        self.keys(given, ("question", "is"), f"{where}.")
        answers = given.get("is")
        if answers is None:
            self.missing(f"{where}.is")
        listed = answers if isinstance(answers, list) else [answers]
        return Test(self.question(given, "question", f"{where}.", needed=True), frozenset(_word(one) for one in listed))

    def period(self, given: object, at: str) -> PeriodPick:
        if given is None:
            return PeriodPick()
        if isinstance(given, str):
            return PeriodPick(day=self.known(given, at))
        if not isinstance(given, Mapping):
            self.refuse("MEANING-001", at, detail=f"{at} must hold “day”, or “start” and “end”")
            return PeriodPick()
        self.keys(given, ("day", "start", "end"), f"{at}.")
        found = {key: self.question(given, key, f"{at}.") for key in ("day", "start", "end")}
        if not found["day"] and not (found["start"] and found["end"]):
            self.missing(f"{at}.day")
        return PeriodPick(**found)


def _near(text: str, known: Collection[str]) -> str:
    """What it may have meant; where nothing is near, what there is."""
    near = [one.code for one in Names((name, ()) for name in sorted(known)).near(text)]
    return ", ".join(near or sorted(known)[:NAMED]) or "…"


def _word(value: object) -> str:
    """YAML reads yes and no as true and false: they stand for the words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
