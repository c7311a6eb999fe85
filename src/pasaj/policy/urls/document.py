from __future__ import annotations

from django.urls import path

from pasaj.policy.views import clauses, document, suggestions

urlpatterns = [
    path("policy/<str:code>/document/", document.document, name="document"),
    path("policy/<str:code>/document/start", document.document_start, name="document-start"),
    path("policy/<str:code>/document/new", document.clause_new, name="clause-new"),
    path("policy/<str:code>/terms/", document.terms, name="terms"),
    path("policy/clauses/<str:code>/", clauses.clause, name="clause"),
    path("policy/clauses/<str:code>/edit", clauses.clause_edit, name="clause-edit"),
    path("policy/clauses/<str:code>/act", clauses.clause_act, name="clause-act"),
    path("policy/clauses/<str:code>/confirm", clauses.clause_confirm, name="clause-confirm"),
    path("policy/clauses/<str:code>/realise", clauses.clause_realise, name="clause-realise"),
    path("policy/clauses/<str:code>/compare/", clauses.clause_compare, name="clause-compare"),
    path("policy/clauses/<str:code>/suggest", suggestions.suggestion_new, name="suggestion-new"),
    path("policy/suggestions/<str:code>", suggestions.suggestion_act, name="suggestion-act"),
]
