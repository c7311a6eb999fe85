"""The morning page: who reported, who is silent, what is unusual, and what to do first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from pasaj.access.rules import may, policy, visible
from pasaj.collect.models import Submission
from pasaj.collect.queries import sender
from pasaj.collect.queries.submissions import waiting as tray
from pasaj.registry import queries as registry
from pasaj.registry.models import CrossingPoint, Home, Post
from pasaj.registry.queries import Request
from pasaj.respond.models import Activation, Alert
from pasaj.respond.queries import alertboard
from pasaj.site.pages.maps import board_of
from pasaj.site.templatetags.pasaj import number
from pasaj.watch.models import TOTAL, Cadence, Signal, SilenceCall
from pasaj.watch.queries import calls, status
from pasaj.watch.queries import signals as queries
from pasaj.watch.queries.board import Board, Line, weeks
from pasaj.watch.queries.reporting import Standing
from pasaj.watch.services.silences import CAUSES, OUTCOMES

SHOWN = 6  # lines of a list before "all of them"
LOOKED_AT = 300  # signals grouped into lines; more than a morning can hold
RECENT, RECENT_MONTH = timedelta(days=28), timedelta(days=92)
ACT = (Signal.Kind.UNUSUAL, Signal.Kind.CAPACITY, Signal.Kind.SHIFT, *queries.OUTSIDE)


@dataclass(frozen=True, slots=True)
class Matter:
    """One line of a list: what the signals of one place and measure say together, the most telling one first."""

    line: queries.Line
    also: tuple[str, ...]  # against what else: a limit beside a range
    days: int  # periods with a signal
    since: date  # first of them


@dataclass(frozen=True, slots=True)
class Ask:
    """The posts of one crossing that are silent since the same day, and how to reach them."""

    standings: tuple[Standing, ...]
    missed: str
    may_enter: bool
    may_call: bool = False
    called: tuple[SilenceCall, Any, Any] | None = None  # the last call about it, its outcome and cause in words

    @property
    def first(self) -> Standing:
        return self.standings[0]

    @property
    def phones(self) -> list[str]:
        return sorted({one.post.phone for one in self.standings if one.post.phone})

    @property
    def hours(self) -> list[int]:
        return sorted({one.hour for one in self.standings if one.hour is not None})


def morning(request: Request) -> HttpResponse:
    board = board_of(request)
    today = request.now.date()
    act = matters(_recent(request, ACT, (Signal.State.NEW,), today))
    clear = matters(_recent(request, (Signal.Kind.CONFLICT, Signal.Kind.REVISION), queries.OPEN, today))
    asks = _asks(request, board)
    reporting = [line for line in board.lines if any(cell.state != "not_expected" for cell in line.cells)]
    located = registry.located(request.actor)
    response = _response(request)
    context = {
        "board": board,
        "heading": heading(board, len({one.line.place for one in act}), today),
        "yesterday": board.days[-1],
        "act": act[:SHOWN],
        "ask": asks[:SHOWN],
        "clear": clear[:SHOWN],
        "counts": {"act": len(act), "ask": len(asks), "clear": len(clear), "older": _older(request, today)},
        "now_count": len(act) + len(response["approve"]),
        "lines": reporting,
        "quiet": len(board.lines) - len(reporting),
        "unlocated": [line for line in board.lines if line.crossing.is_protected and line.crossing.pk not in located],
        "weeks": weeks(board.days),
        "sources": sources(board.lines),
        "not_open": status.not_open(request.actor, today, request.now),
        "map": _map(request),
        "asked": sender.asked(sender.of_account(request.actor)).count(),
        "tray": tray(request.actor) if may(request.actor, "view", Submission) else 0,
        "may_signals": may(request.actor, "view", Signal),
        **response,
    }
    return render(request, "site/pages/morning.html", context)


def _response(request: Request) -> dict[str, Any]:
    """What people are told now, which plans are at work, and what waits for the reader's approval."""
    language = (get_language() or "").split("-")[0]
    running = alertboard.find(request.actor, alertboard.Filter(state=Alert.State.PUBLISHED))
    lines = alertboard.lines(alertboard.related(running, request.actor)[:SHOWN], request.actor, language)
    waiting = list(alertboard.waiting(request.actor)[:SHOWN])
    at_work = visible(Activation.objects.filter(state=Activation.State.ACTIVE), request.actor)
    return {
        "running": lines,
        "approve": [(one, alertboard.text(one, language, "headline")) for one in waiting],
        "at_work": at_work.select_related("plan").order_by("-started_at", "-pk")[:SHOWN],
    }


def _late(today: date) -> Q:
    """What is recent: four weeks, three months for monthly figures, which are published late."""
    months = Q(period_end__gte=today - RECENT_MONTH, series__cadence=Cadence.MONTH)
    return Q(period_end__gte=today - RECENT) | months


def _waiting(request: Request, kinds: Sequence[str], states: Sequence[str]) -> QuerySet[Signal]:
    # What later figures made ordinary is told on its page; it is not urgent any more.
    rows = Signal.objects.filter(kind__in=kinds, state__in=states).exclude(details__still=False)
    return visible(rows, request.actor)


def _recent(request: Request, kinds: Sequence[str], states: Sequence[str], today: date) -> list[Signal]:
    rows = _waiting(request, kinds, states).filter(_late(today))
    return list(queries.by_urgency(queries.related(rows))[:LOOKED_AT])


def _older(request: Request, today: date) -> int:
    """Signals of earlier weeks that nobody has looked at yet."""
    rows = _waiting(request, ACT, (Signal.State.NEW,))
    return rows.exclude(pk__in=rows.filter(_late(today)).values("pk")).count()


def matters(signals: Sequence[Signal]) -> list[Matter]:
    """Signals by place and measure, in the order of the most urgent of each."""
    groups: dict[tuple[object, ...], list[Signal]] = {}
    for signal in signals:
        own = signal.code if signal.kind in queries.OUTSIDE else ""  # each its own matter: no figure joins them
        groups.setdefault((signal.crossing_id, signal.area_id, signal.measure_id, own), []).append(signal)
    return [_matter(group) for group in groups.values()]


def _matter(group: Sequence[Signal]) -> Matter:
    latest = max(signal.period_end for signal in group)
    now = [signal for signal in group if signal.period_end == latest]
    # The whole says more than one of its categories, a capacity more than a range.
    first = min(now, key=lambda signal: (_category(signal) != TOTAL, signal.kind != Signal.Kind.CAPACITY))
    others = [signal for signal in now if signal is not first and _same(signal, first)]
    return Matter(
        line=queries.line(first),
        also=tuple(queries.line(signal).against for signal in others),
        days=len({signal.period_end for signal in group}),
        since=min(signal.period_start for signal in group),
    )


def _same(one: Signal, other: Signal) -> bool:
    """Whether two signals speak of the same figure."""
    return _category(one) == _category(other) and one.details.get("source") == other.details.get("source")


def _category(signal: Signal) -> str:
    return signal.series.category if signal.series else str(signal.details.get("category", TOTAL))


def heading(board: Board, waiting: int, today: date) -> str:
    """What is true this morning, in one line."""
    if board.empty:
        return _("No counts have been reported yet")
    silent = [line for line in board.lines if line.state == "silent"]
    parts = []
    if waiting:
        parts.append(
            ngettext("%(number)s place with new signals", "%(number)s places with new signals", waiting)
            % {"number": number(waiting)}
        )
    if silent:
        codes = {line.crossing.pk for line in silent}
        since = max((one.since for one in board.silent if one.post.crossing_id in codes and one.since), default=today)
        parts.append(
            ngettext(
                "%(number)s crossing silent since %(since)s", "%(number)s crossings silent since %(since)s", len(silent)
            )
            % {"number": number(len(silent)), "since": since_words(since, today)}
        )
    if not parts and board.reported < board.expected:
        missing = board.expected - board.reported
        parts.append(
            ngettext("%(number)s report is missing", "%(number)s reports are missing", missing)
            % {"number": number(missing)}
        )
    return ", ".join(parts) or _("All reports are in, and nothing is unusual")


def since_words(since: date, today: date) -> str:
    """A weekday with its number while it is clear which one is meant, else a date: an article goes with both."""
    return date_format(since, "l j") if (today - since).days < 7 else date_format(since, "MONTH_DAY_FORMAT")


def _asks(request: Request, board: Board) -> list[Ask]:
    may_report = policy(CrossingPoint, "report", request.actor)
    may_enter = set(CrossingPoint.objects.filter(may_report).values_list("pk", flat=True))
    may_call = may(request.actor, "call", Post)
    called = _called(request, board)
    groups: dict[tuple[int, date | None, str], list[Standing]] = {}
    for one in board.silent:
        groups.setdefault((one.post.crossing_id, one.since, one.post.cadence), []).append(one)
    return [
        Ask(tuple(group), _missed(group[0]), crossing in may_enter, may_call, _last_call(group, called))
        for (crossing, _, _), group in groups.items()
    ]


def _called(request: Request, board: Board) -> dict[int, SilenceCall]:
    """The last call to each silent post since it fell silent. One query."""
    since = min((one.since for one in board.silent if one.since), default=request.now.date())
    posts = [one.post.pk for one in board.silent]
    return calls.since(request.actor, posts, since, request.home.zone, request.now)


def _last_call(group: Sequence[Standing], called: dict[int, SilenceCall]) -> tuple[SilenceCall, Any, Any] | None:
    found = [called[one.post.pk] for one in group if one.post.pk in called]
    if not found:
        return None
    last = max(found, key=lambda row: (row.called_at, row.pk))
    return last, OUTCOMES.get(last.outcome, last.outcome), CAUSES.get(last.cause, last.cause)


def _missed(one: Standing) -> str:
    count = one.silence.missed
    words = {
        "week": ngettext("%(number)s week missing", "%(number)s weeks missing", count),
        "month": ngettext("%(number)s month missing", "%(number)s months missing", count),
    }.get(one.post.cadence, ngettext("%(number)s day missing", "%(number)s days missing", count))
    return words % {"number": number(count)}


def sources(lines: Sequence[Line]) -> list[str]:
    """The names of the sources of yesterday's figures."""
    return sorted({one.series.source.name for line in lines for one in line.figures})


def _map(request: Request) -> dict[str, Any]:
    layers = Home.objects.filter(pk=request.home.pk).values_list("layers", flat=True).first() or {}
    return {
        "src": reverse("site:map-crossings"),
        "layers": [reverse("site:map-layer", args=[name]) for name in sorted(layers)],
        "extent": request.home.extent,
    }
