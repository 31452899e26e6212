"""JSON can be written in many ways: what a signature does not see, such as an escaped letter, hides nothing from us either."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from badge_service.openbadges import canonical, contexts, walls
from badge_service.openbadges.verdict import Outcome
from tests.openbadges.verification.saying import (
    KID,
    SCHOOL,
    TokenKey,
    claims_of,
    judged,
    publish_keys,
    says,
    sign_with,
    token,
)

SPELLINGS: list[Callable[[str], str]] = [
    lambda id: id,
    lambda id: id.replace("r", "\\u0072"),
    lambda id: id.replace("/", "\\/"),
]


def mention(world: Any, unsigned: dict[str, Any], id: str) -> dict[str, Any]:
    """The signed badge, whose last evidence is called `id`."""
    unsigned["evidence"].append({"id": id, "type": ["Evidence"]})
    signed: dict[str, Any] = world.sign(unsigned)
    return signed


def spelled(signed: dict[str, Any], spell: Callable[[str], str]) -> str:
    """The badge as text, with the id of the last evidence spelled in another way."""
    id = signed["evidence"][-1]["id"]
    before, _, after = json.dumps(signed).rpartition(json.dumps(id))
    text = f'{before}"{spell(id)}"{after}'
    assert json.loads(text) == signed
    return text


@pytest.mark.parametrize("spell", SPELLINGS)
def test_a_status_is_not_hidden_by_the_spelling_of_an_id(
    world: Any, unsigned: dict[str, Any], spell: Callable[[str], str]
) -> None:
    world.publish_list([42])
    signed = mention(world, unsigned, unsigned["id"])
    assert says(judged(world, spelled(signed, spell))) == ("not_valid", "revoked")
    moved = signed["evidence"].pop()
    moved["type"] = ["Evidence", "VerifiableCredential", "OpenBadgeCredential"]
    moved["credentialStatus"] = signed.pop("credentialStatus")
    signed = {**signed, "evidence": [*signed["evidence"], moved]}
    for data in (signed, spelled(signed, spell)):
        assert says(judged(world, data)) == ("not_valid", "forbidden_keyword")


def test_whose_badge_it_is_cannot_be_said_elsewhere(world: Any, unsigned: dict[str, Any]) -> None:
    subject = unsigned["credentialSubject"]
    subject["identifier"] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": "Ada", "identityType": "name"}
    ]
    signed = mention(world, unsigned, subject["id"])
    assert judged(world, signed).outcome is Outcome.GENUINE
    moved = signed["evidence"][-1]
    moved["type"] = ["Evidence", "AchievementSubject"]
    moved["identifier"] = signed["credentialSubject"].pop("identifier")
    for data in (signed, json.dumps(signed)):
        assert says(judged(world, data)) == ("not_valid", "forbidden_keyword")


def test_a_token_that_says_a_part_of_the_badge_elsewhere_is_refused(
    world: Any, unsigned: dict[str, Any]
) -> None:
    key = TokenKey("ES256")
    publish_keys(world, (KID, key))
    assert judged(world, token(claims_of(unsigned), key)).outcome is Outcome.GENUINE
    moved = {"id": unsigned["id"], "type": ["Evidence", "VerifiableCredential", "OpenBadgeCredential"]}
    moved["credentialStatus"] = unsigned.pop("credentialStatus")
    unsigned["evidence"].append(moved)
    assert says(judged(world, token(claims_of(unsigned), key))) == ("not_valid", "forbidden_keyword")


@pytest.mark.parametrize("name", ["endorsement", "\\u0065ndorsement", "endorsemen\\u0074"])
def test_an_endorsement_is_seen_however_its_name_is_spelled(
    world: Any, unsigned: dict[str, Any], name: str
) -> None:
    unsigned["endorsement"] = [{"type": ["VerifiableCredential", "EndorsementCredential"]}]
    text = json.dumps(sign_with(unsigned, world.key, world.method)).replace('"endorsement"', f'"{name}"')
    verdict = judged(world, text)
    assert verdict.check("endorsements").code == "endorsements_bad"
    assert [entry.where for entry in verdict.contained] == ["endorsement[0]"]


def test_an_endorsement_in_a_token_is_seen(world: Any, unsigned: dict[str, Any]) -> None:
    key = TokenKey("ES256")
    publish_keys(world, (KID, key))
    unsigned["endorsementJwt"] = ["no token"]
    verdict = judged(world, token(claims_of(unsigned), key))
    assert verdict.issuer_id == SCHOOL
    assert verdict.check("endorsements").code == "endorsements_bad"


MOVES: dict[str, tuple[str, ...]] = {
    "badge": ("awardedDate", "validFrom", "credentialStatus", "name"),
    "holder": ("achievement", "result"),
    "achievement": ("name", "description", "criteria", "resultDescription"),
}


@pytest.mark.parametrize("thing", MOVES)
def test_nothing_is_said_of_badge_holder_and_achievement_but_where_it_is_read(
    world: Any, unsigned: dict[str, Any], thing: str
) -> None:
    """An honest mention of the id alone may stand; a member that moves there, or is told otherwise there, may not."""
    subject = unsigned["credentialSubject"]
    homes = {"badge": unsigned, "holder": subject, "achievement": subject["achievement"]}
    id = homes[thing]["id"]
    signed = mention(world, unsigned, id)
    assert says(judged(world, signed)) == ("genuine", "genuine")
    for name in MOVES[thing]:
        changed = copy.deepcopy(signed)
        subject = changed["credentialSubject"]
        home = {"badge": changed, "holder": subject, "achievement": subject["achievement"]}[thing]
        kinds = home["type"] if isinstance(home.get("type"), list) else [home["type"]]
        changed["evidence"][-1] |= {name: home.pop(name), "type": ["Evidence", *kinds]}
        for data in (copy.deepcopy(changed), json.dumps(changed)):
            assert judged(world, data).outcome == "not_valid", name


def test_a_creator_that_is_the_issuer_may_repeat_it_and_say_more_but_not_contradict_it(
    world: Any, unsigned: dict[str, Any]
) -> None:
    creator = copy.deepcopy(unsigned["issuer"])
    unsigned["credentialSubject"]["achievement"]["creator"] = creator
    assert says(judged(world, world.sign(unsigned))) == ("genuine", "genuine")
    creator["description"] = "A school in Friesland."
    assert says(judged(world, world.sign(unsigned))) == ("genuine", "genuine")
    unsigned["issuer"] = SCHOOL
    assert says(judged(world, sign_with(unsigned, world.key, world.method))) == ("genuine", "genuine")
    unsigned["issuer"] = {**creator, "name": "Another name"}
    changed = sign_with(unsigned, world.key, world.method)
    assert says(judged(world, changed)) == ("not_valid", "forbidden_keyword")


def test_a_status_is_not_hidden_deep_inside(world: Any, unsigned: dict[str, Any]) -> None:
    achievement = unsigned["credentialSubject"]["achievement"]
    achievement["creator"] = {"id": unsigned["id"], "type": ["Profile"]}
    signed = world.sign(unsigned)
    moved = signed["credentialSubject"]["achievement"]["creator"]
    moved["type"] = ["Profile", "VerifiableCredential", "OpenBadgeCredential"]
    moved["credentialStatus"] = signed.pop("credentialStatus")
    assert says(judged(world, signed)) == ("not_valid", "forbidden_keyword")


def test_no_word_is_spelled_as_another_one_of_the_same_meaning(world: Any, unsigned: dict[str, Any]) -> None:
    """`Criteria` is a type of the same address as the member `criteria`, and every type is an address as well."""
    unsigned["refreshService"] = {"id": "https://a.example/newer", "type": "1EdTechCredentialRefresh"}
    signed = sign_with(unsigned, world.key, world.method)
    assert judged(world, signed).check("terms").outcome == "passed"
    renamed, full, prefixed = (copy.deepcopy(signed) for _ in range(3))
    achievement = renamed["credentialSubject"]["achievement"]
    achievement["Criteria"] = achievement.pop("criteria")
    nquads = canonical.canonicalize({name: value for name, value in signed.items() if name != "proof"})
    (address,) = re.findall(r"<(\S+1EdTechCredentialRefresh)>", nquads)
    full["refreshService"]["type"] = address
    prefixed["type"] = [*prefixed["type"], "cred:VerifiableCredential"]
    for changed in (renamed, full, prefixed):
        for data in (changed, json.dumps(changed)):
            assert says(judged(world, data)) == ("not_valid", "forbidden_keyword")


def test_no_other_words_of_our_vocabularies_mean_the_same() -> None:
    """Every word of every vocabulary that we carry, by what it stands for; the walls know of the few that share an address."""
    meanings: dict[str, set[str]] = {}
    for url in contexts.KNOWN:
        for word, meaning in walls._defined(contexts.load(url)["@context"]):
            if not meaning.startswith("@"):
                meanings.setdefault(meaning, set()).add(word)
    shared = [words for words in meanings.values() if len(words) > 1]
    pairs = [{word, other} for word, other in walls.ONE_MEANING.items()]
    assert len(shared) == len(pairs) and all(words in pairs for words in shared)
