"""Counts as they were reported, what the detectors said of them, and what happened at the border."""

from pasaj.watch.models.figures import Import, Observation, ObservationQuerySet, Work
from pasaj.watch.models.happenings import (
    CrossingStatus,
    Incident,
    IncidentQuantity,
    IncidentType,
    Reported,
    Revised,
    SilenceCall,
)
from pasaj.watch.models.measures import TOTAL, Cadence, Direction, Measure, Series, Source, Threshold
from pasaj.watch.models.signals import Answer, Backtest, Cluster, DetectionRun, Episode, Level, Signal, SignalEvent
from pasaj.watch.models.tombstones import Tombstone

__all__ = [
    "TOTAL",
    "Answer",
    "Backtest",
    "Cadence",
    "Cluster",
    "CrossingStatus",
    "DetectionRun",
    "Direction",
    "Episode",
    "Import",
    "Incident",
    "IncidentQuantity",
    "IncidentType",
    "Level",
    "Measure",
    "Observation",
    "ObservationQuerySet",
    "Reported",
    "Revised",
    "Series",
    "Signal",
    "SignalEvent",
    "SilenceCall",
    "Source",
    "Threshold",
    "Tombstone",
    "Work",
]
