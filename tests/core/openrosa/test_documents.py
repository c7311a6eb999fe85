"""The documents the server sends, receipts and the settings behind a QR code."""

from __future__ import annotations

import base64
import json
import zlib
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from pasaj.core.openrosa import answers
from pasaj.core.openrosa.receipt import receipt
from pasaj.core.openrosa.settings_code import encode, settings


def test_a_form_list_is_as_the_app_expects() -> None:
    forms = [
        answers.Listed("daily", "Count & go", "3", "0" * 32, "http://x/1.xml", "http://x/1/manifest"),
        answers.Listed("bare", "", "", "f" * 32, "http://x/2.xml"),
    ]
    assert answers.form_list(forms).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xforms xmlns="http://openrosa.org/xforms/xformsList">'
        "<xform><formID>daily</formID><name>Count &amp; go</name><version>3</version>"
        f"<hash>md5:{'0' * 32}</hash><downloadUrl>http://x/1.xml</downloadUrl>"
        "<manifestUrl>http://x/1/manifest</manifestUrl></xform>"
        f"<xform><formID>bare</formID><name>bare</name><version></version><hash>md5:{'f' * 32}</hash>"
        "<downloadUrl>http://x/2.xml</downloadUrl></xform></xforms>"
    )


def test_a_manifest_is_as_the_app_expects() -> None:
    assert answers.manifest([answers.Media("crossings.csv", "a" * 32, "http://x/crossings.csv")]).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<manifest xmlns="http://openrosa.org/xforms/xformsManifest">'
        f"<mediaFile><filename>crossings.csv</filename><hash>md5:{'a' * 32}</hash>"
        "<downloadUrl>http://x/crossings.csv</downloadUrl></mediaFile></manifest>"
    )


def test_a_response_says_whether_it_worked() -> None:
    begin = '<?xml version="1.0" encoding="UTF-8"?>\n<OpenRosaResponse xmlns="http://openrosa.org/http/response">'
    assert answers.response("Resevwa <1>", success=True).decode() == (
        f'{begin}<message nature="submit_success">Resevwa &lt;1&gt;</message></OpenRosaResponse>'
    )
    assert answers.response("Non", success=False).decode() == (
        f'{begin}<message nature="error">Non</message></OpenRosaResponse>'
    )


@given(st.text())
def test_any_message_makes_a_document_that_can_be_read(message: str) -> None:
    ElementTree.fromstring(answers.response(message.replace("\ufffe", "").replace("\uffff", ""), success=False))


def test_a_receipt_is_the_same_wherever_it_is_computed() -> None:
    assert receipt("daily", "uuid:1") == "BXK4-Q1V9-1G92"
    assert receipt("daily", "uuid:2") != receipt("daily", "uuid:1")
    assert receipt("dailyuuid", ":1") != receipt("daily", "uuid:1")


def test_no_receipt_holds_a_sign_that_is_mistaken_for_another() -> None:
    signs = set("".join(receipt("f", str(at)) for at in range(2000)))
    assert signs == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")
    assert {tuple(map(len, receipt("f", str(at)).split("-"))) for at in range(100)} == {(4, 4, 4)}


def test_the_code_holds_the_settings_of_the_app() -> None:
    chosen = settings(server_url="http://x/key/t", project="Pòs " * 40, language="ht", sender="AU-2026-0001")
    read = json.loads(zlib.decompress(base64.b64decode(encode(chosen))))
    assert read == {
        "general": {
            "protocol": "odk_default",
            "server_url": "http://x/key/t",
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
            "app_language": "ht",
            "metadata_username": "AU-2026-0001",
        },
        "admin": {"change_server": False},
        "project": {"name": ("Pòs " * 15), "icon": "P", "color": "#1d5fa7"},
    }
