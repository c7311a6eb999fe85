from __future__ import annotations

from django.urls import path

from pasaj.respond.views import sitreps

urlpatterns = [
    path("response/sitreps/", sitreps.sitrep_list, name="sitrep-list"),
    path("response/sitreps/new", sitreps.sitrep_new, name="sitrep-new"),
    path("response/sitreps/<str:code>/", sitreps.sitrep, name="sitrep"),
    path("response/sitreps/<str:code>/edit", sitreps.sitrep_edit, name="sitrep-edit"),
    path("response/sitreps/<str:code>/step", sitreps.sitrep_step, name="sitrep-step"),
    path("response/sitreps/<str:code>/send", sitreps.sitrep_send, name="sitrep-send"),
    path("response/sitreps/<str:code>/chat", sitreps.sitrep_chat, name="sitrep-chat"),
    path("response/sitreps/<str:code>/<str:edition>-<str:language>.<str:suffix>", sitreps.sitrep_file,
         name="sitrep-file"),
]  # fmt: skip
