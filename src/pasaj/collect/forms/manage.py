"""Handing in forms and their files, and waivers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class FormUploadForm(forms.Form):
    file = forms.FileField(
        label=_("XLSForm (.xlsx)"),
        allow_empty_file=True,
        help_text=_("An Excel workbook with the sheets survey, choices and settings."),
    )
    publish = forms.BooleanField(
        label=_("Publish it at once if nothing stands against it"),
        required=False,
        help_text=_("Otherwise it is a draft: phones for testing are offered it, the others are not."),
    )


class MediaForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("With the name that the form uses. A file of the same name is replaced."),
    )


class WaiverForm(forms.Form):
    finding = forms.ChoiceField(label=_("What may be asked"))
    purpose = forms.CharField(
        label=_("Purpose"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text=_("What the answers are needed for, and who will read them."),
    )  # fmt: skip
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, findings: Sequence[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["finding"].choices = findings  # type: ignore[attr-defined]
        self.fields["until"].widget.attrs["min"] = today.isoformat()


class RedactionForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text=_("Why the answers must go, without repeating them: the reason stays."),
    )  # fmt: skip
