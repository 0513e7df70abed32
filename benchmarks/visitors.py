"""Forty people at once upload, wait and read while workers are killed at random.

`python -m benchmarks.visitors` starts a real site in a temporary folder. It ends with status 1 if
any answer was an error or a refusal, any portrait was lost, too few workers were killed to show
anything, or pages became slow: by the 95th percentile, more than five times as slow as for one
visitor who was alone just before.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import secrets
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.browser.faces import astronaut, jpeg
from tests.running import Running, children_of

POLL_SECONDS = 1.0
DRAIN_SECONDS = 180
WARM_READS = 100
"""Each thread of the server reads its templates once; that is not how long pages take."""
IDLE_READS = 200
SLOWER_AT_MOST = 5.0
SETTLED = {"accepted", "rejected", "failed"}


@dataclass(slots=True)
class Record:
    """What all visitors saw together."""

    statuses: Counter[int] = field(default_factory=Counter)
    reads: list[float] = field(default_factory=list)
    uploads: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    """To uploads."""
    portraits: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def serving(place: str, *arguments: str) -> Iterator[tuple[Running, str]]:
    """A real site in an empty folder, and its address."""
    database = Path(place) / "emojicheck.sqlite3"
    site = Running(
        *("serve", "--port", "0", *arguments),
        DATA_DIR=place,
        DATABASE_URL=f"sqlite:///{database}",
        MAX_WAITING="0",
    )
    try:
        yield site, site.wait_for("emojicheck is ready on ").rsplit(" ", 1)[1]
    finally:
        site.stop()


class Visitor:
    """A browser without script: cookies, one connection, forms with their tokens."""

    def __init__(self, address: str, record: Record) -> None:
        self.record = record
        self._host = urlsplit(address).netloc
        self._connection = http.client.HTTPConnection(self._host, timeout=60)
        self.cookies: dict[str, str] = {}

    def read(self, path: str) -> str:
        """A page, with the time it took on record."""
        started = time.monotonic()
        _status, _headers, body = self._ask("GET", path)
        self.record.reads.append(time.monotonic() - started)
        return body

    def upload(self, photo: bytes) -> str:
        """The address of the new portrait's page; empty when the photo was not taken."""
        page = self.read("/")
        fields = dict(
            re.findall(r'name="(csrfmiddlewaretoken|idempotency_key)" value="(.*?)"', page)
        )
        fields |= {"model": "emoji-detect-v1", "ratio": "1:1"}
        edge = secrets.token_hex(16)
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        parts.append(
            f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="me.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        )
        body = "".join(parts).encode() + photo + f"\r\n--{edge}--\r\n".encode()
        started = time.monotonic()
        status, headers, _body = self._ask(
            "POST", "/", body, {"Content-Type": f"multipart/form-data; boundary={edge}"}
        )
        self.record.uploads.append(time.monotonic() - started)
        self.record.answers[status] += 1
        return headers.get("Location", "") if status == 303 else ""

    def follow(self, page: str, until: float) -> str:
        """Look at a portrait's page until it is settled or the time is over."""
        state = ""
        while state not in SETTLED and time.monotonic() < until:
            time.sleep(POLL_SECONDS)
            found = re.search(r'data-state="(\w+)"', self.read(page))
            state = found.group(1) if found else "no page"
        return state

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, str], str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Cookie": cookies, "Referer": f"http://{self._host}/", **(headers or {})}
        try:
            self._connection.request(method, path, body, sent)
            reply = self._connection.getresponse()
            text = reply.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            self.record.broken.append(f"{method} {path}: {error!r}")
            return 0, {}, ""
        self.record.statuses[reply.status] += 1
        if reply.status >= 500:
            self.record.errors.append(f"{method} {path}: {reply.status}")
        for line in reply.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return reply.status, dict(reply.headers), text


def photos(number: int = 12) -> list[bytes]:
    """Portraits that differ a little: some pass, some do not."""
    face = astronaut().resize((900, 900))
    turned = (face.rotate(angle, fillcolor="white") for angle in range(number))
    return [jpeg(picture) for picture in turned]


def visit(address: str, record: Record, pictures: list[bytes], until: float, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (to be repeatable)
    visitor = Visitor(address, record)
    time.sleep(chance.uniform(0, POLL_SECONDS))
    while time.monotonic() < until:
        page = visitor.upload(chance.choice(pictures))
        if page:
            record.portraits[page] = ""  # lost, unless it gets a state
            record.portraits[page] = visitor.follow(page, until + DRAIN_SECONDS)
        for path in ("/portraits/", "/guide/", page or "/"):
            visitor.read(path)
            time.sleep(chance.uniform(0.2, 1.0))


@contextmanager
def killing(site: Running, every_seconds: float, kills: list[int]) -> Iterator[None]:
    """Kill one worker after the other, at random moments, without a warning."""
    done = threading.Event()

    def work() -> None:
        chance = random.Random(1)  # noqa: S311 (to be repeatable)
        while not done.wait(chance.uniform(0.5, 1.5) * every_seconds):
            if workers := children_of(site.process.pid).get("worker"):
                kills.append(chance.choice(workers))
                os.kill(kills[-1], signal.SIGKILL)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000


def idle(address: str, pictures: list[bytes]) -> float:
    """How long pages take one visitor who is alone, in milliseconds."""
    record = Record()
    visitor = Visitor(address, record)
    page = visitor.upload(pictures[0])
    visitor.follow(page, time.monotonic() + 60)
    for reads in (WARM_READS, IDLE_READS):
        record.reads.clear()
        for _ in range(reads // 5):
            for path in ("/", "/portraits/", "/guide/", page, page):
                visitor.read(path)
    return p95(record.reads)


def kept(address: str) -> Counter[str]:
    """Portraits by state, as the site itself counts them."""
    metrics = Visitor(address, Record()).read("/metrics")
    found = re.findall(r'^emojicheck_portraits\{state="(\w+)"\} (\d+)$', metrics, re.MULTILINE)
    return Counter({state: int(number) for state, number in found if int(number)})


def measure(address: str, site: Running, options: argparse.Namespace) -> bool:
    pictures = photos()
    alone = idle(address, pictures)
    record, kills = Record(), []
    until = time.monotonic() + options.seconds
    with killing(site, options.kill_every, kills):
        crowd = [
            threading.Thread(target=visit, args=(address, record, pictures, until, seed))
            for seed in range(options.visitors)
        ]
        for thread in crowd:
            thread.start()
        time.sleep(max(0.0, until - time.monotonic()))
        reads = list(record.reads)  # afterwards it becomes quiet
    for thread in crowd:
        thread.join()
    states = Counter(record.portraits.values())
    on_site = kept(address)
    crowded = p95(reads)
    print(f"visitors {options.visitors}, seconds {options.seconds:g}, workers killed {len(kills)}")
    print(f"answers {dict(sorted(record.statuses.items()))}, broken {len(record.broken)}")
    print(f"portraits {len(record.portraits)}: {dict(states)}; the site counts {dict(on_site)}")
    print(f"uploads: {len(record.uploads)}, p95 {p95(record.uploads):.0f} ms")
    print(f"reads: {len(reads)}, p95 {crowded:.0f} ms; alone {alone:.0f} ms", end="; ")
    print(f"{crowded / alone:.1f} times as slow")
    for line in [*record.errors, *record.broken][:10]:
        print("  ", line)
    lost = [page for page, state in record.portraits.items() if state not in SETTLED - {"failed"}]
    print(f"lost: {len(lost)} {lost[:5]}")
    held = {
        "no errors, nothing refused": not (record.errors or record.broken)
        and set(record.statuses) <= {200, 303}
        and set(record.answers) == {303},
        "nothing lost": not lost
        and len(record.portraits) == len(record.uploads)
        and on_site == states + Counter({"accepted": 1}),  # that of the visitor who was alone
        "workers killed": len(kills) >= options.seconds / options.kill_every / 2,
        "pages stay quick": crowded <= SLOWER_AT_MOST * alone,
    }
    for promise, is_held in held.items():
        print(f"{promise}: {'yes' if is_held else 'NO'}")
    return all(held.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kill-every", type=float, default=10, help="seconds, on average")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as place,
        serving(place, "--workers", str(options.workers)) as (site, address),
    ):
        good = measure(address, site, options)
        if not good:
            print("\n".join(line for line in site.lines if "Traceback" in line or "ERROR" in line))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
