"""What became of a submission, as a page tells it: in words, with links to what the reader may open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy

from pasaj.access.queries import say
from pasaj.access.rules import Actor, visible
from pasaj.collect.models import Outcome, Submission
from pasaj.collect.queries import protocols
from pasaj.collect.queries.answers import question_of
from pasaj.core.forms.fields import Field
from pasaj.core.problems import Problem
from pasaj.watch.models import CrossingStatus, Incident, Observation, Series

KINDS = {
    "observation": gettext_lazy("Count"),
    "incident": gettext_lazy("Incident"),
    "crossing_status": gettext_lazy("Status of the crossing"),
    "return_operation": gettext_lazy("Return operation"),
    "crossing_baseline": gettext_lazy("Equipment and services of the post"),
    "assessment": gettext_lazy("Assessment"),
    "report": gettext_lazy("The whole report"),
}
STATES = {
    Outcome.State.DONE: ("done", gettext_lazy("Made")),
    Outcome.State.WAITING: ("waiting", gettext_lazy("Kept for its own page")),
    Outcome.State.FAILED: ("failed", gettext_lazy("Not made")),
    Outcome.State.WITHDRAWN: ("withdrawn", gettext_lazy("Taken back")),
}


@dataclass(frozen=True, slots=True)
class Link:
    """Where something stands: `url` is empty for who may not open it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """One problem of a submission, once, and the parts of the answers that it stands in the way of."""

    problem: Problem
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """One outcome, or several that failed for the same reason. `parts`: the questions it came from."""

    kind: Any
    parts: tuple[str, ...]
    version: int
    state: str
    word: Any
    value: str
    links: tuple[Link, ...]
    unusual: tuple[Problem, ...]
    problem: Problem | None


def told(failed: Iterable[Outcome], fields: Sequence[Field]) -> list[Told]:
    """The problems of one version, each once."""
    found: dict[Any, list[tuple[Outcome, Problem]]] = {}
    for one in failed:
        if one.problem:
            problem = Problem.of(one.problem)
            found.setdefault(_same(problem), []).append((one, problem))
    return [Told(some[0][1], _parts((one for one, _ in some), fields)) for some in found.values()]


def made(submission: Submission, fields: Sequence[Field], actor: Actor) -> list[Made]:
    """All outcomes of a submission in their order; what failed for the same reason stands together."""
    found = Outcome.objects.filter(version__submission=submission).select_related("version")
    rows = list(found.order_by("version", "pk"))
    links = _Links(rows, actor, submission.receipt)
    groups: dict[tuple[Any, ...], list[Outcome]] = {}
    for one in rows:
        key: tuple[Any, ...] = (one.pk,)
        if one.state == Outcome.State.FAILED and one.problem:
            key = (one.version_id, one.kind, _same(Problem.of(one.problem)))
        groups.setdefault(key, []).append(one)
    return [_made(some, fields, links) for some in groups.values()]


def _made(some: Sequence[Outcome], fields: Sequence[Field], links: _Links) -> Made:
    first = some[0]
    state, word = STATES[Outcome.State(first.state)]
    return Made(
        kind=KINDS.get(first.kind, first.kind),
        parts=_parts(some, fields),
        version=first.version.number,
        state=state,
        word=word,
        value=str(first.data.get("value") or "") if first.kind == "observation" else "",
        links=links.of(first),
        unusual=tuple(Problem.of(plain) for plain in first.data.get("unusual", ())),
        problem=Problem.of(first.problem) if first.problem else None,
    )


def _same(problem: Problem) -> tuple[str, str, str]:
    """What its reader is told: a problem knows the question it stands at, and may not say so."""
    said = say(problem)
    return said.code, said.text, said.remedy


def _parts(some: Iterable[Outcome], fields: Sequence[Field]) -> tuple[str, ...]:
    """Questions as the form calls them. A part that is no question ("incident[1]") is named by its kind alone."""
    language = (get_language() or "").split("-")[0]
    names = (question_of(fields, one.position, language) for one in some if one.kind == "observation")
    return tuple(dict.fromkeys(names))


class _Links:
    """The pages of everything that some outcomes made, as far as the actor may open them. A query a kind at most."""

    def __init__(self, rows: Sequence[Outcome], actor: Actor, receipt: str) -> None:
        self.receipt = receipt
        self.figures = _seen(Observation, "pk", {one.data["observation"] for one in rows if _figure(one)}, actor)
        counts = {one.code for one in rows if one.kind == "observation" and one.code and not _figure(one)}
        self.series = _seen(Series, "code", counts, actor)
        self.incidents = _seen(Incident, "code", _codes(rows, "incident"), actor)
        statuses = _codes(rows, "crossing_status")
        found = visible(CrossingStatus.objects.filter(code__in=statuses), actor) if statuses else ()
        self.statuses = dict(found.values_list("code", "crossing__code")) if found else {}
        judged = any(one.kind == protocols.KIND for one in rows) and protocols.may_judge(actor)
        self.protocols = list(protocols.protocols(actor).values_list("code", flat=True)) if judged else []

    def of(self, one: Outcome) -> tuple[Link, ...]:
        if one.kind == protocols.KIND:
            return tuple(Link(code, _operations(code, one, self.receipt)) for code in self.protocols)
        return (Link(one.code, self._address(one)),) if one.code else ()

    def _address(self, one: Outcome) -> str:
        """The page of what was made, where the actor may open it."""
        if one.kind == "observation" and one.data.get("observation") in self.figures:
            return reverse("watch:figure", args=[one.data["observation"]])
        if one.kind == "observation" and one.code in self.series:
            return reverse("watch:series", args=[one.code])
        if one.kind == "incident" and one.code in self.incidents:
            return reverse("watch:incident", args=[one.code])
        if one.kind == "crossing_status" and one.code in self.statuses:
            return f"{reverse('watch:status', args=[self.statuses[one.code]])}#{one.code}"
        return ""


def _seen(model: Any, name: str, wanted: set[Any], actor: Actor) -> set[Any]:
    rows = model.objects.filter(**{f"{name}__in": wanted})
    return set(visible(rows, actor).values_list(name, flat=True)) if wanted else set()


def _codes(rows: Iterable[Outcome], kind: str) -> set[str]:
    return {one.code for one in rows if one.kind == kind and one.code}


def _figure(one: Outcome) -> bool:
    return one.kind == "observation" and bool(one.data.get("observation"))


def _operations(protocol: str, one: Outcome, receipt: str) -> str:
    """What a protocol makes of the operations of this report."""
    month = str(one.data.get("at") or one.data.get("date") or "")[:7]
    asked = {"receipt": receipt, **({"from": month, "to": month} if month else {})}
    return f"{reverse('collect:protocol-operations', args=[protocol])}?{urlencode(asked)}"
