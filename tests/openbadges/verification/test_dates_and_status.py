"""Dates and status: expired, withdrawn, suspended, and lists that cannot be believed."""

import json
from datetime import timedelta
from typing import Any

import pytest

from badge_service.openbadges import bitstring_status_list as lists
from badge_service.openbadges import contexts
from badge_service.openbadges.sentences import sentence
from badge_service.openbadges.verdict import Outcome
from badge_service.openbadges.verification import Explanation
from tests.openbadges.verification.saying import LIST_URL, NOW, STRANGER, judged, says, sign_with

# Dates and status


def test_an_expired_badge_is_not_valid(world: Any, unsigned: dict[str, Any]) -> None:
    verdict = judged(world, world.sign({**unsigned, "validUntil": "2026-11-21T12:00:00Z"}))
    assert says(verdict) == ("not_valid", "expired")
    assert sentence(verdict.reason_code, verdict.params) == "This badge expired on 2026-11-21."


def test_a_badge_of_tomorrow_is_not_valid_yet(world: Any, unsigned: dict[str, Any]) -> None:
    signed = world.sign({**unsigned, "validFrom": "2026-11-22T12:00:00Z"})
    assert says(judged(world, signed)) == ("not_valid", "not_yet_valid")
    world.publish_list([], valid_from=NOW + timedelta(days=1))
    assert judged(world, signed, now=NOW + timedelta(days=2)).outcome is Outcome.GENUINE


def test_a_revoked_badge_is_not_valid_and_its_neighbours_are(
    world: Any, signed: dict[str, Any], compose_badge: Any
) -> None:
    world.publish_list([42])
    assert says(judged(world, signed)) == ("not_valid", "revoked")
    assert judged(world, world.sign(compose_badge(43))).outcome is Outcome.GENUINE


def test_revoked_is_said_before_expired(world: Any, unsigned: dict[str, Any]) -> None:
    world.publish_list([42])
    verdict = judged(world, world.sign({**unsigned, "validUntil": "2026-11-20T12:00:00Z"}))
    assert says(verdict) == ("not_valid", "revoked")
    assert verdict.check("dates").code == "expired"


@pytest.mark.parametrize(
    ("explanation", "code"),
    [
        (Explanation("replaced", "2026-11-21"), "replaced"),
        (Explanation("withdrawn", "2026-11-21"), "withdrawn"),
        (Explanation("withdrawn", "2026-11-21", "awarded by mistake"), "withdrawn_with_reason"),
        (None, "revoked"),
    ],
)
def test_our_own_service_explains_why(
    world: Any, signed: dict[str, Any], explanation: Any, code: str
) -> None:
    world.publish_list([42])
    verdict = judged(world, signed, explain_revocation=lambda document, entry: explanation)
    assert says(verdict) == ("not_valid", code)
    assert verdict.replaced_on == ("2026-11-21" if code == "replaced" else None)


def _strangers_list(world: Any, new_key: Any) -> None:
    world.publish_did(STRANGER, [("k", new_key(9).public_key)])
    other = json.loads(world.pages[LIST_URL])
    del other["proof"]
    world.publish(LIST_URL, world.sign({**other, "issuer": STRANGER}, new_key(9), f"{STRANGER}#k"))


def _changed_list(world: Any, **subject: Any) -> None:
    other = json.loads(world.pages[LIST_URL])
    del other["proof"]
    other["credentialSubject"] |= subject
    world.publish(LIST_URL, sign_with(other, world.key, world.method))


def _replace(world: Any, body: bytes) -> None:
    world.pages[LIST_URL] = body


DOUBTFUL_LISTS = {
    "status_unreachable": lambda w, k: w.pages.pop(LIST_URL),
    "status_issuer": _strangers_list,
    "status_stale": lambda w, k: w.publish_list([], valid_from=NOW - timedelta(days=7)),
    "status_not_yet_valid": lambda w, k: w.publish_list([], valid_from=NOW + timedelta(days=1)),
    "status_id_mismatch": lambda w, k: w.publish_list([], id=LIST_URL + "x"),
    "status_purpose": lambda w, k: _changed_list(w, statusPurpose="suspension"),
    "status_encoding": lambda w, k: _changed_list(w, encodedList="uAAAA"),
    "status_verification": lambda w, k: w.publish(LIST_URL, {**json.loads(w.pages[LIST_URL]), "proof": []}),
    "status_list_format": lambda w, k: _replace(w, b"eyJhbGciOiJSUzI1NiJ9.e30.c2ln"),
}


@pytest.mark.parametrize("code", DOUBTFUL_LISTS)
def test_a_doubtful_status_list_is_never_green(
    world: Any, signed: dict[str, Any], new_key: Any, code: str
) -> None:
    DOUBTFUL_LISTS[code](world, new_key)  # type: ignore[no-untyped-call]
    assert says(judged(world, signed)) == ("not_fully_checked", code)


def test_a_list_with_one_changed_bit_does_not_hold(world: Any, signed: dict[str, Any]) -> None:
    world.publish_list([42])
    document = json.loads(world.pages[LIST_URL])
    document["credentialSubject"]["encodedList"] = lists.encode(lists.bits_of([]))
    world.publish(LIST_URL, document)
    assert says(judged(world, signed)) == ("not_fully_checked", "status_verification")


@pytest.mark.parametrize(
    ("entry", "outcome", "code"),
    [
        ({"statusListIndex": "131072"}, "not_fully_checked", "status_range"),
        ({"statusListIndex": " 5 "}, "not_valid", "status_index"),
        ({"statusListIndex": 42}, "genuine", "genuine"),
        ({"statusPurpose": "message"}, "not_fully_checked", "status_purpose_unknown"),
        ({"statusPurpose": "refresh"}, "genuine", "genuine"),
        ({"statusPurpose": "x"}, "not_fully_checked", "status_purpose_unknown"),
        ({"statusSize": 2}, "not_fully_checked", "status_purpose_unknown"),
    ],
)
def test_entries_that_we_do_not_understand_are_never_green(
    world: Any, unsigned: dict[str, Any], entry: dict[str, Any], outcome: str, code: str
) -> None:
    unsigned["credentialStatus"] |= entry
    assert says(judged(world, sign_with(unsigned, world.key, world.method))) == (outcome, code)


def test_a_status_of_another_kind_is_never_green(world: Any, unsigned: dict[str, Any]) -> None:
    unsigned["credentialStatus"] = {"id": "https://a.example/revoked", "type": "BitstringStatusList"}
    signed = sign_with(unsigned, world.key, world.method)
    assert says(judged(world, signed)) == ("not_fully_checked", "status_kind_unknown")


def test_several_entries_all_count_and_too_many_are_refused(world: Any, unsigned: dict[str, Any]) -> None:
    entry = unsigned["credentialStatus"]
    other = {**entry, "id": entry["id"] + "0", "statusListIndex": "7"}
    both = sign_with({**unsigned, "credentialStatus": [entry, other]}, world.key, world.method)
    assert judged(world, both).outcome is Outcome.GENUINE
    world.publish_list([7])
    assert judged(world, both).reason_code == "revoked"
    many = [{**entry, "id": f"{entry['id']}{n}", "statusListIndex": str(n)} for n in range(5)]
    verdict = judged(world, sign_with({**unsigned, "credentialStatus": many}, world.key, world.method))
    assert says(verdict) == ("not_valid", "status_too_many")


def test_a_suspended_badge_is_not_valid(world: Any, unsigned: dict[str, Any]) -> None:
    unsigned["credentialStatus"]["statusPurpose"] = "suspension"
    world.publish_list([42])
    _changed_list(world, statusPurpose="suspension")
    assert says(judged(world, world.sign(unsigned))) == ("not_valid", "suspended")


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        ({"validFrom": "2026-11-21T12:05:00Z"}, "dates_good"),
        ({"validFrom": "2026-11-21T12:05:01Z"}, "not_yet_valid"),
        ({"validUntil": "2026-11-21T12:00:01Z"}, "dates_good_until"),
        ({"validUntil": "2026-11-21T12:00:00Z"}, "expired"),
    ],
)
def test_to_the_second_when_a_badge_begins_and_ends(
    world: Any, unsigned: dict[str, Any], dates: dict[str, str], code: str
) -> None:
    verdict = judged(world, world.sign({**unsigned, **dates}))
    assert verdict.check("dates").code == code


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        ({"expirationDate": "2027-01-01T00:00:00Z"}, "dates_good_until"),
        ({"expirationDate": "2027-01-01T00:00:00Z", "validUntil": "2020-01-01T00:00:00Z"}, "expired"),
        ({"expirationDate": "2020-01-01T00:00:00Z", "validUntil": "2027-01-01T00:00:00Z"}, "expired"),
        ({"validUntil": "2020-01-01T00:00:00Z"}, "expired"),
        ({"validFrom": "2027-01-01T00:00:00Z"}, "not_yet_valid"),
    ],
)
def test_of_the_dates_of_both_data_models_the_narrower_count(
    world: Any, unsigned: dict[str, Any], dates: dict[str, str], code: str
) -> None:
    del unsigned["credentialStatus"]
    unsigned["issuanceDate"] = unsigned.pop("validFrom")
    unsigned["@context"][0] = contexts.VC1
    unsigned["@context"].append(contexts.DATA_INTEGRITY)
    verdict = judged(world, sign_with({**unsigned, **dates}, world.key, world.method))
    assert verdict.check("dates").code == code
