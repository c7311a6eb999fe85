"""Questions about forms: which there are, their versions, what stands against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from pasaj.access.rules import Actor, visible
from pasaj.collect.models import Form, FormUpload, FormVersion, MediaFile, Submission, Waiver
from pasaj.core.forms.fields import Field, from_plain
from pasaj.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Found:
    """One finding as a page shows it; `waiver` lifts it, if there is one."""

    problem: Problem
    question: str
    waivable: bool
    waiver: Waiver | None

    @property
    def key(self) -> str:
        return f"{self.problem.code} {self.question}"


def find(actor: Actor) -> QuerySet[Form]:
    """The forms the actor may see with their versions (without fields), by formID. Two queries.

    `received` counts the submissions that the actor may see; `fill`: whether the actor may fill it in now.
    """
    versions = FormVersion.objects.defer("fields", "findings", "warnings", "meaning").order_by("-number")
    sent = visible(Submission.objects.filter(form=OuterRef("pk")), actor).order_by().values("form")
    return (
        visible(Form.objects.all(), actor)
        .annotate(
            received=Coalesce(Subquery(sent.annotate(number=Count("pk")).values("number")), 0),
            fill=Exists(fillable(actor).filter(pk=OuterRef("pk"))),
        )
        .prefetch_related(Prefetch("versions", versions))
        .order_by("form_id")
    )


def open_ones(forms: QuerySet[Form]) -> QuerySet[Form]:
    """Those of some forms that can be filled in a browser now."""
    return forms.filter(closed_at=None, versions__state=FormVersion.State.PUBLISHED).order_by("form_id")


def fillable(actor: Actor) -> QuerySet[Form]:
    """The forms that somebody with an account may fill in now."""
    return open_ones(visible(Form.objects.all(), actor, "fill"))


def versions(form: Form) -> list[FormVersion]:
    """The versions of a form, the latest first, with the sums of their definitions."""
    return list(
        form.versions.select_related("definition").defer("definition__xml", "fields", "meaning").order_by("-number")
    )


def newest_fields(form: Form) -> tuple[Field, ...]:
    """The questions of the latest version."""
    plain = form.versions.order_by("-number").values_list("fields", flat=True).first()
    return from_plain(plain or ())


def findings(version: FormVersion, waivers: Sequence[Waiver]) -> list[Found]:
    """What the screening found in a version, with the waivers that hold."""
    held = {(one.rule, one.question): one for one in waivers}
    return [_found(one, held) for one in version.findings]


def _found(plain: Mapping[str, Any], held: Mapping[tuple[str, str], Waiver]) -> Found:
    problem = Problem.of(plain["problem"])
    waiver = held.get((problem.code, plain["question"])) if plain["waivable"] else None
    return Found(problem, plain["question"], plain["waivable"], waiver)


def waivers(form: Form, actor: Actor) -> list[Waiver]:
    """All waivers of a form that the actor may see, the latest first."""
    return list(visible(form.waivers.all(), actor).order_by("-granted_at", "-pk"))


def media(form: Form) -> list[MediaFile]:
    """The files of a form in their present content."""
    return list(form.media.filter(current=True).order_by("name"))


def recent_uploads(actor: Actor, now: datetime, most: int = 5) -> list[FormUpload]:
    """The latest uploads that became no version, or not yet."""
    rows = visible(FormUpload.objects.filter(version=None, origin="upload"), actor)
    return list(rows.order_by("-pk")[:most])
