"""The questions of a form, flat and in order, read from the XForm that phones are served.

Meaning, exports and screening read these; they never read the XForm itself. `FormVersion.fields` holds
`[one.plain() for one in fields]`, and `Field.of` reads one back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

XF = "{http://www.w3.org/2002/xforms}"
XH = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
ODK = "{http://www.opendatakit.org/xforms}"

Labels = Mapping[str, str]
"""Text by language code ("fr"); the key is "" where the form states no language."""

ITEXT = re.compile(r"jr:itext\('(.+)'\)")
INSTANCE = re.compile(r"instance\('([^']+)'\)")
FILE = re.compile(r"jr://(?:file-csv|file|images|audio|video)/([^<>\"]+)")
CODED = re.compile(r"\(([a-z]{2,3}(?:-[A-Za-z0-9]+)?)\)\s*$")
SPOKEN = {
    "fr": ("francais", "français", "french", "franse", "francés", "frances"),
    "ht": ("kreyol", "kreyòl", "kreyòl ayisyen", "haitian creole", "creole", "créole", "criollo"),
    "en": ("english", "anglais", "angle", "anglè", "inglés", "ingles"),
    "es": ("español", "espanol", "spanish", "espagnol", "panyòl", "panyol"),
}
NAMED = {name: code for code, names in SPOKEN.items() for name in (code, *names)}

# What a bind's type is called here, where the control says nothing more.
TYPES = {"": "text", "string": "text", "int": "integer", "dateTime": "datetime", "boolean": "text", "binary": "file"}
UPLOADS = ("image", "audio", "video")
CROSSINGS_FILE = "crossings.csv"
"""The list of choices that comes with every form: the crossing points of the country pack."""
CONTROLS = {
    "select1": "select_one",
    "select": "select_multiple",
    "rank": "rank",
    "trigger": "acknowledge",
    "group": "group",
    "repeat": "repeat",
}
NO_ANSWER = frozenset({"group", "repeat", "note"})


class NotAForm(ValueError):  # noqa: N818 - it reads as what it says
    """The bytes are no XForm."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question, group, repeat or hidden value of a form.

    `path`: names from below the root down, joined by "/" (`visit/entries`): equal in all versions and for
    every root name. `kind`: group, repeat, text, integer, decimal, date, time, datetime, select_one,
    select_multiple, rank, acknowledge, geopoint, geotrace, geoshape, image, audio, video, file, barcode,
    note, calculate, metadata. `type`: of the bind (string, int, …). `repeat`: path of the innermost repeat
    around it, else "". `choices`: labels by code, in order; `choices_file`: the media file that holds them
    instead. `preload`: what metadata holds (start, end, today, deviceid, username, phonenumber, uid, audit, …).
    """

    path: str
    name: str
    kind: str
    type: str = "string"
    repeat: str = ""
    labels: Labels = field(default_factory=dict)
    hints: Labels = field(default_factory=dict)
    choices: Mapping[str, Labels] = field(default_factory=dict)
    choices_file: str = ""
    required: bool = False
    read_only: bool = False
    binary: bool = False
    relevant: str = ""
    constraint: str = ""
    calculate: str = ""
    appearance: str = ""
    preload: str = ""

    @property
    def answers(self) -> bool:
        """Whether a submission holds a value for it."""
        return self.kind not in NO_ANSWER

    def label(self, language: str = "") -> str:
        """The label in a language, else in the form's first one, else the name."""
        return self.labels.get(language) or next(iter(self.labels.values()), "") or self.name

    def plain(self) -> dict[str, Any]:
        """JSON-ready. Choices are a list of pairs: their order counts, and some databases forget that of keys."""
        found = asdict(self)
        for name in ("labels", "hints"):
            found[name] = _pairs(found[name])
        found["choices"] = [[code, _pairs(labels)] for code, labels in self.choices.items()]
        return {name: value for name, value in found.items() if value not in ("", False, [])}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Field:
        """Read back what `plain` wrote."""
        known = {**plain, "labels": dict(plain.get("labels", ())), "hints": dict(plain.get("hints", ()))}
        known["choices"] = {code: dict(labels) for code, labels in plain.get("choices", ())}
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Definition:
    """What an XForm says about itself. `root`: the name of the element that holds the answers."""

    form_id: str
    version: str
    root: str
    titles: Labels
    languages: tuple[str, ...]  # codes, the default first; none where the form states no language
    fields: tuple[Field, ...]
    encrypted: bool = False
    files: tuple[str, ...] = ()  # media files that it reads lists from


def language_code(name: str) -> str:
    """The code of a language: fr for "Français (fr)" and for "French"; an unknown one keeps its name, in lower case."""
    found = CODED.search(name)
    if found:
        return found[1].lower()
    bare = name.strip().casefold()
    return NAMED.get(bare, bare)


def files_named(xml: bytes) -> tuple[str, ...]:
    """The files that a form reads lists from or shows, once each, in order: `crossings.csv`, `sign.png`."""
    return tuple(dict.fromkeys(unescape(name) for name in FILE.findall(xml.decode("utf-8", "replace"))))


def from_plain(rows: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    """The fields of `FormVersion.fields`."""
    return tuple(Field.of(one) for one in rows)


def read(xml: bytes) -> Definition:
    """Read an XForm. Raises NotAForm for anything else; entities and document types are refused."""
    try:
        page = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise NotAForm(str(error)) from error
    model = page.find(f"{XH}head/{XF}model")
    root = None if model is None else model.find(f"{XF}instance/*")
    if model is None or root is None:
        raise NotAForm("no model with an instance")
    return _Reader(page, model, root).definition()


def _pairs(labels: Mapping[str, str]) -> list[list[str]]:
    return [[language, text] for language, text in labels.items()]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _text(element: Element | None) -> str:
    """The words of a label; a value put into it is shown as ${name}."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for child in element:
        if _local(child.tag) == "output":
            parts.append("${" + child.get("value", "").strip().rpartition("/")[2] + "}")
        else:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


class _Reader:
    """One XForm, its parts by reference."""

    def __init__(self, page: Element, model: Element, root: Element) -> None:
        self.page, self.model, self.root = page, model, root
        self.base = f"/{_local(root.tag)}"
        self.texts = self._texts()
        self.binds = {one.get("nodeset", ""): one for one in model.iter(f"{XF}bind")}
        self.controls: dict[str, Element] = {}
        self.repeats: set[str] = set()
        self.wrapped: dict[str, Element] = {}  # the group that carries the label of a repeat
        for one in page.findall(f"{XH}body//*"):
            self._control(one)
        self.lists = {one.get("id", ""): one for one in model.findall(f"{XF}instance")[1:]}

    def definition(self) -> Definition:
        title = _text(self.page.find(f"{XH}head/{XH}title"))
        submission = self.model.find(f"{XF}submission")
        files = (one.get("src", "").rpartition("/")[2] for one in self.lists.values() if one.get("src"))
        return Definition(
            form_id=self.root.get("id", ""),
            version=self.root.get("version", "") or self.root.get(f"{JR}version", ""),
            root=_local(self.root.tag),
            titles={"": title} if title else {},
            languages=self.languages,
            fields=tuple(self._fields(self.root, self.base, "")),
            encrypted=submission is not None and bool(submission.get("base64RsaPublicKey")),
            files=tuple(dict.fromkeys(files)),
        )

    def _texts(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        spoken = list(self.model.iter(f"{XF}translation"))
        spoken.sort(key=lambda one: one.get("default") != "true()")
        codes = [language_code(one.get("lang", "")) for one in spoken]
        self.languages = tuple(dict.fromkeys(code for code in codes if code not in ("", "default")))
        for code, translation in zip(codes, spoken, strict=True):
            language = "" if code == "default" else code
            for one in translation.iter(f"{XF}text"):
                said = next((value for value in one.findall(f"{XF}value") if not value.get("form")), None)
                text = _text(said)
                if text and text != "-":  # pyxform's mark for a missing translation
                    found.setdefault(one.get("id", ""), {})[language] = text
        return found

    def _control(self, one: Element) -> None:
        tag = _local(one.tag)
        ref = one.get("nodeset", "") if tag == "repeat" else one.get("ref", "")
        if tag == "repeat":
            self.repeats.add(ref)
        elif tag == "group" and ref:
            self.wrapped[ref] = one
        elif ref and tag not in ("label", "hint", "itemset", "value", "output", "setvalue", "setgeopoint"):
            self.controls.setdefault(ref, one)

    def _fields(self, parent: Element, path: str, repeat: str) -> Iterator[Field]:
        seen: set[str] = set()
        for node in parent:
            name = _local(node.tag)
            if name in seen:
                continue  # the first row of a repeat stands beside its template
            seen.add(name)
            here = f"{path}/{name}"
            if name == "meta" and path == self.base:
                yield from self._fields(node, here, repeat)
                continue
            one = self._field(node, here, repeat)
            yield one
            yield from self._fields(node, here, one.path if one.kind == "repeat" else repeat)

    def _field(self, node: Element, ref: str, repeat: str) -> Field:
        bind = self.binds.get(ref, Element("bind"))
        control = self.controls.get(ref, self.wrapped.get(ref))
        choices, file = self._choices(control)
        kind, preload = self._kind(node, ref, bind, control)
        return Field(
            path=ref.removeprefix(self.base + "/"),
            name=_local(node.tag),
            kind=kind,
            type=bind.get("type", "string").removeprefix("odk:"),
            repeat=repeat,
            labels=self._said(control, "label"),
            hints=self._said(control, "hint"),
            choices=choices,
            choices_file=file,
            required=bind.get("required", "").strip() == "true()",
            read_only=bind.get("readonly", "").strip() == "true()",
            binary=bind.get("type") == "binary",
            relevant=bind.get("relevant", "").strip(),
            constraint=bind.get("constraint", "").strip(),
            calculate=bind.get("calculate", "").strip(),
            appearance="" if control is None else control.get("appearance", ""),
            preload=preload,
        )

    def _kind(self, node: Element, ref: str, bind: Element, control: Element | None) -> tuple[str, str]:
        preload = self._preload(ref, bind)
        if preload:
            return "metadata", preload
        if ref in self.repeats:
            return "repeat", ""
        if ref not in self.controls and (len(node) or ref in self.wrapped):
            return "group", ""
        if control is None:
            return ("audio" if bind.get("type") == "binary" else "calculate"), ""
        return self._asked(bind, control), ""

    def _asked(self, bind: Element, control: Element) -> str:
        """The kind of what a control asks for."""
        tag, kind = _local(control.tag), bind.get("type", "")
        if tag in CONTROLS:
            return CONTROLS[tag]
        if tag == "upload":
            media = control.get("mediatype", "").partition("/")[0]
            return media if media in UPLOADS else "file"
        if kind in ("", "string") and bind.get("readonly", "").strip() == "true()" and not bind.get("calculate"):
            return "note"
        return TYPES.get(kind, kind)

    def _preload(self, ref: str, bind: Element) -> str:
        if ref == f"{self.base}/meta/audit":
            return "audit"
        if ref == f"{self.base}/meta/instanceName":
            return "instanceName"
        what, detail = bind.get(f"{JR}preload", ""), bind.get(f"{JR}preloadParams", "")
        return (detail or what) if what else ""

    def _said(self, control: Element | None, what: str) -> dict[str, str]:
        said = None if control is None else control.find(f"{XF}{what}")
        if said is None:
            return {}
        found = ITEXT.fullmatch(said.get("ref", ""))
        if found:
            return dict(self.texts.get(found[1], {}))
        text = _text(said)
        return {"": text} if text else {}

    def _choices(self, control: Element | None) -> tuple[dict[str, Labels], str]:
        if control is None:
            return {}, ""
        written = {
            (one.findtext(f"{XF}value") or "").strip(): self._said(one, "label") for one in control.findall(f"{XF}item")
        }
        itemset = control.find(f"{XF}itemset")
        named = INSTANCE.search(itemset.get("nodeset", "")) if itemset is not None else None
        if named is None or named[1] not in self.lists:
            return dict(written), ""
        rows = self.lists[named[1]]
        if rows.get("src"):
            return {}, rows.get("src", "").rpartition("/")[2]
        return {(row.findtext(f"{XF}name") or "").strip(): self._of_row(row) for row in rows.iter(f"{XF}item")}, ""

    def _of_row(self, row: Element) -> Labels:
        identity = row.findtext(f"{XF}itextId")
        if identity:
            return self.texts.get(identity.strip(), {})
        text = (row.findtext(f"{XF}label") or "").strip()
        return {"": text} if text else {}
