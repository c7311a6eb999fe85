from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pasaj.access.rules import Actor
from pasaj.collect.models import Form
from pasaj.registry import queries as registry

DAYS = [(30, _("30 days")), (90, _("90 days")), (365, _("1 year")), (730, _("2 years"))]


class KeyForm(forms.Form):
    """Who or what gets a key, and what may be sent with it."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Of the person or the device, as the cell will read it beside each report."),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    crossing = forms.ChoiceField(label=_("Crossing"), required=False)
    form = forms.ChoiceField(label=_("Form"), required=False)
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    days = forms.TypedChoiceField(label=_("Works for"), choices=DAYS, coerce=int, initial=365)
    testing = forms.BooleanField(
        label=_("Tries out drafts"),
        help_text=_("Is offered forms before they are published. What is sent with them feeds no figure."),
        required=False,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        crossings = [(row.code, str(row)) for row in registry.crossings(actor)]
        institutions = [(row.code, str(row)) for row in registry.institutions(actor)]
        open_forms = [(row.form_id, str(row)) for row in Form.objects.filter(closed_at=None).order_by("form_id")]
        self._offer("crossing", [("", _("Any place")), *crossings])
        self._offer("form", [("", _("Every form")), *open_forms])
        self._offer("institution", [("", _("Not stated")), *institutions])
        self._offer("language", [("", _("As the country pack says")), *settings.LANGUAGES])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
