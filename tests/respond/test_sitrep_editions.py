"""What leaves: the whole edition with its figures, and the one that may be passed on, which holds no count at all."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import make
import pytest
from respond import reporting
from respond.reporting import drafted

from pasaj.assess.services import rendering
from pasaj.core.problems import Refused
from pasaj.core.report.saying import words
from pasaj.respond.models import Sitrep
from pasaj.respond.queries import sitreps as queries
from pasaj.respond.services import sitrep_files as files
from pasaj.respond.services import sitreps
from pasaj.share.models import Release

pytestmark = pytest.mark.django_db
FIGURES = re.compile(r"\b(?:420|140|8,638|8.638|167|60)\b")


@pytest.fixture
def row(country: make.Country, cast: make.Cast) -> Sitrep:
    reporting.happened(country)
    return drafted(cast)


@pytest.mark.req("R11.76")
@pytest.mark.parametrize("language", ["fr", "ht", "en", "es"])
def test_the_edition_to_be_passed_on_holds_no_count(row: Sitrep, cast: make.Cast, language: str) -> None:
    told = " ".join(words(queries.said(row, language=language, edition="share")))
    assert FIGURES.findall(told) == []
    assert FIGURES.findall(" ".join(words(queries.said(row, language=language, edition="whole")))) != []
    for form in files.FORMS:
        released = files.export(
            row=row, language=language, edition="share", form=form, actor=cast.actor("duty"), now=make.NOW
        )
        released.file.close()
    assert set(Release.objects.values_list("audience", flat=True)) == {"TLP:GREEN"}


@pytest.mark.req("R11.76")
def test_a_number_somebody_wrote_becomes_a_word_and_a_loose_date_is_refused(row: Sitrep, cast: make.Cast) -> None:
    duty = cast.actor("duty")
    row = sitreps.edit(
        code=row.code, texts={"en": {"needs": "Water for 420 people, see SG-2025-0012."}}, seen=1, actor=duty,
        now=make.NOW,
    )  # fmt: skip
    assert queries.texts_of(row, "share")["en"]["needs"] == "Water for several hundred people, see SG-2025-0012."
    assert queries.texts_of(row, "whole")["en"]["needs"] == "Water for 420 people, see SG-2025-0012."
    assert queries.chat(row, language="en", edition="share").text.count("420") == 0


@pytest.mark.req("R11.76")
def test_crossings_that_are_not_public_are_named_by_their_commune(row: Sitrep) -> None:
    for edition in ("whole", "share"):
        told = " ".join(words(queries.said(row, language="en", edition=edition)))
        assert "unofficial crossing 1" not in told
        assert "unofficial crossing 1" not in str(row.texts)


@pytest.mark.req("R11.77")
def test_the_files_are_the_same_every_time(row: Sitrep) -> None:
    told = queries.said(row, language="fr", edition="whole")
    again = queries.said(Sitrep.objects.get(), language="fr", edition="whole")
    assert rendering.pdf(told) == rendering.pdf(again)
    assert rendering.docx(told) == rendering.docx(again)


@pytest.mark.req("R11.77")
def test_the_whole_stands_on_a_few_pages_with_its_label_on_each(row: Sitrep, cast: make.Cast) -> None:
    from pypdf import PdfReader

    released = files.export(row=row, language="fr", edition="whole", form="pdf", actor=cast.actor("duty"), now=make.NOW)
    with released.file as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
    assert 1 <= len(pages) <= 4
    assert all("SR-2025-0001" in page.extract_text() and "TLP:AMBER" in page.extract_text() for page in pages)
    released = files.export(
        row=row, language="fr", edition="whole", form="docx", actor=cast.actor("duty"), now=make.NOW
    )
    with released.file as file, zipfile.ZipFile(io.BytesIO(file.read())) as packed:
        heads = [packed.read(one).decode() for one in packed.namelist() if one.startswith("word/header")]
        body = packed.read("word/document.xml").decode()
    assert {"TLP:AMBER" in one for one in heads} == {True}
    assert body.count("TOC \\") == 0


@pytest.mark.req("R11.77")
def test_what_is_not_there_is_refused(row: Sitrep, cast: make.Cast) -> None:
    for given in ({"edition": "secret"}, {"form": "odt"}, {"language": "de"}):
        with pytest.raises(Refused) as refused:
            files.export(
                **{"row": row, "language": "fr", "edition": "whole", "form": "pdf", **given},  # type: ignore[arg-type]
                actor=cast.actor("duty"), now=make.NOW,
            )  # fmt: skip
        assert [one.code for one in refused.value.problems] == ["SITREP-009"]


@pytest.mark.req("R11.75")
def test_the_short_text_keeps_the_head_and_says_that_it_is_shortened(row: Sitrep) -> None:
    whole = queries.chat(row, language="en", edition="whole", limit=5000)
    assert whole.text.splitlines()[:2] == [
        "*SR-2025-0001* · 2025-10-01, 08:00 · TLP:AMBER",
        "*Returns at Northgate: 420, above usual (140 to 140; Daily register).*",
    ]
    assert whole.left_out == 0
    short = queries.chat(row, language="en", edition="whole", limit=300)
    assert (len(short.text) <= 300, short.text.splitlines()[-1]) == (
        True, "(shortened: the whole is in SR-2025-0001)",
    )  # fmt: skip


@pytest.mark.req("R11.79")
def test_an_exercise_says_so_first(country: make.Country, cast: make.Cast) -> None:
    row = drafted(cast, mode="exercise")
    assert queries.chat(row, language="fr", edition="whole").text.startswith("EXERCICE – EXERCISE ")
    assert queries.said(row, language="fr", edition="whole").label.startswith("EXERCICE – EXERCISE · TLP:AMBER")
    assert queries.last("actual") is None


@pytest.mark.req("R11.74")
def test_what_changed_since_the_last_is_listed(row: Sitrep, country: make.Country, cast: make.Cast) -> None:
    reporting.let_go(cast, row)
    reporting.corrected(country, reporting.LAST, 6, make.NOW + timedelta(hours=1))
    second = drafted(cast, reporting.at(2))
    told = words(queries.said(second, language="en", edition="whole"))
    assert "Northgate, returns, 2025-09-30: corrected from 60 to 6." in told
