"""The fields of a draft as somebody gives them, each checked; every problem is told with its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from pasaj.core import alerts as core
from pasaj.core.pack.alerts import CATEGORIES, RESPONSES
from pasaj.core.pack.values import address
from pasaj.core.problems import Problem, Refused, problem
from pasaj.notify.models import Severity
from pasaj.registry.models import CrossingPoint, Institution
from pasaj.respond.models import AlertMessage
from pasaj.respond.queries.alerts import languages
from pasaj.respond.services.alerts import places
from pasaj.watch.services.observations import local_date
from pasaj.watch.services.screening import naming

SCOPES = ("Public", "Restricted")
NOTE = 1000
CODE = 40
FURTHEST = timedelta(days=3660)
"""How far from now a moment of an alert may lie: ten years. The ends of the calendar cannot be told in another zone."""
RECIPIENTS = ("institutions", "roles", "crossings")


def apply(row: AlertMessage, given: Mapping[str, Any], now: datetime) -> None:
    """Lay `given` over the fields of a draft, or raise Refused with every problem and leave it as it is."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, value in given.items():
        read = READERS.get(name)
        if read is None:
            problems.append(_no("field", name, tuple(READERS), name))
            continue
        try:
            values[name] = read(value, row, now)
        except Refused as refused:
            problems += refused.problems
    problems += _times(row, values, now)
    if problems:
        raise Refused(*problems)
    for name, value in values.items():
        setattr(row.alert if name in {"plan", "ends_date"} else row, name, value)
    if row.scope == "Restricted" and not row.restriction:
        row.restriction = "–"


def _no(field: str, value: object, allowed: tuple[str, ...], column: str) -> Problem:
    return problem("ALERT-009", column=column, value=str(value)[:60], field=field, allowed=", ".join(allowed))


def _choice(field: str, allowed: tuple[str, ...]) -> Callable[[Any, AlertMessage, datetime], str]:
    def read(value: Any, row: AlertMessage, now: datetime) -> str:
        if value not in allowed:
            raise Refused(_no(field, value, allowed, field))
        return str(value)

    return read


def _several(field: str, allowed: tuple[str, ...]) -> Callable[[Any, AlertMessage, datetime], list[str]]:
    def read(value: Any, row: AlertMessage, now: datetime) -> list[str]:
        listed = value if isinstance(value, list | tuple) else [value]
        found = list(dict.fromkeys(one if isinstance(one, str) else str(one) for one in listed))
        wrong = [one for one in found if one not in allowed]
        if wrong or not found:
            raise Refused(_no(field, wrong[0] if wrong else "", allowed, field))
        return [str(one) for one in found]

    return read


def _text(field: str, limit: int) -> Callable[[Any, AlertMessage, datetime], str]:
    def read(value: Any, row: AlertMessage, now: datetime) -> str:
        found = str(value or "").strip().replace("\r\n", "\n")
        if len(found) > limit:
            raise Refused(problem("ALERT-026", column=field, found=len(found), limit=limit))
        if said := naming(**{field: found}):
            raise Refused(*said)
        return found

    return read


def _web(value: Any, row: AlertMessage, now: datetime) -> str:
    found = str(value or "").strip()
    if found and (address(found) is None or len(found) > 300):
        raise Refused(_no("web", found, ("https://…",), "web"))
    return address(found) or "" if found else ""


def _moment(field: str, *, needed: bool) -> Callable[[Any, AlertMessage, datetime], datetime | None]:
    def read(value: Any, row: AlertMessage, now: datetime) -> datetime | None:
        if value in (None, "") and not needed:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise Refused(_no(field, value, ("2026-01-31T18:00-05:00",), field))
        if not now - FURTHEST < value < now + FURTHEST:
            raise Refused(_no(field, value, (f"{now - FURTHEST:%Y-%m-%d} – {now + FURTHEST:%Y-%m-%d}",), field))
        return value.replace(microsecond=0)

    return read


def _ends(value: Any, row: AlertMessage, now: datetime) -> date:
    if not isinstance(value, date) or isinstance(value, datetime) or value <= local_date(now):
        raise Refused(problem("ALERT-015", column="ends_date", value=str(value)[:20]))
    return value


def _times(row: AlertMessage, values: Mapping[str, Any], now: datetime) -> list[Problem]:
    """The end lies after now and after the onset."""
    expires = values.get("expires_at", row.expires_at)
    onset = values.get("onset_at", row.onset_at)
    if "expires_at" in values and expires <= now:
        return [
            problem("ALERT-010", column="expires_at", value=f"{expires:%Y-%m-%d %H:%M}", start=f"{now:%Y-%m-%d %H:%M}")
        ]
    if onset is not None and expires <= onset:
        return [problem("ALERT-010", column="expires_at", value=f"{expires:%Y-%m-%d %H:%M}",
                        start=f"{onset:%Y-%m-%d %H:%M}")]  # fmt: skip
    return []


def _texts(value: Any, row: AlertMessage, now: datetime) -> dict[str, dict[str, str]]:
    """The texts of the message with those given laid over them."""
    wrong = _misshapen(value)
    if wrong is not None:
        raise Refused(_no("texts", wrong[1], ("{fr: {headline: …}}",), wrong[0]))
    found = {language: dict(said) for language, said in row.texts.items()}
    problems: list[Problem] = []
    allowed = (*core.FIELDS, "audience")
    for language, said in value.items():
        if language not in languages():
            problems.append(problem("ALERT-035", column=f"texts.{str(language)[:20]}", value=str(language)[:20],
                                    allowed=", ".join(languages())))  # fmt: skip
            continue
        for field, text in said.items():
            column = f"texts.{language}.{field}"
            if field not in allowed:
                problems.append(_no("field", field, allowed, column))
                continue
            written = str(text or "").strip().replace("\r\n", "\n")
            if len(written) > core.LIMITS[field]:
                problems.append(problem("ALERT-026", column=column, found=len(written), limit=core.LIMITS[field]))
            if written != found.get(language, {}).get(field, ""):
                problems += [each.at("", None, column) for each in naming(text=written)]
            found.setdefault(language, {})[field] = written
    problems += core.worded({one: found[one] for one in value if one in found})
    if problems:
        raise Refused(*problems)
    return found


def _misshapen(value: object) -> tuple[str, object] | None:
    """The place and the value that is no table of texts; None where all is well."""
    if not isinstance(value, Mapping):
        return "texts", value
    rows = ((f"texts.{str(language)[:20]}", said) for language, said in value.items())
    return next(((place, said) for place, said in rows if not isinstance(said, Mapping)), None)


def _recipients(value: Any, row: AlertMessage, now: datetime) -> dict[str, list[str]]:
    if not isinstance(value, Mapping):
        raise Refused(_no("recipients", value, RECIPIENTS, "recipients"))
    for key in RECIPIENTS:
        if not isinstance(value.get(key) or [], list | tuple):
            raise Refused(_no("recipients", value[key], ("[…]",), f"recipients.{key}"))
    found = {key: [str(one) for one in value.get(key) or ()] for key in RECIPIENTS}
    problems = []
    for key, model in (("institutions", Institution), ("crossings", CrossingPoint)):
        codes = found.get(key, [])
        held = set(model._default_manager.filter(code__in=codes, retired_at=None).values_list("code", flat=True))
        problems += [
            problem("ALERT-016", column=f"recipients.{key}", value=one[:60], target=key)
            for one in codes
            if one not in held
        ]
    if problems:
        raise Refused(*problems)
    return {key: codes for key, codes in found.items() if codes}


def _areas(value: Any, row: AlertMessage, now: datetime) -> list[places.Kept]:
    return places.kept(value)


READERS: Mapping[str, Callable[[Any, AlertMessage, datetime], Any]] = {
    "texts": _texts,
    "areas": _areas,
    "recipients": _recipients,
    "scope": _choice("scope", SCOPES),
    "restriction": _text("restriction", 300),
    "category": _several("category", CATEGORIES),
    "response_types": _several("response_types", (*RESPONSES, "AllClear", "None")),
    "urgency": _choice("urgency", core.URGENCIES),
    "severity": _choice("severity", tuple(Severity.values)),
    "certainty": _choice("certainty", core.CERTAINTIES),
    "web": _web,
    "contact": _text("contact", 300),
    "onset_at": _moment("onset_at", needed=False),
    "expires_at": _moment("expires_at", needed=True),
    "note": _text("note", NOTE),
    "plan": _text("plan", CODE),
    "ends_date": _ends,
}
