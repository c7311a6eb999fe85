"""The demonstration: a simulated year, reports, signals, six logins. What it shows stands in the pack's demo.toml."""

from pasaj.site.demo.people import Login
from pasaj.site.demo.prepare import Prepared, prepare

__all__ = ["Login", "Prepared", "prepare"]
