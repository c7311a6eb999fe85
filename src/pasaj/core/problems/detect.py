"""Problems of detection: refused calls (DETECT-0xx) and reasons for no answer (DETECT-1xx)."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "DETECT-001",
        N_("No method is called “{method}”."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "DETECT-002",
        N_("The series do not fit together: {detail}"),
        N_("Give counts as series by time, and one time for each column."),
    ),
    Kind(
        "DETECT-003",
        N_("A count is below zero or not finite (series {series}, time {time})."),
        N_("Correct the figure: a count is zero or more. A missing one stays empty."),
    ),
    Kind(
        "DETECT-004",
        N_("The times do not rise: {detail}"),
        N_("Give each period once, in order. A missing period is an empty count."),
    ),
    Kind(
        "DETECT-005",
        N_("The method {method} has no setting “{control}”."),
        N_("Its settings are: {allowed}."),
    ),
    Kind(
        "DETECT-006",
        N_("The setting {control} is {value}."),
        N_("Allowed: {allowed}."),
    ),
    Kind(
        "DETECT-007",
        N_("There is no complete run {code} whose answers were kept."),
        N_("See pasaj status or the list of detection runs. Runs of one named method keep no answers."),
    ),
    Kind(
        "DETECT-008",
        N_("{code} gives other answers now. Versions that differ: {changed}."),
        N_("Compare on the machine and with the versions of the run; the holidays of the pack count too."),
    ),
    Kind(
        "DETECT-160",
        N_("The measure {measure} alerts on nothing, so there is nothing to try."),
        N_("Set alert_on for it in measures.csv of the pack."),
    ),
    Kind(
        "DETECT-161",
        N_("There is no backtest for the cadence “{value}”."),
        N_("Use one of: {allowed}."),
    ),
    Kind(
        "DETECT-162",
        N_("{value} periods cannot be judged."),
        N_("Judge {least} to {most}."),
    ),
    Kind(
        "DETECT-163",
        N_("No figure of the measure {measure} has been reported with this cadence."),
        N_("Choose another measure or cadence."),
    ),
    Kind(
        "DETECT-101",
        N_("The history is too short to say what is usual."),
        N_("It answers by itself once enough periods are reported."),
    ),
    Kind(
        "DETECT-102",
        N_("Earlier periods were not reported, so there is nothing to compare with."),
        N_("Enter the missing counts, or allow gaps in the settings of the measure."),
    ),
    Kind(
        "DETECT-103",
        N_("This period was not reported."),
        N_("Enter the count, or see the list of silent posts."),
    ),
    Kind(
        "DETECT-104",
        N_("The earlier counts are all equal, so no usual spread can be computed."),
        N_("Set a smallest spread in the settings of the measure."),
    ),
    Kind(
        "DETECT-110",
        N_("Too few of the same weeks of earlier years were reported."),
        N_("Enter the missing counts, or compare with fewer seasons or wider windows."),
    ),
    Kind(
        "DETECT-111",
        N_("There were too few cases lately for an alarm to mean anything."),
        N_("Lower the smallest number of cases in the settings of the measure, if single cases matter."),
    ),
    Kind(
        "DETECT-112",
        N_("One of the last periods was not reported, so it is not known whether there were enough cases."),
        N_("Enter the missing counts of the last periods."),
    ),
    Kind(
        "DETECT-113",
        N_("The model found no stable answer for this history."),
        N_("It answers by itself once cases are reported; a simpler method can watch the series until then."),
    ),
    Kind(
        "DETECT-114",
        N_("The estimate is too uncertain to set a bound."),
        N_("Use another kind of threshold, or wait for more history."),
    ),
    Kind(
        "DETECT-130",
        N_("Nothing was ever counted in the earlier periods, so there is no level to compare with."),
        N_("It answers once something has been counted. Until then, use a fixed threshold."),
    ),
    Kind(
        "DETECT-131",
        N_("No seasonal curve could be fitted to the earlier counts."),
        N_("Use their mean as the level, or give the level."),
    ),
    Kind(
        "DETECT-132",
        N_("No level was given for this period."),
        N_("Give a level, or have it estimated from the earlier counts."),
    ),
    Kind(
        "DETECT-133",
        N_("Too few earlier days are complete to say how late reports come."),
        N_("It answers by itself once enough days are complete."),
    ),
    Kind(
        "DETECT-134",
        N_("Nothing was reported lately, so nothing is known of how late reports come."),
        N_("It answers by itself once something is reported; a longer window may hold older reports."),
    ),
    Kind(
        "DETECT-135",
        N_("Nothing of this day is known yet."),
        N_("Wait for the first reports of the day."),
    ),
    Kind(
        "DETECT-140",
        N_("The table to scan does not hold a whole count for every place and period: {detail}"),
        N_("Leave places with missing counts out, or enter the counts."),
    ),
    Kind(
        "DETECT-141",
        N_("Zone {zone} is not a list of different places among the {locations} of the table."),
        N_("Give each zone at least one place, each place once, by its number from 0."),
    ),
    Kind(
        "DETECT-142",
        N_("The setting {setting} of the scan is {value}."),
        N_("It can be {least} to {most}."),
    ),
    Kind(
        "DETECT-145",
        N_("A p-value is not between 0 and 1: {value}"),
        N_("Give p-values as the methods return them; a missing one stays empty."),
    ),
    Kind(
        "DETECT-146",
        N_("The setting {setting} of the control of false alerts is {value}."),
        N_("Allowed: {allowed}."),
    ),
    Kind(
        "DETECT-147",
        N_("The reports do not make a triangle of days and delays: {detail}"),
        N_("Give one row a day, oldest first, one column a delay; only what cannot be known yet stays empty."),
    ),
    Kind(
        "DETECT-148",
        N_("The setting {setting} of the nowcast is {value}."),
        N_("Allowed: {allowed}."),
    ),
    Kind(
        "DETECT-150",
        N_("This method judges daily counts, one a day without a hole in the days."),
        N_("Give one count a day, an empty one where nothing was reported, or take a method for weeks or months."),
    ),
    Kind(
        "DETECT-151",
        N_("No model could be fitted to the earlier counts."),
        N_("Look at the earlier counts for figures that cannot be right, or take another method."),
    ),
    Kind(
        "DETECT-152",
        N_("The kinds of days do not fit the series."),
        N_("Give one whole number a day: 0 for an ordinary day, 1 or more for a kind of special day."),
    ),
    Kind(
        "DETECT-153",
        N_("Counts this low cannot fall by an unusual amount."),
        N_("Watch rises only; the list of silent posts tells who does not report."),
    ),
)
