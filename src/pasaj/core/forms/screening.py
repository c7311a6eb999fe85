"""No register of persons by the back door: what a form may not ask, row by row.

The rows are those of the XLSForm, so that each finding has the sheet, row and column an officer sees; the
fields of the converted form say of what kind a question really is, whatever alias its type was written with.
What the rules are, and why, stands in docs/reference/forms.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pasaj.core.forms import asking, shapes, text_screen, words
from pasaj.core.forms.fields import CROSSINGS_FILE, Field, language_code
from pasaj.core.nearest import fold
from pasaj.core.problems import Problem, problem

FREE = frozenset({"text", "metadata-text"})
NUMERIC = frozenset({"integer", "decimal"})
SELECTS = frozenset({"select_one", "select_multiple", "rank"})
POSITIONS = frozenset({"geopoint", "geotrace", "geoshape"})
OUTER = frozenset({"group", "repeat"})
NEVER_WAIVED = frozenset({"COLLECT-117", "COLLECT-118", "COLLECT-119"})
HARMLESS_PICTURES = frozenset({"thing", "place"})
ORDER = ("survey", "choices", "settings", "entities")
SHOWN = 80

NUMBERS_OF_OWNER = frozenset({"phonenumber", "simserial", "subscriberid", "email", "simid"})
METADATA = frozenset({"start", "end", "today", "deviceid", "username", "audit", "imei"}) | NUMBERS_OF_OWNER
TYPES = {
    "string": "text", "int": "integer", "photo": "image", "picture": "image", "gps": "geopoint",
    "location": "geopoint", "start-geopoint": "geopoint", "background-geopoint": "geopoint",
    "background-audio": "audio", "date time": "datetime",
    "lgroup": "repeat", "range": "integer", "percentage": "integer", "trigger": "acknowledge",
}  # fmt: skip
ALIASES = {
    "constraining_message": "constraint_message", "calculate": "calculation", "relevance": "relevant",
    "command": "type", "value": "name", "tag": "name", "count": "repeat_count", "jr": "repeat_count",
}  # fmt: skip
SAYING = ("label", "caption", "hint", "guidance_hint", "constraint_message", "required_message")
OFFICIAL = re.compile(r"\bofficial\s*(?:=\s*['\"]yes['\"]|!=\s*['\"]no['\"])")
DRAWN = re.compile(r"\b(signature|draw|annotate)\b")
SIGNED = re.compile(r"^(?:signature|firma|paraphe|siyati)s?(?: (?:of|de|du|del|la|le|the|l|el))* *(?:\w+)?$")
PAST = re.compile(r"365|6570|\b1[89]\d\d-|\b-?18 ?\*|\b200\d-\d\d-\d\d")
AGE_FROM = re.compile(r"(?:today|now)\(\)\s*-.*365|format-date\(.*%Y.*\)\s*-")

SEX = re.compile(r"\b(sexe|sex|gender|genre|sexo|genero|seks|jan)\b")
AGE = re.compile(r"\b(age|ages|edad|laj|age en annees)\b")
TRAIT = re.compile(
    r"\b(nationalite|nationality|nacionalidad|nasyonalite|marital|matrimonial|civil status|etat civil"
    r"|profession|occupation|religion|ethni\w+)\b"
)
GROUPED = re.compile(
    r"\b(groupe?s?|gwoup|grupos?|categor\w+|kategori|convoi|convoy|vol|flight|lot|(?:par|by|pa|por|per|chak)"
    r" (?!(?:personne|moun|person|persona|individu|migrant|voyageur|pasaje|passager|passenger|enfant|timoun"
    r"|child|nino)))\b"
)  # fmt: skip
EACH = re.compile(
    r"\b(?:roster|nominati\w+|chaque personne|each person|chak moun|cada persona|liste de personnes"
    r"|list of (?:persons|people|migrants|passengers))\b"
)
REGISTER = re.compile(
    r"\b(?:nominati[fv]\w*|(?:registre|liste) (?:des|de) (?:personnes|migrants|voyageurs|passagers)|watch ?list"
    r"|(?:register|list) of (?:persons|people|migrants|travell?ers|passengers)|lis (?:moun|pasaje)"
    r"|(?:registro|lista) de (?:personas|migrantes|viajeros|pasajeros))\b"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: `number` as the spreadsheet shows it, cells by the header as it is written."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of an XLSForm that say something; empty rows left out."""

    survey: tuple[Row, ...]
    choices: tuple[Row, ...] = ()
    settings: tuple[Row, ...] = ()
    entities: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands against publishing. `problem.file` is the sheet; `question` what a waiver names."""

    problem: Problem
    question: str
    waivable: bool = True

    def plain(self) -> dict[str, object]:
        return {"problem": self.problem.plain(), "question": self.question, "waivable": self.waivable}


@dataclass(slots=True)
class _Question:
    row: Row
    name: str
    kind: str
    path: str
    parent: _Question | None
    real: Field | None
    children: list[_Question] = field(default_factory=list)

    def cell(self, *names: str) -> tuple[str, str]:
        """(header, text) of the first of these columns, whatever its language."""
        for header, text in self.row.cells.items():
            if text and _base(header) in names:
                return header, text
        return names[0], ""

    def said(self) -> list[tuple[str, str, str]]:
        """(header, language, text) of all it says to whoever fills it in, and its own name."""
        found = [
            (header, language_code(_language(header)), text)
            for header, text in self.row.cells.items()
            if text and _base(header) in SAYING
        ]
        return [*found, ("name", "", self.name)]

    def folded(self) -> str:
        """Name and labels, for finding words in."""
        labels = [text for header, _language, text in self.said() if _base(header) in ("label", "caption", "name")]
        return " | ".join(words.plain(text) for text in labels)

    def called(self) -> str:
        _header, label = self.cell("label", "caption")
        return (label or self.name)[:SHOWN]


def screen(sheets: Sheets, fields: Iterable[Field] = (), *, unofficial: Collection[str] = ()) -> tuple[Finding, ...]:
    """All that stands against publishing a form. `unofficial`: the codes of unofficial crossings, if any."""
    known = {one.path: one for one in fields}
    top = list(_questions(sheets.survey, known))
    counters = {
        one.name
        for one in top
        if one.kind in (*NUMERIC, "calculate") and words.persons(one.folded().replace(" | ", " "))
    }
    found = [finding for one in top for finding in _question(one, counters)]
    found += _one_person(top)
    found += _positions(top, sheets, set(unofficial))
    found += _choices(sheets.choices)
    found += _whole(sheets)
    found += _unseen(top, known)
    return tuple(sorted(found, key=lambda one: (ORDER.index(one.problem.file), one.problem.row or 0, one.problem.code)))


# --- Reading rows ------------------------------------------------------------------------------


def _base(header: str) -> str:
    """The column without its language: "label::Français (fr)" is label."""
    first = header.split(":", 1)[0].strip().casefold().replace(" ", "_").replace("-", "_")
    return ALIASES.get(first, first)


def _language(header: str) -> str:
    return header.partition(":")[2].strip(": ")


def _questions(rows: Iterable[Row], known: Mapping[str, Field]) -> Iterator[_Question]:
    """Every row that is a question, group or repeat, with what it stands in."""
    inside: list[_Question] = []
    for row in rows:
        cells = {_base(header): text for header, text in reversed(list(row.cells.items())) if text}
        kind, name = " ".join(cells.get("type", "").split()), cells.get("name", "").strip()
        if not kind or kind.startswith("#"):
            continue
        first, _space, rest = kind.casefold().replace("_", " ", 1).partition(" ")
        if first == "end" and rest.split(" ")[0] in {"group", "repeat", "lgroup", "loop", "looped"}:
            if inside:
                inside.pop()
            continue
        path = "/".join([*(one.name for one in inside), name])
        begins = first == "begin"
        real = known.get(path) or known.get(f"meta/{name or kind}")
        what = ("repeat" if "repeat" in rest or rest.startswith("l") else "group") if begins else _kind(kind, real)
        one = _Question(row, name or kind, what, path, inside[-1] if inside else None, real)
        if one.parent:
            one.parent.children.append(one)
        if begins:
            inside.append(one)
        yield one


def _kind(written: str, real: Field | None) -> str:
    low = written.casefold().strip()
    low = re.sub(r"^(?:q|add|get|uri:)\s*|\s*prompt\b.*$", "", low)
    flat = low.replace(" ", "").replace("_", "")
    if flat in METADATA:
        return flat
    if real is not None and real.kind not in ("metadata", "calculate"):
        return real.kind
    for start, kind in (
        ("selectone", "select_one"),
        ("select1", "select_one"),
        ("select", "select_multiple"),
        ("rank", "rank"),
    ):
        if flat.startswith(start):
            return kind
    return TYPES.get(low, low)


# --- One question ------------------------------------------------------------------------------


def _finding(code: str, one: _Question, column: str, **more: object) -> Finding:
    told = problem(code, file="survey", row=one.row.number, column=column, question=one.called(), **more)
    return Finding(told, one.name, code not in NEVER_WAIVED)


def _question(one: _Question, counters: Collection[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for finding in (
        *_by_kind(one),
        *_by_words(one),
        *_by_asking(one),
        *_by_constraint(one),
        *_by_repeat(one, counters),
    ):
        if finding.problem.code not in seen:
            seen.add(finding.problem.code)
            yield finding


def _by_kind(one: _Question) -> Iterator[Finding]:
    header, appearance = one.cell("appearance")
    if one.kind == "barcode":
        yield _finding("COLLECT-110", one, "type")
    if one.kind in ("audio", "video"):
        yield _finding("COLLECT-112", one, "type")
    if one.kind in ("image", "file"):
        if DRAWN.search(appearance.casefold()):
            yield _finding("COLLECT-111", one, header)
        elif one.cell("photo_of")[1].strip().casefold() not in HARMLESS_PICTURES:
            yield _finding("COLLECT-113", one, "photo_of")
    if one.kind in NUMBERS_OF_OWNER:
        yield _finding("COLLECT-114", one, "type")
    parameters = one.cell("parameters")[1]
    if one.kind == "audit" and "location" in parameters.casefold():
        yield _finding("COLLECT-118", one, "parameters")
    if one.cell("save_to")[1]:
        yield _finding("COLLECT-117", one, "save_to")


def _by_words(one: _Question) -> Iterator[Finding]:
    many = one.kind in NUMERIC and any(words.counts(text) for _header, _language, text in one.said())
    for header, language, text in one.said():
        for code in sorted(words.said(text, language)):
            if _telling(code, one, text, many=many):
                yield _finding(code, one, header)


def _telling(code: str, one: _Question, text: str, *, many: bool) -> bool:
    """Whether these words say it of a question of this kind."""
    kind = one.kind
    if kind in NUMERIC:
        many = many or (code == words.BIRTH and words.many_persons(text))
        return words.numbers(text) if many else code not in (words.NAME, words.BODY, words.ADDRESS, words.EMAIL)
    if kind in SELECTS:
        return code == words.BIRTH or (code == words.NAME and words.persons(text)) or words.numbers(text)
    if kind in OUTER:
        return code in (words.NAME, words.DOCUMENT, words.BIRTH) and not words.counts(text)
    if kind in ("date", "datetime"):
        return code == words.BIRTH
    return kind in ("text", "calculate", "hidden", "image", "file", "time", "barcode")


def _by_asking(one: _Question) -> Iterator[Finding]:
    """What is asked without a telling word: who it was, the driver, a list of passengers, as the example shows."""
    many = "multiline" in one.cell("appearance")[1].casefold()
    for header, language, text in one.said():
        base = _base(header)
        if one.kind in OUTER and base in ("label", "caption"):
            parts = words.sentences(text)
            if any(asking.lists_persons(part) or asking.identity(part) for part in parts):
                yield _finding(words.NAME, one, header)
        elif one.kind in FREE and base in ("label", "caption") and not many and asking.asks(text, language):
            yield _finding(words.NAME, one, header)
        elif one.kind in (*FREE, *NUMERIC) and base in SAYING:
            yield from (_finding(code, one, header) for code in shapes.shown(text))
    if one.kind in FREE and asking.identity(words.plain(one.name)):
        yield _finding(words.NAME, one, "name")
    if one.kind in FREE and any(SIGNED.search(text) for text in one.folded().split(" | ")):
        yield _finding("COLLECT-111", one, "label")
    if one.kind in ("date", "datetime") and shapes.birth(one.folded()):
        yield _finding(words.BIRTH, one, "name")
    if one.kind in (*FREE, "calculate", "hidden") and shapes.key_of_person(one.name):
        yield _finding(words.DOCUMENT, one, "name")


def _by_constraint(one: _Question) -> Iterator[Finding]:
    header, constraint = one.cell("constraint")
    if one.kind in ("text", "integer", "decimal", "calculate") and shapes.long_number(constraint, one.kind):
        yield _finding("COLLECT-116", one, header)
    if one.kind in FREE and shapes.name(constraint) and not words.things(one.folded()):
        yield _finding(words.NAME, one, header)
    if one.kind in ("date", "datetime") and PAST.search(constraint):
        yield _finding("COLLECT-102", one, header)
    header, calculation = one.cell("calculation")
    if AGE_FROM.search(calculation):
        yield _finding("COLLECT-102", one, header)


# --- Rows for persons --------------------------------------------------------------------------


def _by_repeat(one: _Question, counters: Collection[str]) -> Iterator[Finding]:
    if one.kind != "repeat":
        return
    text = one.folded()
    about = bool(EACH.search(text)) or (
        words.persons(text.replace(" | ", " ")) and not (GROUPED.search(text) or words.counts(text))
    )
    if about:
        yield _finding("COLLECT-108", one, one.cell("label", "caption")[0] if one.cell("label")[1] else "name")
        return
    header, times = one.cell("repeat_count")
    asked = re.search(r"\$\{([^}]+)\}", times)
    if asked and asked[1].strip() in counters and not GROUPED.search(text):
        yield _finding("COLLECT-108", one, header)
        return
    traits = _traits(one.children)
    exact = any(
        child.kind in NUMERIC and AGE.search(child.folded()) and not words.counts(child.folded())
        for child in one.children
    )
    counted = any(child.kind in NUMERIC and words.counts(child.folded()) for child in one.children)
    if len(traits) >= 2 and (exact or not counted):
        yield _finding("COLLECT-108", one, "name")


def _traits(questions: Iterable[_Question]) -> set[str]:
    """Which of sex, age and further traits are asked as of one person."""
    found: set[str] = set()
    for one in questions:
        text = one.folded()
        if one.kind in SELECTS and SEX.search(text):
            found.add("sex")
        if (one.kind in NUMERIC or one.kind in SELECTS) and AGE.search(text) and not words.counts(text):
            found.add("age")
        if (one.kind in SELECTS or one.kind == "text") and TRAIT.search(text):
            found.add("trait")
    return found


def _one_person(questions: Sequence[_Question]) -> Iterator[Finding]:
    """A form, or a group of it, that asks for sex, exact age and more describes whoever stands there."""
    by_parent: dict[int, list[_Question]] = {}
    for one in questions:
        if one.kind not in OUTER and not (one.parent and one.parent.kind == "repeat"):
            by_parent.setdefault(id(one.parent), []).append(one)
    for together in by_parent.values():
        ages = [
            one
            for one in together
            if one.kind in NUMERIC and AGE.search(one.folded()) and not words.counts(one.folded())
        ]
        traits = _traits(together)
        if ages and "sex" in traits:
            others = ", ".join(one.called() for one in together if one is not ages[0] and _traits([one]))
            yield _finding("COLLECT-107", ages[0], ages[0].cell("label", "caption")[0], others=others)
    yield from (
        _finding("COLLECT-107", group, header, others=others) for group, header, others in _about_one(questions)
    )


def _about_one(questions: Sequence[_Question]) -> Iterator[tuple[_Question, str, str]]:
    """Groups headed by one person, whose free texts say nothing of what they ask."""
    for one in questions:
        header, label = one.cell("label", "caption")
        texts = [child for child in one.children if child.kind in FREE and asking.neutral(child.called())]
        if one.kind == "group" and texts and asking.one_person(label or one.name):
            yield one, header, ", ".join(child.called() for child in texts)


# --- The whole form ----------------------------------------------------------------------------


def _positions(questions: Sequence[_Question], sheets: Sheets, unofficial: set[str]) -> Iterator[Finding]:
    exact = [one for one in questions if one.kind in POSITIONS]
    if exact and unofficial and _names_unofficial(questions, sheets, unofficial):
        yield from (_finding("COLLECT-115", one, "type") for one in exact)


def _names_unofficial(questions: Sequence[_Question], sheets: Sheets, unofficial: set[str]) -> bool:
    """Whether a form can say at which unofficial crossing it was filled in."""
    for one in questions:
        listed = one.cell("type")[1].casefold()
        official = OFFICIAL.search(one.cell("choice_filter")[1])
        if "from_file" in listed.replace(" ", "_") and CROSSINGS_FILE in listed and not official:
            return True
        if one.kind == "text" and re.search(
            r"\b(?:point de passage|crossing|pwen pasaj|paso fronterizo|cruce|lieu|kote|lugar|place)\b", one.folded()
        ):
            return True
    return any(text.strip() in unofficial for row in sheets.choices for text in row.cells.values())


def _choices(rows: Sequence[Row]) -> Iterator[Finding]:
    """Lists that hold telephones, e-mail addresses or, by half at least, names are lists of persons."""
    named: dict[str, list[tuple[Row, str]]] = {}
    lists = Counter(_list(row) for row in rows)
    for row in rows:
        shown = _list(row)
        for header, text in row.cells.items():
            if not text or _base(header) not in ("label", "caption", "name"):
                continue
            if text_screen.hits(text, names=False):
                yield _listed(row, header, shown)
                break
            if text_screen.person(text):
                named.setdefault(shown, []).append((row, header))
                break
    for shown, found in named.items():
        if len(found) > 1 and 2 * len(found) >= lists[shown]:
            yield _listed(*found[0], shown)


def _list(row: Row) -> str:
    return row.cells.get("list_name") or row.cells.get("list name") or "choices"


def _listed(row: Row, header: str, shown: str) -> Finding:
    told = problem("COLLECT-120", file="choices", row=row.number, column=header, question=shown[:SHOWN])
    return Finding(told, shown)


def _whole(sheets: Sheets) -> Iterator[Finding]:
    for row in sheets.settings:
        for header, text in row.cells.items():
            base = _base(header)
            if text and base == "public_key":
                yield Finding(
                    problem("COLLECT-119", file="settings", row=row.number, column=header), "public_key", waivable=False
                )
            if text and base in ("form_title", "title") and REGISTER.search(fold(text)):
                told = problem("COLLECT-108", file="settings", row=row.number, column=header, question=text[:SHOWN])
                yield Finding(told, "form_title")
    for row in sheets.entities[:1]:
        yield Finding(problem("COLLECT-117", file="entities", row=row.number), "entities", waivable=False)


def _unseen(questions: Sequence[_Question], known: Mapping[str, Field]) -> Iterator[Finding]:
    """What the converted form holds and no row was seen to ask: whatever its alias, it is found here."""
    seen = {one.path for one in questions}
    codes = {
        "barcode": "COLLECT-110",
        "audio": "COLLECT-112",
        "video": "COLLECT-112",
        "image": "COLLECT-113",
        "file": "COLLECT-113",
    }
    for path, one in known.items():
        code = "COLLECT-114" if one.preload in NUMBERS_OF_OWNER else codes.get(one.kind, "")
        if code and path not in seen and one.preload != "audit":
            yield Finding(problem(code, file="survey", question=one.label()[:SHOWN]), one.name)
