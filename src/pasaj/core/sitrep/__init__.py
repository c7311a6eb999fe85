"""What a situation report is made of, apart from where its facts come from and in which language it is said.

`facts` are plain values as `respond.queries.sitreps.facts` gathers them; docs/reference/sitrep.md has their shape.
"""

from pasaj.core.sitrep.carry import CARRIED, DRAFTED, EDITED, PARTS, carry
from pasaj.core.sitrep.change import Change, changes
from pasaj.core.sitrep.figures import Weighed, differing, weigh
from pasaj.core.sitrep.headline import Candidate, candidates
from pasaj.core.sitrep.short import Fitted, Line, fit
from pasaj.core.sitrep.softened import magnitude, softened

__all__ = [
    "CARRIED",
    "DRAFTED",
    "EDITED",
    "PARTS",
    "Candidate",
    "Change",
    "Fitted",
    "Line",
    "Weighed",
    "candidates",
    "carry",
    "changes",
    "differing",
    "fit",
    "magnitude",
    "softened",
    "weigh",
]
