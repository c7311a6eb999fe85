"""Whether a policy is coherent: what is broken, the page that mends it, what is let pass and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pasaj.access.queries import say
from pasaj.access.rules import can
from pasaj.core.policy.coherence import Breach, Severity
from pasaj.core.problems import Refused
from pasaj.evidence.models import Node
from pasaj.policy.models import Policy
from pasaj.policy.queries import coherence as queries
from pasaj.policy.queries.coherence import Found
from pasaj.policy.queries.statement import unaddressed
from pasaj.policy.services import coherence as services
from pasaj.policy.views.frame import policy_of, tabs, whole
from pasaj.registry.queries import Request

HEADS = {
    Severity.ERROR: (gettext_lazy("Errors: they block publication"), "bad"),
    Severity.WARNING: (gettext_lazy("Warnings"), "open"),
    Severity.NOTE: (gettext_lazy("Notes"), "quiet"),
}
# Which pages mend it, the first that there is; those without a code are asked for none.
PAGES: dict[str, tuple[str, ...]] = {
    "statement": ("policy:statement",),
    "costs": ("policy:statement",),
    "rates": ("policy:rates", "policy:policy"),
    "policy": ("policy:policy-edit", "policy:policy"),
    "load": ("policy:load",),
    "evidence": ("site:trace",),
    "clauses": ("policy:document", "policy:policy"),
    "clause": ("policy:clause",),
    "terms": ("policy:terms", "policy:policy"),
    "consultation": ("policy:round",),
    "consultations": ("policy:round-list", "policy:policy"),
    "appraisal": ("policy:appraisal",),
    "mandates": (),
    "findings": ("policy:findings",),
    "not_addressed": ("policy:check",),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One breach and the address of the page that mends it; "" where there is none."""

    found: Found
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """The breaches of one severity, by family."""

    title: str
    tone: str
    count: int
    families: list[tuple[str, list[Line]]]


def address(breach: Breach) -> str:
    """The page that mends a breach: of a clause that is wrong in a language, in the first such language."""
    fix = breach.fix
    said = str(breach.values.get("languages", "")) if fix.kind == "clause" else ""
    asked = f"?lang={said.split(',')[0]}" if said else ""
    if fix.kind == "mandates":
        return reverse("assess:mandate-matrix")
    for name in PAGES[fix.kind]:
        try:
            return reverse(name, args=[fix.code]) + asked
        except NoReverseMatch:
            continue
    return ""


@require_safe
def check(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code, "check")
    found = queries.checked(row, request.now.date())
    groups = []
    for severity, (title, tone) in HEADS.items():
        families = [(name, [Line(one, address(one.breach)) for one in some]) for name, some in found.of(severity)]
        count = sum(len(lines) for _name, lines in families)
        if count:
            groups.append(Group(str(title), tone, count, families))
    context = {
        "policy": row,
        "tabs": tabs(request, row, "check"),
        "checked": found,
        "counts": found.counts,
        "groups": groups,
        "waived": [one for one in found.found if one.waiver],
        "lapsed": _lapsed(row, found),
        "set_aside": queries.not_addressed(row),
        "may_waive": can(request.actor, "waive", row),
        "left": _left(request, row, found),
    }
    return render(request, "policy/check.html", context)


def _left(request: Request, row: Policy, found: queries.Checked) -> list[Node]:
    """The grave findings that no problem addresses and nobody set aside: what an approver may sign for together."""
    codes = {one.breach.statement for one in found.stops if one.breach.rule == "COH-041"}
    return [one for one in unaddressed(request.actor, row) if one.code in codes] if codes else []


def _lapsed(row: Policy, found: queries.Checked) -> list[queries.Waived]:
    """Waivers whose breach is gone or has changed: they let nothing pass."""
    used = {one.waiver.pk for one in found.found if one.waiver}
    return [one for one in queries.waivers(row) if one.waiver.pk not in used]


@require_POST
def waive(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code, "waive")
    wanted = {"fingerprint": request.POST.get("fingerprint", "")[:64], "reason": request.POST.get("reason", "")}
    try:
        services.waive(policy=row.code, actor=request.actor, now=request.now, **wanted)
        messages.success(request, _("The breach is waived."))
    except Refused as refused:
        _tell(request, refused)
    return redirect("policy:check", row.code)


@require_POST
def unwaive(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code, "waive")
    try:
        services.unwaive(policy=row.code, waiver=whole(request, "record"), actor=request.actor, now=request.now)
        messages.success(request, _("The waiver is taken back."))
    except Refused as refused:
        _tell(request, refused)
    return redirect("policy:check", row.code)


@require_POST
def set_aside(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code, "waive")
    wanted = {name: request.POST.get(name, "") for name in ("kind", "reason")}
    subjects = request.POST.getlist("subject") or [""]
    try:
        with transaction.atomic():  # all that was ticked, or nothing
            for one in subjects:
                services.set_aside(policy=row.code, subject=one, actor=request.actor, now=request.now, **wanted)
        messages.success(request, _("It is recorded as not addressed."))
    except Refused as refused:
        _tell(request, refused)
    return redirect("policy:check", row.code)


@require_POST
def take_up(request: Request, code: str) -> HttpResponse:
    row = policy_of(request, code, "waive")
    try:
        services.take_up(policy=row.code, record=whole(request, "record"), actor=request.actor, now=request.now)
        messages.success(request, _("The record is taken back."))
    except Refused as refused:
        _tell(request, refused)
    return redirect("policy:check", row.code)


def _tell(request: Request, refused: Refused) -> None:
    for one in refused.problems:
        said = say(one)
        messages.error(request, f"{said.code}: {said.text} {said.remedy}")
