"""A run from its opening to its results: who is asked, what is kept of an answer, what its close makes of it."""

import pytest
from sqlalchemy import select

from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.storage import outbox
from badge_service.storage.bulk import insert_rows
from badge_service.storage.tables import OutboxJob
from badge_service.surveys import actions, jobs
from badge_service.surveys.actions.answering import MOST_ANSWERS
from badge_service.surveys.showing import shown
from badge_service.surveys.tables import SurveyInvitation, SurveyResponse
from badge_service.web import mail

from .conftest import World

FULL = {"useful": "5", "clear": "4", "o1.before": "1", "o1.after": "3"}


def links(world: World) -> list[str]:
    """The one-time parts of the links in the mails that wait, in their order."""
    jobs_ = world.session.scalars(select(OutboxJob).where(OutboxJob.kind == mail.KIND).order_by(OutboxJob.id))
    texts = [job.payload[outbox.ONCE]["text"] for job in jobs_]
    return [text.split("/feedback/mine/")[1].split()[0] for text in texts]


def test_one_thing_is_asked_about_once_a_form(world: World) -> None:
    world.run()
    with pytest.raises(ConflictError):
        world.run()


def test_another_school_finds_nothing(world: World) -> None:
    run = world.run()
    with pytest.raises(NotFoundError):
        actions.close_run(world.session, world.foreign, run, [])


def test_an_answer_says_its_day_and_nothing_about_who(world: World) -> None:
    run = world.run()
    world.answer(run, **FULL, change="More time.")
    kept = world.session.scalars(select(SurveyResponse)).one()
    assert kept.answers == {"useful": 5, "clear": 4, "o1.before": 1, "o1.after": 3}
    assert kept.words == {"change": "More time."}
    assert {column.name for column in SurveyResponse.__table__.columns} == {
        "id",
        "run_id",
        "day",
        "answers",
        "words",
    }


def test_everything_wrong_is_named_at_once(world: World) -> None:
    run = world.run()
    with pytest.raises(InvalidError) as refused:
        world.answer(run, useful="6", **{"o1.before": "often"}, change="x" * 501, keep="\x00")
    assert {fault.where for fault in refused.value.faults} == {"useful", "o1.before", "change", "keep"}


def test_nothing_answered_is_refused_and_rather_not_counts_as_nothing(world: World) -> None:
    run = world.run()
    with pytest.raises(InvalidError):
        world.answer(run, useful="0")


def test_results_come_at_the_close_and_no_answer_after_it(world: World) -> None:
    run = world.run()
    for _ in range(5):
        world.answer(run, **FULL)
    assert shown(run, "en").blocks == ()
    actions.close_run(world.session, world.teacher, run, [])
    by_key = shown(run, "nl").by_key
    assert by_key["useful"].n == 5 and by_key["useful"].rows[4].count == 5
    assert by_key["o1"].rows[2].later == 5 and by_key["useful"].language == "nl"
    with pytest.raises(ConflictError):
        world.answer(run, **FULL)


def test_with_four_answers_nothing_is_shown_and_their_words_are_gone(world: World) -> None:
    run = world.run()
    for _ in range(4):
        world.answer(run, useful="1", change="Shorter breaks.")
    actions.close_run(world.session, world.teacher, run, [])
    assert shown(run, "en").blocks == () and actions.words_of(world.session, run) == {}
    assert all(words == {} for words in world.session.scalars(select(SurveyResponse.words)))


def test_names_and_addresses_are_taken_out_of_the_words_for_good(world: World) -> None:
    run = world.run()
    world.answer(
        run,
        useful="3",
        change="Learner2 talks a lot, ask jan@example.org or 06-12345678. It was on 2026-11-21.",
    )
    for _ in range(4):
        world.answer(run, useful="3")
    actions.close_run(world.session, world.teacher, run, [one.name for one in world.people])
    told = actions.words_of(world.session, run)["change"][0]
    assert told == "[…] talks a lot, ask […] or […]. It was on 2026-11-21."


def test_a_mail_takes_one_answer_and_its_run_forgets_whom_it_asked(world: World) -> None:
    run = world.run("workshop_use")
    assert actions.invite(world.session, world.settings, run, world.recipients()) == 5
    token = links(world)[0]
    items = actions.form_of(run).items
    actions.answer(world.session, actions.way_by_link(world.session, token), items, {"used": ["3"]})
    with pytest.raises(ConflictError):
        actions.answer(world.session, actions.way_by_link(world.session, token), items, {"used": ["3"]})
    assert token not in str([row.token_hash for row in world.session.scalars(select(SurveyInvitation))])
    actions.close_run(world.session, None, run, [])
    assert world.session.scalars(select(SurveyInvitation)).all() == []
    with pytest.raises(NotFoundError):
        actions.way_by_link(world.session, token)


def test_the_reminder_goes_once_to_those_who_have_not_answered_and_both_links_work(world: World) -> None:
    run = world.run("workshop_use")
    actions.invite(world.session, world.settings, run, world.recipients())
    first = links(world)
    items = actions.form_of(run).items
    actions.answer(world.session, actions.way_by_link(world.session, first[0]), items, {"used": ["1"]})
    assert actions.remind(world.session, world.settings, run, world.recipients()) == 4
    assert actions.remind(world.session, world.settings, run, world.recipients()) == 0
    second = links(world)[5:]
    assert (
        actions.way_by_link(world.session, first[1]).invitation
        is actions.way_by_link(world.session, second[0]).invitation
    )


def test_whoever_said_no_is_not_asked_and_fewer_than_five_are_never_asked(world: World) -> None:
    run = world.run("workshop_use")
    actions.invite(world.session, world.settings, run, world.recipients())
    actions.want_no_mails(world.session, actions.way_by_link(world.session, links(world)[2]))
    later = world.run("workshop_results")
    assert actions.invite(world.session, world.settings, later, world.recipients()) == 0
    assert len(links(world)) == 5


def test_a_year_after_the_close_single_answers_are_deleted_and_the_counts_stay(world: World) -> None:
    run = world.run()
    for _ in range(5):
        world.answer(run, **FULL)
    actions.close_run(world.session, world.teacher, run, [])
    job = world.session.scalars(select(OutboxJob).where(OutboxJob.kind == actions.FORGET)).one()
    assert (job.due_at - run.closed_at).days == 365
    jobs.HANDLERS[actions.FORGET](world.session, job.payload)  # type: ignore[operator]
    assert world.session.scalars(select(SurveyResponse)).all() == []
    assert shown(run, "en").by_key["useful"].n == 5


def test_items_are_drawn_in_turn_so_that_each_is_answered_about_as_often(world: World) -> None:
    run = world.run()
    for _ in range(10):
        drawn = actions.draw(world.session, run)
        world.answer(run, **dict.fromkeys(drawn, "4"))
    counts = [
        sum(item.key in one for one in world.session.scalars(select(SurveyResponse.answers)))
        for item in actions.form_of(run).part("reaction")
    ]
    assert counts == [4] * 5


def test_one_code_takes_no_more_answers_than_the_largest_workshop_has_places(world: World) -> None:
    run = world.run()
    insert_rows(
        world.session,
        SurveyResponse,
        same={"run_id": run.id, "day": run.opens_on, "words": {}},
        varying={"answers": ['{"useful": 5}'] * MOST_ANSWERS},
    )
    with pytest.raises(ConflictError) as refused:
        world.answer(run, **FULL)
    assert refused.value.code == "survey.full"
