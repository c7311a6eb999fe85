from __future__ import annotations

from django.urls import URLPattern, path

from pasaj.respond.views import alerts, editor, public

urlpatterns: list[URLPattern] = [
    path("response/", alerts.alert_list, name="alert-list"),
    path("response/alerts/new/", alerts.alert_new, name="alert-new"),
    path("response/alerts/<str:code>/", alerts.alert, name="alert"),
    path("response/alerts/<str:code>/read/", alerts.alert_read, name="alert-read"),
    path("response/alerts/<str:code>/<str:step>/", alerts.alert_step, name="alert-step"),
    path("response/measure/", editor.measured, name="text-measure"),
    path("response/messages/<str:identifier>/edit/", editor.message_edit, name="message-edit"),
    path("response/messages/<str:identifier>/preview/", editor.message_preview, name="message-preview"),
    path("response/messages/<str:identifier>/submit/", editor.message_submit, name="message-submit"),
    path("response/messages/<str:identifier>/decide/", editor.message_decide, name="message-decide"),
    path("a/<str:code>/", public.public_alert, name="alert-public"),
]
