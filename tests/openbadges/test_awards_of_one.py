"""One more badge of a definition says what it would say alone, whatever happened to the one before."""

import json
from typing import Any

import pytest

from badge_service.openbadges import canonical, credential
from badge_service.openbadges.shapes import Likeness


@pytest.fixture(autouse=True)
def _no_dice() -> Any:
    canonical.use_shapes(checked_one_in=10**9)
    yield
    canonical.use_shapes()


def alone(document: dict[str, Any]) -> tuple[str, str]:
    canonical.use_shapes(enabled=False)
    prepared = credential.prepare(document)
    canonical.use_shapes(checked_one_in=10**9)
    return prepared.text, prepared.nquads


def test_a_document_that_its_owner_changes_afterwards_is_read_anew(unsigned: dict[str, Any]) -> None:
    for text in ("one", "two", 'three "\n'):
        unsigned["credentialSubject"]["achievement"]["name"] = text
        prepared = credential.prepare(unsigned)
        assert (prepared.text, prepared.nquads) == alone(unsigned)
        assert json.loads(prepared.text)["credentialSubject"]["achievement"]["name"] == text


def test_the_next_badges_are_written_from_the_first(
    compose_badge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    real = Likeness.json

    def write(likeness: Likeness, texts: Any) -> Any:
        written.append(real(likeness, texts))
        return written[-1]

    monkeypatch.setattr(Likeness, "json", write)
    for index in range(5):
        document = compose_badge(index, id=f"https://a.example/{index}", description="awards of one")
        prepared = credential.prepare(document)
        assert (prepared.text, prepared.nquads) == alone(document)
    assert len(written) >= 2


@pytest.mark.parametrize("credits", [1, 1.0, 2, 2.5, 0.0, -0.0])
def test_numbers_that_python_holds_for_equal_are_told_apart(unsigned: dict[str, Any], credits: float) -> None:
    for value in (1, 1.0, 0.0, credits):
        unsigned["credentialSubject"]["creditsEarned"] = value
        prepared = credential.prepare(unsigned)
        assert (prepared.text, prepared.nquads) == alone(unsigned)
