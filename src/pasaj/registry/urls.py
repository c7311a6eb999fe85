from __future__ import annotations

from django.urls import path

from pasaj.registry.views import pack, people

app_name = "registry"
urlpatterns = [
    path("pack/", pack.pack, name="pack"),
    path("pack/instruments/", pack.instrument_list, name="pack-instruments"),
    path("pack/functions/", pack.function_list, name="pack-functions"),
    path("pack/mandates/", pack.mandate_list, name="pack-mandates"),
    path("pack/exchange/", pack.exchange_list, name="pack-exchange"),
    path("pack/timeline/", pack.timeline, name="pack-timeline"),
    path("pack/calendar/", pack.calendar, name="pack-calendar"),
    path("areas/", pack.area_list, name="area-list"),
    path("areas/<str:code>/", pack.area, name="area"),
    path("institutions/", pack.institution_list, name="institution-list"),
    path("institutions/<str:code>/", pack.institution, name="institution"),
    path("people/", people.person_list, name="person-list"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/roles/<int:role>/end/", people.end_role, name="person-end-role"),
    path("people/<int:pk>/close/", people.close, name="person-close"),
    path("people/<int:pk>/reopen/", people.reopen, name="person-reopen"),
    path("people/<int:pk>/password/", people.password, name="person-password"),
    path("people/<int:pk>/tokens/", people.tokens, name="person-tokens"),
]
