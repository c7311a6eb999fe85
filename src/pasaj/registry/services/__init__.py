"""Verbs of the registry."""

from pasaj.registry.services.codes import next_code, next_number

__all__ = ["next_code", "next_number"]
