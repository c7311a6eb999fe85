"""By hand from a finding to the second version of a policy, as the guides say it, by people of the demonstration.

The drafter writes, a partner answers by a Word file that a real LibreOffice edited, the approver signs and publishes,
anybody reads. All through pages, in a copy of the demonstration that no other test looks at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import office
import pytest
from browsing import Demo, Visit, apart, entered, look_thrice
from playwright.sync_api import expect

Start = Callable[..., Visit]
FINDING = "A1-F76"
TEXT = "Tout enfant seul qui arrive à un poste est reçu le jour même par l’IBESR, dans un lieu à lui."
CREOLE = "Tout timoun ki rive poukont li nan yon pòs jwenn akèy menm jou a nan men IBESR, nan yon kote ki pou li."
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STEPS: list[dict[str, Any]] = [
    {"do": "by", "author": "Rose Pierre"},
    {"do": "record", "on": True},
    {"do": "replace", "old": "le jour même par", "new": "dans l’heure par"},
    {"do": "after", "words": "nul n’est renvoyé vers un danger", "put": " ; plaintes au 3712-3456"},
    {"do": "comment", "on": "institution responsable", "author": "Rose Pierre", "says": "Qui répond la nuit ?"},
    {"do": "paragraph", "after": "à partir de ce qui a changé", "lines": ["Les associations lisent le rapport avant."]},
]
"""What the partner does in a word processor: other words, a telephone number, a comment, a new clause."""


@pytest.fixture(scope="module")
def own(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    if office.interpreter() is None:
        pytest.skip("LibreOffice with its Python is not installed")
    with apart(demo, tmp_path_factory.mktemp("policy-walk") / "home") as found:
        yield found


@pytest.fixture
def go(visit: Start, own: Demo) -> Start:
    """A visit of one of the people in the copy."""
    return partial(entered, visit, own)


@pytest.mark.req("R12.92")
@pytest.mark.req("R12.36")
@pytest.mark.req("R12.55")
@pytest.mark.req("R12.60")
def test_from_a_finding_to_the_second_version(go: Start, visit: Start, own: Demo, tmp_path: Path) -> None:
    drafter, approver, partner = go("analyst"), go("approver"), go("partner")
    _policy_is_begun(drafter)
    _statements_are_written(drafter)
    _errors_are_mended(drafter, approver)
    _document_is_written(drafter)
    _round_is_opened(drafter)
    _reply_by_word_is_taken_in(drafter, partner, tmp_path)
    _others_are_heard(drafter, visit, own)
    _everything_is_answered(drafter)
    _round_is_closed_and_reported(drafter, visit, own)
    _first_version_is_published(drafter, approver)
    _second_version_is_published(drafter, approver)
    _anybody_reads_it(visit, own, approver)
    for one in (drafter, approver, partner):
        assert (one.complaints, one.outside) == ([], [])


def _policy_is_begun(drafter: Visit) -> None:
    drafter.open("/policy/")
    drafter.follow("Begin a policy")
    _fill(drafter, text_fr="Enfants seuls aux postes", text_ht="Timoun ki poukont yo nan pòs yo")
    _fill(drafter, purpose_fr="Aucun enfant seul n’attend.", purpose_ht="Pa gen timoun ki rete tann poukont li.")
    for language in ("en", "es"):
        drafter.page.uncheck(f"input[name=languages_of][value={language}]")
    _fill(drafter, currency="HTG", theme1_fr="Accueil des enfants", theme1_ht="Akèy timoun yo")
    drafter.press("Save")
    drafter.page.wait_for_url("**/policy/P2/")


def _statements_are_written(drafter: Visit) -> None:
    """From the finding down to what it costs and how it is seen that it works."""
    drafter.follow("Findings without a problem")
    drafter.page.locator("tr", has_text=FINDING).get_by_role("link", name="Write a problem").click()
    _fill(drafter, text_fr="À un poste, aucun service n’est là pour un enfant seul la nuit.")
    _fill(drafter, text_ht="Nan yon pòs, pa gen okenn sèvis pou yon timoun ki poukont li lannwit.")
    _fill(drafter, rights="intérêt supérieur de l’enfant", groups="enfants non accompagnés")
    _written(drafter, "P2-PB1.1")
    drafter.follow("Write an objective for it")
    _fill(drafter, text_fr="D’ici fin 2027, chaque enfant seul est reçu le jour de son arrivée.")
    _fill(drafter, text_ht="Anvan fen 2027, chak timoun ki poukont li jwenn akèy menm jou li rive a.")
    drafter.page.select_option("#id_goals", ["GCM-07", "CRC"])
    _written(drafter, "P2-O1.1")
    drafter.follow("Write a measure for it")
    _fill(drafter, text_fr="Tenir à chaque poste une permanence de l’IBESR, de jour et de nuit.")
    _fill(drafter, text_ht="Mete nan chak pòs yon moun IBESR ki la lajounen kou lannwit.")
    _choose(drafter, kind="protection", lead="IBESR", function="CHILD-PROTECTION", support="GARR")
    _written(drafter, "P2-M1.1")
    drafter.follow("Write an action for it")
    _fill(drafter, text_fr="Ouvrir la permanence d’Anse-à-Pitres", text_ht="Louvri pèmanans Ansapit la")
    _fill(drafter, deliverable_fr="Permanence ouverte", deliverable_ht="Pèmanans lan louvri")
    _choose(drafter, owner="IBESR")
    _fill(drafter, first="2026-02-01", last="2026-12-31")
    _written(drafter, "P2-A1.1.1")
    _money_is_written(drafter)
    drafter.follow("Write an indicator for it")
    _indicator(drafter, "Nuits couvertes", "Nwit ki kouvri")
    _written(drafter, "P2-I1")
    drafter.open("/policy/statements/P2-O1.1/")
    drafter.follow("Write an indicator for it")
    _indicator(drafter, "Enfants reçus le jour même", "Timoun ki jwenn akèy menm jou a")
    _written(drafter, "P2-I2")


def _money_is_written(drafter: Visit) -> None:
    drafter.follow("Add a cost line")
    _fill(drafter, label="Agents de permanence", quantity="3", unit="agent", unit_cost="410", periods="11")
    _fill(drafter, currency="USD", year="2026")
    _choose(drafter, kind="recurrent")
    drafter.press("Save")
    drafter.page.wait_for_url("**/statements/P2-A1.1.1/**")
    drafter.follow("Add money")
    _fill(drafter, funder="IBESR", amount="400000", currency="HTG", year="2026", on="2025-09-30", source="Budget 2026")
    _choose(drafter, state="committed")
    drafter.press("Save")
    drafter.page.wait_for_url("**/statements/P2-A1.1.1/**")


def _indicator(drafter: Visit, french: str, creole: str) -> None:
    _fill(drafter, text_fr=french, text_ht=creole, unit="nombre", baseline="0", baseline_on="2025-09-30")
    _fill(drafter, definition_fr=f"{french}, au registre du poste", definition_ht=f"{creole}, nan rejis pòs la")
    _fill(drafter, baseline_source="IBESR", target="330", target_on="2026-12-31", every_days="30")
    _fill(drafter, source_name="IBESR")
    _choose(drafter, direction="up", origin="external")


def _errors_are_mended(drafter: Visit, approver: Visit) -> None:
    """A missing rate is led to and mended; what another policy answers to is signed for by an approver."""
    drafter.open("/policy/P2/check/")
    _mend(drafter, "COH-331", "USD")
    form = drafter.page.locator("form", has=drafter.page.locator("#id_rate"))
    _fill(drafter, currency="USD", year="2026", rate="131.5", on="2025-09-30", source="BRH")
    form.get_by_role("button", name="Save").click()
    drafter.open("/policy/P2/check/")
    expect(drafter.page.locator("tr", has_text="COH-331")).to_have_count(0)
    approver.open("/policy/P2/check/")
    approver.page.locator("summary", has_text="Set findings aside together").click()
    form = approver.page.locator("form", has=approver.page.locator("#left-reason"))
    for box in form.locator("input[type=checkbox]").all():
        box.check()
    form.locator("textarea").fill("Policy P1 answers to them.")
    approver.press("Sign for all that are ticked")
    expect(approver.page.locator("tr", has_text="COH-041")).to_have_count(0)


def _document_is_written(drafter: Visit) -> None:
    drafter.open("/policy/P2/")
    drafter.follow("Document")
    drafter.press("Start from the template")
    drafter.page.get_by_text("30 clauses made from the template.").wait_for()
    for clause in ("P2-C1.1", "P2-C5.1", "P2-C6.1", "P2-C9.1"):
        for language, words in (("fr", "Ce texte est une démonstration."), ("ht", "Tèks sa a se yon demonstrasyon.")):
            drafter.open(f"/policy/clauses/{clause}/edit?lang={language}")
            box = drafter.page.locator("#id_text")
            box.fill(re.sub(r"\[.*?\]", words, box.input_value()))
            _saved(drafter)
    _clause_is_added(drafter)


def _clause_is_added(drafter: Visit) -> None:
    """What the measure means, in both languages, with what it costs as a reference."""
    drafter.open("/policy/P2/document/")
    drafter.follow("Add a clause")
    drafter.page.select_option("#id_place", "P2-C5|P2-C5.1")
    _fill(drafter, text_fr=TEXT, text_ht=CREOLE)
    drafter.press("Add it")
    drafter.page.wait_for_url("**/clauses/P2-C5.5/**")
    drafter.page.locator("summary", has_text="Choose measures and objectives").click()
    drafter.page.check("input[name=measures][value='P2-M1.1']")
    drafter.press("Save")
    expect(drafter.page.locator("main")).to_contain_text("Tenir à chaque poste une permanence")
    for language in ("fr", "ht"):
        drafter.open(f"/policy/clauses/P2-C5.5/edit?lang={language}")
        if language == "ht":  # beside the text to translate
            _looked_at(drafter)
        drafter.page.select_option("#reference", "{{cost:M1.1}}")
        drafter.press("Insert it")
        _saved(drafter)
    expect(drafter.page.locator("article")).to_contain_text("1 779 195")  # 3 x 410 x 11 USD at 131.5


def _round_is_opened(drafter: Visit) -> None:
    drafter.open("/policy/P2/")
    drafter.follow("Consultations")
    drafter.follow("Draft a consultation")
    _choose(drafter, kind="civil_society")
    drafter.page.get_by_role("checkbox", name=re.compile("GARR|Support Group")).check()
    for channel in ("word", "web", "invitation", "open", "meeting"):
        drafter.page.check(f"input[name=channels][value={channel}]")
    _fill(drafter, first="2025-10-01", last="2025-10-31", name_fr="Première lecture", name_ht="Premye lekti")
    _fill(drafter, about_fr="Que manque-t-il ?", about_ht="Kisa ki manke ?")
    drafter.press("Save")
    drafter.page.wait_for_url("**/consultations/P2-K1/")
    drafter.follow("Change")
    _looked_at(drafter)
    _fill(drafter, about_fr="Que manque-t-il pour les enfants ?")
    drafter.press("Save")
    drafter.press("Open it: freeze the clauses and ask")
    drafter.page.locator(".notice-good").wait_for()


def _reply_by_word_is_taken_in(drafter: Visit, partner: Visit, folder: Path) -> None:
    """Who is asked downloads the text and writes into it; the drafter sees what it says, and takes it in."""
    partner.open("/consultations/P2-K1/")
    with partner.page.expect_download() as begun:
        partner.follow("fr")
    sent = Path(begun.value.path()).read_bytes()
    partner.follow("Read the text and comment")
    _looked_at(partner)
    (back,) = office.edited(folder / "office", [office.Job(sent, STEPS)])
    drafter.open("/consultations/P2-K1/")
    drafter.follow("Upload a reply")
    drafter.page.select_option("#id_institution", "GARR")
    drafter.page.set_input_files("#id_file", {"name": "GARR.docx", "mimeType": DOCX, "buffer": back})
    drafter.press("Show what it says")
    found = drafter.page.locator("section[aria-labelledby=found] tbody tr")
    told = [row.locator("th, td").all_inner_texts() for row in found.all()]
    assert [(code, what, goes) for code, what, _author, _words, goes in told] == [
        ("P2-C3.1", "Other words", "Suggested texts"),
        ("P2-C5.5", "Other words", "Suggested texts"),
        ("P2-C6.1", "Comment", "Comments"),
        ("behind P2-C9.1", "New clause", "Comments"),
    ]
    _looked_at(drafter)
    drafter.press("Take it in")
    drafter.page.wait_for_url("**/P2-K1/tray/")
    panel = drafter.page.locator("main section.panel")
    expect(panel).to_have_count(1)  # a telephone number is not stored
    box = panel.locator("textarea")
    box.fill(box.input_value().replace(" ; plaintes au 3712-3456", " ; un numéro de plainte est affiché"))
    _looked_at(drafter)
    drafter.press("Suggest as the text of this clause")
    expect(drafter.page.locator("main")).to_contain_text("Placed:")


def _others_are_heard(drafter: Visit, visit: Start, own: Demo) -> None:
    """Minutes of a meeting, somebody with a link, and anybody."""
    drafter.open("/consultations/P2-K1/")
    _looked_at(drafter)
    drafter.follow("Take down the minutes of a meeting")
    _fill(drafter, text="GARR: [P2-C9.1] Publier le rapport en créole.")
    _looked_at(drafter)
    drafter.page.locator("main form button[type=submit]").click()
    drafter.page.locator(".notice-good").wait_for()
    drafter.open("/consultations/P2-K1/")
    drafter.follow("Invite by link")
    _fill(drafter, label="Comité de parents")
    drafter.press("Make the link")
    link = drafter.page.locator(".notice-good .code").inner_text()
    _looked_at(drafter)
    for address, words in ((link, "Qui garde la clé ?"), (f"{own.url}/consult/P2-K1/", "Merci d’y avoir pensé.")):
        reader = visit(language="en")
        reader.demo = own
        reader.page.goto(address)
        _looked_at(reader)
        _fill(reader, text=words)
        reader.page.locator("main form:has(#id_text) button[type=submit]").click()
        reader.page.locator(".notice-good").wait_for()


def _everything_is_answered(drafter: Visit) -> None:
    """The open comment is let through, each comment gets its answer, each other text is decided."""
    drafter.open("/consultations/P2-K1/")
    waiting = drafter.page.locator("dt", has_text="Comments to be let through").locator("+ dd a")
    waiting.click()
    _looked_at(drafter)
    drafter.press("Let through")
    expect(drafter.page.locator("main")).to_contain_text("Nothing waits")
    drafter.open("/consultations/P2-K1/comments/?open=1")
    rows = drafter.page.locator("main tbody tr")
    for left in range(5, 0, -1):
        expect(rows).to_have_count(left)
        rows.first.locator("th a").click()
        if left == 1:
            _looked_at(drafter)
        _choose(drafter, outcome="accepted")
        _fill(drafter, reason="Le texte le dira.")
        drafter.press("Save the answer")  # and back to those that are left
    expect(drafter.page.locator("main")).to_contain_text("Nothing here.")
    drafter.follow("Show all")
    _looked_at(drafter)
    for code in ("P2-C3.1", "P2-C5.5"):
        drafter.follow(f"{code}-S1")
        drafter.page.locator(f"section[aria-labelledby='{code}-S1']").get_by_role("button", name="Take it").click()
        drafter.open("/consultations/P2-K1/comments/")


def _round_is_closed_and_reported(drafter: Visit, visit: Start, own: Demo) -> None:
    drafter.open("/consultations/P2-K1/")
    drafter.press("Close it")
    drafter.press("Publish the report for everybody")
    reader = visit(language="fr")
    reader.demo = own
    reader.open("/consult/P2-K1/report/")
    said = reader.page.locator("main")
    for words in (
        "Groupe d'Appui aux Rapatriés",
        "Comité de parents",
        "reçu dans l’heure par l’IBESR",
        "Le texte le dira.",
    ):
        expect(said).to_contain_text(words)
    assert not re.search(r"\{\{|\*\*|Rose|3712", said.inner_text())
    _looked_at(reader)


def _first_version_is_published(drafter: Visit, approver: Visit) -> None:
    """What the reply changed in French has to be said in Creole before anything is published."""
    drafter.open("/policy/P2/versions/")
    expect(drafter.page.locator("main")).to_contain_text("2 errors stand against it.")
    assert drafter.page.get_by_role("button", name="Propose it").is_disabled()
    for code, old, new in (
        ("P2-C3.1", "danje", "danje ; gen yon nimewo pou pote plent"),
        ("P2-C5.5", "menm jou a", "anvan inè d tan"),
    ):
        drafter.open("/policy/P2/check/")
        _mend(drafter, "COH-504", code)
        drafter.follow("Edit")
        box = drafter.page.locator("#id_text")
        assert old in box.input_value()
        box.fill(box.input_value().replace(old, new))
        _saved(drafter)
    drafter.open("/policy/P2/check/")
    expect(drafter.page.locator("main")).to_contain_text("No error")
    _published(drafter, approver, "P2-V1", "Première version.")


def _published(drafter: Visit, approver: Visit, code: str, note: str) -> None:
    """Proposed by one, published by another; only who publishes has the button."""
    drafter.open("/policy/P2/versions/")
    drafter.page.fill("#note", note)
    drafter.page.check("input[name=public]")
    drafter.press("Propose it")
    expect(drafter.page.locator("main")).to_contain_text("Another person, who approves, publishes it.")
    approver.open("/policy/P2/versions/")
    approver.press("Publish it")
    expect(approver.page.locator("main")).to_contain_text(code)


def _second_version_is_published(drafter: Visit, approver: Visit) -> None:
    drafter.open("/policy/statements/P2-A1.1.1/")
    drafter.follow("Edit")
    _fill(drafter, last="2027-06-30", wording="")
    _written(drafter, "P2-A1.1.1")
    for code in ("P2-A1.1.1-L1", "P2-I1"):  # they rest on it: each is looked at, and still holds
        drafter.open("/policy/P2/check/")
        _mend(drafter, "COH-052", code)
        drafter.page.select_option("select[name=disposition]", label="The statement stands")
        drafter.page.fill("textarea[name=note]", "Only the end moved; the money and the target are for 2026.")
        drafter.press("Write down")
        drafter.page.locator(".notice-good").wait_for()
    _published(drafter, approver, "P2-V2", "La permanence dure six mois de plus.")


def _anybody_reads_it(visit: Start, own: Demo, approver: Visit) -> None:
    approver.open("/policy/P2/versions/2/changes/")
    row = approver.page.locator("tr", has_text="P2-A1.1.1").filter(has_text="until")
    assert row.locator("del, ins").all_inner_texts() != []
    reader = visit(language="fr")
    reader.demo = own
    reader.open("/p/P2/")
    said = reader.page.locator("main")
    for words in ("P2-V2", "La permanence dure six mois de plus.", "reçu dans l’heure par l’IBESR", "30/06/2027"):
        expect(said).to_contain_text(words)
    assert FINDING not in said.locator(".report table").all_inner_texts()
    _looked_at(reader)
    reader.page.locator("main a[href*='/changes/']").click()
    expect(said).to_contain_text("P2-V1")
    assert said.locator("del", has_text="2026").count() >= 1
    assert said.locator("ins", has_text="2027").count() >= 1
    _looked_at(reader)
    reader.open("/p/P2/1/")
    expect(said).to_contain_text("31/12/2026")


# --- What the hand does over and over ----------------------------------------------------------


def _fill(one: Visit, **values: str) -> None:
    for name, value in values.items():
        one.page.fill(f"#id_{name}", value)


def _choose(one: Visit, **values: str) -> None:
    for name, value in values.items():
        one.page.select_option(f"#id_{name}", value)


def _written(one: Visit, code: str) -> None:
    one.press("Save")
    one.page.wait_for_url(f"**/policy/statements/{code}/")


def _mend(one: Visit, rule: str, about: str) -> None:
    """Follow the link of an error to the page that mends it."""
    row = one.page.locator("tr", has_text=rule).filter(has_text=about)
    row.get_by_role("link", name=re.compile("^Mend it")).click()


def _saved(one: Visit) -> None:
    """A clause is saved, and its page is shown."""
    one.press("Save")
    one.page.wait_for_url(lambda url: "/edit" not in url)


def _looked_at(one: Visit) -> None:
    """Nothing is wrong with a page, whatever the width and the scheme."""
    assert look_thrice(one) == [], one.here
