"""The sentences that say why a verdict was given. English msgids with `{name}` places, as problems have them."""

from collections.abc import Mapping
from types import MappingProxyType

from pasaj.core.problems.kind import N_

REASONS: Mapping[str, str] = MappingProxyType(
    {
        # Scope
        "scope_unknown": N_("It is not known whether the protocol speaks of these persons."),
        "scope_disputed": N_("The two countries disagree whether the protocol speaks of these persons."),
        # Hours
        "in_hours": N_("{receiving} here and {handing} there: within the hours."),
        "out_of_hours": N_("{receiving} here and {handing} there: outside the hours."),
        "clocks_differ": N_("{receiving} here and {handing} there: within the hours by one clock only."),
        "holiday_differs": N_("{day} is a holiday of one country only: the short hours apply by one reading only."),
        "no_time": N_("The hour is not known."),
        "no_calendar": N_("The holidays of {countries} in {year} are not known."),
        "clock_change": N_("The clocks changed in this hour."),
        # Place
        "listed_point": N_("{place} is one of the official points."),
        "unlisted_point": N_("{place} is not one of the official points."),
        "other_place": N_("The persons were handed over away from the official points."),
        "no_place": N_("The point is not known."),
        "place_contradicts": N_("{place} is an official point, and the report says it was another place."),
        # Families
        "families_together": N_("No family was separated."),
        "families_apart": N_("Families were separated."),
        "families_counted": N_("Families separated: {count}."),
        "families_contradict": N_("The report contradicts itself on how many families were separated."),
        "no_families": N_("It is not known whether families stayed together."),
        # Answers
        "answers_met": N_("Answered as the clause asks."),
        "answers_against": N_("Answered against the clause: {questions}."),
        "no_answers": N_("Not answered: {questions}."),
        # Announced by another source
        "list_covers": N_("{announced} persons were announced for that day, {returned} were handed over."),
        "list_none": N_("The authorities that receive the lists report none for that day."),
        "list_shorter": N_("Only {announced} persons were announced for that day, {returned} were handed over."),
        "list_uncompared": N_(
            "{announced} persons were announced for that day; not all who were handed over were counted."
        ),
        "no_list": N_("The authorities that receive the lists have not reported on that day."),
        # Posts
        "post_there": N_("An inspection post is on record or was seen."),
        "post_missing": N_("No inspection post was seen, and none is on record."),
        "post_contradicts": N_("An inspection post is on record, and the report says there was none."),
        "no_post": N_("It is not known whether there is an inspection post."),
    }
)
