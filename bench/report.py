"""What the files of a report cost, against its pages: running text, shaded matrices, drawings, a long annex.

    python bench/report.py

Prints pages, seconds for the PDF and the Word file, their sizes, and the seconds a page; says whether the PDF made
again is the same, byte by byte. The aim is 60 pages in less than 5 seconds.
"""

# ruff: noqa: PLC0415 - settings come first

from __future__ import annotations

import os
import re
import time

import django

from pasaj.core import charts
from pasaj.core import report as core

TEXT = "L’évaluation montre des chevauchements nombreux entre les services qui travaillent à la frontière. "


def matrix(rows: int, columns: int, at: str) -> core.Table:
    titles = (core.Column("Unité", 3.0), *(core.Column(f"P{one}", 1.0, "centre") for one in range(columns)))
    body = tuple(
        (
            core.cell(core.Span(f"U-{row:03d}", code=True), " Point de passage", head=True),
            *(core.cell("1,0 à 2,5", tone=f"s{(row + one) % 5}") for one in range(columns)),
        )
        for row in range(rows)
    )
    return core.Table("Notes par pilier", "Réponses du tour A1", titles, body, anchor=f"t-{at}")


def answers(rows: int, at: str) -> core.Table:
    titles = (core.Column("Indicateur", 4), core.Column("Retenu", 1), core.Column("Réponses", 2), core.Column("", 3))
    body = tuple(
        (core.cell(core.Span(f"I-{row:02d}", code=True), " ", TEXT, head=True), core.cell("2", tone="s2"),
         core.cell("[1] 2 (sûr) · [2] 3 (assez sûr)"), core.cell(TEXT))
        for row in range(rows)
    )  # fmt: skip
    return core.Table("Réponses", "Fiches [1] et [2]", titles, body, anchor=f"a-{at}")


def drawing(at: str) -> core.Picture:
    rows = [charts.Bar(f"P{one} Coordination", one / 4, 1 + one / 3, "1,0 à 2,0") for one in range(9)]
    svg = charts.bars(rows, charts.PRINT, anchors=("", "", "", "", ""))
    return core.Picture("Piliers", "Réponses du tour A1", svg, "Neuf piliers", anchor=f"f-{at}")


def report(chapters: int) -> core.Report:
    blocks: list[core.Block] = []
    for at in range(chapters):
        blocks += [core.Heading(1, f"Chapitre {at}", f"c-{at}"), *[core.paragraph(TEXT * 6)] * 4]
        blocks += [core.Heading(2, "Notes", f"n-{at}"), matrix(32, 9, str(at)), drawing(str(at))]
        blocks += [core.Heading(2, "Réponses", f"r-{at}"), answers(40, str(at))]
    return core.Report("A1", "Rapport d’évaluation", "Tour A1", "fr", tuple(blocks), "Données simulées")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
    django.setup()
    from pasaj.assess.services import rendering

    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'pages':>6} {'PDF s':>7} {'kB':>6} {'Word s':>7} {'kB':>6} {'PDF s/page':>11} same")
    rendering.pdf(report(1))  # fonts are read once
    for chapters in (3, 6, 12, 24, 48):
        said = report(chapters)
        begun = time.perf_counter()
        pdf = rendering.pdf(said)
        first = time.perf_counter()
        word = rendering.docx(said)
        second = time.perf_counter()
        (pages,) = {int(one) for one in re.findall(rb"/Type\s*/Pages\b[^>]*?/Count (\d+)", pdf)} or {0}
        print(
            f"{pages:>6} {first - begun:>7.2f} {len(pdf) // 1000:>6} {second - first:>7.2f} {len(word) // 1000:>6} "
            f"{(first - begun) / max(pages, 1):>11.4f} {rendering.pdf(said) == pdf}"
        )


if __name__ == "__main__":
    main()
