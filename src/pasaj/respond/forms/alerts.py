"""What is asked about an alert: the danger, where, when, for whom, and its texts in each language of the home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from pasaj.core.rounds.words import LANGUAGE_NAMES
from pasaj.respond.models import AlertMessage
from pasaj.respond.queries import alertwords as words
from pasaj.respond.queries.alertboard import corners
from pasaj.watch.forms.happenings import Explained

Choices = Sequence[tuple[str, Any]]
MOST_POINTS = 100
MOMENT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Offered:
    """What a message may choose from, as the reader may see it: pairs of a code and a name."""

    languages: Sequence[str]
    crossings: Choices
    areas: Choices
    institutions: Choices
    roles: Choices
    plans: Choices


def _moment(label: Any, **given: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MOMENT, f"{MOMENT}:%S"], **given)


def _radio(label: Any, choices: Mapping[str, Any], **given: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices.items()), widget=forms.RadioSelect, **given)


def _several(label: Any, choices: Choices = (), **given: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), widget=forms.CheckboxSelectMultiple, required=False, **given
    )


class Outline(forms.CharField):
    """Points of an outline, one a line as "18.5512, -72.3010"; cleaned to pairs of degrees, latitude first."""

    widget = forms.Textarea(attrs={"rows": 4, "inputmode": "text", "spellcheck": "false", "autocomplete": "off"})

    def clean(self, value: Any) -> list[list[float]]:
        text = super().clean(value)
        points = [self._point(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
        # Where the ring is closed by its first point again, that point is said once.
        if len(points) > 1 and points[0] == points[-1]:
            points.pop()
        if points and len(points) < 3:
            raise forms.ValidationError(_("An outline has at least three points."))
        if len(points) > MOST_POINTS:
            raise forms.ValidationError(
                _("An outline has at most %(most)s points; this one has %(number)s."),
                params={"most": MOST_POINTS, "number": len(points)},
            )
        return points

    def _point(self, at: int, line: str) -> list[float]:
        try:
            lat, lon = (float(part) for part in line.replace(";", ",").replace(",", " ").split())
        except ValueError:
            lat = lon = 1000.0
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # false for what is no number, too
            raise forms.ValidationError(
                _("Line %(line)s is no point. Write latitude and longitude: 18.5512, -72.3010."), params={"line": at}
            )
        return [round(lat, 4), round(lon, 4)]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return "\n".join(f"{lat:.4f}, {lon:.4f}" for lat, lon in value)
        return value


class MessageForm(Explained):
    """One message of an alert while it is a draft. Everything may be saved half done; what is missing is told."""

    severity = _radio(_("How grave is it?"), words.EXPLAINED_SEVERITIES)
    urgency = _radio(_("How soon must people act?"), words.EXPLAINED_URGENCIES)
    certainty = _radio(_("How sure are we?"), words.EXPLAINED_CERTAINTIES)
    response_types = _several(_("What is asked of people"), list(words.RESPONSES.items()))
    scope = _radio(_("Who may read it"), words.SCOPES)
    restriction = forms.CharField(
        label=_("Rule for those who read it"), required=False, max_length=300,
        help_text=_("For restricted alerts: who may read it and pass it on."),
    )  # fmt: skip
    crossings = _several(_("Crossings"))
    areas = _several(_("Communes and departments"))
    polygon = Outline(
        label=_("Outline"), required=False, max_length=20_000,
        help_text=_("One point a line: latitude, longitude in degrees, three to a hundred. Or draw it on the map."),
    )  # fmt: skip
    onset_at = _moment(_("Begins"), required=False, help_text=_("Empty: at once."))
    expires_at = _moment(_("Expires"), help_text=_("When people should stop relying on it unless it is renewed."))
    ends_date = forms.DateField(
        label=_("Last day of the measure"), required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Every measure taken in a crisis has an end. To go on, it is decided anew."),
    )  # fmt: skip
    institutions = _several(_("Institutions"), help_text=_("None chosen: all of them."))
    roles = _several(
        _("Roles of the people told"),
        help_text=_("None chosen: all of them. Contacts of a place are told when it is one of the alert's."),
    )
    plan = forms.ChoiceField(
        label=_("Contingency plan"), required=False,
        help_text=_("The plan that is proposed for activation once the alert is out."),
    )  # fmt: skip
    web = forms.URLField(label=_("Page with more"), required=False, max_length=300, assume_scheme="https")
    contact = forms.CharField(label=_("Whom to call"), required=False, max_length=300)

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = tuple(offered.languages)
        listed = {"crossings": offered.crossings, "areas": offered.areas, "institutions": offered.institutions,
                  "roles": offered.roles}  # fmt: skip
        for name, choices in listed.items():
            asked = self.fields[name]
            assert isinstance(asked, forms.MultipleChoiceField)
            asked.choices = list(choices)
        plan = self.fields["plan"]
        assert isinstance(plan, forms.ChoiceField)
        current = self.initial.get("plan", "")
        known = [code for code, _name in offered.plans]
        # A plan that the template names and the pack does not hold (yet) stays chosen.
        plan.choices = [("", "–"), *offered.plans, *([(current, current)] if current and current not in known else [])]
        for language in self.languages:
            for part in words.PARTS:
                self.fields[f"{part}_{language}"] = _spoken(part, language)
            self.fields[f"place_{language}"] = forms.CharField(
                label=LANGUAGE_NAMES.get(language, language), required=False, max_length=120,
                widget=forms.TextInput(attrs={"lang": language}),
            )  # fmt: skip

    @property
    def tongues(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """For each language its code, its own name and its fields, protection first."""
        return [
            (code, LANGUAGE_NAMES.get(code, code), [self[f"{part}_{code}"] for part in words.PARTS])
            for code in self.languages
        ]

    @property
    def place_names(self) -> list[forms.BoundField]:
        return [self[f"place_{code}"] for code in self.languages]

    def given(self) -> dict[str, Any]:
        """What was asked for, named as the fields of a message (and `ends_date`, of its alert)."""
        data = self.cleaned_data
        plain = ("severity", "urgency", "certainty", "response_types", "scope", "restriction", "onset_at",
                 "expires_at", "ends_date", "plan", "web", "contact")  # fmt: skip
        # Of what every place is called the service knows; an outline is called what people call it.
        names = {one: data[f"place_{one}"] for one in self.languages if data[f"place_{one}"]}
        areas: list[dict[str, Any]] = [{"crossing": code} for code in data["crossings"]]
        areas += [{"area": code} for code in data["areas"]]
        if data["polygon"]:
            areas.append({"polygon": data["polygon"], "names": names})
        return {
            **{name: data[name] for name in plain},
            "texts": {one: {part: data[f"{part}_{one}"] for part in words.PARTS} for one in self.languages},
            "areas": areas,
            "recipients": {"institutions": data["institutions"], "roles": data["roles"]},
        }

    @classmethod
    def initial_of(cls, message: AlertMessage) -> dict[str, Any]:
        """The message as the form shows it; of several outlines the first."""
        plain = ("severity", "urgency", "certainty", "response_types", "scope", "restriction", "onset_at",
                 "expires_at", "web", "contact")  # fmt: skip
        texts = {f"{part}_{one}": text for one, parts in message.texts.items() for part, text in parts.items()}
        drawn: Mapping[str, Any] = next((area for area in message.areas if area.get("polygon")), {})
        names = {f"place_{one}": name for one, name in (drawn.get("names") or {}).items()}
        told = message.recipients
        return {
            **{name: getattr(message, name) for name in plain}, **texts, **names,
            "ends_date": message.alert.ends_date, "plan": message.alert.plan,
            "areas": _together(message.areas, "codes"), "crossings": _together(message.areas, "crossings"),
            "polygon": corners(drawn),
            "institutions": told.get("institutions", []), "roles": told.get("roles", []),
        }  # fmt: skip


def _spoken(part: str, language: str) -> forms.CharField:
    label, help_text = words.PARTS[part]
    attrs: dict[str, Any] = {"lang": language}
    if part == "short":  # its length is told while it is typed
        attrs |= {"hx-post": reverse_lazy("respond:text-measure"), "hx-trigger": "input changed delay:400ms",
                  "hx-target": f"#count_{language}", "hx-swap": "innerHTML",
                  "hx-params": f"short_{language}"}  # fmt: skip
    widget = forms.Textarea(attrs={**attrs, "rows": 3}) if part in words.LONG else forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, required=False, max_length=4000, widget=widget, help_text=help_text)


def _together(areas: Iterable[Mapping[str, Any]], name: str) -> list[str]:
    return [code for area in areas for code in area.get(name, ())]
