from __future__ import annotations

from django.urls import path

from pasaj.policy.views import board

urlpatterns = [
    path("policy/mine/", board.mine, name="mine"),
    path("policy/<str:code>/board/", board.board, name="board"),
    path("policy/<str:code>/recommendations/", board.recommendations, name="recommendations"),
]
