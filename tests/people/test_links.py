"""One-time links: hashed, spent once, never by looking, ended by five wrong digits, renewable when too old."""

import json

import pytest
from sqlalchemy import select, text

from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people import actions
from badge_service.people.actions import LinkState
from badge_service.people.tables import LinkToken
from badge_service.storage.session import Database


def issue(database: Database, **payload: object) -> actions.IssuedLink:
    with database.writing() as session:
        return actions.issue_link(session, "sign_in", "Ana@School.example ", None, payload)


def test_neither_token_nor_digits_nor_page_are_stored(database):
    link = issue(database)
    with database.reading() as session:
        stored = json.dumps(
            [list(map(str, row)) for row in session.execute(text("SELECT * FROM link_tokens"))]
        )
    assert link.token not in stored
    assert link.digits not in stored
    assert link.page not in stored
    assert len(link.token) == 43


def test_looking_never_spends(database):
    link = issue(database, next="/badges")
    for _ in range(3):
        with database.reading() as session:
            seen = actions.look_at_link(session, link.token)
    assert (seen.state, seen.payload, seen.email) == (
        LinkState.OPEN,
        {"next": "/badges"},
        "ana@school.example",
    )


def test_a_second_use_is_refused(database):
    link = issue(database)
    with database.writing() as session:
        assert actions.spend_link(session, link.token).purpose == "sign_in"
    with database.writing() as session, pytest.raises(ConflictError) as refused:
        actions.spend_link(session, link.token)
    assert refused.value.code == "link.used"
    with database.writing() as session, pytest.raises(ConflictError):
        actions.spend_digits(session, link.page, link.digits)


def test_digits_work_once_on_their_own_page_only(database):
    link, other = issue(database), issue(database)
    with database.writing() as session, pytest.raises(InvalidError):
        actions.spend_digits(session, other.page, link.digits)
    with database.writing() as session:
        spaced = f"{link.digits[:3]} {link.digits[3:]}"
        assert actions.spend_digits(session, link.page, spaced).email == "ana@school.example"
    with database.reading() as session:
        assert actions.look_at_link(session, link.token).state is LinkState.USED


def test_five_wrong_tries_end_digits_and_link(database):
    link = issue(database)
    wrong = "000000" if link.digits != "000000" else "111111"
    for _ in range(5):
        with database.writing() as session:
            with pytest.raises(InvalidError):
                actions.spend_digits(session, link.page, wrong)
            session.commit()
    with database.writing() as session, pytest.raises(ConflictError):
        actions.spend_digits(session, link.page, link.digits)
    with database.writing() as session, pytest.raises(ConflictError):
        actions.spend_link(session, link.token)


def test_an_expired_link_can_be_renewed_once(database, clock):
    link = issue(database, next="/badges")
    clock.advance(minutes=30)
    with database.writing() as session, pytest.raises(ConflictError) as refused:
        actions.spend_link(session, link.token)
    assert refused.value.code == "link.expired"
    with database.writing() as session:
        old, fresh = actions.renew_link(session, link.token)
    assert old.email == "ana@school.example"
    with database.writing() as session, pytest.raises(ConflictError):
        actions.renew_link(session, link.token)
    with database.writing() as session:
        assert actions.spend_link(session, fresh.token).payload == {"next": "/badges"}


def test_a_used_or_open_link_cannot_be_renewed(database, clock):
    link = issue(database)
    with database.writing() as session, pytest.raises(ConflictError):
        actions.renew_link(session, link.token)
    with database.writing() as session:
        actions.spend_link(session, link.token)
    clock.advance(hours=1)
    with database.writing() as session, pytest.raises(ConflictError):
        actions.renew_link(session, link.token)


def test_a_link_to_nobody_can_never_be_spent(database):
    with database.writing() as session:
        link = actions.issue_nothing(session)
        assert actions.look_at_page(session, link.page) is LinkState.OPEN
        with pytest.raises(InvalidError):
            actions.spend_digits(session, link.page, link.digits)


def test_unknown_links_are_not_found(database):
    with database.writing() as session:
        for verb in (actions.look_at_link, actions.spend_link, actions.renew_link):
            with pytest.raises(NotFoundError):
                verb(session, "unknown")


def test_links_are_forgotten_a_month_after_they_end(database, clock):
    issue(database)
    clock.advance(days=31)
    issue(database)
    with database.reading() as session:
        assert len(session.scalars(select(LinkToken)).all()) == 1
