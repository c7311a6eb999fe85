from __future__ import annotations

from django.urls import path

from pasaj.policy.views import plan, workbooks

urlpatterns = [
    path("policy/<str:code>/plan/", plan.plan, name="plan"),
    path("policy/<str:code>/calendar/", plan.gantt, name="gantt"),
    path("policy/<str:code>/load/", plan.load, name="load"),
    path("policy/<str:code>/financing/", plan.financing, name="financing"),
    path("policy/<str:code>/plan/workbook.xlsx", workbooks.workbook, name="workbook"),
    path("policy/<str:code>/plan/take/", workbooks.take, name="workbook-import"),
]
