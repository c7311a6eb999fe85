"""Detection: what is unusual, silent, contradictory or over capacity, written down as signals."""

from pasaj.watch.services.detection.runs import cancel, open_run, run

__all__ = ["cancel", "open_run", "run"]
