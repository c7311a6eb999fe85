from __future__ import annotations

from pasaj.policy.urls import appraisal, board, coherence, consultation, document, plan, statements, versions

app_name = "policy"
urlpatterns = [
    *board.urlpatterns,
    *coherence.urlpatterns,
    *document.urlpatterns,
    *plan.urlpatterns,
    *versions.urlpatterns,
    *consultation.urlpatterns,
    *statements.urlpatterns,
    *appraisal.urlpatterns,
]
