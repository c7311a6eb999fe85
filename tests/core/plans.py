"""A small plan, as a file and as a value, for the tests of plans."""

from __future__ import annotations

from datetime import date

from pasaj.core.plans import Action, Known, Level, Mandated, Plan, Trigger

FILE = "plans/returns.toml"
TOML = """\
schema = 1
code = "returns"
version = "2026.1"
hazards = ["mass-returns"]
days = 14
review_date = 2027-06-30
source = "Working proposal"
verify = "every deadline"

[name]
fr = "Retours en grand nombre"
en = "Mass returns"

[promises]
approve = 2
first_task = 4.5

[[triggers]]
kind = "signal"
level = "orange"
measure = "returns"
direction = "up"
place = "crossing"
times = 3

[[triggers]]
kind = "alert"
level = "red"
hazard = "mass-returns"
severity = "severe"

[[levels]]
code = "orange"
colour = "orange"
name = {fr = "Orange", en = "Orange"}
when = {fr = "Trois fois le nombre attendu"}
actions = ["receive", "count"]

[[levels]]
code = "red"
name = {fr = "Rouge"}
when = {fr = "Cinq fois le nombre attendu"}
actions = ["receive", "count", "patrol"]

[[actions]]
code = "receive"
name = {fr = "Accueillir", en = "Receive"}
lead = "CELL"
support = ["IMM"]
function = "RESCUE"
hours = 2
protection = true
resources = {fr = "deux bus"}
roles = ["duty"]
source = "Proposal"
verify = "the hour"

[[actions]]
code = "count"
name = {fr = "Compter"}
lead = "IMM"
function = "CHECK"
hours = 4.5
after = ["receive"]
source = "Proposal"

[[actions]]
code = "patrol"
name = {fr = "Patrouiller"}
lead = "IMM"
function = "CHECK"
hours = 6
after = ["count"]
enforcement = true
source = "Proposal"
"""
ACTIONS = (
    Action(
        code="receive",
        names={"fr": "Accueillir", "en": "Receive"},
        lead="CELL",
        function="RESCUE",
        hours=2.0,
        support=("IMM",),
        resources={"fr": "deux bus"},
        protection=True,
        roles=("duty",),
        source="Proposal",
        verify="the hour",
    ),
    Action("count", {"fr": "Compter"}, "IMM", "CHECK", 4.5, after=("receive",), source="Proposal"),
    Action("patrol", {"fr": "Patrouiller"}, "IMM", "CHECK", 6.0, after=("count",), enforcement=True, source="Proposal"),
)
PLAN = Plan(
    code="returns",
    version="2026.1",
    names={"fr": "Retours en grand nombre", "en": "Mass returns"},
    hazards=("mass-returns",),
    triggers=(
        Trigger("signal", "orange", measure="returns", direction="up", place="crossing", times=3.0),
        Trigger("alert", "red", hazard="mass-returns", severity="severe"),
    ),
    levels=(
        Level(
            "orange",
            {"fr": "Orange", "en": "Orange"},
            {"fr": "Trois fois le nombre attendu"},
            ("receive", "count"),
            "orange",
        ),
        Level("red", {"fr": "Rouge"}, {"fr": "Cinq fois le nombre attendu"}, ("receive", "count", "patrol")),
    ),
    actions=ACTIONS,
    promises={"approve": 2.0, "first_task": 4.5},
    days=14,
    review_date=date(2027, 6, 30),
    source="Working proposal",
    verify="every deadline",
)
KNOWN = Known(
    measures={"returns": "both", "water": "down", "entries": "none"},
    mandates=(
        Mandated("RESCUE", "CELL", "support", last=date(2027, 12, 31)),
        Mandated("CHECK", "IMM", "lead", first=date(2000, 1, 1)),
        Mandated("CHECK", "AID", "informed"),
    ),
    protection=frozenset({"water"}),
    hazards=frozenset({"mass-returns"}),
)
