"""How every page is looked at: wide and narrow, light and dark, by axe and by its width."""

import os
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
# Every width and every scheme at least once, without the product of both.
SCREENS: tuple[tuple[int, Scheme], ...] = ((1280, "light"), (1280, "dark"), (390, "dark"))
_HEIGHT = 844
_BUSY = ".htmx-request, .htmx-swapping, .htmx-settling"


def look(page: Page, address: str) -> None:
    """Open this page and examine it, once what it asks for by itself is there."""
    page.goto(address)
    page.wait_for_function(f"!document.querySelector('{_BUSY}')")
    examine(page)


def examine(page: Page) -> None:
    """Complain of what axe finds, and of a page that is wider than the screen, on each screen.

    With SCREENSHOTS set to a folder, a picture of each is left there for a person to look at.
    """
    for width, scheme in SCREENS:
        page.set_viewport_size({"width": width, "height": _HEIGHT})
        # Without motion: a colour on its way from light to dark has a contrast of its own.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        picture(page, f"{width}-{scheme}")
        assert complaints(page) == [], (page.url, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url


def complaints(page: Page) -> list[Any]:
    """What axe has to say of the page as it is now: the rule and the first place of each."""
    found = Axe().run(page).response["violations"]
    return [(item["id"], item["nodes"][0]["html"]) for item in found]


def picture(page: Page, name: str) -> None:
    if not (folder := os.environ.get("SCREENSHOTS")):
        return
    path = page.evaluate("location.pathname + location.search").strip("/").replace("/", "_")
    page.screenshot(path=str(Path(folder) / f"{path}-{name}.png"), full_page=True)
