"""Findings from what is observed day by day: return operations against a protocol, posts that do not report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pasaj.core.findings.priority import half
from pasaj.core.findings.shapes import Draft, Reach, Rest, Severity, Subject, unique, worse

MISSED = 0.2
"""Share of the reports expected of a post that must be missing before it counts as silent."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One clause of a protocol over a time: operations by verdict. places: where there was a breach."""

    protocol: str
    clause: str
    compliant: int
    breach: int
    disputed: int
    unknown: int
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """Reports expected of one source at one crossing point over a time, and those that never came."""

    source: str
    crossing: str
    expected: int
    missing: int

    @property
    def share(self) -> float:
        return self.missing / self.expected if self.expected else 0.0


def breaches(clauses: Iterable[Kept], first: str, last: str) -> list[Draft]:
    """Clauses that return operations did not keep to, from the month `first` to the month `last`.

    Always a matter of rights. Certainty: the share of the operations that could be judged at all.
    """
    drafts = []
    for one in clauses:
        if not one.breach:
            continue
        judged, every = one.compliant + one.breach, one.compliant + one.breach + one.disputed + one.unknown
        reach = Reach(one.breach, judged, "operations")
        drafts.append(
            Draft(
                key=f"protocol:{one.protocol}:{one.clause}",
                rule="protocol",
                sentence="breach",
                values={
                    "protocol": one.protocol, "clause": f"{one.protocol}/{one.clause}", "part": one.breach,
                    "whole": judged,
                },
                subject=Subject(units=one.places),
                severity=worse(Severity.MAJOR, when=half(reach)),
                certainty={"answered": judged / every},
                reach=reach,
                rights=True,
                rests=(
                    Rest(
                        "protocol",
                        {"protocol": one.protocol, "clause": one.clause, "first": first, "last": last},
                        "breaches >= 1",
                    ),
                ),
            )
        )  # fmt: skip
    return drafts


def silence(posts: Sequence[Post], first: str, last: str) -> list[Draft]:
    """Sources of whose posts some left out more than MISSED of the reports expected, from day `first` to `last`."""
    drafts = []
    for source in dict.fromkeys(one.source for one in posts):
        own = [one for one in posts if one.source == source and one.expected]
        silent = [one for one in own if one.share > MISSED]
        if not silent:
            continue
        reach = Reach(len(silent), len(own), "posts")
        places = unique(one.crossing for one in silent)
        drafts.append(
            Draft(
                key=f"silence:{source}",
                rule="silence",
                sentence="posts",
                values={
                    "source": source, "part": len(silent), "whole": len(own), "limit": round(MISSED * 100),
                    "places": places,
                },
                subject=Subject(units=places),
                severity=worse(Severity.MODERATE, when=half(reach)),
                certainty={},
                reach=reach,
                rights=False,
                rests=(Rest("posts", {"source": source, "first": first, "last": last}, "silent >= 1"),),
                parameters={"share": MISSED},
            )
        )  # fmt: skip
    return drafts
