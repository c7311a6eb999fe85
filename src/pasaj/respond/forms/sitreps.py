"""What people say of a situation report: its moment, its texts, who gets it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pasaj.core import sitrep as core
from pasaj.notify.models import ContactRole, Mode
from pasaj.registry.models import Institution
from pasaj.respond.models import Sitrep

MOMENT = "%Y-%m-%dT%H:%M"
PARTS: Mapping[str, Any] = {
    "headline": _("Headline"),
    "situation": _("Situation"),
    "response": _("Response"),
    "needs": _("Needs and gaps"),
    "next": _("Next steps"),
}
ROWS = {"headline": 2, "situation": 14, "response": 7, "needs": 6, "next": 6}
MODES = (
    (Mode.ACTUAL, _("Actual")),
    (Mode.EXERCISE, _("Exercise")),
    (Mode.TEST, _("Test")),
)
EDITIONS = (
    ("whole", _("Whole (TLP:AMBER): figures, for named partners")),
    ("share", _("To be passed on (TLP:GREEN): counts in words, communes for crossings that are not public")),
)


class MomentField(forms.DateTimeField):
    """A moment in the zone of the home."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    input_formats = [MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class DraftForm(forms.Form):
    """A new one."""

    as_of = MomentField(
        label=_("As of"), help_text=_("Figures are taken as they were known at this moment. It is not in the future.")
    )
    previous = forms.ChoiceField(label=_("Starts from"), required=False)
    mode = forms.ChoiceField(label=_("Mode"), choices=MODES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Sitrep.objects.filter(state__in=("approved", "sent")).order_by("-as_of_at", "-number")
        codes = rows.values_list("code", flat=True)[:10]
        field = self.fields["previous"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("last", _("the latest that was approved")), *((one, one) for one in codes), ("", _("none"))]


class EditForm(forms.Form):
    """The parts in one language. `seen`: the revision before the eyes."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in core.PARTS:
            area = forms.Textarea(attrs={"rows": ROWS[part], "lang": language})
            self.fields[part] = forms.CharField(label=PARTS[part], required=False, widget=area, strip=True)
            self.fields[f"looked_{part}"] = forms.BooleanField(label=_("I have read it: it stays so"), required=False)


class SendForm(forms.Form):
    """Who gets which edition. Nothing chosen under one heading means all of it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    edition = forms.ChoiceField(label=_("Edition"), choices=EDITIONS, widget=forms.RadioSelect)
    institutions = forms.MultipleChoiceField(
        label=_("Institutions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = Institution.objects.filter(contacts__ended_at=None, contacts__isnull=False).distinct().order_by("code")
        roles = ContactRole.objects.filter(retired_at=None).order_by("code")
        for name, rows in (("institutions", told), ("roles", roles)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(one.code, str(one)) for one in rows]
