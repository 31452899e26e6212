"""The employer: scans a code or is sent a file, and reads in seconds whether it is real, whose it is and what it says."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFilter

from .stage import Site, Visitor

TITLE = "Willow Basket"


def fetched(visitor: Visitor, address: str) -> bytes:
    """A file that anybody may have."""
    answer = visitor.page.request.get(address)
    assert answer.status == 200, address
    return answer.body()


def check_file(employer: Visitor, path: Path) -> None:
    """Put a file into the check page and press the one button."""
    employer.go("/verify")
    employer.page.locator("input[type=file]").set_input_files(path)
    employer.click("Check it")
    employer.page.locator(".verdict").wait_for()


def verdict(employer: Visitor) -> str:
    """The word of the verdict on this page."""
    return employer.page.locator("h1").inner_text()


def photo_of(code: bytes) -> bytes:
    """The code as a phone sees it on a table: small, askew, not quite sharp, under a lamp."""
    square = Image.open(io.BytesIO(code)).convert("RGB").resize((420, 420))
    table = Image.new("RGB", (1200, 900), (171, 150, 122))
    table.paste(square, (380, 210))
    seen = table.rotate(7, resample=Image.Resampling.BICUBIC, fillcolor=(171, 150, 122))
    kept = io.BytesIO()
    seen.filter(ImageFilter.GaussianBlur(1.2)).save(kept, "JPEG", quality=70)
    return kept.getvalue()


def test_a_scanned_code_answers_in_words(somebody: Callable[..., Visitor], site: Site) -> None:
    employer = somebody()
    page = employer.page
    employer.go(site.example)
    assert verdict(employer) == "Genuine"
    page.get_by_text(re.compile(r"Issued to .+ Demo: compare with an ID")).wait_for()
    page.get_by_text("Known here as").wait_for()
    page.get_by_role("heading", name=TITLE).wait_for()
    page.get_by_role("heading", name="What this person can do").wait_for()
    assert page.locator(".eu-box dt").count() == 16
    employer.look("verdict")
    page.get_by_text("Technical details").click()
    page.get_by_text("did:web:").first.wait_for()
    employer.look("verdict with technical details")
    assert employer.context.cookies() == [], "a stranger is given no cookie for looking"
    page.get_by_role("link", name="All criteria and levels").click()
    page.get_by_role("heading", name=TITLE).first.wait_for()
    employer.look("public page of a definition")


def test_files_photos_and_pasted_text_are_answered_too(
    somebody: Callable[..., Visitor], site: Site, tmp_path: Path
) -> None:
    employer = somebody()
    page = employer.page
    share = site.example
    document = fetched(employer, f"{share}.json")
    files = {
        "badge.json": document,
        "badge.png": fetched(employer, f"{share}.png"),
        "badge.svg": fetched(employer, f"{share}.svg"),
        "photo.jpg": photo_of(fetched(employer, f"{share}/qr.png")),
    }
    employer.go("/verify")
    employer.look("check")
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        check_file(employer, tmp_path / name)
        assert verdict(employer) == "Genuine", name
        page.get_by_role("heading", name=TITLE).wait_for()
    employer.look("answer to a file")
    for text in (document.decode(), share):
        employer.go("/verify")
        page.locator("textarea").fill(text)
        employer.click("Check it")
        page.locator(".verdict").wait_for()
        assert verdict(employer) == "Genuine"


def test_a_changed_badge_is_not_valid_and_what_it_says_is_not_believed(
    somebody: Callable[..., Visitor], site: Site, tmp_path: Path
) -> None:
    employer = somebody()
    badge: dict[str, Any] = json.loads(fetched(employer, f"{site.example}.json"))
    badge["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"
    (tmp_path / "changed.json").write_text(json.dumps(badge))
    check_file(employer, tmp_path / "changed.json")
    assert verdict(employer) == "Not valid"
    assert "Issued to Somebody Else" not in employer.page.inner_text("main")
    employer.look("changed badge")


def test_nonsense_is_answered_with_what_to_do(
    somebody: Callable[..., Visitor], site: Site, tmp_path: Path
) -> None:
    employer = somebody()
    employer.go("/verify")
    employer.click("Check it")
    employer.page.get_by_role("alert").wait_for()
    employer.look("check without anything")
    employer.page.locator("textarea").fill("my CV")
    employer.click("Check it")
    employer.page.get_by_text("my CV").or_(employer.page.locator(".verdict, .complaints")).first.wait_for()
    employer.look("check of nonsense")
    employer.go(f"/credentials/{'x' * 22}")
    employer.page.get_by_role("heading", name="There is no open badge at this address").wait_for()
    employer.look("no open badge")


def test_a_withdrawn_badge_is_told_within_the_minute(somebody: Callable[..., Visitor], site: Site) -> None:
    teacher, employer = somebody(), somebody()
    employer.go(site.example)
    assert verdict(employer) == "Genuine"
    name = re.search(r"Issued to (.+?):", employer.page.inner_text("main"))[1]  # type: ignore[index]
    teacher.open_batch_of_first_pilot()
    teacher.page.get_by_role("link", name=name).click()
    teacher.page.get_by_text("Withdraw this badge").click()
    teacher.page.get_by_role("group", name="Why?").locator("label").first.click()
    teacher.click("Withdraw the badge")
    teacher.page.get_by_text("withdrawn", exact=True).first.wait_for()
    employer.page.reload()
    assert verdict(employer) == "Not valid"
    employer.page.get_by_text("withdrawn").first.wait_for()
    employer.look("withdrawn badge")


def press_to(employer: Visitor, words: str, *, most: int = 40) -> None:
    """Press Tab until the focus is on what has these words, as somebody without a mouse does; then say where it is."""
    page = employer.page
    for _press in range(most):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.textContent || document.activeElement.name || ''"):
            outline = page.evaluate(
                "(s => s.outlineStyle !== 'none' || s.boxShadow !== 'none')(getComputedStyle(document.activeElement))"
            )
            assert outline, f"one cannot see that the focus is on “{words}”"
            return
    pytest.fail(f"the Tab key never came to “{words}”")


def test_the_whole_check_by_keyboard_alone(somebody: Callable[..., Visitor], site: Site) -> None:
    employer = somebody()
    page = employer.page
    employer.go("/")
    press_to(employer, "Skip to the page itself")
    press_to(employer, "Check a badge")
    page.keyboard.press("Enter")
    page.wait_for_url("**/verify")
    press_to(employer, "text")
    page.keyboard.insert_text(site.example)
    press_to(employer, "Check it")
    page.keyboard.press("Enter")
    page.locator(".verdict").wait_for()
    assert verdict(employer) == "Genuine"
    press_to(employer, "Technical details", most=120)
    page.keyboard.press("Enter")
    page.get_by_text("did:web:").first.wait_for()
