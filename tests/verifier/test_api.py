"""The address for programs: the same verdict as the page gives, as JSON; what is no document is refused by name."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.verifier import stage

ADDRESS = "/api/v1/verify"


@pytest.fixture
def client(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Without the rate limit, which one test switches on again."""
    from badge_service.web.limits import limiter

    monkeypatch.setattr(limiter, "enabled", False)
    return client


def send(client: FlaskClient, body: Any, kind: str = "application/json", **headers: str) -> Any:
    data = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return client.post(ADDRESS, data=data, content_type=kind, headers=headers)


def test_a_genuine_badge_of_ours(client: FlaskClient, own_document: dict[str, Any]) -> None:
    answer = send(client, own_document)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    said = answer.json
    assert said["outcome"] == "genuine"
    assert said["sentence"].startswith("This badge is genuine.")
    assert [check["id"] for check in said["checks"]][:3] == ["carrier", "json", "shape"]
    assert all(check["sentence"] for check in said["checks"])
    assert said["holder"]["sentence"]
    assert said["credential"] == own_document


@pytest.mark.parametrize(
    "kind", ["application/ld+json", "application/vc+ld+json", "application/vc+json", "application/vc"]
)
def test_the_kinds_of_json_that_badges_are_sent_as(
    client: FlaskClient, own_document: dict[str, Any], kind: str
) -> None:
    assert send(client, own_document, f"{kind}; charset=utf-8").json["outcome"] == "genuine"


def test_the_sentences_are_in_the_readers_language(client: FlaskClient, own_document: dict[str, Any]) -> None:
    english = send(client, own_document).json
    dutch = send(client, own_document, **{"Accept-Language": "nl"}).json
    assert dutch["sentence"] != english["sentence"]
    assert dutch["checks"][0]["code"] == english["checks"][0]["code"]


def test_what_is_sent_is_judged_whatever_it_says(client: FlaskClient, foreign: Any) -> None:
    assert send(client, foreign.badge()).json["outcome"] == "signed_issuer_unknown"
    changed = {**foreign.badge(), "name": "Another"}
    said = send(client, changed).json
    assert said["outcome"] == "not_valid" and said["reason"]["code"] == "signature"
    assert send(client, {}).json["outcome"] == "not_valid"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "json_invalid"),
        (b"null", "not_an_object"),
        (b"[1]", "not_an_object"),
        (b'"eyJ"', "not_an_object"),
        (b'{"a":1,"a":2}', "json_duplicate_key"),
        (b'{"a":NaN}', "json_invalid"),
        (b'{"a":1e999}', "json_number_range"),
        (b'{"a":"\xc0\xaf"}', "json_invalid_utf8"),
        (b"{}{}", "json_invalid"),
        (b"\xef\xbb\xbf{}", "json_invalid_utf8"),
        ('{"a":"é"}'.encode("utf-16"), "json_invalid_utf8"),
    ],
)
def test_what_is_not_one_document_is_refused_by_name(client: FlaskClient, body: bytes, code: str) -> None:
    answer = send(client, body)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    said = answer.json
    assert said["code"] == code
    assert said["faults"] == [{"where": "body", "message": said["detail"], "code": code}]


def test_what_is_too_large_is_not_read(client: FlaskClient) -> None:
    answer = send(client, b'{"a":"' + b"x" * 600_000 + b'"}')
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("text/html", {}),
        ("image/png", {}),
        ("application/x-www-form-urlencoded", {}),
        ("multipart/form-data; boundary=x", {}),
        ("", {}),
        ("text/plain", {}),
        ("application/json", {"Content-Encoding": "gzip"}),
    ],
)
def test_other_kinds_of_content_are_not_guessed_at(
    client: FlaskClient, kind: str, headers: dict[str, str]
) -> None:
    answer = send(client, b'{"a": 1}', kind, **headers)
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")


def test_a_token_is_judged_as_a_token(client: FlaskClient) -> None:
    part = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    for kind in ("text/plain", "application/jwt", "application/vc+jwt"):
        answer = send(client, f"{part}.{part}.", kind)
        assert answer.status_code == 200
        assert answer.json["outcome"] in {"not_valid", "not_fully_checked"}
    assert send(client, "hello", "text/plain").json["code"] == "jws_malformed"


def test_only_post_is_answered(client: FlaskClient) -> None:
    assert client.get(ADDRESS).status_code == 405


def test_programs_wait_as_people_do(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from badge_service.web.limits import limiter

    monkeypatch.setattr(limiter, "enabled", True)
    answers = [send(client, b"null") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [400] * 20 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert client.post("/verify", data={"text": "x y"}).status_code == 429  # one count for both doors


def test_whose_badge_it_is_can_be_asked(client: FlaskClient, world: Any, open_badge: str) -> None:
    world.with_name(open_badge, "Мира Петрова")
    document = json.loads(client.get(f"/credentials/{open_badge}.json").data)

    def answer(asked: str) -> tuple[str, str]:
        said = send(client, document, **{"Badge-Recipient": quote(asked)}).json
        ends = {check["id"]: check["outcome"] for check in said["checks"]}
        return ends["recipient"], said["outcome"]

    assert answer("мира петрова") == ("passed", "genuine")
    assert answer("Jan de Boer") == ("failed", "not_valid")
    assert answer("mira@school.example") == ("unknown", "not_fully_checked")  # the badge holds no address
    assert answer("") == ("not_checked", "genuine")
    refused = send(client, document, **{"Badge-Recipient": "x" * 400})
    assert (refused.status_code, refused.json["code"]) == (400, "recipient_malformed")


def test_a_presentation_must_have_been_made_for_whoever_asks(client: FlaskClient) -> None:
    presentation = stage.valid_vp()

    def reason(**headers: str) -> str:
        said = send(
            client, presentation, **{name.replace("_", "-"): text for name, text in headers.items()}
        ).json
        return str(next(check["code"] for check in said["checks"] if check["id"] == "proof"))

    assert reason() == reason(Presentation_Domain="https://verifier.test")
    assert reason(Presentation_Domain="https://other.test") == "presentation_domain"
    assert reason(Presentation_Challenge="another") == "presentation_challenge"
