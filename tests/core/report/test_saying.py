"""Every word of a report, for whoever has to look; and brief reports as plain values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pasaj.core import report as core
from pasaj.core.report.saying import words

BLOCKS = (
    core.Heading(1, "heading", "h"),
    core.paragraph("paragraph"),
    core.Note("info", core.spans("note")),
    core.Items((core.spans("item"), core.spans("last")), inner=(core.Items((core.spans("inner"),)), None)),
    core.Facts((("name", core.spans("value")),)),
    core.Table("caption", "source", (core.Column("column"),), ((core.cell("cell"),),)),
    core.Picture("picture", "from", "<svg/>", "alternative"),
    core.PageBreak(),
)
REPORT = core.Report("C", "title", "subtitle", "en", BLOCKS, "label", core.Facts((("fact", core.spans("said")),)))


@pytest.mark.req("R11.76")
def test_nothing_that_is_said_is_left_out() -> None:
    assert words(REPORT) == (
        "title", "subtitle", "label", "fact", "said", "heading", "paragraph", "note", "item", "inner", "last",
        "name", "value", "caption", "source", "column", "cell", "picture", "from", "alternative",
    )  # fmt: skip


@pytest.mark.req("R11.77")
def test_a_brief_report_comes_back_as_it_was_and_others_keep_their_fingerprints() -> None:
    brief = replace(REPORT, brief=True)
    assert core.from_plain(core.to_plain(brief)) == brief
    assert core.from_plain(core.to_plain(REPORT)) == REPORT
    assert "brief" not in core.to_plain(REPORT)
