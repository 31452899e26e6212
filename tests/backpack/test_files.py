"""The files of a badge carry the signed text unchanged, and outside readers find it."""

import io
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import zxingcpp
from flask import Flask
from flask_babel import force_locale
from PIL import Image
from sqlalchemy import delete, select

from badge_service.backpack import actions, files
from badge_service.backpack.certificate import certificate_picture
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, NotFoundError, UnavailableError
from badge_service.openbadges import verification
from badge_service.openbadges.verdict import CheckOutcome
from badge_service.register.actions import OwnReader, publish, sign_intended, want_jwt
from badge_service.register.tables import Publication
from badge_service.settings import for_demo
from badge_service.storage import guards
from tests.backpack.conftest import BASE, NAME, World

SETTINGS = for_demo(Path("unused"))


def material(world: World, token: str) -> actions.BadgeMaterial:
    with world.database.reading() as session:
        return actions.own_material(session, world.mira, token)


def checks(world: World, data: bytes) -> dict[str, CheckOutcome]:
    """What the verifier says, reading our own published addresses only."""
    own = OwnReader(world.database, BASE)

    def fetch(url: str) -> verification.Fetched:
        found = own.read(url)
        return verification.Fetched(found.body, found.media_type)

    verdict = verification.verify(data, now=world.database.clock(), fetch=fetch)
    return {check.id: check.outcome for check in verdict.checks}


@pytest.mark.parametrize("make", [files.json_file, files.png_file, files.svg_file])
def test_every_file_verifies_while_the_page_is_private(world: World, make) -> None:
    token = world.award()
    world.with_name(token, NAME)
    result = checks(world, make(material(world, token)))
    for id in ("carrier", "json", "shape", "contexts", "terms", "key", "proof", "dates", "status"):
        assert result[id] is CheckOutcome.PASSED, id


def with_uploaded_picture(world: World) -> bytes:
    """The micro-credential as if it had been published with a picture of its writer's."""
    buffer = io.BytesIO()
    Image.new("RGBA", (500, 500), (200, 30, 40, 255)).save(buffer, "PNG")
    with world.database.engine.begin() as connection:
        guards.drop(connection, guards.PICTURE_GUARDS)
    with world.database.writing() as session:
        version = session.scalars(select(DefinitionVersion)).one()
        version.picture_uploaded, version.picture_png = True, buffer.getvalue()
        session.execute(delete(Publication).where(Publication.path.like("/images/%")))
        publish(session, version.picture_address, buffer.getvalue(), "image/png")
    with world.database.engine.begin() as connection:
        guards.create(connection, guards.PICTURE_GUARDS)
    return buffer.getvalue()


def test_an_uploaded_picture_carries_the_badge_and_stands_on_the_certificate(
    world: World, app: Flask
) -> None:
    with_uploaded_picture(world)
    token = world.award()
    made = material(world, token)
    baked = files.png_file(made)
    assert checks(world, baked)["proof"] is CheckOutcome.PASSED
    assert Image.open(io.BytesIO(baked)).size == (500, 500)
    with app.test_request_context(), pytest.raises(NotFoundError):
        files.svg_file(made)
    with app.test_request_context():
        page = Image.open(io.BytesIO(certificate_picture(files.certificate_facts(made, SETTINGS))))
    colours = {colour for _count, colour in page.convert("RGB").getcolors(1_000_000)}
    assert (200, 30, 40) in colours


def test_no_page_offers_an_svg_of_an_uploaded_picture(world: World, app: Flask) -> None:
    with_uploaded_picture(world)
    token = world.award()
    client, mira = app.test_client(), {"X-Person": "mira"}
    page = client.get(f"/badges/{token}", headers=mira).text
    assert "badge.png" in page
    assert "badge.svg" not in page
    assert client.get(f"/badges/{token}/badge.svg", headers=mira).status_code == 404
    assert "/images/willow-basket-1.0.0.png" in client.get("/badges", headers=mira).text


def test_a_changed_picture_text_does_not_verify(world: World) -> None:
    svg = files.svg_file(material(world, world.award()))
    assert (
        checks(world, svg.replace(b"Friese Vakschool", b"Friese Vakschoal"))["proof"] is CheckOutcome.FAILED
    )


def test_an_old_file_is_told_to_be_replaced_after_the_name_was_taken_out(world: World) -> None:
    token = world.award()
    world.with_name(token, NAME)
    old = files.png_file(material(world, token))
    world.with_name(token, None)
    assert checks(world, old)["status"] is CheckOutcome.FAILED
    assert checks(world, files.png_file(material(world, token)))["status"] is CheckOutcome.PASSED


def test_the_qr_code_of_the_certificate_is_the_share_link(world: World, app: Flask) -> None:
    real = replace(
        SETTINGS, demo=False, public_url="https://badges.example", address="https://badges.example"
    )
    made = material(world, world.award())
    with app.test_request_context():
        facts, words = files.certificate_facts(made, real), files.certificate_words()
    picture = Image.open(io.BytesIO(certificate_picture(facts, words)))
    codes = [code.text for code in zxingcpp.read_barcodes(picture)]
    assert codes == [f"https://badges.example/credentials/{made.token}"]
    assert facts.check_address == "badges.example/v" and not facts.demo


def test_a_qr_code_that_travels_as_a_picture_says_its_domain_and_whether_it_is_for_trial(app: Flask) -> None:
    real = replace(
        SETTINGS, demo=False, public_url="https://badges.example", address="https://badges.example"
    )
    with app.test_request_context():
        assert files.qr_caption(real) == ("badges.example",)
        assert files.qr_caption(SETTINGS) == ("localhost:8000", "Demo, not for use")
        drawing = files.qr_svg_file("t0ken", SETTINGS).decode()
        code = Image.open(io.BytesIO(files.qr_png_file("t0ken", SETTINGS)))
    assert "localhost:8000 · Demo, not for use" in drawing
    assert code.height > code.width
    assert [found.text for found in zxingcpp.read_barcodes(code)] == [f"{BASE}/credentials/t0ken"]


def test_the_certificate_says_whose_it_is_or_that_it_does_not(world: World, app: Flask) -> None:
    token = world.award()
    with app.test_request_context():
        nameless = files.certificate_facts(material(world, token), SETTINGS)
        world.with_name(token, NAME)
        named = files.certificate_facts(material(world, token), SETTINGS)
    assert nameless.name is None and named.name == NAME
    assert named.demo and named.share_code == nameless.share_code
    assert named.awarded_on == "21 November 2026"


def test_the_certificate_is_set_in_the_readers_language(world: World, app: Flask) -> None:
    made = material(world, world.award())
    pdfs = {}
    for language in ("en", "bg", "nl", "es"):
        with app.test_request_context(), force_locale(language):
            assert files.certificate_words().language == language
            pdfs[language] = files.certificate_file(made, SETTINGS)
    assert all(pdf.startswith(b"%PDF-") for pdf in pdfs.values())
    assert len(set(pdfs.values())) == 4  # dates at least differ


def test_others_get_the_material_of_open_badges_alone(world: World) -> None:
    token = world.award()
    with world.database.reading() as session:
        with pytest.raises(NotFoundError):
            actions.open_material(session, token)
        with pytest.raises(NotFoundError):
            actions.own_material(session, world.jan, token)
    with world.database.writing() as session:
        actions.set_sharing(session, world.mira, token, "link")
    with world.database.reading() as session:
        opened = actions.open_material(session, token)
    assert opened == material(world, token)
    assert urlsplit(json.loads(opened.signed_text)["id"]).path == f"/credentials/{token}"


def test_there_is_no_material_of_a_held_badge(world: World) -> None:
    token = world.award(state="held")
    with pytest.raises(ConflictError), world.database.reading() as session:
        actions.own_material(session, world.mira, token)


def test_the_badge_as_a_token_verifies_and_is_its_learners_alone(world: World) -> None:
    token = world.award()
    with world.database.reading() as session, pytest.raises(UnavailableError):
        actions.signed_jwt(session, world.mira, token)
    with world.database.writing() as session:
        want_jwt(session, token)
    sign_intended(world.database, world.keyring, jwt_algorithm="ES256")
    with world.database.reading() as session:
        text = actions.signed_jwt(session, world.mira, token)
        with pytest.raises(NotFoundError):
            actions.signed_jwt(session, world.jan, token)
    result = checks(world, text.encode())
    for id in ("carrier", "json", "shape", "contexts", "terms", "key", "proof", "dates", "status"):
        assert result[id] is CheckOutcome.PASSED, id
    header, payload, signature = text.split(".")
    changed = ("A" if payload[40] != "A" else "B").join((payload[:40], payload[41:]))
    assert CheckOutcome.FAILED in checks(world, f"{header}.{changed}.{signature}".encode()).values()
