"""Pictures that writers bring: judged by content, drawn anew as a square PNG, published as PNG alone, frozen with their version."""

import io
import struct
import zlib
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from badge_service.curriculum import actions
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.register.actions import read_published

PUBLIC_URL = "https://badges.example.org"
RED = (200, 30, 40)


def picture(
    kind: str = "PNG", size: tuple[int, int] = (500, 500), mode: str = "RGB", **options: Any
) -> bytes:
    colour: Any = {
        "RGB": RED,
        "RGBA": (*RED, 128),
        "CMYK": (20, 220, 200, 10),
        "I;16": 40_000,
        "L": 90,
        "LA": (90, 128),
    }
    image = Image.new(mode, size, colour.get(mode, 1))
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (500, 500), (shade, 0, 0)) for shade in (0, 120)]
    buffer = io.BytesIO()
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def bomb() -> bytes:
    """A PNG of 30,000 × 30,000 pixels in a few hundred bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def exif(orientation: int) -> Any:
    found = Image.Exif()
    found[0x0112], found[0x010F] = orientation, "Camera of somebody"
    return found


@pytest.fixture
def draft(database: Any, imported: Any) -> DefinitionVersion:
    with database.writing() as session:
        source = actions.newest_version(session, "willow-basket")
        return actions.new_version_from(session, imported.lead, source.id)


def upload(database: Any, imported: Any, draft: DefinitionVersion, data: bytes) -> Image.Image:
    with database.writing() as session:
        actions.upload_picture(session, imported.lead, draft.id, data)
    with database.reading() as session:
        kept = session.get_one(DefinitionVersion, draft.id)
        assert kept.picture_uploaded
        assert kept.picture_png is not None
        image = Image.open(io.BytesIO(kept.picture_png))
        image.load()
        return image


@pytest.mark.parametrize(
    ("data", "side"),
    [
        (picture("PNG"), 500),
        (picture("JPEG", (1600, 1200)), 600),
        (picture("WEBP"), 500),
        (picture("PNG", mode="RGBA"), 500),
        (picture("PNG", mode="I;16"), 500),
        (picture("PNG", mode="LA"), 500),
        (picture("PNG", mode="1"), 500),
        (picture("PNG", mode="P"), 500),
        (picture("JPEG", mode="CMYK"), 500),
        (picture("JPEG", mode="L"), 500),
        (picture("PNG", (400, 800)), 600),
    ],
    ids=[
        "png",
        "jpeg",
        "webp",
        "clear",
        "16 bits",
        "grey and clear",
        "two colours",
        "palette",
        "cmyk",
        "grey",
        "tall",
    ],
)
def test_every_still_picture_becomes_a_square_png(
    database: Any, imported: Any, draft: DefinitionVersion, data: bytes, side: int
) -> None:
    image = upload(database, imported, draft, data)
    assert (image.format, image.size, image.mode) == ("PNG", (side, side), "RGBA")


def test_sixteen_bits_of_grey_keep_their_shade(
    database: Any, imported: Any, draft: DefinitionVersion
) -> None:
    image = upload(database, imported, draft, picture("PNG", mode="I;16"))
    assert image.getpixel((250, 250)) == pytest.approx((156, 156, 156, 255), abs=2)


def test_nothing_is_cut_off_and_the_rest_of_the_square_is_clear(
    database: Any, imported: Any, draft: DefinitionVersion
) -> None:
    image = upload(database, imported, draft, picture("PNG", (800, 400)))
    assert image.size == (600, 600)
    assert [image.getpixel((300, y))[3] for y in (10, 160, 300, 440, 590)] == [0, 255, 255, 255, 0]  # type: ignore[index]
    assert image.getpixel((300, 300))[:3] == RED  # type: ignore[index]


def test_a_photograph_stands_upright_and_says_nothing_of_its_camera_place_or_profile(
    database: Any, imported: Any, draft: DefinitionVersion
) -> None:
    wide = Image.new("RGB", (800, 400), RED)
    wide.paste((0, 0, 255), (0, 0, 400, 400))
    buffer = io.BytesIO()
    wide.save(buffer, "JPEG", exif=exif(6), icc_profile=b"a profile" * 30, comment=b"a remark", quality=95)
    image = upload(database, imported, draft, buffer.getvalue())
    assert not image.getexif()
    assert not image.info
    top, bottom = image.getpixel((300, 100)), image.getpixel((300, 500))
    assert top[2] > 200 > top[0] + 100  # type: ignore[index]
    assert bottom[0] > 150 > bottom[2] + 50  # type: ignore[index]


def test_a_file_that_is_two_things_comes_out_as_a_picture_alone(
    database: Any, imported: Any, draft: DefinitionVersion
) -> None:
    for data in (
        picture("PNG") + b"<script>alert(1)</script>",
        picture("JPEG") + b"PK\x03\x04 archive",
        picture("WEBP"),
    ):
        upload(database, imported, draft, data)
        with database.reading() as session:
            kept = session.get_one(DefinitionVersion, draft.id).picture_png or b""
        assert b"script" not in kept
        assert b"PK\x03\x04" not in kept


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\x89PNG\r\n\x1a\n", "picture_unreadable"),
        (picture("PNG")[:-40], "picture_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_kind"),
        (b"%PDF-1.7 %%EOF", "file_kind"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "file_kind"),
        (b"GIF89a" + b"\0" * 100, "file_kind"),
        (animated("PNG"), "picture_moving"),
        (animated("WEBP"), "picture_moving"),
        (bomb(), "picture_too_large"),
        (picture("PNG") + b"\0" * 5_000_000, "file_too_large"),
        (picture("PNG", (399, 500)), "picture_small"),
        (picture("PNG", (1000, 499)), "picture_narrow"),
        (picture("PNG", (20_000, 400)), "picture_small"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_good_picture_is_refused_with_a_reason_and_the_draft_kept(
    database: Any, imported: Any, draft: DefinitionVersion, data: bytes, code: str
) -> None:
    with database.writing() as session, pytest.raises(InvalidError) as caught:
        actions.upload_picture(session, imported.lead, draft.id, data)
    [fault] = caught.value.faults
    assert (fault.where, fault.code) == ("picture", code)
    with database.reading() as session:
        assert not session.get_one(DefinitionVersion, draft.id).picture_uploaded


def test_an_uploaded_picture_is_published_as_png_alone_and_goes_on_to_the_next_version(
    database: Any, imported: Any, definition: Any
) -> None:
    with database.writing() as session:
        place = {"organisation_id": imported.organisation.id, "let_id": imported.let.id}
        version = actions.create_draft(session, imported.lead, code="PIC-1", title="With picture", **place)
        content = {**definition("willow-basket"), "title": "With picture"}
        actions.save_draft(session, imported.lead, version.id, content, version.revision)
        actions.upload_picture(session, imported.lead, version.id, picture("WEBP"))
        actions.publish(session, imported.lead, version.id, public_url=PUBLIC_URL)
        stem = f"/images/{version.definition.slug}-1.0.0"
        assert version.picture_address == f"{stem}.png"
        assert read_published(session, f"{stem}.svg") is None
        published = read_published(session, f"{stem}.png")
        assert published is not None
        assert published.body == version.picture_png
        following = actions.new_version_from(session, imported.lead, version.id)
        assert following.picture_uploaded
        assert following.picture_png == version.picture_png
        copied = actions.create_draft(
            session, imported.lead, code="PIC-2", title="Copy", copy_of=version, **place
        )
        assert not copied.picture_uploaded


def test_the_picture_of_a_published_version_stays(database: Any, imported: Any) -> None:
    with database.writing() as session:
        version = actions.newest_version(session, "willow-basket")
        for act in (
            lambda: actions.upload_picture(session, imported.lead, version.id, picture()),
            lambda: actions.remove_picture(session, imported.lead, version.id),
        ):
            with pytest.raises(ConflictError):
                act()
    for change in ("picture_uploaded = true", "picture_svg = ''"):
        with pytest.raises(DBAPIError, match="picture of a published version"), database.writing() as session:
            session.execute(text(f"UPDATE definition_versions SET {change} WHERE id = {version.id}"))


def test_a_picture_is_only_brought_by_those_who_lead_the_definition(
    database: Any, draft: DefinitionVersion, other_school: Any
) -> None:
    with database.writing() as session:
        for act in (
            lambda: actions.upload_picture(session, other_school.lead, draft.id, picture()),
            lambda: actions.remove_picture(session, other_school.lead, draft.id),
        ):
            with pytest.raises(NotFoundError):
                act()


def test_the_page_takes_a_picture_shows_it_and_draws_again(
    draft: DefinitionVersion, lead: FlaskClient, other_lead: FlaskClient
) -> None:
    here = f"/definitions/willow-basket/{draft.version}"
    sent = {"picture": (io.BytesIO(picture("JPEG")), "me.svg", "image/svg+xml")}
    assert lead.post(f"{here}/picture", data=sent).headers["Location"].endswith("/edit/look")
    shown = lead.get(f"{here}/picture.svg")
    assert (shown.mimetype, shown.data[:4]) == ("image/png", b"\x89PNG")
    assert lead.get(f"{here}/picture.svg?look.motif=clay").mimetype == "image/svg+xml"
    assert "Throw it away" in lead.get(f"{here}/edit/look").text
    assert other_lead.post(f"{here}/picture", data={"do": "remove"}).status_code == 404
    lead.post(f"{here}/picture", data={"do": "remove"})
    assert lead.get(f"{here}/picture.svg").mimetype == "image/svg+xml"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"picture": "just words"},
        {"picture": (io.BytesIO(b"<svg onload='alert(1)'/>"), "a.png", "image/png")},
    ],
)
def test_the_page_says_what_is_wrong_with_a_file(
    draft: DefinitionVersion, lead: FlaskClient, sent: Any
) -> None:
    answer = lead.post(
        f"/definitions/willow-basket/{draft.version}/picture", data=sent, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "Choose a picture: PNG, JPEG or WebP." in answer.text
