"""What people say of findings and recommendations. Texts are asked for in each language of the home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pasaj.assess.models import Finding, Recommendation
from pasaj.assess.queries.findingwords import EFFORTS, HORIZONS, SEVERITIES
from pasaj.assess.services import findings, recommendations
from pasaj.core.rounds.words import LANGUAGE_NAMES

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
AREA = {"rows": 3}
SURE = [("low", _("low: 0.3")), ("medium", _("medium: 0.6")), ("high", _("high: 0.9"))]


class Spoken(forms.Form):
    """A form with one text in several languages."""

    def ask(self, languages: Iterable[str]) -> None:
        self.languages = tuple(languages)
        for language in self.languages:
            name = LANGUAGE_NAMES.get(language, language)
            area = forms.Textarea(attrs={**AREA, "lang": language})
            self.fields[f"text_{language}"] = forms.CharField(label=name, required=False, widget=area)

    @property
    def texts(self) -> list[forms.BoundField]:
        return [self[f"text_{language}"] for language in self.languages]

    @property
    def said(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"text_{language}"] for language in self.languages}


class FindingForm(Spoken):
    """A finding as a person says it."""

    severity = forms.TypedChoiceField(
        label=_("Severity"), coerce=int, choices=list(SEVERITIES.items()),
        help_text=_("How grave it is, if it is so."),
    )  # fmt: skip
    sure = forms.ChoiceField(
        label=_("Certainty"),
        required=False,
        choices=[("", _("as it stands")), *SURE],
    )
    part = forms.IntegerField(label=_("Concerned"), min_value=0, max_value=100_000, help_text=_("How many …"))
    whole = forms.IntegerField(label=_("Of"), min_value=1, max_value=100_000, help_text=_("… of how many"))
    rights = forms.BooleanField(label=_("Rights of people are affected"), required=False)
    rights_affected = forms.CharField(
        label=_("Which rights"), required=False, max_length=400,
        help_text=_("For example: family unity, information in a language they understand."),
    )  # fmt: skip
    institution = forms.ChoiceField(label=_("Institution that owns it"), required=False)
    wording = forms.CharField(
        label=_("Only the wording changes, because"), required=False, max_length=400,
        help_text=_("Leave it empty when the meaning changes. Else a second person confirms it on the trace page."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, languages: Iterable[str], institutions: list[tuple[str, str]], new: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ask(languages)
        institution, sure = self.fields["institution"], self.fields["sure"]
        assert isinstance(institution, forms.ChoiceField)
        assert isinstance(sure, forms.ChoiceField)
        institution.choices = [("", "–"), *institutions]
        if new:
            del self.fields["wording"]
            sure.choices = SURE

    def wanted(self) -> findings.Wanted:
        """The finding as it is asked for."""
        data = self.cleaned_data
        names = ("severity", "sure", "part", "whole", "rights", "rights_affected", "institution")
        return findings.Wanted(self.said, **{name: data[name] for name in names}, wording=data.get("wording", ""))

    @classmethod
    def initial_of(cls, row: Finding) -> dict[str, Any]:
        said = {f"text_{language}": text for language, text in row.statement.items()}
        return {
            **said, "severity": row.severity, "part": round(row.reach_part), "whole": round(row.reach_whole),
            "rights": row.rights, "rights_affected": row.rights_affected,
            "institution": row.institution.code if row.institution else "", "seen": row.revision,
        }  # fmt: skip


class LinkForm(forms.Form):
    """What a finding rests on besides."""

    target = forms.CharField(
        label=_("Code, receipt or cell"), max_length=220,
        help_text=_("A signal (SG-…), a figure (FG-…), the receipt of a report, or a cell as UNIT/INDICATOR."),
    )  # fmt: skip
    claim = forms.CharField(
        label=_("What the statement needs of the number"), max_length=240, required=False,
        help_text=_("For example “score < 2”. As long as it holds, a recount asks nobody. May stay empty."),
    )  # fmt: skip
    note = forms.CharField(label=_("Why"), max_length=400, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class RecommendationForm(Spoken):
    """What is recommended."""

    findings = forms.MultipleChoiceField(label=_("Findings it answers to"), widget=forms.CheckboxSelectMultiple)
    institution = forms.ChoiceField(
        label=_("Institution that does it"), required=False, help_text=_("Needed before it is adopted.")
    )
    horizon = forms.ChoiceField(label=_("Horizon"), choices=list(HORIZONS.items()))
    due = forms.DateField(label=_("Until"), widget=DATE)
    effort = forms.ChoiceField(label=_("Effort"), choices=list(EFFORTS.items()))
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        languages: Iterable[str],
        institutions: list[tuple[str, str]],
        answerable: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ask(languages)
        institution, chosen = self.fields["institution"], self.fields["findings"]
        assert isinstance(institution, forms.ChoiceField)
        assert isinstance(chosen, forms.MultipleChoiceField)
        institution.choices = [("", "–"), *institutions]
        chosen.choices = list(answerable.items())

    def wanted(self) -> recommendations.Wanted:
        """The recommendation as it is asked for."""
        data = self.cleaned_data
        names = ("findings", "horizon", "due", "effort", "institution")
        return recommendations.Wanted(self.said, **{name: data[name] for name in names})

    @classmethod
    def initial_of(cls, row: Recommendation) -> dict[str, Any]:
        said = {f"text_{language}": text for language, text in row.text.items()}
        return {
            **said, "findings": [one.code for one in row.findings.all()], "horizon": row.horizon, "due": row.due_date,
            "effort": row.effort, "institution": row.institution.code if row.institution else "", "seen": row.revision,
        }  # fmt: skip
