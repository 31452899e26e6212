"""What the page says of documents inside others, of newer editions and of the person somebody asks about."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.verifier import stage


@pytest.fixture
def client(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    from badge_service.web.limits import limiter

    monkeypatch.setattr(limiter, "enabled", False)
    return client


def page(client: FlaskClient, document: Any, **fields: str) -> str:
    answer = client.post("/verify", data={"text": json.dumps(document), **fields})
    assert answer.status_code == 200
    return str(answer.text)


def presentation(*badges: Any) -> dict[str, Any]:
    unsigned = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": stage.HOLDER.did,
        "verifiableCredential": list(badges),
    }
    return stage.sign(unsigned, stage.HOLDER, stage.HOLDER.method, purpose="authentication")


def test_each_badge_of_a_presentation_has_its_own_verdict(
    client: FlaskClient, foreign: Any, own_document: dict[str, Any]
) -> None:
    changed = {**foreign.badge(), "name": "Changed"}
    text = page(client, presentation(own_document, foreign.badge(), changed))
    inside = text[text.index('id="inside-badge"') :]
    assert re.findall(r'class="tag tag-\w+">([^<]+)<', inside)[:3] == [
        "Genuine",
        "Signed, issuer unknown to us",
        "Not valid",
    ]
    assert "verdict-genuine" not in text  # the whole is not better than its worst part
    assert "badges.example.org" in inside and "localhost:8000" in inside
    assert "Is it theirs?" not in text


def test_an_endorsement_inside_is_judged_and_its_words_shown_only_when_signed(
    client: FlaskClient, foreign: Any, compose: Callable[..., dict[str, Any]]
) -> None:
    document = compose()
    endorsement = {
        "@context": document["@context"],
        "id": "urn:uuid:7f0cb4a1-6c7e-4f0b-9a44-000000000047",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "From the guild",
        "issuer": {"id": stage.HOLDER.did, "type": ["Profile"], "name": "Guild"},
        "validFrom": document["validFrom"],
        "credentialSubject": {
            "id": document["credentialSubject"]["achievement"]["id"],
            "type": ["EndorsementSubject"],
            "endorsementComment": "We hire people with this badge.",
        },
    }
    signed = stage.sign(endorsement, stage.HOLDER, stage.HOLDER.method)
    signed["proof"] = [signed["proof"]]
    document["credentialSubject"]["achievement"]["endorsement"] = [signed]
    text = page(client, foreign.school.sign(document))
    assert "Endorsements inside" in text and "We hire people with this badge." in text
    signed["credentialSubject"]["endorsementComment"] = "We hire nobody else."
    text = page(client, foreign.school.sign(document))
    assert "<blockquote>" not in text


def test_the_answer_asks_whose_it_is_and_carries_the_badge_itself(
    client: FlaskClient, world: Any, open_badge: str
) -> None:
    world.with_name(open_badge, "Мира Петрова")
    document = json.loads(client.get(f"/credentials/{open_badge}.json").data)
    text = page(client, document)
    packed = re.search(r'name="again" value="([^"]+)"', text.partition("Is it theirs?")[2])
    assert packed is not None and "recipient_not_asked" in text
    for asked, said in (
        ("Мира ПЕТРОВА", "The badge was issued to the person you asked about."),
        ("Jan de Boer", "This badge was issued to somebody else"),
        ("mira@school.example", "does not say whether it was issued to the person"),
    ):
        answer = client.post("/verify", data={"again": packed[1], "recipient": asked})
        assert answer.status_code == 200 and said in answer.text
        assert asked not in answer.text  # nothing of it is kept, not even in the answer


def test_our_own_link_is_judged_here_when_somebody_asks_whose_it_is(
    client: FlaskClient, world: Any, open_badge: str
) -> None:
    world.with_name(open_badge, "Мира Петрова")
    link = f"http://localhost:8000/credentials/{open_badge}"
    assert client.post("/verify", data={"text": link}).status_code == 303
    answer = client.post("/verify", data={"text": link, "recipient": "Мира Петрова"})
    assert answer.status_code == 200
    assert "The badge was issued to the person you asked about." in answer.text


@pytest.mark.parametrize("packed", ["", "%%%", "AAAA", "e30="])
def test_a_badge_packed_by_somebody_else_breaks_nothing(client: FlaskClient, packed: str) -> None:
    assert client.post("/verify", data={"again": packed, "recipient": "x"}).status_code in {200, 422}


def test_the_layers_are_told_to_engineers(client: FlaskClient, foreign: Any) -> None:
    text = page(client, foreign.badge())
    details = text[text.index("Technical details") :]
    for layer in ("1edtech", "binding", "trust"):
        assert f"<code>{layer}</code>" in details
