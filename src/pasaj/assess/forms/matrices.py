"""The choices above the matrices: what is no choice shows all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django import forms
from django.http import QueryDict

MOST_CHANGES = 3


class DayForm(forms.Form):
    day = forms.DateField()


def day_of(asked: QueryDict, today: date) -> date:
    """The day of the address; what is no day is today."""
    form = DayForm(asked)
    found: date = form.cleaned_data["day"] if form.is_valid() else today
    return found


def chosen(asked: QueryDict, name: str, allowed: Collection[str]) -> str:
    """A code of the address, if it is one of those there are."""
    wanted = asked.get(name, "")
    return wanted if wanted in allowed else ""


def count_of(asked: QueryDict) -> int:
    """How many changes are looked for; three unless another number is asked for."""
    wanted = asked.get("count", "")
    return int(wanted) if wanted in {str(one) for one in range(1, MOST_CHANGES)} else MOST_CHANGES
