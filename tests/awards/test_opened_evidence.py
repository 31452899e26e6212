"""Evidence is its learner's to open and to close; taking it back leaves the badge as it was signed, and says so."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.actions.evidence import keep_piece
from badge_service.awards.actions.moving import move_learner
from badge_service.awards.rules import AgeBand
from badge_service.awards.tables import Award, Evidence
from badge_service.backpack import actions as backpack
from badge_service.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.tables import Consent, Person

from .conftest import World

ME = {"X-Person": "petya"}


@dataclass(frozen=True)
class Shelf:
    """Petya's accepted badge that rests on her photo and log, a photo of the group, and what a teacher saw."""

    badge: str
    photo: str
    log: str
    group: str
    seen: str
    client: FlaskClient


def photo() -> bytes:
    written = BytesIO()
    Image.new("RGB", (40, 30), "tan").save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def shelf(world: World, class_of_three: list[int], app: Flask) -> Shelf:
    folder, petya = world.settings.evidence_folder, class_of_three[0]
    with world.database.writing() as session:
        world.viewers["petya"] = viewer = people.load_viewer(session, petya)
        place = world.open(session)
        mine = {"person_id": petya}
        pieces = [
            keep_piece(session, viewer, *place, one, folder, by_learner=one.person_id == petya)
            for one in (
                actions.HandedIn("My basket", genre="photo", file=photo(), **mine),
                actions.HandedIn("My log", genre="log", text="Three baskets.", **mine),
                actions.HandedIn("All baskets", genre="photo", file=photo(), in_credential=True),
            )
        ]
        seen = actions.HandedIn("What I saw", genre="observation", text="An even weave.", **mine)
        pieces.append(keep_piece(session, world.viewers["teacher"], *place, seen, folder))
        tokens = [one.token for one in pieces]
    desk = f"/workshops/{world.token}/evidence/{tokens[0]}/in-badge"
    let_in = app.test_client().post(desk, data={"wanted": "y"}, headers={"X-Person": "teacher"})
    assert let_in.status_code == 302
    world.award(petya)
    with world.database.writing() as session:
        award = session.scalars(select(Award)).one()
        award.state, award.accepted_at = "accepted", award.decided_at
        session.get_one(Person, petya).age_band = AgeBand.ADULT
        badge = award.token
    return Shelf(badge, *tokens, app.test_client())


def wish(world: World, shelf: Shelf, piece: str, word: str, viewer: str = "petya") -> None:
    with world.database.writing() as session:
        backpack.set_piece(session, world.viewers[viewer], shelf.badge, piece, word)


def own(world: World, shelf: Shelf) -> dict[str, Any]:
    with world.database.reading() as session:
        found = backpack.own_pieces(session, world.viewers["petya"], shelf.badge)
        return {one.piece.title: one for one in found}


def test_a_piece_is_private_until_its_learner_opens_it_and_again_at_once(world: World, shelf: Shelf) -> None:
    client, public = shelf.client, f"/evidence/{shelf.photo}"
    unknown = client.get("/evidence/" + "x" * 22)
    closed = client.get(public)
    assert (
        closed.status_code == unknown.status_code == 404
        and closed.text.replace(shelf.photo, "x" * 22) == unknown.text
    )
    assert client.get(f"{public}/file").status_code == 404
    page = client.get(f"/badges/{shelf.badge}", headers=ME).text
    link = f"{world.settings.address}{public}"
    assert "My basket" in page and link not in page
    switch = f"/badges/{shelf.badge}/evidence/{shelf.photo}"
    assert client.post(switch, data={"evidence": "open"}, headers=ME).status_code == 303
    assert link in client.get(f"/badges/{shelf.badge}", headers=ME).text
    shown = client.get(public)
    assert shown.status_code == 200 and "My basket" in shown.text and "Petya" not in shown.text
    file = client.get(f"{public}/file")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Content-Security-Policy"] == "sandbox"
    for answer in (shown, file):
        assert answer.headers["X-Robots-Tag"] == "noindex" and answer.headers["Cache-Control"] == "no-store"
    with world.database.reading() as session:
        consent = session.scalars(select(Consent).where(Consent.kind == "evidence.link")).one()
        assert consent.withdrawn_at is None
    assert client.post(switch, data={"evidence": "closed"}, headers=ME).status_code == 303
    assert client.get(public).status_code == client.get(f"{public}/file").status_code == 404
    with world.database.reading() as session:
        assert session.get_one(Consent, consent.id).withdrawn_at is not None


def test_only_own_pieces_can_be_opened_and_only_by_their_learner(world: World, shelf: Shelf) -> None:
    assert set(own(world, shelf)) == {
        "My basket",
        "My log",
    }  # not the group's photo, nor what only a teacher saw
    assert {title for title, one in own(world, shelf).items() if one.is_signed} == {"My basket"}
    for piece in (shelf.group, shelf.seen, "x" * 22):
        with pytest.raises(NotFoundError):
            wish(world, shelf, piece, "open")
    with pytest.raises(NotFoundError):
        wish(world, shelf, shelf.photo, "open", viewer="teacher")
    with pytest.raises(InvalidError):
        wish(world, shelf, shelf.photo, "listed")


def test_nobody_opens_before_accepting_nor_below_the_age(world: World, shelf: Shelf) -> None:
    wish(world, shelf, shelf.log, "open")
    with world.database.writing() as session:
        person = session.scalars(select(Person).where(Person.key == world.viewers["petya"].key)).one()
        person.age_band = AgeBand.UNDER_LIMIT
    with pytest.raises(NotAllowedError):
        wish(world, shelf, shelf.photo, "open")
    wish(world, shelf, shelf.log, "closed")
    with world.database.writing() as session:
        award = session.scalars(select(Award)).one()
        award.state, award.accepted_at = "held", None
    with pytest.raises(ConflictError):
        wish(world, shelf, shelf.photo, "open")


@pytest.mark.parametrize("by", ["petya", "teacher"])
def test_taking_back_leaves_the_badge_as_signed_and_its_page_says_so(
    world: World, shelf: Shelf, by: str
) -> None:
    wish(world, shelf, shelf.photo, "open")
    file = world.settings.evidence_folder / shelf.photo
    assert file.exists()
    if by == "petya":
        way, data = f"/badges/{shelf.badge}/evidence/{shelf.photo}", {"evidence": "withdrawn"}
    else:
        way, data = f"/workshops/{world.token}/evidence/{shelf.photo}/withdraw", {}
    assert shelf.client.post(way, data=data, headers={"X-Person": by}).status_code in (302, 303)
    assert not file.exists()
    assert shelf.client.get(f"/evidence/{shelf.photo}").status_code == 404
    with world.database.reading() as session:
        activity, piece, group = backpack.evidence_now(session, shelf.badge)
        assert activity is None and piece is not None and group is not None
        assert piece.withdrawn_at is not None and group.withdrawn_at is None
        assert piece.title == "My basket" and (piece.digest or "").startswith("sha256-")
        assert session.scalars(select(Award)).one().ended_at is None
    page = shelf.client.get(f"/badges/{shelf.badge}", headers=ME).text
    assert "taken back" in page and piece.digest in page
    assert own(world, shelf)["My basket"].may_open is False
    with pytest.raises(NotFoundError):
        wish(world, shelf, shelf.photo, "open")


def test_a_wrong_claim_that_is_undone_closes_what_was_opened(
    world: World, shelf: Shelf, class_of_three: list[int]
) -> None:
    wish(world, shelf, shelf.photo, "open")
    with world.database.writing() as session:
        other = people.add_person(session, world.viewers["operator"], "The right one", "right@home.example")
        move_learner(session, session.scalars(select(Award)).one(), other.id)
    with world.database.reading() as session:
        piece = session.scalars(select(Evidence).where(Evidence.token == shelf.photo)).one()
        assert piece.opened_at is None and piece.person_id != class_of_three[0]
        assert session.scalars(select(Consent.withdrawn_at)).all() != [None]


def test_words_that_name_somebody_are_not_let_into_the_badge(world: World, shelf: Shelf) -> None:
    with world.database.writing() as session:
        session.scalars(
            select(Evidence).where(Evidence.token == shelf.log)
        ).one().text = "Petya Ivanova wove."
    with world.database.writing() as session, pytest.raises(InvalidError):
        place, _version = world.open(session)
        actions.let_into_badge(session, world.viewers["teacher"], place, shelf.log, wanted=True)
    way = f"/workshops/{world.token}/evidence/{shelf.log}/in-badge"
    them = {"X-Person": "teacher"}
    told = shelf.client.post(way, data={"wanted": "y"}, headers=them, follow_redirects=True).text
    assert "cannot stand in a badge" in told
    assert shelf.client.post(way, headers={"X-Person": "other-teacher"}).status_code == 404
