from __future__ import annotations

from django.urls import URLPattern, path

from pasaj.respond.views import activations, plans, reviews, tasks

urlpatterns: list[URLPattern] = [
    path("response/plans/", plans.plan_list, name="plan-list"),
    path("response/plans/<str:code>/", plans.plan, name="plan"),
    path("response/plans/<str:code>/activate/", plans.plan_activate, name="plan-activate"),
    path("response/activations/", activations.activation_list, name="activation-list"),
    path("response/activations/<str:code>/", activations.activation, name="activation"),
    path("response/activations/<str:code>/decisions/", activations.decisions, name="activation-decisions"),
    path("response/activations/<str:code>/requests/", activations.requests, name="activation-requests"),
    path("response/activations/<str:code>/review/", reviews.review, name="activation-review"),
    path("response/activations/<str:code>/review/<int:order>/", reviews.lesson, name="activation-lesson"),
    path("response/requests/<str:code>/act/", activations.request_act, name="request-act"),
    path("response/tasks/", tasks.task_list, name="task-list"),
    path("response/tasks/<str:code>/", tasks.task, name="task"),
    path("response/tasks/<str:code>/act/", tasks.task_act, name="task-act"),
]
