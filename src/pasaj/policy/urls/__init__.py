from __future__ import annotations

from pasaj.policy.urls import appraisal, statements

app_name = "policy"
urlpatterns = [
    *statements.urlpatterns,
    *appraisal.urlpatterns,
]
