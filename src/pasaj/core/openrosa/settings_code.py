"""What a phone reads from its QR code: settings of ODK Collect as JSON, compressed, in base64.

Source: ODK Collect, client-settings.schema.json (2026). `general` and `admin` must both be there;
what is left out goes back to the app's own default.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

COLOUR = "#1d5fa7"
LONGEST_PROJECT = 60


def settings(*, server_url: str, project: str, language: str, sender: str) -> dict[str, Any]:
    """Settings for one key: send as soon as there is a network, keep the list of forms as the server has it."""
    return {
        "general": {
            "protocol": "odk_default",
            "server_url": server_url,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
            "app_language": language,
            "metadata_username": sender,
        },
        "admin": {"change_server": False},
        "project": {"name": project[:LONGEST_PROJECT], "icon": "P", "color": COLOUR},
    }


def encode(chosen: dict[str, Any]) -> str:
    """The text of the QR code."""
    plain = json.dumps(chosen, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b64encode(zlib.compress(plain, 9)).decode()
