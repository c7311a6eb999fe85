"""Forms, who may send them, what was sent, and what became of it."""

from pasaj.collect.models.forms import Form, FormDefinition, FormUpload, FormVersion, MediaFile, Waiver
from pasaj.collect.models.senders import AppUser, AppUserRight, Device
from pasaj.collect.models.submissions import (
    Attachment,
    Check,
    Message,
    Outcome,
    Redaction,
    ReviewEvent,
    Submission,
    SubmissionBody,
    SubmissionVersion,
)

__all__ = [
    "AppUser",
    "AppUserRight",
    "Attachment",
    "Check",
    "Device",
    "Form",
    "FormDefinition",
    "FormUpload",
    "FormVersion",
    "MediaFile",
    "Message",
    "Outcome",
    "Redaction",
    "ReviewEvent",
    "Submission",
    "SubmissionBody",
    "SubmissionVersion",
    "Waiver",
]
