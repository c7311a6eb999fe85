"""The questions of a form, read from the bytes that phones are served."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook
from pyxform.xls2xform import convert

from pasaj.core.forms.fields import Field, NotAForm, files_named, from_plain, language_code, read

HEADER = ("type", "name", "label::Français (fr)", "label::Kreyòl (ht)", "hint::Français (fr)", "required", "relevant",
          "constraint", "calculation", "appearance", "parameters")  # fmt: skip
SURVEY = (
    ("start", "start"),
    ("begin group", "visit", "Visite", "Vizit"),
    ("select_one kind", "kind", "Type", "Kalite", "une aide", "yes"),
    ("select_one_from_file crossings.csv", "crossing", "Point", "Pwen"),
    ("integer", "entries", "Entrées de ${kind} ce jour", "Antre", "", "yes", "${kind} = 'road'", ". >= 0"),
    ("end group",),
    ("begin repeat", "event", "Événement", "Evènman"),
    ("text", "what", "Quoi", "Kisa", "", "", "", "", "", "multiline"),
    ("begin repeat", "part", "Partie", "Pati"),
    ("decimal", "share", "Part", "Pa"),
    ("end repeat",),
    ("end repeat",),
    ("calculate", "total", "", "", "", "", "", "", "${entries} + 1"),
    ("image", "photo", "Photo", "Foto"),
    ("file", "paper", "Fichier", "Fichye"),
    ("audio", "sound", "Son", "Son"),
    ("background-audio", "listening", "", ""),
    ("note", "thanks", "Merci", "Mèsi"),
    ("rank kind", "order", "Rang", "Ran"),
    ("acknowledge", "seen", "Vu", "Wè"),
    ("dateTime", "moment", "Moment", "Moman"),
    ("geopoint", "place", "Lieu", "Kote"),
    ("audit", "audit"),
)


def converted() -> bytes:
    book = Workbook()
    survey, choices, settings = book.active, book.create_sheet("choices"), book.create_sheet("settings")
    survey.title = "survey"
    for row in (HEADER, *SURVEY):
        survey.append(row)
    for row in (
        ("list_name", "name", "label::Français (fr)", "label::Kreyòl (ht)"),
        ("kind", "road", "Route", "Wout"),
        ("kind", "air", "Air", "Lè"),
    ):
        choices.append(row)
    for row in (
        ("form_title", "form_id", "version", "default_language", "instance_name"),
        ("Rapport", "daily", "7", "Français (fr)", "${entries}"),
    ):
        settings.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    found: str = convert(xlsform=file, file_type=".xlsx", validate=False, warnings=[]).xform
    return found.encode()


def form(model: str = "", instance: str = "<a/>", body: str = "", head: str = "<h:title>T</h:title>") -> bytes:
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
        ' xmlns:jr="http://openrosa.org/javarosa">'
        f'<h:head>{head}<model><instance><data id="f" jr:version="2">{instance}</data></instance>'
        f"{model}</model></h:head>"
        f"<h:body>{body}</h:body></h:html>"
    ).encode()


def test_every_question_with_its_kind_and_its_repeat() -> None:
    found = read(converted())
    assert (found.form_id, found.version, found.root, found.titles) == ("daily", "7", "data", {"": "Rapport"})
    assert files_named(converted()) == ("crossings.csv",)
    shown = b'<value form="image">jr://images/a &amp; b.png</value><i src="jr://file-csv/l.csv"/><i src="jr://file-csv/l.csv"/>'
    assert files_named(shown) == ("a & b.png", "l.csv")
    assert (found.languages, found.encrypted, found.files) == (("fr", "ht"), False, ("crossings.csv",))
    assert [(one.path, one.kind, one.repeat) for one in found.fields] == [
        ("start", "metadata", ""),
        ("visit", "group", ""),
        ("visit/kind", "select_one", ""),
        ("visit/crossing", "select_one", ""),
        ("visit/entries", "integer", ""),
        ("event", "repeat", ""),
        ("event/what", "text", "event"),
        ("event/part", "repeat", "event"),
        ("event/part/share", "decimal", "event/part"),
        ("total", "calculate", ""),
        ("photo", "image", ""),
        ("paper", "file", ""),
        ("sound", "audio", ""),
        ("listening", "audio", ""),
        ("thanks", "note", ""),
        ("order", "rank", ""),
        ("seen", "acknowledge", ""),
        ("moment", "datetime", ""),
        ("place", "geopoint", ""),
        ("meta/audit", "metadata", ""),
        ("meta/instanceID", "metadata", ""),
        ("meta/instanceName", "metadata", ""),
    ]
    assert [one.path for one in found.fields if one.binary] == ["photo", "paper", "sound", "listening", "meta/audit"]
    assert [one.path for one in found.fields if not one.answers] == ["visit", "event", "event/part", "thanks"]
    assert [one.preload for one in found.fields if one.preload] == ["start", "audit", "uid", "instanceName"]


def test_what_is_known_of_one_question() -> None:
    fields = {one.path: one for one in read(converted()).fields}
    assert fields["visit/kind"] == Field(
        path="visit/kind",
        name="kind",
        kind="select_one",
        labels={"fr": "Type", "ht": "Kalite"},
        hints={"fr": "une aide"},
        choices={"road": {"fr": "Route", "ht": "Wout"}, "air": {"fr": "Air", "ht": "Lè"}},
        required=True,
    )
    assert fields["visit/crossing"].choices_file == "crossings.csv"
    entries = fields["visit/entries"]
    assert (entries.relevant, entries.constraint) == ("/data/visit/kind  = 'road'", ". >= 0")
    assert (entries.label("ht"), entries.label("es")) == ("Antre", "Entrées de ${kind} ce jour")
    assert fields["total"].calculate == "/data/visit/entries  + 1"
    assert (fields["event/what"].appearance, fields["total"].label()) == ("multiline", "total")


def test_fields_go_into_json_and_back() -> None:
    fields = read(converted()).fields
    assert from_plain([one.plain() for one in fields]) == fields
    assert fields[-1].plain() == {
        "path": "meta/instanceName",
        "name": "instanceName",
        "kind": "metadata",
        "type": "string",
        "calculate": "/data/visit/entries",
        "preload": "instanceName",
    }


def test_forms_written_by_hand() -> None:
    found = read(
        form(
            model='<itext><translation lang="default"><text id="x"><value form="image">i.png</value>'
            "<value>Which</value></text></translation></itext>"
            '<instance id="k"><rows><item><name>1</name><label>One</label></item><item><name>2</name></item></rows>'
            '</instance><submission base64RsaPublicKey="AAA"/>'
            '<bind nodeset="/data/n" readonly="true()" calculate="1 + 1"/><bind nodeset="/data/r" type="decimal"/>'
            '<bind nodeset="/data/b" type="boolean"/>',
            instance="<p/><p/><q/><n/><r/><b/><none/><z/><far/>",
            body='<select1 ref="/data/p"><label>A <b>bold</b> one</label>'
            "<item><label>Yes</label><value>y</value></item>"
            "<item><label ref=\"jr:itext('x')\"/><value>w</value></item></select1>"
            '<select ref="/data/q"><label ref="jr:itext(\'nothing\')"/>'
            '<itemset nodeset="instance(\'k\')/rows/item"><value ref="name"/></itemset></select>'
            '<group><input ref="/data/n"/></group><range ref="/data/r"><label/></range><input ref="/data/b"/>'
            '<select1 ref="/data/z"><itemset nodeset="/data/none"/></select1>'
            '<select1 ref="/data/far"><itemset nodeset="instance(\'unknown\')/rows/item"/></select1>',
            head="",
        )
    )
    assert (found.version, found.titles, found.languages, found.encrypted) == ("2", {}, (), True)
    assert [(one.name, one.kind, dict(one.labels), dict(one.choices)) for one in found.fields] == [
        ("p", "select_one", {"": "A bold one"}, {"y": {"": "Yes"}, "w": {"": "Which"}}),
        ("q", "select_multiple", {}, {"1": {"": "One"}, "2": {}}),
        ("n", "text", {}, {}),
        ("r", "decimal", {}, {}),
        ("b", "text", {}, {}),
        ("none", "calculate", {}, {}),
        ("z", "select_one", {}, {}),
        ("far", "select_one", {}, {}),
    ]


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<a",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        form().replace(b"<instance>", b"<other>").replace(b"</instance>", b"</other>"),
        b"\xff\xfe<",
    ],
)
def test_other_bytes_are_no_form(xml: bytes) -> None:
    with pytest.raises(NotAForm):
        read(xml)


def test_languages_by_name_and_code() -> None:
    said = ("Français (fr)", "French", "Kreyòl", "Haitian Creole (ht)", "Español", "en", "Deutsch", "Português (pt-BR)")
    assert [language_code(one) for one in said] == ["fr", "fr", "ht", "ht", "es", "en", "deutsch", "pt-br"]
