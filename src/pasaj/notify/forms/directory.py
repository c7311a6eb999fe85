"""What people type about contacts and shifts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pasaj.access.queries import say
from pasaj.core.problems import Problem
from pasaj.notify.models import MAIL, SMS, Contact, Severity, Shift
from pasaj.notify.services.contacts import Reach, Said
from pasaj.notify.services.shifts import Wanted
from pasaj.registry.models import Area, CrossingPoint, Home, Institution

SEVERITIES = {
    Severity.MINOR: _("Minor: of everything"),
    Severity.MODERATE: _("Moderate or worse"),
    Severity.SEVERE: _("Severe or worse"),
    Severity.EXTREME: _("Extreme only"),
}
WEEKDAYS = (
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
)  # fmt: skip
CHANNELS = {MAIL: _("E-mail"), SMS: _("SMS")}


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


def _choices(form: forms.Form, name: str, pairs: Sequence[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(pairs)


class ContactForm(Explained):
    """A contact; addresses are asked for only when it is new."""

    columns: Mapping[str, str] = {"address-0": "mail", "address-1": "phone", "area": "place", "crossing": "place"}

    name = forms.CharField(label=_("Name of the person or desk"), help_text=_("Officials in their office only."))
    institution = forms.ChoiceField(label=_("Institution"))
    role = forms.ChoiceField(label=_("Role"))
    place = forms.ChoiceField(label=_("Place"), required=False)
    turn = forms.IntegerField(
        label=_("Turn"), initial=1, min_value=1, max_value=99, help_text=_("1 is asked first, then the deputies.")
    )
    language = forms.ChoiceField(label=_("Language"))
    mail = forms.CharField(label=_("E-mail"), required=False, max_length=254)
    phone = forms.CharField(label=_("Telephone for SMS"), required=False, max_length=40)
    exercise = forms.BooleanField(
        label=_("For exercises: nobody real is reached there"), required=False, initial=False
    )  # fmt: skip
    least_severity = forms.ChoiceField(label=_("Is told of"), choices=list(SEVERITIES.items()))
    from_hour = forms.IntegerField(label=_("From, hour"), required=False, min_value=0, max_value=23)
    to_hour = forms.IntegerField(
        label=_("Until, hour"), required=False, min_value=0, max_value=24, help_text=_("Empty: at any time.")
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), required=False, choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every day."),
    )  # fmt: skip
    night_severity = forms.ChoiceField(label=_("Outside of these hours only"), choices=list(SEVERITIES.items()))
    account = forms.CharField(
        label=_("Signs in with the address"), required=False, max_length=254,
        help_text=_("Empty for somebody who does not sign in."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, home: Home, roles: Mapping[str, str], contact: Contact | None = None, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        rows = Institution.objects.filter(retired_at=None).order_by("code")
        _choices(self, "institution", [(one.code, f"{one.code} · {one}") for one in rows])
        _choices(self, "role", list(roles.items()) or [("duty", "duty")])
        names = dict(settings.LANGUAGES)
        _choices(self, "language", [(one, names.get(one, one)) for one in home.languages])
        places = [(f"c:{one.code}", f"{one.code} · {one}") for one in CrossingPoint.objects.order_by("code")]
        places += [(f"a:{one.code}", f"{one.code} · {one}") for one in Area.objects.order_by("code")]
        _choices(self, "place", [("", _("Everywhere")), *places])
        self.fields["night_severity"].initial = Severity.SEVERE
        if contact is not None:
            for name in ("mail", "phone", "exercise"):
                del self.fields[name]

    def said(self) -> Said:
        data = self.cleaned_data
        kind, _colon, code = data["place"].partition(":")
        return Said(
            name=data["name"],
            institution=data["institution"],
            role=data["role"],
            language=data["language"],
            crossing=code if kind == "c" else "",
            area=code if kind == "a" else "",
            turn=data["turn"],
            least_severity=data["least_severity"],
            night_severity=data["night_severity"],
            from_hour=data["from_hour"],
            to_hour=data["to_hour"],
            weekdays=data["weekdays"],
            account=data["account"],
        )

    def reaches(self) -> list[Reach]:
        data = self.cleaned_data
        given = ((MAIL, data["mail"]), (SMS, data["phone"]))
        return [Reach(channel, value, data["exercise"]) for channel, value in given if value]


def standing(row: Contact, email: str) -> dict[str, Any]:
    """A contact as the form shows it."""
    place = f"c:{row.crossing.code}" if row.crossing else f"a:{row.area.code}" if row.area else ""
    names = ("name", "role", "turn", "language", "least_severity", "night_severity", "from_hour", "to_hour", "weekdays")
    return {
        **{name: getattr(row, name) for name in names},
        "institution": row.institution.code,
        "place": place,
        "account": email,
    }


class AddressForm(Explained):
    channel = forms.ChoiceField(label=_("By"), choices=list(CHANNELS.items()))
    value = forms.CharField(label=_("Address or number"), max_length=254)
    exercise = forms.BooleanField(label=_("For exercises: nobody real is reached there"), required=False)


class ReasonForm(Explained):
    reason = forms.CharField(label=_("Why"), max_length=200, help_text=_("Without names of persons."))


class FileForm(forms.Form):
    file = forms.FileField(label=_("CSV file"))


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


class ShiftForm(Explained):
    """One shift."""

    columns: Mapping[str, str] = {"end": "end_at"}

    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Who is on call"))
    role = forms.ChoiceField(label=_("On call as"))
    start_at = _moment(_("From"))
    end_at = _moment(_("Until"))
    turn = forms.IntegerField(label=_("Turn"), initial=1, min_value=1, max_value=99)

    def __init__(self, *args: Any, roles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.filter(ended_at=None).order_by("name", "code")
        self.fields["contact"] = forms.ModelChoiceField(people, label=_("Who is on call"))
        _choices(self, "role", list(roles.items()) or [("duty", "duty")])

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(data["contact"], data["role"], data["start_at"], data["end_at"], data["turn"])


class PlanForm(Explained):
    """Several shifts as text or as a file."""

    role = forms.ChoiceField(label=_("On call as, where a line names no role"))
    text = forms.CharField(
        label=_("Lines: day; hours; person; turn"), required=False, max_length=40_000,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
    )  # fmt: skip
    file = forms.FileField(label=_("Or a CSV file"), required=False)

    def __init__(self, *args: Any, roles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "role", list(roles.items()) or [("duty", "duty")])

    def plan(self) -> str:
        """The text of the file where there is one, else what was pasted."""
        file = self.cleaned_data["file"]
        if file is None:
            return str(self.cleaned_data["text"])
        return bytes(file.read(100_000)).decode("utf-8-sig", "replace")


class SwapForm(Explained):
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Who takes over"))

    def __init__(self, *args: Any, shift: Shift, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.filter(ended_at=None).exclude(pk=shift.contact_id)
        people = people.filter(institution=shift.contact.institution) | people.filter(role=shift.role)
        self.fields["contact"] = forms.ModelChoiceField(people.order_by("name", "code"), label=_("Who takes over"))


def first_hours(now: datetime) -> dict[str, str]:
    """A shift as it is proposed: from the next full hour, for twelve hours."""
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return {"start_at": f"{start:%Y-%m-%dT%H:%M}", "end_at": f"{start + timedelta(hours=12):%Y-%m-%dT%H:%M}"}
