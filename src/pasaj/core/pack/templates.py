"""policy/template.toml: the order of a policy, with texts to begin from in the languages of the pack."""

from pasaj.core.pack import toml
from pasaj.core.pack.sheets import Book
from pasaj.core.pack.toml import Table
from pasaj.core.wording import markdown
from pasaj.core.wording.template import HEADS, KINDS, Section, Template

FILE = "policy/template.toml"
_SECTION = '[[sections]] with code = "preamble"'
_TEXT = 'text = {fr = "Préambule"}'


def is_template(file: str) -> bool:
    """Whether a file of a pack is the template of its policies."""
    return file == FILE


def read(book: Book) -> Template | None:
    """The template; None: the pack has none, or none that can be read."""
    table = toml.load(FILE, book) if FILE in book.files else None
    if table is None:
        return None
    source, verify = table.provenance()
    found = Template(
        code=table.code("code", 'code = "policy"'),
        names=table.names("name", 'name = {fr = "Politique"}'),
        sections=_sections(table),
        source=source,
        verify=verify,
    )
    table.strangers()
    return found


def _sections(table: Table) -> tuple[Section, ...]:
    found: dict[str, Section] = {}
    for inner in table.tables("sections", _SECTION):
        one = _section(inner)
        if one.code in found:
            inner.refuse("PACK-055", "code", value=one.code, first_file=table.file)
        above = found.get(one.under)
        if one.under and (above is None or above.kind not in HEADS):
            inner.refuse("PACK-096", "under", value=one.under)
        if one.each and one.under:
            inner.refuse("PACK-097", "each")
        found[one.code] = one
    return tuple(found.values())


def _section(table: Table) -> Section:
    kind = table.choice("kind", KINDS)
    needed = kind in HEADS
    texts = table.names("text", _TEXT) if needed or "text" in table.raw else {}
    for language, text in texts.items():
        for one in markdown.check(text):
            table.refuse("PACK-098", "text", language=language, code=one.code, detail=one.text())
    part = table.text("part", 'part = "situation"', needed=kind == "table", limit=40)
    each = table.text("each", 'each = "theme"', limit=10)
    if each and each != "theme":
        table.word("each", each, ("theme",))
    found = Section(
        code=table.code("code", 'code = "preamble"'),
        kind=kind,
        texts={language: markdown.normal(text) for language, text in texts.items()},
        under=table.text("under", 'under = "preamble"', limit=40),
        part=part,
        each=each,
    )
    table.strangers()
    return found
