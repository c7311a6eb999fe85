from __future__ import annotations

from django.urls import URLPattern, path, re_path

from pasaj.respond.views import feeds

urlpatterns: list[URLPattern] = [
    re_path(r"^feeds/alerts\.(?P<form>atom|rss)$", feeds.public_feed, name="public-feed"),
    path("feeds/cap/<str:identifier>.xml", feeds.public_message, name="public-message"),
    path("response/feeds/", feeds.feed_page, name="feeds"),
    path("response/feeds/sources/new/", feeds.source_add, name="source-add"),
    path("response/feeds/sources/<str:code>/turn/", feeds.source_turn, name="source-turn"),
]
