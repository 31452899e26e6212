"""The issuers of the door, one a cryptosuite, and how each secures a credential that a test suite hands in.

Follows: Verifiable Credential API 0.3, Issue Credential; Data Integrity 1.0, section 4.2 (Add Proof); Securing
Verifiable Credentials using JOSE and COSE, section 3.1.1.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from badge_service.conformance import keys, reading, vocabulary
from badge_service.conformance.keys import MemoryKey
from badge_service.conformance.status import StatusLists
from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import dates, vc_data_model
from badge_service.openbadges.contexts import DATA_INTEGRITY, ED25519_2020, VC2
from badge_service.openbadges.proofs import (
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ecdsa_sd_2023,
    ed25519_signature_2020,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
    jose,
)
from badge_service.openbadges.proofs.data_integrity import Suite, assertion
from badge_service.openbadges.proofs.ecdsa_sd_2023 import SelectiveSuite
from badge_service.openbadges.public_key import KeyKind

VC_JWT = "application/vc+jwt"


@dataclass(frozen=True)
class Issuer:
    """One issuer: its `name` is its path, `suite` its way to sign (None: as a VC-JWT), `key` is as old as the process."""

    name: str
    suite: Suite | SelectiveSuite | None
    key: MemoryKey
    gives_status: bool = False

    @property
    def cryptosuite(self) -> str:
        """The name by which the public suites ask for it."""
        if self.suite is None:
            return "EnvelopingProof"
        return self.suite.cryptosuite or self.suite.proof_type


def fresh_issuers() -> dict[str, Issuer]:
    """All issuers of the door, each with a key made now."""
    suites: tuple[tuple[str, Suite | SelectiveSuite | None, KeyKind], ...] = (
        ("eddsa-rdfc-2022", eddsa_rdfc_2022.SUITE, KeyKind.ED25519),
        ("eddsa-jcs-2022", eddsa_jcs_2022.SUITE, KeyKind.ED25519),
        ("ecdsa-rdfc-2019-p256", ecdsa_rdfc_2019.SUITE, KeyKind.P256),
        ("ecdsa-rdfc-2019-p384", ecdsa_rdfc_2019.SUITE, KeyKind.P384),
        ("ecdsa-jcs-2019-p256", ecdsa_jcs_2019.SUITE, KeyKind.P256),
        ("ecdsa-jcs-2019-p384", ecdsa_jcs_2019.SUITE, KeyKind.P384),
        ("ecdsa-sd-2023", ecdsa_sd_2023.SUITE, KeyKind.P256),
        ("ed25519-signature-2020", ed25519_signature_2020.SUITE, KeyKind.ED25519),
        ("vc-jwt", None, KeyKind.P256),
        ("bitstring-status-list", eddsa_rdfc_2022.SUITE, KeyKind.ED25519),
    )
    return {
        name: Issuer(name, suite, keys.fresh(kind), gives_status=name == "bitstring-status-list")
        for name, suite, kind in suites
    }


def issue(issuer: Issuer, asked: reading.Asked, lists: StatusLists, now: datetime) -> dict[str, Any]:
    """The secured credential; raises InvalidError naming everything that is wrong with what was handed in."""
    document = _completed(issuer, asked.document, now)
    faults = vc_data_model.credential_faults(document)
    if "proof" in document:
        faults.append(Fault("proof", "This is secured already.", "signed"))
    if vc_data_model.issuer_id(document) not in ("", issuer.key.did):
        faults.append(Fault("issuer", f"This issuer is {issuer.key.did}.", "issuer"))
    if vc_data_model.is_version_1(document) and (issuer.suite is None or issuer.gives_status):
        faults.append(Fault("@context[0]", "This issuer knows data model 2.0 alone.", "context_order"))
    faults += vocabulary.examine(document).faults
    if faults:
        raise InvalidError("This credential cannot be issued.", code="unsignable", faults=faults)
    if issuer.gives_status:
        document = _with_status(document, lists)
    return secure(issuer, document, now, reading.pointers(asked.options, "mandatoryPointers"))


def secure(
    issuer: Issuer, document: Mapping[str, Any], now: datetime, mandatory: Sequence[str] = ()
) -> dict[str, Any]:
    """`document` with the issuer's proof (one object), or in an envelope.

    `mandatory` are JSON pointers to what a holder must always show, for the suite in which holders may choose.
    """
    if issuer.suite is None:
        return _enveloped(issuer.key, document)
    options = assertion(issuer.key.key_id, now)
    if isinstance(issuer.suite, SelectiveSuite):
        signed = issuer.suite.add_proof(
            document, options, signer=issuer.key, mandatory=mandatory, examine=vocabulary.examine
        )
    else:
        signed = issuer.suite.add_proof(document, options, signer=issuer.key, examine=vocabulary.examine)
    return _with_one_proof(signed)


def derive(asked: reading.Asked) -> dict[str, Any]:
    """What a holder shows of a credential with a base proof: its mandatory parts and those at `selectivePointers`."""
    chosen = reading.pointers(asked.options, "selectivePointers")
    return _with_one_proof(ecdsa_sd_2023.SUITE.derive(asked.document, chosen, examine=vocabulary.examine))


def _with_one_proof(document: dict[str, Any]) -> dict[str, Any]:
    """The suites read `proof` as one object."""
    return {**document, "proof": document["proof"][0]}


def _completed(issuer: Issuer, document: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What an issuer adds: the context that defines its proof where the base context does not, and for 1.1 the date."""
    named = document.get("@context")
    if not isinstance(named, list) or issuer.suite is None:
        return document
    wanted = ED25519_2020 if issuer.suite is ed25519_signature_2020.SUITE else DATA_INTEGRITY
    old = vc_data_model.is_version_1(document)
    if wanted not in named and (old or wanted == ED25519_2020):
        document = {**document, "@context": [*named, wanted]}
    return {"issuanceDate": dates.write(now), **document} if old else document


def _with_status(document: dict[str, Any], lists: StatusLists) -> dict[str, Any]:
    document = {"id": f"urn:uuid:{uuid.uuid4()}", **document}
    return {**document, "credentialStatus": lists.entry(document["id"])}


def _enveloped(key: MemoryKey, document: Mapping[str, Any]) -> dict[str, Any]:
    header = {"alg": key.algorithm, "typ": "vc+jwt", "cty": "vc", "kid": key.key_id}
    token = jose.sign(json.dumps(document).encode(), header=header, signer=key)
    return {"@context": VC2, "type": "EnvelopedVerifiableCredential", "id": f"data:{VC_JWT},{token}"}
