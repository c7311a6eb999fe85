"""Detection: what is unusual, silent, contradictory or over capacity, written down as signals."""

from pasaj.watch.services.detection.replay import replay
from pasaj.watch.services.detection.runs import cancel, first_day, last_run, open_run, run

__all__ = ["cancel", "first_day", "last_run", "open_run", "replay", "run"]
