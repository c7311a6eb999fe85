from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from pasaj.respond.services.external import Wanted


class SourceForm(forms.Form):
    """A source of alerts of another service."""

    code = forms.CharField(label=_("Code"), help_text=_("Capital letters, digits and hyphens."), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=150)
    url = forms.CharField(
        label=_("Address"),
        help_text=_("Of an Atom or RSS feed of CAP messages, or of one message."),
        max_length=500,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off"}),
    )
    pinned = forms.CharField(
        label=_("Fingerprints of its certificates"),
        help_text=_(
            "One a line (SHA-256), as the service gave them to you on another way. Without them anybody on the way "
            "could write in its name; with them only signed messages become signals."
        ),
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    minutes = forms.IntegerField(label=_("Minutes between two questions"), initial=10, min_value=1, max_value=1440)

    def wanted(self) -> Wanted:
        """What was typed, for the service."""
        given = self.cleaned_data
        lines = tuple(line.strip() for line in given["pinned"].splitlines() if line.strip())
        return Wanted(given["code"].strip(), given["name"], given["url"].strip(), lines, given["minutes"])
