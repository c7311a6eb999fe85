from __future__ import annotations

from pasaj.policy.urls import appraisal, document, statements

app_name = "policy"
urlpatterns = [
    *document.urlpatterns,
    *statements.urlpatterns,
    *appraisal.urlpatterns,
]
