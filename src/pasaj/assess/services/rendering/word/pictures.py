"""Drawings in the Word file: vector for Word 2016 and LibreOffice 24 on, pixels for what came before."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING

from pasaj.assess.services.rendering.pdf import DATA, fonts
from pasaj.assess.services.rendering.word.xml import Element, element, run
from pasaj.core.report import Picture
from pasaj.core.report.letters import shown

if TYPE_CHECKING:
    from docx.document import Document

PIXELS_PER_INCH = 200
_SVG = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="{}"/>'
    "</a:ext></a:extLst>"
)


def pixels(drawings: list[tuple[Picture, float]]) -> list[bytes]:
    """Each drawing as PNG, as wide as asked for in millimetres."""
    import typst  # noqa: PLC0415 - heavy

    if not drawings:
        return []
    asked = json.dumps([{"svg": one.svg, "width": width} for one, width in drawings], ensure_ascii=False)
    compiler = typst.Compiler(
        DATA / "pictures.typ", root=DATA, font_paths=fonts(), ignore_system_fonts=True, sys_inputs={"drawings": asked}
    )
    done = compiler.compile(format="png", ppi=PIXELS_PER_INCH)
    return [done] if isinstance(done, bytes) else list(done or [])


def drawing(document: Document, picture: Picture, png: bytes, width: float, number: int) -> Element:
    """The run with a drawing."""
    from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415 - heavy
    from docx.opc.packuri import PackURI  # noqa: PLC0415
    from docx.opc.part import Part  # noqa: PLC0415
    from docx.oxml import parse_xml  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.oxml.shape import CT_Inline  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    related, image = document.part.get_or_add_image(BytesIO(png))
    across, down = image.scaled_dimensions(Mm(width), None)
    inline = CT_Inline.new_pic_inline(number, related, f"drawing{number}.png", across, down)
    said = shown(picture.alternative or picture.caption)
    for about in inline.xpath("wp:docPr | .//pic:cNvPr"):
        about.set("descr", said)
    name = PackURI(f"/word/media/drawing{number}.svg")
    vector = Part(name, "image/svg+xml", picture.svg.encode(), document.part.package)
    blip = inline.find(f".//{qn('a:blip')}")
    assert blip is not None
    blip.append(parse_xml(_SVG.format(document.part.relate_to(vector, RELATIONSHIP_TYPE.IMAGE))))
    return run(element("w:drawing", inline))
