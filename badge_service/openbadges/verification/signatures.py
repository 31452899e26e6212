"""The middle steps: do we know the issuer, does the key belong to the issuer, do the signatures hold?

Follows: Data Integrity 1.0, section 4.4 (Verify Proof) and 4.5 (Verify Proof Sets and Chains); Open Badges 3.0, sections
8.2.4 (Verify) and 9. Stricter than the standard: every proof that we understand must hold, one of them must be the
issuer's, and a token's key must be one of the issuer's own, whatever its header says.
"""

import functools
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from badge_service.errors import InvalidError, NotFoundError, UnavailableError
from badge_service.openbadges import dates, did, proofs
from badge_service.openbadges.did import CannotResolve, NotTheIssuersKey
from badge_service.openbadges.proofs import jose
from badge_service.openbadges.proofs.secured import MAX_PROOFS
from badge_service.openbadges.public_key import PublicKey
from badge_service.openbadges.verdict import Check, CheckOutcome, Registered
from badge_service.openbadges.verification.case import (
    Case,
    KeyedProof,
    SortedProofs,
    failed,
    listed,
    not_checked,
    passed,
    unknown,
)
from badge_service.openbadges.verification.counted_fetch import FETCHES_FOR_KNOWN_ISSUERS

CLOCK_TOLERANCE = timedelta(seconds=300)
_MOST_CACHED = 500
"""Characters; longer ids than this no issuer has."""


class _Ended(Exception):
    """A key could not be had; `check` says why."""

    def __init__(self, check: Check) -> None:
        self.check = check


def trust(case: Case) -> Check:
    """Step 6: is the issuer in registers that we name? Sets how much we fetch; forbids nothing."""
    entries = [(registry.name, registry.knows(case.issuer_id)) for registry in case.enquiry.registries]
    case.registered = tuple(Registered(name, known.name, known.confirmed) for name, known in entries if known)
    if not case.registered:
        return unknown("trust", "issuer_unknown", {"domain": named(case.issuer_id)})
    if not case.is_inside:
        case.enquiry.counted.allow(FETCHES_FOR_KNOWN_ISSUERS)
    first = case.registered[0]
    return passed("trust", "issuer_registered", {"registry": first.registry, "name": first.name})


def named(issuer_id: str) -> str:
    """The host that vouches for `issuer_id`, or the beginning of the id of an issuer without one."""
    return _named(issuer_id) if len(issuer_id) <= _MOST_CACHED else issuer_id[:100]


@functools.lru_cache(maxsize=1024)
def _named(issuer_id: str) -> str:
    return did.domain(issuer_id) or issuer_id[:100]


def key(case: Case) -> Check:
    """Step 7: the issuer's own key document must list the key, for this purpose, under the issuer's control."""
    try:
        if case.jws is not None:
            case.jws_key = _token_key(case, case.jws)
        found = case.sorted_proofs = sort(case.document)
        if case.jws is None and (found.malformed or not found.understood):
            return not_checked("key", "no_key_to_check")
        case.proofs = _keyed_proofs(case, found)
    except _Ended as ended:
        return ended.check
    return passed("key", "key_good", {"domain": named(_signer_of(case, found))})


def proof(case: Case) -> Check:
    """Step 8: every understood proof holds now; proofs that we do not understand are noted."""
    check = signatures_hold(case)
    if check.outcome is not CheckOutcome.PASSED:
        return check
    code = times_fault([entry.proof for entry in case.proofs], case.now) or _answer_fault(case)
    return failed("proof", code) if code else check


def _answer_fault(case: Case) -> str:
    """The code of what is wrong when somebody had to answer our question; empty when nothing is."""
    if case.is_unanswered:
        return "presentation_unanswered"
    if case.kind != "presentation":
        return ""
    said = []
    if case.jws is not None:
        claims = jose.claims_in(case.jws)
        said.append((claims.get("nonce"), claims.get("aud")))
        faults = jose.claims_faults(case.jws, case.document, now=case.now)
        if any(fault.code in ("expired", "not_yet_valid") for fault in faults):
            return "proof_expired"
    said += [(entry.proof.get("challenge"), entry.proof.get("domain")) for entry in case.proofs]
    asked = case.enquiry
    if asked.challenge is not None and any(challenge != asked.challenge for challenge, _ in said):
        return "presentation_challenge"
    if asked.domain is not None and any(asked.domain not in listed(domain) for _, domain in said):
        return "presentation_domain"
    return ""


def signatures_hold(case: Case) -> Check:
    """As `proof`, without the dates that the proofs themselves bear: the answer stays the same for ever."""
    found = case.sorted_proofs
    if found.malformed:
        return failed("proof", "proof_malformed")
    if case.jws is not None and case.jws_key is not None:
        faults = jose.faults(case.jws, case.jws_key)
        if faults:
            return failed("proof", faults[0].code, {"where": faults[0].where[:100]}, faults[0].message)
    elif not found.understood:
        names = ", ".join(found.unknown)
        return unknown("proof", "cryptosuite_unsupported", {"suite": names}) if names else _unsigned()
    return _proofs_hold(case)


def times_fault(entries: list[Mapping[str, Any]], now: datetime) -> str:
    """The code of what is wrong, at the moment `now`, with the dates of these proofs; empty when nothing is."""
    for entry in entries:
        try:
            if "created" in entry and dates.read(entry["created"]) > now + CLOCK_TOLERANCE:
                return "proof_created_future"
            if "expires" in entry and dates.read(entry["expires"]) <= now:
                return "proof_expired"
        except InvalidError:
            return "proof_malformed"
    return ""


def sort(document: Mapping[str, Any]) -> SortedProofs:
    """The proofs of `document`, one object or a list of them."""
    result = SortedProofs()
    entries = listed(document.get("proof"))
    for entry in entries[:MAX_PROOFS]:
        if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
            result.malformed = True
            continue
        suite = proofs.suite_of(entry)
        if suite is None:
            result.unknown.append(str(entry.get("cryptosuite") or entry["type"])[:60])
        else:
            result.understood.append((entry, suite))
    result.malformed |= len(entries) > MAX_PROOFS
    return result


def _unsigned() -> Check:
    return failed("proof", "no_proof")


def _proofs_hold(case: Case) -> Check:
    secured = case.secured
    for entry in case.proofs:
        if entry.proof.get("proofPurpose") != case.purpose:
            return failed("proof", "proof_purpose")
        try:
            covered = secured.chained(entry.proof, listed(case.document.get("proof")))
        except InvalidError as error:
            return failed("proof", error.code, detail=error.message)
        faults = entry.suite.faults(covered, entry.proof, entry.key)
        if faults:
            ended = unknown if faults[0].code == "examination_stopped" else failed
            return ended("proof", faults[0].code, {"where": faults[0].where[:100]}, faults[0].message)
    values = [entry.proof.get("proofValue") for entry in case.proofs]
    if any(value in values[:place] for place, value in enumerate(values)):
        return failed("proof", "proof_repeated")
    return passed("proof", "proof_good")


def _token_key(case: Case, jws: jose.Jws) -> PublicKey:
    """The key of a token, which must be one of the issuer's own; its claims must say what the document says."""
    faults = jose.claims_faults(jws, case.document)
    if case.kind == "presentation":  # its other claims are about the answer, not about who signs
        faults = [fault for fault in faults if fault.code == "jwt_iss" and case.issuer_id]
    if faults:
        raise _Ended(failed("key", faults[0].code, {"where": faults[0].where[:100]}, faults[0].message))
    owner = case.issuer_id or str(jws.header.get("kid", "")).partition("#")[0]
    question = ("token", repr(sorted(jws.header.items())), owner, case.purpose)
    resolve = partial(did.resolve_jose_key, jws.header, owner, purpose=case.purpose)
    return _resolved(case, question, owner, resolve)


def _keyed_proofs(case: Case, found: SortedProofs) -> list[KeyedProof]:
    """The understood proofs with their keys: first the issuer's own, of which there must be one, then those of others.

    Nobody else's document is asked for before a key of the issuer is found.
    """
    issuer_id = _signer_of(case, found)
    keyed: list[KeyedProof] = []
    others = []
    for entry, suite in found.understood:
        try:
            keyed.append(KeyedProof(entry, suite, _method_key(case, entry, issuer_id)))
        except NotTheIssuersKey as error:
            if error.code != NotTheIssuersKey.code:
                raise _Ended(failed("key", error.code, {"issuer": issuer_id[:100]}, error.message)) from error
            others.append((entry, suite))
    if not keyed and case.jws is None:
        raise _Ended(failed("key", NotTheIssuersKey.code, {"issuer": issuer_id[:100]}))
    for entry, suite in others:
        owner = str(entry.get("verificationMethod")).partition("#")[0]
        try:
            keyed.append(KeyedProof(entry, suite, _method_key(case, entry, owner)))
        except NotTheIssuersKey as error:
            raise _Ended(failed("key", error.code, {"issuer": owner[:100]}, error.message)) from error
    return keyed


def _signer_of(case: Case, found: SortedProofs) -> str:
    """Whose key must be among the proofs: the issuer; of a presentation that names no holder, whoever signed it first."""
    if case.issuer_id or case.kind != "presentation" or not found.understood:
        return case.issuer_id
    return str(found.understood[0][0].get("verificationMethod")).partition("#")[0]


def _method_key(case: Case, entry: Mapping[str, Any], owner: str) -> PublicKey:
    method = str(entry.get("verificationMethod"))
    question = ("method", method, owner, case.purpose)
    return _resolved(case, question, owner, partial(did.resolve_key, method, owner, purpose=case.purpose))


def _resolved(
    case: Case, question: tuple[str, ...], owner: str, resolve: Callable[..., PublicKey]
) -> PublicKey:
    """The key that `resolve` finds; raises _Ended, and NotTheIssuersKey of a proof for the caller to judge."""
    try:
        return _remembered(case, question, resolve)
    except NotTheIssuersKey as error:
        if question[0] == "method":
            raise
        raise _Ended(failed("key", error.code, {"issuer": owner[:100]}, error.message)) from error
    except CannotResolve as error:
        raise _Ended(unknown("key", error.code, detail=error.message)) from error
    except InvalidError as error:
        raise _Ended(failed("key", error.code, {"issuer": owner[:100]}, error.message)) from error
    except (UnavailableError, NotFoundError) as error:
        check = unknown("key", "key_unreachable", {"domain": did.domain(owner)}, error.message)
        raise _Ended(check) from error


def _remembered(case: Case, question: tuple[str, ...], resolve: Callable[..., PublicKey]) -> PublicKey:
    """A key without an end is remembered; one that ends, or has ended, is looked at by the clock each time."""
    try:
        return case.enquiry.remembered.recall(question, case.fetch, resolve)
    except NotTheIssuersKey:
        key = resolve(case.fetch, now=case.now)
        case.is_lasting = False
        return key
