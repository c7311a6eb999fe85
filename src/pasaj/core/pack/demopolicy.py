"""policy/demo/*.toml: the policy that the demonstration of a pack shows. It reads them; they are no part of the pack.

`policy.toml` begins it, a file `theme….toml` for each theme holds problems, objectives, measures and actions with
their costs; `options.toml` the options that were compared for objectives; `indicators.toml` and `following.toml` say
how it is followed, `document.toml` how its clauses read,
`consultation.toml` what was said of them. A code is known from where it stands on,
and the files are read in this order.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from pasaj.core.pack import demooptions, toml
from pasaj.core.pack.sheets import Book
from pasaj.core.pack.toml import Table
from pasaj.core.policy import demo, shapes

FOLDER = "policy/demo/"
FILE = f"{FOLDER}policy.toml"
INDICATORS, FOLLOWING = f"{FOLDER}indicators.toml", f"{FOLDER}following.toml"
OPTIONS, DOCUMENT = f"{FOLDER}options.toml", f"{FOLDER}document.toml"
CONSULTATION = f"{FOLDER}consultation.toml"
PARTS = ("support", "consulted", "informed")
_TEXT = 'text.fr = "Dire ce qui est en jeu"'
_DAY = date(2000, 1, 1)


def is_demo(file: str) -> bool:
    """Whether a file of a pack belongs to the policy of its demonstration."""
    return file in (FILE, OPTIONS, INDICATORS, FOLLOWING, DOCUMENT, CONSULTATION) or _is_theme(file)


def read(book: Book) -> demo.Demo | None:
    """The policy; None: the pack shows none, or `policy.toml` cannot be read."""
    table = toml.load(FILE, book) if FILE in book.files else None
    return None if table is None else _Reader(book, table).whole()


def _is_theme(file: str) -> bool:
    return file.startswith(f"{FOLDER}theme") and file.endswith(".toml")


class _Reader:
    """The files in their order, with the codes that were met so far."""

    def __init__(self, book: Book, top: Table) -> None:
        self.book, self.top = book, top
        self.codes: dict[str, str] = {}  # code -> file
        self.first = self.last = _DAY
        self.themes = 0
        self.found: dict[str, list[Any]] = {
            one: [] for one in ("problems", "objectives", "measures", "actions", "indicators", "appraisals")
        }

    def whole(self) -> demo.Demo:
        top = self.top
        if top.get("schema", "schema = 1", needed=True) not in (1, None):
            top.bad("schema", "schema = 1")
        top.provenance()
        head = self._head()
        themes = tuple((self.texts(one), one.text("goal", 'goal = "GCM-11"')) for one in _ended(top, "theme"))
        self.themes = len(themes)
        rates, capacities = self._rates(), self._capacities()
        versions = tuple(
            demo.Version(one.text("note", 'note = "…"', needed=True), _moment(one, "at") if "at" in one.raw else None)
            for one in _ended(top, "version", 0)
        )
        top.strangers()
        for file in sorted(filter(_is_theme, self.book.files)):
            self._file(file, self._theme)
        self._file(OPTIONS, lambda table: self.found["appraisals"].extend(demooptions.appraisals(table, self)))
        self._file(INDICATORS, lambda table: self.found["indicators"].extend(self._indicators(table)))
        later: dict[str, Any] = {}
        self._file(FOLLOWING, lambda table: later.update(self._later(table)))
        self._file(DOCUMENT, lambda table: later.update(self._document(table)))
        self._file(CONSULTATION, lambda table: later.update(self._consulted(table)))
        rows: dict[str, Any] = {name: tuple(rows) for name, rows in self.found.items()}
        return demo.Demo(**head, themes=themes, rates=rates, capacities=capacities, versions=versions, **rows, **later)

    def _file(self, file: str, take: Callable[[Table], object]) -> None:
        table = toml.load(file, self.book) if file in self.book.files else None
        if table is not None:
            take(table)
            table.strangers()

    def _head(self) -> dict[str, Any]:
        table = self.top.table("policy", "[policy]") or Table({}, self.book, FILE, ("policy",), {})
        self.first, self.last = _day(table, "first"), _day(table, "last")
        found = {
            "names": self.texts(table, "name"),
            "purpose": self.texts(table, "purpose"),
            "institution": self.institution(table, "institution"),
            "languages": table.several("languages", 'languages = ["fr"]', needed=True),
            "begun": _moment(table, "begun"),
            "first": self.first,
            "last": self.last,
            "currency": table.text("currency", 'currency = "HTG"', needed=True),
            "label": table.text("label", 'label = "demonstration"', needed=True, limit=40),
            "invented": table.text("invented", 'invented = "Demonstration figure"', needed=True, limit=200),
        }
        table.strangers()
        return found

    def _rates(self) -> demo.Rates:
        table = self.top.table("rates", "[rates]") or Table({}, self.book, FILE, ("rates",), {})
        given = table.get("by_year", 'by_year = { 2026 = "133.00" }', needed=True)
        years = given if isinstance(given, dict) else {}
        if not years or not all(year.isdecimal() and _exact(one) is not None for year, one in years.items()):
            table.bad("by_year", 'by_year = { 2026 = "133.00" }')
            years = {}
        found = demo.Rates(
            table.text("currency", 'currency = "USD"', needed=True), _day(table, "on"),
            table.text("source", 'source = "Invented"', needed=True),
            {int(year): Decimal(str(one)) for year, one in years.items()},
        )  # fmt: skip
        table.strangers()
        return found

    def _capacities(self) -> dict[str, int]:
        table = self.top.table("capacities", "[capacities]")
        if table is None:
            return {}
        table.known("", tuple(table.raw), self.book.institutions)
        return {code: _whole(table, code, 1, 99) for code in table.raw}

    # --- One theme ---------------------------------------------------------------------------------

    def _theme(self, table: Table) -> None:
        number = _whole(table, "theme", 1, 20)
        if number > self.themes:
            table.refuse("PACK-110", "theme", value=number)
        for name, build in (("problem", self._problem), ("objective", self._objective), ("measure", self._measure)):
            self.found[f"{name}s"] += [build(one, number) for one in _ended(table, name)]
        self.found["actions"] += [self._action(one) for one in _ended(table, "action")]

    def _problem(self, table: Table, theme: int) -> demo.Problem:
        grounds = table.several("grounds", 'grounds = ["INSTRUMENT-1"]', needed=True)
        table.known("grounds", grounds, self.book.instruments)
        return demo.Problem(
            self.code(table, "PB1.1"), theme, self.texts(table), grounds,
            figures=_figures(table, "figures"), later=_figures(table, "later_figures"),
            findings=_list(table, "findings"), rights=_list(table, "rights"), groups=_list(table, "groups"),
        )  # fmt: skip

    def _objective(self, table: Table, theme: int) -> demo.Objective:
        problems = self.own(table, "problems", "PB1.1", needed=True)
        goals = _list(table, "goals")
        return demo.Objective(self.code(table, "O1.1"), theme, self.texts(table), problems, goals)

    def _measure(self, table: Table, theme: int) -> demo.Measure:
        parts = [(self.institution(table, "lead"), "lead")]
        for part in PARTS:
            codes = _list(table, part)
            table.known(part, codes, self.book.institutions)
            parts += [(code, part) for code in codes]
        function, basis = table.text("function", 'function = "ENTRY-EXIT"'), _list(table, "basis")
        table.known("function", (function,) if function else (), self.book.functions)
        table.known("basis", basis, self.book.instruments)
        return demo.Measure(
            self.code(table, "M1.1"), theme, self.texts(table), table.choice("kind", shapes.MEASURE_KINDS),
            objectives=self.own(table, "objectives", "O1.1", needed=True), parts=tuple(parts), function=function,
            basis=basis, safeguards=self.own(table, "safeguards", "M1.1"),
        )  # fmt: skip

    def _action(self, table: Table) -> demo.Action:
        code = self.code(table, "A1.1.1")
        measure = f"M{code[1:].rpartition('.')[0]}"
        if code and measure not in self.codes:
            table.refuse("PACK-110", "code", value=measure)
        return demo.Action(
            code, measure, self.texts(table), self.texts(table, "deliverable"), self.institution(table, "owner"),
            first=self.inside(table, "first"), last=self.inside(table, "last"),
            needs=self.own(table, "needs", "A1.1.1"),
            recommendations=_list(table, "recommendations"), since=_since(table),
            costs=tuple(map(self._cost, _ended(table, "costs"))),
        )  # fmt: skip

    def _cost(self, table: Table) -> demo.Cost:
        years = table.get("years", "years = [2026]", needed=True)
        within = range(self.first.year, self.last.year + 1)
        if not isinstance(years, list) or not years or not all(one in within for one in years):
            table.bad("years", "years = [2026]")
            years = []
        return demo.Cost(
            table.text("label", 'label = "Formation"', needed=True), table.choice("kind", shapes.COST_KINDS),
            _number(table, "quantity", "4"), table.text("unit", 'unit = "session"', needed=True),
            _number(table, "unit_cost", '"250.00"'), _number(table, "periods", "12", Decimal(1)),
            table.text("currency", 'currency = "HTG"', needed=True), tuple(years),
        )  # fmt: skip

    # --- How it is followed ------------------------------------------------------------------------

    def _indicators(self, table: Table) -> Iterator[demo.Indicator]:
        for one in _ended(table, "indicator"):
            given = _ended(one, "readings", 0)
            readings = tuple(demo.Reading(_day(it, "on"), _number(it, "value", "4")) for it in given)
            computed = "finding" in one.raw
            names = ("finding", "value") if computed else ("source_name", "denominator")
            more: dict[str, Any] = {
                name: one.text(name, f'{name} = "…"', needed=name != "denominator") for name in names
            }
            if not computed:
                more |= {"baseline": _number(one, "baseline", "0"), "baseline_on": _day(one, "baseline_on")}
            yield demo.Indicator(
                self.code(one, "I1"), self.one(one, "measures", "O1.1"), self.texts(one), self.texts(one, "definition"),
                one.text("unit", 'unit = "%"', needed=True), one.choice("direction", shapes.DIRECTIONS),
                target=_number(one, "target", "90"), target_on=_day(one, "target_on"),
                every_days=_whole(one, "every_days", 1, 3660), since=_since(one), readings=readings, **more,
            )  # fmt: skip

    def _later(self, table: Table) -> dict[str, tuple[Any, ...]]:
        return {
            "progress": tuple(map(self._progress, _ended(table, "progress"))),
            "commitments": tuple(map(self._commitment, _ended(table, "commitment"))),
            "moved": tuple(map(self._moved, _ended(table, "moved"))),
        }

    def _progress(self, table: Table) -> demo.Progress:
        state = table.choice("state", shapes.STATES)
        note = table.text("note", 'note = "…"', needed=True)
        return demo.Progress(self.one(table, "action", "A1.1.1"), _moment(table, "at"), state, note)

    def _commitment(self, table: Table) -> demo.Commitment:
        return demo.Commitment(
            self.one(table, "action", "A1.1.1"), table.text("funder", 'funder = "…"', needed=True),
            _number(table, "amount", '"1000.00"'), table.text("currency", 'currency = "HTG"', needed=True),
            _whole(table, "year", self.first.year, self.last.year),
            table.choice("state", shapes.COMMITMENT_STATES), _day(table, "on"),
        )  # fmt: skip

    def _moved(self, table: Table) -> demo.Moved:
        what = table.choice("what", demo.MOVED)
        if not what:
            return demo.Moved(what, "")  # of a kind that is not known, nothing more can be read
        if what == "figure":
            return demo.Moved(
                what, table.text("series", 'series = "…"', needed=True), day=_day(table, "day"),
                factor=_number(table, "factor", "0.8"), note=table.text("note", 'note = "…"', needed=True),
            )  # fmt: skip
        if what == "finding":
            return demo.Moved(what, table.text("finding", 'finding = "low:unit:HT"', needed=True), self.texts(table))
        return demo.Moved(what, self.one(table, "code", "O1.1"), self.texts(table))

    # --- Its text ----------------------------------------------------------------------------------

    def _document(self, table: Table) -> dict[str, tuple[Any, ...]]:
        terms = [
            demo.Term(one.code("code", 'code = "referral"'), self.texts(one, "name"), self.texts(one, "meaning"))
            for one in _ended(table, "term", 0)
        ]
        clauses = [
            demo.Clause(
                one.text("code", 'code = "C1.1"', needed=True, limit=20), self.texts(one),
                self.own(one, "measures", "M1.1"), _since(one),
            )
            for one in _ended(table, "clause")
        ]  # fmt: skip
        return {"terms": tuple(terms), "clauses": tuple(clauses)}

    def _consulted(self, table: Table) -> dict[str, tuple[Any, ...]]:
        rounds = [
            demo.Consultation(
                one.choice("kind", demo.KINDS), self.texts(one, "name"), self.texts(one, "about"),
                _day(one, "first"), _day(one, "last"), _moment(one, "closed"),
                tuple(map(self._comment, _ended(one, "comment"))), tuple(map(self._reply, _ended(one, "reply", 0))),
            )
            for one in _ended(table, "consultation")
        ]  # fmt: skip
        return {"consultations": tuple(rounds)}

    def _comment(self, table: Table) -> demo.Comment:
        clause = _clause(table)
        text, answer = (table.text(name, f'{name} = "…"', needed=True) for name in ("text", "answer"))
        outcome = table.choice("outcome", demo.OUTCOMES)
        return demo.Comment(self.institution(table, "institution"), _moment(table, "at"), clause, text, outcome, answer)

    def _reply(self, table: Table) -> demo.Reply:
        changes, remarks = _ended(table, "change"), _ended(table, "remark", 0)
        return demo.Reply(
            self.institution(table, "institution"), _moment(table, "at"), tuple(map(self._change, changes)),
            tuple(map(self._remark, remarks)),
        )  # fmt: skip

    def _change(self, table: Table) -> demo.Change:
        clause, answer = _clause(table), table.text("answer", 'answer = "…"', needed=True)
        outcome = table.choice("outcome", demo.DECIDED)
        return demo.Change(clause, self.texts(table, "old"), self.texts(table, "new"), outcome, answer)

    def _remark(self, table: Table) -> demo.Remark:
        on, text, answer = (table.text(name, f'{name} = "…"', needed=True) for name in ("on", "text", "answer"))
        return demo.Remark(_clause(table), on, text, table.choice("outcome", demo.OUTCOMES), answer)

    # --- Values ------------------------------------------------------------------------------------

    def texts(self, table: Table, key: str = "text") -> dict[str, str]:
        """A text in every language of the pack."""
        found = table.names(key, _TEXT.replace("text", key))
        manifest = self.book.manifest
        if manifest and found:
            for language in sorted({*manifest.languages} - {*found, manifest.default_language}):
                table.refuse("PACK-112", key, language=language)
        return found

    def code(self, table: Table, example: str) -> str:
        """A code of the policy's own, each once."""
        value = table.text("code", f'code = "{example}"', needed=True, limit=20)
        if value in self.codes:
            table.refuse("PACK-055", "code", value=value, first_file=self.codes[value])
        self.codes.setdefault(value, table.file)
        return value

    def own(self, table: Table, key: str, example: str, *, needed: bool = False) -> tuple[str, ...]:
        """Codes of the policy's own that stand further up."""
        found = table.several(key, f'{key} = ["{example}"]', needed=needed)
        self._met(table, key, found)
        return found

    def one(self, table: Table, key: str, example: str) -> str:
        found = table.text(key, f'{key} = "{example}"', needed=True)
        self._met(table, key, [found] if found else [])
        return found

    def _met(self, table: Table, key: str, codes: Collection[str]) -> None:
        for code in codes:
            if code not in self.codes:
                table.refuse("PACK-110", key, value=code[:40])

    def institution(self, table: Table, key: str) -> str:
        found = table.text(key, f'{key} = "IMM"', needed=True)
        table.known(key, (found,) if found else (), self.book.institutions)
        return found

    def inside(self, table: Table, key: str) -> date:
        """A day of the policy's period."""
        found = _day(table, key)
        if not self.first <= found <= self.last:
            table.refuse("PACK-111", key, day=found, first=self.first, last=self.last)
        return found


# --- Values of one key ---------------------------------------------------------------------------


def _ended(table: Table, key: str, least: int = 1) -> Iterator[Table]:
    """The tables under a key, each asked for its strangers when it has been read. least 0: the key may be absent."""
    if least or key in table.raw:
        for one in table.tables(key, f"[[{key}]]"):
            yield one
            one.strangers()


def _clause(table: Table) -> str:
    return table.text("clause", 'clause = "C1.1"', needed=True, limit=20)


def _list(table: Table, key: str) -> tuple[str, ...]:
    return table.several(key, f'{key} = ["…"]')


def _figures(table: Table, key: str) -> tuple[demo.Figure, ...]:
    return tuple(
        demo.Figure(one.text("series", 'series = "…"', needed=True), _day(one, "first"), _day(one, "last"))
        for one in _ended(table, key, 0)
    )


def _since(table: Table) -> int:
    return _whole(table, "since", demo.FIRST, demo.UPDATED) if "since" in table.raw else demo.FIRST


def _whole(table: Table, key: str, low: int, high: int) -> int:
    value: Any = table.get(key, f"{key} = {low}", needed=True)
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    if value is not None:
        table.bad(key, f"{key} = {low}")
    return low


def _number(table: Table, key: str, example: str, default: Decimal | None = None) -> Decimal:
    """An exact number: whole, or as text."""
    value: Any = table.get(key, f"{key} = {example}", needed=default is None)
    found = default if value is None else _exact(value)
    if found is None and value is not None:
        table.bad(key, f"{key} = {example}")
    return Decimal(0) if found is None else found


def _exact(value: object) -> Decimal | None:
    """A number zero or above; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < 10**12 else None


def _day(table: Table, key: str) -> date:
    value: Any = table.get(key, f"{key} = 2026-01-31", needed=True)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if value is not None:
        table.bad(key, f"{key} = 2026-01-31")
    return _DAY


def _moment(table: Table, key: str) -> datetime:
    """A moment on the country's clock, without a zone."""
    value: Any = table.get(key, f"{key} = 2026-01-31T10:00:00", needed=True)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    if value is not None:
        table.bad(key, f"{key} = 2026-01-31T10:00:00")
    return datetime.combine(_DAY, datetime.min.time())
