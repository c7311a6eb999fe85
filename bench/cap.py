"""2,000 generated valid alerts against every validator: `python bench/cap.py [COUNT]`.

Each has two to four languages, one to three areas, and is a first message, an update or a cancellation. All must
pass the OASIS schema, capvalidator with a signature, and our rules; reading back must give the same message. Prints
what one message costs in each step, the ratio of our check to capvalidator's in the same run, and the load.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from typing import Any

os.environ["PASAJ_HOME"] = tempfile.mkdtemp(prefix="pasaj-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pasaj.site.settings")

LANGUAGES = ("fr", "ht", "en", "es")
ZONE = timezone(timedelta(hours=-5))
BEGIN = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZONE)


def generated(number: int) -> Any:
    from pasaj.core import cap  # noqa: PLC0415

    luck = random.Random(number)
    sent = BEGIN + timedelta(minutes=number)
    earlier = cap.Reference("cell@example.org", f"AL-{number:05}-0", cap.timestamp(sent - timedelta(hours=1)))
    kind = luck.choice(("Alert", "Alert", "Update", "Cancel"))
    scope = luck.choice(("Public", "Restricted", "Private"))
    category = tuple(luck.sample(("Safety", "Health", "Transport", "Met"), luck.randint(1, 2)))
    places = [area(luck, at) for at in range(luck.randint(1, 3))]
    infos = tuple(
        cap.Info(
            language=language, category=category, event=f"Crue {language}", response_type=("Shelter",),
            urgency="Immediate", severity=luck.choice(("Severe", "Extreme")), certainty="Likely",
            effective=sent, onset=sent + timedelta(hours=luck.randint(0, 3)), expires=sent + timedelta(hours=24),
            sender_name="Cellule", headline=f"La rivière monte, è & < {language}",
            description="".join(luck.choice("abcdè éê<&’\n") for _ in range(400)) + language,
            instruction=f"Montez. {language}", web="https://example.org/a?b=c&d=e", contact="116",
            parameter=(cap.Pair("couleur", "rouge"),), area=tuple(places),
        )
        for language in luck.sample(LANGUAGES, luck.randint(2, 4))
    )  # fmt: skip
    return cap.Alert(
        identifier=f"AL-{number:05}-1", sender="cell@example.org", sent=sent,
        status=luck.choice(("Actual", "Exercise", "Test")), msg_type=kind, scope=scope,
        restriction="services" if scope == "Restricted" else "", note="EX-1",
        addresses=("a@example.org", "le bureau") if scope == "Private" else (),
        references=() if kind == "Alert" else (earlier,), info=infos,
    )  # fmt: skip


def area(luck: random.Random, at: int) -> Any:
    """A ring around a point, which never crosses itself, or a circle."""
    import math  # noqa: PLC0415

    from pasaj.core import cap  # noqa: PLC0415

    lat, lon, corners = 18 + luck.random(), -73 + luck.random(), luck.randint(3, 100)
    ring = [
        (round(lat + 0.3 * math.cos(6.283 * one / corners), 4), round(lon + 0.3 * math.sin(6.283 * one / corners), 4))
        for one in range(corners)
    ]
    return cap.Area(
        area_desc=f"Zone {at}", polygon=((*ring, ring[0]),) if at % 2 == 0 else (),
        circle=(cap.Circle(lat, lon, 5),) if at % 2 else (), geocode=(cap.Pair("pcode", f"HT0{at}"),),
    )  # fmt: skip


def main(count: int) -> None:
    import django  # noqa: PLC0415

    django.setup()
    import capvalidator  # noqa: PLC0415
    from lxml import etree  # noqa: PLC0415

    from pasaj.core import cap  # noqa: PLC0415
    from pasaj.respond.services import signing  # noqa: PLC0415

    schema = etree.XMLSchema(etree.fromstring((files("capvalidator") / "static/CAP-v1.2-schema.xsd").read_bytes()))
    key = signing.key()
    print(f"{count} alerts; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    alerts = [generated(number) for number in range(count)]
    plain = step("build", alerts, cap.build)
    signed = step("sign", plain, signing.sign)
    held = [
        step("OASIS schema alone (read once)", signed, lambda data: schema.validate(etree.fromstring(data))),
        step("capvalidator: schema", signed, lambda data: capvalidator.check_schema(data).passed),
        step("capvalidator: strict", signed, lambda data: capvalidator.validate_cap_message(data, strict=True).passed),
        step("our rules (check)", signed, lambda data: cap.check(data) == []),
        step("our signature (verify)", signed, lambda data: signing.verify(data, [key.fingerprint]).trusted),
    ]
    back = step("parse", signed, cap.parse)
    print(f"{sum(map(len, signed)) / count / 1000:.1f} kB a signed message")
    print(f"passed by each: {', '.join(str(sum(one)) for one in held)} of {count}; read back the same: "
          f"{sum(one == other for one, other in zip(alerts, back, strict=True))}")  # fmt: skip
    assert all(all(one) for one in held)
    assert back == alerts
    ratio = TOOK["our rules (check)"] / TOOK["capvalidator: schema"]
    print(f"our check against capvalidator's check of the schema: x{ratio:.2f}")


TOOK: dict[str, float] = {}


def step(name: str, given: list[Any], work: Callable[[Any], Any]) -> list[Any]:
    started = time.perf_counter()
    found = [work(one) for one in given]
    TOOK[name] = (time.perf_counter() - started) / len(given) * 1000
    print(f"{name:34} {TOOK[name]:8.2f} ms a message")
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
