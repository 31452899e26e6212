"""The JSON gate refuses what two readers could read in two ways."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_service.errors import InvalidError
from badge_service.openbadges import strict_json
from tests.effort import cpu_seconds

REFUSED = [
    (b'{"id":"urn:uuid:1","id":"urn:uuid:2"}', "json_duplicate_key"),
    (b'{"a":{"b":1,"\\u0062":2}}', "json_duplicate_key"),
    (b'{"a":NaN}', "json_invalid"),
    (b'{"a":-Infinity}', "json_invalid"),
    (b'{"a":1e400}', "json_number_range"),
    (b'{"a":' + b"9" * 5000 + b"}", "json_number_range"),
    (b'{"a":9007199254740993}', "json_number_range"),
    (b'{"a":0.' + b"1" * 5000 + b"}", "json_number_range"),
    (b'{"a":' * 64 + b"1" + b"}" * 64, "json_too_deep"),
    (b"[" * 100_000, "json_too_deep"),
    (b'{"name":"\\ud800"}', "json_invalid_unicode"),
    (b'{"\\udfff":1}', "json_invalid_unicode"),
    (b'{"a":"\xc0\xaf"}', "json_invalid_utf8"),
    (b'\xef\xbb\xbf{"a":1}', "json_invalid_utf8"),
    ('{"a":1}'.encode("utf-16"), "json_invalid_utf8"),
    ('{"a":1}'.encode("utf-16-le"), "json_invalid"),
    (b"", "json_invalid"),
    (b'{"a":1} x', "json_invalid"),
    (b'{"a":1,}', "json_invalid"),
    (b"{'a':1}", "json_invalid"),
    (b'{"a":"\t"}', "json_invalid"),
    (b'{"a":01}', "json_invalid"),
    (b'{"a":"' + b"x" * (1024 * 1024) + b'"}', "too_large"),
    (b"{" + b",".join(b'"k%d":1' % i for i in range(30_000)) + b"}", "json_too_many_members"),
]


@pytest.mark.parametrize(
    ("data", "code"), REFUSED, ids=[f"{n}-{code}" for n, (_, code) in enumerate(REFUSED)]
)
def test_ambiguous_or_oversized_json_is_refused_with_a_stable_code(data: bytes, code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        strict_json.loads(data)
    assert refused.value.code == code


def test_lone_surrogates_in_text_are_refused_too() -> None:
    with pytest.raises(InvalidError) as refused:
        strict_json.loads('{"a":"\ud800"}')
    assert refused.value.code == "json_invalid_unicode"


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(values)
def test_everything_else_reads_as_the_standard_library_reads_it(value: object) -> None:
    for ascii_only in (True, False):
        text = json.dumps(value, ensure_ascii=ascii_only)
        assert strict_json.loads(text.encode("utf-8")) == json.loads(text)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_bytes_make_it_fail_in_another_way(data: bytes | str) -> None:
    try:
        strict_json.loads(data)
    except InvalidError as refused:
        assert refused.code.startswith(("json_", "too_large"))


@pytest.mark.parametrize(
    "text", ['"' + '\\"' * 250_000, '"' * 500_000, "[" * 500_000, "[]" * 250_000, '"' + "\\" * 511_000]
)
def test_quotes_and_brackets_without_end_are_refused_in_linear_time(text: str) -> None:
    def refused() -> None:
        with pytest.raises(InvalidError):
            strict_json.loads(text)

    assert cpu_seconds(refused) < 0.5
