"""Claim cards of a batch and of a file from elsewhere: so many a file, set when the codes are committed."""

from collections.abc import Sequence

import pytest
from flask import g
from sqlalchemy import func, select

from badge_service.awards import actions
from badge_service.awards.actions import cards, imports
from badge_service.awards.claim_cards import CardWords, ClaimCard, claim_cards_pdf
from badge_service.awards.pages import cards as pages
from badge_service.awards.tables import ClaimCode
from badge_service.errors import ConflictError, UnavailableError

from .conftest import World, make_app
from .test_imports import bring_in

TEACHER = {"X-Person": "teacher"}
NAMES = b"name\nAna Koleva\nIvo Ivanov\nEva Petrova\n"


@pytest.fixture
def two_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "CARDS_A_FILE", 2)
    monkeypatch.setattr(actions, "CARDS_A_FILE", 2)


@pytest.mark.usefixtures("two_a_file")
def test_a_batch_has_files_of_cards_as_an_import_has(world: World, class_of_three: list[int]) -> None:
    batch, file = world.award(*class_of_three), bring_in(world, NAMES)
    teacher = world.viewers["teacher"]
    with world.database.writing() as session:
        found = imports.find_import(session, teacher, file)
        names = [
            [
                one.first_name
                for one in actions.print_cards(session, teacher, batch, everybody=True, file=part)
            ]
            for part in (1, 2)
        ]
        assert names == [["Petya", "Boris"], ["Мария"]]
        again = [
            [one.first_name for one in actions.print_import_cards(session, teacher, found, part)]
            for part in (1, 2)
        ]
        assert again == [["Ana", "Ivo"], ["Eva"]]
        with pytest.raises(ConflictError):
            actions.print_cards(session, teacher, batch, everybody=True, file=3)
    client = make_app(world).test_client()
    for page in (f"/awards/batches/{batch}", f"/imports/{file}"):
        assert "2 of 2" in client.get(page, headers=TEACHER).text
        who = {"who": "everybody", "sheet": "2"}
        assert client.post(f"{page}/cards.pdf", data=who, headers=TEACHER).mimetype == "application/pdf"


def codes(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(ClaimCode)) or 0


def test_the_pdf_is_set_when_the_codes_are_committed(
    world: World, class_of_three: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, file = world.award(*class_of_three), bring_in(world, NAMES)
    seen: list[tuple[bool, int]] = []
    before = codes(world)

    def watched(printed: Sequence[ClaimCard], words: CardWords) -> bytes:
        seen.append(("unit_of_work" in g, codes(world) - before))
        return claim_cards_pdf(printed, words)

    monkeypatch.setattr(pages, "claim_cards_pdf", watched)
    client = make_app(world).test_client()
    for page in (f"/awards/batches/{batch}", f"/imports/{file}"):
        answer = client.post(f"{page}/cards.pdf", headers=TEACHER)
        assert answer.data.startswith(b"%PDF") and answer.headers["Cache-Control"] == "no-store"
    assert seen == [(False, 1), (False, 4)]


def test_cards_that_cannot_be_set_are_a_problem_page_and_pressed_again(
    world: World, class_of_three: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = world.award(*class_of_three)

    def broken(printed: Sequence[ClaimCard], words: CardWords) -> bytes:
        raise UnavailableError("The PDF cannot be made now.", code="pdf_failed")

    client, page = make_app(world).test_client(), f"/awards/batches/{batch}/cards.pdf"
    with monkeypatch.context() as patched:
        patched.setattr(pages, "claim_cards_pdf", broken)
        answer = client.post(page, headers=TEACHER)
        assert answer.status_code == 503 and "The PDF cannot be made now." in answer.text
    assert client.post(page, headers=TEACHER).data.startswith(b"%PDF")
