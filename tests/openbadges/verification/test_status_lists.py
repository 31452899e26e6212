"""Status lists of every kind, what is remembered of them, and what an older list than one seen before is worth."""

import json
from datetime import timedelta
from typing import Any

import pytest

from badge_service.openbadges import bitstring_status_list as lists
from badge_service.openbadges import did
from badge_service.openbadges.verdict import Outcome
from badge_service.openbadges.verification import Remembered
from tests.openbadges.verification.saying import (
    LIST_URL,
    NOW,
    SCHOOL,
    STRANGER,
    judged,
    own_document,
    says,
    sign_with,
    token,
)  # fmt: skip

LEGACY_URL = "https://badges.example.org/revoked.json"


def list_token(world: Any, indexes: list[int], key: Any = None, **changes: Any) -> str:
    document = lists.compose_list(id=LIST_URL, issuer_id=SCHOOL, indexes=indexes, valid_from=NOW)
    return token({**document, **changes}, key or world.key, typ="vc+jwt", kid=world.method)


def test_a_list_may_be_a_token(world: Any, signed: dict[str, Any], new_key: Any) -> None:
    for indexes, expected in (([], ("genuine", "genuine")), ([42], ("not_valid", "revoked"))):
        world.pages[LIST_URL] = list_token(world, indexes).encode()
        assert says(judged(world, signed)) == expected
    world.pages[LIST_URL] = list_token(world, [], new_key(9)).encode()
    assert says(judged(world, signed)) == ("not_fully_checked", "status_verification")
    world.pages[LIST_URL] = list_token(world, [], exp=1).encode()
    assert judged(world, signed).outcome is Outcome.NOT_FULLY_CHECKED


def test_an_entry_that_only_tells_something_is_remarked_and_not_fetched(
    world: Any, unsigned: dict[str, Any]
) -> None:
    entry = unsigned["credentialStatus"]
    message = {
        **entry,
        "id": "urn:x:2",
        "statusPurpose": "refresh",
        "statusListCredential": "https://a.example/m",
    }
    unsigned["credentialStatus"] = [entry, message]
    signed = sign_with(unsigned, world.key, world.method)
    verdict = judged(world, signed)
    assert verdict.outcome is Outcome.GENUINE
    assert [remark.code for remark in verdict.remarks if remark.code != "schema"] == ["status_other_purpose"]
    assert "https://a.example/m" not in world.asked
    world.publish_list([42])
    assert says(judged(world, signed)) == ("not_valid", "revoked")


def legacy(world: Any, badge: dict[str, Any], url: str = LEGACY_URL) -> dict[str, Any]:
    badge["credentialStatus"] = {"id": url, "type": "1EdTechRevocationList"}
    return sign_with(badge, world.key, world.method)


@pytest.mark.parametrize("member", ["revokedCredential", "revokedCredentials"])
def test_the_older_lists_are_read_under_both_names(world: Any, unsigned: dict[str, Any], member: str) -> None:
    signed = legacy(world, unsigned)
    page = {"id": LEGACY_URL, "issuer": SCHOOL, member: [{"id": "https://a.example/other"}]}
    world.publish(LEGACY_URL, page)
    assert says(judged(world, signed)) == ("genuine", "genuine")
    for entry in (signed["id"], {"id": signed["id"]}, {"id": signed["id"], "revoked": True}):
        world.publish(LEGACY_URL, {**page, member: [entry]})
        assert says(judged(world, signed)) == ("not_valid", "revoked")
    world.publish(LEGACY_URL, {**page, member: [{"id": signed["id"], "revoked": False}]})
    assert judged(world, signed).outcome is Outcome.GENUINE


def test_an_older_list_that_cannot_be_read_is_unknown(world: Any, unsigned: dict[str, Any]) -> None:
    signed = legacy(world, unsigned)
    assert says(judged(world, signed)) == ("not_fully_checked", "status_unreachable")
    for page in ([], {}, {"revoked": []}):
        world.publish(LEGACY_URL, page)
        assert says(judged(world, signed)) == ("not_fully_checked", "status_list_format")


def test_an_older_list_elsewhere_can_withdraw_but_not_vouch(world: Any, unsigned: dict[str, Any]) -> None:
    url = "https://elsewhere.example/revoked.json"
    signed = legacy(world, unsigned, url)
    world.publish(url, {"revokedCredential": []})
    assert says(judged(world, signed)) == ("not_fully_checked", "status_issuer")
    world.publish(url, {"revokedCredential": [{"id": signed["id"]}]})
    assert says(judged(world, signed)) == ("not_valid", "revoked")
    signed = legacy(world, unsigned)
    world.publish(LEGACY_URL, {"issuer": STRANGER, "revokedCredential": []})
    assert says(judged(world, signed)) == ("not_fully_checked", "status_issuer")


def test_a_list_older_than_one_seen_before_is_not_believed(world: Any, signed: dict[str, Any]) -> None:
    remembered = Remembered()
    assert judged(world, signed, remembered=remembered).outcome is Outcome.GENUINE
    world.publish_list(
        [], valid_from=NOW - timedelta(minutes=4)
    )  # within its time to live: another copy of it
    assert judged(world, signed, remembered=remembered).outcome is Outcome.GENUINE
    world.publish_list([], valid_from=NOW - timedelta(hours=2))
    assert says(judged(world, signed, remembered=remembered)) == ("not_fully_checked", "status_rollback")
    assert judged(world, signed).outcome is Outcome.GENUINE


def test_what_is_remembered_is_forgotten_when_one_byte_changes(world: Any, signed: dict[str, Any]) -> None:
    remembered = Remembered()
    first = judged(world, signed, remembered=remembered)
    assert judged(world, signed, remembered=remembered) == first
    world.publish_list([42])
    assert says(judged(world, signed, remembered=remembered)) == ("not_valid", "revoked")
    document = own_document(world)
    document["assertionMethod"] = []
    world.publish(did.document_url(SCHOOL), document)
    assert says(judged(world, signed, remembered=remembered)) == ("not_valid", "verification_relationship")
    world.pages.clear()
    assert says(judged(world, signed, remembered=remembered)) == ("not_fully_checked", "key_unreachable")


def test_a_remembered_list_still_ends(world: Any, signed: dict[str, Any]) -> None:
    remembered = Remembered()
    assert judged(world, signed, remembered=remembered).outcome is Outcome.GENUINE
    later = NOW + timedelta(days=8)
    assert says(judged(world, signed, now=later, remembered=remembered)) == (
        "not_fully_checked",
        "status_stale",
    )


def test_the_memory_is_bounded(world: Any, signed: dict[str, Any]) -> None:
    remembered = Remembered(most_entries=2, most_bytes=200)  # a key of it, and no list
    for _ in range(3):
        assert judged(world, signed, remembered=remembered).outcome is Outcome.GENUINE
    calls: list[int] = []
    for number in range(5):
        remembered.recall(number, world.fetch, lambda fetch, n=number: calls.append(n))
    remembered.recall(4, world.fetch, lambda fetch: calls.append(9))
    remembered.recall(0, world.fetch, lambda fetch: calls.append(9))
    assert calls == [0, 1, 2, 3, 4, 9]


def test_a_list_without_a_date_is_dated_by_the_day_it_was_read(world: Any, signed: dict[str, Any]) -> None:
    document = json.loads(world.pages[LIST_URL])
    del document["proof"], document["validFrom"]
    world.publish(LIST_URL, sign_with(document, world.key, world.method))
    assert judged(world, signed).status_as_of == "2026-11-21"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"validFrom": "yesterday"}, "status_list_format"),
        ({"type": ["VerifiableCredential"]}, "status_list_format"),
        ({"credentialSubject": [1]}, "status_list_format"),
    ],
)
def test_lists_that_are_none_are_not_believed(
    world: Any, signed: dict[str, Any], changes: dict[str, Any], code: str
) -> None:
    document = {**json.loads(world.pages[LIST_URL]), **changes}
    del document["proof"]
    world.publish(LIST_URL, sign_with(document, world.key, world.method))
    assert says(judged(world, signed)) == ("not_fully_checked", code)


@pytest.mark.parametrize("body", [b"[1]", b"\xff\xfe", b"", b"null"])
def test_pages_that_are_no_list_are_not_believed(world: Any, signed: dict[str, Any], body: bytes) -> None:
    world.pages[LIST_URL] = body
    assert says(judged(world, signed)) == ("not_fully_checked", "status_list_format")


def test_a_list_whose_proof_has_ended_is_not_believed(world: Any, signed: dict[str, Any]) -> None:
    document = json.loads(world.pages[LIST_URL])
    world.publish(LIST_URL, sign_with(document, world.key, world.method, expires="2026-11-21T11:00:00Z"))
    assert says(judged(world, signed)) == ("not_fully_checked", "status_verification")


@pytest.mark.parametrize("ttl", ["300000", -1, True, 10**12, None])
def test_a_strange_time_to_live_counts_as_the_usual_one(world: Any, signed: dict[str, Any], ttl: Any) -> None:
    document = json.loads(world.pages[LIST_URL])
    del document["credentialSubject"]["ttl"]
    document["credentialSubject"] |= {} if ttl is None else {"ttl": ttl}
    world.publish(LIST_URL, sign_with(document, world.key, world.method))
    assert judged(world, signed).outcome is Outcome.GENUINE


def test_a_list_is_good_no_longer_than_the_key_that_signed_it(
    world: Any, signed: dict[str, Any], new_key: Any
) -> None:
    """Also when the list was good when it was remembered; the key of the badge itself has no end."""
    document, method = own_document(world), f"{SCHOOL}#lists"
    ends = {"id": method, "type": "Multikey", "controller": SCHOOL, "expires": "2026-11-21T13:00:00Z"}
    document["verificationMethod"].append({**ends, "publicKeyMultibase": new_key(9).public_key.multikey})
    document["assertionMethod"].append(method)
    world.publish(did.document_url(SCHOOL), document)
    world.publish(LIST_URL, sign_with(json.loads(world.pages[LIST_URL]), new_key(9), method))
    remembered = Remembered()
    assert judged(world, signed, remembered=remembered).outcome is Outcome.GENUINE
    later = judged(world, signed, now=NOW + timedelta(hours=2), remembered=remembered)
    assert says(later) == ("not_fully_checked", "status_verification")


def test_what_is_remembered_of_dates_and_bytes_is_bounded() -> None:
    remembered, calls = Remembered(most_entries=3, most_bytes=250), []
    for number in (1, 2, 3, 3, 2, 1):
        remembered.recall(
            number, lambda url: None, lambda fetch, n=number: calls.append(n), lambda answer: 100
        )
    assert calls == [1, 2, 3, 1]  # two of a hundred bytes have room
    for number in range(4):
        assert not remembered.is_rolled_back(f"https://a.example/{number}", NOW, timedelta(0))
    older, tolerance = NOW - timedelta(minutes=5), timedelta(minutes=5)
    assert not remembered.is_rolled_back("https://a.example/3", older, tolerance)
    assert remembered.is_rolled_back("https://a.example/3", older, tolerance - timedelta(seconds=1))
    assert not remembered.is_rolled_back(
        "https://a.example/0", older, timedelta(0)
    )  # the oldest is forgotten


@pytest.mark.parametrize(("minutes", "code"), [(20, "genuine"), (40, "status_rollback")])
def test_a_copy_may_be_older_by_the_time_that_the_list_says(
    world: Any, signed: dict[str, Any], minutes: int, code: str
) -> None:
    remembered = Remembered()
    for age in (0, minutes):
        world.publish_list([], valid_from=NOW - timedelta(minutes=age))
        document = json.loads(world.pages[LIST_URL])
        document["credentialSubject"]["ttl"] = 1_800_000
        world.publish(LIST_URL, sign_with(document, world.key, world.method))
        verdict = judged(world, signed, remembered=remembered)
    assert verdict.reason_code == code
