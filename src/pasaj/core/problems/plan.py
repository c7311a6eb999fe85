"""Problems of contingency plans, their activations, tasks, requests and lessons."""

from pasaj.core.problems.kind import N_, Kind

READING: tuple[Kind, ...] = (
    Kind(
        "PLAN-001",
        N_("This plan is written in schema {value}, and this version reads schema {known}."),
        N_("Write schema = {known}, or load it with a newer version of the software."),
    ),
    Kind(
        "PLAN-002",
        N_("“{value}” is not a number of hours from 0 to {most}."),
        N_("Write the hours after the activation as a number, for example 4 or 1.5."),
    ),
    Kind(
        "PLAN-003",
        N_("The plan does not say after how many days the measure ends, or says “{value}”."),
        N_("Write days = 14: a whole number from 1 to {most}. Every crisis measure has an end."),
    ),
    Kind(
        "PLAN-004",
        N_("“{value}” is not a day."),
        N_("Write the day on which the plan is to be looked at again: review_date = 2027-06-30."),
    ),
    Kind(
        "PLAN-005",
        N_("Level “{level}” names the action “{value}”, which the plan does not have."),
        N_("Correct the code, or add the action."),
    ),
    Kind(
        "PLAN-006",
        N_("Action “{action}” comes after “{value}”, which the plan does not have."),
        N_("Correct the code, or add the action."),
    ),
    Kind(
        "PLAN-007",
        N_("A trigger leads to level “{value}”, which the plan does not have."),
        N_("Use one of the levels: {allowed}."),
    ),
    Kind("PLAN-008", N_("“{value}” is neither yes nor no."), N_("Write true or false.")),
    Kind(
        "PLAN-009",
        N_("“{value}” is not how many times the expected count a signal must be."),
        N_("Write a number from 0 to {most}; leave it out when every signal of the measure counts."),
    ),
)

CHECKING: tuple[Kind, ...] = (
    Kind(
        "PLAN-020",
        N_(
            "A trigger waits for a signal of “{value}” in the direction “{direction}”, and no such signal is ever made."
        ),
        N_("Use a measure whose alert_on says this direction, or change the direction."),
    ),
    Kind(
        "PLAN-021",
        N_("A trigger waits for an alert of the hazard “{value}”, and there is no template for it."),
        N_("Use one of: {allowed}; or add the template to alerts/."),
    ),
    Kind(
        "PLAN-022",
        N_("No trigger leads to level “{value}”."),
        N_("Add a trigger that names the level, or remove the level."),
    ),
    Kind("PLAN-023", N_("Action “{value}” has no owner."), N_("Name the institution that leads it: lead = …")),
    Kind(
        "PLAN-024",
        N_("“{value}” leads action “{action}”, and on {day} has no mandate in “{function}”."),
        N_("Let an institution lead that leads or supports the function, or add the mandate with its source."),
    ),
    Kind(
        "PLAN-025",
        N_("Level “{value}” protects nobody."),
        N_("Add an action with protection = true as its first one."),
    ),
    Kind(
        "PLAN-026",
        N_("Level “{value}” begins with “{action}”, which is not a protection action."),
        N_("Put a protection action first."),
    ),
    Kind(
        "PLAN-027",
        N_("Action “{value}” waits for itself."),
        N_("Follow “after” from action to action and remove the one that closes the circle."),
    ),
    Kind(
        "PLAN-028",
        N_("Action “{value}” is due at {hours}, before “{before}”, which comes first and is due at {other}."),
        N_("Give the first one an earlier hour, or the second one a later one."),
    ),
    Kind(
        "PLAN-029",
        N_("In level “{value}” the action “{action}” waits for actions that are not part of the level: {missing}."),
        N_("Add them to the level, or remove them from “after”."),
    ),
    Kind(
        "PLAN-030",
        N_("Action “{value}” enforces, and no protection action comes before it."),
        N_("Name a protection action in its “after”: help comes before control."),
    ),
    Kind("PLAN-031", N_("No level uses the action “{value}”."), N_("Add it to a level, or remove it.")),
    Kind(
        "PLAN-032",
        N_("Action “{value}” is said to protect and to enforce."),
        N_("Make two actions of it, the one that protects first."),
    ),
    Kind("PLAN-033", N_("“{value}” leads this action and supports it as well."), N_("Remove it from the support.")),
    Kind(
        "PLAN-034",
        N_("“{later}” is promised after {hours} hours, sooner than “{earlier}”: both are counted from the event."),
        N_("Give it as many hours as what comes before it, at least."),
    ),
)

ACTIVATING: tuple[Kind, ...] = (
    Kind("PLAN-050", N_("There is no plan “{value}”."), N_("Look the code up in the library of plans."), 404),
    Kind("PLAN-051", N_("The plan has no level “{value}”."), N_("Use one of: {allowed}.")),
    Kind("PLAN-052", N_("There is no alert {value}."), N_("Look the code up on the alert board."), 404),
    Kind(
        "PLAN-053",
        N_("Alert {value} is not published, so no plan can be activated for it."),
        N_("Have it approved first."),
        409,
    ),
    Kind("PLAN-054", N_("There is no activation {value}."), N_("Look the code up in the list of activations."), 404),
    Kind(
        "PLAN-055",
        N_("{value} is not active any more."),
        N_("Look at what was decided; activate the plan again if it is needed."),
        409,
    ),
    Kind("PLAN-056", N_("The reason is missing."), N_("Write in one sentence why.")),
    Kind(
        "PLAN-057",
        N_("{value} is not a new end: it must be after {end}, and at most {most} days later."),
        N_("Choose a day in between. A measure can be prolonged again later."),
    ),
    Kind(
        "PLAN-058",
        N_("“{value}” is retired: the pack does not have this plan any more."),
        N_("Use another plan, or put this one back into the pack."),
        409,
    ),
    Kind(
        "PLAN-059",
        N_("{value} is still active."),
        N_("Stand it down first; the review is written afterwards."),
        409,
    ),
    Kind("PLAN-060", N_("There is no task {value}."), N_("Look the code up on the board of the activation."), 404),
    Kind("PLAN-061", N_("“{value}” cannot be done with a task."), N_("Use one of: {allowed}.")),
    Kind(
        "PLAN-062",
        N_("A task that is {state} cannot be changed like this."),
        N_("Possible now: {allowed}."),
        409,
        words={
            "waiting": N_("waiting"),
            "open": N_("open"),
            "done": N_("done"),
            "blocked": N_("blocked"),
            "dropped": N_("dropped"),
        },
    ),
    Kind(
        "PLAN-063",
        N_("This task waits for {value}."),
        N_("Finish or drop what comes first."),
        409,
    ),
    Kind(
        "PLAN-064",
        N_("This task enforces, and no protection institution has acknowledged yet."),
        N_("Ask a protection institution to acknowledge its task or the alert; until then only help is given."),
        409,
    ),
    Kind("PLAN-065", N_("There is no institution “{value}”."), N_("Look the code up on the page of institutions.")),
    Kind("PLAN-066", N_("The task is with {value} already."), N_("Choose another institution.")),
    Kind("PLAN-067", N_("The text is longer than {limit} characters."), N_("Shorten it.")),
    Kind("PLAN-068", N_("The activation is at level “{value}” already."), N_("Choose another level."), 409),
    Kind(
        "PLAN-069",
        N_("Somebody changed {value} meanwhile."),
        N_("Look at what stands now, then decide again."),
        409,
    ),
)

FOLLOWING: tuple[Kind, ...] = (
    Kind("PLAN-070", N_("There is no request {value}."), N_("Look the code up on the page of the activation."), 404),
    Kind("PLAN-071", N_("An institution cannot ask itself."), N_("Choose another one to be asked.")),
    Kind("PLAN-072", N_("“{value}” is not an amount above zero."), N_("Write a number, for example 40.")),
    Kind("PLAN-073", N_("“{value}” is missing."), N_("Fill the field in.")),
    Kind(
        "PLAN-074",
        N_("A request that is {state} cannot become {wanted}."),
        N_("Possible now: {allowed}."),
        409,
        words={
            "asked": N_("asked"),
            "promised": N_("promised"),
            "refused": N_("refused"),
            "delivered": N_("delivered"),
            "withdrawn": N_("withdrawn"),
        },
    ),
    Kind(
        "PLAN-075",
        N_("{value} is more than what is still missing: {open} {unit}."),
        N_("Write what was delivered this time."),
    ),
    Kind("PLAN-076", N_("The request is needed at {value}, which has passed already."), N_("Choose a later moment.")),
    Kind("PLAN-080", N_("There is no lesson {value} in this activation."), N_("Look at the page of the review."), 404),
    Kind(
        "PLAN-081",
        N_("Lesson {value} is a finding already: {finding}."),
        N_("Edit the finding on its own page."),
        409,
    ),
    Kind(
        "PLAN-082",
        N_("The review has no lesson yet."),
        N_("Write at least one: what went well counts too."),
    ),
    Kind("PLAN-083", N_("There is no function “{value}”."), N_("Look the code up on the page of institutions.")),
    Kind("PLAN-084", N_("{value} is closed."), N_("Nothing can be added to a closed activation."), 409),
)

KINDS: tuple[Kind, ...] = (*READING, *CHECKING, *ACTIVATING, *FOLLOWING)
