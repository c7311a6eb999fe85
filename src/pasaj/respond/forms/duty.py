"""What people type in the duty room. Words come from the catalogues, choices from what the actor may name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pasaj.respond.models import Event, LogEntry
from pasaj.respond.queries import duty as words
from pasaj.respond.queries import events as event_words
from pasaj.respond.services.events import Said
from pasaj.respond.services.log import Line
from pasaj.respond.services.presence import Where
from pasaj.watch.forms.happenings import Explained

NO_PERSONS = _("Offices and services, never names or other details of persons.")
MINUTE = "%Y-%m-%dT%H:%M"
Choices = Sequence[tuple[str, Any]]


def _moment(label: Any, **given: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MINUTE], **given)


def _day(label: Any, **given: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **given)


def _text(label: Any, *, rows: int = 3, limit: int = 2000, **given: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": rows}), **given)


def offer(form: forms.Form, name: str, options: Iterable[tuple[str, Any]], none: Any = "—") -> None:
    """Give a field its choices, an empty one first."""
    form.fields[name].choices = [("", none), *options]  # type: ignore[attr-defined]


class QuickForm(Explained):
    """One line of the log. `who` is "CROSSING/INSTITUTION", either part may be empty."""

    columns: Mapping[str, str] = {"institution": "who", "crossing": "who"}

    kind = forms.ChoiceField(label=_("Kind"), choices=list(words.KINDS.items()))
    who = forms.ChoiceField(label=_("With whom"), required=False)
    text = forms.CharField(label=_("What was said or done"), max_length=2000)

    def __init__(self, *args: Any, contacts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "who", contacts)

    def line(self) -> Line:
        """What the service wants."""
        data = self.cleaned_data
        crossing, _slash, institution = data["who"].partition("/")
        at: datetime | None = data.get("at")
        return Line(
            kind=data["kind"],
            text=data["text"],
            institution=institution,
            crossing=crossing,
            contact_role=data.get("contact_role", ""),
            ref=data.get("ref", ""),
            at=at,
        )


class EntryForm(QuickForm):
    """A whole line: also for what is caught up from paper, and for a pasted message."""

    text = _text(_("What was said or done"), rows=5, help_text=NO_PERSONS)
    at = _moment(_("When"), required=False, help_text=_("Empty: now."))
    contact_role = forms.ChoiceField(label=_("In which role"), required=False)
    ref = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=60,
        help_text=_("A code: of a signal, an alert, a task, an event."),
    )

    field_order = ("kind", "at", "who", "contact_role", "text", "ref")

    def __init__(self, *args: Any, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "contact_role", roles)


def standing(row: LogEntry) -> dict[str, Any]:
    """A line of the log as its form shows it."""
    who = f"{row.crossing.code if row.crossing else ''}/{row.institution.code if row.institution else ''}"
    return {
        "kind": row.kind, "who": "" if who == "/" else who, "text": row.text, "at": row.at,
        "contact_role": row.contact_role, "ref": row.ref,
    }  # fmt: skip


class HandoverForm(Explained):
    started_at = _moment(_("The shift began"))
    ended_at = _moment(_("The shift ends"))
    note = _text(_("What whoever comes must know"), rows=6, required=False, help_text=NO_PERSONS)


class EventForm(Explained):
    columns: Mapping[str, str] = {"people_high": "people_low"}

    what = _text(_("What is said to have happened"), rows=5, help_text=NO_PERSONS)
    place = forms.ChoiceField(label=_("Where"), help_text=_("At an unofficial crossing the commune is kept."))
    source = forms.ChoiceField(label=_("Heard from"), choices=list(event_words.SOURCES.items()))
    source_note = forms.CharField(
        label=_("Which one"),
        required=False,
        max_length=200,
        help_text=_("The name of the station, paper, group or office, never of a person."),
    )
    institution = forms.ChoiceField(label=_("Institution that reports it"), required=False)
    hazard = forms.ChoiceField(label=_("What kind of danger"), choices=list(event_words.HAZARDS.items()))
    people_low = forms.IntegerField(label=_("People possibly concerned, from"), required=False, min_value=0)
    people_high = forms.IntegerField(
        label=_("to"), required=False, min_value=0, help_text=_("As it was said. It stays marked as unverified.")
    )
    reported_at = _moment(_("When we heard it"), required=False, help_text=_("Empty: now."))
    log_entry = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Choices, institutions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", places)
        offer(self, "institution", institutions)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        low, high = data.get("people_low"), data.get("people_high")
        # One number alone is both ends: "about fifty" is 50 to 50, and still unverified.
        data["people"] = (
            None if low is None and high is None else (high if low is None else low, low if high is None else high)
        )
        return data

    def said(self) -> Said:
        """What the service wants."""
        names = (
            "what",
            "place",
            "source",
            "hazard",
            "people",
            "source_note",
            "institution",
            "reported_at",
            "log_entry",
        )
        return Said(**{name: self.cleaned_data[name] for name in names})


class StepForm(Explained):
    asked = forms.ChoiceField(label=_("Who was asked"), required=False)
    asked_role = forms.ChoiceField(label=_("In which role"), required=False)
    how = forms.ChoiceField(label=_("How"), choices=list(event_words.HOW.items()))
    answer = _text(_("What they answered, and how they know"), help_text=NO_PERSONS)
    at = _moment(_("When"), required=False, help_text=_("Empty: now."))

    def __init__(self, *args: Any, institutions: Choices, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "step", **kwargs})
        offer(self, "asked", institutions)
        offer(self, "asked_role", roles)


class SettleForm(Explained):
    state = forms.ChoiceField(
        label=_("What it turned out to be"),
        choices=[
            (state, event_words.STATES[state][0])
            for state in (Event.State.CONFIRMED, Event.State.REFUTED, Event.State.UNVERIFIABLE)
        ],
        widget=forms.RadioSelect,
    )
    outcome = _text(_("What the verification found"), help_text=NO_PERSONS)
    answer = _text(
        _("What may be told to the public"),
        required=False,
        help_text=_("Needed to refute a rumour: what is true, where to ask. No counts."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "settle", **kwargs})


class PresenceForm(Explained):
    columns: Mapping[str, str] = {"first": "first", "last": "last"}

    institution = forms.ChoiceField(label=_("Institution"))
    function = forms.ChoiceField(label=_("Does what"))
    place = forms.ChoiceField(label=_("Where"), help_text=_("At an unofficial crossing the commune is kept."))
    first = _day(_("Since"))
    last = _day(_("Last day"), required=False, help_text=_("Empty: until further notice."))
    capacity_note = forms.CharField(
        label=_("With how much"),
        required=False,
        max_length=300,
        help_text=_("Teams, rooms, days of the week. No names."),
    )
    source_note = forms.CharField(label=_("Known from"), max_length=300)
    verify = forms.CharField(label=_("To be verified"), required=False, max_length=300)

    def __init__(self, *args: Any, institutions: Choices, functions: Choices, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "institution", institutions)
        offer(self, "function", functions)
        offer(self, "place", places)

    def where(self) -> Where:
        """What the service wants."""
        names = ("institution", "function", "place", "first", "source_note", "last", "capacity_note", "verify")
        return Where(**{name: self.cleaned_data[name] for name in names})
