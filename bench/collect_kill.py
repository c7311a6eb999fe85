"""What was acknowledged is there after `kill -9`: every process of the server, at random moments, under load.

    python bench/collect_kill.py [--kills 20] [--phones 20] [--seed 1]

Phones send reports with a picture until each is acknowledged, as ODK Collect does. At the end every acknowledged
report must be there with the very bytes that were sent, once, and nothing else.
"""

import argparse
import asyncio
import contextlib
import hashlib
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from collect import QUESTIONS, Server, prepare, stored
from collect_load import Phone, filled


def kill(server: Server) -> int:
    """SIGKILL to the server and all its children. Returns how many processes that were."""
    assert server.process is not None
    pids = [server.process.pid, *server.web_processes()]
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.process.wait()
    return len(pids)


async def sending(phone: Phone, number: int, done: asyncio.Event, sent: dict, tries: list[int]) -> None:
    """Report after report, each again and again until it is acknowledged; the last one too."""
    at = 0
    while not done.is_set():
        instance = f"uuid:{number}-{at}"
        picture = random.Random(instance).randbytes(40_000)
        xml = filled(instance, QUESTIONS, ["a.jpg"])
        while True:
            tries[0] += 1
            try:
                status = await phone.send(xml, {"a.jpg": picture})
            except OSError:
                phone.idle.clear()
                await asyncio.sleep(0.1)
                continue
            if status in {201, 202}:
                break
            tries[1] += 1
            await asyncio.sleep(0.2)
        sent[instance] = (hashlib.sha256(xml).hexdigest(), hashlib.sha256(picture).hexdigest())
        at += 1


async def run(server: Server, tokens: list[str], kills: int, seed: int) -> tuple[dict, list[int]]:
    rng, done, sent, tries = random.Random(seed), asyncio.Event(), {}, [0, 0]
    phones = [Phone("127.0.0.1", server.port, token, f"collect:{at}") for at, token in enumerate(tokens)]
    tasks = [asyncio.create_task(sending(one, at, done, sent, tries)) for at, one in enumerate(phones)]
    for moment in range(kills):
        await asyncio.sleep(rng.uniform(0.5, 3.0))
        killed = kill(server)
        print(f"kill {moment + 1:>2}: {killed} processes, {len(sent)} reports acknowledged so far", flush=True)
        await asyncio.to_thread(server.start)
    await asyncio.sleep(1)
    done.set()
    await asyncio.gather(*tasks)
    return sent, tries


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--phones", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pasaj-kill-") as folder:
        home = Path(folder, "home")
        server = Server(home, 2)
        tokens = prepare(home, keys=chosen.phones, forms=1)
        server.start()
        try:
            sent, tries = asyncio.run(run(server, tokens, chosen.kills, chosen.seed))
        finally:
            server.stop()
        found = stored(home)
    lost = [name for name, (xml, _picture) in sent.items() if found["xml"].get(name) != xml]
    lost += [name for name, (_xml, picture) in sent.items() if found["files"].get(f"{name}/a.jpg") != picture]
    strange = found["xml"].keys() - sent.keys()
    doubles = found["submissions"] - len(found["xml"])
    print(
        f"\n{chosen.kills} kills in {time.monotonic() - begun:.0f} s, {tries[0]} requests ({tries[1]} refused), "
        f"{len(sent)} acknowledged\nlost {len(lost)}, never acknowledged {len(strange)}, duplicates {doubles}, "
        f"broken files {found['broken']}, orphans {found['orphans']} "
        f"(swept {found['swept']}), log sound: {found['log']}"
    )
    return 1 if lost or strange or doubles or found["broken"] or found["orphans"] or not found["log"] else 0


if __name__ == "__main__":
    sys.exit(main())
