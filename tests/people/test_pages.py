"""The pages of this room: who may open which, in the own and in another organisation; what they say; what they keep."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from badge_service.people import actions
from badge_service.people.rules import Role
from badge_service.people.tables import Organisation, Person, RoleGrant
from badge_service.register import actions as register
from badge_service.storage.audit import record
from badge_service.storage.session import now
from badge_service.storage.tables import AuditEntry

ADDRESSES = {
    "operator": "olga@service.example",
    "admin": "admin@craft-school.example",
    "foreign_admin": "foreign_admin@other-school.example",
    "teacher": "todor@craft-school.example",
}
OPEN = ["/", "/about", "/privacy", "/sign-in", "/issuers/craft-school"]
PAGES = {
    "/account": {"operator": 200, "admin": 200, "foreign_admin": 200, "teacher": 200},
    "/operator": {"operator": 200, "admin": 403, "foreign_admin": 403, "teacher": 403},
    "/operator/regions/new": {"operator": 200, "admin": 403, "foreign_admin": 403, "teacher": 403},
    "/operator/organisations/new": {"operator": 200, "admin": 403, "foreign_admin": 403, "teacher": 403},
    "/organisations/craft-school/people": {
        "operator": 200,
        "admin": 200,
        "foreign_admin": 404,
        "teacher": 403,
    },
    "/organisations/craft-school/edit": {"operator": 200, "admin": 200, "foreign_admin": 404, "teacher": 403},
    "/organisations/unknown/people": {"operator": 404, "admin": 404, "foreign_admin": 404, "teacher": 403},
}


@pytest.mark.parametrize("who", list(ADDRESSES))
def test_every_page_by_every_role_in_the_own_and_another_organisation(browser, who):
    browser.sign_in(ADDRESSES[who])
    answers = {page: browser.get(page).status_code for page in PAGES}
    assert answers == {page: expected[who] for page, expected in PAGES.items()}
    assert [browser.get(page).status_code for page in OPEN] == [200] * len(OPEN)


def test_a_stranger_is_sent_to_sign_in_and_sees_the_open_pages(browser):
    for page in PAGES:
        answer = browser.get(page)
        assert (answer.status_code, answer.location) == (302, f"/sign-in?next={page}")
    assert [browser.get(page).status_code for page in OPEN] == [200] * len(OPEN)


def test_no_page_carries_inline_style_or_script(browser):
    browser.sign_in(ADDRESSES["operator"])
    for page in [*OPEN, *(page for page in PAGES if "unknown" not in page)]:
        html = browser.get(page).get_data(as_text=True)
        assert " style=" not in html
        assert not re.search(r"<script(?![^>]*src=)", html)


def test_an_admin_adds_a_teacher_who_signs_in_by_mail_and_sees_it_withdrawn(browser, app, database, settings):
    from tests.people.conftest import Browser

    page = "/organisations/craft-school/people"
    browser.sign_in(ADDRESSES["admin"])
    added = browser.send(
        page, name="Мира Петрова", email="Mira@Craft-School.example", role="teacher", language="bg"
    )
    assert added.status_code == 302
    (welcome,) = browser.mails()
    assert welcome.to == "mira@craft-school.example"
    assert "School craft-school" in welcome.subject
    mira = Browser(app, database, settings)
    mira.sign_in("mira@craft-school.example")
    assert "Мира Петрова" in mira.get("/").get_data(as_text=True)
    with database.reading() as session:
        person = session.scalar(select(Person).where(Person.name == "Мира Петрова"))
        assert actions.load_viewer(session, person.id).has_role(Role.TEACHER)
    assert "Мира Петрова" in browser.get(page).get_data(as_text=True)
    browser.send(page, f"{page}/withdraw", person=person.key, role="teacher")
    with database.reading() as session:
        assert not actions.load_viewer(session, person.id).grants


def test_a_wrong_member_keeps_what_was_typed_and_adds_nothing(browser, database):
    browser.sign_in(ADDRESSES["admin"])
    answer = browser.send(
        "/organisations/craft-school/people", name="Мира", email="no address", role="teacher", language="bg"
    )
    assert answer.status_code == 422
    assert 'value="Мира"' in answer.get_data(as_text=True)
    with database.reading() as session:
        assert session.scalar(select(Person).where(Person.name == "Мира")) is None


@pytest.mark.parametrize("role", ["operator", "king", ""])
def test_an_admin_cannot_post_roles_that_are_not_theirs_to_give(browser, database, role):
    browser.sign_in(ADDRESSES["admin"])
    answer = browser.send(
        "/organisations/craft-school/people", name="Мира", email="mira@x.example", role=role, language="bg"
    )
    assert answer.status_code == 422
    with database.reading() as session:
        assert (
            session.scalar(select(RoleGrant).where(RoleGrant.role == role, RoleGrant.granted_by.is_not(None)))
            is None
        )


def test_a_foreign_admin_cannot_withdraw_or_edit(browser, database):
    browser.sign_in(ADDRESSES["foreign_admin"])
    with database.reading() as session:
        key = session.scalar(select(Person.key).where(Person.name == "Тодор"))
    sent = browser.send("/account", "/organisations/craft-school/people/withdraw", person=key, role="teacher")
    assert sent.status_code == 404
    sent = browser.send(
        "/account", "/organisations/craft-school/edit", name="Mine now", kind="school", region_slug="ruse"
    )
    assert sent.status_code == 404
    with database.reading() as session:
        assert (
            session.scalar(select(Organisation.name).where(Organisation.slug == "craft-school")) != "Mine now"
        )


def test_the_operator_adds_a_region_and_an_issuing_organisation_with_its_key(browser, database, keyring):
    browser.sign_in(ADDRESSES["operator"])
    assert (
        browser.send("/operator/regions/new", name="Enschede", country="NL", slug="twente").status_code == 302
    )
    made = browser.send(
        "/operator/organisations/new",
        name="Vakschool",
        slug="vakschool",
        kind="school",
        region_slug="twente",
        identifiers="vat: NL123\nkvk: 42",
        quality_statement="Two *teachers* look at each badge.",
        issues="y",
    )
    assert made.location == "/organisations/vakschool/people"
    with database.reading() as session:
        own = actions.organisation_by_slug(session, "vakschool")
        issuer = register.find_issuer(session, own.issuer_id)
        assert issuer.profile["otherIdentifier"] == [
            {"type": "IdentifierEntry", "identifier": "NL123", "identifierType": "ext:vat"},
            {"type": "IdentifierEntry", "identifier": "42", "identifierType": "ext:kvk"},
        ]
    page = browser.get("/issuers/vakschool").get_data(as_text=True)
    assert "did:web:localhost%3A8000:issuers:vakschool" in page
    assert (
        "Not confirmed by the organisation&#39;s own site" in page
        or "Not confirmed by the organisation's own site" in page
    )
    assert "Netherlands" in page
    assert "<em>teachers</em>" in browser.get("/quality/vakschool").get_data(as_text=True)
    assert browser.get("/issuers/vakschool/did.json").status_code == 200


def test_an_organisation_that_exists_can_be_opened_as_issuer_later_and_twice(browser, database):
    browser.sign_in(ADDRESSES["operator"])
    for _ in range(2):
        assert browser.send("/account", "/operator/organisations/other-school/open").status_code == 302
    with database.reading() as session:
        assert actions.organisation_by_slug(session, "other-school").issuer_id is not None


def test_everything_wrong_with_a_new_organisation_is_shown_at_once_and_nothing_typed_is_lost(browser):
    browser.sign_in(ADDRESSES["operator"])
    sent = browser.send(
        "/operator/organisations/new",
        name="Училище",
        slug="Not A Slug",
        kind="school",
        region_slug="nowhere",
        website="javascript:alert(1)",
    )
    html = sent.get_data(as_text=True)
    assert sent.status_code == 422
    for words in (
        "Small Latin letters",
        "Choose one of the regions",
        "starts with https://",
        'value="Училище"',
    ):
        assert words in html or words.lower() in html.lower()


def test_a_taken_short_name_is_said_beside_its_field(browser):
    browser.sign_in(ADDRESSES["operator"])
    sent = browser.send(
        "/operator/organisations/new", name="Again", slug="craft-school", kind="school", region_slug="ruse"
    )
    assert sent.status_code == 422
    assert "“craft-school” is taken" in sent.get_data(as_text=True)


def test_an_organisations_words_are_escaped_and_cleaned(browser, database):
    browser.sign_in(ADDRESSES["admin"])
    evil = "<script>alert(1)</script>"
    browser.send(
        "/organisations/craft-school/edit",
        name=evil,
        kind="school",
        region_slug="ruse",
        quality_statement=f"{evil} [x](javascript:alert(1))",
        identifiers=f"{evil}: {evil}",
    )
    pages = browser.get("/issuers/craft-school").get_data(as_text=True)
    pages += browser.get("/quality/craft-school").get_data(as_text=True)
    assert evil not in pages
    assert 'href="javascript:' not in pages


def test_a_language_is_saved_and_spoken(browser):
    browser.sign_in(ADDRESSES["teacher"])
    assert '<html lang="bg">' in browser.get("/account").get_data(as_text=True)
    assert browser.send("/account", name="Тодор Т.", language="nl").status_code == 302
    page = browser.get("/account").get_data(as_text=True)
    assert '<html lang="nl">' in page
    assert "Тодор Т." in page


def test_a_second_address_is_confirmed_by_its_mail_and_by_its_owner_only(browser, app, database, settings):
    from tests.people.conftest import Browser

    browser.sign_in(ADDRESSES["teacher"])
    assert browser.send("/account", "/account/addresses", email="later@home.example").status_code == 302
    link = browser.mailed_link()
    stranger = Browser(app, database, settings)
    assert stranger.send(link).location.startswith("/sign-in?next=/link/")
    foreign = Browser(app, database, settings)
    foreign.sign_in(ADDRESSES["admin"])
    assert foreign.send(link).status_code == 403
    with database.reading() as session:
        assert actions.person_by_email(session, "later@home.example") is None
    assert browser.send(link).location == "/account"
    with database.reading() as session:
        assert actions.person_by_email(session, "later@home.example").name == "Тодор"


def test_a_password_is_set_changed_only_with_the_old_one_and_keeps_this_browser_signed_in(browser):
    browser.sign_in(ADDRESSES["teacher"])
    assert browser.send("/account", "/account/password", password="four words in a row").status_code == 302
    assert browser.is_signed_in()
    wrong = browser.send(
        "/account", "/account/password", current="not it", password="another four words here"
    )
    assert wrong.status_code == 422
    right = browser.send(
        "/account", "/account/password", current="four words in a row", password="another four words here"
    )
    assert right.status_code == 302
    assert browser.is_signed_in()


def test_no_typed_password_comes_back_in_a_page(browser):
    browser.sign_in(ADDRESSES["teacher"])
    sent = browser.send("/account", "/account/password", password="short-pw")
    assert sent.status_code == 422
    assert "short-pw" not in sent.get_data(as_text=True)


def test_the_privacy_and_about_pages_say_what_they_must(browser):
    about = browser.get("/about").get_data(as_text=True)
    assert "This service uses the ESCO classification of the European Commission." in about
    assert "Joint Research Centre" in about
    assert 'content="noindex"' not in about


def test_the_operator_sees_the_alarms_of_the_last_seven_days(browser, database):
    browser.sign_in(ADDRESSES["operator"])
    assert "guessing claim codes" not in browser.get("/operator").text
    with database.writing() as session:
        record(session, None, "claim.alarm", "claim", wrong_codes=31)
        old = AuditEntry(
            at=now(session) - timedelta(days=8),
            action="claim.alarm",
            subject="claim",
            details={"wrong_codes": 77},
        )
        session.add(old)
    page = browser.get("/operator").text
    assert "guessing claim codes" in page and "31 wrong codes" in page and "77" not in page
