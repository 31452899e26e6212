"""One address for programs: a badge goes in as JSON or as a signed token, the verdict comes out as JSON."""

from typing import Any
from urllib.parse import unquote

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import strict_json
from badge_service.openbadges.sentences import SENTENCES
from badge_service.openbadges.verdict import Outcome
from badge_service.programs.operations import Operation, described
from badge_service.programs.rules.shapes import Schema, named, text
from badge_service.verifier import actions, rules, words
from badge_service.verifier.pages import current_desk
from badge_service.web import access
from badge_service.web.forms import csrf
from badge_service.web.limits import limited
from badge_service.web.problems import Problem, json_answer

blueprint = Blueprint("verifier_api", __name__)

JSON_TYPES = frozenset({"application/json", "application/vc", "application/vp"})
"""Verifiable Credentials 2.0, appendix C (IANA Considerations); any other name for JSON ends in `+json`."""
TOKEN_TYPES = frozenset({"text/plain", "application/jwt", "application/vc+jwt", "application/vp+jwt"})
RECIPIENT_HEADER = "Badge-Recipient"
"""A header, as an e-mail address must not stand in an address line, which servers and proxies write down."""
CHALLENGE_HEADER, DOMAIN_HEADER = "Presentation-Challenge", "Presentation-Domain"
"""What the caller asked a wallet for: a presentation made for another question or another verifier is not valid."""

_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_SPOKEN: Schema = {
    "type": "object",
    "properties": {"code": text(200), "params": {"type": "object"}, "sentence": text(4000)},
    "required": ["code"],
}
VERDICT = named(
    "Verdict",
    {
        "type": "object",
        "properties": {
            "sentence": text(4000),
            "kind": text(40),
            "outcome": {"enum": [outcome.value for outcome in Outcome]},
            "reason": _SPOKEN,
            "issuer": {"type": "object", "properties": {"id": _TEXT_OR_NULL, "domain": _TEXT_OR_NULL}},
            "holder": _SPOKEN,
            "statusAsOf": _TEXT_OR_NULL,
            "replacedOn": _TEXT_OR_NULL,
            "layers": {"type": "object"},
            "checks": {"type": "array", "items": _SPOKEN},
            "remarks": {"type": "array", "items": _SPOKEN},
            "contained": {"type": "array", "items": {"type": "object"}},
            "credential": {"type": ["object", "null"]},
        },
        "required": [
            "sentence",
            "kind",
            "outcome",
            "reason",
            "issuer",
            "holder",
            "checks",
            "remarks",
            "credential",
        ],
    },
)


@blueprint.post("/api/v1/verify")
@described(
    Operation(
        "POST",
        "The verdict on a badge",
        None,
        VERDICT,
        body={"type": "object", "description": "a badge or a presentation as JSON"},
        raw={kind: {"description": "a badge as a signed token, as text"} for kind in sorted(TOKEN_TYPES)},
        headers={
            RECIPIENT_HEADER: {"type": "string", "description": "whose badge it should be, percent-encoded"},
            CHALLENGE_HEADER: {"type": "string", "description": "the challenge that a wallet was given"},
            DOMAIN_HEADER: {"type": "string", "description": "the domain that a wallet was given"},
        },
    )
)
@access.public
@csrf.exempt  # type: ignore[untyped-decorator]
@limited("20 per minute", shared="verify")
def verify() -> ResponseReturnValue:
    """The verdict on the one document in the body: 200 for whatever could be judged, 400 for what is no document.

    No cookie is read or set, so there is nothing that a stranger's page could borrow.
    """
    if request.content_encoding not in (None, "", "identity"):
        raise UnsupportedMediaType
    try:
        document = _document()
        judged = actions.judge(
            current_desk(),
            document,
            recipient=_recipient(),
            challenge=request.headers.get(CHALLENGE_HEADER),
            domain=request.headers.get(DOMAIN_HEADER),
        )
    except InvalidError as error:
        return _refused(error)
    answer = jsonify(words.told(judged.verdict))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _document() -> dict[str, Any] | str:
    """The parsed document, or the token; raises InvalidError for anything else, 413 and 415 as HTTP errors."""
    kind = request.mimetype
    if kind in JSON_TYPES or (kind.startswith("application/") and kind.endswith("+json")):
        document = strict_json.loads(_body())
        if not isinstance(document, dict):
            raise InvalidError("This is no JSON object.", code="not_an_object")
        return document
    if kind not in TOKEN_TYPES:
        raise UnsupportedMediaType
    return _token(_body())


def _body() -> bytes:
    if (request.content_length or 0) > strict_json.MAX_BYTES:
        raise RequestEntityTooLarge
    body = request.get_data(cache=False)  # of unknown length: at most what the service takes for a photo
    if len(body) > strict_json.MAX_BYTES:
        raise RequestEntityTooLarge
    return body


def _token(body: bytes) -> str:
    text = body.strip()
    if text.startswith((b"{", b"[")):
        raise UnsupportedMediaType  # a document is sent under its own name, or two readers disagree about it
    if b"." not in text or not text.isascii():
        raise InvalidError("There is no signed token here.", code="jws_malformed")
    return text.decode("ascii")


def _recipient() -> str:
    """Whose badge it should be, if anybody asks; percent-encoded where it is not ASCII."""
    named = unquote(request.headers.get(RECIPIENT_HEADER, "")).strip()
    if len(named) > rules.LONGEST_RECIPIENT:
        raise InvalidError("This is not one person.", code="recipient_malformed")
    return named


def _refused(error: InvalidError) -> Response:
    message = words.sentence(error.code) if error.code in SENTENCES else error.message
    fault = Fault("body", message, error.code)
    problem = Problem(400, error.code, _("We cannot use this"), message, faults=[fault])
    answer = json_answer(problem)
    answer.headers["Cache-Control"] = "no-store"
    return answer
