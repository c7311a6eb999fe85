"""Collect every string a person sees into the four catalogues, and say what is not translated yet.

`messages.py` updates src/pasaj/locale/*/LC_MESSAGES/django.po; `--check` changes nothing and fails when a
catalogue lacks a string, holds one that is gone, or is not complete; `--dump LANG` prints the untranslated
strings as JSON; `--fill LANG FILE.json` puts translations in. English is the language of the code.
Needs no gettext: Django's own `templatize` turns templates into calls, and `ast` reads the calls.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src/pasaj"
LANGUAGES = ("fr", "ht", "en", "es")
CALLS = {
    "_": ("id",),
    "N_": ("id",),
    "gettext": ("id",),
    "gettext_lazy": ("id",),
    "gettext_noop": ("id",),
    "ngettext": ("id", "plural"),
    "ngettext_lazy": ("id", "plural"),
    "pgettext": ("context", "id"),
    "pgettext_lazy": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
}
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "ht": "nplurals=2; plural=(n > 1);",
    "en": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
}
# Strings of Django and allauth that a reader meets and that Django has no Creole for.
BORROWED = json.loads((ROOT / "scripts/borrowed_messages.json").read_text(encoding="utf-8"))


class Message(NamedTuple):
    context: str
    id: str
    plural: str


def from_call(node: ast.AST) -> Message | None:
    if not isinstance(node, ast.Call):
        return None
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    shape = CALLS.get(name)
    if shape is None or len(node.args) < len(shape):
        return None
    parts = {"context": "", "plural": ""}
    for part, argument in zip(shape, node.args, strict=False):
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            return None
        parts[part] = argument.value
    return Message(parts["context"], parts["id"], parts["plural"])


def from_python(source: str) -> list[Message]:
    return [found for node in ast.walk(ast.parse(source)) if (found := from_call(node))]


def from_template(source: str) -> list[Message]:
    text = templatize(source)
    found = []
    for match in re.finditer(r"\b(?:n?p?gettext|_)\(", text):
        call = balanced(text[match.start() :])
        try:
            tree = ast.parse(call, mode="eval")
        except SyntaxError:
            continue
        if message := from_call(tree.body):
            found.append(message)
    return found


def balanced(text: str) -> str:
    """The call at the start of `text`, up to its closing bracket; quotes are respected."""
    depth, quote, at = 0, "", 0
    while at < len(text):
        letter = text[at]
        if quote:
            if letter == "\\":
                at += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"":
            quote = letter
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return text[: at + 1]
        at += 1
    return text


def collect() -> dict[Message, list[str]]:
    found: dict[Message, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if "migrations" in path.parts or "packs" in path.parts or "build" in path.parts:
            continue
        if path.suffix == ".py":
            messages = from_python(path.read_text(encoding="utf-8"))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            messages = from_template(path.read_text(encoding="utf-8"))
        else:
            continue
        for message in messages:
            if message.id:
                places = found.setdefault(message, [])
                place = str(path.relative_to(ROOT))
                if place not in places:
                    places.append(place)
    for one in BORROWED:
        found.setdefault(Message(one.get("context", ""), one["id"], one.get("plural", "")), ["borrowed"])
    return found


def catalogue(language: str) -> Path:
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def load(language: str) -> polib.POFile:
    path = catalogue(language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=100)
    file = polib.POFile(wrapwidth=100)
    file.metadata = {
        "Project-Id-Version": "pasaj",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return file


def key(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def merge(language: str, found: dict[Message, list[str]]) -> polib.POFile:
    old = load(language)
    kept = {key(entry): entry for entry in old}
    new = polib.POFile(wrapwidth=100)
    new.metadata = old.metadata
    for message in sorted(found, key=lambda one: (one.id.lower(), one)):
        entry = kept.get(message) or polib.POEntry(
            msgctxt=message.context or None, msgid=message.id, msgid_plural=message.plural or ""
        )
        if message.plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        entry.occurrences = [(place, "") for place in found[message] if place != "borrowed"]
        if language == "en":
            entry.msgstr = "" if message.plural else message.id
            if message.plural:
                entry.msgstr_plural = {0: message.id, 1: message.plural}
        new.append(entry)
    return new


def is_done(entry: polib.POEntry) -> bool:
    return all(entry.msgstr_plural.values()) if entry.msgid_plural else bool(entry.msgstr)


def update(found: dict[Message, list[str]]) -> None:
    for language in LANGUAGES:
        file = merge(language, found)
        catalogue(language).parent.mkdir(parents=True, exist_ok=True)
        file.save(str(catalogue(language)))
        print(f"{language}: {len(file)} strings, {sum(not is_done(entry) for entry in file)} to translate")


def check(found: dict[Message, list[str]]) -> int:
    wrong = 0
    for language in LANGUAGES:
        file = load(language)
        there = {key(entry) for entry in file}
        for title, messages in (
            ("is not in the catalogue", set(found) - there),
            ("is not used any more", there - set(found)),
            ("is not translated", {key(entry) for entry in file if not is_done(entry)} & set(found)),
        ):
            for message in sorted(messages):
                wrong += 1
                print(f"{language}: {title}: {message.id!r}", file=sys.stderr)
    if wrong:
        print("Run `make messages`, translate, and commit the catalogues.", file=sys.stderr)
    return 1 if wrong else 0


def dump(language: str) -> None:
    rows = [
        {"context": entry.msgctxt or "", "id": entry.msgid, "plural": entry.msgid_plural or "", "to": ""}
        for entry in load(language)
        if not is_done(entry)
    ]
    print(json.dumps(rows, ensure_ascii=False, indent=1))


def fill(language: str, path: str) -> None:
    """Rows as `dump` writes them, `to` filled in: a text, or [singular, plural]."""
    file = load(language)
    entries = {key(entry): entry for entry in file}
    for row in json.loads(Path(path).read_text(encoding="utf-8")):
        entry = entries.get(Message(row.get("context", ""), row["id"], row.get("plural", "")))
        if entry is None or not row["to"]:
            continue
        if entry.msgid_plural:
            entry.msgstr_plural = dict(enumerate(row["to"]))
        else:
            entry.msgstr = row["to"]
    file.save(str(catalogue(language)))


def main(arguments: list[str]) -> int:
    match arguments:
        case []:
            update(collect())
        case ["--check"]:
            return check(collect())
        case ["--dump", language]:
            dump(language)
        case ["--fill", language, path]:
            fill(language, path)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
