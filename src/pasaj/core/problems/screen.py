"""Problems of texts that may name a person, wherever they are written."""

from pasaj.core.problems.kind import N_, Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "SCREEN-001",
        N_("The text seems to hold {what}, which may name a person."),
        N_("Take it out. Write what happened and how many, never who."),
        words={
            "name": N_("a name"),
            "phone": N_("a telephone number"),
            "e-mail": N_("an e-mail address"),
            "document": N_("the number of a document"),
            "birth": N_("a birth"),
        },
    ),
    Kind(
        "SCREEN-002",
        N_("A column of the file asks for persons."),
        N_("Take the column out of the file. Only counts are taken, never a list of persons."),
    ),
)
