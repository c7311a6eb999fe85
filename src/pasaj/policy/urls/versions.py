from __future__ import annotations

from django.urls import path

from pasaj.policy.views import public, since, versions

urlpatterns = [
    path("policy/<str:code>/since/", since.since, name="since"),
    path("policy/<str:code>/versions/", versions.version_list, name="version-list"),
    path("policy/<str:code>/versions/propose", versions.propose, name="version-propose"),
    path("policy/<str:code>/versions/decide", versions.decide, name="version-decide"),
    path("policy/<str:code>/versions/turn", versions.turn, name="version-turn"),
    path("policy/<str:code>/versions/<int:number>/", versions.version, name="version"),
    path("policy/<str:code>/versions/<int:number>/changes/", since.version_changes, name="version-changes"),
    path("policy/<str:code>/versions/<int:number>/changes.docx", since.changes_file, name="changes-file"),
    path("policy/<str:code>/versions/<int:number>/file.<str:suffix>", versions.file, name="version-file"),
    path("policy/<str:code>/draft.<str:suffix>", versions.draft_file, name="draft-file"),
    path("p/<str:code>/", public.policy, name="public"),
    path("p/<str:code>/<int:number>/", public.policy, name="public-version"),
    path("p/<str:code>/<int:number>/changes/", public.changes, name="public-changes"),
    path("p/<str:code>/<int:number>/file.<str:suffix>", public.file, name="public-file"),
]
