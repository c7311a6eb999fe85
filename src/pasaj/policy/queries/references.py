"""What the references of a policy's texts lead to, and what they say now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from pasaj.core.alerts import rounded
from pasaj.core.evidence import Value
from pasaj.core.wording import FIELDS, Reference, Said
from pasaj.evidence.models import Node, Revision
from pasaj.policy.models import Measure, Policy, Term
from pasaj.policy.queries import amounts, tree
from pasaj.registry.models import localised

FIGURES = frozenset({"figure", "score", "count"})
FIRST = ("score", "value", "count", "share", "number")
"""Which value of a figure is meant where none is named; else the first by name."""
CENT = Decimal("0.01")


def known(policy: Policy, found: Sequence[Reference]) -> Callable[[Reference], Collection[str] | None]:
    """What may be asked of the things that these references name; None where one leads nowhere."""
    return _Held(policy, found).fields


def said(policy: Policy, found: Sequence[Reference], language: str, *, everybody: bool = False) -> dict[str, Said]:
    """What references say now in a language, by their keys; those that lead nowhere are left out.

    everybody: for readers from outside, to whom our own counts are told as sizes in words, and findings by their code.
    """
    held = _Held(policy, found, everybody)
    with override(language):
        told = {one.key: held.said(one) for one in found if (held.fields(one) is not None)}
    return {key: one for key, one in told.items() if one is not None}


def number(value: Decimal) -> str:
    """A number in the language that is active, with the decimals it has."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    digits = max(0, -exponent) if isinstance(exponent, int) else 0
    return str(formats.number_format(plain, digits, force_grouping=True))


def shown(value: Value) -> str:
    """A value of a figure in the language that is active."""
    if isinstance(value, str):
        return value
    low, high = number(value.low), number(value.high)
    if low == high:
        return low
    interval = _("{low} to {high}").format(low=low, high=high)
    return interval if value.value is None else f"{number(value.value)} ({interval})"


def in_public(value: Value) -> str:
    """The size of a value in words, in the language that is active: what may be told of our own counts in public."""
    if isinstance(value, str):
        return value
    exact = value.low if value.value is None else value.value
    words = rounded(float(exact))
    return words.get((get_language() or "").split("-")[0]) or words["en"]


def money(amount: Decimal, currency: str) -> str:
    """Money to the cent in the language that is active."""
    return f"{formats.number_format(amount.quantize(CENT), 2, force_grouping=True)} {currency}"


@dataclass
class _Held:
    """What some references name, read once a kind."""

    policy: Policy
    found: Sequence[Reference]
    everybody: bool = False

    def _codes(self, *kinds: str) -> set[str]:
        return {one.code for one in self.found if one.kind in kinds}

    def full(self, code: str) -> str:
        """M4.2 and P1-M4.2 are the same in P1."""
        head = f"{self.policy.code}-"
        return code if code.startswith(head) else head + code

    @cached_property
    def nodes(self) -> dict[str, Node]:
        codes = self._codes(*FIGURES, "finding")
        rows = Node.objects.filter(code__in=codes, withdrawn_at=None).select_related("figure") if codes else ()
        return {one.code: one for one in rows}

    @cached_property
    def measures(self) -> dict[str, Measure]:
        codes = {self.full(one) for one in self._codes("measure", "cost")}
        rows = self.policy.measures.filter(code__in=codes, withdrawn_at=None) if codes else Measure.objects.none()
        return {one.code: one for one in rows.prefetch_related("institutions__institution")}

    @cached_property
    def prints(self) -> dict[str, str]:
        """Fingerprints of measures and clauses that stand in the chain."""
        codes = {self.full(one) for one in self._codes("measure", "clause")}
        return dict(Node.objects.filter(code__in=codes).values_list("code", "fingerprint")) if codes else {}

    @cached_property
    def terms(self) -> dict[str, Term]:
        return {one.code: one for one in self.policy.terms.filter(code__in=self._codes("term"))}

    @cached_property
    def clauses(self) -> dict[str, tree.Entry]:
        return {one.clause.code: one for one in tree.outline(self.policy)} if self._codes("clause") else {}

    @cached_property
    def sums(self) -> amounts.Sums:
        return amounts.sums_of(self.policy)

    def fields(self, one: Reference) -> Collection[str] | None:
        if one.kind in FIGURES:
            node = self.nodes.get(one.code)
            return tuple(node.values) if node and node.kind == "figure" and node.values else None
        if one.kind == "finding":
            node = self.nodes.get(one.code)
            there = node is not None and node.kind == "finding"
        elif one.kind == "measure":
            there = self.full(one.code) in self.measures
        elif one.kind == "cost":
            there = one.code == self.policy.code or self.full(one.code) in self.measures
        elif one.kind == "clause":
            there = self.full(one.code) in self.clauses
        else:
            there = one.kind == "term" and one.code in self.terms
        return FIELDS[one.kind] if there else None

    def said(self, one: Reference) -> Said | None:
        if one.kind in FIGURES:
            return self._figure(one)
        if one.kind == "finding":
            return self._finding(one)
        if one.kind == "measure":
            return self._measure(one)
        if one.kind == "cost":
            return self._cost(one)
        if one.kind == "clause":
            return self._clause(one)
        term = self.terms[one.code]
        return Said(localised(term.meanings if one.field == "meaning" else term.names))

    def _figure(self, one: Reference) -> Said | None:
        node = self.nodes[one.code]
        values = node.values
        name = one.field or next((each for each in FIRST if each in values), min(values))
        if name not in values:
            return None
        on = node.figure.as_of.date().isoformat()
        if self.everybody:
            return Said(in_public(values[name]), "", node.fingerprint, on, node.simulated)
        return Said(shown(values[name]), _trace(node.code), node.fingerprint, on, node.simulated)

    def _finding(self, one: Reference) -> Said:
        node = self.nodes[one.code]
        if self.everybody:
            return Said(node.code, "", node.fingerprint, "", node.simulated)
        text = localised(node.titles)
        if one.field == "severity":
            says = Revision.objects.get(node=node, number=node.revision).says
            text = str(says["fields"].get("severity", ""))
        return Said(text, _trace(node.code), node.fingerprint, "", node.simulated)

    def _measure(self, one: Reference) -> Said:
        row = self.measures[self.full(one.code)]
        text = localised(row.text)
        if one.field == "lead":
            text = next((str(each.institution) for each in row.institutions.all() if each.part == "lead"), "–")
        address = reverse("policy:statement", args=[row.code])
        return Said(text, address, self.prints.get(row.code, ""), row.changed_at.date().isoformat(), row.simulated)

    def _cost(self, one: Reference) -> Said:
        whole = one.code == self.policy.code
        sums = self.sums.whole if whole else self.sums.measures.get(self.full(one.code), amounts.Amounts())
        text = money(getattr(sums, one.field or "total"), self.policy.currency)
        if sums.unrated:
            text += " " + _("(without what is in currencies that have no rate)")
        address = reverse("policy:policy", args=[one.code]) if whole else reverse(
            "policy:statement", args=[self.full(one.code)]
        )  # fmt: skip
        return Said(text, address, "", "", self.policy.simulated)

    def _clause(self, one: Reference) -> Said:
        found = self.clauses[self.full(one.code)]
        text = found.number if one.field != "title" else found.title
        return Said(text, f"#{found.clause.code}", self.prints.get(found.clause.code, ""))


def _trace(code: str) -> str:
    return reverse("site:trace", args=[code])
