from __future__ import annotations

from django.urls import path

from pasaj.collect.views import (
    files,
    manage,
    openrosa,
    phones,
    protocols,
    redactions,
    sender,
    submissions,
    web,
    webforms,
)

app_name = "collect"


def of_phones(prefix: str, name: str) -> list[object]:
    """The OpenRosa addresses below a prefix. Exactly these: a redirect to another one would break the app."""
    return [
        path(f"{prefix}/formList", openrosa.form_list, name=f"{name}-form-list"),
        path(f"{prefix}/submission", openrosa.submission, name=f"{name}-submission"),
        path(f"{prefix}/forms/<int:version>.xml", openrosa.form_xml, name=f"{name}-form-xml"),
        path(f"{prefix}/forms/<int:version>/manifest", openrosa.manifest, name=f"{name}-manifest"),
        path(f"{prefix}/forms/<int:version>/media/<str:name>", openrosa.form_media, name=f"{name}-form-media"),
        path(f"{prefix}/receipts/<path:instance_id>", openrosa.receipt, name=f"{name}-receipt"),
    ]


# Answered before any page's middleware: see site.middleware.PhonesMiddleware.
openrosa_patterns = [*of_phones("key/<str:token>", "key"), *of_phones("openrosa", "basic")]

urlpatterns = [
    *openrosa_patterns,
    path("collect/phones/", phones.phone_list, name="phone-list"),
    path("collect/phones/new", phones.phone_new, name="phone-new"),
    path("collect/phones/<str:code>/revoke", phones.phone_revoke, name="phone-revoke"),
    path("collect/devices/<int:pk>/decide", phones.device_decide, name="device-decide"),
    path("collect/forms/", manage.form_list, name="form-list"),
    path("collect/form-uploads/new", manage.form_upload, name="form-upload"),
    path("collect/form-uploads/<str:code>/", manage.form_upload_state, name="form-upload-state"),
    path("collect/forms/<str:form_id>/", manage.form, name="form"),
    path("collect/forms/<str:form_id>/publish/<int:number>", manage.form_publish, name="form-publish"),
    path("collect/forms/<str:form_id>/close", manage.form_close, name="form-close"),
    path("collect/forms/<str:form_id>/waivers", manage.form_waive, name="form-waive"),
    path("collect/forms/<str:form_id>/waivers/<int:pk>/end", manage.waiver_end, name="waiver-end"),
    path("collect/forms/<str:form_id>/files", manage.form_attach, name="form-attach"),
    path("collect/forms/<str:form_id>/source/<int:number>.xlsx", manage.form_source, name="form-source"),
    path("key/<str:token>/", sender.page, name="key-page"),  # answered as early as those
    path("collect/mine/", sender.mine, name="mine"),
    path("collect/submissions/", submissions.submission_list, name="submission-list"),
    path("collect/submissions/map.geojson", submissions.submission_map, name="submission-map"),
    path("collect/submissions/<str:receipt>/", submissions.submission, name="submission-page"),
    path("collect/submissions/<str:receipt>/act", submissions.submission_act, name="submission-act"),
    path("collect/submissions/<str:receipt>/files/<int:number>", submissions.attachment, name="attachment"),
    path("collect/tray/", submissions.tray, name="tray"),
    path("collect/activity/", submissions.activity, name="activity"),
    path("collect/exports/<str:form_id>.csv", files.export, {"suffix": "csv"}, name="export-csv"),
    path("collect/exports/<str:form_id>.xlsx", files.export, {"suffix": "xlsx"}, name="export-xlsx"),
    path("collect/submissions/<str:receipt>/redact", redactions.redaction, name="redaction"),
    path("collect/submissions/<str:receipt>/redact/confirm", redactions.redaction_confirm, name="redaction-confirm"),
    path("collect/submissions/<str:receipt>/redact/withdraw", redactions.redaction_withdraw, name="redaction-withdraw"),
    path("collect/submission", web.submission, name="submission"),
    path("collect/receipts/<path:instance_id>", web.receipt, name="receipt"),
    path("collect/forms/<str:form_id>/<str:version>.xml", web.form_xml, name="form-xml"),
    path("collect/forms/<str:form_id>/media/<str:name>", web.form_media, name="form-media"),
    path("collect/forms/<str:form_id>/fill/", webforms.fill, name="fill"),
    path("collect/outbox/", webforms.outbox, name="outbox"),
    path("collect/sw.js", webforms.worker, name="worker"),
    path("key/<str:token>/fill/<str:form_id>/", webforms.key_fill, name="key-fill"),
    path("key/<str:token>/outbox/", webforms.key_outbox, name="key-outbox"),
    path("key/<str:token>/sw.js", webforms.key_worker, name="key-worker"),
    path("collect/protocols/", protocols.protocol_list, name="protocol-list"),
    path("collect/protocols/<str:code>/", protocols.protocol, name="protocol"),
    path("collect/protocols/<str:code>/operations/", protocols.protocol_operations, name="protocol-operations"),
    path("collect/protocols/<str:code>/protocol.csv", protocols.protocol_csv, name="protocol-csv"),
]
