"""Browsers with a camera that shows what a test wants it to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser

from tests.portraits import Pixels, portrait

from .conftest import CHROMIUM

FRAMES_A_SECOND = 10
WIDTH, HEIGHT = 1280, 960


def scene(pixels: Pixels | None = None, *, turned: float = 0, size: float = 0.9) -> Pixels:
    """What a camera sees of somebody in front of a wall."""
    person = Image.fromarray(portrait() if pixels is None else pixels)
    person = person.resize((round(HEIGHT * size),) * 2).rotate(-turned, Image.Resampling.BICUBIC)
    wall = Image.new("RGB", (WIDTH, HEIGHT), (150, 150, 150))
    wall.paste(person, ((WIDTH - person.width) // 2, HEIGHT - person.height))
    return np.asarray(wall)


def film(path: Path, frames: Sequence[Pixels]) -> Path:
    """A film of these frames, in the format that Chromium's stand-in camera reads."""
    height, width = frames[0].shape[:2]
    with path.open("wb") as file:
        file.write(b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n" % (width, height, FRAMES_A_SECOND))
        for frame in frames:
            light, *colours = Image.fromarray(frame).convert("YCbCr").split()
            planes = [light.point(lambda value: 16 + value * 219 // 255)]  # as video counts
            for colour in colours:
                half = colour.resize((width // 2, height // 2))
                planes.append(half.point(lambda value: 16 + value * 224 // 255))
            file.write(b"FRAME\n" + b"".join(plane.tobytes() for plane in planes))
    return path


@contextmanager
def chromium_with_camera(browser: Browser, shows: Path | None, *more: str) -> Iterator[Browser]:
    """A second browser, whose stand-in camera plays a film again and again.

    Without a film there is a camera all the same, but nobody allows it.
    """
    arguments = ["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", *more]
    if shows:
        arguments += [
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={shows}",
        ]
    other = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    yield other
    other.close()
