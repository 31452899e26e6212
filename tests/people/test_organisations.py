"""Organisations as issuers: one DID for ever, a profile that follows what the organisation says about itself."""

import pytest

from badge_service.errors import ConflictError
from badge_service.people import actions
from badge_service.people.rules import Role
from badge_service.register import actions as register
from badge_service.settings import for_demo
from tests.people.conftest import profile


def open_issuer(session, world, keyring, settings):
    own = actions.organisation_by_slug(session, "craft-school")
    return actions.open_as_issuer(session, world.viewer(session, "operator"), keyring, own, settings)


def test_an_organisation_gets_the_did_of_its_page_and_doing_it_again_changes_nothing(
    database, world, keyring, settings
):
    with database.writing() as session:
        issuer = open_issuer(session, world, keyring, settings)
        assert issuer.did == "did:web:localhost%3A8000:issuers:craft-school"
        assert issuer.profile["name"] == "School craft-school"
        assert issuer.profile["address"] == {
            "type": ["Address"],
            "addressCountryCode": "BG",
            "addressRegion": "Русе",
        }
        assert open_issuer(session, world, keyring, settings).id == issuer.id
        assert register.read_published(session, "/issuers/craft-school/did.json") is not None


def test_another_public_url_cannot_change_the_did(database, world, keyring, settings, tmp_path):
    moved = type(settings)(**{**settings.__dict__, "public_url": "https://badges.example"})
    with database.writing() as session:
        open_issuer(session, world, keyring, settings)
        with pytest.raises(ConflictError):
            open_issuer(session, world, keyring, moved)


def test_an_edit_reaches_the_issuers_next_badges_and_keeps_the_did(database, world, keyring, settings):
    with database.writing() as session:
        issuer = open_issuer(session, world, keyring, settings)
        changed = profile("Нов занаят", identifiers=[{"identifier": "BG123", "identifierType": "ext:vat"}])
        actions.edit_organisation(session, world.viewer(session, "admin"), "craft-school", changed, settings)
        after = register.find_issuer(session, issuer.id)
        assert (after.did, after.profile["id"]) == (issuer.did, issuer.did)
        assert after.profile["name"] == "Нов занаят"
        assert after.profile["otherIdentifier"][0]["identifier"] == "BG123"


def test_only_the_operator_says_who_may_award_ects(database, world, settings):
    with database.writing() as session:
        wish = profile("School", may_award_ects=True)
        edited = actions.edit_organisation(
            session, world.viewer(session, "admin"), "craft-school", wish, settings
        )
        assert not edited.may_award_ects
        edited = actions.edit_organisation(
            session, world.viewer(session, "operator"), "craft-school", wish, settings
        )
        assert edited.may_award_ects


def test_people_with_a_role_are_listed(database, world):
    with database.reading() as session:
        own = actions.organisation_by_slug(session, "craft-school")
        assert [person.name for person in actions.people_with(session, Role.TEACHER, own.id)] == ["Тодор"]
        listed = actions.members(session, world.viewer(session, "admin"), "craft-school")
        assert [(member.name, member.role) for member in listed] == [
            ("Admin craft-school", Role.ADMIN),
            ("Тодор", Role.TEACHER),
        ]


def test_the_demo_documents_name_localhost_whatever_address_serves_them(database, world, keyring, tmp_path):
    reached = for_demo(tmp_path).reached_at("http://localhost:8001")
    with database.writing() as session:
        assert (
            open_issuer(session, world, keyring, reached).did
            == "did:web:localhost%3A8000:issuers:craft-school"
        )
