"""When a decision needs a reason in writing, because the appraisal does not carry it by itself."""

from enum import StrEnum

from pasaj.core.appraisal.appraising import Appraised

FLOOR = 0.5
"""First in fewer than half of the draws: another weighting than the chooser's would have chosen otherwise."""


class Against(StrEnum):
    """What stands against choosing an option."""

    VETOED = "vetoed"
    IN_DOUBT = "in_doubt"
    RARELY_FIRST = "rarely_first"


def against(appraised: Appraised, option: str, floor: float = FLOOR) -> tuple[Against, ...]:
    """Everything that stands against choosing `option`; without a word against it no reason is demanded.

    Raises LookupError for an option that the appraisal does not know.
    """
    if any(one.option == option for one in appraised.vetoes):
        return (Against.VETOED,)
    if option not in appraised.options:
        raise LookupError(option)
    doubt = (Against.IN_DOUBT,) if any(one.option == option for one in appraised.doubts) else ()
    return (*doubt, Against.RARELY_FIRST) if appraised.first(option) < floor else doubt
