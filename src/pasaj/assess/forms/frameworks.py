"""The filters above the indicators, the two versions to compare, and the file that is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

UNITS = {"country": _("Country"), "institution": _("Institution"), "crossing_point": _("Crossing point")}
LEVELS = {
    "intra": _("Inside one service"),
    "inter": _("Between services"),
    "international": _("With other countries"),
}
MARKS = {
    "critical": _("Critical"),
    "rights": _("Concerns rights"),
    "condition": _("Applies only to some"),
}


class IndicatorFilter(forms.Form):
    """Indicators of one unit, level or mark; anything else in the address shows all."""

    unit = forms.ChoiceField(label=_("Asked of"), required=False, choices=[("", _("All units")), *UNITS.items()])
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[("", _("All levels")), *LEVELS.items()])
    mark = forms.ChoiceField(label=_("Mark"), required=False, choices=[("", _("All indicators")), *MARKS.items()])

    @property
    def chosen(self) -> dict[str, str]:
        """What was asked for, as the question takes it."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name, "")) for name in ("unit", "level", "mark")}


class ComparisonForm(forms.Form):
    """Two versions of a framework by name."""

    before = forms.ChoiceField(label=_("From version"))
    after = forms.ChoiceField(label=_("To version"))

    def __init__(self, *args: Any, versions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            self.fields[name].choices = [(one, one) for one in versions]  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Workbook (.xlsx) or tables (.zip)"),
        allow_empty_file=True,
        help_text=_("With the sheets framework, pillars, sources and indicators, as a framework leaves from its page."),
    )
