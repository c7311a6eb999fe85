"""A round over a small framework, its assessors, and reports that answer it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import make
from collect import phone

from pasaj.access.rules import SYSTEM
from pasaj.assess.models import Assessor, Framework, FrameworkVersion, Round, RoundForm
from pasaj.assess.queries import rounds as queries
from pasaj.assess.services import rounds, sheets
from pasaj.collect.models import AppUser, Form, FormUpload, FormVersion, Submission
from pasaj.collect.services import meaning
from pasaj.core import framework as core
from pasaj.core.forms.fields import Field

LANGUAGES = ("fr", "ht", "en", "es")
NORTH, SOUTH = "TL-BCP-NOR", "TL-BCP-SOU"
ANCHORS = {0: "Nothing", 2: "Some", 4: "All"}


def texts(text: str) -> dict[str, str]:
    return {one: text if one == "en" else f"{text} ({one})" for one in LANGUAGES}


def indicator(code: str, unit: str, applies_if: str = "", **more: Any) -> core.Indicator:
    return core.Indicator(
        code=code, pillar=code[:3], level="intra", unit=unit, weight=Decimal(1), questions=texts(f"How is {code}?"),
        anchors={point: texts(text) for point, text in ANCHORS.items()},
        applies_if=core.parse(applies_if) if applies_if else None, **more,
    )  # fmt: skip


SMALL = core.Framework(
    code="small", version="1", languages=LANGUAGES, names=texts("Small"), descriptions=texts("A small one"),
    scale="0-4", pillars=tuple(core.Pillar(code, texts(code), Decimal(1)) for code in ("LEG", "EQP", "PRO")),
    indicators=(
        indicator("LEG-1", "country", critical=True),
        indicator("LEG-2", "institution"),
        indicator("EQP-1", "crossing_point", critical=True, rights=True),
        indicator("EQP-2", "crossing_point"),
        indicator("PRO-1", "crossing_point", "EQP-1>=2"),
    ),
)  # fmt: skip


def version(framework: core.Framework = SMALL) -> FrameworkVersion:
    """A published version of a framework."""
    made, _new = Framework.objects.get_or_create(
        code=framework.code, defaults={"origin": "upload", "created_at": make.NOW}
    )
    held = made.versions.filter(version=framework.version).first()
    return held or FrameworkVersion.objects.create(
        framework=made, version=framework.version, state="published", names=dict(framework.names),
        pillars=len(framework.pillars), indicators=len(framework.indicators), content=core.plain(framework),
        fingerprint=core.content_fingerprint(framework), normative=core.normative_fingerprint(framework),
        origin="upload", created_at=make.NOW, published_at=make.NOW,
    )  # fmt: skip


def wanted(**more: Any) -> rounds.Wanted:
    scope = rounds.Scope(country="TL", institutions=("IMM",), crossings=(NORTH, SOUTH))
    fields: dict[str, Any] = {
        "title": "First round", "starts": date(2025, 9, 1), "ends": date(2025, 10, 31), "scope": scope, **more
    }  # fmt: skip
    return rounds.Wanted(**fields)


def a_round(*, opened: bool = True, framework: core.Framework = SMALL, **more: Any) -> Round:
    row = rounds.create(framework=version(framework), wanted=wanted(**more), actor=SYSTEM, now=make.NOW)
    if opened:
        rounds.publish(code=row.code, wake=convert, actor=SYSTEM, now=make.NOW)
        row.refresh_from_db()
    return row


def convert(upload: int) -> None:
    """What the converter would store of a form of a round, without the seconds that it takes."""
    made = RoundForm.objects.select_related("round").get(upload=upload)
    ((_sort, sheet),) = [one for one in queries.questionnaires(made.round) if one[0] == made.sort]
    header, *rows = sheet.survey
    path: list[str] = []
    fields: list[Field] = []
    for row in rows:
        given = dict(zip(header, row, strict=True))
        if given["type"] in ("end_group", "end_repeat"):
            path.pop()
        elif given["type"] in ("begin_group", "begin_repeat"):
            path.append(given["name"])
            if given["type"] == "begin_repeat":
                fields.append(Field("/".join(path), given["name"], "repeat", "string"))
        else:
            kind = given["type"].split()[0]
            binary = kind == "image"
            path_to = "/".join([*path, given["name"]])
            fields.append(Field(path_to, given["name"], kind, "binary" if binary else "string", binary=binary))
    form = phone.form(made.name, str(made.number), fields=[one.plain() for one in fields])
    Form.objects.filter(pk=form.form_id).update(origin="round")
    FormVersion.objects.filter(pk=form.pk).update(meaning=sheet.meaning)
    FormUpload.objects.filter(pk=upload).update(version=form, state=FormUpload.State.DONE)


def assessor(row: Round, name: str = "Marie", units: tuple[str, ...] = ()) -> tuple[Assessor, AppUser]:
    user, _token = phone.key(name)
    return rounds.add_assessor(code=row.code, app_user=user, units=units, actor=SYSTEM, now=make.NOW), user


NUMBER = iter(range(1, 100_000))


def answers(row: Round, unit: str, said: dict[str, object], *, sort: str = "crossing_point", day: str = "2025-09-20",
            instance: str = "", deprecated: str = "") -> bytes:  # fmt: skip
    """A filled form of the round. `said`: indicator -> value."""
    form = FormVersion.objects.get(form__form_id=f"{row.code.lower()}_{sort}", state="published")
    inside = "".join(
        f"<pillar_{code[:3]}><{code.replace('-', '_')}_page><{name}>{value}</{name}>"
        f"<{name}_sure>high</{name}_sure><{name}_comment>Seen at {unit}</{name}_comment></{name}_page>"
        f"</pillar_{code[:3]}>"
        for code, value in said.items()
        for name in (code.replace("-", "_"),)
    )
    old = f"<deprecatedID>{deprecated}</deprecatedID>" if deprecated else ""
    return (
        f"<data id='{form.form.form_id}' version='{form.version}'><date>{day}</date><unit>{unit}</unit>{inside}"
        f"<meta><instanceID>{instance or f'uuid:{next(NUMBER)}'}</instanceID>{old}</meta></data>"
    ).encode()


def report(row: Round, user: AppUser, unit: str, said: dict[str, object], **more: Any) -> Submission:
    """Send, put to use and settle one report."""
    told = phone.send(phone.sender(user), answers(row, unit, said, **more))
    found = Submission.objects.get(receipt=told.receipt)
    now = make.NOW + timedelta(minutes=2)
    meaning.process(found.pk, now=now)
    sheets.settle_waiting(now)
    found.refresh_from_db()
    return found


def problems(found: Submission) -> list[str]:
    assert found.current is not None
    return [one.problem["code"] for one in found.current.outcomes.filter(state="failed") if one.problem]
