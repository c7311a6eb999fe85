from __future__ import annotations

from django.urls import path

from pasaj.policy.views import policies

urlpatterns = [
    path("policy/", policies.policy_list, name="policy-list"),
    path("policy/<str:code>/", policies.policy, name="policy"),
    path("policy/statements/<str:code>/", policies.statement, name="statement"),
]
