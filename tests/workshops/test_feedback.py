"""What learners say: asked at the end, again by mail after weeks and months, counted, and made into findings."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.curriculum.tables import Finding
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.settings import Settings, for_demo
from badge_service.storage import outbox
from badge_service.storage.session import Database
from badge_service.storage.tables import OutboxJob
from badge_service.surveys import actions as surveys
from badge_service.surveys.tables import SurveyRun
from badge_service.web import mail
from badge_service.web.surroundings import use_surroundings
from badge_service.workshops import actions, feedback_jobs
from badge_service.workshops.actions import feedback, feedback_findings
from badge_service.workshops.rules import LearnerRow
from badge_service.workshops.rules.feedback import follow_up_days, outcomes_of
from badge_service.workshops.tables import Workshop

from .conftest import TODAY, Site, World

OUTCOMES = [{"id": "LO1", "text": "Weave a border."}, {"id": "LO2", "text": "Sort rods."}]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return for_demo(tmp_path)


def taught(world: World, learners: int = 6, mailed: int = 6) -> Workshop:
    """A workshop with learners, of whom the first `mailed` have an address; what it teaches has four outcomes."""
    workshop = world.workshop()
    rows = [
        LearnerRow(number, f"Learner{number} Petrova", f"l{number}@example.org" if number <= mailed else None)
        for number in range(1, learners + 1)
    ]
    actions.enrol(world.session, world.teacher, workshop, rows)
    return workshop


def asked(world: World, workshop: Workshop, *, later: bool = False) -> SurveyRun:
    keys = [one.key for one in feedback.outcomes_taught(workshop)][:2]
    return feedback.ask_for_feedback(world.session, world.teacher, workshop, keys, ask_later=later)


def answer(session: Session, run: SurveyRun, times: int, **sent: str) -> None:
    items = surveys.form_of(run).items
    for _ in range(times):
        surveys.answer(session, surveys.Way(run), items, {name: [text] for name, text in sent.items()})


def mails(session: Session) -> list[str]:
    waiting = session.scalars(select(OutboxJob).where(OutboxJob.kind == mail.KIND).order_by(OutboxJob.id))
    return [job.payload[outbox.ONCE]["to"] for job in waiting if outbox.ONCE in job.payload]


def due(world: World, kind: str) -> list[OutboxJob]:
    return list(
        world.session.scalars(select(OutboxJob).where(OutboxJob.kind == kind).order_by(OutboxJob.due_at))
    )


def test_the_first_outcome_of_each_definition_comes_first() -> None:
    contents = [
        (1, "en", {"learning_outcomes": OUTCOMES}),
        (2, "nl", {"learning_outcomes": OUTCOMES[:1]}),
        (3, "nl", {}),
    ]
    assert [one.key for one in outcomes_of(contents)] == ["d1-1", "d2-1", "d1-2"]


def test_it_is_asked_again_within_six_to_eight_weeks_and_six_to_twelve_months() -> None:
    end = date(2026, 11, 21)
    first, second = follow_up_days(end, end).values()
    assert timedelta(weeks=6) <= first - end <= timedelta(weeks=8)
    assert timedelta(days=182) <= second - end <= timedelta(days=365)
    assert list(follow_up_days(end, end + timedelta(days=60)).values()) == [second]


def test_learners_rate_the_outcomes_of_what_was_taught(world: World) -> None:
    workshop = taught(world)
    run = asked(world, workshop)
    assert [pair["text"] for pair in run.pairs] == ["Weave a border.", "Sort rods."]
    assert run.invited == 6 and run.opened_at is not None
    with pytest.raises(ConflictError):
        asked(world, workshop)


def test_learners_who_came_onto_the_list_later_were_asked_too(world: World) -> None:
    workshop = taught(world)
    run = asked(world, workshop)
    answer(world.session, run, 6, useful="5")
    actions.enrol(world.session, world.teacher, workshop, [LearnerRow(7, "Learner7 Petrova", None)])
    closed = feedback.close_feedback(world.session, world.teacher, workshop, "workshop_feedback")
    world.session.refresh(closed)
    assert closed.invited == 7


def test_four_outcomes_are_too_many(world: World) -> None:
    workshop = taught(world)
    keys = [one.key for one in feedback.outcomes_taught(workshop)]
    with pytest.raises(InvalidError):
        feedback.ask_for_feedback(world.session, world.teacher, workshop, keys, ask_later=False)


def test_too_few_learners_and_a_workshop_to_come_are_not_asked(world: World) -> None:
    with pytest.raises(ConflictError):
        asked(world, taught(world, learners=4))
    with pytest.raises(ConflictError):
        later = TODAY + timedelta(days=1)
        feedback.ask_for_feedback(
            world.session, world.teacher, world.workshop(starts_on=later, ends_on=later), [], ask_later=False
        )


def test_another_school_neither_asks_nor_reads(world: World) -> None:
    workshop = taught(world)
    with pytest.raises(NotFoundError):
        feedback.ask_for_feedback(world.session, world.foreign_teacher, workshop, [], ask_later=False)
    with pytest.raises(NotFoundError):
        feedback.feedback_of(world.session, world.foreign_teacher, workshop)


def test_the_follow_ups_go_by_mail_on_their_day_with_one_reminder_and_are_counted(
    world: World, settings: Settings
) -> None:
    workshop = taught(world, learners=7, mailed=6)
    asked(world, workshop, later=True)
    use, results = due(world, feedback.OPENS)
    assert (use.due_at.date() - TODAY).days == 49 and (results.due_at.date() - TODAY).days == 270
    handlers = feedback_jobs.handlers(settings)
    handlers[feedback.OPENS](world.session, use.payload)
    handlers[feedback.OPENS](world.session, use.payload)
    assert mails(world.session) == [f"l{number}@example.org" for number in range(1, 7)]
    [remind] = due(world, feedback.REMINDS)
    handlers[feedback.REMINDS](world.session, remind.payload)
    assert len(mails(world.session)) == 12
    run = world.session.get_one(SurveyRun, use.payload["run"])
    answer(world.session, run, 5, used="2")
    handlers[feedback.CLOSES](world.session, use.payload)
    assert run.results is not None and run.results["items"]["used"]["counts"] == [0, 5, 0]


def test_a_follow_up_is_called_off_by_hand_or_when_too_few_have_an_address(
    world: World, settings: Settings
) -> None:
    workshop = taught(world, mailed=4)
    asked(world, workshop, later=True)
    use, results = due(world, feedback.OPENS)
    feedback.call_off_follow_up(world.session, world.teacher, workshop, "workshop_results")
    for job in (use, results):
        feedback_jobs.handlers(settings)[feedback.OPENS](world.session, job.payload)
    assert mails(world.session) == []
    assert [
        one.run.called_off_at is None for one in feedback.feedback_of(world.session, world.teacher, workshop)
    ] == [True, False, False]


def test_a_result_becomes_a_finding_about_the_definition_it_is_about(world: World) -> None:
    workshop = taught(world)
    run = asked(world, workshop)
    key = run.pairs[0]["key"]
    answer(
        world.session,
        run,
        5,
        useful="2",
        change="Learner3 broke the saw.",
        **{f"{key}.before": "2", f"{key}.after": "2"},
    )
    feedback.close_feedback(world.session, world.teacher, workshop, run.instrument)
    one = feedback.asked_by(world.session, world.teacher, workshop, run.instrument)
    found = feedback_findings.prefill(world.session, one, key, "en")
    assert found.text == "0 of 5 can do it better than before: “Weave a border.”" and found.kind == "change"
    words = feedback_findings.prefill(world.session, one, "change", "en", 0)
    assert words.text == "“[…] broke the saw.”"
    told = feedback_findings.Told(found.about, found.kind, "medium", found.text, "en")
    kept = feedback_findings.keep_finding(
        world.session, world.teacher, workshop, told, n=found.n, public_url="https://b.example/activities/x"
    )
    assert (kept.definition_id, kept.n, kept.iteration) == (world.published.definition_id, 5, 1)
    named = feedback_findings.Told(found.about, found.kind, "medium", "Ask Petrova.", "en")
    with pytest.raises(InvalidError):
        feedback_findings.keep_finding(
            world.session, world.teacher, workshop, named, n=5, public_url="https://b.example/x"
        )


@pytest.fixture
def class_of_six(site: Site, settings: Settings) -> str:
    """The address of a workshop with six learners, in the running pages."""
    from badge_service.keyring.files import KeyFolder
    from badge_service.surveys import pages as survey_pages

    use_surroundings(site.app, settings, KeyFolder(settings.data_folder / "keys"))
    if "surveys" not in site.app.blueprints:
        site.app.register_blueprint(survey_pages.blueprint)
    with site.database.writing() as session:
        site.world.session = session
        site.world.published = session.merge(site.world.published)
        site.world.alliance, site.world.school = (
            session.merge(site.world.alliance),
            session.merge(site.world.school),
        )
        return f"/workshops/{taught(site.world).activity.token}/feedback"


def _run(database: Database) -> SurveyRun:
    with database.reading() as session:
        return session.scalars(select(SurveyRun).order_by(SurveyRun.id)).first()


def test_a_teacher_opens_closes_and_makes_a_finding_in_two_presses(site: Site, class_of_six: str) -> None:
    client, address = site.be(site.world.teacher), class_of_six
    page = client.get(address)
    assert "Weave a border." in page.text and page.text.count("checked") == 4
    assert client.post(f"{address}/open", data={"outcomes": ["x", "d1-1"], "later": "yes"}).status_code == 302
    run = _run(site.database)
    assert run.code in client.get(address).text
    with site.database.writing() as session:
        answer(session, session.get_one(SurveyRun, run.id), 6, useful="2", keep="The <i>tools</i>.")
    assert "6 of 6 have answered" in client.get(address).text
    assert client.post(f"{address}/workshop_feedback/close").status_code == 302
    page = client.get(address)
    assert "0 of 6 agree" not in page.text and "<caption>6 people" in page.text
    assert "The &lt;i&gt;tools&lt;/i&gt;." in page.text
    finding = f"{address}/finding?form=workshop_feedback&result=useful"
    form = client.get(finding)
    assert "0 of 6 agree" in form.text
    sent = {"text": "0 of 6 agree", "about": _first_choice(form.text), "kind": "change", "severity": "small"}
    assert client.post(finding, data=sent).status_code == 302
    with site.database.reading() as session:
        assert session.scalars(select(Finding.text)).all() == ["0 of 6 agree"]


def test_results_stand_beside_what_was_planned(site: Site, class_of_six: str) -> None:
    client, address = site.be(site.world.teacher), class_of_six
    client.post(f"{address}/open", data={})
    with site.database.writing() as session:
        run = session.scalars(select(SurveyRun)).one()
        answer(session, run, 6, interactive="5", collaborative="1")
        activity = session.scalars(select(Activity).where(Activity.token == run.subject)).one()
        activity.qualities, activity.group_size = ["interactive"], 4
    client.post(f"{address}/workshop_feedback/close")
    page = client.get(address).text
    assert page.count("This was planned.") == 1
    assert "This was not planned. Group size as planned: 4." in page
    with site.database.writing() as session:
        session.scalars(select(Activity).where(Activity.token == run.subject)).one().qualities = []
        session.scalars(select(Activity).where(Activity.token == run.subject)).one().group_size = None
    assert "planned." not in client.get(address).text


def _first_choice(page: str) -> str:
    return page.split('<option selected value="')[1].split('"', maxsplit=1)[0]


@pytest.mark.parametrize(
    ("way", "data", "status"),
    [
        ("/open", {"outcomes": ["\ud800", "z" * 100_000]}, 302),
        ("/nothing/close", {}, 404),
        ("/workshop_feedback/close", {}, 404),
        ("/workshop_use/call-off", {}, 404),
        ("/finding?form=workshop_feedback&result=useful&place=99999999999999999999", {}, 404),
    ],
)
def test_bad_input_is_answered(
    site: Site, class_of_six: str, way: str, data: dict[str, list[str]], status: int
) -> None:
    sent = {name: [text.encode("utf-8", "surrogatepass") for text in texts] for name, texts in data.items()}
    assert site.be(site.world.teacher).post(class_of_six + way, data=sent).status_code == status


def test_a_finding_with_faults_is_kept_as_typed(site: Site, class_of_six: str) -> None:
    client = site.be(site.world.teacher)
    client.post(f"{class_of_six}/open", data={})
    with site.database.writing() as session:
        answer(session, session.get_one(SurveyRun, _run(site.database).id), 5, useful="2")
    client.post(f"{class_of_six}/workshop_feedback/close")
    way = f"{class_of_six}/finding?form=workshop_feedback&result=useful"
    page = client.post(
        way,
        data={
            "text": "Learner1 was sad. " + "x" * 1200,
            "about": "definition:0",
            "kind": "no",
            "severity": "",
        },
    )
    assert page.status_code == 422 and "x" * 1200 in page.text
    assert "It names somebody" in page.text and "Choose what it is about." in page.text
    assert client.post(way, data={}).status_code == 422


def test_strangers_and_other_schools_see_nothing(site: Site, class_of_six: str) -> None:
    assert site.be(site.world.foreign_teacher).get(class_of_six).status_code == 404
