"""What people say of clauses: texts, places, what they realise, suggestions, terms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pasaj.assess.forms.findings import Spoken
from pasaj.policy.models import Clause

Choices = list[tuple[str, Any]]
KINDS: Choices = [
    (Clause.Kind.TEXT, _("Text")),
    (Clause.Kind.HEADING, _("Heading")),
    (Clause.Kind.ANNEX, _("Annex")),
    (Clause.Kind.MEASURES, _("Measures, from the plan")),
    (Clause.Kind.TABLE, _("A part drawn from data")),
]


class TextForm(forms.Form):
    """The text of a clause in one language."""

    text = forms.CharField(
        label=_("Text"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "An empty line parts paragraphs. A line that begins with “- ” or “1. ” is a list. **strong**, *emphasis*, "
            "[words](https://…)."
        ),
    )  # fmt: skip
    note = forms.CharField(label=_("What changed and why"), required=False, max_length=400)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    merged = forms.BooleanField(widget=forms.HiddenInput, required=False)
    reference = forms.CharField(required=False, max_length=300)

    def __init__(self, *args: Any, language: str, head: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.widget.attrs["lang"] = language
        if head:
            field.widget.attrs["rows"] = 2
            field.help_text = _("A heading is one line.")


class ClauseForm(Spoken):
    """A new clause."""

    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS)
    part = forms.ChoiceField(label=_("Which part"), required=False, help_text=_("Only for a part drawn from data."))
    theme = forms.ChoiceField(label=_("Theme"), required=False, help_text=_("Only for measures, problems, objectives."))
    place = forms.ChoiceField(label=_("Where"))

    def __init__(
        self, *args: Any, tongues: Iterable[str], names: Choices, themes: Choices, places: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ask(tongues)
        for field, choices in (("part", [("", "–"), *names]), ("theme", [("", "–"), *themes]), ("place", places)):
            chosen = self.fields[field]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = choices


class RealiseForm(forms.Form):
    """Which measures and objectives a clause puts into words."""

    measures = forms.MultipleChoiceField(label=_("Measures"), required=False, widget=forms.CheckboxSelectMultiple)
    objectives = forms.MultipleChoiceField(label=_("Objectives"), required=False, widget=forms.CheckboxSelectMultiple)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, measures: Choices, objectives: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, choices in (("measures", measures), ("objectives", objectives)):
            chosen = self.fields[field]
            assert isinstance(chosen, forms.MultipleChoiceField)
            chosen.choices = choices


class SuggestionForm(forms.Form):
    """Another text for a clause."""

    text = forms.CharField(label=_("Your text"), strip=False, widget=forms.Textarea(attrs={"rows": 10}))
    reason = forms.CharField(label=_("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["lang"] = language


class TermForm(forms.Form):
    """A word that the policy defines, in each language."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Short, for references: {{term:alone}}."))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, tongues: Iterable[tuple[str, str]], known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tongues = tuple(tongues)
        for language, name in self.tongues:
            said = {"lang": language}
            self.fields[f"name_{language}"] = forms.CharField(
                label=_("Word, {language}").format(language=name), required=False, max_length=200,
                widget=forms.TextInput(attrs=said),
            )  # fmt: skip
            self.fields[f"meaning_{language}"] = forms.CharField(
                label=_("Meaning, {language}").format(language=name), required=False, max_length=2000,
                widget=forms.Textarea(attrs={**said, "rows": 2}),
            )  # fmt: skip
        if known:
            self.fields["code"].widget = forms.HiddenInput()

    def said(self, what: str) -> dict[str, str]:
        """Names or meanings by language."""
        return {language: self.cleaned_data[f"{what}_{language}"] for language, _name in self.tongues}
