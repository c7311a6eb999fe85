"""The fields above the lists of the pack browser."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from pasaj.core.pack.places import INSTITUTION_KINDS
from pasaj.registry.templatetags.registry import word


class InstitutionFilter(forms.Form):
    """Institutions of one kind; anything else in the address shows all of them."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All kinds")), *((kind, word(kind)) for kind in INSTITUTION_KINDS)]

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data["kind"]) if self.is_valid() else ""


class PersonFilter(forms.Form):
    """People by a part of their name or address; anything else in the address shows all of them."""

    q = forms.CharField(
        label=_("Name or e-mail address"),
        required=False,
        max_length=150,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )

    @property
    def text(self) -> str:
        return str(self.cleaned_data["q"]) if self.is_valid() else ""
