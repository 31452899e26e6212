"""Judges what a test suite sends: any credential or presentation, its proof alone or all that can be known of it.

Follows: Data Integrity 1.0, sections 4.4 and 4.5; Verifiable Credentials Data Model 2.0, sections 4.13 and 7.1. The product
never takes this door: there a key that is not the issuer's is never a warning (`openbadges.verification`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from badge_service.conformance import vocabulary
from badge_service.conformance.reading import Options
from badge_service.conformance.status_reading import status_faults
from badge_service.errors import BadgeServiceError, Fault, InvalidError, NotFoundError, UnavailableError
from badge_service.openbadges import dates, did, proofs, sentences, vc_data_model, verification
from badge_service.openbadges.did import Fetch
from badge_service.openbadges.proofs import jose
from badge_service.openbadges.proofs.secured import MAX_PROOFS, Secured
from badge_service.openbadges.public_key import ALGORITHMS, PublicKey
from badge_service.openbadges.verdict import Outcome

ASSERTION, AUTHENTICATION = "assertionMethod", "authentication"
CREDENTIAL_TYPES = ("application/vc+jwt", "application/jwt")
PRESENTATION_TYPES = ("application/vp+jwt", "application/jwt")
MAX_CREDENTIALS = 8
_CLOCK_TOLERANCE = timedelta(seconds=300)
_BADGE_TYPES = {"OpenBadgeCredential", "AchievementCredential"}
_ENVELOPED_CREDENTIAL = "EnvelopedVerifiableCredential"
_ENVELOPED_PRESENTATION = "EnvelopedVerifiablePresentation"


@dataclass(frozen=True)
class Judged:
    """What was found: good when there are no `errors`; `checks` were made, `warnings` do not count."""

    checks: tuple[str, ...]
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]

    @property
    def verified(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.errors


@dataclass
class _Findings:
    """What was found so far, of one document or of those in it."""

    options: Options
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def doubt(self, fault: Fault) -> None:
        """Something beyond the proof: a warning when only the proof was asked for."""
        (self.warnings if self.options.proof_only else self.errors).append(fault)

    def within(self, where: str, inner: "_Findings") -> None:
        """Take over what was found of a document inside this one."""
        for target, source in ((self.errors, inner.errors), (self.warnings, inner.warnings)):
            target += [Fault(f"{where}.{fault.where}", fault.message, fault.code) for fault in source]

    def told(self) -> Judged:
        """All of it."""
        checks = ("proof",) if self.options.proof_only else ("proof", "validityPeriod", "credentialStatus")
        return Judged(checks, tuple(self.errors), tuple(self.warnings))


@dataclass(frozen=True)
class Judge:
    """Judges one request at the moment that `now` gives; `fetch` reads key documents and status lists."""

    now: Callable[[], datetime]
    fetch: Fetch
    allowance: vocabulary.Allowance = field(default_factory=vocabulary.Allowance)

    def credential(self, document: Mapping[str, Any], options: Options) -> Judged:
        """What is wrong with a credential, secured by its own proofs or in an envelope."""
        return self._credential(document, options).told()

    def presentation(self, document: Mapping[str, Any], options: Options) -> Judged:
        """What is wrong with a presentation and with the credentials in it."""
        findings = _Findings(options)
        if _ENVELOPED_PRESENTATION in _listed(document.get("type")):
            opened = self._opened(document, _ENVELOPED_PRESENTATION, findings)
            document, signers = opened if opened is not None else ({}, [])
        else:
            findings.errors += vc_data_model.presentation_faults(document)
            signers = self._signers(document, findings, AUTHENTICATION)
        if not findings.errors:
            self._holder(document, signers, findings)
            self._contained(document, signers, findings)
        return findings.told()

    def _credential(self, document: Mapping[str, Any], options: Options) -> _Findings:
        findings = _Findings(options)
        if _ENVELOPED_CREDENTIAL in _listed(document.get("type")):
            opened = self._opened(document, _ENVELOPED_CREDENTIAL, findings)
            document, signers = opened if opened is not None else ({}, [])
        else:
            findings.errors += vc_data_model.credential_faults(document)
            signers = self._signers(document, findings, ASSERTION)
        if not findings.errors:
            self._binding(document, signers, findings)
            self._period(document, findings)
        if not (findings.errors or options.proof_only):
            findings.errors += self._badge_faults(document)
            findings.errors += status_faults(document, self.fetch, self._list_faults)
        return findings

    def _signers(self, document: Mapping[str, Any], findings: _Findings, purpose: str) -> list[str]:
        """Whose proofs hold for `document`; every proof must."""
        entries = _listed(document.get("proof"))
        if not entries or len(entries) > MAX_PROOFS:
            findings.errors.append(Fault("proof", "There is no proof, or too many of them.", "no_proof"))
        if findings.errors:
            return []
        unsigned = {name: value for name, value in document.items() if name != "proof"}
        examined = self.allowance.examine(unsigned)
        findings.errors += examined.faults
        secured = Secured.of(document, examine=self.allowance.examine, nquads=examined.nquads)
        signers = []
        for entry in entries if not findings.errors else []:
            found = self._proof_faults(secured, entry, entries, findings.options, purpose)
            findings.errors += found
            signers.append(str(entry.get("verificationMethod")).partition("#")[0])
        return signers

    def _proof_faults(
        self, secured: Secured, proof: Mapping[str, Any], all_: list[Any], options: Options, purpose: str
    ) -> list[Fault]:
        """Data Integrity 1.0, section 4.4, for one of the proofs `all_`."""
        suite = proofs.suite_of(proof)
        if suite is None:
            return [Fault("proof", "We do not know this kind of proof.", "cryptosuite_unsupported")]
        found = _option_faults(proof, options, options.purpose or purpose, self.now())
        if found:
            return found
        method = proof["verificationMethod"]
        try:
            key = self._key(method, purpose)
            return suite.faults(secured.chained(proof, all_), proof, key)
        except (InvalidError, NotFoundError, UnavailableError) as error:
            return _faults(error)

    def _key(self, method: str, purpose: str) -> PublicKey:
        return did.resolve_key(method, method.partition("#")[0], self.fetch, purpose=purpose, now=self.now())

    def _opened(
        self, envelope: Mapping[str, Any], type_: str, findings: _Findings
    ) -> tuple[Mapping[str, Any], list[str]] | None:
        """What is in an envelope, and who signed it; None when it does not hold."""
        findings.errors += vc_data_model.enveloped_faults(envelope, type_)
        if findings.errors:
            return None
        try:
            document, signer = self._signed_in(envelope["id"], type_, findings.options)
        except (InvalidError, NotFoundError, UnavailableError) as error:
            findings.errors += _faults(error)
            return None
        judge_shape = (
            vc_data_model.credential_faults
            if type_ == _ENVELOPED_CREDENTIAL
            else vc_data_model.presentation_faults
        )
        findings.errors += [*judge_shape(document), *self.allowance.examine(document).faults]
        return document, [signer]

    def _signed_in(self, address: str, type_: str, options: Options) -> tuple[dict[str, Any], str]:
        """The document behind a `data:` address and the owner of its key; raises InvalidError when it does not hold."""
        is_credential = type_ == _ENVELOPED_CREDENTIAL
        media_type, _, token = address.removeprefix("data:").partition(",")
        if media_type not in (CREDENTIAL_TYPES if is_credential else PRESENTATION_TYPES):
            raise InvalidError("We do not open envelopes of this kind.", code="envelope")
        jws = jose.parse(token, algorithms=ALGORITHMS)
        method = jws.header.get("kid")
        if not isinstance(method, str):
            raise InvalidError("The signature does not say with which key it was made.", code="key_not_named")
        key = self._key(method, ASSERTION if is_credential else AUTHENTICATION)
        claims, document = jose.claims_in(jws), jose.credential_in(jws)
        found = jose.faults(jws, key)
        found += [fault for fault in jose.claims_faults(jws, document) if fault.where in claims]
        found += [] if is_credential else _request_faults(claims, options)
        if found:
            raise InvalidError("This token does not hold.", faults=found)
        return document, method.partition("#")[0]

    def _binding(self, document: Mapping[str, Any], signers: list[str], findings: _Findings) -> None:
        if vc_data_model.issuer_id(document) not in signers:
            message = "The key that signed this belongs to somebody else than the issuer it names."
            findings.doubt(Fault("issuer", message, "key_not_issuers"))

    def _holder(self, document: Mapping[str, Any], signers: list[str], findings: _Findings) -> None:
        holder = document.get("holder")
        named = holder.get("id") if isinstance(holder, Mapping) else holder
        if named is not None and named not in signers:
            findings.doubt(Fault("holder", "This was not signed by the holder it names.", "holder"))

    def _contained(self, document: Mapping[str, Any], signers: list[str], findings: _Findings) -> None:
        credentials = _listed(document.get("verifiableCredential"))
        if len(credentials) > MAX_CREDENTIALS:
            findings.errors.append(Fault("verifiableCredential", "There are too many of them.", "too_many"))
            return
        for place, credential in enumerate(credentials):
            where = f"verifiableCredential[{place}]"
            if "proof" in credential or _ENVELOPED_CREDENTIAL in _listed(credential.get("type")):
                inner = self._credential(credential, Options(proof_only=findings.options.proof_only))
            else:
                inner = _Findings(findings.options, _self_asserted(credential, document, signers))
            findings.within(where, inner)

    def _period(self, document: Mapping[str, Any], findings: _Findings) -> None:
        old = vc_data_model.is_version_1(document)
        begin, end = ("issuanceDate", "expirationDate") if old else ("validFrom", "validUntil")
        if begin in document and dates.read(document[begin]) > self.now() + _CLOCK_TOLERANCE:
            findings.doubt(Fault(begin, "This is not valid yet.", "not_yet_valid"))
        if end in document and dates.read(document[end]) <= self.now():
            findings.doubt(Fault(end, "This has expired.", "expired"))

    def _badge_faults(self, document: Mapping[str, Any]) -> list[Fault]:
        """An Open Badge is also judged as the product judges it: by the closed profile, and with the binding."""
        if "proof" not in document or not _BADGE_TYPES & set(_listed(document.get("type"))):
            return []
        verdict = verification.verify(
            dict(document), now=self.now(), fetch=self.fetch, examine=self.allowance.examine_badge
        )
        if verdict.outcome not in (Outcome.NOT_VALID, Outcome.NOT_FULLY_CHECKED):
            return []
        sentence = sentences.sentence(verdict.reason_code, verdict.params)
        return [Fault("badge", sentence, verdict.reason_code)]

    def _list_faults(self, document: Mapping[str, Any]) -> list[Fault]:
        return self._credential(document, Options(proof_only=False)).errors


def _option_faults(proof: Mapping[str, Any], options: Options, purpose: str, now: datetime) -> list[Fault]:
    """What the members of a proof must be before anything is computed."""
    found = []
    method = proof.get("verificationMethod")
    if not isinstance(method, str) or ":" not in method:
        found.append(Fault("proof", "The proof names no key.", "proof_malformed"))
    if proof.get("proofPurpose") != purpose:
        found.append(Fault("proof", "The proof was made for another purpose.", "proof_purpose"))
    for name, wanted in (("domain", options.domain), ("challenge", options.challenge)):
        if wanted is not None and wanted not in _listed(proof.get(name)):
            found.append(Fault("proof", f"The proof was made for another {name}.", name))
    for name in ("created", "expires"):
        if name in proof and (moment := _moment(proof[name])) is None:
            found.append(Fault("proof", f"“{name}” is no date and time.", "proof_malformed"))
        elif name == "expires" and name in proof and moment is not None and moment <= now:
            found.append(Fault("proof", "The proof has expired.", "proof_expired"))
    return found


def _moment(value: object) -> datetime | None:
    """Data Integrity 1.0, section 2.1: a moment without an offset is one in UTC."""
    for text in (value, f"{value}Z"):
        try:
            return dates.read(text)
        except InvalidError:
            continue
    return None


def _self_asserted(
    credential: Mapping[str, Any], presentation: Mapping[str, Any], signers: list[str]
) -> list[Fault]:
    """What nobody signed but the presenter: it must be the presenter's own."""
    holder = presentation.get("holder")
    found = vc_data_model.credential_faults(credential)
    found += vc_data_model.self_asserted_faults(credential, holder, "credential")
    if not found and vc_data_model.issuer_id(credential) not in signers:
        found.append(Fault("holder", "This was not signed by the holder it names.", "holder"))
    return found


def _request_faults(claims: Mapping[str, Any], options: Options) -> list[Fault]:
    """Securing Verifiable Credentials using JOSE and COSE, section 4: what a token presented was made for."""
    return [
        Fault(claim, f"This was presented for another {name}.", name)
        for claim, name, wanted in (
            ("nonce", "challenge", options.challenge),
            ("aud", "domain", options.domain),
        )
        if wanted is not None and wanted not in _listed(claims.get(claim))
    ]


def _faults(error: BadgeServiceError) -> list[Fault]:
    return list(error.faults) or [Fault("proof", error.message, error.code)]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
