from __future__ import annotations

from django.urls import path

from pasaj.assess.services.mapping_files import KINDS
from pasaj.assess.views import (
    findings,
    frameworks,
    mapping_files,
    matrices,
    recommendations,
    reports,
    results,
    rounds,
    uploads,
)

app_name = "assess"
TABLES = [(what, suffix) for what in KINDS for suffix in ("csv", "xlsx")]
urlpatterns = [
    path("assessment/frameworks/", frameworks.framework_list, name="framework-list"),
    path("assessment/upload/", uploads.upload, name="framework-upload"),
    path("assessment/frameworks/<str:code>/", frameworks.framework, name="framework"),
    path("assessment/frameworks/<str:code>/compare/", frameworks.compare, name="framework-compare"),
    path("assessment/frameworks/<str:code>/<str:version>/", frameworks.framework, name="framework-version"),
    path("assessment/frameworks/<str:code>/<str:version>/file.<str:suffix>", frameworks.file, name="framework-file"),
    path("assessment/frameworks/<str:code>/<str:version>/publish", uploads.publish, name="framework-publish"),
    path("assessment/frameworks/<str:code>/<str:version>/discard", uploads.discard, name="framework-discard"),
    path("assessment/mandates/", matrices.mandate_matrix, name="mandate-matrix"),
    path("assessment/mandates/<str:function>/<str:institution>/", matrices.mandate_cell, name="mandate-cell"),
    path("assessment/rounds/", rounds.round_list, name="round-list"),
    path("assessment/rounds/new", rounds.round_new, name="round-new"),
    path("assessment/rounds/<str:code>/", rounds.round_page, name="round"),
    path("assessment/rounds/<str:code>/edit", rounds.round_edit, name="round-edit"),
    path("assessment/rounds/<str:code>/open", rounds.round_open, name="round-open"),
    path("assessment/rounds/<str:code>/close", rounds.round_close, name="round-close"),
    path("assessment/rounds/<str:code>/assessors", rounds.assessor_add, name="assessor-add"),
    path("assessment/rounds/<str:code>/results/", results.results, name="results"),
    path("assessment/rounds/<str:code>/differences/", results.differences, name="differences"),
    path("assessment/rounds/<str:code>/units/<str:unit>/", results.unit, name="unit"),
    path("assessment/rounds/<str:code>/cells/<str:unit>/<str:indicator>/", results.cell, name="cell"),
    path("assessment/rounds/<str:code>/report/", reports.report, name="report"),
    path("assessment/rounds/<str:code>/report/publish", reports.publish, name="report-publish"),
    path("assessment/rounds/<str:code>/report/<str:edition>/", reports.report, name="report-edition"),
    path("assessment/rounds/<str:code>/report/<str:edition>.<str:suffix>", reports.file, name="report-file"),
    path("assessment/rounds/<str:code>/mapping/", matrices.exchange, name="mapping-exchange"),
    path(
        "assessment/rounds/<str:code>/mapping/exchange/<str:sender>/<str:receiver>/",
        matrices.exchange_cell,
        name="mapping-exchange-cell",
    ),
    path("assessment/rounds/<str:code>/mapping/network/", matrices.network, name="mapping-network"),
    path("assessment/rounds/<str:code>/mapping/profile/", matrices.profile_page, name="mapping-profile"),
    path("assessment/rounds/<str:code>/mapping/what-if/", matrices.better, name="mapping-better"),
    path("assessment/rounds/<str:code>/mapping/roles/", matrices.roles, name="mapping-roles"),
    path("assessment/rounds/<str:code>/findings/", findings.finding_list, name="findings"),
    path("assessment/rounds/<str:code>/findings/draft", findings.finding_draft, name="finding-draft"),
    path("assessment/rounds/<str:code>/findings/new", findings.finding_new, name="finding-new"),
    path("assessment/rounds/<str:code>/priorities/", findings.priorities, name="priorities"),
    path("assessment/findings/<str:code>/", findings.finding, name="finding"),
    path("assessment/findings/<str:code>/edit", findings.finding_edit, name="finding-edit"),
    path("assessment/findings/<str:code>/act", findings.finding_act, name="finding-act"),
    path("assessment/findings/<str:code>/link", findings.finding_link, name="finding-link"),
    path("assessment/rounds/<str:code>/recommendations/", recommendations.recommendation_list, name="recommendations"),
    path(
        "assessment/rounds/<str:code>/recommendations/new",
        recommendations.recommendation_new,
        name="recommendation-new",
    ),
    path("assessment/recommendations/<str:code>/", recommendations.recommendation, name="recommendation"),
    path("assessment/recommendations/<str:code>/edit", recommendations.recommendation_edit, name="recommendation-edit"),
    path("assessment/recommendations/<str:code>/act", recommendations.recommendation_act, name="recommendation-act"),
    path("assessment/rounds/<str:code>/compare/<str:other>/", results.compare, name="compare"),
    path(
        "assessment/rounds/<str:code>/answers.csv",
        results.export,
        {"what": "answers", "suffix": "csv"},
        name="answers-csv",
    ),
    path(
        "assessment/rounds/<str:code>/answers.xlsx",
        results.export,
        {"what": "answers", "suffix": "xlsx"},
        name="answers-xlsx",
    ),
    *(
        path(
            f"assessment/rounds/<str:code>/{what}.{suffix}",
            results.export_statements,
            {"what": what, "suffix": suffix},
            name=f"{what}-{suffix}",
        )
        for what in ("findings", "recommendations")
        for suffix in ("csv", "xlsx")
    ),
    path(
        "assessment/rounds/<str:code>/scores.csv",
        results.export,
        {"what": "scores", "suffix": "csv"},
        name="scores-csv",
    ),
    path(
        "assessment/rounds/<str:code>/scores.xlsx",
        results.export,
        {"what": "scores", "suffix": "xlsx"},
        name="scores-xlsx",
    ),
    *(
        path(
            f"assessment/rounds/<str:code>/mapping/{what}.{suffix}",
            mapping_files.table,
            {"what": what, "suffix": suffix},
            name=f"{what}-{suffix}",
        )
        for what, suffix in TABLES
    ),
    *(
        path(f"assessment/mandates.{suffix}", mapping_files.mandates, {"suffix": suffix}, name=f"mandates-{suffix}")
        for suffix in ("csv", "xlsx")
    ),
]
