"""From a submission to figures and events: after it was stored, once, and again whenever it is edited.

The rows say what is left to do (`processing = waiting`); doing it twice changes nothing. What cannot be
used becomes a failed outcome with its reason, in the tray, and never costs the rest of the report.
"""

from pasaj.collect.services.meaning.admitting import free_texts
from pasaj.collect.services.meaning.checking import evaluate
from pasaj.collect.services.meaning.processing import process, process_waiting, retry, take_back

__all__ = ["evaluate", "free_texts", "process", "process_waiting", "retry", "take_back"]
