"""The cast before every address: who may open it, what stands in it, and who may change what.

`tests/leaks.py` fills the home with secrets; here stands, for each person, which of them may be read anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import leaks
import make
import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from pasaj.access.models import Account, AuditDetail, AuditEntry
from pasaj.assess.services.mapping_files import KINDS
from pasaj.core.periods import containing
from pasaj.registry.models import Membership
from pasaj.site.models import Beat, Lease

pytestmark = pytest.mark.django_db
WHO = ("chief", "duty", "approver", "analyst", "partner", "stranger")
MEMBERS = frozenset(WHO) - {"stranger"}
CELL = frozenset({"duty", "approver", "analyst"})
ALL = frozenset(WHO)
NORTH, SOUTH, UNOFFICIAL = "TL-BCP-NOR", "TL-BCP-SOU", "TL-UBP-01"
SERIES = "returns.in.total"
DAY = leaks.YESTERDAY.isoformat()
WEEK = containing("week", leaks.YESTERDAY).text

# Opens for whom (200; the others get 404). A redirect is written as its status.
Page = tuple[str, list[Any], frozenset[str]]


@pytest.fixture
def held(country: make.Country, cast: make.Cast) -> leaks.Held:
    return leaks.fill(country, cast)


FOR_ALL = (
    "site:morning", "site:crossing-list", "site:search", "site:trace-list", "site:map-crossings",
    "watch:series-list", "watch:signal-list",
    "watch:run-list", "watch:incident-list", "registry:pack-instruments", "registry:pack-functions",
    "registry:pack-mandates", "registry:pack-exchange", "registry:pack-timeline",
    "registry:pack-calendar", "registry:area-list", "registry:institution-list", "share:release-list",
    "access:account", "access:token-list", "access:audit", "collect:mine", "healthz",
)  # fmt: skip


def pages(held: leaks.Held) -> list[Page]:
    """Every address that answers GET, with objects: (name, arguments, who may open it)."""
    figures = {name: row.pk for name, row in held.figures.items()}
    north, south, net = (f"{NORTH}.{SERIES}.REG.day", f"{SOUTH}.{SERIES}.REG.day", f"{SOUTH}.{SERIES}.NET.day")
    importers = frozenset({"duty", "analyst"})
    see_north, see_net = CELL | {"chief"}, CELL | {"partner"}
    series = {north: see_north, south: CELL, net: see_net, f"TL.{SERIES}.PUB.month": MEMBERS,
              f"TL-N.{SERIES}.PUB.month": CELL}  # fmt: skip
    figure = {"south before": CELL, "south": CELL, "north": see_north, "net south": see_net, "unofficial": CELL,
              "net north": CELL | {"chief", "partner"}, "area": CELL, "published": MEMBERS, "unsourced": CELL,
              "hidden": frozenset[str]()}  # fmt: skip
    signal = {"north": see_north, "south": CELL, "area": CELL}
    return [
        *((name, [], ALL) for name in FOR_ALL),
        ("site:map-layer", ["border"], MEMBERS),
        *(("watch:series", [code], who) for code, who in series.items()),
        *(("watch:series-csv", [code], who) for code, who in series.items()),
        *((page, [held.signals[name].code], who) for page in ("watch:signal", "site:trace", "api:evidence_trace")
          for name, who in signal.items()),
        *happenings(held),
        *frameworks(),
        ("watch:run", [held.run.code], CELL),
        ("watch:backtest-list", [], CELL),
        ("watch:backtest", [held.backtest.code], CELL),
        *((f"watch:{name}", [], frozenset({"duty", "chief"})) for name in ("entry-choose", "paste", "paste-receipt")),
        ("watch:entry", [NORTH, DAY], frozenset({"duty", "chief"})),
        *(("watch:entry", [code, DAY], frozenset({"duty"})) for code in (SOUTH, UNOFFICIAL)),
        *((f"watch:{name}", [code, when], who) for name, when in (("week", WEEK), ("entry-receipt", DAY))
          for code, who in ((NORTH, frozenset({"duty", "chief"})), (SOUTH, frozenset({"duty"})))),
        *(("watch:figure", [figures[name]], who) for name, who in figure.items()),
        *((name, [], importers) for name in ("watch:import-list", "watch:import-new")),
        ("watch:import", [held.file.code], importers),
        ("watch:import", [held.dry.code], importers),
        ("watch:import-refused", [held.file.code], frozenset({"duty"})),
        ("watch:job-list", [], CELL),
        ("watch:source-list", [], MEMBERS),
        *(("watch:source", [code], who) for code, who in (("REG", MEMBERS - {"partner"}), ("NET", MEMBERS),
                                                           ("PUB", MEMBERS))),
        ("watch:measure", ["returns"], MEMBERS), ("registry:pack", [], MEMBERS),
        *((name, arguments, see_north) for name, arguments in protocols().items()),
        ("registry:area", ["TL0101"], MEMBERS),
        *(("registry:institution", [code], MEMBERS) for code in ("IMM", "AID", "CELL")),
        ("access:audit-entry", [held.entry.pk], frozenset()),
        ("registry:person-list", [], frozenset()),
        *((f"registry:{name}", arguments, frozenset()) for name, arguments in people().items()),
        *((f"api:{name}", [], ALL) for name in ("openapi-json", "areas", "institutions", "crossings",
                                                "crossings_geojson", "measures", "sources", "series", "observations",
                                                "signals", "clusters", "levels", "incidents", "evidence_suspects")),
        *(("api:signal", [held.signals[name].code], who) for name, who in signal.items()),
    ]  # fmt: skip


def frameworks() -> list[Page]:
    """What an assessment asks: the published version for everybody, the draft for those who may publish it."""
    return [
        ("assess:framework-list", [], MEMBERS),
        ("assess:framework", ["border"], MEMBERS),
        ("assess:framework-compare", ["border"], MEMBERS),
        ("assess:framework-version", ["border", "2026.1"], MEMBERS),
        ("assess:framework-version", ["border", "2026.2"], frozenset()),
        ("assess:framework-upload", [], frozenset()),
        ("assess:mandate-matrix", [], MEMBERS),
        ("api:frameworks", [], ALL),
        ("api:framework", ["border"], MEMBERS),
        ("api:framework_version", ["border", "2026.1"], MEMBERS),
        ("api:framework_version", ["border", "2026.2"], frozenset()),
    ]


def protocols() -> dict[str, list[Any]]:
    """The table of a protocol: for the cell, and for chiefs with what happened at their own crossing."""
    table = {f"collect:protocol{name}": ["TL-XX-1999"] for name in ("", "-operations", "-csv")}
    return {"collect:protocol-list": [], **table}


def people() -> dict[str, list[Any]]:
    """The pages of one person, and the questions before access is taken away: for administrators only."""
    role = Membership.objects.get(role="admin")
    deeds = ("person", "person-close", "person-reopen", "person-password", "person-tokens")
    return {**{name: [role.account_id] for name in deeds}, "person-end-role": [role.account_id, role.pk]}


def happenings(held: leaks.Held) -> list[Page]:
    """The same of crossings and their status, of incidents and calls."""
    incident = {"north": CELL | {"chief"}, "south": CELL, "detected": CELL | {"partner"}, "unofficial": CELL}
    codes = [(held.incidents[name].code, who) for name, who in incident.items()]
    crossings = (NORTH, SOUTH, UNOFFICIAL)
    return [
        ("watch:incidents-csv", [], MEMBERS),
        ("watch:incident-new", [], frozenset({"duty", "chief"})),
        *(("watch:incident", [code], who) for code, who in codes),
        *(("watch:incident-correct", [code], who & {"duty"}) for code, who in codes),
        *((name, [code], MEMBERS) for name in ("site:crossing", "watch:status", "api:crossing") for code in crossings),
        ("watch:calls", [SOUTH], frozenset({"duty"})),
        *(("api:incident", [code], who) for code, who in codes),
        *(("api:crossing_status", [code], MEMBERS) for code in crossings),
    ]


# These answer GET with a redirect: to the page itself, or to typing the password again.
ELSEWHERE = {"watch:entry", "watch:week", "watch:figure-of", "access:token-new", "account_email"}
# What may be done, by whom; the others get 404.
ACTIONS = {
    "watch:signal-act": {"duty", "approver"},
    "site:trace-review": {"approver", "analyst"},
    "watch:run-new": {"duty", "analyst"},
    "watch:run-cancel": {"duty", "analyst"},
    "watch:backtest-new": {"duty", "analyst"},
    "watch:backtest-cancel": {"duty", "analyst"},
    "watch:import-apply": {"duty", "analyst"},
    "watch:import-cancel": {"duty", "analyst"},
    "watch:incident-withdraw": {"duty"},
    "watch:status-withdraw": {"duty"},
    "assess:framework-publish": set(),
    "assess:framework-discard": set(),
    "access:token-revoke": set(),
    "access:audit-erase": set(),
}
CHOICES = {"site:language", "site:theme"}
# allauth's own pages know one's own account only; no address of theirs takes an object of ours.
THEIRS = ("account_", "mfa_")
# Asked in tests/assess: a file that is no text.
FILES = {"assess:framework-file"}
# Asked in tests/assess/test_matrix_pages.py: they need functions, mandates and a round.
MATRICES = {"assess:mandate-cell", "assess:mapping-exchange", "assess:mapping-exchange-cell", "assess:mapping-network",
            "assess:mapping-profile", "assess:mapping-better", "assess:mapping-roles",
            # in tests/assess/test_mapping_files.py
            *(f"api:{name}" for name in ("mandates", *KINDS)),
            *(f"assess:{what}-{suffix}" for what in ("mandates", *KINDS) for suffix in ("csv", "xlsx"))}  # fmt: skip
# Asked in tests/assess/test_round_pages.py and test_report_pages.py: they need a round with answers.
ROUNDS = {"assess:round-list", "assess:round-new", "assess:round", "assess:round-edit", "assess:round-open",
          "assess:round-close", "assess:assessor-add", "assess:results", "assess:differences", "assess:unit",
          "assess:cell", "assess:compare", "assess:answers-csv", "assess:answers-xlsx", "assess:scores-csv",
          "assess:scores-xlsx", "assess:report", "assess:report-edition", "assess:report-file",
          "assess:report-publish",
          # in tests/assess/test_finding_pages.py
          "assess:findings", "assess:finding-draft", "assess:finding-new", "assess:priorities", "assess:finding",
          "assess:finding-edit", "assess:finding-act", "assess:finding-link", "assess:recommendations",
          "assess:recommendation-new", "assess:recommendation", "assess:recommendation-edit",
          "assess:recommendation-act", "site:trace-confirm", "site:trace-withdraw"}  # fmt: skip
# Asked in tests/respond/test_plan_pages.py: they need an activation.
PLANS = {*(f"respond:{name}" for name in (
    "plan-list", "plan", "plan-activate", "activation-list", "activation", "activation-decisions",
    "activation-requests", "activation-review", "activation-lesson", "request-act", "task-list", "task", "task-act",
)), *(f"api:{name}" for name in ("plan_list", "activation_list", "activation_detail", "task_act"))}  # fmt: skip
# Asked in tests/assess/test_api.py, test_findings_api.py and test_mapping_files.py.
PROGRAMS = {
    *(f"assess:{what}-{suffix}" for what in ("findings", "recommendations") for suffix in ("csv", "xlsx")),
    *(f"api:{name}" for name in (
        "rounds", "round_detail", "answers", "scores", "critical", "agreement", "sensitivity", "disagreements",
        "settlement_list", "settle", "compare", "finding_list", "finding_write", "finding_detail", "finding_step",
        "recommendation_list", "recommendation_write", "recommendation_detail", "recommendation_step", "priority_list",
        "reports", "report_file", "mandates", "exchange", "statements", "needs", "roles", "profile",
    )),
}  # fmt: skip
# Asked in tests/notify/test_directory_pages.py.
DIRECTORY = {"notify:contact-list", "notify:contacts-csv", "notify:contact-new", "notify:contact-import",
             "notify:contact", "notify:contact-edit", "notify:contact-end", "notify:contact-erase",
             "notify:address-add", "notify:address-turn", "notify:address-test",
             "notify:on-call", "notify:shift-new", "notify:shift-plan",
             "notify:shift-swap", "notify:shift-remove", "notify:inbound-list",
             "api:contacts", "api:on_call"}  # fmt: skip
# Asked in tests/respond/test_sitrep_pages.py.
SITREPS = {
    *(f"respond:sitrep{name}" for name in ("", "-list", "-new", "-edit", "-step", "-send", "-chat", "-file")),
    "api:sitrep_rows", "api:sitrep_detail",
}  # fmt: skip
# Asked in tests/respond/test_alert_pages.py and test_alert_answers.py: they need a hazard and alerts.
ALERTS = {"respond:alert-list", "respond:alert-new", "respond:alert", "respond:alert-step", "respond:alert-public",
          "respond:text-measure", "respond:message-edit", "respond:message-preview", "respond:message-submit",
          "respond:message-decide", "respond:alert-read",
          *(f"api:alert_{name}" for name in ("list", "detail", "draft", "step"))}  # fmt: skip
# Asked in tests/respond/test_duty_pages.py and test_duty_api.py, with the secrets of the log.
DUTY_ROOM = {
    *(f"respond:{name}" for name in (
        "duty", "log-list", "log-new", "log-csv", "log-day", "log-entry", "log-correct", "handover-list",
        "handover-new", "handover", "handover-accept", "event-list", "event-new", "events-csv", "answer-list",
        "answers-text", "event", "event-step", "event-settle", "event-reopen", "event-raise", "presence-list",
        "presence-new", "presence-csv", "presence-edit", "presence-withdraw", "capacity",
    )),
    *(f"api:{name}" for name in ("events", "event_report", "event", "presence", "duty_log", "capacity")),
}  # fmt: skip
# Asked in tests/respond/test_drills.py: they need a drill.
DRILLS = {"respond:drill-list", "respond:drill", "api:drills", "api:drill"}
# Asked in tests/collect: phones have keys in place of accounts, and forms their own rules.
PHONES = ("collect:key-", "collect:basic-")
FORMS = {"collect:fill", "collect:outbox", "collect:worker",
         "collect:submission", "collect:receipt", "collect:form-xml", "collect:form-media",
         "collect:phone-list", "collect:phone-new", "collect:phone-revoke", "collect:device-decide",
         "collect:submission-list", "collect:submission-map", "collect:submission-page", "collect:submission-act",
         "collect:form", "collect:form-list", "collect:form-upload", "collect:form-upload-state", "collect:form-source",
         "collect:form-publish", "collect:form-close", "collect:form-waive", "collect:waiver-end",
         "collect:form-attach", "collect:redaction", "collect:redaction-confirm", "collect:redaction-withdraw",
         "collect:attachment", "collect:tray", "collect:activity", "collect:export-csv", "collect:export-xlsx",
         "api:submissions"}  # fmt: skip
# Asked in tests/respond/test_feeds.py and test_external.py: for everybody, or with messages and sources.
FEEDS = {"respond:public-feed", "respond:public-message", "respond:feeds", "respond:source-add", "respond:source-turn",
         "api:restricted_feed", "api:restricted_message"}  # fmt: skip
QUESTIONS = (
    "/search/?q={south}", "/search/?q=goatford", "/search/?q=SG-2025-SOUTH", "/search/?q=IM-2019-0001",
    "/search/?q=RL-2019-0001", "/search/?q=DR-2019-0001", "/search/?q=returns", "/search/?q=77777",
    "/series/?crossing={south}", "/series/?source=REG", "/signals/?state=", "/signals/?crossing={south}&state=",
    "/series/TL.returns.in.total.PUB.month/?from=2020-01-01&to=2025-12-31",
    "/audit/?code=ACCOUNT-1", "/audit/?action=account.changed", "/audit/?who=admin",
    "/api/v1/observations?limit=1000", "/api/v1/observations?crossing={south}", "/api/v1/observations?published=true",
    "/api/v1/observations?as_of=2025-09-30T23:30:00Z", "/api/v1/observations?source=REG",
    "/api/v1/evidence?limit=1000",
    "/api/v1/signals?limit=1000", "/api/v1/series?limit=1000", "/api/v1/series?crossing={south}",
    "/incidents/?place={south}", "/incidents/?type=drugs", "/incidents/incidents.csv?place={south}",
    "/api/v1/incidents?limit=1000", "/api/v1/incidents?place={south}", "/search/?q=IN-2019-0002",
    "/collect/protocols/TL-XX-1999/?count=persons",
    "/figures/{south}.returns.in.total.REG.day/2025-09-30/",
)  # fmt: skip

# Where each person may read what, over all addresses together.
CELLS = {"north", "south", "south before", "unofficial", "area", "unsourced", "net north", "net south", "published",
         "signal north", "signal south", "signal area", "apart north", "apart south", "run",
         "phone south", "signal note", "place name", "incident south", "incident north", "incident detected",
         "incident unofficial", "incident note", "status south",
         "return north", "return south", "receipt south"}  # fmt: skip
READS = {
    "chief": {"north", "net north", "apart north", "published", "signal north", "incident north", "return north"},
    "duty": CELLS | {"call south", "call note", "import", "import problem", "withheld", "release"},
    "approver": CELLS | {"release"},
    "analyst": CELLS | {"import"},
    "partner": {"net north", "net south", "published", "incident detected"},
    "stranger": set(),
    "anonymous": set(),
}


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = str(content.decode())
    return json.dumps(json.loads(text), ensure_ascii=False) if "json" in answer["Content-Type"] else text


def address(held: leaks.Held, name: str, arguments: list[Any]) -> str:
    found = reverse(name, args=arguments)
    if name in ("watch:entry-receipt", "watch:paste-receipt"):
        found += "?figures=" + ",".join(str(row.pk) for row in held.figures.values())
    return found


# Asked in tests/notify/test_message_pages.py and test_returns.py: they need a message, or its secrets.
OUTBOX = {"notify:message-list", "notify:message", "notify:message-act", "notify:bulletin", "notify:link",
          "notify:link-stop", "notify:gateway-receipt", "notify:gateway-in", "api:notices", "api:notice"}  # fmt: skip

# Asked in tests/policy: they need a policy.
POLICIES = {
    *(f"policy:{name}" for name in (
        "policy-list", "policy", "policy-new", "policy-edit", "rates", "since", "findings", "statement",
        "statement-new", "statement-edit", "statement-step", "progress", "observe", "cost-new", "cost-edit",
        "money-new", "money-edit", "line-withdraw", "plan", "gantt", "load", "financing", "workbook", "workbook-import",
        "board", "mine", "recommendations",
        "appraisal-list", "appraisal-new", "appraisal", "appraisal-edit", "appraisal-result", "appraisal-act",
        "appraisal-file",
        "option-new", "criterion-new", "criterion-remove", "judgement", "option", "option-edit",
        "document", "document-start", "clause-new", "terms", "clause", "clause-edit", "clause-act", "clause-confirm",
        "clause-realise", "clause-compare", "suggestion-new", "suggestion-act",
        "round-list", "round-new", "round", "round-edit", "round-act", "round-invitations", "round-minutes",
        "round-text", "round-comments", "round-moderation", "round-moderation-file",
        "round-report", "round-report-file", "round-word",
        "round-reply", "round-tray", "comment", "consult", "consult-invited", "consult-report",
    )),
    *(f"api:{name}" for name in (
        "policies", "policy_detail", "policy_statements", "policy_changes",
        "consultation_list", "consultation_detail", "consultation_text", "consultation_comments",
        "consultation_comment",
        "appraisal_list", "appraisal_detail", "judgement_list", "appraisal_result",
        "document_clauses", "clause_texts", "clause_write", "suggestion_list", "suggestion_write", "suggestion_step",
    )),
    "policy:alignment", "policy:alignment-file",
    *(f"policy:check{name}" for name in ("", "-waive", "-unwaive", "-set-aside", "-take-up")), "api:policy_check",
}  # fmt: skip
DOCUMENTS = {"policy:document", "policy:document-start",
            "policy:clause-new", "policy:terms", "policy:clause", "policy:clause-edit", "policy:clause-act",
            "policy:clause-confirm", "policy:clause-realise", "policy:clause-compare", "policy:suggestion-new",
            "policy:suggestion-act"}  # fmt: skip
# Asked in tests/policy/test_versions.py.
VERSIONS = {
    *(f"policy:version{name}" for name in ("-list", "-propose", "-decide", "-turn", "", "-changes", "-file")),
    "policy:draft-file", "policy:public", "policy:public-version", "policy:public-changes", "policy:public-file",
    "policy:changes-file",
}  # fmt: skip


def named(patterns: list[URLPattern | URLResolver], inside: str = "") -> Iterator[str]:
    """The names of all addresses there are."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from named(one.url_patterns, f"{inside}{one.namespace}:" if one.namespace else inside)
        elif one.name:
            yield f"{inside}{one.name}"


@pytest.mark.req("R7.1")
def test_every_address_stands_in_the_tables(held: leaks.Held) -> None:
    ours = {name for name in named(get_resolver().url_patterns) if not name.startswith(THEIRS + PHONES)}
    asked = {name for name, _arguments, _who in pages(held)} | (ELSEWHERE - {"account_email"}) | set(ACTIONS) | CHOICES
    elsewhere = (
        FORMS
        | FILES
        | ROUNDS
        | PROGRAMS
        | MATRICES
        | PLANS
        | DIRECTORY
        | SITREPS
        | ALERTS
        | DUTY_ROOM
        | FEEDS
        | OUTBOX
        | DRILLS
        | POLICIES
        | DOCUMENTS
        | VERSIONS
    )
    assert ours - {"api:api-root"} - elsewhere == asked


@pytest.mark.req("R7.1")
@pytest.mark.parametrize("who", WHO)
def test_who_may_open_what(held: leaks.Held, as_: Callable[[str], Client], who: str) -> None:
    held.country.home.layers = {"border": {"type": "FeatureCollection", "features": []}}
    held.country.home.save()
    client = as_(who)
    expected, found = {}, {}
    for name, arguments, may in pages(held):
        url = address(held, name, arguments)
        expected[url] = 200 if who in may else 404
        answer = client.get(url)
        body(answer)  # a file that is not read stays open
        found[url] = answer.status_code
    assert found == expected


@pytest.mark.req("R7.1")
def test_without_signing_in_nothing_opens(held: leaks.Held) -> None:
    client = Client()
    found = {name: client.get(address(held, name, arguments)).status_code for name, arguments, _who in pages(held)}
    # The description of the API says what stands in the source code.
    open_ = {"healthz", "api:openapi-json"}
    assert found == {name: 200 if name in open_ else 401 if name.startswith("api:") else 302 for name in found}


@pytest.mark.req("R7.1")
@pytest.mark.req("R3.3")
@pytest.mark.parametrize("who", [*WHO, "anonymous"])
def test_who_reads_which_secret(held: leaks.Held, as_: Callable[[str], Client], who: str) -> None:
    client = Client() if who == "anonymous" else as_(who)
    urls = [address(held, name, arguments) for name, arguments, _who in pages(held)]
    read: dict[str, list[str]] = {}
    for url in [*urls, *(one.format(south=SOUTH) for one in QUESTIONS)]:
        # A page that is not there repeats its address, nothing else.
        for secret in leaks.told(body(client.get(url, follow=True))) - leaks.told(url):
            read.setdefault(secret, []).append(url)
    assert {secret: read.get(secret) for secret in read.keys() ^ READS[who]} == {}


# --- Changing things ---------------------------------------------------------------------------

WATCHED = ("assess", "collect", "watch", "evidence", "registry", "share", "access", "sessions")
PASSING: tuple[type[Model], ...] = (Beat, Lease)


def state() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all our tables."""
    models = [model for label in WATCHED if label != "sessions" for model in apps.get_app_config(label).get_models()]
    return {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in models}


def posts(held: leaks.Held) -> list[tuple[str, str, dict[str, str], set[str]]]:
    """Every action with an object and something to say: (name, address, form, who may)."""
    act = {"action": "acknowledge", "note": "seen", "reason": "", "seen": "new"}
    look = {"type": "found-in", "disposition": "confirmed", "note": "seen", "seen_child": "1", "seen_parent": "1"}
    correct = {"state": "reported", "value": "78000", "quality": "exact", "note": "", "revision": "3",
               "confirmed": "78000"}  # fmt: skip
    count = {"v-returns-total": "12", "r-returns-total": "2", "c-returns-total": "12", "source": "REG"}
    objects = {
        "watch:signal-act": ([held.signals["south"].code], act),
        "site:trace-review": ([held.signals["south"].code], {**look, "parent": held.cited}),
        "watch:run-new": ([], {}),
        "watch:run-cancel": ([held.run.code], {}),
        "watch:backtest-new": ([], {"measure": "returns"}),
        "watch:backtest-cancel": ([held.backtest.code], {}),
        "watch:import-apply": ([held.dry.code], {}),
        "watch:import-cancel": ([held.file.code], {}),
        "watch:incident-withdraw": ([held.incidents["south"].code], {"seen": "1"}),
        "watch:status-withdraw": ([held.status.code], {}),
        "assess:framework-publish": (["border", "2026.2"], {}),
        "assess:framework-discard": (["border", "2026.2"], {}),
        "access:token-revoke": ([held.token.pk], {}),
        "access:audit-erase": ([held.entry.pk], {"reason": "tidy"}),
    }
    found = [(name, reverse(name, args=objects[name][0]), objects[name][1], ACTIONS[name]) for name in ACTIONS]
    found.append(("entry", reverse("watch:entry", args=[SOUTH, DAY]), count, {"duty"}))
    happened = {"place": SOUTH, "first": DAY, "quantities.weight": "1", "unit.weight": "kg", "seen": "1"}
    new = f"{reverse('watch:incident-new')}?type=drugs"
    found.append(("incident", new, happened | {"place": NORTH}, {"duty", "chief"}))
    found.append(
        ("correct", reverse("watch:incident-correct", args=[held.incidents["detected"].code]), happened, {"duty"})
    )
    closed = {"side": "own", "state": "closed", "since": DAY, "cause": "Flood"}
    found.append(("status", reverse("watch:status", args=[SOUTH]), closed, {"duty"}))
    called = {"post": "REG", "cause": "unknown", "outcome": "not_reached"}
    found.append(("call", reverse("watch:calls", args=[SOUTH]), called, {"duty"}))
    found.append(("framework", reverse("assess:framework-upload"), {"do": "keep"}, set()))
    found.append(("figure", reverse("watch:figure", args=[held.figures["south"].pk]), correct, {"duty"}))
    found += [
        (name, reverse(f"registry:{name}", args=arguments), {}, set())
        for name, arguments in people().items()
        if name != "person"
    ]
    published = reverse("watch:figure", args=[held.figures["published"].pk])
    found.append(("published figure", published, {**correct, "revision": "1"}, set()))
    return found


@pytest.mark.req("R7.1")
@pytest.mark.parametrize("who", WHO)
def test_who_may_not_changes_nothing(held: leaks.Held, as_: Callable[[str], Client], who: str) -> None:
    client = as_(who)
    for name, url, form, may in posts(held):
        if who in may:
            continue
        before = state()
        assert (name, client.post(url, form).status_code) == (name, 404)
        assert state() == before


@pytest.mark.req("R7.1")
def test_a_visitor_changes_nothing(held: leaks.Held) -> None:
    before = state()
    for name, url, form, _may in posts(held):
        answer = Client().post(url, form)
        assert (name, answer.status_code, answer["Location"].partition("?")[0]) == (name, 302, "/account/login/")
    assert state() == before


@pytest.mark.parametrize("name", [*sorted(ACTIONS), *sorted(CHOICES)])
def test_actions_are_not_for_looking(held: leaks.Held, as_: Callable[[str], Client], name: str) -> None:
    urls = {one: url for one, url, _form, _may in posts(held)} | {one: reverse(one) for one in CHOICES}
    client = as_("admin")
    before = state()
    assert client.get(urls[name]).status_code == 405
    assert state() == before


@pytest.mark.parametrize("who", WHO)
def test_who_may_does_it_and_it_is_written_down(held: leaks.Held, as_: Callable[[str], Client], who: str) -> None:
    client = as_(who)
    for name, url, form, may in posts(held):
        if who not in may:
            continue
        entries = AuditEntry.objects.count()
        assert (name, client.post(url, form).status_code) == (name, 302)
        assert AuditEntry.objects.filter(actor_id=Account.objects.get(email=f"{who}@example.org").pk).count() > 0
        assert (name, AuditEntry.objects.count()) == (name, entries + 1)


@pytest.mark.req("R7.1")
def test_every_form_needs_its_token(held: leaks.Held, cast: make.Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.account("duty"))
    before = state()
    for name, url, form, _may in posts(held):
        assert (name, client.post(url, form).status_code) == (name, 403)
    for name in CHOICES:
        assert (name, client.post(reverse(name), {"language": "es", "theme": "dark"}).status_code) == (name, 403)
    assert state() == before


@pytest.mark.req("R7.4")
def test_only_the_focal_point_erases_what_stands_beside_the_log(held: leaks.Held, as_: Callable[[str], Client]) -> None:
    url = reverse("access:audit-erase", args=[held.entry.pk])
    assert as_("admin").post(url, {"reason": "tidy"}).status_code == 404
    assert AuditDetail.objects.filter(pk=held.entry.pk).exists()
    assert as_("dpo").post(url, {"reason": "tidy"}).status_code == 302
    assert not AuditDetail.objects.filter(pk=held.entry.pk).exists()
