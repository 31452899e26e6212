"""The pages: a teacher without JavaScript, a learner with a code, a stranger with a wrong one."""

import re
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.tables import Award, AwardBatch
from badge_service.storage.tables import AuditEntry
from badge_service.web import uploads
from badge_service.web.pictures import keep_evidence
from tests.pdfs import PDF

from .conftest import World

TEACHER = {"X-Person": "teacher"}
PASSPHRASE = "willow basket river stone"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def matrix(world: World) -> str:
    return f"/workshops/{world.token}/assess/{world.slug}/1.0.0"


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def award_by_pages(world: World, client: FlaskClient, **answers: Any) -> str:
    page = client.get(f"{matrix(world)}/award", headers=TEACHER).text
    form = {
        "key": key_of(page),
        "learner": ["1", "2", "3"],
        "identity_check": "known",
        "seen": "y",
        "saw_each": "y",
    } | answers
    sent = client.post(f"{matrix(world)}/award", data=form, headers=TEACHER)
    assert sent.status_code == 302, sent.text
    again = client.post(f"{matrix(world)}/award", data=form, headers=TEACHER)
    assert again.location == sent.location
    return sent.location


def test_missing_evidence_is_listed_and_needs_a_deliberate_tick(
    world: World, client: FlaskClient, class_of_three: list[int]
) -> None:
    page = client.get(f"{matrix(world)}/award", headers=TEACHER).text
    assert "Log of rods, soaking and hours" in page and "Petya Ivanova: 0 / 5" in page
    form = {"key": key_of(page), "learner": ["1"], "identity_check": "known"}
    refused = client.post(f"{matrix(world)}/award", data=form, headers=TEACHER)
    assert refused.status_code == 422 and "tick that you saw it" in refused.text
    assert state_of_awards(world) == []
    with world.database.writing() as session:
        workshop, version = world.open(session)
        for number in range(5):
            piece = actions.HandedIn(f"Photo {number}", text="Seen.", person_id=class_of_three[0])
            actions.add_evidence(
                session, world.viewers["teacher"], workshop, version, piece, world.settings.evidence_folder
            )
    assert "Petya Ivanova: " not in client.get(f"{matrix(world)}/award", headers=TEACHER).text
    assert client.post(f"{matrix(world)}/award", data=form, headers=TEACHER).status_code == 302
    assert state_of_awards(world) == ["held"]


def test_the_list_says_why_somebody_is_not_ready(
    world: World, client: FlaskClient, class_of_three: list[int]
) -> None:
    world.judge(class_of_three[1], "proficient", None, "proficient")
    page = client.get(f"{matrix(world)}/award", headers=TEACHER).text
    assert "Not judged yet: Material care" in page


def state_of_awards(world: World) -> list[str]:
    with world.database.reading() as session:
        return [award.state for award in session.scalars(select(Award).order_by(Award.id))]


def test_a_teacher_goes_from_the_workshop_to_signed_badges_without_javascript(
    world: World, client: FlaskClient
) -> None:
    world.enrol(("Petya Ivanova", "petya@school.example"), ("Boris Kolev", None), ("Ana Ilieva", None))
    shown = client.get(f"/workshops/{world.token}", headers=TEACHER)
    assert matrix(world) in shown.text
    page = client.get(matrix(world), headers=TEACHER)
    assert page.status_code == 200 and page.text.count('type="radio"') == 3 * 3 * 5
    saved = client.post(matrix(world), data={"2:C1": "developing", "group": "proficient"}, headers=TEACHER)
    assert saved.status_code == 302
    page = client.get(matrix(world), headers=TEACHER)
    assert "2 are ready" in page.text and "1 not yet" in page.text
    client.post(matrix(world), data={"2:C2": "exemplary", "2:reason": "She helped others."}, headers=TEACHER)
    assert "3 are ready" in client.get(matrix(world), headers=TEACHER).text
    batch = client.get(award_by_pages(world, client), headers=TEACHER)
    assert "All signed" in batch.text
    assert state_of_awards(world) == ["held"] * 3
    cards = client.post(f"{batch.request.path}/cards.pdf", headers=TEACHER)
    assert cards.mimetype == "application/pdf" and cards.data.startswith(b"%PDF")
    assert "Everybody has this badge" in client.get(matrix(world), headers=TEACHER).text


def test_the_script_saves_one_learner_and_is_told_the_new_count(world: World, client: FlaskClient) -> None:
    world.enrol(("Petya Ivanova", None))
    cells = {f"1:C{place}": "proficient" for place in (1, 2, 3)}
    told = client.post(f"{matrix(world)}/learner/1", data=cells, headers=TEACHER).get_json()
    assert "Ready" in told["status"] and "Award 1 badge" in told["summary"]
    told = client.post(f"{matrix(world)}/learner/1", data={"1:C2": ""}, headers=TEACHER).get_json()
    assert "Not judged yet: Material care" in told["status"]


def test_the_matrix_says_the_rule_by_which_somebody_passes(world: World, client: FlaskClient) -> None:
    world.enrol(("Petya Ivanova", None))
    page = client.get(matrix(world), headers=TEACHER).text
    assert "To pass: every criterion at" in page and '<span lang="en">Proficient</span> or above' in page


def test_a_level_that_does_not_exist_is_refused_and_not_a_500(world: World, client: FlaskClient) -> None:
    world.enrol(("Petya Ivanova", None))
    assert client.post(matrix(world), data={"1:C1": "superb"}, headers=TEACHER).status_code == 422
    assert client.post(matrix(world), data={"1:C9": "proficient"}, headers=TEACHER).status_code == 422
    assert client.post(matrix(world), data={"group": "superb"}, headers=TEACHER).status_code == 422


def test_nothing_ticked_comes_back_with_the_answers_kept(
    world: World, client: FlaskClient, class_of_three: list[int]
) -> None:
    key = key_of(client.get(f"{matrix(world)}/award", headers=TEACHER).text)
    sent = client.post(
        f"{matrix(world)}/award", data={"key": key, "identity_check": "document"}, headers=TEACHER
    )
    assert sent.status_code == 422 and "Tick at least one learner" in sent.text
    assert 'value="document" checked' in sent.text and key in sent.text


@pytest.mark.parametrize("person", ["other-teacher", "other-admin", "lead"])
def test_people_who_do_not_teach_it_find_nothing(
    world: World, client: FlaskClient, class_of_three: list[int], person: str
) -> None:
    batch = award_by_pages(world, client)
    with world.database.reading() as session:
        award = session.scalars(select(Award)).first()
    assert award is not None
    theirs = {"X-Person": person}
    for path in (
        matrix(world),
        f"{matrix(world)}/award",
        f"{matrix(world)}/evidence",
        batch,
        f"/awards/{award.token}",
    ):
        assert client.get(path, headers=theirs).status_code == 404, path
    for path in (
        matrix(world),
        f"{matrix(world)}/award",
        f"{matrix(world)}/evidence",
        f"{matrix(world)}/learner/1",
        f"{batch}/undo",
        f"{batch}/resume",
        f"{batch}/cards.pdf",
        f"/awards/{award.token}/revoke",
        f"/awards/{award.token}/card.pdf",
        f"/awards/{award.token}/undo-claim",
    ):
        sent = client.post(path, data={"reason": "mistake"}, headers=theirs)
        assert sent.status_code == 404, (path, sent.status_code)


def test_strangers_are_sent_to_sign_in(world: World, client: FlaskClient) -> None:
    assert client.get(matrix(world)).status_code == 302


def card(world: World, client: FlaskClient) -> str:
    award_by_pages(world, client)
    with world.database.writing() as session:
        batch = session.scalars(select(AwardBatch)).one()
        (printed,) = actions.print_cards(session, world.viewers["teacher"], batch.token)
    return printed.code


def test_a_learner_claims_by_card_and_comes_back_with_it(
    world: World, client: FlaskClient, class_of_three: list[int]
) -> None:
    code = card(world, client)
    found = client.post("/claim", data={"code": code.lower().replace("-", " ")})
    assert found.status_code == 302 and found.location == f"/claim/{code}"
    page = client.get(found.location)
    assert "Nobody until you open it." in page.text and "Boris Kolev" in page.text
    assert 'value="with" checked' not in page.text and 'value="without" checked' not in page.text
    half = client.post(f"/claim/{code}", data={"answer": "accept"})
    assert half.status_code == 422 and "Choose one of the two." in half.text
    accepted = client.post(
        f"/claim/{code}",
        data={"answer": "accept", "name_choice": "with", "age": "adult", "password": PASSPHRASE},
    )
    assert accepted.status_code == 302 and accepted.location.startswith("/badges/")
    mine = client.get(accepted.location)
    assert mine.status_code == 200 and "Boris Kolev" in mine.text
    other_phone = client.application.test_client()
    again = other_phone.get(f"/claim/{code}")
    assert "has been claimed" in again.text
    assert other_phone.post(f"/claim/{code}/open", data={"password": "not this one"}).status_code == 422
    opened = other_phone.post(f"/claim/{code}/open", data={"password": PASSPHRASE})
    assert opened.location == "/badges"
    assert other_phone.get("/badges").status_code == 200


def test_looking_at_a_claim_spends_nothing_however_often(
    world: World, client: FlaskClient, class_of_three: list[int]
) -> None:
    code = card(world, client)
    for _scan in range(12):
        assert client.get(f"/claim/{code}").status_code == 200
        assert client.head(f"/claim/{code}").status_code == 200
    assert state_of_awards(world) == ["held"] * 3


def test_declining_ends_it(world: World, client: FlaskClient, class_of_three: list[int]) -> None:
    code = card(world, client)
    assert client.post(f"/claim/{code}", data={"answer": "decline"}).status_code == 200
    assert state_of_awards(world) == ["held", "declined", "held"]
    assert "not there any more" in client.get(f"/claim/{code}").text


def test_a_learner_with_a_card_may_have_the_link_mailed(
    world: World, client: FlaskClient, class_of_three: list[int]
) -> None:
    code = card(world, client)
    sent = client.post(
        f"/claim/{code}", data={"answer": "accept", "name_choice": "without", "email": "boris@home.example"}
    )
    assert "Look into your mailbox" in sent.text
    assert state_of_awards(world) == ["held"] * 3
    assert client.get(f"/claim/{code}").status_code == 200


def test_five_wrong_codes_a_minute_and_then_a_pause(world: World, client: FlaskClient, clock: Any) -> None:
    wrong = "0000-0000-0000"
    answers = [client.get(f"/claim/{wrong}").status_code for _try in range(4)]
    answers += [client.post("/claim", data={"code": wrong}).status_code for _try in range(3)]
    assert answers[:5] == [404] * 4 + [422]
    assert answers[5:] == [429, 429]
    with world.database.reading() as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "claim.wrong_code")).all()
    assert len(noted) == 5 and all(entry.actor is None and not entry.details for entry in noted)
    clock.advance(minutes=2)
    assert client.get(f"/claim/{wrong}").status_code == 404


def test_a_signed_in_learner_answers_without_a_code(
    world: World, client: FlaskClient, class_of_three: list[int]
) -> None:
    from badge_service.people import actions as people

    award_by_pages(world, client)
    with world.database.reading() as session:
        world.viewers["petya"] = people.load_viewer(session, class_of_three[0])
        award = session.scalars(select(Award).where(Award.person_id == class_of_three[0])).one()
    petya, classmate = {"X-Person": "petya"}, {"X-Person": "lead"}
    path = f"/claim/waiting/{award.token}"
    assert client.get(path, headers=classmate).status_code == 404
    assert client.post(path, data={"answer": "accept"}, headers=petya).status_code == 422
    accepted = client.post(path, data={"answer": "accept", "name_choice": "without"}, headers=petya)
    assert accepted.location == f"/badges/{award.token}"
    assert client.get(path, headers=petya).status_code == 409


def test_evidence_is_kept_outside_the_web_root_and_served_as_attachment(
    world: World, client: FlaskClient, class_of_three: list[int]
) -> None:
    import io

    from PIL import Image

    photo = io.BytesIO()
    Image.new("RGB", (20, 20), "green").save(photo, "JPEG", exif=b"Exif\x00\x00secret place")
    path = f"{matrix(world)}/evidence"
    data = {
        "learner": "2",
        "title": "Basket",
        "genre": "photo",
        "in_credential": "y",
        "file": (io.BytesIO(photo.getvalue()), "../../boris at home.jpg"),
    }
    sent = client.post(path, data=data, headers=TEACHER, content_type="multipart/form-data")
    assert sent.status_code == 302, sent.text
    (kept,) = world.settings.evidence_folder.iterdir()
    assert "boris" not in kept.name and b"secret place" not in kept.read_bytes()
    got = client.get(f"/workshops/{world.token}/evidence/{kept.name}", headers=TEACHER)
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert (
        client.get(f"/workshops/{world.token}/evidence/{kept.name}", headers={"X-Person": "lead"}).status_code
        == 404
    )
    award_by_pages(world, client)
    with world.database.reading() as session:
        award = session.scalars(select(Award).where(Award.person_id == class_of_three[1])).one()
        signed = actions.latest_content(session, award)["evidence"]
    assert len(signed) == 2 and "Digest of the file: sha256-" in signed[1]["narrative"]


def test_words_that_would_be_signed_name_nobody(
    world: World, client: FlaskClient, class_of_three: list[int]
) -> None:
    data = {
        "learner": "",
        "title": "Notes",
        "genre": "observation",
        "text": "Petya, who has asthma, rang 0888 123 456 and wrote to a@b.example",
        "in_credential": "y",
    }
    sent = client.post(f"{matrix(world)}/evidence", data=data, headers=TEACHER)
    assert sent.status_code == 422
    for words in ("e-mail address", "phone number", "names a learner", "about health"):
        assert words in sent.text, words
    del data["in_credential"]
    assert client.post(f"{matrix(world)}/evidence", data=data, headers=TEACHER).status_code == 302


def test_evidence_is_decoded_before_the_form_holds_the_database(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    held = []

    def watched(content: bytes, *, where: str) -> object:
        held.append("unit_of_work" in g)
        return keep_evidence(content, where=where)

    monkeypatch.setattr(uploads, "keep_evidence", watched)
    sent = {"title": "Notes", "genre": "other", "file": (io.BytesIO(PDF), "notes.pdf")}
    client.post(f"{matrix(world)}/evidence", data=sent, headers=TEACHER)
    assert held == [False]
