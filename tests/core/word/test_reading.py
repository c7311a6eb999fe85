"""What word processors write, read as it was meant."""

from __future__ import annotations

from core.word import replies
from core.word.replies import landed, only, paragraph, said

from pasaj.core.word import passages
from pasaj.core.word.shapes import Passage


def last(data: bytes) -> Passage:
    return passages(data).passages[-1]


def behind(inside: str) -> bytes:
    """Something behind the last paragraph."""
    old = replies.whole(replies.SENT, "thirty days", "thirty days")
    return replies.changed((old, old + inside))


def test_signs_that_are_no_letters() -> None:
    run = (
        "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>d</w:t>"
        '<w:br w:type="page"/><w:lastRenderedPageBreak/></w:r>'
    )
    assert last(behind(paragraph(run))).plain == "a b c-d"


def test_looks_on_and_off() -> None:
    run = '<w:r><w:rPr><w:b w:val="0"/><w:i/></w:rPr><w:t>a</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>b</w:t></w:r>'
    assert [(one.strong, one.emphasis) for one in last(behind(paragraph(run))).pieces] == [(False, True), (True, False)]


def test_kinds_of_paragraphs() -> None:
    def kind(settings: str) -> tuple[str, int]:
        one = last(behind(f"<w:p><w:pPr>{settings}</w:pPr>{said('x')}</w:p>"))
        return one.kind, one.level

    assert kind('<w:pStyle w:val="ListNumber"/>') == ("number", 0)
    assert kind('<w:pStyle w:val="Heading3"/><w:numPr><w:numId w:val="1"/></w:numPr>') == ("heading", 3)
    assert kind('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>') == ("text", 0)
    assert kind('<w:numPr><w:ilvl w:val="1"/><w:numId w:val="2"/></w:numPr>') == ("number", 1)
    assert kind('<w:numPr><w:numId w:val="99"/></w:numPr>') == ("bullet", 0)
    assert kind('<w:pStyle w:val="Unknown"/>') == ("text", 0)


def test_paragraphs_of_tables_and_controls_are_read() -> None:
    table = f"<w:tbl><w:tblPr/><w:tr><w:tc>{paragraph(said('cell'))}</w:tc></w:tr></w:tbl>"
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph(said('held'))}</w:sdtContent></w:sdt>"
    assert [one.plain for one in passages(behind(table + control)).passages[-2:]] == ["cell", "held"]
    assert only(behind(table)).text == "cell"


def test_links_lead_outside_by_https_or_are_words() -> None:
    members = replies.parts(behind(paragraph(f'<w:hyperlink r:id="rId90">{said("there")}</w:hyperlink>')))
    relation = b'<Relationship Id="rId90" Type="t" Target="file:///c:/secret" TargetMode="External"/></Relationships>'
    name = "word/_rels/document.xml.rels"
    members[name] = members[name].replace(b"</Relationships>", relation)
    assert last(replies.zipped(members)).pieces[0].address == ""


def test_a_bookmark_between_paragraphs_and_one_without_an_end() -> None:
    """Word puts the end of a bookmark in front of the next paragraph; some tools forget it."""
    text = replies.parts(replies.SENT)["word/document.xml"].decode()
    start = text.rindex("<w:bookmarkStart")
    name = text[start : text.index("/>", start) + 2]
    outside = replies.changed((f"{name}", ""), ("</w:p><w:sectPr>", f"</w:p>{name}<w:sectPr>"))
    assert [one.doubt for one in landed(outside).items] == []
    old = replies.whole(replies.SENT, "thirty days", "thirty days")
    number = name.split('"')[1]
    end = f'<w:bookmarkEnd w:id="{number}"/>'
    around = old.replace(name, "").replace(end, "")
    assert landed(replies.changed((old, f"{name}{around}{end}"))).items == ()
    assert landed(replies.changed((end, ""))).items == ()


def test_a_bookmark_over_several_paragraphs_as_libreoffice_breaks_it() -> None:
    """Split in two, LibreOffice writes the beginning twice, and one of them has no end."""
    old = replies.whole(replies.SENT, "thirty days", "thirty days")
    start = old[old.index("<w:bookmarkStart") : old.index("/>", old.index("<w:bookmarkStart")) + 2]
    again = start.replace('w:id="', 'w:id="7')
    end = old[old.index("<w:bookmarkEnd") : old.index("/>", old.index("<w:bookmarkEnd")) + 2].replace(
        'w:id="', 'w:id="7'
    )
    two = paragraph(f"{start}{said('Whoever is refused')}") + paragraph(
        f"{again}{said('may appeal within thirty days.')}{end}"
    )
    one = only(replies.changed((old, two)))
    assert (one.kind, one.clause, one.text) == ("edit", "P-C5", "Whoever is refused\n\nmay appeal within thirty days.")


def test_other_properties_of_the_file_are_not_ours() -> None:
    members = replies.parts(replies.SENT)
    name = "docProps/custom.xml"
    members[name] = members[name].replace(b"NMP|NMP-K1|en|2", b"NMP|en|two")
    assert passages(replies.zipped(members)).document == replies.WHICH
    members[name] = members[name].replace(b"PasajDocument", b"Other")
    assert passages(replies.zipped(members)).document == replies.WHICH
    del members[name]
    members["word/document.xml"] = members["word/document.xml"].replace(b"_NMPZmK1_", b"_ZQ_")
    assert passages(replies.zipped(members)).document is None


def test_a_file_without_styles_lists_and_notes_is_read() -> None:
    members = {
        name: data for name, data in replies.parts(replies.SENT).items() if name.startswith(("word/document", "doc"))
    }
    assert passages(replies.zipped(members)).passages[0].plain == "National policy"
