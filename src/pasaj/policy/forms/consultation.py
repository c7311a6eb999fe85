"""What people fill in to run a round and to answer one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pasaj.policy.models import Comment, Disposition
from pasaj.policy.queries import consultation as words

Pairs = Sequence[tuple[str, str]]
AREA = forms.Textarea(attrs={"rows": 3})
LARGE = forms.Textarea(attrs={"rows": 8})
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NAMES = dict(settings.LANGUAGES)


def _pairs(found: dict[str, str]) -> list[tuple[str, Any]]:
    return [(code, _(word)) for code, word in found.items()]


def choose(form: forms.Form, name: str, pairs: Pairs) -> None:
    """Give a field its choices."""
    form.fields[name].choices = list(pairs)  # type: ignore[attr-defined]


class RoundForm(forms.Form):
    """A round: its name and question in each language of the policy."""

    kind = forms.ChoiceField(label=_("Who is asked"), choices=_pairs(words.KINDS))
    institutions = forms.MultipleChoiceField(
        label=_("Institutions that are asked"), required=False, widget=forms.CheckboxSelectMultiple
    )
    channels = forms.MultipleChoiceField(
        label=_("Ways to answer"), choices=_pairs(words.CHANNELS), widget=forms.CheckboxSelectMultiple
    )
    first = forms.DateField(label=_("First day"), widget=DATE)
    last = forms.DateField(label=_("Last day"), widget=DATE)

    def __init__(self, *args: Any, languages: Sequence[str], institutions: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "institutions", institutions)
        for at, one in enumerate(languages):
            name = NAMES.get(one, one)
            self.fields[f"name_{one}"] = forms.CharField(
                label=_("Name ({language})").format(language=name), required=at == 0, max_length=200
            )
            self.fields[f"about_{one}"] = forms.CharField(
                label=_("What is asked ({language})").format(language=name),
                required=False,
                widget=AREA,
                max_length=2000,
            )

    def said(self, prefix: str) -> dict[str, str]:
        """The texts of a kind, by language."""
        return {
            name.removeprefix(f"{prefix}_"): str(text)
            for name, text in self.cleaned_data.items()
            if name.startswith(f"{prefix}_") and text
        }


class ProlongForm(forms.Form):
    """Another last day."""

    last = forms.DateField(label=_("Last day"), widget=DATE)


class CommentForm(forms.Form):
    """A comment on a clause or on the whole. How long it may be is said by the service, in its words."""

    clause = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Your comment"),
        widget=LARGE,
        help_text=_("At most 4,000 signs. Say what should be otherwise and why; name no person."),
    )

    def __init__(self, *args: Any, clauses: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "clause", [("", str(_("The text as a whole"))), *clauses])


class OpenForm(CommentForm):
    """The same for somebody without an account."""

    group = forms.ChoiceField(
        label=_("Who you are"),
        required=False,
        choices=[(one.value, _(words.GROUPS[one.value])) for one in Comment.Group],
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=80,
        help_text=_("Only the cell sees it, and it is deleted when the round closes. You need not say it."),
    )


class OwnerForm(forms.Form):
    """For which institution."""

    institution = forms.ChoiceField(label=_("Institution"))

    def __init__(self, *args: Any, institutions: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "institution", institutions)


class AccountForm(CommentForm):
    """A comment by account, for one of one's institutions."""

    institution = forms.ChoiceField(label=_("For"))
    field_order = ("institution", "clause", "text")

    def __init__(self, *args: Any, institutions: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "institution", institutions)


class ReplyForm(OwnerForm):
    """A Word file and who sent it."""

    file = forms.FileField(
        label=_("Word file"), help_text=_("The file of this round with your changes, .docx, at most 10 MB.")
    )


class MinutesForm(OwnerForm):
    """A line a comment."""

    text = forms.CharField(
        label=_("What was said, a line each"),
        widget=LARGE,
        help_text=_("“CODE: [P1-C2] what was said”: the institution and the clause can be left out."),
    )

    def __init__(self, *args: Any, institutions: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, institutions=[("", str(_("Each line says it"))), *institutions], **kwargs)
        self.fields["institution"].required = False
        self.order_fields(["text", "institution"])


class InviteForm(OwnerForm):
    """For whom a link is."""

    label = forms.CharField(
        label=_("For whom"), max_length=120, help_text=_("An organisation or a function, never a name of a person.")
    )

    def __init__(self, *args: Any, institutions: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, institutions=[("", str(_("None of these"))), *institutions], **kwargs)
        self.fields["institution"].required = False
        self.order_fields(["label", "institution"])


class DisposeForm(forms.Form):
    """What was done with a comment."""

    outcome = forms.ChoiceField(
        label=_("What is done"), choices=[(one.value, _(words.OUTCOMES[one.value])) for one in Disposition.Outcome]
    )
    reason = forms.CharField(label=_("Why"), widget=AREA, max_length=2000)
    clause = forms.ChoiceField(label=_("Clause in which it shows"), required=False)
    revision = forms.IntegerField(label=_("Its revision"), required=False, min_value=1, max_value=1_000_000)

    def __init__(self, *args: Any, clauses: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "clause", [("", "–"), *clauses])


class TrayForm(forms.Form):
    """Where a part of a reply belongs."""

    clause = forms.ChoiceField(label=_("Clause"), required=False)
    text = forms.CharField(label=_("Text"), required=False, widget=LARGE)
    reason = forms.CharField(label=_("Why it is set aside"), required=False, max_length=2000)

    def __init__(self, *args: Any, clauses: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "clause", [("", str(_("The text as a whole"))), *clauses])
