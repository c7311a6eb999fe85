from __future__ import annotations

from pasaj.policy.urls import appraisal, coherence, document, statements

app_name = "policy"
urlpatterns = [
    *coherence.urlpatterns,
    *document.urlpatterns,
    *statements.urlpatterns,
    *appraisal.urlpatterns,
]
