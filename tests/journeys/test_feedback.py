"""The end of a workshop: learners say on their phones how it was, the teacher reads what was counted and makes a finding."""

import re
from collections.abc import Callable

from sqlalchemy import select

from badge_service.surveys import actions as surveys
from badge_service.surveys.tables import SurveyRun
from badge_service.workshops.rules import LearnerRow

from .stage import Site, Visitor

TEACHER = "Tjitske Demo"
MOST_TAPS = 8


def open_questions(teacher: Visitor) -> None:
    """From the workshop that ends today to its open questions."""
    teacher.be(TEACHER)
    teacher.click("Workshops", "link")
    teacher.click("Pilot workshop 2", "link")
    teacher.click("Ask the learners", "link")
    teacher.look("questions to choose")
    teacher.click("Open the questions")
    teacher.page.get_by_text("0 of 8 have answered").wait_for()
    teacher.look("questions open")


def answer_on_a_phone(learner: Visitor, code: str) -> int:
    """Type the code, answer everything, send; returns how many taps the answers took."""
    learner.go("/feedback")
    learner.look("code of the questions")
    learner.page.get_by_label("Code").fill(code.lower())
    learner.click("Go on")
    learner.look("form")
    steps = learner.page.locator(".survey-steps").all()
    for place, question in enumerate(steps):
        question.locator("label").nth(1 + place % 3).click()
    learner.click("Send")
    learner.page.get_by_role("heading", name="Thank you").wait_for()
    learner.look("thanks")
    return len(steps)


def others_answer(site: Site, run_id: int, many: int) -> None:
    """The rest of the class, who learnt something and did not like the pace."""
    with site.database.writing() as session:
        run = session.get_one(SurveyRun, run_id)
        items, key = surveys.form_of(run).items, run.pairs[0]["key"]
        for _ in range(many):
            said = {
                f"{key}.before": ["1"],
                f"{key}.after": ["3"],
                "change": ["Tjitske was too fast for the border."],
            }
            surveys.answer(session, surveys.Way(run), items, said)


def test_what_learners_say_becomes_a_finding_in_two_presses(
    somebody: Callable[..., Visitor], site: Site
) -> None:
    site.enrol(*(LearnerRow(number, f"Learner {number:02d} Demo") for number in range(1, 9)))
    teacher, learner = somebody(), somebody()
    open_questions(teacher)
    with site.database.reading() as session:
        run = session.scalars(select(SurveyRun).where(SurveyRun.by_link, SurveyRun.closed_at.is_(None))).one()
    assert answer_on_a_phone(learner, run.code) <= MOST_TAPS
    others_answer(site, run.id, 6)
    teacher.page.reload()
    teacher.click("Close and count")
    teacher.page.get_by_text("[…] was too fast for the border.").first.wait_for()
    assert "Tjitske was" not in teacher.page.locator("main").inner_text()
    teacher.look("what learners said")
    teacher.click(re.compile("Make a finding ?: Names the main willow types"), "link")
    teacher.look("finding filled in")
    assert "can do it better than before" in teacher.page.get_by_label("What was found").input_value()
    teacher.click("Keep the finding")
    teacher.page.get_by_text("The finding is kept").wait_for()
