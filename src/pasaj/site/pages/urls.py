from __future__ import annotations

from django.urls import path

from pasaj.site.pages import crossing, maps, morning, preferences, search, trace

app_name = "site"
urlpatterns = [
    path("", morning.morning, name="morning"),
    path("crossings/", crossing.crossing_list, name="crossing-list"),
    path("crossings/<str:code>/", crossing.crossing, name="crossing"),
    path("search/", search.search, name="search"),
    path("trace/", trace.trace_list, name="trace-list"),
    path("trace/<str:code>/", trace.trace_page, name="trace"),
    path("trace/<str:code>/review/", trace.trace_review, name="trace-review"),
    path("trace/<str:code>/confirm", trace.trace_confirm, name="trace-confirm"),
    path("trace/<str:code>/withdraw", trace.trace_withdraw, name="trace-withdraw"),
    path("map/crossings.geojson", maps.crossings, name="map-crossings"),
    path("map/layers/<str:name>.geojson", maps.layer, name="map-layer"),
    path("language/", preferences.language, name="language"),
    path("theme/", preferences.theme, name="theme"),
]
