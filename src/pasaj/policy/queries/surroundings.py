"""What a policy is held against, read into plain values: a constant number of queries, whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import chain as joined

from django.db.models import Exists, OuterRef

from pasaj.assess.models import Finding
from pasaj.core import periods, wording
from pasaj.core.appraisal import grade
from pasaj.core.evidence import Chain, LinkState
from pasaj.core.policy import shapes, view
from pasaj.evidence.models import Node
from pasaj.evidence.queries import graph
from pasaj.policy.models import (
    Appraisal,
    Clause,
    Comment,
    Consultation,
    Disposition,
    Goal,
    Judgement,
    NotAddressed,
    Option,
    Policy,
)
from pasaj.policy.queries import references, tree
from pasaj.policy.queries.plan import plan
from pasaj.registry.models import Area, Institution, Instrument, Mandate

COMPACT = "GCM-"
"""How the codes of the objectives of the Global Compact for Migration begin."""
COUNTRY_LEVEL = "0"
AGREEMENTS = ("bilateral", "agreement", "protocol", "memorandum")
"""Kinds of instruments under which data may flow: there is no register of sharing agreements beside them yet."""
SPEAKING = (Clause.Kind.HEADING, Clause.Kind.TEXT, Clause.Kind.ANNEX)


def look(row: Policy, on: date) -> view.View:
    """A policy and all that its rules look at, on a day."""
    plain = plan(row)
    own = Node.objects.filter(code__startswith=f"{row.code}-", withdrawn_at=None)
    nodes = dict(own.values_list("code", "pk"))
    chain = graph.chain()
    ties, unsupported = _trouble(chain, nodes)
    texts = tuple(_instruments(on))
    return view.View(
        policy=plain,
        on=on,
        findings=_findings(plain, unsupported),
        ties=ties,
        unsupported=frozenset(unsupported - nodes.keys()),
        mandates=_mandates(),
        institutions={
            code: gone.date() if gone else None for code, gone in Institution.objects.values_list("code", "retired_at")
        },
        parents=_parents(),
        instruments={one.code: one for one, _kind, _begins in texts},
        agreements={
            one.code: view.Agreement(one.code, begins)
            for one, kind, begins in texts
            if one.held and any(word in kind for word in AGREEMENTS)
        },
        goals={
            code: view.Goal(code, framework, relevance, code.startswith(COMPACT))
            for code, framework, relevance in Goal.objects.filter(retired_at=None).values_list(
                "code", "framework", "relevance"
            )
        },
        figures=_figures(plain),
        clauses=_clauses(row, plain),
        terms={one.code: one.names for one in row.terms.order_by("code")},
        consultations=_consultations(row),
        appraisals=_appraisals(row),
        set_aside=frozenset(NotAddressed.objects.filter(policy=row, ended_at=None).values_list("subject", flat=True)),
    )


# --- The chain of evidence ---------------------------------------------------------------------


def _trouble(chain: Chain, nodes: Mapping[str, int]) -> tuple[tuple[view.Tie, ...], set[str]]:
    """Links in trouble and nodes without support in everything that the policy's statements rest on."""
    front, seen = list(nodes.values()), set(nodes.values())
    bad: list[tuple[int, int, int]] = []
    while front:
        for _id, child, parent, state in chain.above.get(front.pop(), ()):
            if state >= LinkState.SUSPECT:
                bad.append((child, parent, state))
            if parent not in seen:
                seen.add(parent)
                front.append(parent)
    lone = seen & chain.unsupported
    codes = dict(Node.objects.filter(pk__in={pk for one in bad for pk in one[:2]} | lone).values_list("pk", "code"))
    ties = {view.Tie(codes[child], codes[parent], LinkState(state).word) for child, parent, state in bad}
    ordered = sorted(ties, key=lambda one: (one.child, one.parent, one.state))
    return tuple(ordered), {codes[pk] for pk in lone}


def _findings(plain: shapes.Policy, unsupported: Collection[str]) -> dict[str, view.Finding]:
    """The findings that problems rest on, and every grave one that was adopted."""
    wanted = {code for one in plain.problems for code in one.findings}
    grave = Finding.objects.filter(state=Finding.State.ADOPTED, severity__gte=3)
    rows = {one.code: one for one in joined(Finding.objects.filter(code__in=wanted), grave)}
    found = {
        code: view.Finding(code, one.severity, one.priority.certainty, code not in unsupported, one.rights)
        for code, one in sorted(rows.items())
    }
    for code in sorted(wanted - found.keys()):  # figures, documents and findings of no round: nothing says how certain
        if code in unsupported:
            found[code] = view.Finding(code, severity=1, live=False)
    return found


def _figures(plain: shapes.Policy) -> frozenset[str]:
    wanted = {one.figure for one in plain.indicators if one.figure}
    rows = Node.objects.filter(code__in=wanted, kind="figure", withdrawn_at=None)
    return frozenset(rows.values_list("code", flat=True))


# --- The register ------------------------------------------------------------------------------


def _mandates() -> tuple[view.Mandate, ...]:
    rows = Mandate.objects.filter(retired_at=None).select_related("function", "institution", "territory")
    return tuple(
        view.Mandate(
            one.function.code,
            one.institution.code,
            one.role,
            _territory(one.territory),
            one.valid_start,
            one.valid_end,
        )
        for one in rows.order_by("key")
    )


def _territory(area: Area | None) -> str:
    """The whole country is "", whether a row names it or leaves it out."""
    return view.COUNTRY if area is None or area.level == COUNTRY_LEVEL else area.code


def _parents() -> dict[str, str]:
    rows = Area.objects.filter(retired_at=None).select_related("parent")
    return {one.code: _territory(one.parent) for one in rows.order_by("code")}


def _instruments(on: date) -> Iterable[tuple[view.Instrument, str, date | None]]:
    """Each with its kind and first day. In force from the first day of its date on; without a date nobody says."""
    for code, kind, text, gone in Instrument.objects.order_by("code").values_list("code", "kind", "date", "retired_at"):
        written = periods.parse(text)
        begins = written.start if written else None
        yield view.Instrument(code, None if begins is None else begins <= on, gone is None), kind.lower(), begins


# --- What was said -----------------------------------------------------------------------------


def _consultations(row: Policy) -> tuple[view.Consultation, ...]:
    """The rounds: who was asked or spoke (institutions, groups), and which comments nobody has answered.

    A group is heard under the name of an invitation that was used, or under what a comment says its author is.
    """
    rounds = list(Consultation.objects.filter(policy=row).prefetch_related("institutions").order_by("number"))
    heard: dict[int, set[str]] = defaultdict(set)
    spoke: dict[int, set[str]] = defaultdict(set)
    left: dict[int, list[str]] = defaultdict(list)
    answered = Exists(Disposition.objects.filter(comment=OuterRef("pk")))
    comments = Comment.objects.filter(consultation__in=rounds).annotate(answered=answered)
    for one in comments.select_related("institution", "invitation").order_by("pk"):
        if one.institution:
            spoke[one.consultation_id].add(one.institution.code)
        heard[one.consultation_id] |= {one.group, one.invitation.label if one.invitation else ""} - {""}
        if not one.answered:
            left[one.consultation_id].append(one.code)
    return tuple(
        view.Consultation(
            one.code,
            one.state,
            groups=tuple(sorted(heard[one.pk])),
            institutions=tuple(sorted(spoke[one.pk] | _asked(one))),
            undisposed=tuple(left[one.pk]),
        )
        for one in rounds
    )


def _asked(one: Consultation) -> set[str]:
    """The institutions that were asked, once the round has been opened."""
    return set() if one.state == Consultation.State.DRAFT else {each.code for each in one.institutions.all()}


# --- Text, options -----------------------------------------------------------------------------


def _clauses(row: Policy, plain: shapes.Policy) -> tuple[view.Clause, ...]:
    entries = tree.outline(row)
    linked = _realised(row)
    found = {
        one.clause.code: [each for said in one.texts.values() for each in wording.find(said.text)] for one in entries
    }
    known = references.known(row, [each for some in found.values() for each in some])
    told = {code for one in entries for code in linked.get(one.clause.pk, ())}
    return tuple(
        view.Clause(
            code=one.clause.code,
            kind=one.clause.kind,
            source=one.clause.source_language,
            texts={language: said.text for language, said in one.texts.items()},
            realises=(*linked.get(one.clause.pk, ()), *_listed(one.clause, plain, told)),
            stale=tuple(language for language in one.texts if one.is_stale(language)),
            references=tuple(
                view.Reference(each.kind, each.code, known(each) is not None)
                for each in dict.fromkeys(found[one.clause.code])
            ),
            speaks=one.clause.kind in SPEAKING,
        )
        for one in entries
    )


def _realised(row: Policy) -> dict[int, list[str]]:
    """What each clause realises, by the key of the clause: codes of measures, then of objectives."""
    found: dict[int, list[str]] = defaultdict(list)
    for model, name in ((Clause.measures.through, "measure"), (Clause.objectives.through, "objective")):
        rows = model._default_manager.filter(clause__policy=row).order_by("pk")
        for clause, code in rows.values_list("clause_id", f"{name}__code"):
            found[clause].append(code)
    return found


def _listed(clause: Clause, plain: shapes.Policy, told: Collection[str]) -> tuple[str, ...]:
    """The measures that a list of measures stands for: those of its theme that no clause realises by itself."""
    if clause.kind != Clause.Kind.MEASURES:
        return ()
    theme = f"{plain.code}-T{clause.theme.number}" if clause.theme else ""
    return tuple(one.code for one in plain.measures if theme in ("", one.theme) and one.code not in told)


def _appraisals(row: Policy) -> tuple[view.Appraisal, ...]:
    rows = list(Appraisal.objects.filter(policy=row, withdrawn_at=None).select_related("chosen").order_by("pk"))
    options = list(Option.objects.filter(appraisal__in=rows, withdrawn_at=None).order_by("pk"))
    newest = {
        (one.option_id, one.criterion_id): one
        for one in Judgement.objects.filter(option__in=options).select_related("criterion").order_by("revision")
    }
    vetoed = {one.option_id for one in newest.values() if one.word in grade.VETOES.get(one.criterion.scale, ())}
    return tuple(
        view.Appraisal(
            one.code,
            options=tuple(each.code for each in options if each.appraisal_id == one.pk),
            status_quo=next((each.code for each in options if each.appraisal_id == one.pk and each.status_quo), ""),
            chosen=one.chosen.code if one.chosen else "",
            vetoed=tuple(each.code for each in options if each.appraisal_id == one.pk and each.pk in vetoed),
            first_share=one.first_share,
            floor=one.floor,
            reason=one.decision,
        )
        for one in rows
    )
