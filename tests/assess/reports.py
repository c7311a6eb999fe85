"""A report with every kind of block and every kind of trouble."""

from __future__ import annotations

from pasaj.core import report as core

HOSTILE = "#set page(width: 1pt) $x^2$ *b* _i_ @ref <label> \\ \"q\" 'q' `raw` [c] // no /* no */ = h ~ --- <w:p>&amp;"
ODD = "a\x00b\x0bc\ud800d\uffffe\u202ef"
LONG = "x" * 150
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200" width="400" height="200">'
    '<rect x="10" y="10" width="380" height="180" fill="#d2e3f3" stroke="#1f4e6b"/>'
    '<text x="30" y="110" font-size="24" '
    "font-family=\"'Source Sans 3', Calibri, sans-serif\">Pò, frontière, año</text></svg>"
)
WORDS = {
    "fr": "L’évaluation de la coordination interinstitutionnelle montre des chevauchements nombreux entre services",
    "ht": "Evalyasyon kowòdinasyon ant enstitisyon yo montre gen anpil sèvis k ap fè menm travay la nan fwontyè a",
    "es": "La evaluación de la coordinación interinstitucional muestra solapamientos considerables entre los servicios",
    "en": "The assessment of coordination between institutions shows considerable overlaps between services",
}


def matrix(columns: int, rows: int, caption: str = "Matrix", *, turned: bool = True, keep: int = 1) -> core.Table:
    """Places by pillars."""
    return core.Table(
        caption,
        "Round A1",
        (core.Column("Place", 3.0), *(core.Column(f"Pillar {at}", 1.0, "centre", turned) for at in range(1, columns))),
        tuple(
            (
                core.cell(f"Place number {row}", head=True),
                *(core.cell(f"{at % 5},0–{at % 5},5", tone=f"s{at % 5}") for at in range(1, columns)),
            )
            for row in range(rows)
        ),
        keep=keep,
        anchor=f"t{columns}-{rows}",
    )


def parts(language: str) -> tuple[core.Block, ...]:
    """One of each kind."""
    text = WORDS[language]
    return (
        core.Heading(1, "Résumé & <résumé>", "resume"),
        core.paragraph(
            f"{text}. ",
            core.Span("A1-F01", code=True, address="/trace/A1-F01/"),
            ", ",
            core.Span("important", strong=True),
            ", ",
            core.Span("là", address="#matrix"),
            ", ",
            core.Span("nulle part", address="#nowhere"),
            ", ",
            core.Span("script", address="javascript:alert(1)"),
            f". {text}, {text.lower()}.",
        ),
        core.Items((core.spans("un"), core.spans(core.Span("deux", strong=True), " et plus"))),
        core.Items((core.spans("premier"), core.spans("second")), numbered=True),
        core.Heading(2, "Notes", "notes"),
        core.Note("info", core.spans("Pour information.")),
        core.Note("caution", core.spans("Prudence : ", text)),
        core.Note("simulated", core.spans("Données simulées.")),
        core.Facts((("Unités", core.spans("26")), ("Institutions", core.spans("32")))),
        core.Heading(3, HOSTILE, "hostile"),
        core.paragraph(HOSTILE, " ", ODD, " ", LONG),
        core.Table(
            "Findings",
            "Rules of " + HOSTILE,
            (core.Column("Code"), core.Column("Finding", 4.0), core.Column("Score", align="end")),
            (
                (
                    core.cell(core.Span("A1-F01", code=True), head=True),
                    core.cell(text),
                    core.cell("0,0–1,5", tone="s0"),
                ),
                (core.cell(HOSTILE), core.cell(LONG), core.cell("")),
                (core.cell("A1-F03"), core.cell(*[f"{text}. "] * 14), core.cell("3", tone="unknown")),
            ),
            anchor="matrix",
        ),
        core.Picture("Carte", "Fonds de carte", SVG, "Un rectangle et des mots", 0.6, "carte"),
    )


def whole(language: str = "fr", label: str = "Données simulées", filling: int = 0) -> core.Report:
    """All of it; `filling`: so many sections more of running text and small tables."""
    more: list[core.Block] = []
    for at in range(filling):
        more += [
            core.Heading(2, f"Section {at}", f"filling-{at}"),
            *[core.paragraph(*[f"{WORDS[language]}. "] * 8)] * 3,
            matrix(9, 12, f"Small {at}"),
        ]
    return core.Report(
        code="A1",
        title="Rapport d’évaluation de la gestion des frontières",
        subtitle="Tour A1, " + WORDS[language][:40],
        language=language,
        label=label,
        facts=core.Facts((("Période", core.spans("2026-11-01 – 2026-11-30")), ("Cadre", core.spans("BM 1.0")))),
        blocks=(
            *parts(language),
            core.PageBreak(),
            core.Heading(1, "Matrices", "matrices"),
            *more,
            core.Heading(2, "Wide", "wide"),
            core.paragraph("What is said before it."),
            matrix(24, 30, "On its side"),
            core.Heading(2, "Wider", "wider"),
            matrix(40, 12, "In parts"),
            core.PageBreak(),
            core.Heading(2, "Long", "long"),
            matrix(8, 300, "Long"),
        ),
    )
