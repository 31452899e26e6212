"""What the page shows beside the verdict is what was judged: dates, fact sheet, endorsements, addresses."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from badge_service.openbadges import contexts
from badge_service.openbadges.did import did_key
from badge_service.openbadges.digests import digest_sri
from badge_service.verifier import actions, rules
from badge_service.verifier.desk import Desk
from tests.openbadges.verification.saying import KID, TokenKey, publish_keys, sign_with, token
from tests.verifier import stage

PUBLIC = "http://localhost:8000"


@pytest.fixture
def client(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Without the rate limit."""
    from badge_service.web.limits import limiter

    monkeypatch.setattr(limiter, "enabled", False)
    return client


def page(client: FlaskClient, badge: Any) -> str:
    typed = badge if isinstance(badge, str) else json.dumps(badge)
    answer = client.post("/verify", data={"text": typed})
    assert answer.status_code == 200
    return str(answer.text)


@pytest.fixture
def of_1_1(compose: Any, new_key: Any) -> Any:
    """Signs a badge of data model 1.1 with the given members."""
    key = new_key(9)
    did = did_key(key.public_key)

    def sign(**members: Any) -> dict[str, Any]:
        document = compose()
        document["@context"] = [contexts.VC1, *document["@context"][1:], contexts.DATA_INTEGRITY]
        document["issuanceDate"] = document.pop("validFrom")
        document.pop("credentialStatus")
        document.pop("awardedDate", None)
        document["issuer"]["id"] = did
        return sign_with({**document, **members}, key, f"{did}#{did.removeprefix('did:key:')}")

    return sign


def test_the_end_and_the_award_of_a_badge_of_data_model_1_1_are_shown(
    client: FlaskClient, of_1_1: Any
) -> None:
    badge = of_1_1(expirationDate="2027-01-02T00:00:00Z")
    text = page(client, badge)
    assert "<dt>Valid until</dt><dd>2 January 2027</dd>" in text and "no end date" not in text
    awarded = rules.facts_of(badge, None).awarded
    assert awarded == datetime.fromisoformat(badge["issuanceDate"])
    assert "no end date" in page(client, of_1_1())


def test_an_end_of_the_other_data_model_is_not_shown(of_1_1: Any) -> None:
    badge = {**of_1_1(), "validUntil": "2030-01-01T00:00:00Z"}
    assert rules.facts_of(badge, None).valid_until is None


def test_the_end_that_the_token_sets_is_the_one_that_is_shown(desk: Desk, foreign: Any, compose: Any) -> None:
    key = TokenKey()
    publish_keys(foreign.school, (KID, key))
    document = compose()
    document.pop("validUntil", None)
    ends = int(datetime(2028, 5, 6, 7, tzinfo=UTC).timestamp())
    judged = actions.judge(
        desk, token({**document, "iss": document["issuer"]["id"], "exp": ends}, key, typ="vc+jwt")
    )
    assert judged.is_signed and judged.facts is not None
    assert judged.verdict.check("dates").params == {"date": "2028-05-06"}
    assert judged.facts.valid_until == datetime(2028, 5, 6, tzinfo=UTC)


def endorsement(document: dict[str, Any], about: str) -> dict[str, Any]:
    """What a guild says of `about`, signed by the guild."""
    unsigned = {
        "@context": document["@context"],
        "id": "urn:uuid:7f0cb4a1-6c7e-4f0b-9a44-000000000047",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "From the guild",
        "issuer": {"id": stage.HOLDER.did, "type": ["Profile"], "name": "Guild"},
        "validFrom": document["validFrom"],
        "credentialSubject": {
            "id": about,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Excellent.",
        },
    }
    signed = stage.sign(unsigned, stage.HOLDER, stage.HOLDER.method)
    return {**signed, "proof": [signed["proof"]]}


def test_an_endorsement_of_somebody_else_is_not_shown_as_one_of_this_badge(
    client: FlaskClient, foreign: Any, compose: Any
) -> None:
    other = "did:web:famous.example"
    document = compose()
    document["credentialSubject"]["achievement"]["creator"] = {
        "id": other, "type": ["Profile"], "name": "Famous", "endorsement": [endorsement(document, other)],
    }  # fmt: skip
    text = page(client, foreign.school.sign(document))
    assert "Excellent." in text and f'<code class="quiet">{other}</code>' in text
    assert "It is about somebody or something else, not about this badge." in text


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("badge", "It is about this badge."),
        ("achievement", "It is about the achievement that this badge names, not about the person."),
        ("issuer", "It is about the issuer of this badge, not about the badge."),
    ],
)
def test_each_endorsement_says_what_it_is_about(
    client: FlaskClient, foreign: Any, compose: Any, place: str, said: str
) -> None:
    document = compose()
    achievement = document["credentialSubject"]["achievement"]
    owner = {"badge": document, "achievement": achievement, "issuer": document["issuer"]}[place]
    owner["endorsement"] = [endorsement(document, owner["id"])]
    assert said in page(client, foreign.school.sign(document))


@pytest.mark.parametrize(
    "path", ["//evil.example/phish", "/\\evil.example", "/\t/evil.example", "/\n/evil.example"]
)
def test_an_address_of_ours_never_becomes_one_of_somebody_else(
    client: FlaskClient, foreign: Any, compose: Any, path: str
) -> None:
    assert rules.own_path(f"{PUBLIC}{path}", PUBLIC) == ""
    document = compose()
    document["evidence"] = [{"id": f"{PUBLIC}{path}", "type": ["Evidence"], "name": "x"}]
    document["credentialSubject"]["achievement"]["image"] = {"id": f"{PUBLIC}{path}", "type": "Image"}
    text = page(client, document)  # unsigned: shown as a claim
    if path.startswith("//"):
        text = page(client, foreign.school.sign(document))
        assert f'href="{PUBLIC}{path}"' in text
    for target in re.findall(r'(?:href|src)="([^"]*evil[^"]*)"', text):
        assert target.startswith(f"{PUBLIC}/")


def test_our_own_addresses_are_shortened(client: FlaskClient) -> None:
    assert rules.own_path(f"{PUBLIC}/achievements/a", PUBLIC) == "/achievements/a"
    assert rules.own_path(f"{PUBLIC}.evil.example/a", PUBLIC) == ""
    assert rules.own_path("https://badges.example.org/a", PUBLIC) == ""


def test_the_fact_sheet_shown_is_one_whose_digest_was_compared(
    desk: Desk, foreign: Any, compose: Any, new_key: Any
) -> None:
    false, true = "https://badges.example.org/false.json", "https://badges.example.org/true.json"
    for address, outcome in ((false, "Juggles"), (true, "Weaves")):
        foreign.school.publish(address, {"learningOutcomes": [outcome]})
    document = compose()
    document["refreshService"] = {"id": false, "type": "1EdTechCredentialRefresh"}
    document["relatedResource"] = [
        {"id": false, "digestSRI": []},
        {"id": true, "digestSRI": digest_sri(foreign.school.fetch(true).body)},
    ]
    key = new_key(9)
    document["issuer"]["id"] = did = did_key(key.public_key)
    document.pop("credentialStatus")
    signed = sign_with(document, key, f"{did}#{did.removeprefix('did:key:')}")
    judged = actions.judge(desk, json.dumps(signed))
    assert judged.verdict.check("fact_sheet").code == "fact_sheet_good"
    assert judged.verdict.related == (true,)
    assert judged.facts is not None and judged.facts.outcomes == ("Weaves",)


def test_the_token_beside_a_badge_page_is_an_address_of_the_badge() -> None:
    found = rules.share_token(
        f"{PUBLIC}/credentials/Zk3rT8v1QpX5nYb7Lw2c9g.jwt", frozenset({"localhost:8000"})
    )
    assert found == "Zk3rT8v1QpX5nYb7Lw2c9g"
