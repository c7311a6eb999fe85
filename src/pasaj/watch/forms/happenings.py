"""What people type about a crossing beside its counts: an incident, its status, a call to a silent post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pasaj.access.queries import say
from pasaj.core import numbers
from pasaj.core.periods import Period
from pasaj.core.problems import Problem, Refused
from pasaj.registry.models import Area, CrossingPoint, Institution
from pasaj.watch.forms.counts import number
from pasaj.watch.models import CrossingStatus, Incident, IncidentType
from pasaj.watch.queries import incidents as words
from pasaj.watch.services.incidents import COUNTED, Quantity
from pasaj.watch.services.silences import CAUSES, OUTCOMES

NO_PERSONS = _("For the cell alone. Never names or other details of persons.")


def _day(label: Any, **given: Any) -> forms.DateField:
    """A day as the browser's own calendar gives it: 05/09 would be two days, by the reader's language."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **given)


class Explained(forms.Form):
    """A form that shows what a service refused beside the field it was typed into."""

    columns: Mapping[str, str] = {}

    def explain(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Put problems beside their fields; returned are those of no field."""
        rest = []
        for one in problems:
            name = self.columns.get(one.column, one.column)
            if name in self.fields:
                said = say(one.at("", None))
                self.add_error(name, f"{said.text} {said.remedy}")
            else:
                rest.append(one)
        return tuple(rest)


class IncidentForm(Explained):
    """One incident of one type: only the quantities that the type allows are asked."""

    columns: Mapping[str, str] = {"place_code": "place", "period": "first", "period_end": "last"}

    place = forms.ChoiceField(label=_("Place"))
    first = _day(_("Day, or first day"))
    last = _day(_("Last day"), required=False)
    detecting = forms.ChoiceField(label=_("Service that found it"), required=False)
    hours_to_referral = forms.CharField(
        label=_("Hours until referral"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("From finding out to passing it to the service in charge. Empty: there was no referral."),
    )
    corridor = forms.CharField(
        label=_("Countries of the way"),
        required=False,
        max_length=40,
        help_text=_("Two-letter codes in their order, for example BR>CO>PA."),
    )
    source = forms.CharField(label=_("Who says so"), required=False, max_length=300)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NO_PERSONS,
    )

    def __init__(
        self,
        *args: Any,
        kind: IncidentType,
        places: Sequence[CrossingPoint | Area],
        services: Sequence[Institution],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["place"].choices = [("", "—")] + [(one.code, str(one)) for one in places]  # type: ignore[attr-defined]
        self.fields["detecting"].choices = [("", _("Not known"))] + [  # type: ignore[attr-defined]
            (one.code, str(one)) for one in services
        ]
        if not kind.corridor:
            del self.fields["corridor"]
        numbers_: dict[str, forms.Field] = {}
        for one in kind.quantities:
            numbers_ |= self._quantity(one["what"], one["units"])
        rest = {name: self.fields.pop(name) for name in list(self.fields) if name not in ("place", "first", "last")}
        self.fields.update(numbers_)
        self.fields.update(rest)

    def _quantity(self, what: str, units: Sequence[str]) -> dict[str, forms.Field]:
        single = units[0] if len(units) == 1 else ""
        said = words.said_unit(what, single) if single else ""
        label = f"{words.what(what)} ({said})" if said else words.what(what)
        value = forms.CharField(
            label=label, required=False, max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"})
        )
        if single:
            return {f"quantities.{what}": value}
        unit = forms.ChoiceField(
            label=_("Unit: %(what)s") % {"what": words.what(what)},
            required=False,
            choices=[(one, words.unit(one)) for one in units],
        )
        return {f"quantities.{what}": value, f"unit.{what}": unit}

    @property
    def before(self) -> list[forms.BoundField]:
        """What is asked before the numbers."""
        return [self[name] for name in ("place", "first", "last")]

    @property
    def numbers(self) -> list[list[forms.BoundField]]:
        """Each number with its unit, where there is one to choose."""
        kinds = [(f"quantities.{one['what']}", f"unit.{one['what']}") for one in self.kind.quantities]
        return [[self[name] for name in pair if name in self.fields] for pair in kinds]

    @property
    def after(self) -> list[forms.BoundField]:
        """What is asked after them."""
        said = {one.name for one in self.before} | {one.name for pair in self.numbers for one in pair}
        return [one for one in self.visible_fields() if one.name not in said]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        data["quantities"] = self._quantities(data)
        data["hours"] = self._number(data, "hours_to_referral", whole=False)
        return data

    def _quantities(self, data: Mapping[str, Any]) -> list[Quantity]:
        found = []
        for one in self.kind.quantities:
            what, units = one["what"], one["units"]
            unit = data.get(f"unit.{what}") or units[0]
            value = self._number(data, f"quantities.{what}", whole=unit in COUNTED)
            if value is not None:
                found.append(Quantity(what, value, unit))
        return found

    def _number(self, data: Mapping[str, Any], name: str, *, whole: bool) -> Decimal | None:
        text = str(data.get(name) or "").strip()
        if not text:
            return None
        try:
            return number(text, whole=whole)
        except Refused as refused:
            self.explain(one.at("", None, name) for one in refused.problems)
            return None

    def given(self) -> dict[str, Any]:
        """The arguments of the service."""
        data = self.cleaned_data
        first = data["first"]
        last = data["last"] or first
        return {
            "type_code": self.kind.code,
            "place_code": data["place"],
            "period": Period(first, last, "day" if first == last else "span"),
            "quantities": data["quantities"],
            "detecting": data["detecting"],
            "hours_to_referral": data["hours"],
            "corridor": data.get("corridor", ""),
            "source": data["source"],
            "note": data["note"],
        }


def standing(row: Incident) -> dict[str, Any]:
    """What an incident says, as its form shows it."""
    sign = numbers.DECIMALS.get((get_language() or "").split("-")[0], ".")

    def typed(value: Decimal | None) -> str:
        return "" if value is None else f"{value.normalize():f}".replace(".", sign)

    found: dict[str, Any] = {
        "place": row.place.code,
        "first": row.period_start,
        "last": None if row.period_end == row.period_start else row.period_end,
        "detecting": row.detecting.code if row.detecting else "",
        "hours_to_referral": typed(row.hours_to_referral),
        "corridor": row.corridor,
        "source": row.source,
        "note": row.note,
    }
    for one in row.quantities.all():
        found |= {f"quantities.{one.what}": typed(one.value), f"unit.{one.what}": one.unit}
    return found


# --- The status of a crossing ------------------------------------------------------------------

SIDES = {CrossingStatus.Side.OWN: _("Our side"), CrossingStatus.Side.OTHER: _("The other side")}
STATES = {
    CrossingStatus.State.OPEN: _("Open"),
    CrossingStatus.State.PARTLY: _("Partly open"),
    CrossingStatus.State.CLOSED: _("Closed"),
    CrossingStatus.State.NO_CONTROL: _("Not under state control"),
}


class StatusForm(Explained):
    side = forms.ChoiceField(label=_("Side"), choices=list(SIDES.items()), widget=forms.RadioSelect)
    state = forms.ChoiceField(label=_("State"), choices=[("", "—"), *STATES.items()])
    since = _day(_("Since"))
    until = _day(_("Last day"), required=False, help_text=_("Empty: until further notice."))
    cause = forms.CharField(label=_("Cause"), required=False, max_length=300)
    hours = forms.CharField(
        label=_("Opening hours"), required=False, max_length=200, help_text=_("For example 08:00-12:00.")
    )
    source = forms.CharField(label=_("Who says so"), required=False, max_length=300)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NO_PERSONS,
    )


# --- A call to a silent post -------------------------------------------------------------------


class CallForm(Explained):
    columns: Mapping[str, str] = {"source_code": "post"}

    post = forms.ChoiceField(label=_("Service called"))
    outcome = forms.ChoiceField(label=_("What came of it"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect)
    cause = forms.ChoiceField(label=_("Why it is silent"), choices=list(CAUSES.items()))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NO_PERSONS,
    )

    def __init__(self, *args: Any, posts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = list(posts)  # type: ignore[attr-defined]
