"""Files that go with forms: those handed in with one, and the list of crossing points, made from the registry.

The list belongs to every form. It is made anew for each request, so a change of the country pack reaches
phones without a new version of any form: they compare the MD5 in the manifest.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Q
from django.utils import translation

from pasaj.collect.models import Form, FormDefinition, FormVersion, MediaFile
from pasaj.collect.queries.places import unofficial
from pasaj.collect.services import spool
from pasaj.core.forms.fields import CROSSINGS_FILE, files_named
from pasaj.registry.models import Area, CrossingPoint, Home


@dataclass(frozen=True, slots=True)
class Served:
    """A file as it is served: either `data`, or the file at `path`."""

    name: str
    md5: str
    content_type: str
    data: bytes = b""
    path: Path | None = None


def of_form(form: Form, home: Home) -> list[Served]:
    """The files of a form's manifest, by name. A file of the form's own takes the place of a shared one."""
    found = {CROSSINGS_FILE: crossings(home)}
    for row in sorted(MediaFile.objects.filter(current=True, form=None), key=lambda row: row.name):
        found[row.name] = _served(row)
    for row in sorted(MediaFile.objects.filter(current=True, form=form), key=lambda row: row.name):
        found[row.name] = _served(row)
    return list(found.values())


def missing(version: FormVersion) -> list[str]:
    """The files that a version names and nobody has handed in: on phones its questions lack choices or pictures."""
    xml = bytes(FormDefinition.objects.values_list("xml", flat=True).get(version=version))
    rows = MediaFile.objects.filter(Q(form=version.form_id) | Q(form=None), current=True)
    here = {CROSSINGS_FILE, *rows.values_list("name", flat=True)}
    return [name for name in files_named(xml) if name not in here]


def find(form: Form, name: str, home: Home) -> Served | None:
    """One file of a form, or None."""
    rows = MediaFile.objects.filter(current=True, name=name)
    row = rows.filter(form=form).first() or rows.filter(form=None).first()
    if row is not None:
        return _served(row)
    return crossings(home) if name == CROSSINGS_FILE else None


def _served(row: MediaFile) -> Served:
    return Served(row.name, row.md5, row.content_type, path=spool.files() / row.path)


def crossings(home: Home) -> Served:
    """The crossing points of the pack as a list of choices.

    Columns: `name` and `code` (the value), `label` in the pack's language and one for each of its
    languages, `official` (yes, no, verify), `area` (code). What is not official stands there as its
    commune only: one line a commune, under the area's code.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "label", "code", *(f"label_{one}" for one in home.languages), "official", "area"])
    rows = CrossingPoint.objects.filter(retired_at=None).select_related("area").order_by("name", "code")
    known = [row for row in rows if row.official != CrossingPoint.Official.NO]
    for row in known:
        writer.writerow(_line(row.code, dict.fromkeys(home.languages, row.name), row.official, row.area.code, home))
    for area in _communes(row.area for row in rows if row.official == CrossingPoint.Official.NO):
        writer.writerow(_line(area.code, _labels(area, home), "no", area.code, home))
    data = out.getvalue().encode()
    return Served(CROSSINGS_FILE, hashlib.md5(data, usedforsecurity=False).hexdigest(), "text/csv; charset=utf-8", data)


def _communes(areas: Iterable[Area]) -> list[Area]:
    return sorted({area.pk: area for area in areas}.values(), key=lambda area: area.code)


def _labels(area: Area, home: Home) -> dict[str, str]:
    found = {}
    for language in home.languages:
        with translation.override(language):
            found[language] = unofficial(area)
    return found


def _line(code: str, labels: dict[str, str], official: str, area: str, home: Home) -> list[str]:
    return [code, labels[home.default_language], code, *labels.values(), official, area]
