"""Nothing is public until its owner says so; what was opened is hidden again at once."""

import pytest
from sqlalchemy import select

from badge_service.awards.rules import AgeBand, Sharing
from badge_service.awards.tables import Award
from badge_service.backpack import actions
from badge_service.errors import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
)
from badge_service.people.rules import NOBODY
from badge_service.people.tables import Consent, Person
from badge_service.register.actions import mark_gone, read_published
from badge_service.storage.tables import AuditEntry

from .conftest import World


def share(world: World, token: str, sharing: str) -> None:
    with world.database.writing() as session:
        actions.set_sharing(session, world.mira, token, sharing)


def opened(world: World, token: str) -> actions.OpenBadge | None:
    with world.database.reading() as session:
        return actions.open_badge(session, token)


def is_served(world: World, token: str) -> bool:
    with world.database.reading() as session:
        return read_published(session, f"/credentials/{token}.json") is not None


def change(world: World, token: str, **values: object) -> None:
    with world.database.writing() as session:
        award = session.scalars(select(Award).where(Award.token == token)).one()
        for name, value in values.items():
            setattr(award, name, value)


def forget_age(world: World) -> None:
    with world.database.writing() as session:
        session.scalars(select(Person).where(Person.key == world.mira.key)).one().age_band = None


def test_an_accepted_badge_is_private_at_first(world: World) -> None:
    token = world.award()
    assert opened(world, token) is None
    assert not is_served(world, token)


def test_opening_by_link_shows_page_and_document_in_one_step(world: World) -> None:
    token = world.award()
    share(world, token, "link")
    badge = opened(world, token)
    assert badge is not None and badge.sharing is Sharing.LINK and badge.noindex
    assert is_served(world, token)


def test_a_listed_badge_may_be_found(world: World) -> None:
    token = world.award()
    share(world, token, "listed")
    badge = opened(world, token)
    assert badge is not None and not badge.noindex


def test_hiding_works_at_once(world: World) -> None:
    token = world.award()
    share(world, token, "listed")
    share(world, token, "private")
    assert opened(world, token) is None
    assert not is_served(world, token)


def test_a_new_edition_keeps_the_page_open_or_closed(world: World) -> None:
    shut, open_ = world.award(), world.award()
    share(world, open_, "link")
    world.with_name(shut, "Mira")
    world.with_name(open_, "Mira")
    assert not is_served(world, shut)
    assert is_served(world, open_)


@pytest.mark.parametrize("state", ["held", "declined"])
def test_what_was_not_accepted_cannot_be_opened(world: World, state: str) -> None:
    token = world.award(state=state)
    with pytest.raises((ConflictError, NotFoundError)), world.database.writing() as session:
        actions.set_sharing(session, world.mira, token, "link")
    change(world, token, sharing="link")  # even a wrong row shows nothing
    assert opened(world, token) is None


def test_a_held_badge_is_not_open_even_when_its_document_were_visible(world: World) -> None:
    token = world.award()
    share(world, token, "link")
    change(world, token, state="held", accepted_at=None)
    assert is_served(world, token)
    assert opened(world, token) is None


def test_a_badge_revoked_while_open_stays_open_to_say_so_and_can_be_hidden(world: World) -> None:
    token = world.award()
    share(world, token, "link")
    change(world, token, state="revoked")
    assert opened(world, token) is not None
    share(world, token, "private")
    assert opened(world, token) is None
    with pytest.raises(ConflictError, match="withdrawn"), world.database.writing() as session:
        actions.set_sharing(session, world.mira, token, "link")


def test_below_the_age_limit_nothing_goes_public_and_the_reason_is_said(world: World) -> None:
    token = world.award()
    with world.database.writing() as session:
        session.scalars(select(Person).where(Person.key == world.mira.key)).one().age_band = "under_limit"
    for sharing in ("link", "listed"):
        with pytest.raises(NotAllowedError, match="parent or guardian"), world.database.writing() as session:
            actions.set_sharing(session, world.mira, token, sharing)
    share(world, token, "private")
    assert opened(world, token) is None


@pytest.mark.parametrize("age_band", ["limit_to_17", "adult"])
def test_from_the_age_limit_on_learners_decide_alone(world: World, age_band: str) -> None:
    token = world.award()
    with world.database.writing() as session:
        session.scalars(select(Person).where(Person.key == world.mira.key)).one().age_band = age_band
    share(world, token, "link")
    assert opened(world, token) is not None


def test_while_the_age_is_unknown_nothing_goes_public(world: World) -> None:
    token = world.award()
    forget_age(world)
    for sharing in ("link", "listed"):
        with pytest.raises(NotAllowedError, match="when you were born"), world.database.writing() as session:
            actions.set_sharing(session, world.mira, token, sharing)
    share(world, token, "private")
    assert opened(world, token) is None


def test_the_age_is_answered_once(world: World) -> None:
    forget_age(world)
    with world.database.writing() as session:
        assert actions.answer_age(session, world.mira, AgeBand.UNDER_LIMIT)
    with world.database.writing() as session:
        assert not actions.answer_age(session, world.mira, AgeBand.ADULT)
    with world.database.reading() as session:
        person = session.scalars(select(Person).where(Person.key == world.mira.key)).one()
        assert person.age_band == "under_limit"


def test_another_learner_neither_sees_nor_opens_it(world: World) -> None:
    token = world.award()
    for viewer in (world.jan, NOBODY):
        with pytest.raises(NotFoundError), world.database.reading() as session:
            actions.find_own(session, viewer, token)
    with pytest.raises(NotFoundError), world.database.writing() as session:
        actions.set_sharing(session, world.jan, token, "link")
    assert opened(world, token) is None


def test_an_unsigned_badge_waits(world: World) -> None:
    token = world.award(signed=False)
    with pytest.raises(UnavailableError), world.database.writing() as session:
        actions.set_sharing(session, world.mira, token, "link")
    with world.database.reading() as session:
        badge = actions.find_own(session, world.mira, token)
        assert badge.is_signing and badge.contents is None
    share(world, token, "private")


def test_an_unknown_word_is_refused(world: World) -> None:
    token = world.award()
    with pytest.raises(InvalidError) as refused, world.database.writing() as session:
        actions.set_sharing(session, world.mira, token, "everybody")
    assert [fault.where for fault in refused.value.faults] == ["sharing"]


def test_each_opening_is_a_consent_that_hiding_withdraws(world: World) -> None:
    token = world.award()
    for sharing in ("link", "listed", "private"):
        share(world, token, sharing)
    share(world, token, "private")
    with world.database.reading() as session:
        consents = session.scalars(select(Consent).order_by(Consent.id)).all()
        assert [consent.kind for consent in consents] == ["badge_page.link", "badge_page.listed"]
        assert all(consent.withdrawn_at is not None for consent in consents)
        assert {consent.subject for consent in consents} == {f"award:{token}"}
        audited = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "badge.share").order_by(AuditEntry.id)
        ).all()
        assert [entry.details["after"] for entry in audited] == ["link", "listed", "private"]
        assert {entry.actor for entry in audited} == {world.mira.key}


def test_erased_while_open_is_gone_and_erased_while_private_is_unknown(world: World) -> None:
    open_, shut = world.award(), world.award()
    share(world, open_, "link")
    with world.database.writing() as session:
        for token in (open_, shut):
            mark_gone(session, f"/credentials/{token}.json")
    with world.database.reading() as session:
        assert actions.open_badge(session, open_) is None and actions.was_erased(session, open_)
        assert actions.open_badge(session, shut) is None and not actions.was_erased(session, shut)


def test_the_shelf_holds_own_badges_and_those_waiting(world: World) -> None:
    kept, revoked, held = world.award(), world.award(state="revoked"), world.award(state="held")
    world.award(state="declined")
    world.award(world.jan)
    with world.database.reading() as session:
        shelf = actions.badges_of(session, world.mira)
        assert [entry.token for entry in shelf.badges] == [revoked, kept]
        assert [entry.token for entry in shelf.waiting] == [held]
        assert actions.waiting_count(session, world.mira) == (1, 1)


def test_a_long_shelf_has_pages(world: World) -> None:
    for _ in range(actions.PAGE_SIZE + 1):
        world.award(signed=False)
    with world.database.reading() as session:
        first, last = (actions.badges_of(session, world.mira, page) for page in (1, 99))
    assert (first.page, first.pages, len(first.badges)) == (1, 2, actions.PAGE_SIZE)
    assert (last.page, len(last.badges)) == (2, 1)


def test_a_share_code_leads_to_an_open_badge_alone(world: World) -> None:
    token = world.award()
    with world.database.reading() as session:
        code = session.scalars(select(Award.share_code)).one()
        assert actions.find_by_share_code(session, code) is None
    share(world, token, "link")
    with world.database.reading() as session:
        for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('0', 'o')} "):
            found = actions.find_by_share_code(session, typed)
            assert found is not None and found.token == token


def test_a_typing_mistake_in_a_share_code_is_told_from_an_unknown_code(world: World) -> None:
    world.award()
    with world.database.reading() as session:
        code = session.scalars(select(Award.share_code)).one().replace("-", "")
        for place, letter in enumerate(code):
            wrong = code[:place] + ("7" if letter != "7" else "8") + code[place + 1 :]
            with pytest.raises(InvalidError):
                actions.find_by_share_code(session, wrong)


def test_listed_badges_of_a_definition_are_those_their_learners_listed(world: World) -> None:
    listed, by_link = world.award(), world.award()
    world.award()
    share(world, listed, "listed")
    share(world, by_link, "link")
    with world.database.reading() as session:
        definition_id = session.scalars(select(Award)).first().version.definition_id  # type: ignore[union-attr]
        assert [badge.token for badge in actions.listed_badges(session, definition_id)] == [listed]
