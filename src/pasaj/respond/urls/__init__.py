from __future__ import annotations

from pasaj.respond.urls import alerts, drills, duty, feeds, plans, sitreps

app_name = "respond"
urlpatterns = [
    *alerts.urlpatterns,
    *feeds.urlpatterns,
    *plans.urlpatterns,
    *duty.urlpatterns,
    *sitreps.urlpatterns,
    *drills.urlpatterns,
]
