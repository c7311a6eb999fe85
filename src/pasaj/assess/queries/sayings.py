"""What findings say, in any language: the sentences of `core.findings` with the names behind their codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pasaj.assess.queries.rounds import Result
from pasaj.core import findings as core
from pasaj.core.problems import fill
from pasaj.core.rounds.words import said
from pasaj.registry.models import Area, CrossingPoint, ExchangeLayer, Function, Home, Institution, Protocol
from pasaj.watch.models import Source

Texts = Mapping[str, str]
MOST = 8  # names in a list before the rest is counted
QUOTES = {"fr": "« {} »", "ht": "« {} »", "es": "«{}»"}
ROLES: Mapping[str, Callable[[], str]] = {
    "lead": lambda: _("lead"),
    "support": lambda: _("support"),
    "consulted": lambda: _("consulted"),
    "informed": lambda: _("informed"),
}


@dataclass(frozen=True)
class Book:
    """Names by language, by what they name and by code."""

    names: Mapping[str, Mapping[str, Texts]]
    country: Texts
    languages: tuple[str, ...]
    nation: str  # the code of the unit that is the country itself, "" where none is looked at

    def name(self, of: str, code: str, language: str) -> str:
        if of == "area" and not code:
            return said(self.country, language)
        found = said(self.names.get(of, {}).get(code, {}), language)
        return found or code


def book(found: Result) -> Book:
    """Every name that a finding of a round may need."""
    home = Home.objects.get()
    framework = found.framework
    names: dict[str, dict[str, Texts]] = {
        "unit": {one.code: one.names for one in found.units},
        "pillar": {one.code: one.names for one in framework.pillars},
        "indicator": {one.code: one.questions for one in framework.indicators},
        "area": {one.code: one.names for one in Area.objects.filter(level__in=("0", "1"))},
        "institution": {one.code: one.names for one in Institution.objects.all()},
        "crossing": {one.code: {"": one.name} for one in CrossingPoint.objects.all()},
        "source": {one.code: {"": one.name} for one in Source.objects.all()},
        "function": {one.code: one.names for one in Function.objects.all()},
        "layer": {one.code: one.names for one in ExchangeLayer.objects.all()},
        "protocol": {},
        "clause": {},
    }
    for row in Protocol.objects.all():
        names["protocol"][row.code] = row.names
        for clause in row.parameters.get("clauses", ()):
            names["clause"][f"{row.code}/{clause['code']}"] = clause.get("texts", {})
    nation = next((one.code for one in found.units if one.sort == "country"), "")
    return Book(names, home.names, tuple(home.languages), nation)


# What stands in each place of a sentence; numbers and codes of rounds need no name.
PLACES = {
    "units": "unit", "others": "unit", "function": "function", "territory": "area", "former": "institution",
    "partly": "institution", "first": "institution", "second": "institution", "institution": "institution",
    "institutions": "institution", "layer": "layer", "cut": "institution", "unheard": "institution",
    "target": "institution", "protocol": "protocol", "clause": "clause", "source": "source", "places": "crossing",
    "role": "role", "other": "role",
}  # fmt: skip


def statements(draft: core.Draft, names: Book) -> dict[str, str]:
    """What a draft says, by language of the home."""
    found = {}
    for language in names.languages:
        with translation.override(language):
            values = {place: _value(draft, place, value, names, language) for place, value in draft.values.items()}
            found[language] = fill(_(core.SENTENCES[draft.sentence]), values)
    return found


def _value(draft: core.Draft, place: str, value: core.Said, names: Book, language: str) -> str:
    if isinstance(value, tuple):
        return _listed([_named(draft, place, one, names, language) for one in value])
    if isinstance(value, str):
        return _named(draft, place, value, names, language)
    return number(value)


def number(value: float) -> str:
    """A number with up to two decimals, as the language writes it."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return number_format(text)


def _named(draft: core.Draft, place: str, code: str, names: Book, language: str) -> str:
    if place == "name":
        return _subject(draft, code, names, language)
    of = PLACES.get(place, "")
    if of == "role":
        return ROLES[code]()
    if of == "clause":
        return quoted(names.name(of, code, language).rstrip("."), language)
    return names.name(of, code, language) if of else code


def _subject(draft: core.Draft, code: str, names: Book, language: str) -> str:
    """The name a sentence begins with; a question in quotation marks where the sentence goes on after it."""
    if draft.rule in ("critical", "differ"):
        return names.name("indicator", code, language)
    if draft.rule == "dependence":
        return names.name("institution", code, language)
    level = draft.key.split(":")[1]
    if level == "country":
        return said(names.country, language)
    if level == "unit" and code == names.nation:
        return _("The country itself: laws, strategies and what the services share")
    name = names.name(level, code, language)
    return quoted(name, language) if level == "indicator" else name


def quoted(text: str, language: str) -> str:
    """A text in the quotation marks of a language."""
    return QUOTES.get(language, "“{}”").format(text)


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    if len(every) <= MOST + 1:
        return ", ".join(every)
    rest = len(every) - MOST
    return ngettext("%(names)s and %(number)s more", "%(names)s and %(number)s more", rest) % {
        "names": ", ".join(every[:MOST]),
        "number": rest,
    }


def reach(one: core.Reach) -> str:
    """How many of how many are concerned, in words."""
    values = {"part": number_format(one.part, decimal_pos=0), "whole": number_format(one.whole, decimal_pos=0)}
    return fill(_(core.REACHES[one.of]), values)


def figure_titles(rest: core.Rest, round_code: str, names: Book) -> dict[str, str]:
    """What a figure is called in the chain, by language."""
    found = {}
    for language in names.languages:
        with translation.override(language):
            found[language] = f"{_figure(rest, names, language)}, {round_code}"
    return found


def _figure(rest: core.Rest, names: Book, language: str) -> str:
    told = rest.parameters
    match rest.query:
        case "cell":
            return f"{told['indicator']}, {names.name('unit', told['unit'], language)}"
        case "score" | "change":
            where = names.name(told["level"], told["code"], language) if told["code"] else said(names.country, language)
            if told["level"] in ("indicator", "pillar"):
                where = told["code"] if told["level"] == "indicator" else f"{told['code']} {where}"
            if rest.query == "change":
                return _("Change of %(what)s since %(round)s") % {"what": where, "round": told["earlier"]}
            return _("Score of %(what)s") % {"what": where}
        case "protocol":
            return f"{names.name('protocol', told['protocol'], language)}, {told['clause']}"
        case "posts":
            return _("Missing reports, %(source)s") % {"source": names.name("source", told["source"], language)}
        case "flow":
            layer = names.name("layer", told["layer"], language)
            return f"{layer}: {told['sender']} → {told['receiver']}"
        case "mandate" if told["what"] == "lapse":
            return _("Mandates without a valid basis")
        case "silence":
            return _("Silence of %(name)s") % {"name": names.name("institution", told["institution"], language)}
    where = names.name("area", told["territory"], language)
    return f"{names.name('function', told['function'], language)}, {where}"
