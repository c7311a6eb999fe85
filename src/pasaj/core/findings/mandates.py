"""Findings from the matrix of mandates: gaps, overlaps, conflicts of roles, lapsed bases.

One finding for a gap, an overlap and a conflict each; lapses are told together by their kind.
"""

from collections.abc import Container, Iterable

from pasaj.core.findings.priority import UNVERIFIED, half
from pasaj.core.findings.shapes import Draft, Reach, Rest, Severity, Subject, unique, worse
from pasaj.core.mapping.mandates import LAPSES, WHOLE, Conflict, Gap, Lapse, Overlap, Review

GRAVE_LAPSES = ("ended", "basis_ended")


def from_mandates(
    found: Review,
    *,
    mandates: int,
    territories: int,
    rights: Container[str] = (),
    unverified: Container[str] = (),
) -> list[Draft]:
    """Every finding of a review.

    mandates: how many are in force. territories: how many parts the country has; a gap, overlap or conflict in
    one territory reaches one of them, one in the whole country all. rights: functions that touch rights of people.
    unverified: functions of which a mandate has not been checked against its source, so that a gap may be one of the
    list alone.
    """
    country = max(territories, 1)
    return [
        *(_gap(one, found, country, rights, one.function in unverified) for one in found.gaps),
        *(_overlap(one, country, rights) for one in found.overlaps),
        *(_conflict(one, country, rights) for one in found.conflicts),
        *_lapses(found.lapses, max(mandates, 1)),
    ]


def _territory(code: str, country: int) -> Reach:
    return Reach(country if code == WHOLE else 1, country, "territory")


def _gap(one: Gap, found: Review, country: int, rights: Container[str], verify: bool) -> Draft:
    sentence = "gap_partly" if one.partly else "gap_former" if one.former else "gap"
    return Draft(
        key=f"gap:{one.function}:{one.territory}",
        rule="gap",
        sentence=sentence,
        values={
            "function": one.function, "territory": one.territory, "former": one.former, "partly": one.partly,
        },
        subject=Subject(functions=(one.function,), institutions=unique((*one.others, *one.former, *one.partly))),
        severity=worse(
            Severity.MODERATE if one.partly else Severity.MAJOR,
            when=one.function in found.idle or one.function in rights,
        ),
        certainty=_verified(verify),
        reach=_territory(one.territory, country),
        rights=one.function in rights,
        rests=(Rest("mandate", {"what": "gap", "function": one.function, "territory": one.territory}, "leads = 0"),),
    )  # fmt: skip


def _overlap(one: Overlap, country: int, rights: Container[str]) -> Draft:
    first, second = one.institutions
    where = {"function": one.function, "territory": one.territory, "institution": first, "other": second}
    return Draft(
        key=f"overlap:{one.function}:{one.territory}:{first}+{second}",
        rule="overlap",
        sentence="overlap",
        values={"function": one.function, "territory": one.territory, "first": first, "second": second},
        subject=Subject(functions=(one.function,), institutions=one.institutions),
        severity=Severity.MODERATE,
        certainty=_verified(one.verify),
        reach=_territory(one.territory, country),
        rights=one.function in rights,
        rests=(Rest("mandate", {"what": "overlap", **where}, "both_lead = yes"),),
    )


def _conflict(one: Conflict, country: int, rights: Container[str]) -> Draft:
    role, other = one.roles
    where = {"function": one.function, "territory": one.territory, "institution": one.institution}
    return Draft(
        key=f"conflict:{one.function}:{one.territory}:{one.institution}:{role}+{other}",
        rule="conflict",
        sentence="conflict",
        values={**where, "role": role, "other": other},
        subject=Subject(functions=(one.function,), institutions=(one.institution,)),
        severity=Severity.MINOR,
        certainty=_verified(one.verify),
        reach=_territory(one.territory, country),
        rights=one.function in rights,
        rests=(Rest("mandate", {"what": "conflict", **where}, "roles >= 2"),),
    )


def _verified(verify: bool) -> dict[str, float]:
    return {"verified": UNVERIFIED if verify else 1.0}


def _lapses(lapses: Iterable[Lapse], mandates: int) -> list[Draft]:
    every, drafts = list(lapses), []
    for kind in LAPSES:
        found = [one.mandate for one in every if one.kind == kind]
        if not found:
            continue
        whole = max(mandates, len(found))  # those that have ended are not in force any more
        reach = Reach(len(found), whole, "mandates")
        checked = [UNVERIFIED if one.verify else 1.0 for one in found]
        institutions = unique(one.institution for one in found)
        drafts.append(
            Draft(
                key=f"lapse:{kind}",
                rule="lapse",
                sentence=f"lapse_{kind}",
                values={"part": len(found), "institutions": institutions},
                subject=Subject(functions=unique(one.function for one in found), institutions=institutions),
                severity=worse(Severity.MODERATE if kind in GRAVE_LAPSES else Severity.MINOR, when=half(reach)),
                certainty={"verified": sum(checked) / len(checked)},
                reach=reach,
                rights=False,
                rests=(Rest("mandate", {"what": "lapse", "kind": kind}, "lapsed >= 1"),),
            )
        )
    return drafts
