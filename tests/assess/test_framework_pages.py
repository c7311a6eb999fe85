"""Pages of frameworks: what stands on them, for whom, at what cost, and handing one in."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import make
import pytest
from assess.frameworks import Stored, said
from assess.test_framework_files import book, grids
from core.frameworks import ROWS, changed, table
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pasaj.access.rules import explain
from pasaj.assess.models import Framework, FrameworkVersion
from pasaj.assess.queries import in_use
from pasaj.assess.templatetags.frameworks import condition_words, field_name
from pasaj.core.framework import parse

pytestmark = pytest.mark.django_db
LIST, UPLOAD = "/assessment/frameworks/", "/assessment/upload/"
PAGE, DRAFT = f"{LIST}border/2026.1/", f"{LIST}border/2026.2/"


def text(client: Client, url: str, status: int = 200) -> str:
    """What a page says, without its frame, on one line."""
    answer = client.get(url, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def rows(client: Client, url: str, key: str) -> list[list[str]]:
    """The cells of the table labelled by `key`, line by line."""
    body = client.get(url).content.decode()
    part = body.partition(f'aria-labelledby="{key}"')[2].partition("</table>")[0].partition("<tbody>")[2]
    lines = (re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in part.split("</tr>"))
    plain = [
        [re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", one))).strip() for one in line] for line in lines
    ]
    return [line for line in plain if line]


@pytest.mark.req("R10.1")
def test_a_framework_by_pillar(stored: Stored, as_: Callable[[str], Client]) -> None:
    stored()
    client = as_("partner")
    assert rows(client, PAGE, "pillars") == [
        ["LEG", "Law", "2", "1", "1", "0", "2", "1", "1"],
        ["INS", "Institutions", "1", "0", "0", "2", "2", "0", "0"],
    ]
    assert rows(client, PAGE, "LEG") == [
        ["LEG-01", "Yes?", "No", "", "In part", "Yes", "Country Inside one service",
         "IHR-A1B GCM To verify: the law"],
        ["LEG-02", "Yes? Critical Concerns rights", "No", "A little", "In part", "Yes",
         "Institution With other countries Applies where: Kind: Border agency or Police and Country: XX", "GCM"],
    ]  # fmt: skip
    assert rows(client, PAGE, "INS")[0][-2:] == [
        "Crossing point Between services Applies where: Kind: Land and (Status: Official or LEG-01 ≥ 1)",
        "GCM",
    ]
    assert rows(client, PAGE, "INS")[0][1] == "Yes? weight 0.5"
    assert rows(client, PAGE, "drawn-from")[0] == ["IHR-A1B", "Regulations", "who.int", "In our words.", "the page"]
    assert "en: to be read again" in text(client, PAGE)
    # The list leads to the version by its permanent address.
    assert f'href="{PAGE}"' in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("unit=crossing_point", ["INS-01", "INS-02"]),
        ("unit=institution&mark=critical", ["LEG-02"]),
        ("level=intra", ["LEG-01"]),
        ("mark=rights", ["LEG-02"]),
        ("mark=condition&unit=country", []),
        ("unit=village&mark=x", ["LEG-01", "LEG-02", "INS-01", "INS-02"]),
    ],
)
def test_only_some_indicators(stored: Stored, as_: Callable[[str], Client], asked: str, shown: list[str]) -> None:
    stored()
    url = f"{PAGE}?{asked}"
    client = as_("duty")
    assert [line[0] for pillar in ("LEG", "INS") for line in rows(client, url, pillar)] == shown
    assert ("No indicator is like this." in text(client, url)) == (not shown)


def test_in_another_language(stored: Stored, as_: Callable[[str], Client]) -> None:
    stored()
    client = as_("duty")
    client.cookies["language"] = "fr"
    assert [line[1] for line in rows(client, PAGE, "LEG")] == ["Oui ?", "Oui ? Critique Touche aux droits"]
    # The framework speaks no Creole: its own first language is shown.
    client.cookies["language"] = "ht"
    assert [line[1] for line in rows(client, PAGE, "LEG")] == ["Oui ?", "Oui ? Kritik Konsène dwa moun"]


@pytest.mark.req("R10.2")
def test_two_versions_side_by_side(stored: Stored, as_: Callable[[str], Client]) -> None:
    stored()
    client = as_("partner")
    assert "There is one version only." in text(client, f"{LIST}border/compare/")
    assert client.get(f"{LIST}other/compare/").status_code == 404
    # Who sees a version may not do with it what others may.
    assert client.post(f"{PAGE}publish").status_code == 404
    stored("2026.2", rows=table([*ROWS[1:], ("INS-03", "INS", *ROWS[0][2:])]).replace("LEG-01", "INS-03"))
    stored("2026.3", rows=changed(2, weight="2", question_fr="Vraiment ?", question_en="Really?"))
    url = f"{LIST}border/compare/?before=2026.1&after=2026.3"
    assert rows(client, url, "indicators-LEG-01") == [
        ["Weight", "1", "2", "Decides scores"],
        ["Question (French)", "Oui ?", "Vraiment ?", "Reworded"],
        ["Question (English)", "Yes?", "Really?", "Translation, source or note"],
    ]
    # Without a choice: the one in use against the one before.
    said_ = text(client, f"{LIST}border/compare/")
    assert ("INS-03 Removed Yes?" in said_, "LEG-01 Added Really?" in said_) == (True, True)
    assert "The two say the same." in text(client, f"{LIST}border/compare/?before=2026.1&after=2026.1")
    assert "Select a valid choice" in text(client, f"{LIST}border/compare/?before=1999", 422)
    assert "An earlier version. In use is version 2026.3." in text(client, PAGE)


def test_a_draft_is_for_those_who_may_publish_it(
    stored: Stored, as_: Callable[[str], Client], lead: Client, cast: make.Cast
) -> None:
    stored()
    row = stored("2026.2", draft=True, rows=changed(2, question_en="Secret?"))
    for who in ("chief", "duty", "approver", "partner", "dpo"):
        client = as_(who)
        for url in (DRAFT, f"{DRAFT}file.zip", UPLOAD, "/api/v1/frameworks/border/2026.2"):
            assert (who, url, client.get(url).status_code) == (who, url, 404)
        for url in (LIST, PAGE, f"{LIST}border/", f"{LIST}border/compare/"):
            assert "2026.2" not in text(client, url)
        assert client.get("/api/v1/frameworks").json()[0]["in_use"] == "2026.1"
        assert [one["version"] for one in client.get("/api/v1/frameworks").json()[0]["versions"]] == ["2026.1"]
        for url in (f"{DRAFT}publish", f"{DRAFT}discard", UPLOAD):
            assert client.post(url).status_code == 404
    for client in (lead, as_("admin")):
        assert "A draft: only assessment leads and administrators see it." in text(client, DRAFT)
        assert "Secret?" in text(client, DRAFT)
    assert FrameworkVersion.objects.filter(state="draft").count() == 1
    found = explain(FrameworkVersion, "publish", cast.actor("partner"), row)
    assert (found.allowed, {part.name: part.met for part in found.ways[0]}) == (False, {"lead": False, "draft": True})


def test_a_framework_of_drafts_only(stored: Stored, as_: Callable[[str], Client], lead: Client) -> None:
    stored(draft=True)
    partner = as_("partner")
    assert "There is no framework." in text(partner, LIST)
    assert partner.get(f"{LIST}border/").status_code == 404
    assert "none yet" in text(lead, LIST)
    assert "A draft" in text(lead, f"{LIST}border/")
    assert as_("stranger").get(LIST).status_code == 404


@pytest.mark.req("R10.3")
def test_from_a_file_to_the_version_in_use(stored: Stored, lead: Client) -> None:
    stored()
    changed_ = grids("2026.2")
    changed_["indicators"][1] = (
        *changed_["indicators"][1][:4],
        "3",
        *changed_["indicators"][1][5:8],
        "",
        *changed_["indicators"][1][9:],
    )
    data = book(changed_)

    def hand_in(do: str, content: bytes = data, **more: Any) -> Any:
        file = SimpleUploadedFile("border.xlsx", content)
        return lead.post(UPLOAD, {"do": do, "file": file}, headers={"Accept-Language": "en"}, **more)

    checked = hand_in("check").content.decode()
    assert "Checked: nothing stands against it" in checked
    assert "0 added, 0 removed, 1 changed in what decides scores, 0 reworded, 0 changed otherwise" in re.sub(
        r"\s+", " ", checked
    )
    assert "FRAME-037" in checked
    assert FrameworkVersion.objects.count() == 1
    assert hand_in("keep")["Location"] == DRAFT
    assert in_use("border") == said()
    assert lead.post(f"{DRAFT}publish")["Location"] == DRAFT
    found = in_use("border")
    assert found
    assert (found.version, found.indicators[0].weight) == ("2026.2", 3)
    # Pressed twice, or by two people: it is told, nothing is lost.
    again = lead.post(f"{DRAFT}publish")
    assert (again.status_code, "FRAME-044" in again.content.decode()) == (422, True)
    gone = lead.post(f"{DRAFT}discard")
    assert (gone.status_code, "FRAME-044" in gone.content.decode()) == (422, True)
    assert hand_in("keep").status_code == 422


@pytest.mark.req("R10.3")
def test_what_is_wrong_with_a_file_stands_on_the_page(lead: Client) -> None:
    broken = grids()
    for at in range(1, 5):
        broken["indicators"][at] = (*broken["indicators"][at][:2], "", *broken["indicators"][at][3:])
    answer = lead.post(UPLOAD, {"do": "keep", "file": SimpleUploadedFile("b.xlsx", book(broken))})
    body = answer.content.decode()
    assert (answer.status_code, FrameworkVersion.objects.count()) == (422, 0)
    assert re.findall(r'class="code">([A-Z]+-\d+)', body) == ["PACK-010"] * 4
    assert re.findall(r"row (\d), column level", body) == ["2", "3", "4", "5"]
    empty = lead.post(UPLOAD, {"do": "check"})
    assert (empty.status_code, "This field is required." in empty.content.decode()) == (422, True)


@pytest.mark.req("R10.3")
@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "told"),
    [
        ("indicators", 3, "code", "LEG-01", (
            "b.xlsx, indicators, row 3, column code",
            "The code “LEG-01” already stands in row 2. Give one of the two rows another code, or remove it. "
            "PACK-013")),
        ("indicators", 4, "anchor_2_fr", "", (
            "b.xlsx, indicators, row 4, column anchor_2_fr",
            "There is no text in the language “fr”. Fill in “anchor_2_fr”: each text is needed in every language of "
            "the framework. FRAME-005")),
        ("indicators", 4, "applies_if", "INS-02>=1", (
            "b.xlsx, indicators, row 4, column applies_if",
            "The conditions run in a circle: INS-01 → INS-02 → INS-01. Remove one of these conditions: an indicator "
            "cannot wait for its own answer. FRAME-015")),
        ("pillars", None, "weight", "0", (
            "b.xlsx, column pillars",
            "The weights of the pillars add up to zero. Give at least one pillar a weight above 0. FRAME-008")),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_place_and_its_remedy(
    lead: Client, sheet: str, row: int | None, column: str, value: str, told: tuple[str, str]
) -> None:
    broken = grids()
    header = broken[sheet][0]
    for at in range(2, len(broken[sheet]) + 1) if row is None else (row,):
        cells = dict(zip(header, broken[sheet][at - 1], strict=True)) | {column: value}
        broken[sheet][at - 1] = tuple(cells.values())
    answer = lead.post(UPLOAD, {"do": "check", "file": SimpleUploadedFile("b.xlsx", book(broken))})
    said = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))
    assert answer.status_code == 422
    assert re.findall(r"b\.xlsx.*? ?: .*?[A-Z]+-\d{3}(?= )", said) == [": ".join(told)]


def test_a_draft_is_thrown_away(stored: Stored, lead: Client) -> None:
    stored(draft=True)
    assert lead.post(f"{PAGE}discard")["Location"] == LIST
    assert Framework.objects.count() == 0
    assert "There is no framework." in text(lead, LIST)


def test_pages_ask_a_constant_number_of_questions(stored: Stored, as_: Callable[[str], Client]) -> None:
    def asked(url: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert as_("partner").get(url).status_code == 200
        return len(found)

    stored()
    urls = (LIST, PAGE, f"{LIST}border/compare/", "/api/v1/frameworks", "/api/v1/frameworks/border")
    first = [asked(url) for url in urls]
    stored("2026.2", rows=changed(2, weight="2"))
    stored("2026.3", rows=changed(2, weight="3"))
    assert [asked(url) for url in urls] == first


def test_the_api_says_the_same(stored: Stored, as_: Callable[[str], Client]) -> None:
    row = stored()
    client = as_("partner")
    assert client.get("/api/v1/frameworks").json() == [
        {
            "code": "border",
            "names": {"fr": "Frontière", "en": "Border"},
            "origin": "upload",
            "retired": False,
            "in_use": "2026.1",
            "versions": [
                {
                    "version": "2026.1",
                    "state": "published",
                    "fingerprint": row.fingerprint,
                    "normative": row.normative,
                    "published_at": make.NOW.isoformat().replace("+00:00", "Z"),
                }
            ],
        }
    ]
    found = client.get("/api/v1/frameworks/border").json()
    assert found == client.get("/api/v1/frameworks/border/2026.1").json()
    assert {name: found[name] for name in row.content} == row.content
    assert client.get("/api/v1/frameworks/other").status_code == 404
    assert client.get("/api/v1/frameworks/border/1999").status_code == 404


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("official!=no", "Status other than Unofficial"),
        ("official=verify|yes", "Status: To be verified or Official"),
        ("counterpart_country=DO", "Country across the border: DO"),
        ("kind=civil_society or A-1<4 and B-2!=0|1", "Kind: Civil society or A-1 < 4 and B-2 ≠ 0/1"),
    ],
)
def test_conditions_in_words(condition: str, words: str) -> None:
    assert condition_words(parse(condition)) == words


def test_what_is_not_known_by_a_word_is_shown_as_it_is() -> None:
    assert (condition_words(None), field_name("colour")) == ("", "colour")
