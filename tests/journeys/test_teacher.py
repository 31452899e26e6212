"""The teacher at the end of a workshop: from a pasted class list to twenty signed badges, with and without JavaScript."""

from collections.abc import Callable

from playwright.sync_api import Locator

from .stage import Visitor

TEACHER = "Tjitske Demo"
CLASS = "\n".join(
    [f"Learner {number:02d} Demo; pilot{number:02d}@demo.example" for number in range(1, 17)]
    + ["Кремена Демо", "Anneke Demo; anneke.demo.example", "Joris Demo", "Воля Демо"]
)
DEVELOPING, EXEMPLARY = 2, 4
"""Places of the levels in a cell; the first place is “not judged”."""
FEWEST_STEPS = 7
"""Pressed or chosen from the workshop's page to twenty signed badges, when everybody did alike."""


def open_second_pilot(teacher: Visitor) -> None:
    """From the demo page to the workshop that has no learners yet."""
    teacher.be(TEACHER)
    teacher.look("home of a teacher")
    teacher.click("Workshops", "link")
    teacher.look("workshops")
    teacher.click("Pilot workshop 2", "link")
    teacher.look("workshop without learners")


def enrol_class(teacher: Visitor) -> None:
    """Paste twenty learners, one of them with a mistyped address; correct it; enrol."""
    teacher.click("Enrol learners", "link")
    teacher.look("enrol")
    teacher.page.get_by_label("Type or paste").fill(CLASS)
    teacher.click("Check the list")
    complaint = teacher.page.get_by_role("alert")
    complaint.get_by_text("Row 18").wait_for()
    assert "anneke.demo.example" in complaint.inner_text()
    teacher.look("class list with a mistake")
    assert teacher.page.get_by_label("Type or paste").input_value().replace("\r", "") == CLASS
    teacher.page.get_by_label("Type or paste").fill(
        CLASS.replace("anneke.demo.example", "anneke@demo.example")
    )
    teacher.click("Check again")
    teacher.look("class list without mistakes")
    teacher.click("Enrol 20 learners")
    teacher.page.get_by_role("heading", name="20 learners").wait_for()
    teacher.look("workshop with learners")


def cell(teacher: Visitor, learner: int, criterion: int, level: int) -> Locator:
    """One level of one criterion of one learner in the matrix, as a finger finds it."""
    cells = teacher.page.locator(f"[data-learner='{learner}'] .cell")
    return cells.nth(criterion).locator("label").nth(level)


def test_twenty_learners_leave_with_a_badge(somebody: Callable[..., Visitor], pdf_pages: Callable) -> None:
    teacher = somebody()
    page = teacher.page
    open_second_pilot(teacher)
    enrol_class(teacher)
    workshop = page.url
    teacher.click("It was held")
    page.get_by_text("held", exact=True).first.wait_for()

    teacher.click("Assess and award", "link")
    teacher.look("matrix without levels")
    assert page.get_by_role("button", name="Award").count() == 0
    teacher.click("All still empty: Proficient")
    page.get_by_text("20 are ready").wait_for()
    matrix = page.url
    for criterion, level in ((0, DEVELOPING), (1, EXEMPLARY)):
        with page.expect_response(lambda answer: "/learner/5" in answer.url):
            cell(teacher, 5, criterion, level).click()
    page.get_by_text("19 are ready").wait_for()
    page.get_by_text("1 not yet").first.wait_for()
    reason = page.locator("[data-learner='5']").get_by_label("Why the badge is earned all the same")
    teacher.look("matrix with somebody not ready")
    with page.expect_response(lambda answer: "/learner/5" in answer.url):
        reason.fill("Started again after a broken rod and finished alone, as carefully as the others.")
        reason.blur()
    page.get_by_text("20 are ready").wait_for()

    page.get_by_role("link", name="Evidence").click()
    teacher.look("evidence")
    page.get_by_label("What is it?").fill("Bench test")
    page.get_by_label("Or in words").fill(
        "Each basket was loaded with three kilograms and lifted by its border."
    )
    page.get_by_label("Title, words and link may stand in the badge").check()
    teacher.click("Keep it")
    page.locator("table", has_text="Bench test").wait_for()

    page.goto(matrix)
    teacher.click("Award 20 badges")
    teacher.look("who gets this badge")
    teacher.tick("I saw each of these learners do it")
    teacher.tick("I saw it although it is not attached")
    teacher.tick("I know the learners")
    teacher.click("Award these badges")
    page.get_by_role("heading", name="20 badges awarded").wait_for()
    page.get_by_text("All signed").wait_for()
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


def withdraw(teacher: Visitor, name: str) -> None:
    """Take one badge back, from its line in the batch."""
    page = teacher.page
    page.get_by_role("link", name=name).click()
    teacher.look("one award")
    page.get_by_text("Withdraw this badge").click()
    teacher.click("Withdraw the badge")
    page.get_by_role("alert").wait_for()
    assert "Why?" in page.inner_text("main")
    page.locator("main label").first.click()
    teacher.click("Withdraw the badge")
    page.get_by_text("withdrawn", exact=True).first.wait_for()


def test_it_takes_few_steps_when_everybody_did_alike(somebody: Callable[..., Visitor]) -> None:
    teacher = somebody(looks=False)
    open_second_pilot(teacher)
    enrol_class(teacher)
    teacher.steps = 0
    teacher.click("Assess and award", "link")
    teacher.click("All still empty: Proficient")
    teacher.click("Award 20 badges")
    teacher.tick("I saw each of these learners do it")
    teacher.tick("I saw it although it is not attached")
    teacher.tick("I know the learners")
    teacher.click("Award these badges")
    teacher.page.get_by_text("All signed").wait_for()
    assert teacher.steps <= FEWEST_STEPS


def test_all_of_it_works_with_javascript_off(somebody: Callable[..., Visitor]) -> None:
    teacher = somebody(java_script_enabled=False, looks=False)
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
    page.locator("[data-learner='5'] .reason textarea").fill(
        "Started again after a broken rod and finished alone."
    )
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


def test_a_teacher_of_another_school_finds_no_such_workshop(somebody: Callable[..., Visitor]) -> None:
    teacher, other = somebody(looks=False), somebody(looks=False)
    open_second_pilot(teacher)
    other.be("Тодор Демо")
    assert other.page.goto(teacher.page.url).status == 404  # type: ignore[union-attr]
