"""How a drill went, as a page of Markdown in one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pasaj.respond.queries.drills import KINDS, STEPS
from pasaj.respond.services.drills import Played


def markdown(played: Played, found: dict[str, Any], language: str) -> str:
    """The report. `found`: what `cli.drills.plain` says of it."""
    with translation.override(language):
        return "\n".join([*_head(played, language), *_steps(found), *_institutions(played), *_timeline(played)]) + "\n"


def _head(played: Played, language: str) -> Iterable[str]:
    name = played.names.get(language) or next(iter(played.names.values()))
    yield f"# {name}"
    yield ""
    yield _("Simulated: a drill with players that act by themselves. Nobody was told of anything.")
    yield ""
    counts = played.report["counts"]
    yield _(
        "{days} days of the scenario `{scenario}`, plan `{plan}` {version}, level `{level}`: {reports} reports, "
        "{signals} signals, {messages} messages, {recipients} recipients, {sms} SMS."
    ).format(
        days=played.days,
        scenario=played.scenario,
        plan=played.plan,
        version=played.plan_version,
        level=played.report["level"],
        recipients=counts.get("recipients", 0),
        **{key: counts.get(key, 0) for key in ("reports", "signals", "messages", "sms")},
    )
    yield ""
    yield f"{_('Fingerprint of the scenario')}: `{played.fingerprint[:16]}`"
    if played.report["facts"]:
        yield ""
        yield f"## {_('What is published of the real crisis')}"
        yield ""
        yield from (f"- {text} ({source})" for text, source in played.report["facts"])
    if played.report["verify"]:
        yield ""
        yield f"{_('To verify')}: {played.report['verify']}"


def _steps(found: dict[str, Any]) -> Iterable[str]:
    words = {True: pgettext("promise", "kept"), False: pgettext("promise", "not kept"), None: "–"}
    yield ""
    yield f"## {_('How long each step took')}"
    yield ""
    rows = [
        (
            STEPS[one["step"]][0],
            STEPS[one["step"]][1],
            _hours(one["took"]),
            _hours(one["promised"]),
            words[one["kept"]],
        )
        for one in found["steps"]
    ]
    yield from _table((_("Step"), _("Measured"), _("Hours"), _("Promised"), _("Promise")), rows)


def _institutions(played: Played) -> Iterable[str]:
    rows = played.report["institutions"]
    if not rows:
        return
    yield ""
    yield f"## {_('Tasks by institution')}"
    yield ""
    yield from _table(
        (_("Institution"), _("Tasks"), _("In time"), _("Late"), _("Not done")),
        [(one["code"], one["tasks"], one["in_time"], one["late"], one["open"]) for one in rows],
    )


def _timeline(played: Played) -> Iterable[str]:
    yield ""
    yield f"## {_('What happened')}"
    yield ""
    rows = [
        (datetime.fromisoformat(one["at"]).strftime("%Y-%m-%d %H:%M"), KINDS.get(one["kind"], one["kind"]), one["text"])
        for one in played.report["timeline"]
    ]
    yield from _table((_("Moment"), _("Event"), _("What")), rows)


def _table(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterable[str]:
    yield "| " + " | ".join(str(one) for one in header) + " |"
    yield "|" + "---|" * len(header)
    yield from ("| " + " | ".join(str(one).replace("|", "\\|") for one in row) + " |" for row in rows)


def _hours(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
