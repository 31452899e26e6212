"""Draws the README's two pictures from a fresh demo; with a folder as argument also every main page, for people to look at."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from stage import Site, chromium, served

from badge_service.cli.demonstrate import demo

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
LEARNER, WAITING, TEACHER, LEAD = "Jelle Demo", "Tess Demo", "Tjitske Demo", "Lieke Demo"


def main(folder: Path | None) -> None:
    """Play, serve, draw."""
    with tempfile.TemporaryDirectory() as made:
        demo(["--no-serve", "--folder", f"{made}/demo"], standalone_mode=False)
        with served(Path(made) / "demo") as site, chromium() as browser:
            draw_for_readme(browser, site)
            if folder:
                draw_all(browser, site, folder)


def draw_for_readme(browser: Browser, site: Site) -> None:
    """One badge as its learner sees it, and as an employer's phone shows it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with window(browser, site, LEARNER, width=390, height=844, scale=2) as page:
        page.goto(f"{site.address}/badges")
        page.locator(".cards a").first.click()
        page.screenshot(path=PICTURES / "badge.png")
        shared = page.locator("#share-link").input_value()
    with window(browser, site, None, width=390, height=844, scale=2) as page:
        page.goto(shared)
        page.screenshot(path=PICTURES / "verdict.png")


def draw_all(browser: Browser, site: Site, folder: Path) -> None:
    """Every main page at two widths, light and dark, into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for person in (None, TEACHER, LEAD, LEARNER, WAITING):
        with window(browser, site, person, width=390) as page:
            places = dict(_places(page, site, person))
        for width in WIDTHS:
            for scheme in SCHEMES:
                with window(browser, site, person, width=width, scheme=scheme) as page:
                    for name, address in places.items():
                        page.goto(address)
                        page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)


@contextmanager
def window(
    browser: Browser,
    site: Site,
    person: str | None,
    *,
    width: int,
    height: int = 900,
    scale: int = 1,
    **options: Any,
) -> Iterator[Page]:
    """A browser window of this person (nobody: a stranger's)."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme=options.get("scheme", "light"),
        locale="en-GB",
    )
    page = context.new_page()
    if person:
        page.goto(f"{site.address}/demo")
        page.get_by_role("button", name=f"Be {person}").click()
    yield page
    context.close()


def _places(page: Page, site: Site, person: str | None) -> Iterator[tuple[str, str]]:
    if person is None:
        yield from _public(page, site)
    elif person == TEACHER:
        yield from _teaching(page, site)
    elif person == LEAD:
        yield from _defining(page, site)
    else:
        yield from _owning(page, site, "waiting" if person == WAITING else "learner")


def _public(page: Page, site: Site) -> Iterator[tuple[str, str]]:
    for path in (
        "",
        "catalogue",
        "alliances",
        "verify",
        "v",
        "claim",
        "sign-in",
        "about",
        "privacy",
        "demo",
        "demo/mail",
    ):
        yield path.replace("/", "-") or "front", f"{site.address}/{path}"
    page.goto(f"{site.address}/demo")
    yield "verdict", _link(page, site, "Open a badge as its QR code does")
    yield "closed-badge", f"{site.address}/credentials/there-is-nothing-here"
    page.goto(f"{site.address}/demo/mail")
    yield "mail", _link(page, site, None, "table a")
    page.goto(f"{site.address}/catalogue?text=willow")
    yield "definition", _link(page, site, None, ".cards a")
    page.goto(f"{site.address}/alliances")
    yield "alliance", _link(page, site, None, ".cards a")


def _teaching(page: Page, site: Site) -> Iterator[tuple[str, str]]:
    yield "teacher-home", f"{site.address}/"
    yield "workshops", f"{site.address}/workshops"
    yield "plan", f"{site.address}/workshops/new"
    page.goto(f"{site.address}/workshops")
    empty = _link(page, site, None, ".cards a")
    yield "workshop-empty", empty
    yield "enrol", f"{empty}/enrol"
    page.goto(f"{site.address}/workshops?show=past")
    full = _link(page, site, None, ".cards a")
    yield "workshop", full
    page.goto(full)
    matrix = _link(page, site, "Assess and award")
    yield "matrix", matrix
    yield "evidence", f"{matrix}/evidence"
    page.goto(matrix)
    batch = _link(page, site, None, "main a[href*='/awards/batches/']")
    yield "batch", batch
    page.goto(batch)
    yield "award", _link(page, site, None, "main a[href^='/awards/']:not([href*='batches'])")


def _defining(page: Page, site: Site) -> Iterator[tuple[str, str]]:
    yield "lead-home", f"{site.address}/"
    yield "definitions", f"{site.address}/definitions"
    yield "begin", f"{site.address}/definitions/new"


def _owning(page: Page, site: Site, name: str) -> Iterator[tuple[str, str]]:
    yield f"{name}-home", f"{site.address}/"
    yield f"{name}-shelf", f"{site.address}/badges"
    page.goto(f"{site.address}/badges")
    badge = _link(page, site, None, ".cards a")
    yield f"{name}-badge", badge
    if name == "learner":
        yield "linkedin", f"{badge}/linkedin"
        yield "account", f"{site.address}/account"
    else:
        page.goto(f"{site.address}/")
        yield "claim-page", _link(page, site, None, ".cards a[href*='/claim/']")


def _link(page: Page, site: Site, words: str | None, place: str = "main a") -> str:
    """The address of the first link at this place (with these words)."""
    found = page.locator(place, has_text=words) if words else page.locator(place)
    address = found.first.get_attribute("href") or ""
    return address if address.startswith("http") else site.address + address


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
