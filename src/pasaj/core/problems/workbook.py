"""Problems of an action plan that comes back as a workbook."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind("POL-060", N_("“{name}” is not a workbook of an action plan: {detail}."), N_(
        "Take the workbook from the page of the action plan, change it, and save it as .xlsx.")),
    Kind("POL-061", N_("“{name}” is larger than {limit} MB or has too many rows."), N_(
        "Take away what is not of the plan.")),
    Kind("POL-062", N_("This workbook is of {found}, not of {code}."), N_("Hand it in on the page of that policy.")),
    Kind("POL-063", N_("The sheet “{sheet}” lacks the column “{name}”."), N_(
        "Leave the first row as it was exported.")),
    Kind("POL-064", N_("“{value}” is text where a number belongs."), N_("Write digits only, without units or words.")),
    Kind("POL-065", N_("The formula in this cell has no value in the file."), N_(
        "Open the file in a spreadsheet, let it calculate, and save it again.")),
    Kind("POL-066", N_("The code {code} stands twice."), N_(
        "Leave the cell of a new row empty: it gets its code here.")),
    Kind("POL-067", N_("{code} was changed here since the workbook was looked at."), N_(
        "Hand the workbook in again and look at what would change."), 409),
    Kind("POL-068", N_("What was looked at is not known any more."), N_("Hand the workbook in again."), 409),
    Kind("POL-069", N_("There is no line {code} in this policy."), N_(
        "Leave the cell of a new row empty: it gets its code here.")),
    Kind("POL-070", N_("{code} was withdrawn here."), N_(
        "Take the row away, or write it as a new one without a code.")),
    Kind("POL-071", N_("“{value}” is no date."), N_("Write it as 2026-11-30.")),
)  # fmt: skip
