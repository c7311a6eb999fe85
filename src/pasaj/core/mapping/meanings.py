"""What a measure means, in a sentence. English msgids with `{name}` places, as problems have them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pasaj.core.problems import fill
from pasaj.core.problems.kind import N_

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        # Mandates
        "gaps": N_("{part} of {whole} functions lack a lead, in all or in a part of their territory."),
        "overlaps": N_("{part} of {whole} functions have two leads, in all or in a part of their territory."),
        "no_functions": N_("No function is on the list, so nothing can be said of mandates."),
        # What is found in mandates; a place in brackets, the whole country where none is named
        "gap": N_("Nobody leads “{function}” ({territory})."),
        "gap_partly": N_("In places inside it, these lead: {names}."),
        "gap_others": N_("These have another role there: {names}."),
        "gap_former": N_("These led there until their mandate ended: {names}."),
        "overlap": N_("{one} and {other} both lead “{function}” ({territory})."),
        "conflict": N_("{institution} has two roles in “{function}” ({territory}): {roles}."),
        "lapse_ended": N_("{institution}, “{function}” ({role}): the mandate ended on {day} and was not renewed."),
        "lapse_basis_ended": N_(
            "{institution}, “{function}” ({role}): it rests on {basis}, which is no longer in force."
        ),
        "lapse_basis_not_yet": N_(
            "{institution}, “{function}” ({role}): it rests on {basis}, which is not in force yet."
        ),
        "lapse_basis_unknown": N_("{institution}, “{function}” ({role}): it rests on {basis}, which is not on record."),
        "lapse_no_basis": N_("{institution}, “{function}” ({role}): no legal text is named."),
        # Exchange
        "confirmation": N_(
            "Of {whole} exchanges on which both ends spoke, {part} are confirmed by both; {open} await an answer."
        ),
        "no_confirmation": N_("No exchange was spoken of by both ends; {open} await an answer."),
        "formalisation": N_(
            "Of {whole} confirmed exchanges, {part} rest on something in writing; of {open} more it is not known."
        ),
        "no_formalisation": N_("Of no confirmed exchange is it known whether it rests on something in writing."),
        "flows": N_(
            "Of {whole} needed exchanges of which it is known, {part} fail or come too late; {open} more are not known."
        ),
        "no_flows": N_("Of no needed exchange is it known whether it takes place; {open} are not known."),
        # Shape of the network
        "density": N_("{part} of {whole} possible directed links between {institutions} institutions exist."),
        "too_few": N_("There are too few institutions to say."),
        "reciprocity": N_("{part} of {whole} links are returned."),
        "no_links": N_("There is no link, so nothing can be said."),
        "in_centralisation": N_("{names}: hears from {most} of {others} other institutions, more than anybody else."),
        "out_centralisation": N_("{names}: tells {most} of {others} other institutions, more than anybody else."),
        "betweenness_centralisation": N_("{names}: stands between others more than anybody else."),
        "level": N_("In this, all institutions are in the same position."),
        "separation": N_(
            "Of {whole} pairs of institutions, {part} are not linked over any way; the network has {groups} parts."
        ),
        "dependence": N_("{names}: its silence would cut {part} of {whole} ways between others, more than any other."),
        "no_dependence": N_("No way between two institutions depends on a third."),
        # Silence of one
        "silence_cut": N_("If {name} is silent, these are cut off from the rest: {cut}."),
        "silence_ways": N_("If {name} is silent, {part} of {whole} ways between others are lost."),
        "silence_unheard": N_("If {name} is silent, word from these no longer reaches {target}: {unheard}."),
        # Ways
        "route": N_("Word from {source} reaches {target} within {hours} hours, this way: {path}."),
        "route_unknown": N_(
            "Word from {source} can reach {target}, but the time of a part of the way is not known: {path}."
        ),
        "route_none": N_("Word from {source} has no way to {target}."),
        "unheard": N_("{part} of {whole} places where things are seen have no way to {target}."),
        "no_sources": N_("It is not said where things are seen and who decides."),
        # What if
        "link": N_("{sender} tells {receiver}, by an agreement in writing: {layer}."),
        "agreement": N_("{sender} and {receiver} put in writing what they exchange already: {layer}."),
        "whatif_exact": N_("All {tried} choices of {count} changes were tried; none lowers the weighted mean further."),
        "whatif_greedy": N_("Chosen one after the other: {tried} choices were tried, and others may be better."),
        "whatif_none": N_("There is no missing link and no missing agreement to choose from."),
    }
)
"""The sentences by id. A list of names stands in its place as text, separated by commas."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure and what it means.

    value: a share from 0 to 1 unless its function says otherwise; None: nothing can be said. lowest and
    highest: what it could be once every open question is answered (None where that was not computed).
    meaning: an id of MEANINGS; values: what its sentence names.
    """

    code: str
    value: float | None
    meaning: str
    values: Mapping[str, object] = field(default_factory=dict)
    lowest: float | None = None
    highest: float | None = None

    def text(self) -> str:
        """The sentence in English."""
        return fill(MEANINGS[self.meaning], self.values)


def share(part: int, whole: int) -> float | None:
    """The share of a part in a whole; None where there is nothing to share."""
    return part / whole if whole else None
