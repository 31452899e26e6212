"""Badges of which the holder shows parts (ecdsa-sd-2023): what is not shown proves nothing, so it is never good news."""

from typing import Any

import pytest

from badge_service.openbadges.proofs import SUITES, data_integrity
from tests.openbadges.verification.saying import NOW, SCHOOL, TokenKey, judged, says, sign_with

SUITE: Any = SUITES["DataIntegrityProof", "ecdsa-sd-2023"]
LATER, EARLIER = "2036-11-20T10:00:00Z", "2026-11-20T12:00:00Z"
MUST = ["/issuer", "/validFrom", "/credentialSubject/achievement", "/credentialSubject/id"]


@pytest.fixture
def key(world: Any) -> TokenKey:
    key = TokenKey("ES256")
    world.publish_did(SCHOOL, [("2026", world.key.public_key), ("p256", key.public_key)])
    return key


def shown(document: dict[str, Any], key: TokenKey, *more: str, show: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the holder shows: what the issuer demands (`MUST` and `more`), and `show`."""
    options = data_integrity.assertion(f"{SCHOOL}#p256", NOW)
    base = SUITE.add_proof(document, options, signer=key, mandatory=[*MUST, *more])
    result: dict[str, Any] = SUITE.derive(base, show)
    return result


def test_it_is_green_when_the_status_is_always_shown_and_an_end_date_is_there(
    world: Any, unsigned: dict[str, Any], key: TokenKey
) -> None:
    unsigned["validUntil"] = LATER
    part = shown(unsigned, key, "/credentialStatus", show=("/validUntil",))
    assert "evidence" not in part
    verdict = judged(world, part)
    assert says(verdict) == ("genuine", "genuine")
    assert "shown_in_parts" in [remark.code for remark in verdict.remarks]
    part["issuer"]["name"] = "Another"
    assert says(judged(world, part)) == ("not_valid", "signature")
    world.publish_list([42])
    part["issuer"]["name"] = unsigned["issuer"]["name"]
    assert says(judged(world, part)) == ("not_valid", "revoked")


@pytest.mark.parametrize("end", [LATER, EARLIER, None])
@pytest.mark.parametrize("has_status", [True, False])
def test_a_status_that_may_be_hidden_is_not_good(
    world: Any, unsigned: dict[str, Any], key: TokenKey, has_status: bool, end: str | None
) -> None:
    """Withdrawn or not, whether the issuer has a list at all: nobody can see that here."""
    if not has_status:
        del unsigned["credentialStatus"]
    if end:
        unsigned["validUntil"] = end
    world.publish_list([42])
    verdict = judged(world, shown(unsigned, key))
    assert says(verdict) == ("not_fully_checked", "status_hidden_possible")
    assert verdict.check("dates").code == "dates_hidden_possible"


def test_an_end_date_that_may_be_hidden_is_not_good(
    world: Any, unsigned: dict[str, Any], key: TokenKey
) -> None:
    for end in (None, EARLIER):
        document = {**unsigned, "validUntil": end} if end else unsigned
        part = shown(document, key, "/credentialStatus")
        assert says(judged(world, part)) == ("not_fully_checked", "dates_hidden_possible")
    ended = shown({**unsigned, "validUntil": EARLIER}, key, "/credentialStatus", "/validUntil")
    assert says(judged(world, ended)) == ("not_valid", "expired")


def test_one_status_entry_shown_does_not_speak_for_one_that_is_hidden(
    world: Any, unsigned: dict[str, Any], key: TokenKey
) -> None:
    """Not withdrawn, says the entry that the holder shows; suspended, says the one that is left out."""
    entry = unsigned["credentialStatus"]
    other = {**entry, "id": entry["id"] + "-s", "statusPurpose": "suspension", "statusListIndex": "7"}
    unsigned |= {"credentialStatus": [entry, other], "validUntil": LATER}
    world.publish_list([7])
    document = shown(unsigned, key, show=("/credentialStatus/0", "/validUntil"))
    assert says(judged(world, document)) == ("not_fully_checked", "status_hidden_possible")


def test_a_whole_proof_beside_it_may_be_of_later_and_changes_nothing(
    world: Any, unsigned: dict[str, Any], key: TokenKey, new_key: Any
) -> None:
    part = shown(unsigned, key)
    whole = sign_with(part, world.key, world.method)["proof"]
    verdict = judged(world, {**part, "proof": [*part["proof"], *whole]})
    assert says(verdict) == ("not_fully_checked", "status_hidden_possible")


def test_the_proof_for_the_holder_alone_is_refused(
    world: Any, unsigned: dict[str, Any], key: TokenKey
) -> None:
    base = SUITE.add_proof(
        unsigned, data_integrity.assertion(f"{SCHOOL}#p256", NOW), signer=key, mandatory=MUST
    )
    assert says(judged(world, base)) == ("not_valid", "base_proof")
