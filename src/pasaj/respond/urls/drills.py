from __future__ import annotations

from django.urls import URLPattern, path

from pasaj.respond.views import drills

urlpatterns: list[URLPattern] = [
    path("response/drills/", drills.drill_list, name="drill-list"),
    path("response/drills/<str:code>/", drills.drill, name="drill"),
]
