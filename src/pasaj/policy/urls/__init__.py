from __future__ import annotations

from pasaj.policy.urls import appraisal, coherence, document, statements, versions

app_name = "policy"
urlpatterns = [
    *coherence.urlpatterns,
    *document.urlpatterns,
    *versions.urlpatterns,
    *statements.urlpatterns,
    *appraisal.urlpatterns,
]
