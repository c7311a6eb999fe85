from __future__ import annotations

from django.urls import path

from pasaj.access import views

app_name = "access"
urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/tokens/", views.token_list, name="token-list"),
    path("account/tokens/new/", views.token_new, name="token-new"),
    path("account/tokens/<int:pk>/revoke/", views.token_revoke, name="token-revoke"),
    path("audit/", views.audit_log, name="audit"),
    path("audit/<int:pk>/", views.audit_entry, name="audit-entry"),
    path("audit/<int:pk>/erase/", views.audit_erase, name="audit-erase"),
]
