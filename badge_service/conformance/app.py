"""The addresses of the door: issue, verify, derive, status lists, did:key; JSON in and JSON out, no session, no pages.

Follows: Verifiable Credential API 0.3, whose paths these are, below one name for each issuer.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from badge_service.conformance import did_key, issuing, reading, vocabulary
from badge_service.conformance.issuing import Issuer
from badge_service.conformance.judging import Judge, Judged
from badge_service.conformance.status import StatusLists
from badge_service.errors import BadgeServiceError, Fault, InvalidError, NotFoundError
from badge_service.openbadges import strict_json
from badge_service.openbadges.did import Fetched

LIST_ISSUER = "bitstring-status-list"
_PROBLEMS = "https://www.w3.org/TR/vc-data-model-2.0/#"


@dataclass(frozen=True)
class Door:
    """What one run of the door is made of; `now` gives the moment with its time zone."""

    issuers: dict[str, Issuer]
    lists: StatusLists
    now: Callable[[], datetime]

    def signed_list(self, purpose: str) -> dict[str, Any]:
        """The status list for `purpose`, signed now; raises NotFoundError for other purposes."""
        issuer, now = self.issuers[LIST_ISSUER], self.now()
        return issuing.secure(issuer, self.lists.unsigned(purpose, issuer.key.did, now), now)

    def fetch(self, url: str) -> Fetched:
        """Our own status lists, as their address serves them; the door asks no other server anything."""
        prefix = f"{self.lists.address}/status/"
        if not url.startswith(prefix):
            raise NotFoundError("The door does not look at other addresses.", code="not_ours")
        body = json.dumps(self.signed_list(url.removeprefix(prefix))).encode()
        return Fetched(body, "application/vc")


def fresh_door(address: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Door:
    """A door with new keys, whose status lists are published below `address`."""
    return Door(issuing.fresh_issuers(), StatusLists(address.rstrip("/")), now)


def create_app(door: Door) -> Flask:
    """The door as a WSGI application."""
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = strict_json.MAX_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.add_url_rule("/", "home", lambda: jsonify(directory(door)))
    app.add_url_rule("/identifiers/<path:asked>", "resolve", _resolution)
    _add_issuing(app, door)
    _add_verifying(app, door)
    app.register_error_handler(BadgeServiceError, _refused)
    app.register_error_handler(HTTPException, _http_refused)
    return app


def _add_issuing(app: Flask, door: Door) -> None:
    @app.post("/issuers/<name>/credentials/issue")
    def issue(name: str) -> tuple[Response, int]:
        issuer = door.issuers.get(name)
        if issuer is None:
            raise NotFoundError("There is no such issuer.", code="issuer")
        asked = reading.asked(request.get_data(), "credential")
        return jsonify(issuing.issue(issuer, asked, door.lists, door.now())), 201

    @app.post("/credentials/derive")
    def derive() -> tuple[Response, int]:
        return jsonify(issuing.derive(reading.asked(request.get_data(), "verifiableCredential"))), 201

    @app.get("/status/<purpose>")
    def status_list(purpose: str) -> Response:
        return jsonify(door.signed_list(purpose))

    @app.post("/credentials/status")
    def change_status() -> Response:
        credential_id, purpose, value = reading.status_change(request.get_data())
        door.lists.change(credential_id, purpose, value)
        return jsonify({})


def _add_verifying(app: Flask, door: Door) -> None:
    @app.post("/credentials/verify")
    def verify_credential() -> tuple[Response, int]:
        asked = reading.asked(request.get_data(), "verifiableCredential")
        judge = Judge(door.now, door.fetch)
        return _told(judge.credential(asked.document, reading.verification(asked.options)))

    @app.post("/presentations/verify")
    def verify_presentation() -> tuple[Response, int]:
        asked = reading.asked(request.get_data(), "verifiablePresentation")
        judge = Judge(door.now, door.fetch)
        return _told(judge.presentation(asked.document, reading.verification(asked.options)))


def directory(door: Door) -> dict[str, Any]:
    """What the door offers: each issuer with its DID and suite, and the other addresses."""
    return {
        "issuers": [
            {
                "name": issuer.name,
                "id": issuer.key.did,
                "cryptosuite": issuer.cryptosuite,
                "keyType": issuer.key.public_key.kind.value,
                "endpoint": f"/issuers/{issuer.name}/credentials/issue",
            }
            for issuer in door.issuers.values()
        ],
        "verifier": "/credentials/verify",
        "presentationVerifier": "/presentations/verify",
        "didResolver": "/identifiers",
        "statusLists": f"{door.lists.address}/status/",
        "exampleContext": vocabulary.EXAMPLES,
    }


def _told(judged: Judged) -> tuple[Response, int]:
    body = {
        "verified": judged.verified,
        "checks": list(judged.checks),
        "warnings": _problems(judged.warnings),
        "errors": _problems(judged.errors),
    }
    return jsonify(body), 200 if judged.verified else 400


def _resolution(asked: str) -> tuple[Response, int]:
    part = "#" in asked
    metadata = "didDereferencingMetadata" if part else "didResolutionMetadata"
    try:
        answer = did_key.resolve(asked, request.args)
    except did_key.NotResolved as error:
        document, told, status = {}, {"error": error.code, "errorMessage": error.message}, 400
    else:
        document, told, status = answer.document, {"contentType": "application/did+ld+json"}, 200
    body = {
        "@context": did_key.RESOLUTION_CONTEXT,
        "didDocument": document,
        "didDocumentMetadata": {},
        metadata: told,
    }
    return jsonify(body), status


def _problems(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Verifiable Credentials Data Model 2.0, section 7.2 (Problem Details), with our own stable codes."""
    return [
        {
            "type": _PROBLEMS
            + ("CRYPTOGRAPHIC_SECURITY_ERROR" if fault.where == "proof" else "MALFORMED_VALUE_ERROR"),
            "title": fault.message,
            "detail": fault.where,
            "code": fault.code,
        }
        for fault in faults
    ]


def _refused(error: BadgeServiceError) -> tuple[Response, int]:
    status = 404 if isinstance(error, NotFoundError) else 400 if isinstance(error, InvalidError) else 503
    faults = error.faults or (Fault("", error.message, error.code),)
    return jsonify({"verified": False, "errors": _problems(faults)}), status


def _http_refused(error: HTTPException) -> tuple[Response, int]:
    fault = Fault("", error.name, "http")
    return jsonify({"verified": False, "errors": _problems([fault])}), error.code or 500
