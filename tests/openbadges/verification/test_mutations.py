"""One change of a signed badge: either it is valid no more, or the statements that were signed, and all that we read, are the same.

A signature covers statements (an RDF dataset) and not the JSON that they were written in. So some changes of the JSON are no
changes of what was signed: the order of a list that stands for a set (tags, evidence, types, contexts that define nothing
that is used), the same entry twice, one value written as a list of one, a text written as the object `{"id": …}` where an
address is meant, null or an empty list, and a statement about an address that is told a second time, or told only where that
address is mentioned elsewhere. Those may stay valid, but the verdict and the page must then say what they said before.
"""

import copy
import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_service.openbadges import canonical, contexts
from badge_service.verifier.rules import facts_of
from tests.openbadges.verification.saying import GOOD, judged

LEAVES: Any = st.sampled_from(
    ["", "x", "_:b", "https://a.example/1", "urn:x", "did:web:a.example", "2020-01-01T00:00:00Z", "Achievement", "Profile",
     "%", "\u2028", "Име", True, False, None, 0, 1, 3, 3.0, 2.5, 10**21, [], {}, [None], {"id": "urn:x"}, {"type": ["Evidence"]}]
)  # fmt: skip
NAMES = ["id", "type", "name", "description", "narrative", "x", "@id", "@context", "image", "evidence", "tag", "validUntil",
         "validFrom", "credentialStatus", "refreshService", "endorsement", "identifier", "url", "creator", "proof"]  # fmt: skip
TYPES = [
    "Achievement",
    "Profile",
    "Image",
    "VerifiableCredential",
    "OpenBadgeCredential",
    "EndorsementCredential",
    "x",
]


@pytest.fixture
def badge(compose_badge: Any, world: Any) -> dict[str, Any]:
    """A signed badge with numbers, lists, blank nodes, an image, names in clear text, and an address that stands twice."""
    canonical.use_shapes(checked_one_in=10**9)
    document: dict[str, Any] = compose_badge()
    subject = document["credentialSubject"]
    subject["achievement"] |= {
        "creditsAvailable": 3,
        "image": {"id": "https://a.example/badge.png", "type": "Image"},
        "creator": copy.deepcopy(document["issuer"]),
    }
    subject["identifier"] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": "Ada", "identityType": "name"}
    ]
    document["validUntil"] = "2036-11-20T10:00:00Z"
    signed: dict[str, Any] = world.sign(document)
    return signed


def inside(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a document, parts and leaves, contexts and types and proof."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, member in members:
        yield (*path, step)
        yield from inside(member, (*path, step))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def mutated(draw: Any, signed: dict[str, Any]) -> dict[str, Any]:
    """One thing of the document removed, replaced, added, told twice, moved, wrapped, unwrapped, renamed or with a letter more."""
    changed = copy.deepcopy(signed)
    every = list(inside(signed))
    path = draw(st.sampled_from(every))
    place, step, old = at(changed, path[:-1]), path[-1], at(changed, path)
    how = draw(
        st.sampled_from(
            ["remove", "replace", "other", "add", "twice", "move", "swap", "wrap", "rename", "letter"]
        )
    )
    if how == "remove":
        del place[step]
    elif how == "replace":
        place[step] = draw(LEAVES)
    elif how == "other":
        place[step] = copy.deepcopy(at(signed, draw(st.sampled_from(every))))
    elif how == "add":
        _add(draw, old if isinstance(old, dict | list) else place)
    elif how == "twice" and isinstance(place, list):
        place.append(copy.deepcopy(old))
    elif how == "move":
        _move(draw, changed, place, step)
    elif how == "swap" and isinstance(old, list | dict):
        place[step] = old[::-1] if isinstance(old, list) else dict(reversed(old.items()))
    elif how == "wrap":
        place[step] = draw(
            st.sampled_from([[old], {"id": old}, old[0] if isinstance(old, list) and old else [old]])
        )
    elif how == "rename" and isinstance(place, dict):
        place[draw(st.sampled_from(NAMES))] = place.pop(step)
    elif isinstance(old, str):
        cut = draw(st.integers(0, len(old)))
        place[step] = (
            old[:cut] + draw(st.characters(exclude_categories=["Cs"])) + old[cut + draw(st.integers(0, 1)) :]
        )
    return changed


def _add(draw: Any, place: Any) -> None:
    value = draw(LEAVES | st.sampled_from(TYPES) | st.sampled_from(sorted(contexts.DIGESTS)))
    if isinstance(place, list):
        place.insert(draw(st.integers(0, len(place))), value)
    else:
        place[draw(st.sampled_from(NAMES))] = value


def _move(draw: Any, changed: dict[str, Any], place: Any, step: Any) -> None:
    """A member taken from one object to another, or left in both."""
    value = copy.deepcopy(place[step])
    if draw(st.booleans()):
        del place[step]
    objects = [changed, *(part for path in inside(changed) if isinstance(part := at(changed, path), dict))]
    draw(st.sampled_from(objects))[step if isinstance(step, str) else draw(st.sampled_from(NAMES))] = value


def told(verdict: Any) -> str:
    """All that the verdict and the page say of a badge, in whatever order sets have."""
    seen = {**verdict.to_json(), "facts": dataclasses.asdict(facts_of(verdict.credential, None))}
    for own in ("credential", "checks", "remarks", "layers"):  # remarks are about the JSON itself
        seen.pop(own, None)
    return json.dumps(_unordered(seen), default=str, sort_keys=True)


def _unordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _unordered(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return sorted({json.dumps(_unordered(entry), default=str, sort_keys=True) for entry in value})
    return value


def check(draw: Any, signed: dict[str, Any], world: Any) -> None:
    changed = mutated(draw, signed)
    verdict = judged(world, json.dumps(changed, ensure_ascii=draw(st.booleans())))
    if verdict.outcome in GOOD:
        assert told(verdict) == told(judged(world, json.dumps(signed))), json.dumps(
            changed, ensure_ascii=False
        )


def test_an_issuer_that_is_written_out_as_the_creator_alone_is_told_all_the_same(
    badge: Any, world: Any
) -> None:
    changed = copy.deepcopy(badge)
    achievement = changed["credentialSubject"]["achievement"]
    assert achievement["creator"]["id"] == changed["issuer"]["id"]
    achievement["creator"] |= changed["issuer"]
    changed["issuer"] = changed["issuer"]["id"]
    verdict = judged(world, json.dumps(changed))
    assert verdict.outcome in GOOD
    assert told(verdict) == told(judged(world, json.dumps(badge)))


generated = settings(deadline=None, suppress_health_check=list(HealthCheck))


@given(data=st.data())
@settings(generated, max_examples=150)
def test_one_change_leaves_no_badge_valid_that_says_something_else(data: Any, badge: Any, world: Any) -> None:
    check(data.draw, badge, world)


@pytest.mark.slow
@given(data=st.data())
@settings(generated, max_examples=4_000)
def test_none_of_four_thousand_changes_leaves_a_badge_valid_that_says_something_else(
    data: Any, badge: Any, world: Any
) -> None:
    check(data.draw, badge, world)
