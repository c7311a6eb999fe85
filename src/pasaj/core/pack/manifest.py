"""pack.toml: what the pack is, its languages, clock and map."""

import tomllib
from collections.abc import Collection, Mapping
from typing import Any, TypeGuard

from pasaj.core.pack import values
from pasaj.core.pack.findings import Findings
from pasaj.core.pack.shapes import Manifest
from pasaj.core.pack.table import decode
from pasaj.core.pack.vocabulary import Vocabulary

FILE = "pack.toml"
SCHEMA = 1
"""The newest pack format this code reads."""

_EXAMPLES = {
    "schema": "schema = 1",
    "code": 'code = "mycountry"',
    "version": 'version = "1.0"',
    "languages": 'languages = ["fr", "en"]',
    "default_language": 'default_language = "fr"',
    "timezone": 'timezone = "Africa/Dakar"',
    "extent": "extent = [-17.6, 12.3, -11.3, 16.7]  # west, south, east, north",
    "name": 'name = {fr = "Mon pays"}',
    "licence": 'licence = "CC BY 4.0"',
    "cell": 'cell = "CELL"',
    "detect": 'detect = {methods = ["auto"], false_discoveries = 0.1}',
    "phone": 'phone = {country = "221", digits = 9}',
}
_OPTIONAL = ("version", "licence", "cell", "detect", "phone")
_OTHER_NAMES = {
    "schema_version": "schema",
    "names": "name",
    "map_extent": "extent",
    "bbox": "extent",
    "time_zone": "timezone",
    "license": "licence",
}
"""What the same key is called elsewhere; read where the key itself is missing."""
_SIDES = ("west", "south", "east", "north")


def manifest(files: Mapping[str, bytes], findings: Findings, zones: Collection[str] | None) -> Manifest | None:
    """Read pack.toml. `zones` are the timezones this machine knows; None leaves the name unchecked."""
    data = files.get(FILE)
    if data is None:
        findings.refuse("PACK-001", FILE)
        return None
    text = decode(data, FILE, findings)
    if text is None:
        return None
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        detail = "too deeply nested" if isinstance(error, RecursionError) else str(error).rstrip(".")
        findings.refuse("PACK-040", FILE, detail=detail[:200])
        return None
    return _Reader(_plain(raw), findings).read(zones)


def _plain(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The keys under their own names, also where all of them stand below [pack] or names have a key each."""
    inner = raw.get("pack")
    found = {**inner, **{key: value for key, value in raw.items() if key != "pack"}} if _is_table(inner) else dict(raw)
    for other, key in _OTHER_NAMES.items():
        if other in found and key not in found:
            found[key] = found.pop(other)
    local = {key[5:]: found.pop(key) for key in tuple(found) if values.LOCAL_NAME.fullmatch(key)}
    if local and _is_table(found.setdefault("name", {})):
        found["name"] = {**local, **found["name"]}
    return found


class _Reader:
    """Typed reading of the keys; `None` from a reader means: said already."""

    def __init__(self, raw: Mapping[str, Any], findings: Findings) -> None:
        self._raw = raw
        self._findings = findings

    def read(self, zones: Collection[str] | None) -> Manifest | None:
        for key in self._raw:
            if key not in _EXAMPLES:
                self._findings.warn("PACK-071", FILE, column=key[:60], key=key[:60])
        for key, example in _EXAMPLES.items():
            if key not in self._raw and key not in _OPTIONAL:
                self._findings.refuse("PACK-041", FILE, column=key, key=key, example=example)
        if "licence" not in self._raw:
            self._findings.warn("PACK-073", FILE, column="licence", key="licence", example=_EXAMPLES["licence"])
        schema = self._schema()
        languages = self._languages()
        default = self._text("default_language", 8)
        phone_country, phone_digits = self._phone()
        if languages and default and default not in languages:
            self._findings.refuse("PACK-045", FILE, column="default_language", value=default)
        found = Manifest(
            schema=schema,
            code=self._code(),
            version=self._text("version", 40),
            names=self._names(default),
            languages=languages,
            default_language=default,
            timezone=self._timezone(zones),
            extent=self._extent(),
            licence=self._text("licence", 200),
            cell=self._text("cell", 40),
            methods=self._methods(),
            false_discoveries=self._share(),
            phone_country=phone_country,
            phone_digits=phone_digits,
        )
        # Without its languages nothing else of the pack can be judged by the manifest.
        return found if default in languages else None

    def _bad(self, key: str) -> None:
        self._findings.refuse("PACK-042", FILE, column=key, key=key, example=_EXAMPLES[key])

    def _text(self, key: str, limit: int) -> str:
        value = self._raw.get(key, "")
        if not isinstance(value, str) or (key in self._raw and not value.strip()):
            self._bad(key)
            return ""
        if len(value) > limit:
            self._findings.refuse("PACK-032", FILE, column=key, found=len(value), limit=limit)
        return value.strip()

    def _schema(self) -> int:
        value = self._raw.get("schema", SCHEMA)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self._bad("schema")
        elif value > SCHEMA:
            self._findings.refuse("PACK-043", FILE, column="schema", found=value, known=SCHEMA)
        else:
            return value
        return SCHEMA

    def _code(self) -> str:
        code = self._text("code", 40)
        if code and not values.CODE.fullmatch(code):
            self._findings.refuse("PACK-017", FILE, column="code", value=code[:60])
        return code

    def _languages(self) -> tuple[str, ...]:
        value = self._raw.get("languages", [])
        if not isinstance(value, list) or not all(_is_language(one) for one in value):
            value = []
        if not value and "languages" in self._raw:
            self._bad("languages")
        return tuple(dict.fromkeys(value))

    def _names(self, default: str) -> dict[str, str]:
        value = self._raw.get("name", {})
        if isinstance(value, str):
            value = {default: value}
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            self._bad("name")
            return {}
        names = {key: text.strip() for key, text in value.items() if text.strip()}
        if "name" in self._raw and default and default not in names:
            self._findings.refuse("PACK-011", FILE, column=f"name.{default}", language=default)
        return names

    def _timezone(self, zones: Collection[str] | None) -> str:
        zone = self._text("timezone", 60)
        if zone and zones is not None and zone not in zones:
            nearest = Vocabulary(zones).nearest(zone) or "Africa/Dakar"
            self._findings.refuse("PACK-044", FILE, column="timezone", value=zone, nearest=nearest)
        return zone

    def _extent(self) -> tuple[float, float, float, float]:
        value = self._raw.get("extent")
        if value is None:
            return (-180.0, -90.0, 180.0, 90.0)
        if _is_table(value) and value.keys() == set(_SIDES):
            value = [value[side] for side in _SIDES]
        if isinstance(value, list) and len(value) == 4 and all(_is_number(one) for one in value):
            west, south, east, north = (float(one) for one in value)
            if -180 <= west < east <= 180 and -90 <= south < north <= 90:
                return (west, south, east, north)
        self._bad("extent")
        return (-180.0, -90.0, 180.0, 90.0)

    def _phone(self) -> tuple[str, int]:
        """The country's code and how many digits a national number has: how numbers are read that are not whole."""
        table = self._raw.get("phone")
        if table is None:
            return "", 0
        if _is_table(table) and table.keys() == {"country", "digits"}:
            country, digits = table["country"], table["digits"]
            if isinstance(country, str) and values.PHONE_COUNTRY.fullmatch(country) and digits in range(4, 13):
                return country, int(digits)
        self._bad("phone")
        return "", 0

    def _methods(self) -> tuple[str, ...]:
        table = self._raw.get("detect", {})
        methods = table.get("methods", []) if isinstance(table, dict) else None
        if not isinstance(methods, list) or not all(isinstance(one, str) and one for one in methods):
            self._bad("detect")
            return ()
        for key in table:
            if key not in {"methods", "false_discoveries"}:
                self._findings.warn("PACK-071", FILE, column=f"detect.{key[:40]}", key=f"detect.{key[:40]}")
        return tuple(methods)

    def _share(self) -> float | None:
        table = self._raw.get("detect", {})
        share = table.get("false_discoveries") if isinstance(table, dict) else None
        if share is None or (isinstance(share, float) and 0 < share <= 1):
            return share
        self._bad("detect")
        return None


def _is_table(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_language(value: object) -> bool:
    return isinstance(value, str) and values.LANGUAGE.fullmatch(value) is not None


def _is_number(value: object) -> bool:
    """A finite number of a sane size; a huge integer would not become a float."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -1000 <= value <= 1000
