"""Make the sample photos from the drawings anew: `python -m tests.browser.samples`.

With Chromium, because other renderers shade differently, and then the local check sees other faces.
"""

from __future__ import annotations

import base64
import io
import os

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from emojicheck.presentation.samples import SAMPLES

from .screenshots import ROOT

SIDE_PIXELS = 1024
QUALITY = 92
"""A JPEG is what a photo becomes anyway, and a quarter of the PNG's weight."""


def main() -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox"],
        )
        page = chromium.new_page(viewport={"width": SIDE_PIXELS, "height": SIDE_PIXELS})
        for sample in SAMPLES.values():
            drawing = (ROOT / "static" / sample.drawing).read_bytes()
            photo = _photographed(page, drawing)
            photo.save(
                ROOT / "static" / sample.photo, quality=QUALITY, subsampling=0, optimize=True
            )
        chromium.close()


def _photographed(page: Page, drawing: bytes) -> Image.Image:
    page.set_content(
        f"<style>*{{margin:0}} img{{display:block;width:{SIDE_PIXELS}px}}</style>"
        f'<img src="data:image/svg+xml;base64,{base64.b64encode(drawing).decode()}">'
    )
    page.wait_for_function("document.images[0].complete")
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        return picture.convert("RGB")


if __name__ == "__main__":
    main()
