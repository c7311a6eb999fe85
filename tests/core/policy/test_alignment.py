"""The crosswalk of objectives and goals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from core.policy import seeds, whole

from pasaj.core.policy.alignment import Reach, crosswalk
from pasaj.core.policy.view import Goal

GOALS = (
    Goal("GCM-11", "Compact", compact=True),
    Goal("GCM-12", "Compact", compact=True),
    Goal("SDG-1", "Agenda", "related"),
    Goal("SDG-2", "Agenda", "related"),
)


@pytest.mark.req("R12.58")
def test_what_serves_each_goal_and_what_nothing_serves() -> None:
    compact, agenda = crosswalk(whole.view().policy, GOALS)
    borders, screening = compact.goals
    assert (compact.name, agenda.name) == ("Compact", "Agenda")
    assert borders.objectives == ("P1-O1.1", "P1-O1.2")
    assert borders.measures == ("P1-M1.1", "P1-M1.2", "P1-M1.3")  # one serves both objectives and stands once
    assert (borders.actions, borders.done, borders.reach, borders.gap) == (6, 0, Reach.MEASURED, False)
    assert (screening.objectives, screening.reach, screening.gap) == ((), Reach.NONE, True)
    assert [one.goal.code for one in compact.gaps] == ["GCM-12"]
    assert compact.counts == {Reach.NONE: 1, Reach.NAMED: 0, Reach.MEASURED: 1, Reach.DONE: 0}
    assert agenda.gaps == ()  # what is only related is no gap
    assert agenda.goals[1].reach == Reach.NONE


def test_how_far_a_goal_is_served() -> None:
    view = whole.view()
    done = seeds.put(view, "actions", 0, state="done").policy
    assert [one.reach for one in crosswalk(done, GOALS[:1])[0].goals] == [Reach.DONE]
    dropped = seeds.put(view, "actions", 0, state="dropped").policy
    assert crosswalk(dropped, GOALS[:1])[0].goals[0].actions == 5
    alone = replace(view.policy, measures=())
    assert crosswalk(alone, GOALS[:1])[0].goals[0].reach == Reach.NAMED
    assert crosswalk(alone, ()) == ()
