"""Mapping files: YAML that makes plain values and nothing else."""

from __future__ import annotations

import re
from typing import Any

import yaml

from pasaj.core.problems import Refused, problem

LARGEST_MAPPING = 100_000  # characters
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # no database keeps a NUL or half a character


def read_mapping(text: bytes | str) -> dict[str, Any]:
    """A mapping file as plain values. Raises Refused: IMPORT-008, 013."""
    try:
        if len(text) > LARGEST_MAPPING:
            raise Refused(problem("IMPORT-013", detail=f"more than {LARGEST_MAPPING} characters"))
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        for event in yaml.parse(text, Loader=_Plain):
            # An alias can make a small file unfold into a huge value.
            if isinstance(event, yaml.AliasEvent):
                raise Refused(problem("IMPORT-013", detail="aliases (*) are not allowed"))
            if isinstance(event, yaml.ScalarEvent) and UNSTORABLE.search(event.value):
                raise Refused(problem("IMPORT-013", detail="a character that is none"))
        found = yaml.load(text, Loader=_Plain)  # noqa: S506 - a safe loader, reading even less
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        detail = " ".join(str(error).split()).replace('in "<unicode string>", ', "")[:300]
        raise Refused(problem("IMPORT-013", detail=detail)) from error
    if not isinstance(found, dict):
        raise Refused(problem("IMPORT-008"))
    return {str(key): value for key, value in found.items()}


class _Plain(yaml.SafeLoader):
    """YAML whose words stay words: `no`, `2024` and `2024-01-01` are what somebody typed. It makes nothing else."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """No key stands twice: one of the two would be lost unseen."""
        seen: set[str] = set()
        for key, _value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"“{key.value}” stands twice", key.start_mark)
            seen.add(str(key.value))
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


_Plain.yaml_constructors = {
    tag: found
    for tag, found in yaml.SafeLoader.yaml_constructors.items()
    if tag is None or tag.rpartition(":")[2] in {"null", "str", "seq", "map"}
}
_Plain.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if tag == "tag:yaml.org,2002:null"]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
