from __future__ import annotations

from pasaj.policy.urls import statements

app_name = "policy"
urlpatterns = [
    *statements.urlpatterns,
]
