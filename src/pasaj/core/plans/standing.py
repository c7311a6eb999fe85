"""Which tasks may open: prerequisites first, and protection before anything is enforced."""

from collections.abc import Iterable
from dataclasses import dataclass

ENDED = ("done", "dropped")


@dataclass(frozen=True, slots=True)
class Part:
    """A task as this looks at it. `acknowledged`: its institution has said that it has seen it."""

    action: str
    state: str
    after: tuple[str, ...] = ()
    protection: bool = False
    enforcement: bool = False
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What a task waits for: actions that are not done, and whether protection has not been acknowledged yet."""

    action: str
    waits_for: tuple[str, ...]
    waits_for_protection: bool

    @property
    def may_open(self) -> bool:
        return not self.waits_for and not self.waits_for_protection


def standings(parts: Iterable[Part], *, acknowledged: bool = False) -> dict[str, Standing]:
    """By action. A prerequisite that was dropped, or is no task of this activation, is not waited for.

    A task that enforces waits until a protection task is acknowledged or done, or `acknowledged` says that a
    protection institution has acknowledged the alert itself: the rule that help comes before control.
    """
    known = tuple(parts)
    open_yet = {one.action for one in known if one.state not in ENDED}
    seen = acknowledged or any(one.protection and (one.acknowledged or one.state == "done") for one in known)
    return {
        one.action: Standing(
            one.action,
            tuple(before for before in one.after if before in open_yet),
            one.enforcement and not seen,
        )
        for one in known
    }
