"""The teacher at the end of a workshop: from a pasted class list to twenty signed badges, with and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

from .stage import HURRIED, LOOKING, Visitor

TEACHER = "Tjitske Demo"
CLASS = "\n".join(
    [f"Learner {number:02d} Demo; pilot{number:02d}@demo.example" for number in range(1, 17)]
    + ["Кремена Демо", "Anneke Demo; anneke.demo.example", "Joris Demo", "Воля Демо"]
)
DEVELOPING, EXEMPLARY = 2, 4
"""Places of the levels in a cell; the first place is “not judged”."""
MORE = "\nAfke Demo\nBauke Demo"
"""Two more, of whom one was not there and one cannot do it yet."""
REASON = "Started again after a broken rod and finished alone."
TAPS, MOST_TAPS = 20, 40
"""Presses from the workshop's page to twenty signed badges: presence, levels, three exceptions, the award."""


def open_second_pilot(teacher: Visitor) -> None:
    """From the demo page to the workshop that has no learners yet."""
    teacher.be(TEACHER)
    teacher.look("home of a teacher")
    teacher.click("Workshops", "link")
    teacher.look("workshops")
    teacher.click("Pilot workshop 2", "link")
    teacher.look("workshop without learners")


def enrol_class(teacher: Visitor, more: str = "") -> None:
    """Paste twenty learners (and more), one of them with a mistyped address; correct it; enrol."""
    learners = CLASS + more
    teacher.click("Enrol learners", "link")
    teacher.look("enrol")
    teacher.page.get_by_label("Type or paste").fill(learners)
    teacher.click("Check the list")
    complaint = teacher.page.get_by_role("alert")
    complaint.get_by_text("Row 18").wait_for()
    assert "anneke.demo.example" in complaint.inner_text()
    teacher.look("class list with a mistake")
    assert teacher.page.get_by_label("Type or paste").input_value().replace("\r", "") == learners
    teacher.page.get_by_label("Type or paste").fill(
        learners.replace("anneke.demo.example", "anneke@demo.example")
    )
    teacher.click("Check again")
    teacher.look("class list without mistakes")
    many = len(learners.splitlines())
    teacher.click(f"Enrol {many} learners")
    teacher.page.get_by_role("heading", name=f"{many} learners").wait_for()
    teacher.look("workshop with learners")


def cell(teacher: Visitor, learner: int, criterion: int, level: int) -> Locator:
    """One level of one criterion of one learner in the matrix, as a finger finds it."""
    cells = teacher.page.locator(f"[data-learner='{learner}'] .cell")
    return cells.nth(criterion).locator("label").nth(level)


@LOOKING
def test_twenty_learners_leave_with_a_badge(somebody: Callable[..., Visitor], pdf_pages: Callable) -> None:
    teacher = somebody()
    page = teacher.page
    open_second_pilot(teacher)
    enrol_class(teacher)
    workshop = page.url
    teacher.click("It was held")
    page.get_by_text("held", exact=True).first.wait_for()
    judge_with_one_reason(teacher)
    matrix = page.url
    attach_evidence(teacher)
    page.goto(matrix)
    teacher.click("Award 20 badges")
    teacher.look("who gets this badge")
    confirm_and_award(teacher)
    page.get_by_role("heading", name="20 badges awarded").wait_for()
    assert page.get_by_role("progressbar").count() == 0
    assert page.get_by_text("signed, waits for the learner").count() == 20
    teacher.look("batch")
    cards = pdf_pages(teacher.pdf("Claim cards for 3 learners", "cards.pdf"))
    assert len(cards) == 1
    assert "Кремена" in cards[0]
    withdraw(teacher, "Learner 02 Demo")
    page.goto(workshop)
    page.get_by_role("link", name="Assess and award").click()
    assert page.get_by_text("Has this badge").count() >= 19


def judge_with_one_reason(teacher: Visitor) -> None:
    """Give everybody the level that passes; one is weaker in something and stronger in another, and passes with a reason."""
    page = teacher.page
    teacher.click("Assess and award", "link")
    teacher.look("matrix without levels")
    assert page.get_by_role("button", name="Award").count() == 0
    teacher.click("All still empty: Proficient")
    page.get_by_text("20 are ready").wait_for()
    set_level(teacher, 5, 0, DEVELOPING)
    set_level(teacher, 5, 1, EXEMPLARY)
    page.get_by_text("19 are ready").wait_for()
    page.get_by_text("1 not yet").first.wait_for()
    teacher.look("matrix with somebody not ready")
    give_reason(teacher, 5)
    page.get_by_text("20 are ready").wait_for()


def give_reason(teacher: Visitor, learner: int) -> None:
    """Type why the badge is earned all the same, and see it saved."""
    page = teacher.page
    field = page.locator(f"[data-learner='{learner}']").get_by_label("Why the badge is earned all the same")
    field.click()
    with page.expect_response(lambda answer: f"/learner/{learner}" in answer.url):
        page.keyboard.type(REASON)
        page.keyboard.press("Tab")


def attach_evidence(teacher: Visitor) -> None:
    """Keep a sentence on what all have shown; it may stand in the badge."""
    page = teacher.page
    page.get_by_role("link", name="Evidence").click()
    teacher.look("evidence")
    page.get_by_label("What is it?").fill("Bench test")
    page.get_by_label("Or in words").fill(
        "Each basket was loaded with three kilograms and lifted by its border."
    )
    page.get_by_label("Title, words and link may stand in the badge").check()
    teacher.click("Keep it")
    page.locator("table", has_text="Bench test").wait_for()


def withdraw(teacher: Visitor, name: str) -> None:
    """Take one badge back, from its line in the batch."""
    page = teacher.page
    page.get_by_role("link", name=name).click()
    teacher.look("one award")
    page.get_by_text("Withdraw this badge").click()
    teacher.click("Withdraw the badge")
    page.get_by_role("alert").wait_for()
    assert "Why?" in page.inner_text("main")
    page.get_by_role("group", name="Why?").locator("label").first.click()
    teacher.click("Withdraw the badge")
    page.get_by_text("withdrawn", exact=True).first.wait_for()


def set_level(teacher: Visitor, learner: int, criterion: int, level: int) -> None:
    """Press one level in the matrix, and see it saved."""
    with teacher.page.expect_response(lambda answer: f"/learner/{learner}" in answer.url):
        cell(teacher, learner, criterion, level).click()


def was_not_there(teacher: Visitor, name: str) -> None:
    """Take the tick away on both days of the workshop."""
    teacher.click("Who was there?", "link")
    teacher.tick(name)
    teacher.click("Write it down")
    teacher.click("Who was there?", "link")
    teacher.page.get_by_role("navigation", name="Days").get_by_role("link").first.click()
    teacher.tick(name)
    teacher.click("Write it down")
    teacher.page.get_by_text("1 was not there").wait_for()


def judge_all_then_exceptions(teacher: Visitor) -> None:
    """Everybody Proficient but three: one better, one weaker here and stronger there, one who cannot do it yet."""
    page = teacher.page
    teacher.click("All still empty: Proficient")
    page.get_by_text("21 are ready").wait_for()
    set_level(teacher, 9, 0, EXEMPLARY)
    set_level(teacher, 5, 0, DEVELOPING)
    set_level(teacher, 5, 1, EXEMPLARY)
    set_level(teacher, 22, 2, DEVELOPING)
    page.get_by_text("19 are ready").wait_for()
    give_reason(teacher, 5)
    page.get_by_text("20 are ready").wait_for()


@HURRIED
@pytest.mark.parametrize("width", [390], ids=["phone"])
def test_twenty_badges_take_a_phone_at_most_forty_taps_and_one_sentence(
    somebody: Callable[..., Visitor], width: int
) -> None:
    teacher = somebody(has_touch=True, is_mobile=True)
    open_second_pilot(teacher)
    enrol_class(teacher, MORE)
    taps_before, letters_before = teacher.effort()
    was_not_there(teacher, "Afke Demo")
    teacher.click("Assess and award", "link")
    judge_all_then_exceptions(teacher)
    teacher.click("Award 20 badges")
    confirm_and_award(teacher)
    assert teacher.page.get_by_text("signed, waits for the learner").count() == 20
    taps, letters = teacher.effort()
    assert taps - taps_before == TAPS <= MOST_TAPS
    assert letters - letters_before == len(REASON), "the reason, and nothing else"


def confirm_and_award(teacher: Visitor) -> None:
    """Say what a teacher has to say by name list, and wait until all are signed."""
    teacher.tick("I saw each of these learners do it")
    teacher.tick("I saw it although it is not attached")
    teacher.tick("I know the learners")
    teacher.click("Award these badges")
    teacher.page.get_by_text("All signed").wait_for()


@HURRIED
def test_all_of_it_works_with_javascript_off(somebody: Callable[..., Visitor]) -> None:
    teacher = somebody(java_script_enabled=False)
    page = teacher.page
    open_second_pilot(teacher)
    enrol_class(teacher)
    teacher.click("Assess and award", "link")
    teacher.click("All still empty: Proficient")
    page.get_by_text("20 are ready").wait_for()
    cell(teacher, 5, 0, DEVELOPING).click()
    cell(teacher, 5, 1, EXEMPLARY).click()
    teacher.click("Save", exact=True)
    page.get_by_text("19 are ready").wait_for()
    page.locator("[data-learner='5'] .reason textarea").fill(REASON)
    teacher.click("Award 19 badges")
    page.get_by_role("heading", name="Who gets this badge?").wait_for()
    teacher.tick("I saw each of these learners do it")
    teacher.tick("I saw it although it is not attached")
    teacher.tick("I know the learners")
    teacher.click("Award these badges")
    page.get_by_role("heading", name="20 badges awarded").wait_for()
    while page.get_by_text("All signed").count() == 0:
        page.reload()
    assert page.get_by_text("signed, waits for the learner").count() == 20
