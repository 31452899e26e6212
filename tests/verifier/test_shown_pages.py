"""A badge page is made once and shown again, until the very moment that something it rests on changes."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from badge_service.awards.actions.editions import intend_next, latest_content
from badge_service.awards.actions.evidence import facts_of
from badge_service.awards.rules.content import own_evidence
from badge_service.awards.tables import Award, Evidence
from badge_service.backpack.actions import set_piece, set_sharing
from badge_service.people.tables import Organisation
from badge_service.register.actions import refresh_status_lists, revoke
from badge_service.register.rules import RevocationReason
from badge_service.storage.session import now
from badge_service.verifier import actions


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens for which a verdict was made."""
    made: list[str] = []
    judge_own = actions.judge_own

    def noted(desk: Any, token: str) -> Any:
        made.append(token)
        return judge_own(desk, token)

    monkeypatch.setattr(actions, "judge_own", noted)
    return made


def test_the_same_page_needs_no_second_verdict(
    client: FlaskClient, open_badge: str, judged: list[str]
) -> None:
    first = client.get(f"/credentials/{open_badge}")
    second = client.get(f"/credentials/{open_badge}")
    assert second.data == first.data and second.headers["X-Robots-Tag"] == "noindex"
    assert judged == [open_badge]


def test_each_language_has_its_own(client: FlaskClient, open_badge: str, judged: list[str]) -> None:
    pages = {
        client.get(f"/credentials/{open_badge}", headers={"Accept-Language": language}).text
        for language in ("en", "nl", "bg", "en", "nl", "bg")
    }
    assert len(pages) == 3 and len(judged) == 3


def test_a_withdrawal_shows_at_once(world: Any, client: FlaskClient, open_badge: str) -> None:
    assert "verdict-genuine" in client.get(f"/credentials/{open_badge}").text
    with world.database.writing() as session:
        revoke(session, open_badge, RevocationReason.MISTAKE, actor=None)
    refresh_status_lists(world.database, world.keyring)
    assert "verdict-invalid" in client.get(f"/credentials/{open_badge}").text


def test_a_closed_page_is_closed_at_once(world: Any, client: FlaskClient, open_badge: str) -> None:
    assert client.get(f"/credentials/{open_badge}").status_code == 200
    with world.database.writing() as session:
        set_sharing(session, world.mira, open_badge, "private")
    assert client.get(f"/credentials/{open_badge}").status_code == 404


def test_a_badge_that_may_be_found_says_so_at_once(world: Any, client: FlaskClient, open_badge: str) -> None:
    assert "X-Robots-Tag" in client.get(f"/credentials/{open_badge}").headers
    with world.database.writing() as session:
        set_sharing(session, world.mira, open_badge, "listed")
    assert "X-Robots-Tag" not in client.get(f"/credentials/{open_badge}").headers


def test_a_new_edition_shows_at_once(world: Any, client: FlaskClient, open_badge: str) -> None:
    assert "No name in this badge" in client.get(f"/credentials/{open_badge}").text
    world.with_name(open_badge, "Мира Петрова")
    refresh_status_lists(world.database, world.keyring)
    assert "Issued to Мира Петрова" in client.get(f"/credentials/{open_badge}").text


def test_another_name_of_the_school_shows_at_once(world: Any, client: FlaskClient, open_badge: str) -> None:
    client.get(f"/credentials/{open_badge}")
    with world.database.writing() as session:
        session.query(Organisation).filter_by(name="Friese Vakschool").one().name = "Vakschool Fryslân"
    assert "Vakschool Fryslân" in client.get(f"/credentials/{open_badge}").text


def test_after_a_minute_the_verdict_is_made_anew(
    client: FlaskClient, open_badge: str, judged: list[str], clock: Any
) -> None:
    for seconds in (0, 59, 1):
        clock.advance(seconds=seconds)
        client.get(f"/credentials/{open_badge}")
    assert judged == [open_badge] * 2


def test_pages_with_parameters_or_a_session_are_not_kept(
    client: FlaskClient, open_badge: str, judged: list[str]
) -> None:
    for _ in range(2):
        client.get(f"/credentials/{open_badge}?from=x")
    client.set_cookie("session", "something")
    for _ in range(2):
        client.get(f"/credentials/{open_badge}")
    assert judged == [open_badge] * 4


def test_evidence_that_is_opened_or_withdrawn_shows_at_once(
    world: Any, client: FlaskClient, open_badge: str
) -> None:
    with world.database.writing() as session:
        award = session.query(Award).filter_by(token=open_badge).one()
        told = {"kind": "text", "genre": "log", "title": "My log", "text": "Three baskets."}
        ground = {"activity_id": award.activity_id, "version_id": award.version_id}
        whose = {"person_id": award.person_id, "by_learner": True, "added_by": world.mira.key}
        piece = Evidence(token="log", in_credential=True, added_at=now(session), **told, **ground, **whose)
        session.add(piece)
        content = dict(latest_content(session, award))
        content["evidence"] = [*content["evidence"], own_evidence(facts_of(piece))]
        intend_next(session, award, content, name=None)
    world.sign()
    refresh_status_lists(world.database, world.keyring)

    def shown(wish: str = "") -> str:
        if wish:
            with world.database.writing() as session:
                set_piece(session, world.mira, open_badge, "log", wish)
        return client.get(f"/credentials/{open_badge}").text

    assert "My log" in shown() and "/evidence/log" not in shown()
    assert 'href="/evidence/log"' in shown("open")
    assert "/evidence/log" not in shown("closed")
    gone = shown("withdrawn")
    assert "My log" in gone and "Three baskets." in gone and "withdrawn on" in gone
    assert "verdict-genuine" in gone
