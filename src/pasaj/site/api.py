"""`/api/v1`: what the pages show, for programs. Described by `/api/v1/openapi.json`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from pasaj.access.api import auth
from pasaj.access.queries import say
from pasaj.assess.api import router as assess
from pasaj.collect.api import router as collect
from pasaj.core.problems import Refused
from pasaj.evidence.api import router as evidence
from pasaj.notify.api import router as notify
from pasaj.policy.api import router as policy
from pasaj.registry.api import router as registry
from pasaj.respond.api import router as respond
from pasaj.watch.api import router as watch

api = NinjaAPI(title="Pasaj", version="1", auth=auth, docs_url=None, urls_namespace="api")
api.add_router("", registry)
api.add_router("", evidence)
api.add_router("", watch)
api.add_router("", collect)
api.add_router("", assess)
api.add_router("", notify)
api.add_router("", respond)
api.add_router("", policy)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused | type[Refused]) -> HttpResponse:
    problems: list[dict[str, Any]] = []
    status = 422
    for problem in getattr(error, "problems", ()):
        said = say(problem)
        status = problem.kind.status
        problems.append({"code": said.code, "text": said.text, "remedy": said.remedy, "place": said.place})
    return api.create_response(request, {"problems": problems}, status=status)
