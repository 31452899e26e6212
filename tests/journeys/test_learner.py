"""The learner with a phone: from a mail, or from a printed card, to a badge that others can see, and never further than wished."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from babel.support import Translations
from PIL import Image

from .stage import Site, Visitor

WAITING = "learner12@demo.example"
NAME = "Tess Demo"
PASSPHRASE = "four willow rods soaking"


def open_mail(learner: Visitor, address: str) -> None:
    """From the demo's mailbox to the page of the badge that the mail is about."""
    learner.go("/demo/mail")
    learner.look("mailbox")
    row = learner.page.locator("tr", has_text=address)
    row.get_by_role("link").first.click()
    learner.look("mail")
    learner.page.locator(".letter a").first.click()


def accept(learner: Visitor, words: str) -> None:
    """Choose with or without a name, and accept."""
    learner.tick(words)
    learner.tick("on or before")
    learner.click("Accept the badge")
    learner.page.get_by_text("The badge is yours").wait_for()


def download(learner: Visitor, words: str) -> bytes:
    """Take one of the files along."""
    with learner.page.expect_download() as kept:
        learner.click(words, "link")
    return kept.value.path().read_bytes()


def answer_of(visitor: Visitor, address: str) -> int:
    """What a stranger without cookies is answered at this address."""
    return int(visitor.page.request.get(address, headers={"Cookie": ""}).status)


def test_from_the_mail_to_an_open_badge(
    somebody: Callable[..., Visitor], pdf_pages: Callable[..., Any]
) -> None:
    learner, stranger = somebody(), somebody()
    page = learner.page
    open_mail(learner, WAITING)
    page.get_by_role("heading", name="What is in it?").wait_for()
    page.get_by_text("Nobody until you open it.").wait_for()
    assert not page.locator("input[name=name_choice]:checked").count(), "nothing is chosen beforehand"
    learner.look("claim")
    learner.click("Accept the badge")
    page.get_by_role("alert").wait_for()
    learner.look("claim with a mistake")
    accept(learner, "With my name")
    badge = page.url
    learner.look("badge only its learner sees")

    stranger.go("/")
    share = page.locator("#share-link").input_value()
    assert answer_of(stranger, share) == 404
    learner.click("Open it by link")
    page.locator(".visibility", has_text="People who have your link").wait_for()
    learner.look("badge open by link")
    assert answer_of(stranger, share) == 200
    stranger.go(share)
    stranger.page.get_by_role("heading", name="Genuine").wait_for()

    code = page.locator("#show svg").first.screenshot()
    assert [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(code)))] == [share]

    document = json.loads(download(learner, "Signed badge (JSON)"))
    assert document["credentialSubject"]["identifier"][0]["identityHash"] == NAME
    picture = download(learner, "Picture (PNG)")
    assert b"openbadgecredential" in picture
    certificate = pdf_pages(_certificate(learner))
    assert len(certificate) == 1
    assert NAME in certificate[0].replace("\n", " ")

    learner.click("Put it on LinkedIn", "link")
    page.get_by_label("Name", exact=True).wait_for()
    learner.look("linkedin")
    page.goto(badge)
    learner.click("Hide it")
    page.locator(".visibility", has_text="Only you. Others who open its link").wait_for()
    assert answer_of(stranger, share) == 404


def _certificate(learner: Visitor) -> bytes:
    """The certificate may open in the tab or be kept as a file; either way its bytes pass by."""
    with learner.page.expect_response(re.compile(r"certificate\.pdf")):
        learner.click("Certificate (PDF)", "link")
    learner.page.go_back()
    return learner.documents["certificate.pdf"]


def test_a_waiting_badge_is_found_after_signing_in(somebody: Callable[..., Visitor]) -> None:
    learner = somebody()
    learner.be(NAME)
    learner.look("home of a learner")
    learner.click("My badges", "link")
    learner.look("shelf with a waiting badge")
    learner.click("Willow Basket", "link")
    learner.look("waiting badge")
    learner.click("Show me the badge", "link")
    accept(learner, "Without my name")
    learner.click("My badges", "link")
    learner.look("shelf")
    learner.page.get_by_text("only you see it").wait_for()


def test_a_card_and_a_passphrase_are_enough_without_an_address(
    somebody: Callable[..., Visitor], pdf_pages: Callable[..., Any]
) -> None:
    code = _code_on_a_card(somebody(), pdf_pages)
    learner = somebody()
    page = learner.page
    learner.go("/claim")
    learner.look("type the code")
    page.get_by_label("Code from your card").fill("7K3M-9PQR-4VWX")
    learner.click("Show me the badge")
    page.get_by_role("alert").wait_for()
    page.get_by_label("Code from your card").fill(code.lower().replace("-", " "))
    learner.click("Show me the badge")
    learner.look("claim by card")
    page.get_by_label("Choose a passphrase").fill("short")
    learner.tick("With my name")
    learner.click("Accept the badge")
    page.get_by_role("alert").wait_for()
    learner.look("claim by card with a mistake")
    page.get_by_label("Choose a passphrase").fill(PASSPHRASE)
    accept(learner, "With my name")
    learner.click("Sign out")

    learner.go("/claim")
    page.get_by_label("Code from your card").fill(code)
    learner.click("Show me the badge")
    learner.look("claimed already")
    page.get_by_label("passphrase").fill(PASSPHRASE)
    learner.click("Open my badges")
    page.get_by_role("link", name="Willow Basket").wait_for()


def _code_on_a_card(teacher: Visitor, pdf_pages: Callable[..., Any]) -> str:
    teacher.open_batch_of_first_pilot()
    sheet = pdf_pages(teacher.pdf("Claim cards for", "cards.pdf"))[0]
    return str(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", sheet)[0])


@pytest.mark.slow
@pytest.mark.parametrize("width", [390], ids=["phone"])
def test_the_same_in_bulgarian(somebody: Callable[..., Visitor], site: Site, width: int) -> None:
    learner = somebody()
    page = learner.page
    say = _bulgarian(site)
    open_mail(learner, WAITING)
    page.get_by_role("button", name="Български").click()
    assert page.locator("html").get_attribute("lang") == "bg"
    page.get_by_role("heading", name=say("What is in it?")).wait_for()
    learner.look("claim, Bulgarian")
    learner.tick(say("Without my name"))
    learner.click(say("Accept the badge"))
    page.get_by_text(say("The badge is yours. Nobody else can see it until you open it.")).wait_for()
    learner.look("badge, Bulgarian")
    assert page.locator("h1").get_attribute("lang") == "en", "the badge keeps its own language"
    for path, words in (
        ("/badges", "My badges"),
        ("/catalogue", "What can be earned"),
        ("/verify", "Check a badge"),
    ):
        learner.go(path)
        page.get_by_role("heading", name=say(words), level=1).wait_for()
        assert page.locator("html").get_attribute("lang") == "bg"
        learner.look(f"{path}, Bulgarian")
    learner.go(site.example)
    page.get_by_role("heading", name=say("Genuine")).wait_for()
    page.get_by_text(say("What we checked")).wait_for()
    learner.look("verdict, Bulgarian")


def _bulgarian(site: Site) -> Callable[[str], str]:
    """What the catalogue says in Bulgarian; a text that it leaves in English is a fault."""
    catalogue = Translations.load(site.translations, ["bg"])

    def say(words: str) -> str:
        said = str(catalogue.gettext(words))
        assert said != words, f"not translated: {words}"
        return said

    return say
