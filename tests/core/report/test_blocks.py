"""Reports as plain blocks: there and back, and one fingerprint."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pasaj.core import report as core


def whole() -> core.Report:
    return core.Report(
        code="A1",
        title="Rapport",
        subtitle="Haïti",
        language="fr",
        label="Données simulées",
        facts=core.Facts((("Date", core.spans("2026-11-30")),)),
        blocks=(
            core.Heading(1, "Résumé", "resume"),
            core.paragraph("Voir ", core.Span("A1-F01", code=True, address="/trace/A1-F01/"), "."),
            core.Items((core.spans("un"), core.spans("deux")), numbered=True),
            core.Note("simulated", core.spans("Simulé")),
            core.Facts((("Unités", core.spans("3")),)),
            core.Table(
                "Piliers",
                "Tour A1",
                (core.Column("Unité", 2.0), core.Column("P1", align="end", turned=True)),
                ((core.cell("OUA", head=True), core.cell("2,0–3,0", tone="s2")),),
            ),
            core.Picture("Carte", "Pasaj", "<svg/>", "Deux points", 0.5, "carte"),
            core.PageBreak(),
        ),
    )


def test_a_report_goes_to_json_and_comes_back() -> None:
    report = whole()
    assert core.from_plain(json.loads(json.dumps(core.to_plain(report)))) == report


def test_the_fingerprint_is_of_the_content() -> None:
    report = whole()
    assert core.fingerprint(report) == core.fingerprint(core.from_plain(core.to_plain(report)))
    other = core.Report(report.code, report.title, report.subtitle, "ht", report.blocks, report.label, report.facts)
    assert core.fingerprint(report) != core.fingerprint(other)


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="Piliers"):
        core.Table("Piliers", "", (core.Column("a"),), ((core.cell("1"), core.cell("2")),))


@pytest.mark.parametrize(
    ("change", "words"),
    [({"format": 2}, "format 1"), ({"blocks": [{"block": "Song"}]}, "not a block: Song")],
)
def test_what_is_not_known_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        core.from_plain({**core.to_plain(whole()), **change})


def test_a_list_may_hold_lists_and_words_may_be_emphasised() -> None:
    inner = core.Items((core.spans("deux"),), numbered=True)
    words = core.spans("un", core.Span("vite", emphasis=True))
    report = replace(whole(), blocks=(core.Items((words, core.spans("trois")), inner=(inner, None)),))
    assert core.from_plain(json.loads(json.dumps(core.to_plain(report)))) == report
    with pytest.raises(ValueError, match="as many inner lists"):
        core.Items((words,), inner=(inner, None))


def test_what_was_frozen_before_there_were_such_keeps_its_form() -> None:
    plain = core.to_plain(replace(whole(), blocks=(core.Items((core.spans("un"),)),)))
    assert plain["blocks"] == [
        {
            "block": "Items",
            "items": (({"text": "un", "strong": False, "code": False, "address": ""},),),
            "numbered": False,
        }
    ]
