"""Take the README's pictures anew: `make screenshots`. Everybody in them is drawn."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs" / "images"
WINDOW = {"width": 1180, "height": 780}
PHONE = {"width": 390, "height": 780}
SETTLED = "main:is([data-state=accepted], [data-state=rejected])"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        from tests.running import Running

        site = Running(
            "serve", "--port", "0", DATA_DIR=place, ENV_FILE=os.devnull, DETECTOR="local"
        )
        try:
            address = site.wait_for("emojicheck is ready on ").rsplit(" ", 1)[1]
            chromium = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                args=["--no-sandbox"],
            )
            _take_all(chromium, address)
        finally:
            site.stop()


def _take_all(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport=WINDOW)  # type: ignore[arg-type]
    page.goto(address)
    _take(page, "home")
    for sample, name in (("ok", "accepted"), ("hand-near-face", "rejected")):
        _judge(page, address, sample)
        _take(page, name)
    phone = chromium.new_page(
        viewport=PHONE,  # type: ignore[arg-type]
        locale="zh-CN",
        color_scheme="dark",
        device_scale_factor=2,
    )
    _judge(phone, address, "head-tilted")
    _take(phone, "phone-zh")


def _judge(page: Page, address: str, sample: str) -> None:
    page.goto(address)
    page.click(f"button[value={sample}]")
    page.wait_for_selector(SETTLED, timeout=60_000)
    page.wait_for_load_state("networkidle")


def _take(page: Page, name: str) -> None:
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        # 256 colours are enough for a README and weigh a third.
        few = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
