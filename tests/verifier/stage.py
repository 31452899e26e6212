"""A trusted school, its badge in every form, and a network inside this process: what hostile inputs are made from.

Signing is done by hand with bare keys, so that a fault in our own signers cannot hide a fault in our verifier.
"""

import base64
import contextlib
import copy
import gzip
import hashlib
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badge_service.openbadges import canonical
from badge_service.openbadges.contexts import OB3, OB_EXTENSIONS, VC2
from badge_service.openbadges.multibase import encode_z

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ISSUER, ISSUER_NAME = "did:web:issuer.test", "Trusted School"
DID_URL, LIST_URL = "https://issuer.test/.well-known/did.json", "https://issuer.test/status/1"
PUBLIC_ADDRESS = "93.184.216.34"
ENTRIES = 131_072


def moment(**shift: float) -> str:
    return (NOW + timedelta(**shift)).strftime("%Y-%m-%dT%H:%M:%SZ")


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Key:
    """An Ed25519 key with the names it goes by."""

    def __init__(self, seed: int) -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public = self.private.public_key().public_bytes_raw()
        self.multikey = multikey(self.public)
        self.did = f"did:key:{self.multikey}"
        self.method = f"{self.did}#{self.multikey}"


def multikey(public: bytes) -> str:
    return encode_z(b"\xed\x01" + public)


SCHOOL, ATTACKER, HOLDER, OTHER_HOLDER, AUTH, OLD = (Key(seed) for seed in (1, 66, 3, 4, 5, 6))
METHOD = f"{ISSUER}#key-1"


def multikey_method(fragment: str, public: bytes, owner: str = ISSUER) -> dict[str, Any]:
    id = f"{owner}#{fragment}"
    return {"id": id, "type": "Multikey", "controller": owner, "publicKeyMultibase": multikey(public)}


def jwk_method(fragment: str, jwk: Mapping[str, str]) -> dict[str, Any]:
    id = f"{ISSUER}#{fragment}"
    return {"id": id, "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": dict(jwk)}


def did_document(*more: dict[str, Any], owner: str = ISSUER) -> dict[str, Any]:
    """The school's document: one key for signing, one for signing in alone, an old one that it no longer uses."""
    current = multikey_method("key-1", SCHOOL.public, owner)
    auth = multikey_method("auth", AUTH.public, owner)
    old = multikey_method("old", OLD.public, owner) | {"revoked": moment(days=-300)}
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": owner,
        "verificationMethod": [current, auth, old, *more],
        "assertionMethod": [current["id"], *(method["id"] for method in more)],
        "authentication": [auth["id"]],
    }


def unsigned_badge() -> dict[str, Any]:
    """An Open Badge of the school for a learner's own did:key."""
    home = "https://issuer.test/achievements/basket"
    return {
        "@context": [VC2, OB3, OB_EXTENSIONS],
        "id": "https://issuer.test/credentials/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Round basket",
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": ISSUER_NAME},
        "validFrom": "2026-11-01T10:00:00Z",
        "credentialSubject": {
            "id": HOLDER.did,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": home,
                "type": ["Achievement"],
                "name": "Round basket",
                "description": "Weaves a round basket.",
                "criteria": {"narrative": "Weaves a round basket from base to border."},
                "image": {"id": "https://issuer.test/basket.png", "type": "Image"},
            },
        },
        "evidence": [{"id": "https://issuer.test/evidence/1", "type": ["Evidence"], "name": "The basket"}],
        "credentialSchema": [
            {
                "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
                "type": "1EdTechJsonSchemaValidator2019",
            }
        ],
        "credentialStatus": status_entry(),
    }


def status_entry(**changes: Any) -> dict[str, Any]:
    entry = {
        "id": f"{LIST_URL}#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": LIST_URL,
    }
    return {name: value for name, value in {**entry, **changes}.items() if value is not None}


def encoded_list(*indexes: int, entries: int = ENTRIES) -> str:
    bits = bytearray(entries // 8)
    for index in indexes:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + b64url(gzip.compress(bytes(bits), mtime=0))


def unsigned_list(*indexes: int, purpose: str = "revocation", **subject: Any) -> dict[str, Any]:
    return {
        "@context": [VC2],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": ISSUER,
        "validFrom": moment(hours=-1),
        "validUntil": moment(days=6),
        "credentialSubject": {
            "id": f"{LIST_URL}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded_list(*indexes),
            **subject,
        },
    }


def sign(
    document: Mapping[str, Any],
    key: Key = SCHOOL,
    method: str = METHOD,
    *,
    purpose: str = "assertionMethod",
    by_hand: Callable[[bytes], bytes] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """`document` with one eddsa-rdfc-2022 proof; `by_hand` makes other bytes than a true signature."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": moment(hours=-2),
        "verificationMethod": method,
        "proofPurpose": purpose,
        **options,
    }
    data = _hash({"@context": unsigned.get("@context"), **proof}) + _hash(unsigned)
    signature = by_hand(data) if by_hand else key.private.sign(data)
    return {**copy.deepcopy(unsigned), "proof": {**proof, "proofValue": encode_z(signature)}}


def _hash(document: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical.examine(document).nquads.encode()).digest()


def valid_ldp() -> dict[str, Any]:
    return sign(unsigned_badge())


def jwt_payload(**claims: Any) -> dict[str, Any]:
    badge = unsigned_badge()
    registered = {"iss": ISSUER, "jti": badge["id"], "sub": HOLDER.did, "nbf": 1_793_527_200}
    return {**badge, **registered, **claims}


def jws(
    header: Mapping[str, Any] | str | None = None,
    payload: Mapping[str, Any] | bytes | None = None,
    signature: Callable[[bytes], bytes] | None = None,
) -> str:
    """A compact JWS; by default the good one (EdDSA, vc+jwt, the school's key)."""
    if header is None:
        header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": METHOD}
    head = header if isinstance(header, str) else json.dumps(header)
    body = payload if isinstance(payload, bytes) else json.dumps(payload or jwt_payload()).encode()
    signed = f"{b64url(head.encode())}.{b64url(body)}"
    made = signature(signed.encode()) if signature else SCHOOL.private.sign(signed.encode())
    return f"{signed}.{b64url(made)}"


def valid_vp() -> dict[str, Any]:
    return sign_vp({"challenge": "0123456789abcdef", "domain": "https://verifier.test"})


def sign_vp(options: Mapping[str, Any], key: Key = HOLDER) -> dict[str, Any]:
    presentation = {
        "@context": [VC2],
        "type": ["VerifiablePresentation"],
        "holder": HOLDER.did,
        "verifiableCredential": [valid_ldp()],
    }
    return sign(presentation, key, key.method, purpose="authentication", **options)


class Network:
    """Names, addresses and servers inside this process; nothing here can leave the machine.

    `pages` holds what stands at an address: a document, bytes, or a whole HTTP answer as `Raw`. `connected` lists
    every address that a connection was tried to, `asked` every (host, path).
    """

    def __init__(self) -> None:
        self.names = {"issuer.test": [PUBLIC_ADDRESS]}
        self.pages: dict[str, Any] = {DID_URL: did_document(), LIST_URL: sign(unsigned_list())}
        self.connected: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.expired_certificates: set[str] = set()
        self.is_down = False

    def patch(self, patching: Any) -> None:
        patching.setattr(socket, "getaddrinfo", self.getaddrinfo)
        patching.setattr(socket, "create_connection", self.create_connection)
        patching.setattr(ssl.SSLContext, "wrap_socket", self.wrap_socket)

    def getaddrinfo(self, host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        try:
            addresses = self.names.get(host) or [str(ipaddress.ip_address(host))]
        except ValueError:
            raise socket.gaierror(-2, "Name or service not known") from None
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def create_connection(self, address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        self.connected.append(address[0])
        if self.is_down or address != (PUBLIC_ADDRESS, 443):
            raise ConnectionRefusedError("nobody listens")
        ours, theirs = socket.socketpair()
        threading.Thread(target=self._serve, args=(theirs,), daemon=True).start()
        return ours

    def wrap_socket(self, sock: socket.socket, *args: Any, **kwargs: Any) -> socket.socket:
        if kwargs.get("server_hostname") in self.expired_certificates:
            raise ssl.SSLCertVerificationError("certificate has expired")
        return sock

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            request = b""
            while b"\r\n\r\n" not in request:
                part = connection.recv(65_536)
                if not part:
                    return
                request += part
            lines = request.decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1]
            host = next(line[6:] for line in lines if line.lower().startswith("host: "))
            self.asked.append((host, path))
            page = self.pages.get(f"https://{host}{path}")
            with contextlib.suppress(OSError):  # they hung up
                _answer(connection, page)


class Raw(bytes):
    """A whole HTTP answer, or the beginning of one."""


class Dripping(bytes):
    """An answer that comes one byte at a time and never ends."""


def _answer(connection: socket.socket, page: Any) -> None:
    if isinstance(page, Dripping):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
        for sign_ in page:
            connection.sendall(bytes([sign_]))
            threading.Event().wait(0.05)
    elif isinstance(page, Raw):
        connection.sendall(page)
    elif page is None:
        connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    else:
        body = page if isinstance(page, bytes) else json.dumps(page).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
