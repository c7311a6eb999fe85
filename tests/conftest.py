"""What every test may ask for: a small country, a cast, and clients signed in as each of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import make
import pytest
from access.lifting import flush_with_guards_lifted
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, settings

# How long an example takes says more about the machine than about the code.
settings.register_profile("pasaj", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pasaj")


@pytest.fixture(autouse=True, scope="session")
def guards_lift_for_flush() -> None:
    flush_with_guards_lifted()


@pytest.fixture(autouse=True)
def no_rate_limit_left_over() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def no_language_left_over() -> Iterator[None]:
    """A request leaves its language to the thread that answered it: here, to the tests that follow."""
    yield
    translation.deactivate()


@pytest.fixture
def country(db: None) -> make.Country:
    return make.country()


@pytest.fixture
def cast(country: make.Country) -> make.Cast:
    """chief of a post, duty officer, second approver, analyst, partner of another institution, stranger."""
    return make.cast(country)


@pytest.fixture
def as_(cast: make.Cast) -> Callable[[str], Client]:
    """`as_("duty").get("/")`: a client signed in as one of the cast."""

    def client(who: str) -> Client:
        made = Client()
        made.force_login(cast.account(who))
        return made

    return client


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """`at_once(save, detect)`: each in a thread with a connection of its own, begun together; what they answer.

    The first error is raised.
    """

    def run(*works: Callable[[], Any]) -> list[Any]:
        start = threading.Barrier(len(works))

        def closing(work: Callable[[], Any]) -> Any:
            try:
                start.wait()
                return work()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(works)) as pool:
            return [done.result() for done in [pool.submit(closing, work) for work in works]]

    return run


@pytest.fixture
def in_threads(at_once: Callable[..., list[Any]]) -> Callable[[Callable[[], None], int], None]:
    """The same work in several threads, as `at_once` runs it."""

    def run(work: Callable[[], None], number: int) -> None:
        at_once(*[work] * number)

    return run


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With PASAJ_ONLY_DATABASE: only the tests that ask for the database, for a second run on another one."""
    if not os.environ.get("PASAJ_ONLY_DATABASE"):
        return
    asking = [one for one in items if _asks_for_the_database(one)]
    config.hook.pytest_deselected(items=[one for one in items if not _asks_for_the_database(one)])
    items[:] = asking


def _asks_for_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & {"db", "transactional_db"}) or item.get_closest_marker("django_db") is not None


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In CI a test for a browser, LibreOffice, Kannel or the vectors fails where it was skipped."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.skipped and os.environ.get("PASAJ_NO_SKIPS"):
        if any(item.get_closest_marker(name) for name in ("browser", "office", "vectors", "kannel")):
            report.outcome = "failed"
            report.longrepr = f"skipped where it must run: {report.longrepr}"
