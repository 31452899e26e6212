"""What the cryptosuites share: how options and document become the bytes that are signed, and how a proof is made or judged.

Follows: Data Integrity 1.0, sections 4.2 (Add Proof) and 4.4 (Verify Proof); the suites' own sections stand in their modules.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import rfc8785

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import canonical, contexts, dates, multibase
from badge_service.openbadges.credential import Prepared
from badge_service.openbadges.proofs.secured import MAX_PROOFS, Examine, Secured
from badge_service.openbadges.public_key import KeyKind, PublicKey
from badge_service.openbadges.signing import Signer, sign_surely

PROOF_TYPE = "DataIntegrityProof"
ECDSA_HASHES: Mapping[KeyKind, str] = {KeyKind.P256: "sha256", KeyKind.P384: "sha384"}
SIGNATURE_BYTES: Mapping[KeyKind, int] = {KeyKind.ED25519: 64, KeyKind.P256: 64, KeyKind.P384: 96}

Options = Mapping[str, Any]
"""The members of a proof but for `proofValue`."""


class Form(Protocol):
    """How a suite writes a document, and the options of a proof, so that the same content gives the same bytes."""

    def options(self, secured: Secured, options: Options, hash: str) -> bytes:
        """The proof configuration in canonical form; raises InvalidError."""
        ...

    def document(self, secured: Secured, options: Options, hash: str) -> bytes:
        """The document in canonical form; raises InvalidError."""
        ...

    def digests(self, secured: Secured, options: Options, hash: str) -> bytes:
        """The digest of the first, then that of the second; raises InvalidError."""
        ...

    def for_signing(self, secured: Secured, options: Options) -> dict[str, Any]:
        """`options` as a new proof carries them."""
        ...


class Rdfc:
    """The rdfc suites: canonical N-Quads (RDFC-1.0); the options are read with the document's own context."""

    def options(self, secured: Secured, options: Options, hash: str) -> bytes:
        context = secured.document.get("@context")
        if options.get("@context", context) != context:
            raise InvalidError("The proof brings its own definitions of words.", code="inline_context")
        return secured.canonicalized({"@context": context, **options}, hash).encode("utf-8")

    def document(self, secured: Secured, options: Options, hash: str) -> bytes:
        return secured.nquads(hash).encode("utf-8")

    def digests(self, secured: Secured, options: Options, hash: str) -> bytes:
        asked = _asked(secured.document.get("@context"), options, hash)
        known = _OPTIONS.get(asked)
        if known is None:
            known = hashlib.new(hash, self.options(secured, options, hash)).digest()
            _OPTIONS.put(asked, known)
        return known + secured.digest(hash)

    def for_signing(self, secured: Secured, options: Options) -> dict[str, Any]:
        return dict(options)


class Jcs:
    """The jcs suites: canonical JSON (RFC 8785); the proof repeats the context that the document had when it was signed."""

    def options(self, secured: Secured, options: Options, hash: str) -> bytes:
        return canonical_json(options)

    def document(self, secured: Secured, options: Options, hash: str) -> bytes:
        if "@context" not in options:
            return canonical_json(secured.document)
        signed, present = _listed(options["@context"]), _listed(secured.document.get("@context"))
        if present[: len(signed)] != signed:
            raise InvalidError("The proof was made for other definitions of words.", code="inline_context")
        return canonical_json({**secured.document, "@context": options["@context"]})

    def digests(self, secured: Secured, options: Options, hash: str) -> bytes:
        texts = self.options(secured, options, hash), self.document(secured, options, hash)
        return b"".join(hashlib.new(hash, text).digest() for text in texts)

    def for_signing(self, secured: Secured, options: Options) -> dict[str, Any]:
        if "@context" not in secured.document:
            return dict(options)
        return {**options, "@context": secured.document["@context"]}


class _Digests:
    """The digests of options used last: badges that were signed together share them. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, bytes] = OrderedDict()

    def get(self, asked: str) -> bytes | None:
        return self._known.get(asked)

    def put(self, asked: str, digest: bytes) -> None:
        if not asked or len(asked) > _MOST_LETTERS:
            return
        with self._lock:
            self._known[asked] = digest
            if len(self._known) > _MOST_OPTIONS:
                self._known.popitem(last=False)


_MOST_OPTIONS, _MOST_LETTERS = 1_024, 1_024
_OPTIONS = _Digests()


def _asked(context: Any, options: Options, hash: str) -> str:
    """What the digest of options hangs on, when they are texts under contexts that never change; else empty."""
    if not isinstance(context, list) or not all(type(text) is str for text in (*context, *options.values())):
        return ""
    return repr((hash, context, dict(options))) if contexts.DIGESTS.keys() >= set(context) else ""


RDFC, JCS = Rdfc(), Jcs()


@dataclass(frozen=True)
class Suite:
    """A cryptosuite that signs two digests, that of the options and that of the document, one after the other.

    `hashes` gives the hash for each kind of key that the suite takes; `required` are members that a proof must have.
    """

    cryptosuite: str
    hashes: Mapping[KeyKind, str]
    form: Form
    proof_type: str = PROOF_TYPE
    required: tuple[str, ...] = ()

    def sign(
        self, prepared: Prepared, *, signer: Signer, verification_method: str, created: datetime
    ) -> dict[str, Any]:
        """The signed document, with `"proof": [ {…} ]`; signed as `signing.sign_surely` does.

        `verification_method` is the full DID URL of the key, `created` has a time zone. Raises UnavailableError
        when the signer gives a signature that does not verify, InvalidError `key_kind` for a key of another suite.
        """
        document = prepared.document
        options = assertion(verification_method, created)
        secured = Secured.of(document, nquads=prepared.nquads)
        return {**document, "proof": [self.proof(secured, options, signer=signer)]}

    def add_proof(
        self,
        document: Mapping[str, Any],
        options: Options,
        *,
        signer: Signer,
        examine: Examine = canonical.examine,
    ) -> dict[str, Any]:
        """`document`, which may have proofs already, with one proof more at the end of its list.

        For documents that did not go through `prepare`: presentations, samples, the public test suites.
        `options` are those of `assertion`, or others; with `previousProof` the new proof covers those it names.
        Raises as `sign` does, and InvalidError for a document that a signature would not cover.
        """
        proofs = _listed(document.get("proof", []))
        if len(proofs) >= MAX_PROOFS:
            raise InvalidError("There are too many proofs.", code="proof_malformed")
        secured = Secured.of(document, examine=examine).chained(options, proofs)
        return {**document, "proof": [*proofs, self.proof(secured, options, signer=signer)]}

    def proof(self, secured: Secured, options: Options, *, signer: Signer) -> dict[str, Any]:
        """A new proof over `secured`; raises as `sign` and `add_proof` do."""
        named = {"cryptosuite": self.cryptosuite} if self.cryptosuite else {}
        complete = self.form.for_signing(secured, {"type": self.proof_type, **named, **options})
        data = self.signed_data(secured, complete, signer.public_key)
        return {**complete, "proofValue": multibase.encode_z(sign_surely(signer, data))}

    def faults(self, secured: Secured, proof: Mapping[str, Any], key: PublicKey) -> list[Fault]:
        """Why `proof` does not hold for what it covers (see `Secured.chained`) under `key`; empty when it does.

        Codes: `proof_malformed`, `key_kind`, `proof_value`, `inline_context`, `signature`, those of
        `canonical.examine` for the proof's own options.
        """
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        try:
            data = self.signed_data(secured, options, key)
            signature = _signature(proof.get("proofValue"), SIGNATURE_BYTES[key.kind])
        except InvalidError as error:
            return as_faults(error)
        if not key.holds(data, signature):
            return [Fault("proof", "This was changed after it was signed.", "signature")]
        return []

    def verify(self, document: Mapping[str, Any], proof: Mapping[str, Any], key: PublicKey) -> bool:
        """Whether `proof` holds for `document`, whose own proofs are left out or, in a chain, put back."""
        try:
            secured = Secured.of(document).chained(proof, _listed(document.get("proof", [])))
            secured.nquads()
        except InvalidError:
            return False
        return not self.faults(secured, proof, key)

    def signed_data(self, secured: Secured, options: Options, key: PublicKey) -> bytes:
        """The bytes that the key signs: the digest of the options, then that of the document."""
        hash = self.hashes.get(key.kind)
        if hash is None:
            raise InvalidError("The proof and the key are of different kinds.", code="key_kind")
        if any(not options.get(name) for name in self.required):
            raise InvalidError("The proof lacks something that it must have.", code="proof_malformed")
        return self.form.digests(secured, options, hash)


def assertion(verification_method: str, created: datetime) -> dict[str, Any]:
    """The options of a proof by which an issuer says that a document is true."""
    return {
        "created": dates.write(created),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }


def canonical_json(value: Mapping[str, Any]) -> bytes:
    """`value` in the one spelling of RFC 8785; raises InvalidError for numbers and texts that JSON cannot hold."""
    try:
        return rfc8785.dumps(dict(value))
    except (ValueError, RecursionError) as error:
        raise InvalidError("This cannot be written as JSON.", code="json_number_range") from error


def as_faults(error: InvalidError) -> list[Fault]:
    """What is wrong with a proof, as `error` names it."""
    return list(error.faults) or [Fault("proof", error.message, error.code)]


def _signature(value: object, size: int) -> bytes:
    if not isinstance(value, str):
        raise InvalidError("The proof holds no signature.", code="proof_value")
    try:
        signature = multibase.decode_z(value)
    except InvalidError as error:
        raise InvalidError("The signature is not written as it should be.", code="proof_value") from error
    if len(signature) != size:
        raise InvalidError(f"The signature does not have {size} bytes.", code="proof_value")
    return signature


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
