"""`refreshService`: the issuer's newer edition is judged in place of the old one, once, and only after a good signature."""

from typing import Any

import pytest

from badge_service.openbadges.credential import named_holder
from badge_service.openbadges.verdict import Outcome
from tests.openbadges.verification.saying import STRANGER, judged, says, sign_with

ADDRESS = "https://badges.example.org/credentials/newest.json"


@pytest.fixture
def old(world: Any, unsigned: dict[str, Any]) -> dict[str, Any]:
    unsigned["refreshService"] = {"id": ADDRESS, "type": "1EdTechCredentialRefresh"}
    return unsigned


def newer(old: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**old, "validFrom": "2026-11-21T11:00:00Z", **changes}


def test_the_newer_edition_is_judged_and_named(world: Any, old: dict[str, Any]) -> None:
    signed = world.sign(old)
    late = newer(old)
    late["credentialSubject"] = {**old["credentialSubject"], "identifier": [named_holder("Sanne de Vries")]}
    world.publish(ADDRESS, world.sign(late))
    verdict = judged(world, signed)
    assert says(verdict) == ("genuine", "genuine")
    assert verdict.refreshed is not None and verdict.refreshed.address == ADDRESS
    assert (verdict.check("refresh").code, verdict.holder.name) == ("refreshed", "Sanne de Vries")
    assert verdict.credential is not None and verdict.credential["validFrom"] == late["validFrom"]
    assert "refreshed" in [remark.code for remark in verdict.remarks]
    assert world.asked.count(ADDRESS) == 1


def test_the_dates_and_the_status_of_the_newer_edition_count(world: Any, old: dict[str, Any]) -> None:
    signed = world.sign(old)
    world.publish(ADDRESS, world.sign(newer(old, validUntil="2026-11-21T11:30:00Z")))
    assert says(judged(world, signed)) == ("not_valid", "expired")
    entry = {**old["credentialStatus"], "id": old["credentialStatus"]["id"] + "0", "statusListIndex": "43"}
    world.publish(ADDRESS, world.sign(newer(old, credentialStatus=entry)))
    world.publish_list([42])
    assert says(judged(world, signed)) == ("genuine", "genuine")


@pytest.mark.parametrize(
    "what", ["nothing", "another id", "older", "undated", "altered", "strangers", "no badge"]
)
def test_what_is_no_newer_edition_leaves_the_old_one(
    world: Any, old: dict[str, Any], new_key: Any, what: str
) -> None:
    signed = world.sign(old)
    thief = new_key(9)
    world.publish_did(STRANGER, [("k", thief.public_key)])
    stranger = newer(old, issuer={**old["issuer"], "id": STRANGER})
    undated = {name: value for name, value in old.items() if name != "validFrom"}
    pages = {
        "another id": lambda: world.sign(newer(old, id=old["id"] + "x")),
        "older": lambda: world.sign({**old, "validFrom": "2026-11-19T10:00:00Z"}),
        "undated": lambda: sign_with(undated, world.key, world.method),
        "altered": lambda: {**world.sign(newer(old)), "name": "Another"},
        "strangers": lambda: sign_with(stranger, thief, f"{STRANGER}#k"),
        "no badge": lambda: [1],
    }
    if what in pages:
        world.publish(ADDRESS, pages[what]())
    verdict = judged(world, signed)
    assert says(verdict) == ("genuine", "genuine")
    assert verdict.refreshed is None and verdict.credential == signed
    assert verdict.check("refresh").outcome == "unknown"
    assert verdict.remarks


def test_a_newer_edition_by_a_did_that_only_looks_the_same_leaves_the_old_one(
    world: Any, old: dict[str, Any], new_key: Any
) -> None:
    """`%3A` and `:` are other names to did:web: what one of them signs is not the other's, whatever register knows it."""
    ours, alike = "did:web:shared.example%3A8443", "did:web:shared.example:8443"
    world.registered = {ours: "Good School"}
    world.publish_did(ours, [("k", world.key.public_key)])
    world.publish_did(alike, [("k", new_key(9).public_key)])
    del old["credentialStatus"]
    signed = sign_with({**old, "issuer": {**old["issuer"], "id": ours}}, world.key, f"{ours}#k")
    stolen = newer(old, issuer={**old["issuer"], "id": alike}, name="Master")
    world.publish(ADDRESS, sign_with(stolen, new_key(9), f"{alike}#k"))
    verdict = judged(world, signed)
    assert (says(verdict), verdict.check("refresh").code) == (("genuine", "genuine"), "refresh_other")
    assert (verdict.issuer_id, verdict.credential) == (ours, signed)
    own = newer(
        old, issuer={**old["issuer"], "id": ours}, id=old["id"].replace("credentials", "%63redentials")
    )
    world.publish(ADDRESS, sign_with(own, world.key, f"{ours}#k"))
    assert judged(world, signed).check("refresh").code == "refresh_other"


def test_the_issuer_of_the_newer_edition_is_looked_up_in_the_registers(
    world: Any, old: dict[str, Any]
) -> None:
    signed = world.sign(old)
    world.publish(ADDRESS, world.sign(newer(old)))
    entries = iter([world.knows(old["issuer"]["id"]), None])
    world.knows = lambda issuer_id: next(entries)
    assert judged(world, signed).outcome is Outcome.SIGNED_ISSUER_UNKNOWN


def test_the_same_edition_is_no_newer_one(world: Any, old: dict[str, Any]) -> None:
    signed = world.sign(old)
    world.publish(ADDRESS, signed)
    verdict = judged(world, signed)
    assert (verdict.check("refresh").code, verdict.refreshed) == ("refresh_same", None)


def test_nobody_is_asked_before_the_signature_holds(world: Any, old: dict[str, Any]) -> None:
    assert says(judged(world, {**world.sign(old), "name": "Another"})) == ("not_valid", "signature")
    assert ADDRESS not in world.asked
