"""A policy begun and changed; its rates and capacities; what is said of actions and indicators; lines of money."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pasaj.core.rounds.words import LANGUAGE_NAMES
from pasaj.policy.forms.statements import DAY, Choices, Spoken
from pasaj.policy.models import Commitment, CostLine, Policy
from pasaj.policy.queries import words
from pasaj.policy.services.money import CommitmentWanted, CostWanted
from pasaj.policy.services.policies import PolicyWanted

SPARE = 2
"""Empty themes under those there are."""


class PolicyForm(Spoken):
    """A policy. Its names, purpose and themes are asked for in the languages of the home."""

    spoken = {"purpose": _("What it is for")}

    institution = forms.ChoiceField(label=_("Institution that answers for it"))
    languages_of = forms.MultipleChoiceField(
        label=_("Languages it is to stand in"), widget=forms.CheckboxSelectMultiple
    )
    source = forms.ChoiceField(label=_("Source language"), help_text=_("The others are translated from it."))
    first = forms.DateField(label=_("Begins"), widget=DAY)
    last = forms.DateField(label=_("Ends"), widget=DAY)
    currency = forms.CharField(
        label=_("Currency"), min_length=3, max_length=3,
        help_text=_("Three letters, such as HTG. All sums are in it."),
    )  # fmt: skip
    minimum = forms.FloatField(
        label=_("Least certainty of findings"), min_value=0, max_value=1, initial=0,
        help_text=_("0 to 1; problems shall rest on findings at least so certain."),
    )  # fmt: skip

    def __init__(self, *args: Any, languages: Iterable[str], institutions: Choices, themes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(languages, rows=2)
        self.ask(languages, "purpose")
        self.offer("institution", institutions)
        tongues = [(one, LANGUAGE_NAMES.get(one, one)) for one in self.languages]
        self.offer("languages_of", tongues)
        self.offer("source", tongues)
        self.numbers = range(1, themes + SPARE + 1)
        for number in self.numbers:
            for language in self.languages:
                label = LANGUAGE_NAMES.get(language, language)
                widget = forms.TextInput(attrs={"lang": language})
                self.fields[f"theme{number}_{language}"] = forms.CharField(
                    label=label, required=False, max_length=240, widget=widget
                )
            self.fields[f"theme{number}_goal"] = forms.CharField(
                label=_("Sector or goal"), required=False, max_length=20, help_text=_("A code of the alignment list.")
            )

    @property
    def themes(self) -> list[tuple[int, list[forms.BoundField]]]:
        return [(one, [*self.in_tongues(f"theme{one}"), self[f"theme{one}_goal"]]) for one in self.numbers]

    @property
    def others(self) -> list[forms.BoundField]:
        return [one for one in super().others if not one.name.startswith("theme")]

    def wanted(self) -> PolicyWanted:
        data = self.cleaned_data
        source = data["source"]
        chosen = [source, *(one for one in data["languages_of"] if one != source)]
        themes = [
            (said, data[f"theme{one}_goal"]) for one in self.numbers if any((said := self.said(f"theme{one}")).values())
        ]
        return PolicyWanted(
            self.said(), data["institution"], chosen, data["first"], data["last"], data["currency"].upper(), themes,
            self.said("purpose"), data["minimum"],
        )  # fmt: skip

    @classmethod
    def initial_of(cls, row: Policy) -> dict[str, Any]:
        themes: dict[str, Any] = {}
        for one in row.themes.order_by("number"):
            themes |= {f"theme{one.number}_{language}": text for language, text in one.names.items()}
            themes[f"theme{one.number}_goal"] = one.goal
        return {
            "institution": row.institution.code, "languages_of": row.languages, "source": row.source_language,
            "first": row.first_date, "last": row.last_date, "currency": row.currency,
            "minimum": row.minimum_certainty, "seen": row.revision,
            **{f"text_{language}": text for language, text in row.names.items()},
            **{f"purpose_{language}": text for language, text in row.goals_text.items()}, **themes,
        }  # fmt: skip


class RateForm(forms.Form):
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)
    rate = forms.DecimalField(
        label=_("Worth"), decimal_places=8, max_digits=18, help_text=_("One unit of it in the currency of the policy.")
    )
    on = forms.DateField(label=_("Rate of"), widget=DAY)
    source = forms.CharField(label=_("Source"), max_length=240)


class CapacityForm(forms.Form):
    institution = forms.ChoiceField(label=_("Institution"))
    actions = forms.IntegerField(label=_("Actions at once"), min_value=0, max_value=1000)

    def __init__(self, *args: Any, institutions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["institution"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(institutions)


class ProgressForm(forms.Form):
    state = forms.ChoiceField(label=_("How it stands"), choices=list(words.ACTION_STATES.items()))
    note = forms.CharField(
        label=_("What was done, what stands in the way"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    on = forms.DateField(
        label=_("Done on"), required=False, widget=DAY, help_text=_("Only when it is done; empty means today.")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReadingForm(forms.Form):
    period_end = forms.DateField(label=_("Period that ended on"), widget=DAY)
    value = forms.DecimalField(label=_("Value"), decimal_places=4, max_digits=18)
    source = forms.CharField(label=_("Source"), max_length=240)


class CostForm(forms.Form):
    label = forms.CharField(label=_("What"), max_length=240)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(words.COST_KINDS.items()))
    quantity = forms.DecimalField(label=_("Quantity"), min_value=0, decimal_places=4, max_digits=18)
    unit = forms.CharField(label=_("Unit"), max_length=60)
    unit_cost = forms.DecimalField(label=_("Cost of a unit"), min_value=0, decimal_places=4, max_digits=18)
    periods = forms.DecimalField(
        label=_("Periods"), min_value=0, decimal_places=4, max_digits=18, initial=1,
        help_text=_("For example months of a salary; 1 for what is paid once."),
    )  # fmt: skip
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)
    item = forms.ChoiceField(label=_("Item of the price list"), required=False)
    justification = forms.CharField(
        label=_("Why the price differs"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    NAMES = ("label", "kind", "quantity", "unit", "unit_cost", "periods", "currency", "year", "item", "justification")

    def __init__(self, *args: Any, items: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *items]

    def wanted(self, action: str, code: str) -> CostWanted:
        return CostWanted(action, code=code, **{name: self.cleaned_data[name] for name in self.NAMES})

    @classmethod
    def initial_of(cls, row: CostLine) -> dict[str, Any]:
        return {name: getattr(row, name) for name in cls.NAMES}


class MoneyForm(forms.Form):
    funder = forms.CharField(label=_("Funder"), max_length=200, help_text=_("An institution, never a person."))
    amount = forms.DecimalField(label=_("Amount"), decimal_places=4, max_digits=18)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)
    state = forms.ChoiceField(label=_("How far it is"), choices=list(words.MONEY_STATES.items()))
    on = forms.DateField(label=_("Said on"), widget=DAY)
    source = forms.CharField(label=_("Source"), required=False, max_length=240)

    NAMES = ("funder", "amount", "currency", "year", "state", "source")

    def wanted(self, action: str, code: str) -> CommitmentWanted:
        data = self.cleaned_data
        return CommitmentWanted(action, code=code, on=data["on"], **{name: data[name] for name in self.NAMES})

    @classmethod
    def initial_of(cls, row: Commitment) -> dict[str, Any]:
        return {**{name: getattr(row, name) for name in cls.NAMES}, "on": row.dated_date}
