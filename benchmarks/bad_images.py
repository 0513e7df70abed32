"""Two thousand bad images through the form of a real site, with an eye on its memory.

`python -m benchmarks.bad_images` ends with status 1 if any answer was an error of ours, or anything
but a portrait or a refusal in words; if less than a third was refused (the images were not bad
then); if a process died, a portrait got no verdict, a refused file left a row or a file behind, or
a process was not seen or grew above the ceiling in docs/security.md.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

from tests.bad_images import bad_images
from tests.running import Running, children_of

from .visitors import Record, Visitor, serving

CEILINGS_MB = {"serve": 600, "worker": 800, "decoder": 1_200, "prune": 200, "hints": 400}
"""Resident memory of each process, as docs/security.md promises it."""
LOOK_SECONDS = 0.05
SETTLE_SECONDS = 300


def send_all(address: str, images: SimpleQueue[bytes], record: Record) -> None:
    visitor = Visitor(address, record)
    while True:
        try:
            image = images.get_nowait()
        except Empty:
            return
        if page := visitor.upload(image):
            record.portraits[page] = ""


@contextmanager
def watching(site: Running, peaks: dict[str, float]) -> Iterator[None]:
    """Note the highest resident memory of each kind of process."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(LOOK_SECONDS):
            for pid, kind in _processes(site):
                peaks[kind] = max(peaks.get(kind, 0.0), _resident_mb(pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _lasting(site: Running) -> dict[str, list[int]]:
    """The processes that are not to die."""
    return {kind: pids for kind, pids in children_of(site.process.pid).items() if kind != "prune"}


def _processes(site: Running) -> Iterator[tuple[int, str]]:
    for kind, pids in children_of(site.process.pid).items():
        for pid in pids:
            yield pid, kind
            for decoder in _children(pid):
                yield decoder, "decoder"


def _children(pid: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(child) for task in tasks for child in task.read_text().split()]
    except OSError:
        return []


def _resident_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    highest = [line for line in lines if line.startswith("VmHWM")]
    return int(highest[0].split()[1]) / 1024 if highest else 0.0


def settled(visitor: Visitor) -> dict[str, int]:
    """Portraits by state, once workers have nothing left to do, or after long enough."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        metrics = visitor.read("/metrics")
        found = re.findall(r'^emojicheck_portraits\{state="(\w+)"\} (\d+)$', metrics, re.MULTILINE)
        states = {state: int(number) for state, number in found}
        if not (states["waiting"] or states["judging"]) or time.monotonic() > deadline:
            return states
        time.sleep(1)


def measure(site: Running, address: str, place: str, options: argparse.Namespace) -> bool:
    images: SimpleQueue[bytes] = SimpleQueue()
    for image in bad_images(options.images, seed=options.seed):
        images.put(image)
    record, peaks = Record(), {}
    before = _lasting(site)
    started = time.monotonic()
    with watching(site, peaks):
        threads = [
            threading.Thread(target=send_all, args=(address, images, record))
            for _ in range(options.threads)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        states = settled(Visitor(address, Record()))
    seconds = time.monotonic() - started
    after = _lasting(site)
    files = [path for path in (Path(place) / "files").rglob("*") if path.is_file()]
    print(f"images {options.images}, seed {options.seed}, {seconds:.0f} s")
    print(f"answers to uploads {dict(record.answers)}, broken {len(record.broken)}")
    print(f"portraits taken {len(record.portraits)}: {states}; files {len(files)}")
    print("memory (MB): " + ", ".join(f"{kind} {peak:.0f}" for kind, peak in peaks.items()))
    for line in [*record.errors, *record.broken][:10]:
        print("  ", line)
    taken, answers = len(record.portraits), record.answers
    held = {
        "each is a portrait or a refusal": not (record.errors or record.broken)
        and set(answers) <= {303, 422}
        and answers.total() == options.images
        and answers[303] == taken,
        "many are refused": answers[422] > options.images / 3,
        "each portrait has a verdict": states["accepted"] + states["rejected"] == taken,
        "nothing else is left": sum(states.values()) == taken and len(files) == 2 * taken,
        "nothing died": before == after and {"serve", "worker"} <= before.keys(),
        "memory": {"serve", "worker", "decoder"} <= peaks.keys()
        and all(peak <= CEILINGS_MB.get(kind, 0) for kind, peak in peaks.items()),
    }
    for promise, is_held in held.items():
        print(f"{promise}: {'yes' if is_held else 'NO'}")
    return all(held.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, serving(place) as (site, address):
        good = measure(site, address, place, options)
        if not good:
            print("\n".join(line for line in site.lines if "ERROR" in line or "ended" in line))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
