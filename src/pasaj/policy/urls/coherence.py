from __future__ import annotations

from django.urls import path

from pasaj.policy.views import alignment, coherence

urlpatterns = [
    path("policy/<str:code>/alignment/", alignment.alignment, name="alignment"),
    path("policy/<str:code>/alignment.<str:form>", alignment.alignment_file, name="alignment-file"),
    path("policy/<str:code>/check/", coherence.check, name="check"),
    path("policy/<str:code>/check/waive/", coherence.waive, name="check-waive"),
    path("policy/<str:code>/check/unwaive/", coherence.unwaive, name="check-unwaive"),
    path("policy/<str:code>/check/set-aside/", coherence.set_aside, name="check-set-aside"),
    path("policy/<str:code>/check/take-up/", coherence.take_up, name="check-take-up"),
]
