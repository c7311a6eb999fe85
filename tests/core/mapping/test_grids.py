"""Both matrices as rows and cells."""

from datetime import date

import pytest

from pasaj.core.mapping.exchange import STATES, Need, Statement, ties
from pasaj.core.mapping.grids import WEIGHTS, exchange_grid, mandate_grid
from pasaj.core.mapping.mandates import Mandate

DAY = date(2026, 3, 1)


@pytest.mark.req("R10.31")
def test_roles_of_a_day_by_function_and_institution() -> None:
    known = [
        Mandate("ENTRY", "B", "support", verify=True),
        Mandate("ENTRY", "A", "informed"),
        Mandate("ENTRY", "A", "lead", territory="N", verify=True),
        Mandate("ENTRY", "A", "informed", territory="N"),
        Mandate("ENTRY", "C", "lead", last=date(2026, 2, 28)),
        Mandate("SEA", "D", "lead", territory="N", first=DAY),
        Mandate("SEA", "C", "lead", first=date(2026, 3, 2)),
    ]
    grid = mandate_grid(known, ["IDLE", "SEA", "ENTRY"], ["D", "C", "B", "A"], DAY)
    assert grid.institutions == ("D", "B", "A")
    idle, sea, entry = grid.rows
    assert idle.cells == (None, None, None)
    assert [one and (one.roles, one.everywhere, one.verify) for one in sea.cells] == [
        (("lead",), False, False),
        None,
        None,
    ]
    d, b, a = entry.cells
    assert d is None
    assert b is not None
    assert (b.roles, b.everywhere, b.verify, b.institution) == (("support",), True, True, "B")
    assert a is not None
    assert (a.roles, a.everywhere, a.verify) == (("lead", "informed"), True, False)
    assert a.mandates == (known[2], known[1], known[3])


@pytest.mark.req("R10.32")
def test_exchange_by_layer_and_of_all_layers() -> None:
    said = [
        Statement("counts", "A", "B", "sender", exists=True, channels=("mail",)),
        Statement("counts", "A", "B", "receiver", exists=True, channels=("paper",)),
        Statement("alerts", "A", "B", "sender", exists=True),
        Statement("alerts", "A", "B", "receiver", exists=False),
        Statement("alerts", "C", "A", "sender", exists=False),
    ]
    found = ties(said, "ABCD", needs=[Need("cases", "B", "A")])
    grid = exchange_grid(found, "ABCD")
    assert (grid.senders, grid.receivers) == (("A", "B", "C"), ("A", "B"))
    shown = [[one and (one.state, one.layers, one.same, one.differs) for one in row.cells] for row in grid.rows]
    assert shown == [
        [None, ("confirmed", 2, False, True)],
        [("unanswered", 1, True, False), None],
        [("denied", 1, True, False), None],
    ]
    assert {state: count for state, count in grid.counts.items() if count} == {
        "confirmed": 1, "not_received": 1, "denied": 1, "unanswered": 1,
    }  # fmt: skip
    alerts = exchange_grid(found, "ABCD", "alerts")
    assert (alerts.senders, alerts.receivers) == (("A", "C"), ("A", "B"))
    assert alerts.rows[0].cells[1] is not None
    assert (alerts.rows[0].cells[1].state, alerts.rows[0].cells[1].ties) == ("not_received", (found[0],))
    assert exchange_grid(found, "ABCD", "none").rows == ()
    assert sorted(WEIGHTS) == sorted(STATES)
