"""The README's pictures anew, and one page to look through all the others: `make screenshots`.

Everybody in the README's pictures is drawn. The others are taken by `take_screenshots`.
"""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs" / "images"
SIGHTS_FOLDER = ROOT / "build" / "screenshots"
VARIANTS = [
    f"{width}-{colours}-{language}"
    for width in (390, 1280)
    for colours in ("light", "dark")
    for language in ("en", "zh")
]
SHEET = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>emojicheck: everything there is to see</title>
<style>
  body { margin: 1rem; background: #777; color: #fff; font: 14px/1.4 sans-serif; }
  section { display: flex; gap: 8px; align-items: start; overflow-x: auto; margin-bottom: 2rem; }
  figure { margin: 0; }
  img { display: block; height: 560px; width: auto; background: #fff; }
  a { color: inherit; }
</style>
"""
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
    if SIGHTS_FOLDER.exists():
        print(f"Look through them at {contact_sheet().as_uri()}")  # noqa: T201


def contact_sheet() -> Path:
    """One page with all pictures, a row for each sight."""
    rows = [SHEET, f"<p>{', '.join(VARIANTS)}</p>"]
    for folder in sorted(place for place in SIGHTS_FOLDER.iterdir() if place.is_dir()):
        pictures = [f"{folder.name}/{variant}.png" for variant in VARIANTS]
        shots = [
            f'<figure><a href="{path}"><img src="{path}" alt="" loading="lazy"></a>'
            f"<figcaption>{Path(path).stem}</figcaption></figure>"
            for path in pictures
            if (SIGHTS_FOLDER / path).exists()
        ]
        rows.append(f"<h2>{folder.name}</h2><section>{''.join(shots)}</section>")
    sheet = SIGHTS_FOLDER / "index.html"
    sheet.write_text("\n".join(rows), encoding="utf-8")
    return sheet


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
