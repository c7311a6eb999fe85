"""What the coherence rules of a policy say. The first two digits of a number are the item it comes from."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "COH-011", N_("{code} serves no objective that stands."), N_("Say which objective it serves, or withdraw it.")
    ),
    Kind(
        "COH-012", N_("{code} addresses no problem that stands."), N_("Say which problem it addresses, or withdraw it.")
    ),
    Kind("COH-013", N_("{code} arises from no finding."), N_("Link the finding or the document it arises from.")),
    Kind(
        "COH-014",
        N_("{code} arises from {finding}, and nothing stands any more on which {finding} rested."),
        N_("Support the finding again, or hang the problem on another."),
    ),
    Kind("COH-021", N_("No measure serves {code}."), N_("Write a measure for it, or withdraw the objective.")),
    Kind(
        "COH-022",
        N_("Nothing is done for {code}: it has no action, or all of them were dropped."),
        N_("Write an action with an owner and dates."),
    ),
    Kind(
        "COH-023",
        N_("{code} has nothing to show for it: no deliverable and no indicator."),
        N_("Say what there will be when it is done, or measure it."),
    ),
    Kind("COH-024", N_("No objective addresses {code}."), N_("Write an objective for it, or withdraw the problem.")),
    Kind("COH-025", N_("The theme {code} has no measure."), N_("Write one, or take the theme out of the policy.")),
    Kind("COH-031", N_("Actions wait for each other in a circle: {circle}."), N_("Take one of these links away.")),
    Kind(
        "COH-032",
        N_("Measures protect people from each other in a circle: {circle}."),
        N_("Name a safeguard outside the circle."),
    ),
    Kind(
        "COH-041",
        N_("The finding {code}, of severity {severity}, is addressed by no problem."),
        N_("Write a problem that arises from it, or record why it is not addressed, signed by an approver."),
    ),
    Kind(
        "COH-042",
        N_("{code} arises from {finding}, which is recorded as not addressed."),
        N_("Take the record back, or the link."),
    ),
    Kind(
        "COH-051",
        N_("{code} rests on {parent}, which was withdrawn."),
        N_("Look at the link: let the statement rest on something else, or withdraw it too."),
    ),
    Kind(
        "COH-052",
        N_("{code} rests on {parent}, which changed, and nobody has looked at it since."),
        N_("Look at what changed, and confirm or adjust the statement."),
    ),
    Kind("COH-053", N_("Nothing stands any more on which {code} rests."), N_("Support it again, or withdraw it.")),
    Kind(
        "COH-061",
        N_("{code} arises from {finding}, whose certainty is {certainty}; the policy demands {minimum}."),
        N_("Gather more evidence, or hang the problem on a finding that is certain enough."),
    ),
    Kind("COH-101", N_("{code} has no lead."), N_("Name the one institution that leads it.")),
    Kind("COH-102", N_("Several institutions lead {code}: {leads}."), N_("Leave one lead; the others support.")),
    Kind(
        "COH-111",
        N_("{code} does not say which function its lead must be mandated to."),
        N_("Choose the function, so that the mandate can be checked."),
    ),
    Kind(
        "COH-112",
        N_("{lead} leads {code}, and is not mandated to lead the function {function} there; {others} is."),
        N_("Let the mandated institution lead, or change the mandate first."),
    ),
    Kind(
        "COH-113",
        N_("{lead} is mandated to lead {function} when {code} begins, but not on {last}, when it ends."),
        N_("Have the mandate prolonged, or end the measure before."),
    ),
    Kind("COH-114", N_("The territory {territory} of {code} is not in the register."), N_("Choose one that is.")),
    Kind(
        "COH-121",
        N_("{institution} has a part in {code}, and will not be there on {last}, or is not in the register."),
        N_("Give the part to the institution that takes over."),
    ),
    Kind(
        "COH-122",
        N_("{institution} owns {code}, and will not be there on {last}, or is not in the register."),
        N_("Give the action to the institution that takes over."),
    ),
    Kind(
        "COH-123",
        N_("{institution} has a part in {code}, and no consultation has heard it."),
        N_("Ask it in a round, or take its part away."),
    ),
    Kind("COH-124", N_("Nobody has been consulted on {code}."), N_("Open a round of consultation.")),
    Kind(
        "COH-125",
        N_("{owner} owns {code}, and has no part in its measure {measure}."),
        N_("Give it a part in the measure, or the action to another owner."),
    ),
    Kind(
        "COH-131",
        N_("Several institutions are mandated to lead {function}, which {code} needs: {leads}."),
        N_("Have them agree on who leads what, and write it into the mandates."),
    ),
    Kind(
        "COH-132",
        N_("No institution is mandated to lead {function}, which {code} needs."),
        N_("Enter the mandate with its source, or add an action that adopts the text that gives it."),
    ),
    Kind(
        "COH-141", N_("{code} shares data and names no agreement."), N_("Name the agreement under which the data flow.")
    ),
    Kind(
        "COH-142",
        N_("{code} shares data under {agreement}, which is unknown or not in force from {first} to {last}."),
        N_("Name an agreement that is in force as long as the action lasts."),
    ),
    Kind(
        "COH-151",
        N_("{code} rests on {basis}, which is not in the register."),
        N_("Enter the instrument with its source, or name another."),
    ),
    Kind(
        "COH-152",
        N_("{code} rests on {basis}, which is not in force, and no action adopts it."),
        N_("Add the action that adopts it, or name another basis."),
    ),
    Kind(
        "COH-153",
        N_("{code} begins before {adopting} has adopted {basis} on {day}, on which its measure rests."),
        N_("Let it begin later, or have the text adopted earlier."),
    ),
    Kind(
        "COH-154",
        N_("{code} is a measure of enforcement and names no legal basis."),
        N_("Name the legal text, or add an action that adopts one."),
    ),
    Kind(
        "COH-201",
        N_("{code} serves no objective of the Global Compact for Migration."),
        N_("Choose the one it serves."),
    ),
    Kind(
        "COH-202",
        N_("{code} is a measure of enforcement without a safeguard."),
        N_("Link the measure that protects people: screening, referral, complaint."),
    ),
    Kind(
        "COH-203",
        N_("The safeguard {safeguard} of {code} is itself a measure of enforcement."),
        N_("Link a measure that protects people."),
    ),
    Kind(
        "COH-204",
        N_("{code} begins on {day}, before any of its safeguards: {safeguards}."),
        N_("Let a safeguard begin first."),
    ),
    Kind(
        "COH-211",
        N_("{code} needs personal data and names no data-protection assessment."),
        N_("Name the assessment, or do without personal data."),
    ),
    Kind(
        "COH-212",
        N_("{code} needs personal data, and {measured}, which it measures, names no data-protection assessment."),
        N_("Name the assessment at the action, or count without personal data."),
    ),
    Kind(
        "COH-221",
        N_("{option} was chosen in {code}, and violates rights."),
        N_("Choose another option, or change it so that it violates no rights."),
    ),
    Kind(
        "COH-231",
        N_("No consultation has heard these groups, whom problems concern (how many problems): {groups}."),
        N_("Hear them in a round, or record of each why not, signed by an approver."),
    ),
    Kind(
        "COH-232",
        N_("{code} arises from {finding}, which touches rights, and does not say which."),
        N_("Name the rights."),
    ),
    Kind("COH-233", N_("{code} names rights and does not say whose."), N_("Name the groups it concerns.")),
    Kind(
        "COH-301",
        N_("The cost line {code} comes to nothing."),
        N_("Correct quantity, unit cost or periods, or take the line out."),
    ),
    Kind(
        "COH-302",
        N_("The cost line {code} comes to {exact}, which is no whole number of cents; it is rounded."),
        N_("Write a unit cost in whole cents where you can."),
    ),
    Kind(
        "COH-311",
        N_("The cost line {code} belongs to {action}, which does not stand or was dropped."),
        N_("Take the line out, or hang it on another action."),
    ),
    Kind(
        "COH-312",
        N_("The commitment {code} is for {action}, which does not stand or was dropped."),
        N_("Agree with the funder what the money is for now."),
    ),
    Kind(
        "COH-313",
        N_("{code} stands under {theme}, which is no theme of the policy: its costs count in no theme."),
        N_("Choose a theme of the policy."),
    ),
    Kind("COH-314", N_("The cost line {code} stands more than once."), N_("Take the others out.")),
    Kind(
        "COH-321",
        N_("Funders stand for {money} {currency} of {code}, which costs {cost} {currency}."),
        N_("Correct the commitment, or add the costs that it pays for."),
    ),
    Kind(
        "COH-322", N_("The cost line {code} has a number below zero."), N_("Write what it costs; savings are no costs.")
    ),
    Kind(
        "COH-323",
        N_("{code} does not say what it costs."),
        N_("Add its cost lines, or one with the reason why it costs nothing."),
    ),
    Kind(
        "COH-324",
        N_("Nobody stands for any of the costs of {code}."),
        N_("Ask funders, or show it in the financing gap."),
    ),
    Kind(
        "COH-331",
        N_("There is no rate of {currency} for {year}: {count} lines wait for it, {code} first."),
        N_("Enter the rate with its day and source."),
    ),
    Kind(
        "COH-332",
        N_("The rate of {currency} for {year} has no day or no source."),
        N_("Say of which day it is, and who published it."),
    ),
    Kind("COH-333", N_("There are {count} rates of {currency} for {year}."), N_("Leave one.")),
    Kind(
        "COH-334", N_("The rate of {currency} for {year} is of {day}, more than a year ago."), N_("Enter a newer one.")
    ),
    Kind(
        "COH-341",
        N_("{code} lies outside the period of the policy, {first} to {last}."),
        N_("Choose dates within it, or change the period."),
    ),
    Kind("COH-342", N_("{code} begins on {first} and ends on {last}."), N_("Put the later date last.")),
    Kind(
        "COH-343",
        N_("{code} begins on {first}, and {need}, which it waits for, ends on {last}."),
        N_("Let it begin later, or take the link away."),
    ),
    Kind(
        "COH-344",
        N_("{code} waits for {need}, which does not stand or was dropped."),
        N_("Take the link away, or let it wait for another action."),
    ),
    Kind(
        "COH-345",
        N_("The cost line {code} is of {year}, and {action} runs from {first} to {last}."),
        N_("Move the line into a year in which the action runs."),
    ),
    Kind(
        "COH-346",
        N_("{code} is said to be done, and {need}, which it waits for, is not."),
        N_("Correct how one of them stands."),
    ),
    Kind(
        "COH-351",
        N_("{code} buys “{label}” in {year}, and nothing is planned to keep it running."),
        N_("Add lines for fuel, maintenance and staff from that year on."),
    ),
    Kind(
        "COH-361",
        N_("{institution} runs {count} actions of {code} at once in {quarter}; it says it can run {capacity}."),
        N_("Spread the actions, give some to others, or ask for staff."),
    ),
    Kind(
        "COH-371",
        N_("A unit of {item} in {code} costs {unit_cost} {currency}; the price list expects {expected}."),
        N_("Correct the unit cost, or write why it differs."),
    ),
    Kind(
        "COH-372",
        N_("{code} names the item {item}, which is not in the price list."),
        N_("Choose an item of the list, or leave it empty."),
    ),
    Kind(
        "COH-373",
        N_("{code} counts {item} in “{unit}”; the price list counts it in “{expected}”."),
        N_("Use the unit of the price list."),
    ),
    Kind(
        "COH-401",
        N_("{code} does not say what is counted, or in which unit."),
        N_("Write its definition and its unit."),
    ),
    Kind(
        "COH-402",
        N_("{code} does not say where it stands today: a number, its day and its source."),
        N_("Write the baseline, or plan to measure it first."),
    ),
    Kind("COH-403", N_("{code} has no target, or no day for it."), N_("Write what it shall reach, and when.")),
    Kind(
        "COH-404",
        N_("{code} does not say how often it is observed."),
        N_("Write the number of days between observations."),
    ),
    Kind("COH-405", N_("{code} does not say where its numbers come from."), N_("Choose Pasaj or an external source.")),
    Kind(
        "COH-406",
        N_("{code} measures {measured}, which does not stand or was dropped."),
        N_("Let it measure something that stands, or withdraw it."),
    ),
    Kind("COH-407", N_("Nothing measures whether {code} is reached."), N_("Write an indicator for it.")),
    Kind(
        "COH-411",
        N_("{code} shall go {direction}, and its target {target} is not that way from its baseline {baseline}."),
        N_("Correct the direction, the baseline or the target."),
        words={"up": N_("upwards"), "down": N_("downwards"), "hold": N_("nowhere")},
    ),
    Kind(
        "COH-412",
        N_("The target of {code} is for {day}: before its baseline, or outside the period of the policy."),
        N_("Choose a day after the baseline and within the policy."),
    ),
    Kind(
        "COH-421",
        N_("{code} shall be computed by Pasaj, and {figure} is no figure that it computes."),
        N_("Choose a figure, or name an external source."),
    ),
    Kind(
        "COH-422",
        N_("The numbers of {code} come from elsewhere, and it does not say from whom."),
        N_("Name the source."),
    ),
    Kind(
        "COH-431",
        N_("{code} is silent: nothing has been observed since {last}, and it is due every {days} days."),
        N_("Ask its source for the observation, and enter it."),
    ),
    Kind("COH-441", N_("{code} is a percentage and does not say of what."), N_("Name its denominator.")),
    Kind(
        "COH-442",
        N_("{code} is a percentage, and {value} does not lie between 0 and 100."),
        N_("Correct the number or the unit."),
    ),
    Kind("COH-501", N_("No clause realises {code}."), N_("Link the clause that says it, or write one.")),
    Kind(
        "COH-502",
        N_("Several clauses realise {code}: {clauses}."),
        N_("Leave one, so that nobody reads it in two ways."),
    ),
    Kind(
        "COH-503",
        N_("{code} does not stand in every language of the policy: {languages} are missing."),
        N_("Translate it."),
    ),
    Kind(
        "COH-504",
        N_("Translations of {code} are older than its text: {languages}."),
        N_("Bring them up to date, or confirm that they still say the same."),
    ),
    Kind(
        "COH-505", N_("{code} realises {realised}, which does not stand."), N_("Take the link away, or link another.")
    ),
    Kind(
        "COH-506",
        N_("{code} does not stand in every language of the policy: {languages} are missing."),
        N_("Translate the statement: the annexes print it."),
    ),
    Kind("COH-507", N_("{code} has no text yet."), N_("Draft it, from the template or clause by clause.")),
    Kind("COH-508", N_("{code} is empty in its own language, {language}."), N_("Write it, or withdraw the clause.")),
    Kind(
        "COH-509",
        N_("{code} still asks for something to be filled in: {place}"),
        N_("Write what the square brackets ask for, in every language, or take them out."),
    ),
    Kind("COH-511", N_("The term “{term}” is defined and never used."), N_("Use it, or take the definition out.")),
    Kind("COH-512", N_("{code} uses the term “{term}”, which is not defined."), N_("Define it, or use another word.")),
    Kind(
        "COH-521",
        N_("{code} holds numbers that are typed and not bound to evidence: {numbers}."),
        N_("Put a live reference in their place."),
    ),
    Kind("COH-522", N_("{code} refers to {reference}, and there is no such thing."), N_("Correct the reference.")),
    Kind("COH-531", N_("{code} refers to the clause {reference}, which does not stand."), N_("Correct the reference.")),
    Kind(
        "COH-541",
        N_("{count} comments of the closed round {code} have no answer, {comment} first."),
        N_("Decide on each and say why."),
    ),
    Kind(
        "COH-542",
        N_("The round {code} is still open."),
        N_("Publish when it has been closed and its comments answered."),
    ),
    Kind(
        "COH-601",
        N_("{code} chose among {count} alternatives beside leaving things as they are."),
        N_("Appraise two at least."),
    ),
    Kind("COH-602", N_("{code} does not weigh leaving things as they are."), N_("Add it as an option.")),
    Kind(
        "COH-603",
        N_("{code} carries out the option {option}, which was never appraised."),
        N_("Correct the code of the option, or appraise it."),
    ),
    Kind(
        "COH-604",
        N_("{code} carries out the option {option}; chosen was {chosen}."),
        N_("Carry out what was chosen, or decide again."),
    ),
    Kind(
        "COH-605",
        N_("{option} was chosen in {code}, and no measure carries it out."),
        N_("Write the measure, or decide again."),
    ),
    Kind(
        "COH-611",
        N_("{option} was chosen in {code} without a reason; it is first in {share} of weightings, below {floor}."),
        N_("Write why it was chosen nevertheless."),
    ),
)
