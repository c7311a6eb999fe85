"""Findings from the matrix of exchange: needs that are not met, and who depends on whom."""

from collections.abc import Container, Iterable, Sequence

from pasaj.core.findings.priority import HALF_SAID, half
from pasaj.core.findings.shapes import Draft, Reach, Rest, Severity, Subject, unique, worse
from pasaj.core.mapping.exchange import Tie
from pasaj.core.mapping.flows import FAILING, Flow
from pasaj.core.mapping.silences import Silence

LOST = 0.1
"""Share of the ways between others that one institution's silence must cut to be a finding of its own."""
SEVERITY = {"missing": Severity.MAJOR, "disputed": Severity.MODERATE, "late": Severity.MODERATE}


def from_flows(flows: Sequence[Flow], known: Iterable[Tie], *, rights: Container[str] = ()) -> list[Draft]:
    """Needs that fail, told together by what is exchanged and how it fails. rights: layers that touch rights."""
    ties = {(one.layer, *one.arc): one for one in known}
    drafts = []
    for layer in dict.fromkeys(one.need.layer for one in flows):
        needs = [one for one in flows if one.need.layer == layer]
        for state in FAILING:
            failing = [one for one in needs if one.state == state]
            if failing:
                drafts.append(_flow_draft(layer, state, failing, needs, ties, layer in rights))
    return drafts


def _flow_draft(
    layer: str,
    state: str,
    failing: Sequence[Flow],
    needs: Sequence[Flow],
    ties: dict[tuple[str, str, str], Tie],
    rights: bool,
) -> Draft:
    pairs = [(one.need.sender, one.need.receiver) for one in failing]
    said = [1.0 if _both_spoke(ties.get((layer, *pair))) else HALF_SAID for pair in pairs]
    reach = Reach(len(failing), len(needs), "needs")
    return Draft(
        key=f"flow:{layer}:{state}",
        rule="flow",
        sentence=f"flow_{state}",
        values={
            "layer": layer, "part": len(failing), "whole": len(needs),
            "pairs": tuple(f"{sender}→{receiver}" for sender, receiver in pairs),
        },
        subject=Subject(institutions=unique(code for pair in pairs for code in pair)),
        severity=worse(SEVERITY[state], when=rights or (state == "missing" and half(reach))),
        certainty={"ends": sum(said) / len(said)},
        reach=reach,
        rights=rights,
        rests=tuple(
            Rest("flow", {"layer": layer, "sender": sender, "receiver": receiver}, f"state = {state}")
            for sender, receiver in pairs
        ),
    )  # fmt: skip


def _both_spoke(tie: Tie | None) -> bool:
    return tie is not None and tie.by_sender is not None and tie.by_receiver is not None


def dependence(found: Iterable[Silence], institutions: int) -> list[Draft]:
    """Institutions whose silence cuts others off, leaves the deciding body unheard, or costs LOST of all ways.

    institutions: how many there are.
    """
    return [
        _dependence_draft(one, institutions - 1)
        for one in found
        if one.cut or one.unheard or (one.lost and one.dependence >= LOST)
    ]


def _dependence_draft(one: Silence, others: int) -> Draft:
    cut = tuple(code for part in one.cut for code in part)
    hit = unique((*cut, *one.unheard))
    if hit:
        sentence = "silent_cut" if cut else "silent_unheard"
        reach, claim = Reach(len(hit), others, "others"), "cut >= 1" if cut else "unheard >= 1"
    else:
        sentence, reach, claim = "silent_ways", Reach(one.lost, one.ways, "ways"), f"share >= {LOST}"
    return Draft(
        key=f"dependence:{one.institution}",
        rule="dependence",
        sentence=sentence,
        values={
            "name": one.institution, "cut": cut, "unheard": one.unheard, "target": one.target,
            "part": one.lost, "whole": one.ways,
        },
        subject=Subject(institutions=unique((one.institution, *hit))),
        severity=Severity.MAJOR if hit else Severity.MODERATE,
        certainty={},
        reach=reach,
        rights=False,
        rests=(Rest("silence", {"institution": one.institution}, claim),),
        parameters={"share": LOST},
    )  # fmt: skip
