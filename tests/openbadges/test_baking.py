"""Badges go into pictures and come out again, byte for byte; doubtful pictures are refused."""

import io
import json
import tracemalloc
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from badge_service.errors import InvalidError
from badge_service.openbadges import baking, carrier
from tests.effort import cpu_seconds

SVG = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- a > b -->\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0"/></svg>\n'


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, "PNG")
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def with_chunks(*chunks: bytes) -> bytes:
    plain = picture()
    return plain[:33] + b"".join(chunks) + plain[33:]


def code_of(data: bytes) -> str:
    with pytest.raises(InvalidError) as refused:
        carrier.read(data)
    return refused.value.code


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(
    lambda text: json.dumps({"a": text + "]]>"}, ensure_ascii=False)
)


@given(texts)
@settings(max_examples=60, deadline=None)
def test_what_is_baked_into_a_png_comes_out_and_the_picture_stays(text: str) -> None:
    plain = picture()
    baked = baking.bake_png(plain, text)
    assert baking.unbake_png(baked) == baking.Baked(text)
    assert len(baked) == len(plain) + 12 + len("openbadgecredential") + 5 + len(text.encode())
    assert Image.open(io.BytesIO(baked)).tobytes() == Image.open(io.BytesIO(plain)).tobytes()


@given(texts)
@settings(max_examples=60, deadline=None)
def test_what_is_baked_into_an_svg_means_the_same_when_it_comes_out(text: str) -> None:
    baked = baking.bake_svg(SVG, text)
    assert json.loads(baking.unbake_svg(baked.encode()).text) == json.loads(text)
    assert baked.startswith(SVG[: SVG.index("viewBox")]) and baked.endswith('<path d="M0 0"/></svg>\n')


def test_a_closed_root_element_is_opened() -> None:
    baked = baking.bake_svg('<svg xmlns="http://www.w3.org/2000/svg"/>', "{}")
    assert baking.unbake_svg(baked.encode()).text == "{}"


def test_a_picture_is_baked_once() -> None:
    for bake, plain in ((baking.bake_png, picture()), (baking.bake_svg, SVG)):
        with pytest.raises(InvalidError) as refused:
            bake(bake(plain, "{}"), "{}")  # type: ignore[operator, arg-type]
        assert refused.value.code in ("already_baked", "svg_rejected")


def test_pillow_reads_the_same_chunk() -> None:
    assert Image.open(io.BytesIO(baking.bake_png(picture(), '{"a":"ж"}'))).text == {
        "openbadgecredential": '{"a":"ж"}'
    }  # type: ignore[attr-defined]


itxt = b"openbadgecredential\0\0\0\0\0{}"
PNGS = {
    "baked_not_found": with_chunks(),
    "baked_multiple": with_chunks(chunk(b"iTXt", itxt), chunk(b"iTXt", itxt)),
    "baked_compressed": with_chunks(chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"{}"))),
    "too_large": with_chunks(chunk(b"iTXt", itxt + b" " * 600_000)),
}


@pytest.mark.parametrize(("code", "data"), PNGS.items(), ids=PNGS.keys())
def test_doubtful_png_pictures_are_refused(code: str, data: bytes) -> None:
    assert code_of(data) == code


@pytest.mark.parametrize(
    "data",
    [
        baking.PNG_SIGNATURE,
        picture()[:-20],
        picture()[:33] + b"\xff\xff\xff\xffiTXt",
        picture()[:40] + b"\0" + picture()[41:],
        with_chunks(*[chunk(b"tEXt", b"")] * 30_000),
        with_chunks(chunk(b"iTXt", b"openbadgecredential\0\0\0")),
        with_chunks(chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0\xff")),
    ],
)
def test_damaged_png_pictures_are_refused_quickly(data: bytes) -> None:
    assert code_of(data) == "png_malformed"
    assert cpu_seconds(lambda: code_of(data)) < 1


def test_the_keyword_is_compared_exactly() -> None:
    assert code_of(with_chunks(chunk(b"iTXt", itxt.replace(b"openbadge", b"OpenBadge")))) == "baked_not_found"


NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:o="https://purl.imsglobal.org/ob/v3p0"'
SVGS = [
    ("<svg/>", "baked_not_found"),
    (f"<svg {NS}><o:credential>{{}}</o:credential><o:credential>{{}}</o:credential></svg>", "baked_multiple"),
    (f'<svg {NS}><o:credential verify="a.b.c">{{}}</o:credential></svg>', "baked_multiple"),
    (f"<svg {NS}><o:credential/></svg>", "baked_not_found"),
    ("<svg", "svg_rejected"),
    ("<html></html>", "svg_rejected"),
    ('<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>', "xml_dtd_forbidden"),
    ('<?xml version="1.0" encoding="UTF-16"?><svg/>', "xml_encoding"),
    ('<?xml version="1.0" encoding="utf-7"?><svg/>', "xml_encoding"),
    ("<svg>" + "<g>" * 150_000 + "</g>" * 150_000 + "</svg>", "svg_rejected"),
    ("<svg>" + "<g>" * 45_000 + "</g>" * 45_000 + "</svg>", "baked_not_found"),
    ("<svg>" + " " * 11_000_000 + "</svg>", "too_large"),
    ("<svg>" + " " * baking.MAX_SVG_BYTES + "</svg>", "too_large"),
    ("<svg><g" + "".join(f' a{n}=""' for n in range(201)) + "/></svg>", "svg_rejected"),
    ("<svg><g" + "".join(f' a{n}=""' for n in range(150_000)) + "/></svg>", "svg_rejected"),
    ("<svg><g " + "a" * 1_001 + '=""/></svg>', "svg_rejected"),
    ("<svg><" + "a" * 1_001 + "/></svg>", "svg_rejected"),
    (f'<svg xmlns:q="{"x" * 1_001}"/>', "svg_rejected"),
    (f'<svg xmlns="{"x" * 1_500_000}">' + "".join(f"<b{n}/>" for n in range(400)) + "</svg>", "svg_rejected"),
    ("".join(f'<svg xmlns:a{n}="">' for n in range(40_000)) + "</svg>" * 40_000, "baked_not_found"),
    (f'<svg {NS}><g xmlns:o="urn:x"><o:credential>a.b.c</o:credential></g></svg>', "baked_not_found"),
    ("<svg><o:credential>a.b.c</o:credential></svg>", "baked_not_found"),
]


@pytest.mark.full
@pytest.mark.parametrize(("text", "code"), SVGS, ids=[f"{n}-{code}" for n, (_, code) in enumerate(SVGS)])
def test_doubtful_svg_pictures_are_refused_quickly(text: str, code: str) -> None:
    data = text.encode()
    assert code_of(data) == code
    assert cpu_seconds(lambda: code_of(data)) < 1


@pytest.mark.full
def test_no_svg_picture_takes_much_more_memory_than_its_length() -> None:
    """Names that are long and many, in all places where a parser may write them out once for each use."""
    space = "x" * baking.MAX_SVG_NAME
    parts = "".join(f"<q:b{n}/>" for n in range(50_000))
    attributes = "".join(f' q:a{n}=""' for n in range(150_000))
    for text in (
        f'<svg xmlns:q="{space}">{parts}</svg>',
        f'<svg xmlns:q="{space}"{attributes}/>',
        f'<svg xmlns:q="{space * 1_500}">{parts[:50_000]}</svg>',
    ):
        tracemalloc.start()
        code_of(text.encode())
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024 * 1024
        tracemalloc.stop()


def test_what_stands_behind_a_part_of_a_badge_is_not_read() -> None:
    data = f'<svg {NS}><o:credential>a.b.c<g xmlns:o="urn:x"><o:credential>d</o:credential></g>e</o:credential></svg>'
    assert carrier.read(data.encode()) == carrier.Carried("svg", "a.b.c")


def test_the_namespace_and_not_the_prefix_decides() -> None:
    data = f"<svg {NS}><o:credential><![CDATA[{{}}]]></o:credential></svg>".encode()
    assert carrier.read(data) == carrier.Carried("svg", "{}")


def test_tokens_in_pictures_are_seen_as_tokens() -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
    data = f'<svg {NS}><o:credential verify="{token}"/></svg>'.encode()
    assert carrier.is_jws(carrier.read(data).text)
    assert carrier.is_jws(carrier.read(baking.bake_png(picture(), token)).text)
    assert carrier.read(token.encode() + b"\n") == carrier.Carried("jws", token)


def test_open_badges_2_pictures_are_named() -> None:
    svg = b'<svg xmlns:ob="http://openbadges.org"><ob:assertion verify="https://a.example"/></svg>'
    for data in (
        svg,
        with_chunks(chunk(b"iTXt", b"openbadges\0\0\0\0\0{}")),
        with_chunks(chunk(b"tEXt", b"openbadges\0x")),
    ):
        assert carrier.read(data).kind == "ob2"


def test_json_is_seen_with_and_without_white_space() -> None:
    assert carrier.read(b'{"a":1}').kind == carrier.read(b' \n{"a":1}').kind == "json"


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\xff\xd8\xff\xe0JFIF", b"PK\x03\x04", b"%PDF-1.7", b"\0" * 100]
)
def test_other_files_hold_no_badge(data: bytes) -> None:
    assert code_of(data) == "carrier_unknown"


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", baking.PNG_SIGNATURE, b"<svg>", picture()[:60], SVG.encode()]),
)
def test_no_bytes_make_the_reader_fail_in_another_way(tail: bytes, head: bytes) -> None:
    try:
        carrier.read(head + tail)
    except InvalidError as refused:
        assert refused.code


def refusal_of(work: Any, *arguments: Any) -> str:
    with pytest.raises(InvalidError) as refused:
        work(*arguments)
    return refused.value.code


def test_pictures_that_cannot_hold_a_badge_are_refused() -> None:
    assert refusal_of(baking.bake_svg, "<html></html>", "{}") == "svg_rejected"
    assert refusal_of(baking.bake_svg, '<svg xmlns:openbadges="urn:x"/>', "{}") == "svg_rejected"
    assert refusal_of(baking.bake_png, b"GIF89a", "{}") == "png_malformed"
    assert refusal_of(baking.bake_png, bytes(baking.MAX_PICTURE_BYTES + 1), "{}") == "too_large"


def test_a_picture_that_holds_a_badge_under_another_prefix_is_not_baked_again() -> None:
    held = f"<svg {NS}><o:credential>{{}}</o:credential></svg>"
    assert refusal_of(baking.bake_svg, held, "{}") == "already_baked"


def test_pictures_of_too_many_short_parts_or_of_no_text_are_refused() -> None:
    parts = f"<svg {NS}>" + "<g/>" * (baking.MAX_SVG_ELEMENTS + 1) + "</svg>"
    assert refusal_of(baking.unbake_svg, parts.encode()) == "svg_rejected"
    assert refusal_of(baking.unbake_svg, b"<svg>\xff</svg>") == "xml_encoding"
