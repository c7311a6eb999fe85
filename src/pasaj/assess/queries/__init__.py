"""Questions about assessments. `in_use` is the way in for Python: a framework as plain values."""

from pasaj.assess.queries.frameworks import in_use

__all__ = ["in_use"]
