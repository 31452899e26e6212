"""What a test suite asks: its JSON let in through the strict gate and read into requests that say what is wrong at once.

Follows: Verifiable Credential API 0.3, sections on issuing, verifying and deriving; only the members that the suites use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import strict_json

CHECKS = frozenset({"proof", "credentialStatus", "validityPeriod"})
"""The checks that may be asked for by name; nothing else is called checked."""


@dataclass(frozen=True)
class Options:
    """How something is to be verified. `proof_only`: bindings, dates and status are told as warnings, not judged."""

    proof_only: bool = True
    purpose: str | None = None
    domain: str | None = None
    challenge: str | None = None


@dataclass(frozen=True)
class Asked:
    """A request: the `document` (a credential or a presentation) and the `options` given with it."""

    document: dict[str, Any]
    options: dict[str, Any]


def asked(body: bytes, member: str) -> Asked:
    """The request in `body` with its document under the name `member`; raises InvalidError for anything else."""
    parsed = strict_json.loads(body)
    if not isinstance(parsed, dict):
        raise InvalidError("A request is one JSON object.", code="request")
    options = parsed.get("options")
    faults = []
    if not isinstance(parsed.get(member), dict):
        faults.append(Fault(member, "This must be an object.", "request"))
    if options is not None and not isinstance(options, dict):
        faults.append(Fault("options", "This must be an object.", "request"))
    if faults:
        raise InvalidError("This request cannot be read.", code="request", faults=faults)
    return Asked(parsed[member], options or {})


def verification(options: Mapping[str, Any]) -> Options:
    """The options of a verification.

    Only the proof is judged when there are no options, or when `checks` names nothing but `proof`; everything is
    judged otherwise.
    """
    faults = []
    checks = options.get("checks", [])
    if not isinstance(checks, list) or not all(isinstance(name, str) for name in checks):
        faults.append(Fault("options.checks", "This must be a list of names.", "request"))
        checks = []
    faults += [
        Fault("options.checks", f"We do not know the check {name[:40]}.", "request")
        for name in checks
        if name not in CHECKS
    ]
    texts = {name: options.get(name) for name in ("expectedProofPurpose", "domain", "challenge")}
    faults += [
        Fault(f"options.{name}", "This must be text.", "request")
        for name, value in texts.items()
        if value is not None and not isinstance(value, str)
    ]
    if faults:
        raise InvalidError("These options cannot be read.", code="request", faults=faults)
    named = [
        name for name, value in options.items() if name not in ("checks", "expectedProofPurpose") and value
    ]
    return Options(
        proof_only=set(checks) == {"proof"} or not (checks or named),
        purpose=texts["expectedProofPurpose"],
        domain=texts["domain"],
        challenge=texts["challenge"],
    )


def pointers(options: Mapping[str, Any], name: str) -> list[str]:
    """The JSON pointers under `name`, for selective disclosure; none when the member is missing."""
    value = options.get(name, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        fault = Fault(f"options.{name}", "This must be a list of JSON pointers.", "request")
        raise InvalidError("These options cannot be read.", code="request", faults=[fault])
    return value


def status_change(body: bytes) -> tuple[str, str, bool]:
    """Which credential's status is to be set for which purpose to what; raises InvalidError."""
    parsed = strict_json.loads(body)
    if isinstance(parsed, dict):
        named, entry = parsed.get("credentialId"), parsed.get("credentialStatus")
        purpose = entry.get("statusPurpose") if isinstance(entry, dict) else None
        value = parsed.get("status", True)
        if isinstance(named, str) and isinstance(purpose, str) and isinstance(value, bool):
            return named, purpose, value
    raise InvalidError(
        "A change of status names credentialId, credentialStatus.statusPurpose and status.", code="request"
    )
