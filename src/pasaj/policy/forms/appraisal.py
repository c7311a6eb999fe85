"""What people say of an appraisal: its question, options, criteria, weights, and one judgement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pasaj.assess.forms.findings import Spoken
from pasaj.core import appraisal as core
from pasaj.core.rounds.words import LANGUAGE_NAMES
from pasaj.policy.models import Appraisal, Criterion, Judgement
from pasaj.policy.queries import appraisalwords as words
from pasaj.policy.queries.appraisal import FIGURE
from pasaj.policy.services.appraisal import AppraisalWanted, CriterionWanted
from pasaj.policy.services.judging import JudgementWanted

KINDS = Appraisal.Weights
COLUMNS = {KINDS.ORDER: ("tier",), KINDS.BOUNDS: ("low", "high"), KINDS.STATED: ("weight",)}
KINDS_OF_FIELD = (
    ("tier", _("place in the order")), ("low", _("at least, in percent")), ("high", _("at most, in percent")),
    ("weight", _("weight")),
)  # fmt: skip
SPACE = re.compile(r"[\s\u202f\xa0]")


class OptionForm(Spoken):
    """What an option is."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(languages)


class BeginForm(Spoken):
    """A new question: for which objective, and what happens when nothing is changed."""

    objective = forms.ChoiceField(label=_("Objective"))

    def __init__(self, *args: Any, languages: Iterable[str], objectives: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(languages)
        objective = self.fields["objective"]
        assert isinstance(objective, forms.ChoiceField)
        objective.choices = objectives
        for language in self.languages:
            area = forms.Textarea(attrs={"rows": 2, "lang": language})
            name = LANGUAGE_NAMES.get(language, language)
            self.fields[f"nothing_{language}"] = forms.CharField(label=name, required=False, widget=area)

    @property
    def nothings(self) -> list[forms.BoundField]:
        return [self[f"nothing_{language}"] for language in self.languages]

    @property
    def nothing(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"nothing_{language}"] for language in self.languages}


class AppraisalForm(Spoken):
    """The question, what is known of the weights, and how the draws are made."""

    weights_known = forms.ChoiceField(label=_("What is known of the weights"), choices=list(words.WEIGHTS.items()))
    floor = forms.IntegerField(
        label=_("First in at least so many percent"), min_value=0, max_value=100,
        help_text=_("Who chooses an option that is first in fewer of the draws writes why."),
    )  # fmt: skip
    draws = forms.IntegerField(label=_("Draws"), min_value=100, max_value=core.MOST_DRAWS)
    seed = forms.IntegerField(
        label=_("Seed"), min_value=0, max_value=2_000_000_000,
        help_text=_("The same question, seed and draws give the same answer."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, languages: Iterable[str], criteria: Iterable[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(languages)
        self.criteria = list(criteria)
        for one in self.criteria:
            name = words.criterion_name(one)
            for kind, label in KINDS_OF_FIELD:
                made = forms.IntegerField if kind == "tier" else forms.FloatField
                least = 1 if kind == "tier" else 0
                self.fields[f"{kind}_{one.code}"] = made(label=f"{name}: {label}", required=False, min_value=least)

    @property
    def rows(self) -> list[tuple[Criterion, list[tuple[Any, forms.BoundField]]]]:
        """Each criterion with its fields, and what a field is called beside its criterion."""
        return [(one, [(label, self[f"{kind}_{one.code}"]) for kind, label in KINDS_OF_FIELD]) for one in self.criteria]

    def wanted(self) -> AppraisalWanted:
        """The appraisal as it is asked for. Only the column of what is known counts."""
        data = self.cleaned_data
        return AppraisalWanted(
            self.said, data["weights_known"], self._weights(), data["draws"], data["seed"], data["floor"] / 100
        )

    def _weights(self) -> dict[str, object]:
        kind = self.cleaned_data["weights_known"]
        columns = COLUMNS.get(kind, ())
        found: dict[str, object] = {}
        for one in self.criteria:
            given = [self.cleaned_data.get(f"{column}_{one.code}") for column in columns]
            if all(value is None for value in given):
                continue
            if kind == KINDS.BOUNDS:
                low, high = given
                found[one.code] = [0.0 if low is None else low, 100.0 if high is None else high]
            else:
                found[one.code] = given[0]
        return found

    @classmethod
    def initial_of(cls, row: Appraisal) -> dict[str, Any]:
        said: dict[str, Any] = {f"text_{language}": text for language, text in row.text.items()}
        said |= {"weights_known": row.weights_known, "floor": round(row.floor * 100), "draws": row.draws}
        said |= {"seed": row.seed, "seen": row.revision}
        columns = COLUMNS.get(KINDS(row.weights_known), ())
        for code, given in row.weights.items():
            for column, value in zip(columns, given if isinstance(given, list) else [given], strict=False):
                said[f"{column}_{code}"] = value
        return said


class CriterionForm(Spoken):
    """One more criterion."""

    code = forms.RegexField(
        r"^[A-Za-z][A-Za-z0-9_]*$", label=_("Short name"), max_length=16,
        help_text=_("Letters and digits, such as COST."),
    )  # fmt: skip
    scale = forms.ChoiceField(label=_("Judged in"), choices=list(words.SCALES.items()))
    unit = forms.CharField(label=_("Unit"), required=False, max_length=60)
    points = forms.CharField(
        label=_("What a figure is worth"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A line each: a figure = its value from 0 (worst) to 1 (best). Two lines make a straight line."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(languages)

    def clean_points(self) -> list[tuple[float, float]]:
        """Points as pairs of numbers."""
        found = []
        for line in filter(str.strip, self.cleaned_data["points"].splitlines()):
            try:
                figure, value = (float(SPACE.sub("", part).replace(",", ".")) for part in line.split("="))
            except ValueError:
                text = _("“%(line)s” is not a figure = its value.")
                raise forms.ValidationError(text, params={"line": line[:60]}) from None
            found.append((figure, value))
        return found

    def wanted(self) -> CriterionWanted:
        """The criterion as it is asked for."""
        data = self.cleaned_data
        points = data["points"] if data["scale"] == FIGURE else []
        return CriterionWanted(data["code"], self.said, data["scale"], points, data["unit"])


def _plain(value: Any) -> Any:
    """A figure without decimals that say nothing, as a person types it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class JudgementForm(forms.Form):
    """A judgement of one option on one criterion."""

    word = forms.ChoiceField(label=_("Judgement"), required=False)
    value = forms.FloatField(label=_("Figure"), required=False)
    low = forms.FloatField(label=_("At least"), required=False, help_text=_("Both, where it lies between two figures."))
    high = forms.FloatField(label=_("At most"), required=False)
    sigma = forms.FloatField(
        label=_("Standard deviation"), required=False, min_value=0,
        help_text=_("Instead of the two, where it is known."),
    )  # fmt: skip
    certainty = forms.ChoiceField(
        label=_("How certain the evidence is"), required=False, choices=[("", words.NONE), *words.CERTAINTIES.items()]
    )
    evidence = forms.CharField(
        label=_("Evidence"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Codes of findings, figures, signals, reports or legal texts, apart by spaces or lines."),
    )  # fmt: skip
    note = forms.CharField(label=_("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    dissent = forms.CharField(
        label=_("Dissent"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Which institution sees it otherwise, and how."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word = self.fields["word"]
        assert isinstance(word, forms.ChoiceField)
        word.choices = [("", words.NONE), *words.options_of(criterion.scale)]
        self.figure = criterion.scale == FIGURE
        if self.figure:
            word.label = _("Or, where nobody knows the figure")
        else:
            for name in ("value", "low", "high", "sigma"):
                del self.fields[name]

    def wanted(self) -> JudgementWanted:
        """The judgement as it is asked for."""
        data = dict(self.cleaned_data)
        data.pop("seen")
        data["evidence"] = tuple(filter(None, re.split(r"[\s,;]+", data["evidence"])))
        return JudgementWanted(**data)

    @classmethod
    def initial_of(cls, row: Judgement | None) -> dict[str, Any]:
        if row is None:
            return {"seen": 0}
        names = ("word", "value", "low", "high", "sigma", "certainty", "note", "dissent")
        said = {name: _plain(getattr(row, name)) for name in names}
        return {**said, "evidence": "\n".join(row.evidence), "seen": row.revision}
