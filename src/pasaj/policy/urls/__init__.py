from __future__ import annotations

from pasaj.policy.urls import appraisal, coherence, document, statements

app_name = "policy"
urlpatterns = [
    *document.urlpatterns,

app_name = "policy"
urlpatterns = [
    *coherence.urlpatterns,
    *statements.urlpatterns,
    *appraisal.urlpatterns,
]
