"""The XML documents the server answers with. Source: OpenRosa form list, manifest and response APIs 1.0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
RESPONSE = "http://openrosa.org/http/response"
LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"


@dataclass(frozen=True, slots=True)
class Listed:
    """One form of the list. `md5`: hex, of the very bytes behind `url`. `manifest`: empty without files."""

    form_id: str
    name: str
    version: str
    md5: str
    url: str
    manifest: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """One file of a manifest. `md5`: hex, of the very bytes behind `url`."""

    name: str
    md5: str
    url: str


def response(message: str, *, success: bool) -> bytes:
    """What a submission is answered with: phones show `message` as it stands."""
    nature = "submit_success" if success else "error"
    return _bytes(
        f'<OpenRosaResponse xmlns="{RESPONSE}"><message nature="{nature}">{_text(message)}</message></OpenRosaResponse>'
    )


def form_list(forms: Iterable[Listed]) -> bytes:
    """The forms a phone may fetch. A form needs id, name and address, or the app refuses the whole list."""
    return _bytes(f'<xforms xmlns="{LIST}">', *map(_form, forms), "</xforms>")


def _form(form: Listed) -> str:
    manifest = f"<manifestUrl>{_text(form.manifest)}</manifestUrl>" if form.manifest else ""
    return (
        f"<xform><formID>{_text(form.form_id)}</formID><name>{_text(form.name or form.form_id)}</name>"
        f"<version>{_text(form.version)}</version><hash>md5:{form.md5}</hash>"
        f"<downloadUrl>{_text(form.url)}</downloadUrl>{manifest}</xform>"
    )


def manifest(files: Iterable[Media]) -> bytes:
    """The files that belong to a form. Name, hash and address must all be there."""
    lines = (
        f"<mediaFile><filename>{_text(one.name)}</filename><hash>md5:{one.md5}</hash>"
        f"<downloadUrl>{_text(one.url)}</downloadUrl></mediaFile>"
        for one in files
    )
    return _bytes(f'<manifest xmlns="{MANIFEST}">', *lines, "</manifest>")


def _text(text: str) -> str:
    """Text as XML can hold it: without control characters."""
    return escape("".join(letter for letter in text if letter >= " " or letter in "\n\t"), quote=True)


def _bytes(*parts: str) -> bytes:
    return (HEAD + "".join(parts)).encode("utf-8", "replace")
