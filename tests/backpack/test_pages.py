"""The learner's pages and what strangers are answered, over real requests."""

import re

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from badge_service.awards.tables import Award
from badge_service.backpack.pages import home_badges, listed_at_definition
from badge_service.backpack.rules import share_address
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.openbadges.baking import unbake_png, unbake_svg
from badge_service.people.tables import Consent, Person, PersonAddress
from badge_service.register.actions import current_edition, mark_gone
from badge_service.register.tables import Edition, StatusEntry
from badge_service.storage.session import now
from badge_service.web.pictures import keep_picture
from badge_service.web.surroundings import current_keyring, current_settings, use_surroundings
from badge_service.web.viewer import current_viewer
from tests.backpack.conftest import BASE, NAME, TITLE, World

MIRA = {"X-Person": "mira"}
JAN = {"X-Person": "jan"}
FILES = ("badge.json", "badge.png", "badge.svg", "certificate.pdf", "qr.png", "qr.svg", "linkedin")
PUBLIC_FILES = (".png", ".svg", "/certificate.pdf", "/qr.png", "/qr.svg")


def signed_text(world: World, token: str) -> str:
    with world.database.reading() as session:
        edition = current_edition(session, token)
        assert edition is not None and edition.signed_text is not None
        return edition.signed_text


def share(client: FlaskClient, token: str, sharing: str) -> TestResponse:
    return client.post(f"/badges/{token}/sharing", data={"sharing": sharing}, headers=MIRA)


def test_an_empty_shelf_teaches(client: FlaskClient) -> None:
    page = client.get("/badges", headers=MIRA).text
    assert "No badges yet" in page and 'href="/claim"' in page


def test_the_shelf_leads_to_each_badge(world: World, client: FlaskClient) -> None:
    token, held = world.award(), world.award(state="held")
    page = client.get("/badges", headers=MIRA).text
    assert f'href="/badges/{token}"' in page and "only you see it" in page
    assert f'href="/badges/{held}"' in page and "not accepted yet" in page


def add_address(world: World, email: str, *, confirmed: bool = True) -> None:
    with world.database.writing() as session:
        person = session.scalars(select(Person).where(Person.key == world.mira.key)).one()
        at = now(session) if confirmed else None
        session.add(PersonAddress(person_id=person.id, email=email, verified_at=at, primary=False))


def test_the_shelf_asks_for_an_address_that_lasts_until_there_are_two(
    world: World, client: FlaskClient
) -> None:
    world.award()
    add_address(world, "mira@school.example")
    add_address(world, "mira@typo.example", confirmed=False)
    page = client.get("/badges", headers=MIRA).text
    assert "still have after school" in page and 'href="/account"' in page
    add_address(world, "mira@home.example")
    assert "still have after school" not in client.get("/badges", headers=MIRA).text


def test_the_page_says_who_can_see_it_in_every_state(world: World, client: FlaskClient) -> None:
    token = world.award()
    for sharing, words in (
        ("link", "People who have your link"),
        ("listed", "Everybody."),
        ("private", "Only you."),
    ):
        assert share(client, token, sharing).status_code == 303
        page = client.get(f"/badges/{token}", headers=MIRA).text
        line = re.search(r'class="visibility visibility-(\w+)">.*?</p>', page, re.DOTALL)
        assert line is not None and line[1] == sharing and words in line[0]
        assert "Copies that others have saved stay with them" in page


def test_a_held_badge_leads_to_its_answer_without_a_code(world: World, client: FlaskClient) -> None:
    token = world.award(state="held")
    assert f'href="/claim/waiting/{token}"' in client.get(f"/badges/{token}", headers=MIRA).text


def test_a_held_badge_offers_no_files_and_no_switch(world: World, client: FlaskClient) -> None:
    token = world.award(state="held")
    page = client.get(f"/badges/{token}", headers=MIRA).text
    assert "Nobody, until you accept it" in page and "/sharing" not in page
    for name in ("badge.json", "badge.png", "badge.svg", "certificate.pdf"):
        assert client.get(f"/badges/{token}/{name}", headers=MIRA).status_code == 409


def test_a_revoked_badge_keeps_its_document_and_loses_its_pictures(world: World, client: FlaskClient) -> None:
    token = world.award(state="revoked")
    page = client.get(f"/badges/{token}", headers=MIRA).text
    assert "withdrawn by the school" in page
    assert client.get(f"/badges/{token}/badge.json", headers=MIRA).status_code == 200
    assert client.get(f"/badges/{token}/certificate.pdf", headers=MIRA).status_code == 409


def test_below_the_age_limit_the_page_says_why_and_offers_only_what_is_allowed(
    world: World, client: FlaskClient
) -> None:
    token = world.award()
    with world.database.writing() as session:
        session.scalars(select(Person).where(Person.key == world.mira.key)).one().age_band = "under_limit"
    page = client.get(f"/badges/{token}", headers=MIRA).text
    assert "parent or guardian" in page and 'name="sharing"' not in page
    assert share(client, token, "link").status_code == 403
    assert client.get(f"/badges/{token}/badge.png", headers=MIRA).status_code == 200


def set_age(world: World, band: str | None) -> None:
    with world.database.writing() as session:
        session.scalars(select(Person).where(Person.key == world.mira.key)).one().age_band = band


def age_of(world: World) -> str | None:
    with world.database.reading() as session:
        return session.scalars(select(Person).where(Person.key == world.mira.key)).one().age_band


@pytest.mark.parametrize(
    ("answer", "is_open"), [("adult", True), ("limit_to_17", True), ("under_limit", False)]
)
def test_whoever_was_never_asked_is_asked_when_they_were_born_before_the_page_opens(
    world: World, client: FlaskClient, answer: str, is_open: bool
) -> None:
    token = world.award()
    set_age(world, None)
    page = client.get(f"/badges/{token}", headers=MIRA).text
    assert "When were you born?" in page and page.count('name="age"') == 3 and "checked" not in page
    unanswered = share(client, token, "link")
    assert unanswered.status_code == 422 and "Please choose one of these." in unanswered.text
    assert client.get(f"/credentials/{token}.json").status_code == 404
    answered = client.post(f"/badges/{token}/sharing", data={"sharing": "link", "age": answer}, headers=MIRA)
    assert answered.status_code == 303 and age_of(world) == answer
    assert client.get(f"/credentials/{token}.json").status_code == (200 if is_open else 404)
    page = client.get(f"/badges/{token}", headers=MIRA).text
    assert 'name="age"' not in page and ("parent or guardian" in page) is not is_open


def test_a_consent_keeps_the_language_of_the_page_that_was_read(world: World, client: FlaskClient) -> None:
    token = world.award()
    client.post(f"/badges/{token}/sharing?lang=bg", data={"sharing": "link"}, headers=MIRA)
    client.post(f"/badges/{token}/name?lang=nl", data={"name": "with"}, headers=MIRA)
    with world.database.reading() as session:
        consents = session.scalars(select(Consent).order_by(Consent.id)).all()
        assert [consent.language for consent in consents] == ["bg", "nl"]


def test_an_answer_that_is_none_of_the_three_is_not_kept(world: World, client: FlaskClient) -> None:
    token = world.award()
    set_age(world, None)
    data = {"sharing": "link", "age": "1999-01-01"}
    assert client.post(f"/badges/{token}/sharing", data=data, headers=MIRA).status_code == 422
    assert age_of(world) is None


def test_other_people_find_nothing_under_the_learners_addresses(world: World, client: FlaskClient) -> None:
    token = world.award()
    share(client, token, "link")
    for name in ("", *(f"/{name}" for name in FILES)):
        assert client.get(f"/badges/{token}{name}", headers=JAN).status_code == 404, name
        assert client.get(f"/badges/{token}{name}").status_code == 302, name
    assert (
        client.post(f"/badges/{token}/sharing", data={"sharing": "private"}, headers=JAN).status_code == 404
    )
    assert client.get(f"/credentials/{token}.json").status_code == 200


@pytest.mark.parametrize("ending", [*PUBLIC_FILES, ".json"])
def test_a_private_badge_answers_exactly_as_an_unknown_address(
    world: World, client: FlaskClient, ending: str
) -> None:
    private, held, unknown = world.award(), world.award(state="held"), "A" * 22
    answers = {}
    for token in (private, held, unknown):
        answer = client.get(f"/credentials/{token}{ending}")
        headers = sorted((name, value) for name, value in answer.headers if name != "Date")
        answers[token] = (answer.status_code, headers, answer.text.replace(token, "TOKEN"))
    assert answers[private] == answers[unknown] == answers[held]
    assert answers[private][0] == 404


def test_public_files_are_there_while_open_and_gone_at_once_when_hidden(
    world: World, client: FlaskClient
) -> None:
    token = world.award()
    for sharing, status in (("link", 200), ("private", 404), ("listed", 200), ("private", 404)):
        share(client, token, sharing)
        for ending in (*PUBLIC_FILES, ".json"):
            assert client.get(f"/credentials/{token}{ending}").status_code == status, (sharing, ending)


def test_by_link_asks_search_engines_to_stay_away_and_listed_does_not(
    world: World, client: FlaskClient
) -> None:
    token = world.award()
    share(client, token, "link")
    assert client.get(f"/credentials/{token}.png").headers["X-Robots-Tag"] == "noindex"
    assert client.get(f"/credentials/{token}.json").headers["X-Robots-Tag"] == "noindex"
    share(client, token, "listed")
    assert "X-Robots-Tag" not in client.get(f"/credentials/{token}.png").headers


def test_a_badge_erased_while_open_answers_gone(world: World, client: FlaskClient) -> None:
    token = world.award()
    share(client, token, "link")
    with world.database.writing() as session:
        mark_gone(session, f"/credentials/{token}.json")
    answer = client.get(f"/credentials/{token}.png")
    assert answer.status_code == 410 and "Withdrawn at the holder" in answer.text


def test_the_json_is_the_signed_text_byte_for_byte(world: World, client: FlaskClient) -> None:
    token = world.award()
    world.with_name(token, NAME)
    text = signed_text(world, token)
    assert NAME in text
    own = client.get(f"/badges/{token}/badge.json", headers=MIRA)
    share(client, token, "link")
    assert own.data == text.encode() == client.get(f"/credentials/{token}.json").data
    assert own.mimetype == "application/vc+ld+json"


def test_pictures_carry_the_signed_text(world: World, client: FlaskClient) -> None:
    token = world.award()
    world.with_name(token, NAME)
    share(client, token, "link")
    text = signed_text(world, token)
    for address in (f"/badges/{token}/badge", f"/credentials/{token}"):
        png = client.get(f"{address}.png", headers=MIRA)
        svg = client.get(f"{address}.svg", headers=MIRA)
        assert unbake_png(png.data).text == text and png.mimetype == "image/png"
        assert unbake_svg(svg.data).text == text and svg.mimetype == "image/svg+xml"
        keep_picture(png.data)  # an ordinary program still opens it


def test_qr_codes_lead_to_the_share_link_at_the_address_in_use(
    world: World, app: Flask, client: FlaskClient
) -> None:
    token = world.award()
    reach_at(app, "http://192.168.1.20:8000")
    png = client.get(f"/badges/{token}/qr.png", headers=MIRA).data
    assert scan(png) == [share_address("http://192.168.1.20:8000", token)]
    drawn = badge_png_of(client.get(f"/badges/{token}/qr.svg", headers=MIRA).text)
    assert scan(drawn) == [f"http://192.168.1.20:8000/credentials/{token}"]


def test_the_page_says_when_a_phone_cannot_open_the_code(
    world: World, app: Flask, client: FlaskClient
) -> None:
    token = world.award()
    app.config["DEMO"] = True
    assert "make demo LAN=1" in client.get(f"/badges/{token}", headers=MIRA).text
    reach_at(app, "http://192.168.1.20:8000")
    assert "make demo LAN=1" not in client.get(f"/badges/{token}", headers=MIRA).text


def test_file_names_are_clean_and_name_nobody(world: World, client: FlaskClient) -> None:
    token = world.award()
    world.with_name(token, NAME)
    for name, expected in (
        ("badge.json", "willow-basket-base-sides-and-border.json"),
        ("qr.png", "willow-basket-base-sides-and-border-qr.png"),
        ("certificate.pdf", "willow-basket-base-sides-and-border.pdf"),
    ):
        disposition = client.get(f"/badges/{token}/{name}", headers=MIRA).headers["Content-Disposition"]
        assert disposition == f"attachment; filename={expected}"


def test_the_name_goes_in_and_out_by_new_editions_at_the_same_address(
    world: World, client: FlaskClient
) -> None:
    token = world.award()
    share(client, token, "link")
    nameless = signed_text(world, token)
    for choice, shown in (("with", True), ("without", False)):
        answer = client.post(f"/badges/{token}/name", data={"name": choice}, headers=MIRA)
        assert answer.status_code == 303
        served = client.get(f"/credentials/{token}.json")
        assert (NAME in served.text) is shown
        assert served.text == signed_text(world, token) != nameless
        assert (NAME in client.get(f"/badges/{token}", headers=MIRA).text) is shown
    with world.database.reading() as session:
        assert (
            session.scalars(select(Consent.withdrawn_at).where(Consent.kind == "name_in_badge")).one()
            is not None
        )
        reasons = session.scalars(select(StatusEntry.reason).order_by(StatusEntry.set_at)).all()
        assert sorted(reasons, key=str) == [None, "replaced", "replaced"]


def test_others_cannot_change_the_name_and_twice_is_once(world: World, client: FlaskClient) -> None:
    token = world.award()
    assert client.post(f"/badges/{token}/name", data={"name": "with"}, headers=JAN).status_code == 404
    for _ in range(2):
        client.post(f"/badges/{token}/name", data={"name": "with"}, headers=MIRA)
    with world.database.reading() as session:
        assert session.query(Edition).count() == 2


def test_linkedin_gets_the_share_link_and_a_code_people_can_check(world: World, client: FlaskClient) -> None:
    token = world.award()
    with world.database.reading() as session:
        code = session.scalars(select(Award.share_code)).one()
    page = client.get(f"/badges/{token}/linkedin", headers=MIRA).text
    for value in (TITLE, "Friese Vakschool", "11", "2026", code, f"{BASE}/credentials/{token}"):
        assert f'value="{value}"' in page
    assert "certUrl=http%3A%2F%2Flocalhost%3A8000%2Fcredentials%2F" in page
    assert "urn:uuid" not in page


def test_a_share_code_leads_to_the_page(world: World, client: FlaskClient) -> None:
    token = world.award()
    with world.database.reading() as session:
        code = session.scalars(select(Award.share_code)).one()
    assert client.get(f"/v/{code}").status_code == 404
    share(client, token, "link")
    form = client.get("/v", query_string={"code": code.lower()})
    assert form.status_code == 303 and form.location == f"/v/{code.lower()}"
    answer = client.get(form.location)
    assert (answer.status_code, answer.location) == (303, f"/credentials/{token}")
    assert "Set-Cookie" not in answer.headers


def test_a_private_code_answers_as_an_unknown_one(world: World, client: FlaskClient) -> None:
    world.award()
    with world.database.reading() as session:
        code = session.scalars(select(Award.share_code)).one()
    private, unknown = client.get(f"/v/{code}"), client.get("/v/0000-0000-0000")
    assert private.text.replace(code, "") == unknown.text.replace("0000-0000-0000", "")
    assert private.status_code == unknown.status_code == 404
    assert "There is no open badge at this address" in private.text and 'href="/verify"' in private.text


def test_a_typing_mistake_is_shown_and_what_was_typed_stays(world: World, client: FlaskClient) -> None:
    answer = client.get("/v/0000-0000-0001")
    assert answer.status_code == 422
    assert "typing mistake" in answer.text and 'value="0000-0000-0001"' in answer.text


def test_guessing_codes_is_slowed_down(client: FlaskClient) -> None:
    statuses = [client.get("/v/0000-0000-0000").status_code for _ in range(11)]
    assert statuses == [404] * 10 + [429]


def test_an_unknown_sharing_word_changes_nothing(world: World, client: FlaskClient) -> None:
    token = world.award()
    assert share(client, token, "everybody").status_code == 422
    assert client.get(f"/credentials/{token}.json").status_code == 404


def test_home_counts_what_a_learner_has_and_what_waits(world: World, app: Flask) -> None:
    world.award()
    world.award(state="held")
    with app.test_request_context(headers=MIRA):
        shown = home_badges(current_viewer(), None)
        assert shown is not None and "1 badge waits" in shown and "You have 1 badge" in shown
    with app.test_request_context(headers=JAN):
        assert home_badges(current_viewer(), None) is None
    with app.test_request_context():
        assert home_badges(current_viewer(), None) is None


def test_a_definitions_page_links_to_listed_badges_with_the_name_that_is_in_them(
    world: World, app: Flask, client: FlaskClient
) -> None:
    token = world.award()
    with world.database.reading() as session:
        version = session.scalars(select(DefinitionVersion)).one()
    with app.test_request_context():
        assert listed_at_definition(current_viewer(), version) is None
    share(client, token, "listed")
    for choice, words in (("without", "A badge without a name"), ("with", NAME)):
        client.post(f"/badges/{token}/name", data={"name": choice}, headers=MIRA)
        with app.test_request_context():
            shown = listed_at_definition(current_viewer(), version)
            assert shown is not None and words in shown and f"/credentials/{token}" in shown


@pytest.mark.parametrize("band", ["limit_to_17", "under_limit", None])
def test_a_definitions_page_names_adults_alone(
    world: World, app: Flask, client: FlaskClient, band: str | None
) -> None:
    token = world.award()
    share(client, token, "listed")
    client.post(f"/badges/{token}/name", data={"name": "with"}, headers=MIRA)
    set_age(world, band)
    with world.database.reading() as session:
        version = session.scalars(select(DefinitionVersion)).one()
    with app.test_request_context():
        shown = listed_at_definition(current_viewer(), version)
        assert shown is not None and NAME not in shown and f"/credentials/{token}" in shown


def reach_at(app: Flask, address: str) -> None:
    """As the demo does with LAN=1."""
    with app.app_context():
        use_surroundings(app, current_settings().reached_at(address), current_keyring())


def scan(png: bytes) -> list[str]:
    """What a phone would read."""
    import io

    from PIL import Image

    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))]


def badge_png_of(svg: str) -> bytes:
    """An SVG code as pixels."""
    from badge_service.curriculum.picture import badge_png

    return badge_png(svg)
