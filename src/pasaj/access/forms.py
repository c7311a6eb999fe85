from __future__ import annotations

from datetime import date
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pasaj.access.models import Account
from pasaj.access.queries import audit_actions
from pasaj.core.periods import FIRST_YEAR, LAST_YEAR


class AccountForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As colleagues read it beside what you do."),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    theme = forms.ChoiceField(label=_("Colours"), choices=Account.Theme.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [("", _("As the country pack says")), *settings.LANGUAGES]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("The program that will use it, for example “Monthly notebook”."),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=_("Works for"),
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("1 year"))],
        coerce=int,
        initial=90,
    )
    may_write = forms.BooleanField(
        label=_("It may write"),
        help_text=_("Else it only reads. A program that writes acts in your name, in everything that you may do."),
        required=False,
    )


class Day(forms.DateField):
    """A date whose neighbours are dates too, in every time zone."""

    def to_python(self, value: Any) -> date | None:
        found: date | None = super().to_python(value)
        if found and not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class AuditForm(forms.Form):
    """What to search the log for. A field that makes no sense is told, and the others still count."""

    from_date = Day(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    to_date = Day(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    who = forms.CharField(
        label=_("Who"), required=False, max_length=150, widget=forms.TextInput({"autocomplete": "off"})
    )
    action = forms.ChoiceField(label=_("What"), required=False)
    code = forms.CharField(
        label=_("Code"), required=False, max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        action = self.fields["action"]
        assert isinstance(action, forms.ChoiceField)
        action.choices = [("", _("Everything")), *audit_actions()]


class EraseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Stays in the log. Do not repeat the values here."),
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey. allauth stores a credential of `0` unread, and whoever has one cannot sign in any more."""

    def clean_credential(self) -> dict[str, Any]:
        found = self.cleaned_data["credential"]
        if not isinstance(found, dict):
            raise get_adapter().validation_error("incorrect_code")
        return found
