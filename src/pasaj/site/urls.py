"""Every address, a line an app."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView

from pasaj.site.api import api


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("pasaj.site.pages.urls")),
    path("", include("pasaj.respond.urls")),
    path("", include("pasaj.policy.urls")),
    path("", include("pasaj.assess.urls")),
    path("", include("pasaj.collect.urls")),
    path("", include("pasaj.watch.urls")),
    path("", include("pasaj.registry.urls")),
    path("", include("pasaj.share.urls")),
    path("", include("pasaj.notify.urls")),
    path("", include("pasaj.access.urls")),
    # Addresses are changed by an administrator, who knows the person: allauth's own page is not offered.
    path("account/email/", RedirectView.as_view(pattern_name="access:account")),
    path("account/", include("allauth.urls")),
    path("api/v1/", api.urls),
]
