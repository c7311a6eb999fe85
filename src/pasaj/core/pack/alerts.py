"""alerts.toml and alerts/*.toml: how alerts are approved and sent, and a template for each hazard."""

import re
import tomllib
from typing import Any

from pasaj.core.alerts import AUDIENCES, CERTAINTIES, FIELDS, SEVERITIES, URGENCIES
from pasaj.core.alerts import languages as same
from pasaj.core.alerts.filling import PLACES, fill
from pasaj.core.alerts.shapes import Colour, Part, Settings, Template
from pasaj.core.pack import toml, values
from pasaj.core.pack.findings import Domain
from pasaj.core.pack.sheets import Book
from pasaj.core.pack.toml import Table

FILE = "alerts.toml"
CATEGORIES = ("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE",
              "Other")  # fmt: skip
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess")
SHAPES = ("circle", "square", "triangle", "diamond")
_SENDER = re.compile(r"[^\s,<&]+")
_NAMES = 'name = {fr = "Accueil urgent"}'
_FILLED = dict.fromkeys(PLACES, "")


def is_template(file: str) -> bool:
    """Whether a file of a pack is one of its hazards."""
    return file.startswith("alerts/") and file.endswith(".toml")


def is_alerts(file: str) -> bool:
    """Whether a file of a pack speaks of alerts at all."""
    return file == FILE or is_template(file)


def read(book: Book) -> tuple[Settings | None, tuple[Template, ...]]:
    """The settings (None: the pack has none) and every usable template."""
    table = toml.load(FILE, book) if FILE in book.files else None
    found: dict[str, tuple[str, Template]] = {}
    planned = _planned(book)
    for file in sorted(one for one in book.files if is_template(one)):
        inner = toml.load(file, book)
        if inner is None:
            continue
        one = _template(inner, book)
        if one.plan:
            book.findings.unknown(planned, one.plan, *inner.place("plan"))
        first = found.setdefault(one.code, (file, one))[0]
        if first != file and one.code:
            inner.refuse("PACK-055", "code", value=one.code, first_file=first)
    return _settings(table, book) if table else None, tuple(one for _file, one in found.values())


def _planned(book: Book) -> Domain:
    """The codes of the contingency plans, which have a reader of their own: it tells what is wrong with them."""
    found = Domain("plans/*.toml", present=True)
    for file, data in book.files.items():
        if file.startswith("plans/") and file.endswith(".toml"):
            try:
                found.rows[str(tomllib.loads(data.decode("utf-8-sig")).get("code", ""))] = 1
            except (ValueError, RecursionError):
                found.broken = True
    return found


# --- A hazard ----------------------------------------------------------------------------------


def _template(table: Table, book: Book) -> Template:
    source, verify = table.provenance()
    institutions, roles = _recipients(table, book, "recipients")
    measures = table.several("measures", 'measures = ["returns"]')
    table.known("measures", measures, book.measures)
    incidents = table.several("incidents", 'incidents = ["violence"]')
    table.known("incidents", incidents, book.incident_types)
    found = Template(
        code=table.code("code", 'code = "urgent_reception"'),
        names=table.names("name", _NAMES),
        category=_words(table, "category", CATEGORIES),
        response_types=_words(table, "response_types", RESPONSES),
        urgency=table.choice("urgency", URGENCIES, default="Expected"),
        severity=table.choice("severity", SEVERITIES, default="moderate"),
        certainty=table.choice("certainty", CERTAINTIES, default="Likely"),
        hours=_whole(table, "hours", 24, 1, 24 * 14),
        days=_whole(table, "days", 14, 1, 366),
        texts=_texts(table, book),
        institutions=institutions,
        roles=roles,
        plan=table.text("plan", 'plan = "mass_return"', limit=40),
        measures=measures,
        kinds=_words(table, "kinds", ("unusual", "silence", "conflict", "capacity", "shift"), needed=False),
        incidents=incidents,
        source=source,
        verify=verify,
    )
    table.strangers()
    return found


def _texts(table: Table, book: Book) -> dict[str, dict[str, dict[str, str]]]:
    """By audience, language and field; what stands there is checked as an alert would be, braces apart."""
    outer = table.table("texts", "[texts.services.fr]")
    found: dict[str, dict[str, dict[str, str]]] = {}
    for audience in AUDIENCES if outer else ():
        if outer is None or audience not in outer.raw:
            continue
        inner = outer.table(audience, f"[texts.{audience}.fr]")
        if inner is not None:
            found[audience] = _said(inner, book)
    if outer is not None:
        if not found:
            table.bad("texts", "[texts.services.fr]")
        outer.strangers()
    return found


def _said(table: Table, book: Book) -> dict[str, dict[str, str]]:
    languages = book.manifest.languages if book.manifest else tuple(table.raw)
    said: dict[str, dict[str, str]] = {}
    for language in languages:
        inner = table.table(language, f'[texts.services.{language}] with event = "Accueil urgent"')
        if inner is not None:
            said[language] = {field: inner.text(field, f'{field} = "…"') for field in FIELDS}
            inner.strangers()
    table.strangers()
    blank = {language: {field: fill(text, _FILLED) for field, text in one.items()} for language, one in said.items()}
    for one in same.check(_without(blank), tuple(said)):
        at = ".".join(one.column.split(".")[1:])
        table.refuse(one.code, at, **one.params)
    return said


def _without(said: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The texts with known braces taken out: what is left of braces is a mistyped name."""
    known = re.compile(r"\{(?:" + "|".join(PLACES) + r")\}")
    return {language: {field: known.sub("…", text) for field, text in one.items()} for language, one in said.items()}


# --- Settings ----------------------------------------------------------------------------------


def _settings(table: Table, book: Book) -> Settings:
    usual = Settings()
    sender = table.text("sender", 'sender = "alertes@cellule.example"', needed=True, limit=120)
    if sender and not _SENDER.fullmatch(sender):
        table.bad("sender", 'sender = "alertes@cellule.example"')
    web = table.text("web", 'web = "https://alertes.example"', limit=300)
    if web and values.address(web) is None:
        table.bad("web", 'web = "https://alertes.example"')
    approval = _optional(table, "approval", "[approval] with minutes = 15")
    unratified = _optional(table, "unratified", "[unratified] with hours = 6")
    source, verify = table.provenance()
    night = _night(approval) if approval else usual.night
    institutions, roles = _recipients(table, book, "recipients")
    asked = approval.text("institution", 'institution = "CELL"', limit=40) if approval else ""
    if approval and asked:
        approval.known("institution", (asked,), book.institutions)
    restricted = _recipients(unratified, book) if unratified else ((), ())
    found = Settings(
        sender=sender,
        sender_names=table.names("name", 'name = {fr = "Cellule"}'),
        contact=table.text("contact", 'contact = "…"', limit=300),
        web=web,
        quorum=_by_severity(table, "quorum", usual.quorum, 1, 5),
        approvers=approval.text("role", 'role = "approver"', limit=40) or usual.approvers if approval else "approver",
        approvers_institution=asked,
        minutes=_whole(approval, "minutes", usual.minutes, 1, 600),
        total_minutes=_whole(approval, "total_minutes", usual.total_minutes, 1, 1440),
        night=night,
        unratified_hours=_whole(unratified, "hours", usual.unratified_hours, 1, 24),
        unratified_institutions=restricted[0],
        unratified_roles=restricted[1],
        institutions=institutions,
        roles=roles,
        acknowledge=_by_severity(table, "acknowledge_minutes", usual.acknowledge, 1, 10080),
        segments=_whole(table, "sms_parts", usual.segments, 1, 10),
        circle_km=float(_whole(table, "circle_km", int(usual.circle_km), 1, 100)),
        colours=_colours(table),
        parts=_parts(table, book),
        source=source,
        verify=verify,
    )
    for one in (table, approval, unratified):
        if one is not None:
            one.strangers()
    return found


def _night(table: Table) -> tuple[int, int]:
    value = table.get("night", "night = [20, 6]")
    if value is None:
        return Settings().night
    if not isinstance(value, list) or len(value) != 2 or not all(_is_whole(one) and 0 <= one <= 23 for one in value):
        table.bad("night", "night = [20, 6]")
        return Settings().night
    return value[0], value[1]


def _colours(table: Table) -> dict[str, Colour]:
    """What each severity is called in the country."""
    outer = _optional(table, "colours", '[colours.severe] with name = {fr = "orange"}')
    found = {}
    for severity in SEVERITIES if outer else ():
        inner = _optional(outer, severity, f'[colours.{severity}] with name = {{fr = "orange"}}') if outer else None
        if inner is not None:
            code, names = inner.code("code", 'code = "orange"'), inner.names("name", 'name = {fr = "orange"}')
            found[severity] = Colour(code, names, inner.choice("shape", SHAPES))
            inner.strangers()
    if outer is not None:
        outer.strangers()
    return found


def _parts(table: Table, book: Book) -> tuple[Part, ...]:
    found = []
    example = '[[parts]] with institution = "COUN"'
    for inner in table.tables("parts", example) if "parts" in table.raw else ():
        institution = inner.text("institution", 'institution = "COUN"', needed=True, limit=40)
        inner.known("institution", (institution,) if institution else (), book.institutions)
        found.append(Part(institution, inner.names("does", 'does = {fr = "Tient la salle"}')))
        inner.strangers()
    return tuple(found)


# --- Values ------------------------------------------------------------------------------------


def _recipients(table: Table, book: Book, key: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Institutions and roles of contacts, of this table or of the one under `key`."""
    inner = _optional(table, key, f'[{key}] with institutions = ["ONM"]') if key else table
    if inner is None:
        return (), ()
    institutions = inner.several("institutions", 'institutions = ["ONM"]')
    inner.known("institutions", institutions, book.institutions)
    roles = inner.several("roles", 'roles = ["duty"]')
    if key:
        inner.strangers()
    return institutions, roles


def _words(table: Table, key: str, allowed: tuple[str, ...], *, needed: bool = True) -> tuple[str, ...]:
    found = table.several(key, f'{key} = ["{allowed[0]}"]', needed=needed)
    for one in found:
        if one not in allowed:
            table.word(key, one, allowed)
    return found


def _by_severity(table: Table, key: str, usual: Any, low: int, high: int) -> dict[str, int]:
    inner = _optional(table, key, f"{key} = {{severe = {usual['severe']}}}")
    found = {severity: _whole(inner, severity, usual[severity], low, high) for severity in SEVERITIES}
    if inner is not None:
        inner.strangers()
    return found


def _optional(table: Table, key: str, example: str) -> Table | None:
    """A table that may be missing."""
    return table.table(key, example) if key in table.raw else None


def _whole(table: Table | None, key: str, usual: int, low: int, high: int) -> int:
    """A whole number of a table; the usual one where it is missing."""
    value = table.get(key, f"{key} = {usual}") if table is not None else None
    if table is None or value is None:
        return usual
    if not _is_whole(value) or not low <= value <= high:
        table.bad(key, f"{key} = {usual}  # {low} to {high}")
        return usual
    return int(value)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
