"""Everything that leaves goes through `share.release()`: nothing else writes a file or sends one to a reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "src/pasaj"
PYTHON = [path for path in ROOT.rglob("*.py") if "migrations" not in path.parts]

# Ways to answer with a file or with bare data, and to make a table.
ANSWERS = {"FileResponse", "StreamingHttpResponse", "JsonResponse"}
TABLES = {"csv.writer", "csv.DictWriter", "Workbook", "openpyxl.Workbook", "xlsxwriter.Workbook"}
WRITES = {"write_text", "write_bytes", "copyfileobj", "copyfile", "copy2", "copytree", "dump", "savetxt", "tofile"}
FLAGS = {"as_attachment"}

HANDED = r"\b(release|exports\.export|files\.export|statements\.export|documents\.release_(report|version))\("

# Where one stands, and why it may. Whoever adds a line here answers the question "who reads it?".
ALLOWED = {
    ("share/views.py", "FileResponse"): "the gate's own answer: carries what `release` gave",
    ("share/views.py", "as_attachment"): "the same",
    ("share/services/files.py", "csv.writer"): "the gate's own writers",
    ("share/services/files.py", "Workbook"): "the same",
    ("share/services/files.py", "copyfileobj"): "the same",
    ("share/services/files.py", "open to write"): "the same",
    ("site/pages/maps.py", "HttpResponse(data)"): "what the page's own map draws, by the page's own rule",
    ("registry/api.py", "HttpResponse(data)"): "places of the pack: no counts",
    ("site/urls.py", "HttpResponse(data)"): "whether the server lives",
    ("site/cli/leaving.py", "copyfileobj"): "the file that `release` gave, to where the command was told",
    ("site/cli/leaving.py", "open to write"): "the same",
    ("site/backup.py", "open to write"): "the whole home, for the one who holds it; the log says so",
    (
        "watch/services/imports/running.py",
        "csv.writer",
    ): "refused rows, kept inside the home until `release` hands them over",
    ("watch/services/imports/running.py", "open to write"): "the same",
    ("watch/services/imports/opening.py", "open to write"): "the upload itself, kept in the home",
    ("watch/services/imports/sweeping.py", "open to write"): "a lock",
    ("collect/services/media.py", "csv.writer"): "the list of crossing points for forms: codes and names, no counts",
    ("collect/views/openrosa.py", "FileResponse"): "a form's own file, to whoever may fill the form",
    ("collect/views/openrosa.py", "HttpResponse(data)"): "forms, and the sender's own receipt: no counts",
    ("collect/views/callers.py", "HttpResponse(data)"): "why a submission was refused",
    (
        "collect/views/submissions.py",
        "FileResponse",
    ): "a file of a report, to whoever may read it; the log says so",
    ("collect/views/submissions.py", "as_attachment"): "the same",
    ("collect/views/submissions.py", "HttpResponse(data)"): "what the page's own map draws, by the page's own rule",
    ("collect/services/codes.py", "open to write"): "a phone's key, for whoever runs the command",
    ("site/serve.py", "write_text"): "the server's own address",
    ("collect/views/manage.py", "FileResponse"): "the workbook that a form was made from: questions, no answers",
    ("collect/views/manage.py", "as_attachment"): "the same",
    ("collect/services/spool.py", "open to write"): "files of submissions as they arrive, in the home; and a lock",
    ("collect/services/conversion.py", "open to write"): "the form itself, kept in the home, and what Java looks at",
    ("collect/services/redactions.py", "open to write"): "which answers were removed, never what they were",
    ("policy/services/workbook.py", "Workbook"): "an action plan, written before it passes the gate as bytes",
    ("collect/services/workbooks.py", "Workbook"): "a form that Pasaj makes, as an XLSForm: questions, no answers",
    ("site/cli/forms.py", "open to write"): "the same, to where the command was told",
    ("core/pack/frameworks.py", "csv.writer"): "a sheet of a workbook, written as text to be read: nothing leaves",
    ("notify/services/journal.py", "open to write"): "which deliveries a sender has in hand: their numbers alone",
    (
        "respond/services/alerts/publishing.py",
        "write_bytes",
    ): "a signed alert, kept in the home for the outbox: texts for everybody passed `release` a line before",
    ("notify/views/gateway.py", "HttpResponse(data)"): "to a gateway: whether we took what it told",
    ("site/cli/drills.py", "write_text"): "how a drill went, to where the command was told: simulated throughout",
    ("site/drills/child.py", "write_text"): "the same, for the process that asked for it",
    ("site/environment.py", "open to write"): "the signing key",
    ("respond/views/feeds.py", "HttpResponse(data)"): "alerts that approvers published to everybody, as they went out",
    ("respond/api/feeds.py", "HttpResponse(data)"): "published alerts, to whoever may see them",
    (
        "respond/services/signing.py",
        "open to write",
    ): "the key of alerts and certificates that it replaced, in the home",
    ("policy/services/signing.py", "open to write"): "the key of versions of policies, in the home",
    ("site/cli/ground.py", "open to write"): "a lock",
    ("site/cli/main.py", "open to write"): "nowhere: the output has gone",
    ("respond/services/sitrep_files.py", "open to write"): "the file that `release` gave, to where the outbox takes it",
}


def found() -> Iterator[tuple[str, str]]:
    for path in PYTHON:
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from ((name, what) for what in _calls(node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                if re.search(r"content-disposition|attachment;", node.value, re.IGNORECASE):
                    yield name, "Content-Disposition"


def _calls(node: ast.Call) -> Iterator[str]:
    called = ast.unparse(node.func)
    last = called.rpartition(".")[2]
    if last in ANSWERS:
        yield last
    if called in TABLES:
        yield called
    if last in WRITES or called == "shutil.copy":
        yield last
    if last == "HttpResponse" and any(word.arg == "content_type" for word in node.keywords):
        yield "HttpResponse(data)"
    yield from (word.arg for word in node.keywords if word.arg in FLAGS)
    if last in {"open", "fdopen"} and _writes(node):
        yield "open to write"


def _writes(node: ast.Call) -> bool:
    """Whether a call of open asks for writing: by a mode as text, or by the system's flags."""
    said = [*node.args, *(word.value for word in node.keywords if word.arg == "mode")]
    modes = [one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return any(re.fullmatch(r"[rwaxbt+]{1,3}(:gz)?", mode) and set(mode) & set("wax+") for mode in modes) or any(
        "O_WRONLY" in ast.unparse(one) or "O_RDWR" in ast.unparse(one) for one in said
    )


@pytest.mark.req("R2.11")
def test_nothing_leaves_beside_the_gate() -> None:
    assert sorted(set(found()) ^ set(ALLOWED)) == []


@pytest.mark.req("R2.11")
def test_whoever_hands_over_has_a_release() -> None:
    """`hand_over` is given what `release` or the export built on it made, in the same module."""
    using = {path for path in PYTHON if "hand_over(" in path.read_text(encoding="utf-8")} - {ROOT / "share/views.py"}
    without = [
        path.relative_to(ROOT).as_posix()
        for path in using
        if not re.search(
            r"\b(release|exports\.export|files\.(export|plain)|documents\.release_(report|version|changes))\(",
            path.read_text(encoding="utf-8"),
        )
    ]
    assert without == []
    assert {path.relative_to(ROOT).as_posix() for path in using} == {
        "assess/api/reports.py",
        "assess/api/sending.py",
        "assess/views/frameworks.py",
        "assess/views/mapping_files.py",
        "assess/views/reports.py",
        "assess/views/results.py",
        "collect/views/files.py",
        "collect/views/protocols.py",
        "evidence/api.py",
        "policy/api/coherence.py",
        "policy/api/policies.py",
        "policy/views/alignment.py",
        "policy/views/appraisal_result.py",
        "policy/views/public.py",
        "policy/views/since.py",
        "policy/views/versions.py",
        "policy/views/workbooks.py",
        "notify/api/directory.py",
        "notify/views/contacts.py",
        "policy/views/comments.py",
        "policy/views/replies.py",
        "respond/api/duty.py",
        "respond/api/sitreps.py",
        "respond/views/duty.py",
        "respond/views/events.py",
        "respond/views/presence.py",
        "respond/views/sitreps.py",
        "watch/api.py",
        "watch/views/imports.py",
        "watch/views/incidents.py",
        "watch/views/series.py",
    }
