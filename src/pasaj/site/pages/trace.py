"""The chain of evidence: one statement with what it rests on and what rests on it, and the list of what has moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pasaj.access.rules import can, visible
from pasaj.core.evidence import LinkState, NodeState
from pasaj.core.problems import Problem, Refused
from pasaj.evidence import services
from pasaj.evidence.models import KINDS, Link, Node
from pasaj.evidence.models.links import Disposition
from pasaj.evidence.queries import words
from pasaj.evidence.queries.branches import Branch, branches
from pasaj.evidence.queries.trace import MOST_STEPS, Line, Said, Step, suspects, trace
from pasaj.evidence.queries.wording import Wording, waiting_wording
from pasaj.registry.queries import Request
from pasaj.site.pages.search import by_code

PAGE = 50
NEAR = 120
"""Links each way that a page tells; it leads to as many as the chain is asked for."""
TONES = {
    LinkState.OK: "good",
    LinkState.UPDATED: "good",
    LinkState.SUSPECT: "open",
    LinkState.BROKEN: "bad",
    NodeState.FRESH: "good",
    NodeState.SUSPECT: "open",
    NodeState.TAINTED: "plain",
    NodeState.UNSUPPORTED: "bad",
}


def trace_list(request: Request) -> HttpResponse:
    """What somebody must look at, and a way to any statement by its code."""
    asked = request.GET.get("code", "").strip()[:220]
    if asked:
        return redirect("site:trace", code=asked)
    page = Paginator(suspects(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [_line(one) for one in page.object_list],
        "cited": visible(Node.objects.all(), request.actor).count(),
    }
    return render(request, "site/pages/trace_list.html", context)


def trace_page(request: Request, code: str) -> HttpResponse:
    return _page(request, code)


@require_POST
def trace_review(request: Request, code: str) -> HttpResponse:
    """What a person says of one link of this statement."""
    node = get_object_or_404(visible(Node.objects.all(), request.actor), code=code)
    given = {name: request.POST.get(name, "") for name in ("parent", "type", "disposition", "note", "claim")}
    row = Link.objects.filter(child=node, parent__code=given["parent"], type=given["type"]).first()
    if row is None or not can(request.actor, "review", row):
        raise Http404
    who: dict[str, Any] = {"actor": request.actor, "now": request.now}
    which: dict[str, Any] = {"child": code, "parent": given["parent"], "type": given["type"], "note": given["note"]}
    try:
        if given["disposition"] == Disposition.CUT:
            services.cut(**which, **who)
        else:
            services.review(
                **which,
                **who,
                disposition=given["disposition"],
                claim=given["claim"],
                seen_child=_whole(request, "seen_child"),
                seen_parent=_whole(request, "seen_parent"),
            )
    except Refused as refused:
        return _page(request, code, refused.problems, refused.problems[0].kind.status)
    messages.success(request, _("Written down."))
    return redirect("site:trace", code=code)


@require_POST
def trace_confirm(request: Request, code: str) -> HttpResponse:
    """A second person says that only the wording changed."""
    return _deed(request, code, "confirm", services.confirm_wording, seen=_whole(request, "seen"))


@require_POST
def trace_withdraw(request: Request, code: str) -> HttpResponse:
    """Take a statement back, or take it up again."""
    node = get_object_or_404(visible(Node.objects.all(), request.actor), code=code)
    if KINDS[node.kind].withdrawn_there:
        raise Http404
    return _deed(request, code, "withdraw", services.reinstate if node.withdrawn_at else services.withdraw)


def _deed(request: Request, code: str, action: str, verb: Callable[..., Node], **more: Any) -> HttpResponse:
    node = get_object_or_404(visible(Node.objects.all(), request.actor), code=code)
    if not can(request.actor, action, node):
        raise Http404
    try:
        verb(code=code, note=request.POST.get("note", ""), actor=request.actor, now=request.now, **more)
    except Refused as refused:
        return _page(request, code, refused.problems, refused.problems[0].kind.status)
    messages.success(request, _("Written down."))
    return redirect("site:trace", code=code)


def _whole(request: Request, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _page(request: Request, code: str, problems: tuple[Problem, ...] = (), status: int = 200) -> HttpResponse:
    whole = request.GET.get("steps") == "all"
    found = trace(code, request.actor, MOST_STEPS if whole else NEAR)
    if found is None:
        return _not_cited(request, code)
    context = {
        "line": _line(found.node),
        "says": found.says,
        "address": _address(code),
        "up": [_step(one, one.parent, one.child) for one in found.up],
        "down": [_step(one, one.child, one.parent) for one in found.down],
        "tree_up": [_branch(one) for one in branches(code, found.up, up=True)],
        "tree_down": [_branch(one) for one in branches(code, found.down, up=False)],
        "left_off": found.left_off,
        "more": found.left_off and not whole,
        "against": [words.against(one) for one in found.blockers],
        "problems": problems,
        "typed": request.POST if problems else {},
        "reviews": _reviews(request, code, found.up),
        "wording": _wording(request, code),
        "may_withdraw": _may_withdraw(request, code),
        "dispositions": [(one.value, words.DISPOSITIONS[one]) for one in Disposition],
    }
    return render(request, "site/pages/trace.html", context, status=status)


def _not_cited(request: Request, code: str) -> HttpResponse:
    """A thing the reader may see that nobody has cited; anything else does not exist."""
    address = by_code(request.actor, code)
    if not address:
        raise Http404
    return render(request, "site/pages/trace_none.html", {"code": code, "address": address})


def _reviews(request: Request, code: str, steps: tuple[Step, ...]) -> list[Step]:
    """The links of this statement that wait for somebody, where the reader may speak."""
    waiting = [one for one in steps if one.child.code == code and one.state >= LinkState.SUSPECT and one.parent.open]
    row = Link.objects.filter(child__code=code).first() if waiting else None
    return waiting if row is not None and can(request.actor, "review", row) else []


def _wording(request: Request, code: str) -> Wording | None:
    """The change of wording that waits, where the reader may confirm it: whoever made it may not."""
    node = Node.objects.get(code=code)
    found = waiting_wording(node) if can(request.actor, "confirm", node) else None
    return found if found and request.actor.id not in found.authors else None


def _may_withdraw(request: Request, code: str) -> bool:
    node = Node.objects.get(code=code)
    return not KINDS[node.kind].withdrawn_there and can(request.actor, "withdraw", node)


def _address(code: str) -> str:
    """The page of the thing itself, where its kind has one."""
    kind = KINDS.get(Node.objects.values_list("kind", flat=True).get(code=code))
    try:
        return reverse(kind.address, args=[code]) if kind and kind.address else ""
    except NoReverseMatch:
        return ""


def _line(one: Line) -> dict[str, Any]:
    tone = "quiet" if one.withdrawn else TONES[one.standing.state]
    return {"line": one, "word": words.node_word(one), "tone": tone}


def _branch(one: Branch) -> dict[str, Any]:
    indent = ("ps-0", "ps-3", "ps-4", "ps-5")[min(one.depth - 1, 3)]
    return {"branch": one, "indent": indent, "other": _line(one.line), "word": words.link_word(one.step.state),
            "tone": TONES[one.step.state]}  # fmt: skip


def _step(one: Step, other: Line, near: Line) -> dict[str, Any]:
    return {
        "step": one,
        "other": _line(other),
        "near": near,
        "word": words.link_word(one.state),
        "tone": TONES[one.state],
        "said": [_said(each) for each in one.reviews],
        "moved": [(name, one.before.get(name, ""), one.now.get(name, "")) for name in {**one.before, **one.now}],
    }


def _said(one: Said) -> dict[str, Any]:
    return {"said": one, "word": words.DISPOSITIONS[Disposition(one.disposition)]}
