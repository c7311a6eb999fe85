from __future__ import annotations

from django.urls import path

from pasaj.policy.views import appraisal, appraisal_result

urlpatterns = [
    path("policy/<str:code>/appraisals/", appraisal.appraisal_list, name="appraisal-list"),
    path("policy/<str:code>/appraisals/new/", appraisal.appraisal_new, name="appraisal-new"),
    path("policy/appraisals/<str:code>/", appraisal.appraisal, name="appraisal"),
    path("policy/appraisals/<str:code>/edit/", appraisal.appraisal_edit, name="appraisal-edit"),
    path("policy/appraisals/<str:code>/result/", appraisal_result.appraisal_result, name="appraisal-result"),
    path("policy/appraisals/<str:code>/judgements.<str:form>", appraisal_result.appraisal_file, name="appraisal-file"),
    path("policy/appraisals/<str:code>/act/", appraisal_result.appraisal_act, name="appraisal-act"),
    path("policy/appraisals/<str:code>/options/new/", appraisal.option_new, name="option-new"),
    path("policy/appraisals/<str:code>/criteria/new/", appraisal.criterion_new, name="criterion-new"),
    path(
        "policy/appraisals/<str:code>/criteria/<str:criterion>/remove/",
        appraisal.criterion_remove,
        name="criterion-remove",
    ),
    path(
        "policy/appraisals/<str:code>/judgements/<str:letter>/<str:criterion>/", appraisal.judgement, name="judgement"
    ),
    path("policy/options/<str:code>/", appraisal.option, name="option"),
    path("policy/options/<str:code>/edit/", appraisal.option_edit, name="option-edit"),
]
