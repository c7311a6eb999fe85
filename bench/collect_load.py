"""Phones made of asyncio: what many of them send and hear. Used by collect.py and collect_kill.py.

As a process of its own (`python bench/collect_load.py`) it reads a plan as JSON from standard input and
prints what it measured as JSON.
"""

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field

BOUNDARY = "pasajbench0123456789"


@dataclass
class Phone:
    """One key on one device, with the connections it keeps."""

    host: str
    port: int
    token: str
    device: str
    idle: list = field(default_factory=list)

    async def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, bytes]:
        """Status and body. Raises OSError when the server is gone."""
        reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection(self.host, self.port)
        head = (
            f"{method} /key/{self.token}/{path}?deviceID={self.device} HTTP/1.1\r\nHost: localhost\r\n"
            f"X-OpenRosa-Version: 1.0\r\nContent-Length: {len(body)}\r\n"
        )
        head += f"Content-Type: {kind}\r\n\r\n" if kind else "\r\n"
        try:
            writer.write(head.encode() + body)
            await writer.drain()
            status, length = 0, 0
            status = int((await reader.readline()).split()[1])
            while (line := await reader.readline()) not in {b"\r\n", b""}:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            answer = await reader.readexactly(length) if method != "HEAD" else b""
        except (IndexError, ValueError, asyncio.IncompleteReadError) as error:
            writer.close()
            raise OSError("the server went away") from error
        except BaseException:
            writer.close()
            raise
        self.idle.append((reader, writer))
        return status, answer

    async def send(self, xml: bytes, files: dict[str, bytes], incomplete: bool = False) -> int:
        parts = [
            ("xml_submission_file", "text/xml", xml),
            *((name, "image/jpeg", data) for name, data in files.items()),
        ]
        body = b"".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
            f"Content-Type: {kind}\r\n\r\n".encode()
            + data
            + b"\r\n"
            for name, kind, data in parts
        )
        if incomplete:
            body += (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n\r\nyes\r\n').encode()
        body += f"--{BOUNDARY}--\r\n".encode()
        return (await self.ask("POST", "submission", body, f"multipart/form-data; boundary={BOUNDARY}"))[0]


def filled(instance: str, questions: int, photos: list[str]) -> bytes:
    """About 6 kB with 250 questions, as ODK Central's own soak test sends."""
    answers = "".join(f"<q{at}>{at * 7919 % 9973}</q{at}>" for at in range(questions))
    pictures = "".join(f"<photo>{name}</photo>" for name in photos)
    return (
        f'<?xml version=\'1.0\' ?><data id="bench" version="1" xmlns:orx="http://openrosa.org/xforms">{answers}'
        f"{pictures}<orx:meta><orx:instanceID>{instance}</orx:instanceID></orx:meta></data>"
    ).encode()


@dataclass
class Told:
    """Statuses by number of times, seconds each answer took, and the ids that were acknowledged."""

    statuses: dict = field(default_factory=dict)
    seconds: list = field(default_factory=list)
    acknowledged: list = field(default_factory=list)

    def note(self, status: int, seconds: float, instance: str = "") -> None:
        self.statuses[str(status)] = self.statuses.get(str(status), 0) + 1
        self.seconds.append(seconds)
        if instance and status in {201, 202}:
            self.acknowledged.append(instance)


async def measured(told: Told, work, instance: str = "", begun: float = 0.0) -> None:
    begun = begun or time.monotonic()
    try:
        status = await work
    except OSError:
        status = 0
    told.note(status, time.monotonic() - begun, instance)


async def open_loop(phones: list[Phone], plan: dict, told: Told) -> None:
    """`rate` reports a second, sent at their moment whether or not earlier ones were answered."""
    begun, tasks = time.monotonic(), []
    for at in range(int(plan["rate"] * plan["seconds"])):
        moment = begun + at / plan["rate"]
        await asyncio.sleep(max(0.0, moment - time.monotonic()))
        instance = f"uuid:open-{at}"
        work = phones[at % len(phones)].send(filled(instance, plan["questions"], []), {})
        tasks.append(asyncio.create_task(measured(told, work, instance, moment)))
    await asyncio.gather(*tasks)


async def backlog(phones: list[Phone], plan: dict, told: Told) -> None:
    """Every phone comes back at once and sends what it gathered, one after the other, each after a HEAD."""

    async def empty(at: int, phone: Phone) -> None:
        for number in range(plan["each"]):
            instance = f"uuid:back-{at}-{number}"
            await phone.ask("HEAD", "submission")
            await measured(told, phone.send(filled(instance, plan["questions"], []), {}), instance)

    await asyncio.gather(*(empty(at, phone) for at, phone in enumerate(phones)))


async def pictures(phones: list[Phone], plan: dict, told: Told) -> None:
    """Every phone sends a report with one large picture, all at once."""

    async def one(at: int, phone: Phone) -> None:
        data = random.Random(at).randbytes(plan["bytes"])
        xml = filled(f"uuid:pic-{at}", plan["questions"], ["photo.jpg"])
        await measured(told, phone.send(xml, {"photo.jpg": data}), f"uuid:pic-{at}")

    await asyncio.gather(*(one(at, phone) for at, phone in enumerate(phones)))


async def lists(phones: list[Phone], plan: dict, told: Told) -> None:
    """Every phone asks for the list of forms, at `rate` a second."""
    begun, tasks = time.monotonic(), []

    async def one(phone: Phone) -> int:
        return (await phone.ask("GET", "formList"))[0]

    for at, phone in enumerate(phones):
        moment = begun + at / plan["rate"]
        await asyncio.sleep(max(0.0, moment - time.monotonic()))
        tasks.append(asyncio.create_task(measured(told, one(phone), begun=moment)))
    await asyncio.gather(*tasks)


async def thrice(phones: list[Phone], plan: dict, told: Told) -> None:
    """Each report three times at once, each time in two to four posts in an order of its own."""
    rng = random.Random(4)

    async def copy(phone: Phone, xml: bytes, posts: list[dict[str, bytes]], instance: str) -> None:
        for at, files in enumerate(posts):
            await measured(told, phone.send(xml, files, at + 1 < len(posts)), instance)

    for number in range(plan["reports"]):
        instance = f"uuid:thrice-{number}"
        names = [f"{at}.jpg" for at in range(4)]
        xml = filled(instance, plan["questions"], names)
        copies = []
        for _copy in range(3):
            order = rng.sample(names, len(names))
            posts = [{} for _post in range(rng.randint(2, 4))]
            for at, name in enumerate(order):
                posts[at % len(posts)][name] = f"{instance} {name}".encode() * 50
            copies.append(copy(phones[number % len(phones)], xml, posts, instance))
        await asyncio.gather(*copies)


MODES = {"open": open_loop, "backlog": backlog, "pictures": pictures, "lists": lists, "thrice": thrice}


async def run(plan: dict) -> Told:
    told = Told()
    phones = [Phone("127.0.0.1", plan["port"], token, f"collect:{at}") for at, token in enumerate(plan["tokens"])]
    await MODES[plan["mode"]](phones, plan, told)
    for phone in phones:
        for _reader, writer in phone.idle:
            writer.close()
    return told


def main() -> int:
    plan = json.load(sys.stdin)
    begun = time.monotonic()
    told = asyncio.run(run(plan))
    json.dump(
        {
            "statuses": told.statuses,
            "seconds": told.seconds,
            "acknowledged": told.acknowledged,
            "took": time.monotonic() - begun,
        },
        sys.stdout,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
