from __future__ import annotations

from pasaj.policy.urls import appraisal, coherence, document, plan, statements, versions

app_name = "policy"
urlpatterns = [
    *coherence.urlpatterns,
    *document.urlpatterns,
    *plan.urlpatterns,
    *versions.urlpatterns,
    *statements.urlpatterns,
    *appraisal.urlpatterns,
]
