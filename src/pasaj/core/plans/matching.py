"""Which level of a plan something proposes. A person decides whether it is activated."""

from dataclasses import dataclass

from pasaj.core.plans.shapes import SEVERITIES, Level, Plan, Trigger


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal or an alert, as a trigger looks at it. times: the count by the expected one; 0: not known."""

    kind: str
    measure: str = ""
    direction: str = ""
    place: str = ""
    times: float = 0.0
    protection: bool = False
    hazard: str = ""
    severity: str = ""


def proposed(plan: Plan, sign: Sign) -> Level | None:
    """The highest level that a trigger of the plan names for this; None: the plan says nothing of it."""
    wanted = {one.level for one in plan.triggers if _meets(one, sign)}
    return next((one for one in reversed(plan.levels) if one.code in wanted), None)


def _meets(trigger: Trigger, sign: Sign) -> bool:
    if trigger.kind != sign.kind:
        return False
    if trigger.kind == "alert":
        enough = sign.severity in SEVERITIES[SEVERITIES.index(trigger.severity) :]
        return trigger.hazard == sign.hazard and enough
    return (
        trigger.measure in ("", sign.measure)
        and (sign.protection or not trigger.protection)
        and trigger.direction in ("any", sign.direction)
        and trigger.place in ("any", sign.place)
        and trigger.times <= sign.times
    )
