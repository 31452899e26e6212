"""What strangers may try, and how often: codes by whichever verb, mails by one card, evidence by its links."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.rules import EvidenceKind, evidence_faults
from badge_service.awards.tables import Award, Evidence
from badge_service.storage.tables import AuditEntry, OutboxJob
from badge_service.web import mail
from badge_service.workshops.tables import WorkshopVersion
from tests.pdfs import PDF

from .conftest import World

TEACHER = {"X-Person": "teacher"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def code(world: World, class_of_three: list[int]) -> str:
    batch = world.award(*class_of_three)
    with world.database.writing() as session:
        (card,) = actions.print_cards(session, world.viewers["teacher"], batch)
    return card.code


def test_asking_for_the_head_of_a_wrong_code_counts_as_looking(world: World, client: FlaskClient) -> None:
    wrong = "/claim/0000-0000-0000"
    assert [client.head(wrong).status_code for _try in range(6)] == [404] * 5 + [429]
    assert client.get(wrong).status_code == 429
    with world.database.reading() as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "claim.wrong_code")).all()
    assert len(noted) == 5


def test_asking_for_the_head_of_a_waiting_badge_answers_nothing(
    world: World, client: FlaskClient, code: str
) -> None:
    with world.database.reading() as session:
        award = actions.look_at_claim(session, code).award
        world.viewers["boris"] = actions_viewer(session, award)
    path = f"/claim/waiting/{award.token}"
    assert client.head(path, headers={"X-Person": "boris"}).status_code == 200
    assert client.head(f"/claim/{code}").status_code == 200


def actions_viewer(session: Any, award: Award) -> Any:
    from badge_service.people.actions import load_viewer

    return load_viewer(session, award.person_id)


def ask_for_mail(client: FlaskClient, code: str, email: str) -> int:
    answer = {"answer": "accept", "name_choice": "without", "email": email}
    return client.post(f"/claim/{code}", data=answer).status_code


def test_one_card_sends_three_mails_an_hour_at_most(
    world: World, client: FlaskClient, code: str, clock: Any
) -> None:
    assert [ask_for_mail(client, code, f"stranger{n}@other.example") for n in range(5)] == [200] * 3 + [
        422
    ] * 2
    with world.database.reading() as session:
        promised = session.scalars(select(OutboxJob).where(OutboxJob.kind == mail.KIND)).all()
    assert len(promised) == 3
    clock.advance(minutes=61)
    assert ask_for_mail(client, code, "boris@home.example") == 200


LINK = "https://school.example/basket"


@pytest.mark.parametrize(
    ("changes", "where", "code"),
    [
        ({"kind": EvidenceKind.FILE, "url": "javascript:alert(1)"}, "url", "url"),
        ({"kind": EvidenceKind.TEXT, "text": "Seen.", "url": "http://school.example/x"}, "url", "url"),
        ({"url": f"{LINK}\u202egpj.exe"}, "url", "url"),
        ({"url": f"{LINK}\x07"}, "url", "url"),
        ({"title": "Basket \u202etxet"}, "title", "control_character"),
        ({"title": "Two\nlines"}, "title", "control_character"),
        ({"text": "seen\x00"}, "text", "control_character"),
        ({"url": f"{LINK}/petya_ivanova.jpg"}, "url", "lint.name"),
        ({"url": f"{LINK}/%D0%9C%D0%B0%D1%80%D0%B8%D1%8F"}, "url", "lint.name"),
        ({"url": f"{LINK}?by=ana@school.example"}, "url", "lint.email"),
        ({"url": f"{LINK}?by=ana%40school.example"}, "url", "lint.email"),
    ],
)
def test_what_a_piece_of_evidence_may_not_carry(changes: dict[str, Any], where: str, code: str) -> None:
    given: dict[str, Any] = {
        "kind": EvidenceKind.LINK,
        "title": "A finished basket",
        "text": "",
        "url": LINK,
        "genre": "photo",
        "in_credential": True,
        "learner_names": ["Petya Ivanova", "Мария Георгиева"],
    }
    found = {(fault.where, fault.code) for fault in evidence_faults(**given | changes)}
    assert (where, code) in found
    assert evidence_faults(**given) == []


def test_a_text_of_several_lines_and_a_link_with_long_numbers_pass() -> None:
    assert not evidence_faults(
        EvidenceKind.LINK,
        title="A finished basket",
        text="First line.\r\nSecond line.",
        url="https://school.example/photos/20261121093000123",
        genre="photo",
        in_credential=True,
        learner_names=["Petya Ivanova"],
    )


def hand_in(world: World, client: FlaskClient, **more: Any) -> Any:
    path = f"/workshops/{world.token}/assess/{world.slug}/1.0.0/evidence"
    data = {"title": "The log", "genre": "log", "learner": "", **more}
    return client.post(path, data=data, headers=TEACHER)


def pdf() -> Any:
    import io

    return io.BytesIO(PDF), "log.pdf"


def test_a_file_comes_with_no_link_that_is_none(world: World, client: FlaskClient) -> None:
    sent = hand_in(world, client, file=pdf(), url="javascript:alert(document.cookie)")
    assert sent.status_code == 422 and "A link starts with https://" in sent.text
    with world.database.reading() as session:
        assert session.scalar(select(Evidence)) is None


def test_a_file_taken_back_is_gone(world: World, client: FlaskClient) -> None:
    assert hand_in(world, client, file=pdf()).status_code == 302
    (kept,) = world.settings.evidence_folder.iterdir()
    taken = client.post(f"/workshops/{world.token}/evidence/{kept.name}/withdraw", headers=TEACHER)
    assert taken.status_code == 302
    assert list(world.settings.evidence_folder.iterdir()) == []


def test_evidence_for_a_credential_that_left_the_workshop_is_not_found(
    world: World, client: FlaskClient
) -> None:
    assert hand_in(world, client, file=pdf()).status_code == 302
    (kept,) = world.settings.evidence_folder.iterdir()
    with world.database.writing() as session:
        workshop, _version = world.open(session)
        session.query(WorkshopVersion).filter_by(workshop_id=workshop.id).delete()
    taken = client.post(f"/workshops/{world.token}/evidence/{kept.name}/withdraw", headers=TEACHER)
    assert taken.status_code == 404
    assert kept.is_file()
