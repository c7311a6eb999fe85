"""A whole pack: from the bytes of its files to plain values, or to the list of everything that is wrong."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from pasaj.core.pack import (
    alerts,
    alignment,
    contacts,
    demopolicy,
    drills,
    exchange,
    figures,
    forms,
    frameworks,
    geo,
    incidents,
    mandates,
    manifest,
    places,
    plans,
    prices,
    protocols,
    templates,
    words,
)
from pasaj.core.pack.findings import Findings
from pasaj.core.pack.institutions import named_by
from pasaj.core.pack.shapes import Checked, Mandate, Pack, PublishedFigure
from pasaj.core.pack.sheets import Book, read
from pasaj.core.problems import Problem

_CSV = frozenset(
    {
        places.INSTITUTIONS.file,
        figures.SOURCES.file,
        places.AREAS.file,
        places.CROSSINGS.file,
        figures.MEASURES.file,
        figures.CATEGORIES.file,
        figures.INSTRUMENTS.file,
        figures.TIMELINE.file,
        places.CALENDAR.file,
        places.POSTS.file,
        figures.THRESHOLDS.file,
        words.WORDS.file,
        incidents.INCIDENT_TYPES.file,
        incidents.STATUSES.file,
        mandates.FUNCTIONS.file,
        mandates.MANDATES.file,
        exchange.LAYERS.file,
        exchange.NEEDS.file,
        contacts.CONTACT_ROLES.file,
        alignment.GOALS.file,
        prices.PRICES.file,
    }
)
_DEMO = "demo.toml"
"""How a demonstration year is simulated: read by the demonstration, not part of what a pack says."""
_LISTS = ("LICENCES.md", "SOURCES.md")
_OTHERS = (manifest.FILE, "demo.toml")
"""Files of a pack that hold no data; the demonstration reads its own."""


def check(files: Mapping[str, bytes], *, zones: Collection[str] | None = None) -> Checked:
    """Read a pack: `files` are contents by path inside the folder, with forward slashes.

    `zones` are the timezone names this machine knows (None: not checked). Never raises on what the
    files hold: every problem is listed with file, row (header = 1), column, code and remedy. The pack
    is None when there is any problem; warnings leave it usable.
    """
    findings = Findings()
    book = Book(files, findings, manifest.manifest(files, findings, zones))
    pack = _pack(book, zones)
    demopolicy.read(book)  # for what is wrong with it: it is no part of the pack
    forms.check(files, findings, [one.code for one in pack.crossings if one.official != "yes"] if pack else [])
    _strangers(files, findings)
    _licences(files, findings)
    return Checked(None if findings.problems else pack, _ordered(findings.problems), _ordered(findings.warnings))


def _ordered(found: list[Problem]) -> tuple[Problem, ...]:
    """Files in the order they were read, rows from top to bottom."""
    files = {file: place for place, file in enumerate(dict.fromkeys(one.file for one in found))}
    return tuple(sorted(found, key=lambda one: (files[one.file], one.row or 0)))


def fingerprint(files: Mapping[str, bytes]) -> str:
    """SHA-256 over every path and content, in the order of the paths: equal packs, equal fingerprints."""
    digest = hashlib.sha256()
    for path in sorted(files):
        name = path.encode("utf-8", "surrogateescape")
        digest.update(b"%d:%b%d:" % (len(name), name, len(files[path])))
        digest.update(files[path])
    return digest.hexdigest()


def _pack(book: Book, zones: Collection[str] | None) -> Pack | None:
    """Every file, each after those it refers to."""
    institutions = read(places.INSTITUTIONS, book, book.institutions)
    sources = read(figures.SOURCES, book, book.sources)
    areas = places.parents(read(places.AREAS, book, book.areas), book)
    crossings = read(places.CROSSINGS, book, book.crossings)
    book.places.broken = book.areas.broken or book.crossings.broken
    measures = figures.named(read(figures.MEASURES, book, book.measures), read(figures.CATEGORIES, book))
    instruments = read(figures.INSTRUMENTS, book, book.instruments)
    matrix = (*mandates.matrix(book), *exchange.both(book))
    timeline = read(figures.TIMELINE, book)
    calendar, posts = read(places.CALENDAR, book), read(places.POSTS, book)
    thresholds, said = read(figures.THRESHOLDS, book, book.thresholds), read(words.WORDS, book)
    types = read(incidents.INCIDENT_TYPES, book, book.incident_types)
    statuses, published = read(incidents.STATUSES, book), _published(book)
    agreed, assessed = protocols.read(book, zones), frameworks.read(book)
    response = _response(book, matrix[1])
    layers = geo.layers(book.files, book.findings)
    if book.manifest is None:
        return None
    _cell(book)
    digest = fingerprint(book.files)
    known = book.manifest if book.manifest.version else replace(book.manifest, version=digest[:8])
    named = (institutions, sources) if book.institutions.present else named_by(sources, known)
    return Pack(
        manifest=known,
        areas=areas,
        crossings=crossings,
        measures=measures,
        sources=named[1],
        institutions=named[0],
        instruments=instruments,
        functions=matrix[0],
        mandates=matrix[1],
        exchange_layers=matrix[2],
        needs=matrix[3],
        timeline=timeline,
        calendar=calendar,
        posts=posts,
        thresholds=thresholds,
        figures=published,
        words=said,
        incident_types=types,
        statuses=statuses,
        layers=layers,
        protocols=agreed,
        frameworks=assessed,
        **response,
        template=templates.read(book),
        fingerprint=digest,
    )


def _response(book: Book, mandated: Iterable[Mandate]) -> dict[str, Any]:
    """What is for the hours after something happened: the fields of the pack and their values."""
    settings, hazards = alerts.read(book)
    return {
        "alerts": settings,
        "hazards": hazards,
        "contact_roles": read(contacts.CONTACT_ROLES, book, book.contact_roles),
        "goals": read(alignment.GOALS, book, book.goals),
        "prices": read(prices.PRICES, book, book.prices),
        "plans": plans.read(book, mandated),
        "drills": drills.read(book),
    }


def _published(book: Book) -> tuple[PublishedFigure, ...]:
    files = (file for file in sorted(book.files) if _is_figures(file))
    return tuple(figure for file in files for figure in read(figures.FIGURES, book, file=file))


def _cell(book: Book) -> None:
    """The coordination cell must be one of the institutions, when the pack lists any."""
    cell = book.manifest.cell if book.manifest else ""
    if cell and book.institutions.present:
        book.findings.unknown(book.institutions, cell, manifest.FILE, None, "cell")


def _is_figures(file: str) -> bool:
    return file.startswith("observations/") and file.endswith(".csv")


def _is_data(file: str) -> bool:
    return (
        _is_figures(file)
        or geo.is_layer(file)
        or protocols.is_protocol(file)
        or plans.is_plan(file)
        or frameworks.is_framework(file)
        or drills.is_drill(file)
        or demopolicy.is_demo(file)
        or alerts.is_alerts(file)
        or templates.is_template(file)
        or file in _CSV
    )


def _strangers(files: Mapping[str, bytes], findings: Findings) -> None:
    """Files that are no part of the format: most often a mistyped name."""
    for file in sorted(files):
        if not (_is_data(file) or forms.is_form(file) or file in _OTHERS or file.endswith(".md")):
            findings.warn("PACK-062", file)


def _licences(files: Mapping[str, bytes], findings: Findings) -> None:
    """Every data file is named in LICENCES.md or SOURCES.md."""
    listed = "\n".join(files[name].decode("utf-8", "replace") for name in _LISTS if name in files)
    if not listed:
        findings.warn("PACK-065", _LISTS[0])
        return
    named = set(re.findall(r"[\w./-]+\.\w+", listed))
    for file in sorted(files):
        if _is_data(file) and file not in named:
            findings.warn("PACK-066", file)
