"""The middle steps: do we know the issuer, does the key belong to the issuer, do the proofs hold?

Follows: Data Integrity 1.0, section 4.4 (Verify Proof) and 4.5 (Verify Proof Sets and Chains); Open Badges 3.0, section 9.
Stricter than the standard: every proof that we understand must hold, and one of them must be the issuer's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from badge_service.errors import InvalidError, NotFoundError, UnavailableError
from badge_service.openbadges import dates, did, proofs
from badge_service.openbadges.did import CannotResolve, Fetch
from badge_service.openbadges.proofs import Cryptosuite
from badge_service.openbadges.proofs.secured import Secured
from badge_service.openbadges.verdict import Check
from badge_service.openbadges.verification.case import (
    FETCHES_FOR_KNOWN_ISSUERS,
    Case,
    KeyedProof,
    failed,
    issuer_id_of,
    listed,
    not_checked,
    passed,
    unknown,
)

CLOCK_TOLERANCE = timedelta(seconds=300)
MAX_PROOFS = 4


@dataclass
class SortedProofs:
    """The proofs of a document: those that we understand, and the names of those that we do not."""

    understood: list[tuple[Mapping[str, Any], Cryptosuite]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    malformed: bool = False


def trust(case: Case) -> Check:
    """Step 6: is the issuer in a register that we name? Sets how much we fetch; forbids nothing."""
    for registry in case.registries:
        known = registry.knows(case.issuer_id)
        if known is not None:
            case.registry, case.known = registry.name, known
            case.fetch.budget = FETCHES_FOR_KNOWN_ISSUERS
            return passed("trust", "issuer_registered", {"registry": registry.name, "name": known.name})
    return unknown("trust", "issuer_unknown", {"domain": did.domain(case.issuer_id) or case.issuer_id[:100]})


def key(case: Case) -> Check:
    """Step 7: the issuer's own key document must list the key, for signing, under the issuer's control."""
    check, case.proofs = keyed_proofs(case.document, case.fetch)
    return check


def proof(case: Case) -> Check:
    """Step 8: every understood proof holds; proofs that we do not understand are noted."""
    case.unknown_suites = sort(case.document).unknown
    nquads = case.examined.nquads if case.examined else ""
    return proofs_hold(case.document, nquads, case.proofs, case.now)


def sort(document: Mapping[str, Any]) -> SortedProofs:
    """The proofs of `document`, one object or a list of them."""
    result = SortedProofs()
    entries = listed(document.get("proof"))
    for entry in entries[:MAX_PROOFS]:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("type"), str):
            result.malformed = True
            continue
        suite = proofs.suite_of(entry)
        if suite is None:
            result.unknown.append(str(entry.get("cryptosuite") or entry["type"])[:60])
        else:
            result.understood.append((entry, suite))
    result.malformed |= len(entries) > MAX_PROOFS
    return result


def keyed_proofs(document: Mapping[str, Any], fetch: Fetch) -> tuple[Check, list[KeyedProof]]:
    """The understood proofs of `document` with their keys; the check fails when none is the issuer's own."""
    issuer_id = issuer_id_of(document)
    found = sort(document)
    if found.malformed or not found.understood:
        return not_checked("key", "no_key_to_check"), []
    methods = [str(entry.get("verificationMethod")) for entry, _ in found.understood]
    if issuer_id not in {method.partition("#")[0] for method in methods}:
        return failed("key", "key_not_issuers", {"issuer": issuer_id[:100]}), []
    keyed = []
    for (entry, suite), method in zip(found.understood, methods, strict=True):
        owner = method.partition("#")[0]
        try:
            keyed.append(KeyedProof(entry, suite, did.resolve_key(method, owner, fetch)))
        except CannotResolve as error:
            return unknown("key", error.code, detail=error.message), []
        except InvalidError as error:
            return failed("key", error.code, {"issuer": owner[:100]}, error.message), []
        except (UnavailableError, NotFoundError) as error:
            return unknown("key", "key_unreachable", {"domain": did.domain(owner)}, error.message), []
    return passed("key", "key_good", {"domain": did.domain(issuer_id) or issuer_id[:100]}), keyed


def proofs_hold(
    document: Mapping[str, Any], nquads: str, keyed: Sequence[KeyedProof], now: datetime
) -> Check:
    """Whether all understood proofs of `document` hold at the moment `now`; `nquads` is its canonical text."""
    found = sort(document)
    if found.malformed:
        return failed("proof", "proof_malformed")
    if not found.understood and not found.unknown:
        return failed("proof", "no_proof")
    if not found.understood:
        return unknown("proof", "cryptosuite_unsupported", {"suite": ", ".join(found.unknown)})
    secured = Secured.of(document, nquads=nquads)
    for entry in keyed:
        code = _options_fault(entry.proof, now)
        if code:
            return failed("proof", code)
        try:
            covered = secured.chained(entry.proof, listed(document.get("proof")))
        except InvalidError as error:
            return failed("proof", error.code, detail=error.message)
        faults = entry.suite.faults(covered, entry.proof, entry.public_key)
        if faults:
            return failed("proof", faults[0].code, {"where": faults[0].where[:100]}, faults[0].message)
    return passed("proof", "proof_good")


def _options_fault(entry: Mapping[str, Any], now: datetime) -> str:
    if entry.get("proofPurpose") != "assertionMethod":
        return "proof_purpose"
    try:
        if "created" in entry and dates.read(entry["created"]) > now + CLOCK_TOLERANCE:
            return "proof_created_future"
        if "expires" in entry and dates.read(entry["expires"]) <= now:
            return "proof_expired"
    except InvalidError:
        return "proof_malformed"
    return ""
