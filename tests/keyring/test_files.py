"""Key files belong to this user alone, are never overwritten, and never appear in words."""

import base64
import contextlib
import logging
import os
import stat
import threading
import traceback
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badge_service.errors import ConflictError, InvalidError, UnavailableError
from badge_service.keyring.files import KeyFolder
from badge_service.openbadges.multibase import decode_base64url
from badge_service.openbadges.public_key import KeyKind, PublicKey
from badge_service.openbadges.signing import sign_and_verify

NAME = "school-key-2026"


def pem(folder: KeyFolder, name: str = NAME) -> Path:
    return folder.folder / f"{name}.pem"


def test_a_key_that_was_made_signs(keyring: KeyFolder) -> None:
    public = keyring.create(NAME)
    signer = keyring.signer(NAME)
    assert signer.public_key == public
    assert public.holds(b"a badge", signer.sign(b"a badge"))


@pytest.mark.parametrize(
    ("algorithm", "kind"),
    [
        ("EdDSA", KeyKind.ED25519),
        ("ES256", KeyKind.P256),
        ("ES384", KeyKind.P384),
        ("RS256", KeyKind.RSA),
    ],
)
def test_keys_of_four_kinds_sign_and_say_what_they_are(
    keyring: KeyFolder, algorithm: str, kind: KeyKind
) -> None:
    public = keyring.create(NAME, algorithm)
    signer = keyring.signer(NAME)
    assert (signer.key_id, signer.algorithm, public.kind, signer.public_key) == (
        NAME,
        algorithm,
        kind,
        public,
    )
    assert public.holds(b"a badge", sign_and_verify(signer, b"a badge"))
    assert signer.sign(b"a badge") == signer.sign(b"a badge")
    assert stat.S_IMODE(pem(keyring).stat().st_mode) == 0o600


def test_rsa_keys_have_3072_bits(keyring: KeyFolder) -> None:
    n = keyring.create(NAME, "RS256").jwk()["n"]
    assert len(decode_base64url(n)) * 8 == 3072


@pytest.mark.parametrize("algorithm", ["", "none", "HS256", "ES512", "PS256", "eddsa"])
def test_no_other_kinds_of_keys_are_made(keyring: KeyFolder, algorithm: str) -> None:
    with pytest.raises(InvalidError):
        keyring.create(NAME, algorithm)
    assert not keyring.folder.exists()


def test_a_file_whose_halves_do_not_belong_together_is_unavailable(keyring: KeyFolder) -> None:
    """PKCS #8 of an ECDSA key carries the public half too; here it is another key's."""
    keyring.folder.mkdir()
    mine, other = (ec.derive_private_key(number, ec.SECP256R1()) for number in (1001, 1002))
    der = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    point = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    mixed = mine.private_bytes(*der).replace(
        mine.public_key().public_bytes(*point), other.public_key().public_bytes(*point)
    )
    assert mixed != mine.private_bytes(*der)
    body = base64.encodebytes(mixed).decode()
    pem(keyring).write_text(f"-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\n")
    with pytest.raises(UnavailableError, match=NAME):
        keyring.signer(NAME)


def test_an_rsa_file_whose_numbers_do_not_belong_together_is_unavailable(keyring: KeyFolder) -> None:
    keyring.folder.mkdir()
    mine = rsa.generate_private_key(65537, 2048).private_numbers()
    mixed = rsa.RSAPrivateNumbers(
        mine.p, mine.q, mine.d ^ 2, mine.dmp1 ^ 2, mine.dmq1, mine.iqmp, mine.public_numbers
    ).private_key(unsafe_skip_rsa_key_validation=True)
    pem(keyring).write_bytes(
        mixed.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    with pytest.raises(UnavailableError, match=NAME):
        keyring.signer(NAME)


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_file_and_folder_are_for_this_user_alone(tmp_path: Path, umask: int) -> None:
    keyring = KeyFolder(tmp_path / "deep" / "keys")
    before = os.umask(umask)
    try:
        keyring.create(NAME)
    finally:
        os.umask(before)
    assert stat.S_IMODE(pem(keyring).stat().st_mode) == 0o600
    assert stat.S_IMODE(keyring.folder.stat().st_mode) == 0o700


def test_a_key_is_never_overwritten(keyring: KeyFolder) -> None:
    keyring.create(NAME)
    content = pem(keyring).read_bytes()
    with pytest.raises(ConflictError):
        keyring.create(NAME)
    assert pem(keyring).read_bytes() == content


def test_of_many_at_once_one_makes_the_key(keyring: KeyFolder) -> None:
    made: list[PublicKey] = []
    gate = threading.Barrier(8)

    def make() -> None:
        gate.wait()
        with contextlib.suppress(ConflictError):
            made.append(keyring.create(NAME))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [keyring.signer(NAME).public_key]


def other_kind() -> bytes:
    key = ec.generate_private_key(ec.SECP256K1())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def short() -> bytes:
    key = rsa.generate_private_key(65537, 1024)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def encrypted() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"pass"),
    )


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"garbled",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        other_kind(),
        short(),
        encrypted(),
    ],
    ids=["missing", "empty", "garbled", "broken", "another kind", "short", "encrypted"],
)
def test_a_key_that_cannot_be_used_is_unavailable(keyring: KeyFolder, content: bytes | None) -> None:
    keyring.folder.mkdir()
    if content is not None:
        pem(keyring).write_bytes(content)
    with pytest.raises(UnavailableError, match=NAME):
        keyring.signer(NAME)


def test_half_a_key_file_is_unavailable_and_tells_nothing_of_its_content(
    keyring: KeyFolder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    keyring.create(NAME)
    whole = pem(keyring).read_text()
    secret = whole.splitlines()[1]
    pem(keyring).write_text(whole.replace(secret, secret[:-8]))
    with pytest.raises(UnavailableError) as refused:
        keyring.signer(NAME)
    told = "".join(traceback.format_exception(refused.value)) + caplog.text
    assert secret[:16] not in told


def test_a_signer_does_not_show_its_key(keyring: KeyFolder, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    keyring.create(NAME)
    signer = keyring.signer(NAME)
    signer.sign(b"a badge")
    secret = pem(keyring).read_text().splitlines()[1]
    assert secret[:16] not in repr(signer) + repr(keyring) + caplog.text
    assert repr(signer) == f"FileSigner(key_id={NAME!r})"


@pytest.mark.parametrize("name", ["", "../other", "a/b", "Å", "-a", "a\n", "a" * 82, "a.pem", "A"])
def test_a_name_cannot_lead_out_of_the_folder(keyring: KeyFolder, name: str) -> None:
    for verb in (keyring.create, keyring.signer):
        with pytest.raises(InvalidError):
            verb(name)
    assert not keyring.folder.exists()
