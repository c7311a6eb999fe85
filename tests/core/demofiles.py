"""A small policy of a demonstration, file by file."""

from __future__ import annotations

from core.packs import FULL

FOLDER = "policy/demo/"
HEAD, THEME, INDICATORS, FOLLOWING, DOCUMENT, CONSULTATION = (
    f"{FOLDER}{name}.toml" for name in ("policy", "theme1", "indicators", "following", "document", "consultation")
)


def both(text: str, key: str = "text") -> str:
    return f'{key}.fr = "{text}"\n{key}.en = "{text}"\n'


FILES = {
    HEAD: f"""\
schema = 1
source = "Invented"
[policy]
institution = "CELL"
languages = ["fr", "en"]
begun = 2025-01-14T10:00:00
first = 2025-01-01
last = 2028-12-31
currency = "XOF"
label = "demo"
invented = "Invented for the demonstration"
{both("Politique", "name")}{both("But", "purpose")}
[[theme]]
goal = "GCM-11"
{both("Droits")}
[capacities]
IMM = 3
[rates]
currency = "USD"
on = 2025-01-10
source = "Invented"
by_year = {{ 2025 = "600.50", 2026 = 610 }}
[[version]]
at = 2025-03-14T15:00:00
note = "La première"
[[version]]
note = "Après l'évaluation"
""",
    THEME: f"""\
theme = 1
[[problem]]
code = "PB1.1"
grounds = ["L-1"]
figures = [{{ series = "NL.returns", first = 2024-12-01, last = 2024-12-31 }}]
later_figures = [{{ series = "NL.water", first = 2025-09-01, last = 2025-09-01 }}]
findings = ["critical:A"]
rights = ["vie"]
groups = ["familles"]
{both("Rien n'est prêt")}
[[objective]]
code = "O1.1"
problems = ["PB1.1"]
goals = ["GCM-07"]
{both("Tout est prêt")}
[[measure]]
code = "M1.1"
kind = "protection"
objectives = ["O1.1"]
function = "CHECK"
lead = "IMM"
support = ["CELL"]
basis = ["L-1"]
{both("Accueillir")}
[[measure]]
code = "M1.2"
kind = "enforcement"
objectives = ["O1.1"]
lead = "IMM"
safeguards = ["M1.1"]
{both("Contrôler")}
[[action]]
code = "A1.1.1"
owner = "IMM"
first = 2025-04-01
last = 2025-08-31
{both("Équiper")}{both("Deux radios", "deliverable")}
[[action.costs]]
kind = "capital"
label = "Radio"
quantity = 2
unit = "radio"
unit_cost = "640.50"
currency = "USD"
years = [2025]
[[action]]
code = "A1.2.1"
since = 2
owner = "CELL"
first = 2025-09-01
last = 2026-08-31
needs = ["A1.1.1"]
recommendations = ["critical:A"]
{both("Former")}{both("Dix", "deliverable")}
[[action.costs]]
kind = "recurrent"
label = "Agent"
quantity = 1.5
unit = "mois"
unit_cost = 100
periods = 12
currency = "XOF"
years = [2025, 2026]
""",
    INDICATORS: f"""\
[[indicator]]
code = "I1"
measures = "O1.1"
unit = "%"
direction = "up"
baseline = 0
baseline_on = 2024-12-31
target = "90.5"
target_on = 2028-12-31
every_days = 91
source_name = "Rapport"
denominator = "personnes"
readings = [{{ on = 2025-06-30, value = 12 }}]
{both("Part")}{both("Sur cent", "definition")}
[[indicator]]
code = "I2"
since = 2
measures = "A1.2.1"
unit = "points"
direction = "hold"
target = 3
target_on = 2028-12-31
every_days = 365
finding = "critical:A"
value = "score"
{both("Note")}{both("Du point", "definition")}
""",
    FOLLOWING: f"""\
[[progress]]
action = "A1.1.1"
at = 2025-05-05T09:00:00
state = "running"
note = "Commencé"
[[commitment]]
action = "A1.1.1"
funder = "Trésor"
amount = "500.00"
currency = "XOF"
year = 2025
state = "paid"
on = 2025-02-20
[[moved]]
what = "figure"
series = "NL.water"
day = 2025-09-01
factor = 0.8
note = "Recompté"
[[moved]]
what = "finding"
finding = "critical:A"
{both("Autrement")}
[[moved]]
what = "objective"
code = "O1.1"
{both("Tout est prêt en mars")}
""",
    DOCUMENT: f"""\
[[term]]
code = "referral"
{both("Orientation", "name")}{both("Vers qui aide", "meaning")}
[[clause]]
code = "C1.1"
measures = ["M1.1"]
{both("Un texte")}
[[clause]]
code = "C1.1"
since = 2
{both("Un autre")}
""",
    CONSULTATION: f"""\
[[consultation]]
kind = "public"
first = 2025-02-05
last = 2025-02-28
closed = 2025-03-07T16:00:00
{both("Lecture", "name")}{both("Que dites-vous ?", "about")}
[[consultation.comment]]
institution = "IMM"
at = 2025-02-14T11:00:00
clause = "C1.1"
text = "Plus court"
outcome = "partly"
answer = "Un peu"
[[consultation.reply]]
institution = "IMM"
at = 2025-02-20T09:00:00
[[consultation.reply.change]]
clause = "C1.1"
{both("Ceci", "old")}{both("Cela", "new")}
outcome = "accepted"
answer = "Oui"
[[consultation.reply.remark]]
clause = "C1.1"
on = "Ceci"
text = "Quoi ?"
outcome = "rejected"
answer = "Cela"
""",
}
LISTED = {"LICENCES.md": " ".join([FULL["LICENCES.md"], *FILES])}
ALL = {**FILES, **LISTED}
