"""Our own JSON Schema accepts and refuses what the schema of 1EdTech accepts and refuses."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from badge_service.openbadges import schema

OFFICIAL = "standards/schemas/plain-ob_v3p0_achievementcredential-jsonschema1.json"


@pytest.fixture
def official(shared: Any) -> Any:
    return jsonschema_rs.Draft201909Validator(json.loads((shared / OFFICIAL).read_text("utf-8")))


def rich(example: dict[str, Any]) -> dict[str, Any]:
    """The example with every other class of the data model in it."""
    document = copy.deepcopy(example)
    achievement = document["credentialSubject"]["achievement"]
    image = {"id": "https://a.example/i.png", "type": "Image", "caption": "c"}
    document["image"] = document["credentialSubject"]["image"] = image
    document["issuer"] |= {
        "image": image, "parentOrg": {"id": "https://a.example/p", "type": ["Profile"]}, "dateOfBirth": "2000-01-01",
        "phone": "1", "email": "a@example.org", "official": "x",
    }  # fmt: skip
    document["issuer"]["address"]["geo"] = {"type": "GeoCoordinates", "latitude": 53.1, "longitude": 5.5}
    document["credentialSubject"] |= {
        "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": "Sanne", "identityType": "name", "salt": "s"}],
        "creditsEarned": 1.5, "licenseNumber": "1", "term": "t", "narrative": "n",
        "source": {"id": "https://a.example/s", "type": ["Profile"]},
    }  # fmt: skip
    achievement |= {
        "creditsAvailable": 2, "specialization": "s",
        "related": [{"id": "https://a.example/r", "type": ["Related"], "inLanguage": "nl", "version": "1"}],
        "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "1", "identifierType": "ext:x"}],
        "endorsementJwt": ["a.b.c"],
    }  # fmt: skip
    document["validUntil"] = "2030-01-01T00:00:00+01:00"
    document["proof"] = [{"type": "DataIntegrityProof", "created": "2026-01-01T00:00:00Z", "proofValue": "z"}]
    document["refreshService"] = {"id": "https://a.example/refresh", "type": "1EdTechCredentialRefresh"}
    document["termsOfUse"] = [{"type": "x"}]
    document["endorsement"] = [
        {
            "@context": document["@context"][:2], "id": "urn:uuid:e", "name": "n",
            "type": ["VerifiableCredential", "EndorsementCredential"], "issuer": "https://a.example",
            "validFrom": "2026-01-01T00:00:00Z", "credentialSubject": {"id": "urn:b", "type": ["EndorsementSubject"]},
        }
    ]  # fmt: skip
    return document


def paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, member in members:
        yield (*here, key)
        if key == 0 or not isinstance(value, list):
            yield from paths(member, (*here, key))


def mutated(document: dict[str, Any], path: tuple[Any, ...], change: Any) -> dict[str, Any]:
    copied = copy.deepcopy(document)
    place: Any = copied
    for step in path[:-1]:
        place = place[step]
    if change is REMOVE:
        del place[path[-1]]
    elif change is ADD:
        if not isinstance(place[path[-1]], dict):
            return copied
        place[path[-1]]["somethingElse"] = "x"
    elif change is UNWRAP:
        held = place[path[-1]]
        place[path[-1]] = held[0] if isinstance(held, list) and held else held
    else:
        place[path[-1]] = change
    return copied


REMOVE, ADD, UNWRAP = object(), object(), object()
CHANGES = (REMOVE, ADD, UNWRAP, None, 7, True, "ext:made-up", [], {}, ["x"], [{}])


def test_the_example_and_a_rich_badge_are_accepted_by_both(example: dict[str, Any], official: Any) -> None:
    for document in (example, rich(example)):
        assert list(official.iter_errors(document)) == []
        assert schema.faults(document) == []


def test_every_mutation_of_a_rich_badge_is_judged_alike(example: dict[str, Any], official: Any) -> None:
    document, judged, disagreed = rich(example), 0, []
    for path in paths(document):
        if path[0] == "type":  # chooses the schema on our side
            continue
        for change in CHANGES:
            changed = mutated(document, path, change)
            theirs, ours = official.is_valid(changed), schema.is_valid(changed)
            judged += 1
            if theirs != ours and not _a_date(path):
                disagreed.append((path, change, theirs, ours))
    assert judged > 2_000
    assert disagreed == []


def _a_date(path: tuple[Any, ...]) -> bool:
    """1EdTech's schema names the format of dates without a pattern, so a plain validator lets any text pass."""
    return path[-1] in (
        "validFrom",
        "validUntil",
        "awardedDate",
        "created",
        "activityStartDate",
        "activityEndDate",
    )


@pytest.mark.parametrize("date", ["2026-01-01", "2026-01-01T00:00:00", "yesterday", ""])
def test_dates_without_a_zone_are_refused(unsigned: dict[str, Any], date: str) -> None:
    faults = schema.faults({**unsigned, "validFrom": date})
    assert [fault.where for fault in faults] == ["validFrom"]


def test_findings_name_the_place_in_plain_words(unsigned: dict[str, Any]) -> None:
    del unsigned["credentialSubject"]["achievement"]["criteria"]
    unsigned["evidence"] = {}
    found = {fault.where: fault.message for fault in schema.faults(unsigned)}
    assert found == {
        "credentialSubject.achievement": "Missing: criteria.",
        "evidence": "This must be of the kind array.",
    }
