"""What people write into the statements of a policy. Texts are asked for in each language of the policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from pasaj.core.rounds.words import LANGUAGE_NAMES
from pasaj.policy.models import Action, Indicator, Measure, Objective, Problem
from pasaj.policy.queries import words
from pasaj.policy.services.wanted import (
    ActionWanted,
    IndicatorWanted,
    MeasureWanted,
    ObjectiveWanted,
    ProblemWanted,
    Wanted,
)

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
FEW = 15
"""Up to so many choices are boxes to tick, more are a list to choose several from."""
Choices = Sequence[tuple[str, Any]]
SEVERAL = _("Hold Ctrl (on a Mac: ⌘) to choose several.")


def lines(text: str) -> tuple[str, ...]:
    """One thing a line."""
    return tuple(found for one in text.splitlines() if (found := one.strip()))


class Spoken(forms.Form):
    """A form with texts in several languages; `seen` is the revision before the person's eyes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def ask(self, languages: Iterable[str], name: str = "text", rows: int = 3) -> None:
        """A field for each language: text_fr, text_ht, …"""
        self.languages = tuple(languages)
        for language in self.languages:
            area = forms.Textarea(attrs={"rows": rows, "lang": language})
            label = LANGUAGE_NAMES.get(language, language)
            self.fields[f"{name}_{language}"] = forms.CharField(label=label, required=False, widget=area)

    def in_tongues(self, name: str) -> list[forms.BoundField]:
        return [self[f"{name}_{language}"] for language in self.languages]

    def said(self, name: str = "text") -> dict[str, str]:
        return {language: self.cleaned_data[f"{name}_{language}"] for language in self.languages}

    def offer(self, name: str, choices: Choices, *, empty: str = "") -> None:
        """Give a field what can be chosen."""
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = [("", empty), *choices] if empty else list(choices)
        if isinstance(field, forms.MultipleChoiceField):
            few = len(choices) <= FEW
            field.widget = forms.CheckboxSelectMultiple() if few else forms.SelectMultiple(attrs={"size": 10})
            field.widget.choices = field.choices
            if not few and not field.help_text:
                field.help_text = SEVERAL

    @property
    def texts(self) -> list[forms.BoundField]:
        return self.in_tongues("text")

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields that are not texts in several languages, in their order."""
        tongues = {f"{name}_{language}" for name in ("text", *self.spoken) for language in self.languages}
        return [one for one in self.visible_fields() if one.name not in tongues]

    @property
    def more_texts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(label, self.in_tongues(name)) for name, label in self.spoken.items()]

    spoken: dict[str, Any] = {}


class StatementForm(Spoken):
    """What every kind of statement is asked."""

    wording = forms.CharField(
        label=_("Only the wording changes, because"), required=False, max_length=400,
        help_text=_("Leave it empty when the meaning changes. Else a second person confirms it on the trace page."),
    )  # fmt: skip

    def __init__(self, *args: Any, languages: Iterable[str], offers: dict[str, Choices], new: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.ask(languages)
        for name in self.spoken:
            self.ask(languages, name, 2)
        for name, choices in offers.items():
            empty = "–" if name in self.may_be_none else ""
            self.offer(name, choices, empty=empty)
        if new:
            del self.fields["wording"]
        else:  # last, after all that it is about
            self.fields["wording"] = self.fields.pop("wording")

    may_be_none: tuple[str, ...] = ()

    def wanted(self) -> Wanted:
        raise NotImplementedError


class ProblemForm(StatementForm):
    theme = forms.TypedChoiceField(label=_("Theme"), coerce=int)
    findings = forms.MultipleChoiceField(
        label=_("Findings it arises from"), required=False,
    )  # fmt: skip
    documents = forms.MultipleChoiceField(label=_("Documents it cites"), required=False)
    codes = forms.CharField(
        label=_("Other evidence"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Codes of figures (FG-…), signals (SG-…) or reports, one a line."),
    )  # fmt: skip
    rights = forms.CharField(
        label=_("Rights affected"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line. For example: family unity."),
    )  # fmt: skip
    groups = forms.CharField(
        label=_("Whom it affects"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Groups, one a line, never a person."),
    )  # fmt: skip

    def wanted(self) -> ProblemWanted:
        data = self.cleaned_data
        found = (*data["findings"], *data["documents"], *lines(data["codes"]))
        return ProblemWanted(data["theme"], self.said(), found, lines(data["rights"]), lines(data["groups"]))

    @classmethod
    def initial_of(cls, row: Problem, findings: set[str], documents: set[str]) -> dict[str, Any]:
        """findings, documents: the codes that the form offers."""
        return {
            "theme": row.theme.number, "findings": [code for code in row.findings if code in findings],
            "documents": [code for code in row.findings if code in documents],
            "codes": "\n".join(code for code in row.findings if code not in findings | documents),
            "rights": "\n".join(row.rights), "groups": "\n".join(row.groups),
        }  # fmt: skip


class ObjectiveForm(StatementForm):
    theme = forms.TypedChoiceField(label=_("Theme"), coerce=int)
    problems = forms.MultipleChoiceField(label=_("Problems it addresses"))
    goals = forms.MultipleChoiceField(label=_("Aligned with"), required=False)

    def wanted(self) -> ObjectiveWanted:
        data = self.cleaned_data
        return ObjectiveWanted(data["theme"], self.said(), data["problems"], data["goals"])

    @classmethod
    def initial_of(cls, row: Objective) -> dict[str, Any]:
        return {
            "theme": row.theme.number, "problems": [one.code for one in row.problems.all()],
            "goals": [one.code for one in row.goals.all()],
        }  # fmt: skip


class MeasureForm(StatementForm):
    may_be_none = ("lead", "function", "territory")

    theme = forms.TypedChoiceField(label=_("Theme"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(words.MEASURE_KINDS.items()))
    objectives = forms.MultipleChoiceField(label=_("Objectives it serves"))
    lead = forms.ChoiceField(label=_("Institution that leads"), required=False)
    support = forms.MultipleChoiceField(label=_("Institutions that support"), required=False)
    consulted = forms.MultipleChoiceField(label=_("Institutions that are consulted"), required=False)
    informed = forms.MultipleChoiceField(label=_("Institutions that are informed"), required=False)
    function = forms.ChoiceField(
        label=_("Function"), required=False, help_text=_("What its lead must be mandated to do.")
    )
    territory = forms.ChoiceField(label=_("Territory"), required=False, help_text=_("Empty: the whole country."))
    basis = forms.MultipleChoiceField(label=_("Legal basis"), required=False)
    safeguards = forms.MultipleChoiceField(
        label=_("Measures that protect people where this one enforces"), required=False
    )
    option = forms.CharField(
        label=_("Chosen as option"), required=False, max_length=32, help_text=_("The code of the option it was.")
    )

    def wanted(self) -> MeasureWanted:
        data = self.cleaned_data
        shares = [(data["lead"], "lead")] if data["lead"] else []
        shares += [(code, part) for part in ("support", "consulted", "informed") for code in data[part]]
        names = ("function", "territory", "basis", "safeguards", "option")
        return MeasureWanted(
            data["theme"], self.said(), data["kind"], data["objectives"], shares, **{name: data[name] for name in names}
        )

    @classmethod
    def initial_of(cls, row: Measure) -> dict[str, Any]:
        shares: dict[str, list[str]] = {part: [] for part in words.PARTS}
        for one in row.institutions.select_related("institution").order_by("pk"):
            shares[one.part].append(one.institution.code)
        return {
            "theme": row.theme.number, "kind": row.kind, "option": row.option,
            "lead": next(iter(shares["lead"]), ""), **{part: shares[part] for part in shares if part != "lead"},
            "function": row.function.code if row.function else "",
            "territory": row.territory.code if row.territory else "",
            **{name: [one.code for one in getattr(row, name).all()] for name in ("objectives", "basis", "safeguards")},
        }  # fmt: skip


class ActionForm(StatementForm):
    may_be_none = ("adopts",)
    spoken = {"deliverable": _("What there is to show when it is done")}

    measure = forms.ChoiceField(label=_("Measure it implements"))
    owner = forms.ChoiceField(label=_("Institution that owns it"))
    first = forms.DateField(label=_("Begins"), widget=DAY)
    last = forms.DateField(label=_("Ends"), widget=DAY)
    needs = forms.MultipleChoiceField(label=_("Actions that must be done before"), required=False)
    recommendations = forms.MultipleChoiceField(label=_("Recommendations it follows up"), required=False)
    adopts = forms.ChoiceField(
        label=_("Instrument it adopts"), required=False, help_text=_("When the action is to adopt a legal text.")
    )
    personal_data = forms.BooleanField(label=_("It handles personal data"), required=False)
    assessment = forms.CharField(label=_("Data-protection assessment"), required=False, max_length=240)
    shares_data = forms.BooleanField(label=_("It shares data between institutions"), required=False)
    agreement = forms.CharField(label=_("Sharing agreement"), required=False, max_length=40)

    def wanted(self) -> ActionWanted:
        data = self.cleaned_data
        names = ("needs", "recommendations", "adopts", "personal_data", "assessment", "shares_data", "agreement")
        return ActionWanted(
            data["measure"], self.said(), data["owner"], data["first"], data["last"], self.said("deliverable"),
            **{name: data[name] for name in names},
        )  # fmt: skip

    @classmethod
    def initial_of(cls, row: Action) -> dict[str, Any]:
        names = ("personal_data", "assessment", "shares_data", "agreement", "recommendations")
        return {
            "measure": row.measure.code, "owner": row.owner.code, "first": row.first_date, "last": row.last_date,
            "needs": [one.code for one in row.needs.all()], "adopts": row.adopts.code if row.adopts else "",
            **{name: getattr(row, name) for name in names},
            **{f"deliverable_{language}": text for language, text in row.deliverable.items()},
        }  # fmt: skip


class IndicatorForm(StatementForm):
    spoken = {"definition": _("Definition: what is counted, and how")}

    measures = forms.ChoiceField(label=_("Action or objective it measures"))
    unit = forms.CharField(label=_("Unit"), max_length=60, required=False)
    direction = forms.ChoiceField(label=_("Direction"), choices=list(words.DIRECTIONS.items()))
    denominator = forms.CharField(
        label=_("Per cent of what"), required=False, max_length=240, help_text=_("Only for shares.")
    )
    baseline = forms.DecimalField(label=_("Baseline"), required=False, decimal_places=4, max_digits=18)
    baseline_on = forms.DateField(label=_("Baseline of"), required=False, widget=DAY)
    baseline_source = forms.CharField(label=_("Source of the baseline"), required=False, max_length=240)
    target = forms.DecimalField(label=_("Target"), required=False, decimal_places=4, max_digits=18)
    target_on = forms.DateField(label=_("Target for"), required=False, widget=DAY)
    every_days = forms.IntegerField(label=_("Observed every so many days"), required=False, min_value=1, max_value=3660)
    origin = forms.ChoiceField(label=_("Where it is read"), required=False, choices=list(words.ORIGINS.items()))
    figure = forms.CharField(
        label=_("Figure"), required=False, max_length=40, help_text=_("The code of a figure (FG-…) computed here.")
    )
    source_name = forms.CharField(label=_("Source"), required=False, max_length=240)
    personal_data = forms.BooleanField(label=_("It handles personal data"), required=False)

    NAMES = (
        "measures", "unit", "direction", "baseline", "baseline_on", "baseline_source", "target", "target_on",
        "every_days", "origin", "source_name", "figure", "denominator", "personal_data",
    )  # fmt: skip

    def wanted(self) -> IndicatorWanted:
        data = self.cleaned_data
        return IndicatorWanted(
            text=self.said(), definition=self.said("definition"), **{name: data[name] for name in self.NAMES}
        )

    @classmethod
    def initial_of(cls, row: Indicator) -> dict[str, Any]:
        renamed = {"measures": row.measured, "baseline_on": row.baseline_date, "target_on": row.target_date}
        own = {name: getattr(row, name) for name in cls.NAMES if name not in renamed}
        return {
            **own, **renamed, **{f"definition_{language}": text for language, text in row.definition.items()}
        }  # fmt: skip


FORMS: dict[str, type[StatementForm]] = {
    "problem": ProblemForm,
    "objective": ObjectiveForm,
    "measure": MeasureForm,
    "action": ActionForm,
    "indicator": IndicatorForm,
}
