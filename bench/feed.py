"""What a feed of 1,000 alerts costs: `python bench/feed.py [ROUNDS]`.

Real requests through the whole stack of the site, in process: with the ETag of the feed (the usual question of a
subscriber), and without (the feed itself, up to 900 kB). Prints p50 and p95 in ms, the growth from 100 alerts to
1,000, and the machine's load.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

os.environ["PASAJ_HOME"] = tempfile.mkdtemp(prefix="pasaj-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))


def main(rounds: int) -> None:
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    import make  # noqa: PLC0415

    home = make.country().home
    home.clock_at = make.NOW
    home.save()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {rounds} rounds")
    print(f"{'alerts':>7} {'kB':>6} {'304 p50':>8} {'304 p95':>8} {'200 p50':>8} {'200 p95':>8}")
    made, found = 0, {}
    for count in (100, 1000):
        publish(made, count, make.NOW)
        made = count
        client = Client()
        first = client.get("/feeds/alerts.atom")
        assert first.status_code == 200
        same = times(rounds, lambda client=client, tag=first["ETag"]: ask(client, 304, tag))
        whole = times(rounds, lambda client=client: ask(client, 200, ""))
        found[count] = (same, whole)
        print(f"{count:7} {len(first.content) / 1000:6.0f} " + " ".join(f"{one:8.1f}" for one in (*same, *whole)))
    print("growth of p50, ten times the alerts: " + ", ".join(
        f"{name} x{found[1000][at][0] / found[100][at][0]:.1f}" for at, name in enumerate(("304", "200"))
    ))  # fmt: skip


def ask(client: object, status: int, tag: str) -> None:
    answer = client.get("/feeds/alerts.atom", headers={"If-None-Match": tag} if tag else {})  # type: ignore[attr-defined]
    assert answer.status_code == status


def times(rounds: int, work: object) -> tuple[float, float]:
    """p50 and p95 in ms."""
    took = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()  # type: ignore[operator]
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


def publish(start: int, end: int, now: object) -> None:
    from pasaj.respond.models import Alert, AlertMessage  # noqa: PLC0415

    for number in range(start, end):
        sent_at = now - timedelta(minutes=number)  # type: ignore[operator]
        alert = Alert.objects.create(
            code=f"AL-2025-{number:04}", hazard="flood", state="published", created_at=sent_at, recorded_at=sent_at
        )
        xml = f"<alert>{number}</alert>"
        text = {"headline": f"Crue de la rivière {number}", "description": "La rivière monte. " * 20}
        AlertMessage.objects.create(
            alert=alert, number=1, identifier=f"{alert.code}-1", sender="cell@example.org", type="Alert",
            state="published", scope="Public", urgency="Immediate", severity="severe", certainty="Likely", xml=xml,
            sha256=hashlib.sha256(xml.encode()).hexdigest(), texts=dict.fromkeys(("fr", "ht", "en", "es"), text),
            expires_at=sent_at + timedelta(days=2), sent_at=sent_at, created_at=sent_at, published_real_at=sent_at,
        )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
