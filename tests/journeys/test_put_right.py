"""What goes wrong around an award is put right on a phone: undone, corrected, claimed late, found again after a year."""

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from badge_service.awards import actions as awards
from badge_service.awards.rules import Channel
from badge_service.awards.tables import Award
from badge_service.demo import world
from badge_service.workshops.rules import LearnerRow

from .stage import LOOKING, Site, Visitor, served
from .test_teacher import TEACHER, confirm_and_award

PASSPHRASE = "four willow rods soaking"
UNCLAIMED = "learner15@demo.example"
MAILS = ["A badge is waiting for you", *["Your badge is still waiting"] * 2]

pytestmark = pytest.mark.parametrize("width", [390], ids=["phone"])


@pytest.fixture
def site(demo_played_once: Path, tmp_path: Path) -> Iterator[Site]:
    """The played demo with the minutes of a real service between an award and its mails."""
    shutil.copytree(demo_played_once, tmp_path / "demo")
    with served(tmp_path / "demo", mail_delay_minutes=10, undo_minutes=10) as site:
        yield site


def test_a_batch_undone_within_the_minutes_is_withdrawn_and_nobody_gets_a_mail(
    somebody: Any, site: Site, width: int
) -> None:
    rows = [LearnerRow(1, "Ada Demo", "ada@demo.example"), LearnerRow(2, "Bo Demo")]
    pilot = site.enrol(*rows)
    teacher = somebody()
    page = teacher.page
    teacher.be(TEACHER)
    teacher.go(pilot)
    teacher.click("Assess and award", "link")
    teacher.click("All still empty: Proficient")
    teacher.click("Award 2 badges")
    page.get_by_text("Mails leave after 10 minutes").wait_for()
    confirm_and_award(teacher)
    page.get_by_text("1 mail will leave in a few minutes").wait_for()
    teacher.click("Undo all")
    page.get_by_role("heading", name="Taken back", exact=True).wait_for()
    assert page.locator(".batch-lines").get_by_text("withdrawn").count() == 2
    teacher.look("batch taken back")
    site.wait(minutes=11)
    assert site.mails_to("ada@demo.example") == []
    teacher.click("Ada Demo", "link")
    page.get_by_text("withdrawn", exact=True).first.wait_for()
    teacher.go(pilot)
    teacher.click("Assess and award", "link")
    page.get_by_text("2 are ready").wait_for()


def test_a_misspelt_name_is_corrected_and_the_old_link_leads_to_the_new_edition(
    somebody: Any, site: Site, tmp_path: Path, width: int
) -> None:
    teacher, employer = somebody(), somebody()
    share = site.example
    old = employer.page.request.get(f"{share}.json").body()
    name = json.loads(old)["credentialSubject"]["identifier"][0]["identityHash"]
    correct_name(teacher, name, "Jélle Demo")
    site.wait(minutes=11)
    employer.go(share)
    employer.page.get_by_role("heading", name="Genuine").wait_for()
    employer.page.get_by_text("Issued to Jélle Demo").wait_for()
    (tmp_path / "old.json").write_bytes(old)
    employer.go("/verify")
    employer.page.locator("input[type=file]").set_input_files(tmp_path / "old.json")
    employer.click("Check it")
    employer.page.get_by_role("heading", name="Not valid").wait_for()
    employer.page.get_by_text("replaced by a newer edition").first.wait_for()


def correct_name(teacher: Visitor, wrong: str, right: str) -> None:
    """From the list of a batch to a corrected badge, first without saying why."""
    page = teacher.page
    teacher.open_batch_of_first_pilot()
    teacher.click(wrong, "link")
    teacher.click("Correct this badge", "link")
    teacher.look("correct a badge")
    page.get_by_label("Name").fill(right)
    teacher.click("Correct the badge")
    page.get_by_role("alert").get_by_text("Write why").wait_for()
    assert page.get_by_label("Name").input_value() == right
    page.get_by_label("Why").fill("The accent was missing.")
    teacher.click("Correct the badge")
    page.get_by_text("The badge is corrected").wait_for()
    teacher.look("a corrected badge")


def test_who_was_there_unseen_says_so_later_with_a_photo_and_counts_as_present(
    somebody: Any, site: Site, width: int
) -> None:
    pilot = site.enrol(LearnerRow(1, "Ada Demo"), LearnerRow(2, "Bo Demo"), absent=2)
    teacher, learner = somebody(), somebody()
    teacher.be(TEACHER)
    teacher.go(f"{pilot}/check-in")
    teacher.click("Open the check-in")
    door = teacher.page.locator("a[href*='/check-in/']", has_text="/check-in/").first.get_attribute("href")
    claim_late(learner, f"{door}/late")
    teacher.page.reload()
    teacher.click("Late claims (1)", "link")
    teacher.tick("Bo")
    teacher.click("Yes to the ticked ones")
    teacher.page.get_by_text("1 counts as present").wait_for()
    learner.page.reload()
    learner.page.get_by_text("You count as present on this day").wait_for()
    teacher.go(pilot)
    teacher.page.get_by_text("All count as present").wait_for()
    teacher.click("Assess and award", "link")
    teacher.click("All still empty: Proficient")
    teacher.page.get_by_text("2 are ready").wait_for()


def claim_late(learner: Visitor, door: str) -> None:
    """Say on the phone what one did, with a photo; the first time something is missing."""
    page = learner.page
    learner.go(door)
    page.get_by_label("Your first name").fill("Bo")
    page.get_by_label("Your number on the list").fill("2")
    learner.click("Send it to my teacher")
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("Your first name").input_value() == "Bo"
    page.get_by_label("What did you do?").fill("I wove the base and broke two rods.")
    photo = io.BytesIO()
    Image.new("RGB", (600, 400), (150, 110, 60)).save(photo, "JPEG")
    page.locator("input[type=file]").set_input_files(
        {"name": "basket.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    )
    learner.click("Send it to my teacher")
    page.get_by_text("Your teacher has it", exact=True).first.wait_for()


def card_of(site: Site, email: str) -> str:
    """The code on a claim card printed today for whoever was listed with this address."""
    with site.database.writing() as session:
        person = world.person_of(session, email)
        award = session.scalars(select(Award).where(Award.person_id == person.id)).one()
        return awards.issue_code(session, award, Channel.CARD)


@LOOKING
def test_the_school_address_is_dead_and_after_a_year_the_printed_card_alone_brings_the_badge(
    somebody: Any, site: Site, width: int
) -> None:
    code = card_of(site, UNCLAIMED)
    for days in (15, 50, 310, 32):
        site.wait(days=days)
    told = [subject.partition(":")[0] for subject in site.mails_to(UNCLAIMED)]
    assert [one for one in told if one in MAILS] == MAILS, "beside them the questions about the workshop"
    learner = somebody()
    page = learner.page
    learner.go("/claim")
    page.get_by_label("Code from your card").fill(code.lower().replace("-", " "))
    learner.click("Show me the badge")
    page.get_by_label("Choose a passphrase").fill(PASSPHRASE)
    learner.tick("With my name")
    learner.click("Accept the badge")
    page.get_by_text("The badge is yours").wait_for()
    learner.click("Sign out")
    site.wait(days=400)
    learner.go(f"/claim/{code}")
    page.get_by_label("passphrase").fill(PASSPHRASE)
    learner.click("Open my badges")
    learner.click("Willow Basket", "link")
    page.locator(".visibility", has_text="Only you").wait_for()
