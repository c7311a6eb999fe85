"""What people type: the counts of a day, a correction. What was typed is never lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pasaj.core import numbers
from pasaj.core.importing.mapping import QUALITIES
from pasaj.core.periods import Period
from pasaj.core.problems import Problem, Refused, problem
from pasaj.registry.models import CrossingPoint
from pasaj.watch.models import TOTAL, Measure, Observation, Source
from pasaj.watch.queries import figures
from pasaj.watch.services.observations import Entry, SeriesKey

QUALITY_NAMES = {
    "exact": _("Exact"),
    "partial": _("Partial: some are missing"),
    "approx": _("Approximate"),
    "derived": _("Derived from other figures"),
    "estimate": _("Estimate"),
}
NOT_APPLICABLE = ("x", "*")  # how "does not apply" is typed; the star is on the keys of a telephone
NOTE_HELP = _("What the reader should know. Never names or other details of persons.")


def quality_name(quality: str) -> Any:
    """How sure a figure is, in words."""
    return _("Simulated") if quality == "simulated" else QUALITY_NAMES.get(quality, quality)


def number(text: str, *, whole: bool) -> Decimal:
    """A number as the reader's language writes it, else as another one does where only one reading is left: a point
    is typed on a page in French, a comma on one in English. Raises Refused as `core.numbers.read` does.
    """
    decimal = numbers.DECIMALS.get((get_language() or "").split("-")[0], "")
    try:
        return numbers.read(text, decimal=decimal, whole=whole)
    except Refused as refused:
        if refused.problems[0].code != "OBS-016":
            raise
        return numbers.read(text, whole=whole)


def count(text: str, measure: Measure) -> Decimal:
    """The same for a figure of a measure."""
    return number(text, whole=measure.kind == "count")


# --- The counts of a day -----------------------------------------------------------------------


@dataclass(slots=True)
class Line:
    """One figure of the page: what is asked, what was typed, what is wrong with it."""

    asked: figures.Field
    typed: str = ""
    revision: int = 0  # the revision the person saw when typing
    problems: list[Problem] = field(default_factory=list)
    confirmed: str = ""  # the text the person has confirmed
    day: date | None = None  # where there are several: the days of a week

    @property
    def name(self) -> str:
        return self.asked.key.replace(".", "-") + (f"-{self.day.isoformat()}" if self.day else "")

    @property
    def asks(self) -> bool:
        """Whether a tick is all it needs."""
        return any(one.code in {"OBS-014", "OBS-023"} for one in self.problems)

    @property
    def conflict(self) -> bool:
        return any(one.code == "OBS-013" for one in self.problems)


@dataclass(slots=True)
class Group:
    """A measure with its total and, folded away, its parts."""

    total: Line
    parts: list[Line] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return any(line.typed or line.problems for line in self.parts)


class DayCounts:
    """The counts of a crossing on a day, bound to what was posted or to what stands."""

    def __init__(
        self, fields: Sequence[figures.Field], data: Mapping[str, Any] | None = None, day: date | None = None
    ) -> None:
        self.day = day
        self.bound = data is not None
        self.note = str((data or {}).get("note", "")).strip()
        self.problems: list[Problem] = []
        nothing = bool((data or {}).get("nothing"))
        self.lines = [self._line(one, data, nothing) for one in fields]

    def _line(self, one: figures.Field, data: Mapping[str, Any] | None, nothing: bool) -> Line:
        line = Line(one, typed(one.standing), one.revision, day=self.day)
        if data is None:
            return line
        line.typed = str(data.get(f"v-{line.name}", "")).strip()[:40]
        seen = str(data.get(f"r-{line.name}", ""))
        line.revision = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
        line.confirmed = str(data.get(f"c-{line.name}", ""))
        if nothing and not line.typed and one.standing is None and one.zero_means_nothing:
            line.typed = "0"
        return line

    @property
    def asks_any(self) -> bool:
        """Whether anything is counted here at all."""
        return bool(self.lines)

    @property
    def groups(self) -> list[Group]:
        found: list[Group] = []
        for line in self.lines:
            if line.asked.category == TOTAL:
                found.append(Group(line))
            else:
                found[-1].parts.append(line)
        return found

    def entries(self, crossing: CrossingPoint, source: Source, period: Period) -> tuple[list[Entry], list[Problem]]:
        """What is to be stored, and the problems of the other lines: OBS-022, 023 and those of numbers."""
        found, problems = self.collect(crossing, source, period)
        if not found and not problems:
            problems.append(problem("OBS-022"))
        return found, problems

    def collect(self, crossing: CrossingPoint, source: Source, period: Period) -> tuple[list[Entry], list[Problem]]:
        """The same, where it is no problem that nothing was typed."""
        found: list[Entry] = []
        problems: list[Problem] = []
        for line in self.lines:
            try:
                entry = self._entry(line, crossing, source, period)
            except Refused as refused:
                problems += [one.at("", None, line.name) for one in refused.problems]
                continue
            if entry is not None:
                found.append(entry)
        return found, problems

    def _entry(self, line: Line, crossing: CrossingPoint, source: Source, period: Period) -> Entry | None:
        asked, standing = line.asked, line.asked.standing
        key = SeriesKey(crossing.code, asked.measure.code, category=asked.category, source=source.code)
        confirmed = bool(line.confirmed) and line.confirmed == (line.typed or "withdraw")
        given: dict[str, Any] = {
            "key": key, "period": period, "note": self.note, "expected_revision": line.revision,
            "confirmed": confirmed, "field": line.name,
        }  # fmt: skip
        if line.typed:
            if line.typed == typed(standing) and standing is not None and standing.revision == line.revision:
                return None  # it stands already, and nobody touched it
            if line.typed.lower() in NOT_APPLICABLE:
                return Entry(state=Observation.State.NOT_APPLICABLE, **given)
            return Entry(value=count(line.typed, asked.measure), **given)
        if standing is None or standing.state == Observation.State.WITHDRAWN or standing.revision != line.revision:
            return None
        if not confirmed:
            raise Refused(problem("OBS-023", current=typed(standing)))
        return Entry(state=Observation.State.WITHDRAWN, **given)

    def explain(self, problems: Sequence[Problem]) -> None:
        """Put problems beside their lines; those of no line stand above. The next save starts from what stands now."""
        by_name = {line.name: line for line in self.lines}
        for one in problems:
            line = by_name.get(one.column)
            if line is None:
                self.problems.append(one)
            else:
                line.problems.append(one)
                if one.code == "OBS-013":
                    line.revision = line.asked.revision

    @property
    def simulated(self) -> bool:
        """Whether a simulated figure is shown anywhere on the page."""
        shown_here = [one for line in self.lines for one in (line.asked.standing, line.asked.yesterday) if one]
        return any(one.origin == "demo" for one in shown_here)

    @property
    def wrong(self) -> list[tuple[Line, Problem]]:
        return [(line, one) for line in self.lines for one in line.problems]


def shown(standing: Observation | None) -> str:
    """A standing value as it is typed: digits, the reader's decimal sign, no thousands."""
    if standing is None or standing.value is None:
        return ""
    text = f"{standing.value.normalize():f}"
    return text.replace(".", numbers.DECIMALS.get((get_language() or "").split("-")[0], "."))


def typed(standing: Observation | None) -> str:
    """A standing figure as it is typed, "does not apply" included."""
    if standing is not None and standing.state == Observation.State.NOT_APPLICABLE:
        return NOT_APPLICABLE[0]
    return shown(standing)


# --- Correcting one figure ---------------------------------------------------------------------


class CorrectForm(forms.Form):
    state = forms.ChoiceField(
        label=_("This figure"),
        choices=[
            ("reported", _("has the value below")),
            ("na", _("does not apply here")),
            ("withdrawn", _("was never reported: take it back")),
        ],
        widget=forms.RadioSelect,
    )
    value = forms.CharField(
        label=_("Value"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    quality = forms.ChoiceField(label=_("Quality"), choices=list(QUALITY_NAMES.items()))
    note = forms.CharField(label=_("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
                           help_text=NOTE_HELP)  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def number(self, measure: Measure) -> Decimal | None:
        """The corrected value, or None where there is none. Raises Refused as `count` does."""
        if self.cleaned_data["state"] != "reported":
            return None
        return count(self.cleaned_data["value"], measure)


def correct_form(figure: Observation, data: Mapping[str, Any] | None = None) -> CorrectForm:
    """The form for one figure, filled with what stands."""
    initial = {
        "state": figure.state,
        "value": shown(figure),
        "quality": figure.quality if figure.quality in QUALITIES else "exact",
        "revision": figure.revision,
    }
    return CorrectForm(data, initial=initial)
