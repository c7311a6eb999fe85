"""A framework as JSON-ready values and back, and its two fingerprints."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pasaj.core.evidence.canonical import fingerprint
from pasaj.core.framework.conditions import parse, written
from pasaj.core.framework.shapes import Framework, Indicator, Origin, Pillar


def number(weight: Decimal) -> str:
    """A weight in its shortest form: 1, 0.5."""
    return f"{weight.normalize():f}"


def plain(framework: Framework) -> dict[str, Any]:
    """Everything the framework says, ready for JSON; `of` reads it back."""
    return {
        "code": framework.code,
        "version": framework.version,
        "languages": list(framework.languages),
        "names": dict(framework.names),
        "descriptions": dict(framework.descriptions),
        "scale": framework.scale,
        "verify": framework.verify,
        "pillars": [
            {"code": one.code, "names": dict(one.names), "weight": number(one.weight)} for one in framework.pillars
        ],
        "indicators": [indicator_plain(one) for one in framework.indicators],
        "sources": [
            {"code": one.code, "title": one.title, "where": one.where, "note": one.note, "verify": one.verify}
            for one in framework.sources
        ],
    }


def indicator_plain(one: Indicator) -> dict[str, Any]:
    """One indicator, ready for JSON."""
    return {
        **normative(one),
        "sources": list(one.sources),
        "verify": one.verify,
        "questions": dict(one.questions),
        "anchors": {str(point): dict(texts) for point, texts in sorted(one.anchors.items())},
    }


def normative(one: Indicator) -> dict[str, Any]:
    """What of an indicator decides scores, whatever its wording."""
    return {
        "code": one.code,
        "pillar": one.pillar,
        "level": one.level,
        "unit": one.unit,
        "weight": number(one.weight),
        "critical": one.critical,
        "rights": one.rights,
        "applies_if": written(one.applies_if),
    }


def of(raw: Mapping[str, Any]) -> Framework:
    """Read back what `plain` wrote; a database may have kept the keys of its tables in another order."""
    languages = tuple(raw["languages"])
    return Framework(
        code=raw["code"],
        version=raw["version"],
        languages=languages,
        names=_texts(raw["names"], languages),
        descriptions=_texts(raw["descriptions"], languages),
        scale=raw["scale"],
        verify=raw["verify"],
        pillars=tuple(
            Pillar(one["code"], _texts(one["names"], languages), Decimal(one["weight"])) for one in raw["pillars"]
        ),
        indicators=tuple(_indicator(one, languages) for one in raw["indicators"]),
        sources=tuple(Origin(**one) for one in raw["sources"]),
    )


def _texts(raw: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    """The texts in the order of the languages: the first is the one the others are translated from."""
    return {one: raw[one] for one in languages if one in raw}


def _indicator(raw: Mapping[str, Any], languages: tuple[str, ...]) -> Indicator:
    return Indicator(
        code=raw["code"],
        pillar=raw["pillar"],
        level=raw["level"],
        unit=raw["unit"],
        weight=Decimal(raw["weight"]),
        questions=_texts(raw["questions"], languages),
        anchors={int(point): _texts(texts, languages) for point, texts in sorted(raw["anchors"].items())},
        critical=raw["critical"],
        rights=raw["rights"],
        applies_if=parse(raw["applies_if"]) if raw["applies_if"] else None,
        sources=tuple(raw["sources"]),
        verify=raw["verify"],
    )


def content_fingerprint(framework: Framework) -> str:
    """SHA-256 of everything the framework says: equal frameworks, equal fingerprints."""
    return fingerprint(plain(framework))


def normative_fingerprint(framework: Framework) -> str:
    """SHA-256 of what decides scores: scale, pillars with weights, indicators without their wording.

    Neither order, wording nor sources change it.
    """
    return fingerprint(
        {
            "code": framework.code,
            "scale": framework.scale,
            "pillars": {one.code: number(one.weight) for one in framework.pillars},
            "indicators": {one.code: normative(one) for one in framework.indicators},
        }
    )
