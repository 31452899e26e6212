"""Keys as text, and keys that must not be accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_service.errors import InvalidError
from badge_service.openbadges import multibase, public_key
from badge_service.openbadges.public_key import KeyKind, PublicKey

P = 2**255 - 19
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
]
NOT_CANONICAL = [(P + n).to_bytes(32, "little").hex() for n in range(19)]


@pytest.mark.parametrize("encoded", SMALL_ORDER + NOT_CANONICAL)
def test_a_key_that_accepts_forgeries_is_refused(encoded: str) -> None:
    with pytest.raises(InvalidError) as refused:
        PublicKey(KeyKind.ED25519, bytes.fromhex(encoded))
    assert refused.value.code == "weak_key"


def test_a_published_key_pair_of_w3c_reads_back() -> None:
    text = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    assert public_key.from_multikey(text).multikey == text


@pytest.mark.parametrize("text", ["", "z", "u6Mk", "z0OIl", "z6Mkr"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        public_key.from_multikey(text)


@given(st.binary(max_size=100))
def test_multibase_reads_back_what_it_wrote(data: bytes) -> None:
    assert multibase.decode_z(multibase.encode_z(data)) == data
    assert multibase.decode_u(multibase.encode_u(data)) == data


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for decode in (multibase.decode_z, multibase.decode_u, public_key.from_multikey):
        try:
            decode(text)
        except InvalidError:
            continue
