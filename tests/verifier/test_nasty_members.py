"""Signed badges of strangers with a nasty value in one member: the page and the API answer, whatever it is."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from badge_service.errors import BadgeServiceError, NotFoundError, UnavailableError
from badge_service.openbadges.did import did_key
from badge_service.verifier.desk import folder_fetch
from tests.effort import once
from tests.openbadges.verification.saying import sign_with

PUBLIC = "http://localhost:8000"
EXTREMES = ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "0001-01-01", "9999-12-31T23:59:59Z")
ADDRESSES = ("https://[x", "https://[", "https://a℀b.example/x", f"https://{'h' * 300}.example/")
LANGUAGES = ("xx", "zz-ZZ", "art", "nl-NL-x", "en-Latn", "sr-Latn-RS", "de-1996")
NASTY: tuple[Any, ...] = (
    None, True, 0, -1, 3.5, 2**53 - 1, "", "x", "x" * 400, "9" * 30, "1" * 5_000, "٣", "%(x)s", "{}", "\u202e",
    "urn:x", "P1Y", "NL", "//x", f"{PUBLIC}//evil.example/x", *EXTREMES, *ADDRESSES, *LANGUAGES,
    [], {}, [[]], [{}], [None], ["a", "b"], [1, "a", None, {}], {"a": {"b": {"c": []}}}, {"@value": "x"},
    {"id": 1}, {"id": []}, {"id": {}}, {"id": "urn:a"}, {"type": None}, {"type": [1]}, {"id": "https://[", "type": ["x"]},
)  # fmt: skip
BREEDING_TEXTS = (
    "|" + "a|" * 1_000 + "\n|" + "-|" * 1_000 + "\n" + "x\n" * 1_900,
    "[x]" * 2_000 + "\n\n[x]: http://" + "u" * 1_900,
    "[" * 8_000,
)
NAMES = (
    "credentialStatus", "refreshService", "relatedResource", "identifier", "endorsement", "endorsementJwt", "parentOrg",
    "creator", "source", "result", "alignment", "evidence", "validUntil", "expirationDate", "awardedDate", "inLanguage",
    "tag", "image", "criteria", "credentialSchema", "termsOfUse", "id", "type", "name", "issuer", "description",
    "resultDescription", "rubricCriterionLevel", "achievedLevel", "version", "url", "address", "narrative", "role", "term",
)  # fmt: skip


@pytest.fixture
def client(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Without the rate limit."""
    from badge_service.web.limits import limiter

    monkeypatch.setattr(limiter, "enabled", False)
    return client


@pytest.fixture
def honest(compose: Any) -> dict[str, Any]:
    """A stranger's badge, without a status list that would have to be fetched, with results on a described level."""
    document: dict[str, Any] = compose()
    document.pop("credentialStatus")
    return document


@pytest.fixture
def signed(new_key: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What a stranger with nothing but a key signs, unlike an honest issuer without looking at it."""
    key = new_key(9)
    did = did_key(key.public_key)

    def sign(document: dict[str, Any]) -> dict[str, Any]:
        if isinstance(document.get("issuer"), dict):
            document["issuer"]["id"] = did
        return sign_with(document, key, f"{did}#{did.removeprefix('did:key:')}")

    return sign


def statuses(client: FlaskClient, document: Any) -> list[int]:
    page = client.post("/verify", data={"text": json.dumps(document)})
    return [page.status_code, client.post("/api/v1/verify", json=document).status_code]


def assert_answered(client: FlaskClient, document: Any) -> None:
    assert statuses(client, document) == [200, 200]


@pytest.mark.parametrize("thing", [{}, [], ["a"], {"id": {}}], ids=repr)
def test_results_that_name_their_description_by_no_text(
    client: FlaskClient, honest: dict[str, Any], thing: Any
) -> None:
    achievement = honest["credentialSubject"]["achievement"]
    for descriptions, result in (
        ([{"id": thing}], {"value": "1"}),
        ([{"id": "urn:d", "rubricCriterionLevel": [{"id": thing}]}], {"resultDescription": "urn:d"}),
        ([{"id": "urn:d"}], {"resultDescription": thing, "value": "1"}),
        ([{"id": "urn:d"}], {"resultDescription": "urn:d", "achievedLevel": thing, "value": "1"}),
    ):
        achievement["resultDescription"] = descriptions
        honest["credentialSubject"]["result"] = [{"type": ["Result"], **result}]
        assert_answered(client, honest)


@pytest.mark.parametrize("moment", EXTREMES)
def test_moments_at_the_ends_of_all_calendars(
    client: FlaskClient, honest: dict[str, Any], signed: Any, moment: str
) -> None:
    for name in ("awardedDate", "validUntil", "validFrom"):
        changed = {**honest, name: moment}
        assert_answered(client, changed)
        assert_answered(client, signed(copy.deepcopy(changed)))
    suite = signed(honest)
    suite["proof"][0]["cryptosuite"] = moment
    assert_answered(client, suite)
    assert moment in client.post("/api/v1/verify", json=suite).text


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_that_are_none(
    client: FlaskClient, honest: dict[str, Any], signed: Any, address: str, tmp_path: Path
) -> None:
    status = {"id": "urn:x:1", "type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    for members in (
        {"credentialStatus": [{**status, "statusListIndex": "1", "statusListCredential": address}]},
        {"refreshService": {"id": address, "type": "1EdTechCredentialRefresh"}},
        {"relatedResource": [{"id": address, "digestSRI": "sha256-" + "A" * 43 + "="}]},
    ):
        assert_answered(client, {**honest, **members})
        assert_answered(client, signed({**copy.deepcopy(honest), **members}))
    with pytest.raises((NotFoundError, UnavailableError)):
        folder_fetch(tmp_path)(address)


def test_names_that_no_folder_can_hold(tmp_path: Path) -> None:
    (tmp_path / "host.example").mkdir()
    fetch = folder_fetch(tmp_path)
    for url in (f"https://host.example/{'p' * 300}", f"https://{'h' * 300}/x", "https://host.example/\0"):
        with pytest.raises(BadgeServiceError):
            fetch(url)


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_that_nobody_speaks(
    client: FlaskClient, honest: dict[str, Any], signed: Any, language: str
) -> None:
    honest["credentialSubject"]["achievement"]["inLanguage"] = language
    assert_answered(client, signed(honest))


@pytest.mark.parametrize("index", ["9" * 20, "9" * 5_000, "٣"])
def test_a_withdrawal_by_somebody_else_is_not_explained_by_a_place_that_is_none(
    client: FlaskClient, foreign: Any, honest: dict[str, Any], signed: Any, index: str
) -> None:
    honest["id"] = f"{PUBLIC}/credentials/abcdefghijklmnop"
    elsewhere = "https://evil.example/revoked"
    foreign.school.publish(elsewhere, {"revokedCredentials": [honest["id"]]})
    honest["credentialStatus"] = [
        {"id": "urn:x:1", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
         "statusListIndex": index, "statusListCredential": f"{PUBLIC}/x"},
        {"id": elsewhere, "type": "1EdTechRevocationList"},
    ]  # fmt: skip
    assert_answered(client, signed(honest))


@pytest.mark.parametrize("text", BREEDING_TEXTS, ids=("table", "references", "brackets"))
def test_the_narratives_of_many_evidences_make_neither_much_work_nor_a_huge_page(
    client: FlaskClient, honest: dict[str, Any], signed: Any, text: str
) -> None:
    honest["evidence"] = [
        {"id": f"urn:e:{number}", "type": ["Evidence"], "narrative": text[:7_990]} for number in range(15)
    ]
    badge = json.dumps(signed(honest))
    answers = []
    assert once(lambda: answers.append(client.post("/verify", data={"text": badge}))) <= 4
    assert answers[0].status_code == 200 and len(answers[0].data) <= 10 * len(badge)


def places(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a document, the deepest places too."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, inner in entries:
        yield (*before, name)
        yield from places(inner, (*before, name))


def spoiled(document: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The document with one to three members replaced or added."""
    for _ in range(chance.choice([1, 1, 2, 3])):
        place = chance.choice(list(places(document)))
        owner: Any = document
        for name in place[:-1]:
            owner = owner[name]
        if chance.random() < 0.5 and isinstance(owner[place[-1]], dict):
            owner, place = owner[place[-1]], (chance.choice(NAMES),)
        owner[place[-1]] = copy.deepcopy(chance.choice(NASTY))
    return document


def spoiled_badge(honest: dict[str, Any], sign: Any, chance: random.Random) -> dict[str, Any]:
    """A badge that was spoiled before it was signed, if it can be signed so; sometimes its proof is spoiled, too."""
    document = spoiled(copy.deepcopy(honest), chance)
    try:
        document = sign(document)
    except (BadgeServiceError, KeyError):
        document["proof"] = sign(copy.deepcopy(honest))["proof"]
    if chance.random() < 0.15:
        spoiled({"proof": document["proof"]}, chance)
    return document


@pytest.mark.parametrize("seed", range(8))
def test_no_nasty_member_makes_the_service_fail(
    client: FlaskClient, compose: Any, signed: Any, seed: int
) -> None:
    spoil_and_ask(client, compose(), signed, random.Random(seed), 8)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 110))
def test_no_nasty_members_at_all_make_the_service_fail(
    client: FlaskClient, compose: Any, signed: Any, seed: int
) -> None:
    spoil_and_ask(client, compose(), signed, random.Random(seed), 150)


def spoil_and_ask(
    client: FlaskClient, honest: dict[str, Any], sign: Any, chance: random.Random, times: int
) -> None:
    for _ in range(times):
        badge = spoiled_badge(honest, sign, chance)
        assert all(status < 500 for status in statuses(client, badge)), json.dumps(badge)
