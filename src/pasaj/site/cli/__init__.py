"""The command line. Its commands and flags are stable: scripts outside the repository call them."""

from pasaj.site.cli.main import main

__all__ = ["main"]
