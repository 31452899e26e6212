"""Sample badges of every kind that we can judge, made by the demo with real keys of its own: one file each, to try.

Strangers among them are a did:key or did:jwk, so that nothing needs a network. Their keys are thrown away when the files
are written. `LABELS` names every sample for people, in the order of the page.
"""

import io
import json
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from PIL import Image

from badge_service.keyring.files import KeyFolder
from badge_service.openbadges import achievement, baking, credential, did
from badge_service.openbadges.contexts import ED25519_2020, OB3, OB_EXTENSIONS, VC1, VC2
from badge_service.openbadges.proofs import (
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ecdsa_sd_2023,
    ed25519_signature_2020,
    eddsa_2022,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
    jose,
)
from badge_service.openbadges.proofs.data_integrity import assertion
from badge_service.openbadges.signing import Signer

Document = dict[str, Any]

LABELS: Mapping[str, Any] = {
    "own": (_l("Ours"), "good", _l("A badge of this demo, as a document")),
    "own-png": (_l("Ours"), "good", _l("The same inside a PNG picture")),
    "own-svg": (_l("Ours"), "good", _l("The same inside an SVG picture")),
    "eddsa-rdfc-2022": (_l("A stranger's"), "plain", _l("Signed as eddsa-rdfc-2022")),
    "eddsa-jcs-2022": (_l("A stranger's"), "plain", _l("Signed as eddsa-jcs-2022")),
    "eddsa-2022": (_l("A stranger's"), "plain", _l("Signed as eddsa-2022")),
    "ed25519-2020": (_l("A stranger's"), "plain", _l("Signed as Ed25519Signature2020")),
    "ecdsa-rdfc-p256": (_l("A stranger's"), "plain", _l("Signed as ecdsa-rdfc-2019, P-256")),
    "ecdsa-rdfc-p384": (_l("A stranger's"), "plain", _l("Signed as ecdsa-rdfc-2019, P-384")),
    "ecdsa-jcs-p256": (_l("A stranger's"), "plain", _l("Signed as ecdsa-jcs-2019")),
    "proof-set": (_l("A stranger's"), "plain", _l("Two proofs side by side")),
    "proof-chain": (_l("A stranger's"), "plain", _l("A proof that builds on another")),
    "vc-1.1": (_l("A stranger's"), "plain", _l("Data model 1.1")),
    "jwt-rs256": (_l("A stranger's"), "plain", _l("A token (JWT) by RS256")),
    "jwt-es256": (_l("A stranger's"), "plain", _l("A token (JWT) by ES256")),
    "jwt-eddsa": (_l("A stranger's"), "plain", _l("A token (vc+jwt) by EdDSA")),
    "jwt-png": (_l("A stranger's"), "plain", _l("A token inside a PNG picture")),
    "presentation": (_l("A stranger's"), "plain", _l("A wallet's presentation of two badges")),
    "enveloped": (_l("A stranger's"), "plain", _l("A token in an envelope")),
    "endorsed": (_l("A stranger's"), "plain", _l("With an endorsement inside")),
    "look-alike": (_l("Not what it seems"), "bad", _l("A stranger under our school's name in other letters")),
    "altered": (_l("Not what it seems"), "bad", _l("Ours, with another title")),
    "undefined-word": (_l("Not what it seems"), "bad", _l("Ours, with a mark that nobody signed")),
    "borrowed-issuer": (_l("Not what it seems"), "bad", _l("Our school named, a stranger's key")),
    "expired": (_l("Not what it seems"), "bad", _l("Expired")),
    "not-yet": (_l("Not what it seems"), "bad", _l("Not valid yet")),
    "revoked": (_l("Not what it seems"), "bad", _l("Ours, withdrawn")),
    "unknown-words": (_l("Cannot be told"), "wait", _l("A vocabulary that we do not carry")),
    "unknown-suite": (_l("Cannot be told"), "wait", _l("A way of signing that we do not know")),
    "ecdsa-sd": (_l("Cannot be told"), "wait", _l("Shown in part, ecdsa-sd-2023")),
    "ob-2.0": (_l("Cannot be told"), "wait", _l("The older Open Badges 2.0")),
}
"""Name -> (group, its tone, title); a sample whose file is missing is not shown."""


class Stranger:
    """An issuer with a key of one algorithm, known by nothing but that key."""

    def __init__(self, keys: KeyFolder, algorithm: str, *, as_jwk: bool = False) -> None:
        name = f"sample-{algorithm.lower()}"
        self.key = keys.create(name, algorithm)
        self.signer: Signer = keys.signer(name)
        self.id = did.did_jwk(self.key) if as_jwk else did.did_key(self.key)
        self.method = f"{self.id}#0" if as_jwk else f"{self.id}#{self.key.multikey}"

    def badge(self, now: datetime, number: str, **changes: Any) -> Document:
        """An unsigned badge of this issuer; `changes` replace members."""
        home = "https://badges.example/achievements/basket"
        basket = achievement.achievement(
            home,
            "Round Basket",
            "Weaves a round basket from prepared willow.",
            achievement.criteria(narrative="Base, sides and border hold; the learner names the strokes."),
            in_language="en",
        )
        document = credential.compose(
            id=f"urn:uuid:7f0cb4a1-6c7e-4f0b-9a44-{number:0>12}",
            name="Round Basket",
            issuer=achievement.profile(self.id, "Workshop of a Stranger"),
            valid_from=now - timedelta(days=3),
            subject=credential.subject("urn:uuid:1c9e1b52-8a55-4d0c-8b0f-2f6f0c3a7d10", basket),
        )
        return {**document, **changes}

    def token(self, document: Document, typ: str) -> str:
        """`document` as a JWT with the claims that the Open Badges form asks for."""
        issued = datetime.fromisoformat(document["validFrom"])
        claims = {
            "iss": self.id,
            "jti": document["id"],
            "sub": document["credentialSubject"]["id"],
            "nbf": int(issued.timestamp()),
        }
        header: dict[str, Any] = {"typ": typ, "kid": self.method}
        return jose.sign(jose.compact({**document, **claims}), header=header, signer=self.signer)


def write_samples(folder: Path, now: datetime, own: Mapping[str, bytes]) -> None:
    """Write every sample into `folder`; `own` are badges of the demo: `own`, `own-png`, `own-svg`, `revoked`."""
    with tempfile.TemporaryDirectory() as keys:
        strangers = _strangers(KeyFolder(Path(keys)))
        made = _by_suite(strangers, now) | _tokens(strangers, now) | _odd(strangers["EdDSA"], now) | dict(own)
        if "own" in own:
            made |= _forged(json.loads(own["own"]), strangers["EdDSA"], now)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else _written(content))


def offered(folder: Path) -> list[str]:
    """The samples that have a file, in the order of the page."""
    return [name for name in LABELS if (folder / name).is_file()]


def read_sample(folder: Path, name: str) -> bytes | None:
    """The file of one sample, or None."""
    file = folder / name
    return file.read_bytes() if name in LABELS and file.is_file() else None


def _written(content: Document | str) -> bytes:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1)
    return text.encode()


def _strangers(keys: KeyFolder) -> dict[str, Stranger]:
    found = {name: Stranger(keys, name) for name in ("EdDSA", "ES256", "ES384")}
    return found | {"RS256": Stranger(keys, "RS256", as_jwk=True)}


def _by_suite(strangers: Mapping[str, Stranger], now: datetime) -> dict[str, Any]:
    edward, peter, paula = (strangers[name] for name in ("EdDSA", "ES256", "ES384"))
    suites: tuple[tuple[str, Stranger, Any], ...] = (
        ("eddsa-rdfc-2022", edward, eddsa_rdfc_2022.SUITE),
        ("eddsa-jcs-2022", edward, eddsa_jcs_2022.SUITE),
        ("eddsa-2022", edward, eddsa_2022.SUITE),
        ("ecdsa-rdfc-p256", peter, ecdsa_rdfc_2019.SUITE),
        ("ecdsa-rdfc-p384", paula, ecdsa_rdfc_2019.SUITE),
        ("ecdsa-jcs-p256", peter, ecdsa_jcs_2019.SUITE),
    )
    found: dict[str, Any] = {
        name: suite.add_proof(
            who.badge(now, str(number)), assertion(who.method, now - timedelta(hours=1)), signer=who.signer
        )
        for number, (name, who, suite) in enumerate(suites)
    }
    older = {"@context": [VC2, OB3, OB_EXTENSIONS, ED25519_2020]}
    found["ed25519-2020"] = _signed(
        edward, edward.badge(now, "20", **older), ed25519_signature_2020.SUITE, now
    )
    found["ecdsa-sd"] = _in_part(peter, now)
    return found | _several(edward, now) | {"vc-1.1": _of_1_1(edward, now)}


def _signed(who: Stranger, document: Document, suite: Any, now: datetime, **options: Any) -> Document:
    options = {**assertion(who.method, now - timedelta(hours=1)), **options}
    signed: Document = suite.add_proof(document, options, signer=who.signer)
    return signed


def _in_part(who: Stranger, now: datetime) -> Document:
    whole = ecdsa_sd_2023.SUITE.add_proof(
        who.badge(now, "21"), assertion(who.method, now - timedelta(hours=1)), signer=who.signer,
        mandatory=["/issuer", "/validFrom", "/credentialSubject/achievement"],
    )  # fmt: skip
    return ecdsa_sd_2023.SUITE.derive(whole, ["/credentialSubject/id", "/name"])


def _several(who: Stranger, now: datetime) -> dict[str, Document]:
    first = _signed(who, who.badge(now, "22"), eddsa_rdfc_2022.SUITE, now, id="urn:uuid:first-proof")
    return {
        "proof-set": _signed(who, first, eddsa_jcs_2022.SUITE, now),
        "proof-chain": _signed(who, first, eddsa_rdfc_2022.SUITE, now, previousProof="urn:uuid:first-proof"),
    }


def _of_1_1(who: Stranger, now: datetime) -> Document:
    document = who.badge(now, "23")
    document["issuanceDate"] = document.pop("validFrom")
    document["@context"] = [VC1, OB3, OB_EXTENSIONS, ED25519_2020]
    return _signed(who, document, ed25519_signature_2020.SUITE, now)


def _tokens(strangers: Mapping[str, Stranger], now: datetime) -> dict[str, Any]:
    es256 = strangers["ES256"].token(strangers["ES256"].badge(now, "31"), "JWT")
    eddsa = strangers["EdDSA"].token(strangers["EdDSA"].badge(now, "32"), "vc+jwt")
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), "#7a1f4f").save(picture, "PNG")
    envelope = {
        "@context": [VC2],
        "id": f"data:application/vc+jwt,{eddsa}",
        "type": "EnvelopedVerifiableCredential",
    }
    return {
        "jwt-rs256": strangers["RS256"].token(strangers["RS256"].badge(now, "30"), "JWT"),
        "jwt-es256": es256,
        "jwt-eddsa": eddsa,
        "jwt-png": baking.bake_png(picture.getvalue(), es256),
        "enveloped": envelope,
    }


def _odd(who: Stranger, now: datetime) -> dict[str, Any]:
    sign = eddsa_rdfc_2022.SUITE
    badge = _signed(who, who.badge(now, "40"), sign, now)
    presentation = {
        "@context": [VC2],
        "type": ["VerifiablePresentation"],
        "holder": who.id,
        "verifiableCredential": [badge, _signed(who, who.badge(now, "41"), sign, now)],
    }
    past, future = (now - timedelta(days=1), now + timedelta(days=30))
    unknown = who.badge(now, "44", **{"@context": [VC2, OB3, "https://words.example/context.json"]})
    return {
        "presentation": _signed(who, presentation, sign, now, proofPurpose="authentication"),
        "endorsed": _endorsed(who, now),
        "expired": _signed(
            who, who.badge(now, "42", validUntil=past.isoformat(timespec="seconds")), sign, now
        ),
        "not-yet": _signed(
            who, who.badge(now, "43", validFrom=future.isoformat(timespec="seconds")), sign, now
        ),
        "unknown-words": {**unknown, "proof": badge["proof"]},
        "unknown-suite": {**badge, "proof": [{**badge["proof"][0], "cryptosuite": "eddsa-2099"}]},
        "ob-2.0": _older(),
    }


def _endorsed(who: Stranger, now: datetime) -> Document:
    document = who.badge(now, "46")
    endorsement = {
        "@context": [VC2, OB3, OB_EXTENSIONS],
        "id": "urn:uuid:7f0cb4a1-6c7e-4f0b-9a44-000000000047",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "From the basket makers' guild",
        "issuer": document["issuer"],
        "validFrom": document["validFrom"],
        "credentialSubject": {
            "id": document["credentialSubject"]["achievement"]["id"],
            "type": ["EndorsementSubject"],
            "endorsementComment": "We take people with this badge into our workshops.",
        },
    }
    document["credentialSubject"]["achievement"]["endorsement"] = [
        _signed(who, endorsement, eddsa_rdfc_2022.SUITE, now)
    ]
    return _signed(who, document, eddsa_rdfc_2022.SUITE, now)


def _older() -> Document:
    return {
        "@context": "https://w3id.org/openbadges/v2",
        "id": "https://badges.example/assertions/1",
        "type": "Assertion",
        "badge": "https://badges.example/classes/basket",
        "recipient": {"type": "email", "hashed": False, "identity": "learner@demo.example"},
        "issuedOn": "2019-05-04T10:00:00Z",
        "verification": {"type": "hosted"},
    }


def _forged(genuine: Document, who: Stranger, now: datetime) -> dict[str, Any]:
    """What somebody might make of a genuine badge of ours: changed, signed with another key, under a look-alike name."""
    subject = genuine["credentialSubject"]
    renamed = {**subject, "achievement": {**subject["achievement"], "name": "Master of Willow"}}
    school = genuine["issuer"]
    look_alike = {**who.badge(now, "45")["issuer"], "name": school["name"].replace("o", "\u043e")}
    borrowed = who.badge(now, "46", issuer=school)
    return {
        "altered": {**genuine, "credentialSubject": renamed},
        "undefined-word": {**genuine, "credentialSubject": {**subject, "grade": "A+"}},
        "look-alike": _signed(who, who.badge(now, "45", issuer=look_alike), eddsa_rdfc_2022.SUITE, now),
        "borrowed-issuer": _signed(who, borrowed, eddsa_rdfc_2022.SUITE, now),
    }
