"""Files of figures: read through a mapping, compared with what stands, staged, and made visible by one flag.

The `Import` row is the job. Its observations are written in slices that nobody sees (their batch has no
`applied_at`); the last transaction sets that moment and writes the audit entry. Whatever happens before,
nothing is visible, and the next run sweeps what was left. One import at a time writes to a home: the
lock is the operating system's (or PostgreSQL's), so it ends with the process that holds it.
"""

from pasaj.watch.services.imports.mapping import read_mapping
from pasaj.watch.services.imports.opening import apply, cancel, folder, open_import, process, remove_files
from pasaj.watch.services.imports.running import run
from pasaj.watch.services.imports.sweeping import Busy, alone, sweep, sweep_others

__all__ = [
    "Busy",
    "alone",
    "apply",
    "cancel",
    "folder",
    "open_import",
    "process",
    "read_mapping",
    "remove_files",
    "run",
    "sweep",
    "sweep_others",
]
