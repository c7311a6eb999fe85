"""`pasaj serve`, `pasaj work` and `pasaj demo`."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from pasaj.core.problems import Refused, problem
from pasaj.site.cli import ground, tell
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.site.demo import Login

MOST_WORKERS = 2  # by default: each web process holds about 90 MB


@click.command(epilog="Example: pasaj serve --port 8080 --workers 4")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Port. [default: 8000, or the next free one]")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Web processes. [default: 1 or 2]")
def serve(host: str, port: int | None, workers: int | None) -> None:
    """Serve the pages and do the background work, until Ctrl-C."""
    found = ground.open_home()

    from pasaj.site.serve import is_loopback

    ground.check_guards()
    if found.demo and not is_loopback(host):
        raise Refused(problem("CLI-005", host=host))
    start_server(host=host, port=port, workers=workers)


def start_server(*, host: str, port: int | None, workers: int | None) -> None:
    """Blocks until a signal ends it. Raises Refused: CLI-001, CLI-021, CLI-026."""
    from django.conf import settings
    from django.db import connections

    from pasaj.site import serve as server

    host = "127.0.0.1" if host == "localhost" else host
    held, chosen = server.reserve(host, port)
    if port is None:
        _say_taken(chosen)
    url = server.address(host, chosen)
    if not server.is_loopback(host) and len(settings.ALLOWED_HOSTS) == 3:
        tell.say(_("Set PASAJ_HOSTS to the names this server is called by: other names are refused."))
    server.remember_address(settings.PASAJ_HOME, url)
    connections.close_all()  # the web processes start as copies of this one

    # The text is made here: another thread would speak the default language.
    line = _("Pasaj: {url}  (Ctrl-C ends it)").format(url=settings.PASAJ_URL or url)
    with held:
        server.serve(
            host=host,
            port=chosen,
            workers=workers or min(MOST_WORKERS, os.cpu_count() or 1),
            started=lambda: tell.say(line),
        )


@click.command(epilog="Example: pasaj work")
def work() -> None:
    """Do the background work only: beside web servers on other machines, or for catching up.

    Runs an urgent and a slow worker and what falls due, until Ctrl-C.
    """
    ground.open_home()
    ground.check_guards()

    from django.db import connections

    from pasaj.site import worker

    connections.close_all()
    worker.supervise()


@click.command(epilog="Example: PASAJ_HOME=/tmp/demo pasaj demo --port 8080")
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Port. [default: 8000, or the next free one]")
@click.option("--no-serve", is_flag=True, help="Prepare the demonstration and print the logins, but do not serve.")
def demo(port: int | None, no_serve: bool) -> None:
    """Show Pasaj with a demonstration year: published figures, simulated daily counts, six logins.

    Only on this machine. Interrupt it whenever you like: the next run goes on where it stopped,
    and a later run reuses the home and gives the six accounts fresh passwords.
    """
    ground.start()

    from pasaj.site import demo as demonstration
    from pasaj.site import serve as server

    if port is not None:
        server.reserve("127.0.0.1", port)[0].close()  # say so before the long part
    with ground.alone():
        # Not the name of whoever runs the command: these figures are nobody's.
        made = demonstration.prepare(actor=replace(ground.actor(), label=_("Demonstration")))
    ground.open_home()
    _print_logins(made.logins)
    if no_serve:
        _print_key(made.key, port or server.DEFAULT_PORT)
        tell.say(_("Start it with: pasaj serve"))
        return
    held, chosen = server.reserve("127.0.0.1", port)
    held.close()
    if port is None:
        _say_taken(chosen)
    _print_key(made.key, chosen)
    # A fresh process: the web processes are copies of it, and simulation loaded much that they never need.
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pasaj", "serve", "--port", str(chosen)])  # noqa: S606 - our own program


def _print_logins(logins: list[Login]) -> None:
    tell.say("")
    tell.table(
        (_("Role"), _("E-mail"), _("Password")),
        [(login.role, login.email, login.password) for login in logins],
    )
    tell.say("")


def _print_key(path: str, port: int) -> None:
    """Where the officer of the open key stands: what is sent from there arrives like that of a phone."""
    from django.conf import settings

    from pasaj.site import serve as server

    if path:
        url = settings.PASAJ_URL or server.address("127.0.0.1", port)
        tell.say(_("The phone of an officer (send a report from it): {url}").format(url=f"{url}{path}"))
        tell.say("")


def _say_taken(chosen: int) -> None:
    """When nobody asked for a port and the usual one is somebody else's."""
    from pasaj.site import serve as server

    if chosen != server.DEFAULT_PORT:
        tell.say(_("Port {taken} is taken: using {chosen}.").format(taken=server.DEFAULT_PORT, chosen=chosen))
