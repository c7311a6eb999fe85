"""Counts against what is usual, drawn."""

from __future__ import annotations

import re

import pytest

from pasaj.core.charts import PRINT, Count, Group, counts


@pytest.mark.req("R11.77")
def test_bars_stand_over_the_band_on_one_scale_a_group() -> None:
    rows = (Count("Northgate", 50, "50", 20, 100), Count("Southgate", 0, "0"))
    groups = [Group("Returns", rows), Group("Entries", (Count("A", 1, "1", 1, 1),))]
    svg = counts(groups, PRINT, now="now", usual="usual")
    assert svg == counts(groups, PRINT, now="now", usual="usual")
    bars = [float(one) for one in re.findall(rf'width="([\d.]+)" height="2.4" fill="{PRINT.accent}"', svg)]
    bands = [float(one) for one in re.findall(rf'width="([\d.]+)" height="8" fill="{PRINT.pale}"', svg)]
    assert bars[1] == 0.6  # nothing counted is still a mark
    assert bands[0] / bars[0] == pytest.approx(1.6, abs=0.01)
    assert (len(bars), len(bands)) == (4, 3)  # the last of each stands in the legend
