"""Awarding: everybody who is ready, once, by a named person; signed afterwards, held until the learner accepts."""

import itertools
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from badge_service.awards import actions
from badge_service.awards.actions import Decision, Occasion
from badge_service.awards.jobs import handlers
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.tables import Award, AwardBatch
from badge_service.curriculum import actions as curriculum
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.register.tables import Edition
from badge_service.storage import outbox
from badge_service.storage.session import Database
from badge_service.storage.tables import AuditEntry, OutboxJob
from badge_service.workshops.tables import Enrolment

from .conftest import World

LEVELS = ("beginning", "developing", "proficient", "exemplary")


def awards(world: World) -> list[Award]:
    with world.database.reading() as session:
        return list(session.scalars(select(Award).order_by(Award.id)))


def signed(world: World, award: Award) -> dict[str, Any]:
    with world.database.reading() as session:
        edition = register.current_edition(session, award.token)
        assert edition is not None and edition.signed_text is not None
        document: dict[str, Any] = json.loads(edition.signed_text)
        return document


def open_mails(world: World) -> list[OutboxJob]:
    with world.database.reading() as session:
        waiting = select(OutboxJob).where(OutboxJob.kind == "award_mail", OutboxJob.cancelled_at.is_(None))
        return list(session.scalars(waiting))


def test_everybody_ready_gets_a_signed_badge(world: World, class_of_three: list[int]) -> None:
    token = world.award(*class_of_three)
    with world.database.reading() as session:
        progress = actions.batch_progress(session, world.settings, world.batch(session, token))
    assert (progress.total, progress.signed, progress.waiting, progress.failed) == (3, 3, 0, 0)
    assert [line.name for line in progress.lines] == ["Petya Ivanova", "Boris Kolev", "Мария Георгиева"]


def test_a_badge_says_level_evidence_and_identity_and_names_nobody(
    world: World, class_of_three: list[int]
) -> None:
    world.award(*class_of_three)
    document = signed(world, awards(world)[0])
    subject = document["credentialSubject"]
    assert subject["id"].startswith("urn:uuid:") and "identifier" not in subject
    assert subject["activityStartDate"] == "2026-11-16T00:00:00Z"
    levels = [result["achievedLevel"].rsplit("-", 1)[1] for result in subject["result"]]
    assert levels == ["proficient", "proficient", "exemplary"]
    (evidence,) = document["evidence"]
    assert evidence["id"] == f"http://localhost:8000/activities/{world.token}"
    assert evidence["name"] == "Willow week, 20 November 2026"
    assert evidence["narrative"].endswith(
        "Learners in the group: 3. Identity of the learner: known to the assessor."
    )
    assert document["awardedDate"] == document["validFrom"] == "2026-11-21T09:00:00Z"
    (facts,) = document["relatedResource"]
    assert facts["id"].endswith("/achievements/willow-basket/1.0.0/eu-facts.json")
    text = json.dumps(document, ensure_ascii=False)
    assert not any(word in text for word in ("Petya", "Kolev", "Мария", "petya@school.example", "Teodora"))


def test_a_title_that_names_a_learner_is_not_signed(world: World) -> None:
    (person,) = world.enrol(("Willow Thompson", None))
    world.judge(person, "proficient", "proficient", "proficient")
    world.award(person)
    assert signed(world, awards(world)[0])["evidence"][0]["name"] == "Workshop, 20 November 2026"


def test_the_same_request_sent_twice_gives_the_same_badges(world: World, class_of_three: list[int]) -> None:
    assert world.award(*class_of_three, key="k") == world.award(*class_of_three, key="k")
    assert len(awards(world)) == 3
    assert len(open_mails(world)) == 2


def test_a_key_used_by_somebody_else_is_no_key_to_their_batch(
    world: World, class_of_three: list[int]
) -> None:
    world.award(class_of_three[0], key="k")
    with world.database.writing() as session:
        operator = world.viewers["operator"]
        lead = world.viewers["lead"]
        from badge_service.people import actions as people
        from badge_service.people.rules import Role

        school = people.organisation_by_slug(session, "craft-school")
        person = people.person_by_id(session, lead.person_id or 0)
        people.grant_role(session, operator, person, Role.TEACHER, school)
        world.viewers["second"] = people.load_viewer(session, person.id)
    with pytest.raises(ConflictError):
        world.award(class_of_three[1], key="k", viewer="second")


def test_who_has_the_badge_already_is_skipped_and_never_doubled(
    world: World, class_of_three: list[int]
) -> None:
    world.award(class_of_three[0], key="first")
    world.award(*class_of_three, key="second")
    assert sorted(award.person_id or 0 for award in awards(world)) == sorted(class_of_three)
    with pytest.raises(ConflictError):
        world.award(*class_of_three, key="third")


def test_a_list_that_no_longer_fits_awards_nobody(world: World, class_of_three: list[int]) -> None:
    world.judge(class_of_three[1], "beginning")
    with pytest.raises(InvalidError) as raised:
        world.award(*class_of_three)
    assert [fault.message for fault in raised.value.faults] == ["Boris Kolev is not ready any more."]
    assert awards(world) == []


def test_a_kill_between_intending_and_signing_is_resumed(world: World, class_of_three: list[int]) -> None:
    token = world.award(*class_of_three, sign=False)
    with world.database.reading() as session:
        batch = world.batch(session, token)
        assert actions.batch_progress(session, world.settings, batch).waiting == 3
        tokens = actions.sign_tokens(session, batch)
    assert register.sign_intended(world.database, world.keyring, document_tokens=tokens) == 3
    assert register.sign_intended(world.database, world.keyring, document_tokens=tokens) == 0
    with world.database.reading() as session:
        assert actions.batch_progress(session, world.settings, world.batch(session, token)).signed == 3


def test_a_held_badge_is_served_to_nobody(world: World, class_of_three: list[int]) -> None:
    world.award(*class_of_three)
    with world.database.reading() as session:
        for award in awards(world):
            assert register.read_published(session, f"/credentials/{award.token}.json") is None


def test_two_threads_pressing_the_button_at_once_give_one_award_each(
    world: World, class_of_three: list[int]
) -> None:
    outcomes: list[str] = []

    def press(key: str) -> None:
        try:
            outcomes.append(world.award(*class_of_three, key=key, sign=False))
        except ConflictError:
            outcomes.append("nobody left")

    threads = [threading.Thread(target=press, args=(key,)) for key in ("a", "b", "a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(awards(world)) == 3
    assert len({outcome for outcome in outcomes if outcome != "nobody left"}) == 1
    assert len(outcomes) == 4


@pytest.mark.slow
def test_five_hundred_awards_more_take_the_same_few_statements(world: World, database: Database) -> None:
    """Awarding takes as many statements for a thousand as for five hundred; signing adds a few for each batch."""
    sent: list[str] = []
    for engine in (database.engine, database.open(writing=False).get_bind()):
        event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))

    def statements(work: Callable[[], object]) -> int:
        sent.clear()
        work()
        return len(sent)

    everybody = world.enrol(*((f"Learner {place}", f"l{place}@school.example") for place in range(1_510)))
    with database.writing() as session:
        workshop, version = world.open(session)
        actions.set_levels_for_group(session, world.viewers["teacher"], workshop, version, "proficient")
        actions.set_limits(session, world.viewers["admin"], "craft-school", a_day=2_000, an_hour=2_000)
    chunk = {actions.AWARD_CHUNK: handlers(world.settings)[actions.AWARD_CHUNK]}

    def award(*confirmed: int, key: str) -> None:
        world.award(*confirmed, key=key, sign=False)
        outbox.run_due(database, chunk)

    def link() -> None:
        while outbox.run_due(database, {actions.AWARD_MAIL: handlers(world.settings)[actions.AWARD_MAIL]}):
            pass

    award(*everybody[:10], key="the first of this year")
    world.sign()
    link()
    few = statements(lambda: award(*everybody[10:510], key="few"))
    few_signed = statements(world.sign)
    few_linked = statements(link)
    many = statements(lambda: award(*everybody[510:], key="many"))
    many_signed = statements(world.sign)
    many_linked = statements(link)
    assert many == few, (few, many)
    assert many_linked == few_linked <= 15, (few_linked, many_linked)
    assert many_signed - few_signed <= 15, (few_signed, many_signed)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Edition)) == 1_510
        assert register.unsigned_count(session) == 0


def test_undo_takes_the_whole_batch_back_until_the_mails_leave(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    from dataclasses import replace

    world.settings = replace(world.settings, undo_minutes=10, mail_delay_minutes=10)
    token = world.award(*class_of_three)
    assert len(open_mails(world)) == 2
    with world.database.writing() as session:
        actions.undo_batch(session, world.viewers["teacher"], world.settings, token)
    assert open_mails(world) == []
    assert {award.state for award in awards(world)} == {"revoked"}
    with world.database.reading() as session:
        edition = register.current_edition(session, awards(world)[0].token)
        assert edition is not None
        told = register.explain(session, awards(world)[0].token, edition.status_position)
        assert told is not None and told.reason is RevocationReason.MISTAKE
    world.award(*class_of_three, key="again")
    assert len(awards(world)) == 6
    clock.advance(minutes=11)
    with world.database.writing() as session, pytest.raises(ConflictError):
        batch = session.scalars(select(AwardBatch).order_by(AwardBatch.id.desc())).first()
        assert batch is not None
        actions.undo_batch(session, world.viewers["teacher"], world.settings, batch.token)


def test_every_award_names_who_decided(world: World, class_of_three: list[int]) -> None:
    world.award(*class_of_three)
    assert {award.decided_by for award in awards(world)} == {world.viewers["teacher"].key}
    with world.database.reading() as session:
        lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "award")).all()
    assert {line.subject for line in lines} == {f"award:{award.token}" for award in awards(world)}


def test_a_teacher_of_another_school_finds_nothing(world: World, class_of_three: list[int]) -> None:
    token = world.award(*class_of_three)
    award = awards(world)[0].token
    stranger = world.viewers["other-teacher"]
    with world.database.writing() as session:
        with pytest.raises(NotFoundError):
            world.award(*class_of_three, key="x", viewer="other-teacher")
        with pytest.raises(NotFoundError):
            actions.undo_batch(session, stranger, world.settings, token)
        with pytest.raises(NotFoundError):
            actions.revoke_award(session, stranger, award, RevocationReason.MISTAKE)
        with pytest.raises(NotFoundError):
            actions.revoke_award(session, world.viewers["other-admin"], award, RevocationReason.MISTAKE)
        with pytest.raises(NotFoundError):
            actions.new_card(session, stranger, award)
        with pytest.raises(NotFoundError):
            actions.print_cards(session, stranger, token)
        with pytest.raises(NotFoundError):
            actions.undo_claim(session, stranger, award)


def test_the_schools_administrator_may_revoke_one_badge(world: World, class_of_three: list[int]) -> None:
    world.award(*class_of_three)
    first = awards(world)[0]
    with world.database.writing() as session:
        actions.revoke_award(session, world.viewers["admin"], first.token, RevocationReason.WITHDRAWN)
    with world.database.writing() as session, pytest.raises(ConflictError):
        actions.revoke_award(session, world.viewers["admin"], first.token, RevocationReason.WITHDRAWN)
    assert [award.state for award in awards(world)] == ["revoked", "held", "held"]


def test_a_school_cannot_claim_that_a_learner_declined(world: World, class_of_three: list[int]) -> None:
    world.award(*class_of_three)
    with world.database.writing() as session, pytest.raises(InvalidError):
        actions.revoke_award(
            session, world.viewers["teacher"], awards(world)[0].token, RevocationReason.DECLINED
        )


GROUPS = itertools.count()
"""Every example of a property enrols people of its own."""


def expected_ready(levels: list[str | None], reason: bool) -> bool:
    points = [LEVELS.index(level) + 1 if level else 0 for level in levels]
    if all(point >= 3 for point in points):
        return True
    return sorted(points)[0] == 2 and sorted(points)[1] >= 3 and sum(points) >= 9 and reason


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from([None, *LEVELS]), min_size=3, max_size=3), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_exactly_the_ready_ones_are_awarded(world: World, group: list[tuple[list[str | None], bool]]) -> None:
    turn = next(GROUPS)
    ids = world.enrol(*((f"Somebody {turn}-{place}", None) for place in range(len(group))))
    ready = set()
    for person_id, (levels, reason) in zip(ids, group, strict=True):
        world.judge(person_id, *levels)
        with world.database.writing() as session:
            workshop, version = world.open(session)
            text = "She explained it well." if reason else ""
            actions.give_reason(session, world.viewers["teacher"], workshop, version, person_id, text)
        if expected_ready(levels, reason):
            ready.add(person_id)
    with world.database.reading() as session:
        workshop, version = world.open(session)
        rows = [
            row for row in actions.readiness_of(session, workshop, version) if row.learner.person_id in ids
        ]
    assert {row.learner.person_id for row in rows if row.ready} == ready
    if ready:
        world.award(*ready, key=f"key {ids}", sign=False)
    given_to = {award.person_id for award in awards(world)} & set(ids)
    assert given_to == ready


def test_nobody_assesses_in_a_foreign_workshop(world: World, class_of_three: list[int]) -> None:
    stranger = world.viewers["other-teacher"]
    with world.database.writing() as session:
        workshop, version = world.open(session)
        with pytest.raises(NotFoundError):
            cells: dict[tuple[int, str], str | None] = {(class_of_three[0], "C1"): "beginning"}
            actions.set_levels(session, stranger, workshop, version, cells)
        with pytest.raises(NotFoundError):
            actions.set_levels_for_group(session, stranger, workshop, version, "proficient")
        with pytest.raises(NotFoundError):
            actions.give_reason(session, stranger, workshop, version, class_of_three[0], "Because.")
        with pytest.raises(NotFoundError):
            handed_in = actions.HandedIn("A basket", text="Seen.")
            actions.add_evidence(
                session, stranger, workshop, version, handed_in, world.settings.evidence_folder
            )


def test_nothing_is_awarded_for_a_workshop_that_has_not_begun(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    clock.advance(days=-10)
    with pytest.raises(ConflictError):
        world.award(*class_of_three)
    assert awards(world) == []


def test_a_withdrawn_version_is_not_given_any_more_and_its_badges_stay_as_they_are(
    world: World, class_of_three: list[int]
) -> None:
    world.award(class_of_three[0])
    before = signed(world, awards(world)[0])
    with world.database.writing() as session:
        workshop, version = world.open(session)
        curriculum.withdraw(
            session, world.viewers["lead"], version.id, reason="Nobody grows willow any more."
        )
        levels = {criterion["id"]: "proficient" for criterion in version.content["rubric"]["criteria"]}
        decider = world.viewers["teacher"].acting_key()
        occasion = Occasion(workshop.activity, version, decider, IdentityCheck.KNOWN, learner_names=())
        with pytest.raises(ConflictError, match="not awarded any more"):
            actions.decide(session, world.settings, occasion, [Decision(class_of_three[1], levels, (), 0)])
    (kept,) = awards(world)
    assert signed(world, kept) == before


def test_levels_set_for_the_whole_group_need_the_assessors_word_for_each(
    world: World, class_of_three: list[int]
) -> None:
    late = world.enrol(("Late Learner", None))[0]
    with world.database.writing() as session:
        workshop, version = world.open(session)
        actions.set_levels_for_group(session, world.viewers["teacher"], workshop, version, "proficient")
    with pytest.raises(InvalidError) as refused:
        world.award(class_of_three[0], late, saw_each=False)
    assert [fault.where for fault in refused.value.faults] == ["saw_each"]
    assert world.award(*class_of_three, key="judged one by one", saw_each=False)
    batch = world.award(late, key="seen")
    with world.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "award.saw_each")).one()
        assert (entry.subject, entry.details) == (f"batch:{batch}", {"learners": 1})


@pytest.fixture
def teacher_among_learners(world: World, class_of_three: list[int]) -> int:
    """The teacher takes part in the own workshop; the levels were set by a colleague."""
    teacher = world.viewers["teacher"]
    (own,) = world.enrol(("Teodora Teacher", None))
    with world.database.writing() as session:
        workshop, version = world.open(session)
        entry = session.scalars(select(Enrolment).where(Enrolment.person_id == own)).one()
        entry.person_id = teacher.person_id or 0
        session.flush()
        cells: dict[tuple[int, str], str | None] = {
            (teacher.person_id or 0, f"C{place}"): "proficient" for place in (1, 2, 3)
        }
        colleague = replace(teacher, person_id=class_of_three[0])
        actions.set_levels(session, colleague, workshop, version, cells)
    return teacher.person_id or 0


def test_a_teacher_on_the_class_list_never_awards_themself(
    world: World, class_of_three: list[int], teacher_among_learners: int
) -> None:
    with pytest.raises(InvalidError) as refused:
        world.award(*class_of_three, teacher_among_learners)
    assert [fault.code for fault in refused.value.faults] == ["own"]
    assert awards(world) == []
    world.award(*class_of_three, key="two")
    assert len(awards(world)) == 3


def test_a_teacher_on_the_class_list_never_sets_their_own_levels(
    world: World, class_of_three: list[int], teacher_among_learners: int
) -> None:
    with world.database.writing() as session:
        workshop, version = world.open(session)
        colleague = replace(world.viewers["teacher"], person_id=class_of_three[0])
        actions.set_levels(session, colleague, workshop, version, {(teacher_among_learners, "C3"): None})
        with pytest.raises(InvalidError) as refused:
            cells: dict[tuple[int, str], str | None] = {(teacher_among_learners, "C1"): "exemplary"}
            actions.set_levels(session, world.viewers["teacher"], workshop, version, cells)
        assert [fault.code for fault in refused.value.faults] == ["own"]
        set_for_all = actions.set_levels_for_group(
            session, world.viewers["teacher"], workshop, version, "proficient"
        )
        assert set_for_all == 0


def test_nobody_is_awarded_on_evidence_that_is_neither_attached_nor_said_to_be_seen(
    world: World, class_of_three: list[int]
) -> None:
    with pytest.raises(InvalidError) as refused:
        world.award(*class_of_three, saw_evidence=False)
    assert [fault.where for fault in refused.value.faults] == ["saw_evidence"]
    assert awards(world) == []
    for _press in range(2):
        world.award(*class_of_three, saw_evidence=True)
    with world.database.reading() as session:
        seen = session.scalars(select(AuditEntry).where(AuditEntry.action == "award.evidence_seen")).all()
    assert [entry.details for entry in seen] == [{"learners": 3}]
