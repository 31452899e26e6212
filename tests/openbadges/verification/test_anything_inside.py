"""Any part of a token, a presentation, an endorsement or a foreign page replaced by anything still gets a verdict."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_service.openbadges import contexts
from tests.openbadges.verification.saying import (
    KID,
    TokenKey,
    claims_of,
    judged,
    publish_keys,
    sign_with,
    token,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
    | st.sampled_from(["urn:x:1", "2026-11-21T12:00:00Z", "1EdTechRevocationList", "EndorsementCredential", KID]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "type", "@context", "proof", "issuer", "vc", "vp"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def replaced(document: Any, data: st.DataObject) -> Any:
    changed = copy.deepcopy(document)
    place: Any = changed
    for _ in range(data.draw(st.integers(1, 5))):
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(VALUES)
            break
        place = place[key]
    return changed


def _judge_anything(world: Any, unsigned: dict[str, Any], data: st.DataObject) -> None:
    key = TokenKey("ES256")
    publish_keys(world, (KID, key))
    endorsement = {
        "@context": unsigned["@context"], "id": "urn:x:e", "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": unsigned["issuer"], "validFrom": "2026-11-01T00:00:00Z",
        "credentialSubject": {"id": unsigned["id"], "type": ["EndorsementSubject"]},
    }  # fmt: skip
    kind = data.draw(
        st.sampled_from(["token", "presentation", "endorsement", "token inside", "legacy", "newer"])
    )
    if kind == "token":
        judged(world, token(replaced(claims_of(unsigned), data), key))
    elif kind == "presentation":
        whole = {"@context": [contexts.VC2], "type": ["VerifiablePresentation"], "holder": "urn:x:h"}
        proof = sign_with(unsigned, world.key, world.method)["proof"]
        judged(world, replaced({**whole, "verifiableCredential": [unsigned], "proof": proof}, data))
    elif kind == "endorsement":
        unsigned["endorsement"] = [sign_with(endorsement, world.key, world.method)]
        judged(world, replaced(sign_with(unsigned, world.key, world.method), data))
    elif kind == "token inside":
        unsigned["endorsementJwt"] = [token(replaced(endorsement, data), key)]
        judged(world, sign_with(unsigned, world.key, world.method))
    elif kind == "legacy":
        unsigned["credentialStatus"] = {"id": "https://badges.example.org/r", "type": "1EdTechRevocationList"}
        page = {
            "id": "https://badges.example.org/r",
            "revokedCredential": [{"id": "urn:x:1", "revoked": True}],
        }
        world.publish("https://badges.example.org/r", replaced(page, data))
        judged(world, sign_with(unsigned, world.key, world.method))
    else:
        unsigned["refreshService"] = {
            "id": "https://badges.example.org/n",
            "type": "1EdTechCredentialRefresh",
        }
        signed = sign_with(unsigned, world.key, world.method)
        world.publish("https://badges.example.org/n", replaced(signed, data))
        judged(world, signed)


SETTINGS: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@given(data=st.data())
@settings(max_examples=80, **SETTINGS)
def test_anything_inside_gets_a_verdict(world: Any, unsigned: dict[str, Any], data: st.DataObject) -> None:
    _judge_anything(world, json.loads(json.dumps(unsigned)), data)


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=2_000, **SETTINGS)
def test_thousands_of_anythings_get_a_verdict(
    world: Any, unsigned: dict[str, Any], data: st.DataObject
) -> None:
    _judge_anything(world, json.loads(json.dumps(unsigned)), data)
