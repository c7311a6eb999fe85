from __future__ import annotations

from django.urls import path

from pasaj.policy.views import lines, policies, statements

urlpatterns = [
    path("policy/", policies.policy_list, name="policy-list"),
    path("policy/new/", policies.policy_new, name="policy-new"),
    path("policy/statements/<str:code>/", statements.statement, name="statement"),
    path("policy/statements/<str:code>/edit/", statements.statement_edit, name="statement-edit"),
    path("policy/statements/<str:code>/step/", statements.statement_step, name="statement-step"),
    path("policy/statements/<str:code>/progress/", statements.progress, name="progress"),
    path("policy/statements/<str:code>/observe/", statements.observe, name="observe"),
    path("policy/statements/<str:code>/costs/new/", lines.cost, name="cost-new"),
    path("policy/statements/<str:code>/costs/<str:line>/", lines.cost, name="cost-edit"),
    path("policy/statements/<str:code>/money/new/", lines.commitment, name="money-new"),
    path("policy/statements/<str:code>/money/<str:line>/", lines.commitment, name="money-edit"),
    path("policy/statements/<str:code>/lines/<str:line>/withdraw/", lines.line_withdraw, name="line-withdraw"),
    path("policy/<str:code>/", policies.policy, name="policy"),
    path("policy/<str:code>/edit/", policies.policy_edit, name="policy-edit"),
    path("policy/<str:code>/rates/", policies.rates, name="rates"),
    path("policy/<str:code>/findings/", policies.findings, name="findings"),
    path("policy/<str:code>/new/<str:kind>/", statements.statement_new, name="statement-new"),
]
