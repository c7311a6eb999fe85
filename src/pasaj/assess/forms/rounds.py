from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pasaj.access.models import Account
from pasaj.access.rules import Actor
from pasaj.assess.models import FrameworkVersion, Round
from pasaj.assess.services.rounds import Scope, Wanted
from pasaj.collect.models import AppUser
from pasaj.registry import queries as registry

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RoundForm(forms.Form):
    """What a round looks at, by which framework, and when."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("What is looked at, and when."))
    framework = forms.ModelChoiceField(
        FrameworkVersion.objects.none(),
        label=_("Framework"),
        help_text=_("The round stays with this version, whatever comes after it."),
    )
    starts = forms.DateField(label=_("From"), widget=DATE)
    ends = forms.DateField(label=_("To"), widget=DATE)
    country = forms.BooleanField(
        label=_("The country itself"), required=False, initial=True,
        help_text=_("Laws, strategies and what the services share."),
    )  # fmt: skip
    institutions = forms.MultipleChoiceField(
        label=_("Institutions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    crossings = forms.MultipleChoiceField(
        label=_("Crossing points"), required=False, widget=forms.CheckboxSelectMultiple
    )
    photos = forms.BooleanField(
        label=_("Photos of things"),
        required=False,
        help_text=_(
            "Assessors may add a photo of equipment or premises, never of people. Where it was taken is removed."
        ),
    )

    mapping = forms.BooleanField(
        label=_("Ask the institutions about each other"),
        required=False,
        help_text=_("Two more forms: whom each tells what, and which role it has in what. Each answers for itself."),
    )
    partners = forms.MultipleChoiceField(
        label=_("Only asked about themselves"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Institutions that answer about exchange and roles and are not assessed."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, country: str, row: Round | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country_code = country
        framework = self.fields["framework"]
        assert isinstance(framework, forms.ModelChoiceField)
        framework.queryset = FrameworkVersion.objects.filter(
            state=FrameworkVersion.State.PUBLISHED, framework__retired_at=None
        ).order_by("framework__code", "-pk")
        if row is not None:  # it stays with its framework
            del self.fields["framework"]
            if row.state != Round.State.DRAFT:
                del self.fields["photos"]
        self._offer("institutions", [(one.code, str(one)) for one in registry.institutions(actor)])
        self._offer("partners", [(one.code, str(one)) for one in registry.institutions(actor)])
        self._offer("crossings", [(one.code, str(one)) for one in registry.crossings(actor)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices

    def wanted(self, row: Round | None = None) -> Wanted:
        """The round as it is asked for."""
        data = self.cleaned_data
        return Wanted(
            title=data["title"],
            starts=data["starts"],
            ends=data["ends"],
            scope=Scope(
                country=self.country_code if data["country"] else "",
                institutions=tuple(data["institutions"]),
                partners=tuple(data["partners"]),
                crossings=tuple(data["crossings"]),
            ),
            photos=data.get("photos", row.pictures if row else False),
            mapping=data["mapping"],
        )


class AssessorForm(forms.Form):
    """Who answers, by key or account, and about what; or about what somebody answers who does already."""

    who = forms.ChoiceField(label=_("Key, account or assessor"))
    units = forms.MultipleChoiceField(
        label=_("Only about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: about everything in the round."),
    )

    def __init__(
        self, *args: Any, keys: list[AppUser], accounts: list[Account], assessors: list[tuple[str, str]],
        units: list[tuple[str, str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.keys = {f"key:{one.code}": one for one in keys}
        self.accounts = {f"account:{one.pk}": one for one in accounts}
        self.assessors = {f"assessor:{code}": code for code, _who in assessors}
        who, bound = self.fields["who"], self.fields["units"]
        assert isinstance(who, forms.ChoiceField)
        assert isinstance(bound, forms.MultipleChoiceField)
        who.choices = [
            ("", "–"),
            (_("Keys of phones"), [(name, f"{one.name} ({one.code})") for name, one in self.keys.items()]),
            (_("Accounts"), [(name, one.email) for name, one in self.accounts.items()]),
            (_("Assessors of this round"), [(f"assessor:{code}", f"{code} {who}") for code, who in assessors]),
        ]
        bound.choices = units

    @property
    def assessor(self) -> str:
        """The code of the assessor that is chosen; empty for a new one."""
        return self.assessors.get(self.cleaned_data["who"], "")

    def chosen(self) -> dict[str, Any]:
        """app_user or account, and the units."""
        who = self.cleaned_data["who"]
        return {
            "app_user": self.keys.get(who),
            "account": self.accounts.get(who),
            "units": self.cleaned_data["units"],
        }


class SettleForm(forms.Form):
    """What a cell is held to be, and why."""

    value = forms.ChoiceField(label=_("Settled as"), required=False, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands beside the answers of the assessors, which stay."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, values: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        value = self.fields["value"]
        assert isinstance(value, forms.ChoiceField)
        value.choices = values
