from __future__ import annotations

from django.urls import URLPattern, path

from pasaj.respond.views import duty, events, presence

urlpatterns: list[URLPattern] = [
    path("response/duty/", duty.room, name="duty"),
    path("response/duty/log/", duty.log_list, name="log-list"),
    path("response/duty/log/new", duty.log_new, name="log-new"),
    path("response/duty/log/file.csv", duty.log_csv, name="log-csv"),
    path("response/duty/log/day/<str:day>/", duty.log_day, name="log-day"),
    path("response/duty/log/<str:code>/", duty.log_entry, name="log-entry"),
    path("response/duty/log/<str:code>/correct", duty.log_correct, name="log-correct"),
    path("response/duty/handovers/", duty.handover_list, name="handover-list"),
    path("response/duty/handovers/new", duty.handover_new, name="handover-new"),
    path("response/duty/handovers/<str:code>/", duty.handover_page, name="handover"),
    path("response/duty/handovers/<str:code>/accept", duty.handover_accept, name="handover-accept"),
    path("response/events/", events.event_list, name="event-list"),
    path("response/events/new", events.event_new, name="event-new"),
    path("response/events/file.csv", events.events_csv, name="events-csv"),
    path("response/events/answers/", events.answer_list, name="answer-list"),
    path("response/events/answers.txt", events.answers_text, name="answers-text"),
    path("response/events/<str:code>/", events.event, name="event"),
    path("response/events/<str:code>/step", events.event_step, name="event-step"),
    path("response/events/<str:code>/settle", events.event_settle, name="event-settle"),
    path("response/events/<str:code>/reopen", events.event_reopen, name="event-reopen"),
    path("response/events/<str:code>/raise", events.event_raise, name="event-raise"),
    path("response/presence/", presence.presence_list, name="presence-list"),
    path("response/presence/new", presence.presence_new, name="presence-new"),
    path("response/presence/file.csv", presence.presence_csv, name="presence-csv"),
    path("response/presence/<str:code>/edit", presence.presence_edit, name="presence-edit"),
    path("response/presence/<str:code>/withdraw", presence.presence_withdraw, name="presence-withdraw"),
    path("response/capacity/", presence.capacity_page, name="capacity"),
]
