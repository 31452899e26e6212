"""Whose badge is it, when somebody asks: hashed and plain identifiers, ids, names; and no green for somebody else's."""

import hashlib
from typing import Any

import pytest

from badge_service.openbadges.credential import named_holder
from badge_service.openbadges.verification import Recipient
from tests.openbadges.verification.saying import judged, says, sign_with


def hashed(value: str, salt: str = "Kosher", algorithm: str = "sha256") -> dict[str, Any]:
    digest = hashlib.new(algorithm, (value + salt).encode(), usedforsecurity=False).hexdigest()
    return {
        "type": "IdentityObject", "hashed": True, "identityHash": f"{algorithm}${digest}",
        "identityType": "emailAddress", "salt": salt,
    }  # fmt: skip


def test_the_hash_is_the_one_of_the_standard() -> None:
    known = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    assert hashed("a@example.com")["identityHash"] == known


@pytest.mark.parametrize(
    ("identifier", "asked", "outcome", "code"),
    [
        (hashed("a@example.com"), Recipient("emailAddress", "a@example.com"), "genuine", "recipient_matches"),
        (hashed("a@example.com"), Recipient("emailAddress", " A@Example.com"), "genuine", "recipient_matches"),
        (hashed("A@example.com"), Recipient("emailAddress", "A@example.com"), "genuine", "recipient_matches"),
        (hashed("a@example.com", algorithm="md5"), Recipient("emailAddress", "a@example.com"), "genuine", "recipient_matches"),
        (hashed("a@example.com"), Recipient("emailAddress", "b@example.com"), "not_valid", "recipient_other"),
        (hashed("a@example.com") | {"identityHash": "crc$1"}, Recipient("emailAddress", "a@example.com"), "not_valid", "recipient_other"),
        (hashed("a@example.com") | {"identityType": ["emailAddress", "name"]}, Recipient("emailAddress", "a@example.com"), "not_fully_checked", "recipient_not_said"),
        (hashed("a@example.com") | {"identityType": []}, Recipient("emailAddress", "a@example.com"), "not_fully_checked", "recipient_not_said"),
        (hashed("a@example.com", salt="") | {"salt": 5}, Recipient("emailAddress", "a@example.com"), "genuine", "recipient_matches"),
        (hashed("a1") | {"identityType": "studentId"}, Recipient("studentId", "A1"), "not_valid", "recipient_other"),
        (hashed("a@example.com"), Recipient("name", "Sanne"), "not_fully_checked", "recipient_not_said"),
        (named_holder("Sanne de Vries"), Recipient("name", "sanne  de vries"), "genuine", "recipient_matches"),
        (named_holder("Sanne de Vries"), Recipient("name", "Jan"), "not_valid", "recipient_other"),
        (named_holder("x") | {"identityType": "studentId"}, Recipient("studentId", "x"), "genuine", "recipient_matches"),
        (named_holder("x") | {"identityType": "emailAddress"}, Recipient("emailAddress", "X "), "genuine", "recipient_matches"),
    ],
)  # fmt: skip
def test_a_badge_is_compared_with_the_person_asked_about(
    world: Any,
    unsigned: dict[str, Any],
    identifier: dict[str, Any],
    asked: Recipient,
    outcome: str,
    code: str,
) -> None:
    unsigned["credentialSubject"]["identifier"] = [identifier]
    verdict = judged(world, sign_with(unsigned, world.key, world.method), recipient=asked)
    assert (verdict.outcome.value, verdict.check("recipient").code) == (outcome, code)


def test_an_id_is_compared_exactly(world: Any, signed: dict[str, Any]) -> None:
    own = signed["credentialSubject"]["id"]
    assert judged(world, signed, recipient=Recipient("id", own)).outcome == "genuine"
    assert says(judged(world, signed, recipient=Recipient("id", own.upper()))) == (
        "not_valid",
        "recipient_other",
    )


def test_what_is_wrong_otherwise_is_said_first(world: Any, signed: dict[str, Any]) -> None:
    world.publish_list([42])
    assert says(judged(world, signed, recipient=Recipient("id", "x"))) == ("not_valid", "revoked")


@pytest.mark.parametrize(
    "identifier", [named_holder("ada@example.com") | {"identityType": "emailAddress"}, hashed("Ada") | {"identityType": "name"}]
)  # fmt: skip
def test_only_a_name_in_clear_text_is_the_name_of_the_holder(
    world: Any, unsigned: dict[str, Any], identifier: dict[str, Any]
) -> None:
    unsigned["credentialSubject"]["identifier"] = [identifier]
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    assert (verdict.holder.code, verdict.holder.name) == ("holder_not_named", None)


def test_no_name_is_given_of_a_badge_that_nobody_signed_so(world: Any, unsigned: dict[str, Any]) -> None:
    unsigned["credentialSubject"]["identifier"] = [named_holder("Sanne de Vries")]
    signed = sign_with(unsigned, world.key, world.method)
    assert judged(world, signed).holder.name == "Sanne de Vries"
    signed["credentialSubject"]["identifier"] = [named_holder("Jan")]
    verdict = judged(world, signed)
    assert (verdict.holder.code, verdict.holder.name) == ("holder_not_known", None)
