from __future__ import annotations

from django.urls import path

from pasaj.policy.views import comments, consult, consultation, replies

urlpatterns = [
    path("policy/<str:code>/consultations/", consultation.round_list, name="round-list"),
    path("policy/<str:code>/consultations/new/", consultation.round_new, name="round-new"),
    path("consultations/<str:code>/", consultation.round_page, name="round"),
    path("consultations/<str:code>/edit/", consultation.round_edit, name="round-edit"),
    path("consultations/<str:code>/act/", consultation.round_act, name="round-act"),
    path("consultations/<str:code>/invitations/", consultation.invitations, name="round-invitations"),
    path("consultations/<str:code>/minutes/", consultation.minutes, name="round-minutes"),
    path("consultations/<str:code>/text/", comments.round_text, name="round-text"),
    path("consultations/<str:code>/comments/", comments.round_comments, name="round-comments"),
    path("consultations/<str:code>/moderation/", comments.moderation, name="round-moderation"),
    path("consultations/<str:code>/moderation.csv", comments.moderation_file, name="round-moderation-file"),
    path("consultations/<str:code>/report/", comments.report, name="round-report"),
    path("consultations/<str:code>/report.<str:suffix>", comments.report_file, name="round-report-file"),
    path("consultations/<str:code>/word/", replies.word_file, name="round-word"),
    path("consultations/<str:code>/reply/", replies.reply, name="round-reply"),
    path("consultations/<str:code>/tray/", replies.tray, name="round-tray"),
    path("comments/<str:code>/", comments.comment, name="comment"),
    path("consult/i/<str:token>/", consult.invited, name="consult-invited"),
    path("consult/<str:code>/", consult.consult, name="consult"),
    path("consult/<str:code>/report/", consult.consult_report, name="consult-report"),
]
