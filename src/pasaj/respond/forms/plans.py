"""What people say when they activate a plan, decide, ask for something, or write down what was learnt."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pasaj.assess.queries.findingwords import SEVERITIES

AREA = forms.Textarea(attrs={"rows": 3})
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
Pairs = list[tuple[str, str]]
LONGEST = 2000


def _choose(form: forms.Form, name: str, pairs: Pairs) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = pairs


class ActivateForm(forms.Form):
    """A plan, for an alert, at a level."""

    alert = forms.ChoiceField(label=_("Alert"), help_text=_("Only an alert that is published activates a plan."))
    level = forms.ChoiceField(label=_("Level"))
    reason = forms.CharField(label=_("Why"), required=False, max_length=LONGEST, widget=AREA)

    def __init__(self, *args: Any, alerts: Pairs, levels: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "alert", alerts)
        _choose(self, "level", levels)


class Reasoned(forms.Form):
    """Anything that needs a reason."""

    reason = forms.CharField(label=_("Why"), max_length=LONGEST, widget=AREA)


class LevelForm(Reasoned):
    """Another level of the plan."""

    level = forms.ChoiceField(label=_("Level"))
    field_order = ("level", "reason")

    def __init__(self, *args: Any, levels: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "level", levels)


class ProlongForm(Reasoned):
    """A later end."""

    ends = forms.DateField(label=_("New end"), widget=DATE)
    field_order = ("ends", "reason")


class DecisionForm(Reasoned):
    """What was decided."""

    text = forms.CharField(
        label=_("What was decided"), max_length=LONGEST, widget=AREA, help_text=_("No names of travellers.")
    )
    field_order = ("text", "reason")


class RequestForm(forms.Form):
    """What one institution asks of another."""

    asking = forms.ChoiceField(label=_("For"))
    asked = forms.ChoiceField(label=_("Asked of"))
    what = forms.CharField(label=_("What"), max_length=200, help_text=_("Things or people in office, never persons."))
    quantity = forms.DecimalField(label=_("How much"), min_value=0, max_digits=12, decimal_places=2)
    unit = forms.CharField(label=_("Unit"), max_length=40)
    needed_at = forms.DateTimeField(label=_("Needed by"), widget=MOMENT, input_formats=["%Y-%m-%dT%H:%M"])

    def __init__(self, *args: Any, asking: Pairs, asked: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "asking", asking)
        _choose(self, "asked", [("", "–"), *asked])


class ReviewForm(forms.Form):
    """What happened, in the words of those who were there."""

    text = forms.CharField(
        label=_("What happened"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What went well, what did not, and why. No names of persons."),
    )  # fmt: skip


class LessonForm(forms.Form):
    """One thing that was learnt."""

    lesson = forms.CharField(label=_("Lesson"), max_length=LONGEST, widget=AREA)
    function = forms.ChoiceField(label=_("Function"), required=False)
    institution = forms.ChoiceField(label=_("Institution"), required=False)

    def __init__(self, *args: Any, functions: Pairs, institutions: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "function", [("", "–"), *functions])
        _choose(self, "institution", [("", "–"), *institutions])


class AdoptForm(forms.Form):
    """A lesson becomes a finding of a round."""

    round = forms.ChoiceField(label=_("Round"))
    severity = forms.TypedChoiceField(label=_("Severity"), coerce=int, choices=list(SEVERITIES.items()), initial=2)

    def __init__(self, *args: Any, rounds: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "round", rounds)


class TaskForm(forms.Form):
    """What is done with a task."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST, widget=AREA, help_text=_("No names of travellers.")
    )
    institution = forms.ChoiceField(label=_("Give it to"), required=False)

    def __init__(self, *args: Any, institutions: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "institution", [("", "–"), *institutions])
