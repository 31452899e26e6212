"""Issuers that look like one we know are warned of, and those that are it, or like nobody, are not."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from badge_service.alliance.tables import Alliance, AllianceIssuer
from badge_service.errors import InvalidError
from badge_service.storage.session import now
from badge_service.verifier import actions, likeness
from badge_service.verifier.desk import Desk
from badge_service.verifier.likeness import Party
from badge_service.verifier.registries import WatchedFile, read_trusted

MUSEUM = Party("did:web:museum.example", "Museum of Willow", "museum.example")
SCHOOL_BG = Party("did:web:uchilishte.example", "Училище по занаяти", "uchilishte.example")


def found(name: str = "", domain: str = "other.example", achievement: str = "", id: str = "did:web:x") -> Any:
    like = likeness.find(
        [MUSEUM, SCHOOL_BG], issuer_id=id, name=name, domain=domain, achievement_domain=achievement
    )
    return (like.kind, like.known) if like else None


@pytest.mark.parametrize(
    "name",
    [
        "Museum of Willow",
        "MUSEUM  of willow ",
        "Мuseum оf Willоw",  # Cyrillic М, о
        "Μuseum οf Willοw",  # Greek Μ, ο
        "Museum of WiIIow",  # capital i for l
        "Museum of W1ll0w",
        "Muse\u200bum of Willow",
        "Musèum of Willow",
        "Ｍｕｓｅｕｍ of Willow",
        "Museum of VVillow",
    ],
)
def test_names_that_a_hasty_reader_takes_for_one_we_know(name: str) -> None:
    assert found(name) == ("name", MUSEUM)


@pytest.mark.parametrize("name", ["", "Museum of Wood", "Museum", "Willow Museum", "Училище"])
def test_other_names(name: str) -> None:
    assert found(name) is None


def test_cyrillic_names_are_compared_as_well() -> None:
    assert found("УЧИЛИЩЕ ПО ЗАНАЯТИ") == ("name", SCHOOL_BG)


@pytest.mark.parametrize(
    "domain",
    [
        "rnuseum.example",
        "museum.exarnple",
        "museum.examp1e",
        "mu5eum.example",
        "muѕeum.example".encode("idna").decode(),
        "museum.example.evil.test",
        "museum.example-badges.test",
    ],
)
def test_domains_that_look_like_one_we_know(domain: str) -> None:
    assert found(domain=domain) == ("domain", MUSEUM)


@pytest.mark.parametrize("domain", ["museum.example", "badges.museum.example", "museum.test", "", "example"])
def test_other_domains(domain: str) -> None:
    assert found(domain=domain) is None


def test_an_achievement_of_somebody_we_know_signed_by_a_stranger() -> None:
    assert found(domain="other.example", achievement="museum.example") == ("achievement", MUSEUM)
    assert found(domain="museum.example", achievement="museum.example") is None
    assert found("Museum of Willow", id="did:web:museum.example") is None  # it is the museum


def judged(desk: Desk, foreign: Any, document: dict[str, Any]) -> actions.Judged:
    return actions.judge(desk, json.dumps(foreign.school.sign(document)))


def trusting(desk: Desk, tmp_path: Path, *entries: dict[str, str]) -> Desk:
    file = tmp_path / "trusted.json"
    file.write_text(json.dumps(list(entries)))
    return replace(desk, registries=[*desk.registries, read_trusted(file, "their file")])


def test_the_page_warns_of_a_name_in_other_letters(
    client: FlaskClient, desk: Desk, foreign: Any, compose: Callable[..., dict[str, Any]]
) -> None:
    document = compose()
    document["issuer"]["name"] = "Friese Vаkschool"  # Cyrillic а
    document["credentialSubject"]["achievement"]["id"] = "https://elsewhere.example/a"
    text = client.post("/verify", data={"text": json.dumps(foreign.school.sign(document))}).text
    assert "looks like “Friese Vakschool”, whom we know, but is written in other letters" in text
    assert "verdict-genuine" not in text


def test_the_page_warns_of_a_domain_and_of_an_achievement_that_are_not_theirs(
    desk: Desk, foreign: Any, compose: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    document = compose()
    document["issuer"]["name"] = "Somebody"
    like = {"did": "did:web:badges.examp1e.org", "name": "School", "domain": "badges.examp1e.org"}
    warned = judged(trusting(desk, tmp_path, like), foreign, document).likeness
    assert warned is not None and (warned.kind, warned.known.name) == ("domain", "School")
    document["credentialSubject"]["achievement"]["id"] = "https://museum.example/achievements/1"
    museum = {"did": "did:web:museum.example", "name": "Museum"}
    warned = judged(trusting(desk, tmp_path, museum), foreign, document).likeness
    assert warned is not None and (warned.kind, warned.known.name) == ("achievement", "Museum")


def test_an_alliances_list_makes_an_issuer_known_and_says_so(world: Any, desk: Desk, foreign: Any) -> None:
    document = foreign.badge()
    with world.database.writing() as session:
        alliance = session.query(Alliance).first()
        session.add(
            AllianceIssuer(
                alliance_id=alliance.id,
                did=document["issuer"]["id"],
                name="Vakschool",
                since=now(session).date(),
            )
        )
    verdict = actions.judge(desk, json.dumps(document)).verdict
    assert (verdict.outcome.value, verdict.registry, verdict.registered_name) == (
        "genuine",
        "an alliance's list",
        "Vakschool",
    )
    assert verdict.name_confirmed is None


def test_the_operators_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "trusted.json"
    file.write_text('[{"did": "did:web:a.example", "name": "A"}]')
    watched = WatchedFile(file)
    assert watched.under("list").knows("did:web:b.example") is None
    file.write_text('[{"did": "did:web:b.example", "name": "B", "domain": "b.example"}]')
    known = watched.under("list").knows("did:web:b.example")
    assert known is not None and (known.name, known.confirmed) == ("B", True)
    assert watched.under("list").knows("did:web:a.example") is None


def test_a_file_that_breaks_leaves_the_last_good_one_in_force(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "trusted.json"
    file.write_text('[{"did": "did:web:a.example", "name": "A"}]')
    watched = WatchedFile(file)
    for broken in ("[{", "[1]"):
        file.write_text(broken)
        assert watched.under("list").knows("did:web:a.example") is not None
    file.unlink()
    assert watched.under("list").knows("did:web:a.example") is not None
    assert "The last good file stays in force." in caplog.text
    with pytest.raises(InvalidError):
        WatchedFile(file)
