"""An administrator lets programs in, on a phone: a key that is shown once, and an address that is told what happens."""

from collections.abc import Callable

import pytest

from .stage import HURRIED, Visitor, sideways


@HURRIED
@pytest.mark.parametrize("width", [390], ids=["phone"])
def test_a_program_is_given_a_key_and_an_address(somebody: Callable[..., Visitor], width: int) -> None:
    admin = somebody()
    page = admin.page
    admin.be("Anne Demo")
    admin.go("/issuers/craft-school-friesland")
    admin.click("Keys for programs", "link")
    page.get_by_label("Which program?").fill("Timetable")
    admin.tick("Read workshops")
    admin.click("Make the key")
    assert page.locator("#new-key").inner_text().startswith("bsk_")
    assert sideways(page) == []
    admin.go("/organisations/craft-school-friesland/keys")
    assert page.locator("#new-key").count() == 0
    admin.go("/organisations/craft-school-friesland/webhooks")
    page.get_by_label("Which address?").fill("https://timetable.example.org/badges")
    admin.tick("A badge was given")
    admin.click("Add", exact=True)
    page.get_by_text("Secret for checking signatures").click()
    assert page.locator("#secret").inner_text().startswith("whsec_")
    assert sideways(page) == []
