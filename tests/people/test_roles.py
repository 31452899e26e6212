"""Who may grant, withdraw and list what, in the own and in another organisation."""

import pytest
from sqlalchemy import select

from badge_service.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from badge_service.people import actions
from badge_service.people.rules import NOBODY, Role
from badge_service.people.tables import RoleGrant
from badge_service.storage.tables import AuditEntry
from tests.people.conftest import World, profile

ALLOWED, FOREIGN, NOT_THEIRS = None, NotFoundError, NotAllowedError
MATRIX = [
    ("operator", "craft-school", ALLOWED),
    ("operator", "other-school", ALLOWED),
    ("admin", "craft-school", ALLOWED),
    ("admin", "other-school", FOREIGN),
    ("foreign_admin", "craft-school", FOREIGN),
    ("foreign_admin", "other-school", ALLOWED),
    ("teacher", "craft-school", NOT_THEIRS),
    ("teacher", "other-school", FOREIGN),
]


def verbs(session, viewer, slug, person, settings):
    organisation = actions.organisation_by_slug(session, slug)
    return {
        "grant": lambda: actions.grant_role(session, viewer, person, Role.LET_LEAD, organisation),
        "withdraw": lambda: actions.withdraw_role(session, viewer, person, Role.LET_LEAD, organisation),
        "members": lambda: actions.members(session, viewer, slug),
        "edit": lambda: actions.edit_organisation(session, viewer, slug, profile("New name"), settings),
    }


@pytest.mark.parametrize(("who", "slug", "refusal"), MATRIX)
def test_every_verb_by_every_role_in_both_organisations(database, world: World, settings, who, slug, refusal):
    with database.writing() as session:
        operator = world.viewer(session, "operator")
        person = actions.add_person(session, operator, "Ана", "ana@craft-school.example", "bg")
        for name, verb in verbs(session, world.viewer(session, who), slug, person, settings).items():
            if refusal is None:
                verb()
            else:
                with pytest.raises(refusal):
                    verb()
                assert session.scalar(select(RoleGrant).where(RoleGrant.person_id == person.id)) is None, name


@pytest.mark.parametrize("who", ["admin", "teacher"])
def test_only_operators_make_operators_regions_organisations_and_issuers(
    database, world, keyring, settings, who
):
    with database.writing() as session:
        viewer = world.viewer(session, who)
        person = actions.person_by_key(session, world.teacher)
        own = actions.organisation_by_slug(session, "craft-school")
        for verb in (
            lambda: actions.grant_role(session, viewer, person, Role.OPERATOR, None),
            lambda: actions.add_region(session, viewer, slug="x", name="X", country="BG"),
            lambda: actions.add_organisation(session, viewer, "x", profile("X")),
            lambda: actions.open_as_issuer(session, viewer, keyring, own, settings),
        ):
            with pytest.raises(NotAllowedError):
                verb()


def test_nobody_may_do_nothing(database, world, settings):
    with database.writing() as session:
        person = actions.person_by_key(session, world.teacher)
        with pytest.raises(NotAllowedError):
            actions.add_person(session, NOBODY, "X", None)
        for verb in verbs(session, NOBODY, "craft-school", person, settings).values():
            with pytest.raises((NotAllowedError, NotFoundError)):
                verb()


def test_granting_twice_is_once_and_both_ways_are_in_the_audit_log(database, world):
    with database.writing() as session:
        viewer = world.viewer(session, "admin")
        person = actions.person_by_key(session, world.teacher)
        own = actions.organisation_by_slug(session, "craft-school")
        first = actions.grant_role(session, viewer, person, Role.LET_LEAD, own)
        assert actions.grant_role(session, viewer, person, Role.LET_LEAD, own) is first
        actions.withdraw_role(session, viewer, person, Role.LET_LEAD, own)
        mine = select(AuditEntry.action).where(AuditEntry.actor == viewer.key).order_by(AuditEntry.id)
        assert session.scalars(mine).all()[-2:] == ["role.grant", "role.withdraw"]
        assert actions.load_viewer(session, person.id).has_role(Role.TEACHER, own.id)


def test_an_admin_cannot_lock_themselves_out(database, world):
    with database.writing() as session:
        viewer = world.viewer(session, "admin")
        own = actions.organisation_by_slug(session, "craft-school")
        with pytest.raises(ConflictError):
            actions.withdraw_role(
                session, viewer, actions.person_by_key(session, world.admin), Role.ADMIN, own
            )


def test_the_operators_role_belongs_to_no_organisation(database, world):
    with database.writing() as session:
        viewer = world.viewer(session, "operator")
        person = actions.person_by_key(session, world.teacher)
        own = actions.organisation_by_slug(session, "craft-school")
        with pytest.raises(ConflictError):
            actions.grant_role(session, viewer, person, Role.OPERATOR, own)
        with pytest.raises(ConflictError):
            actions.grant_role(session, viewer, person, Role.TEACHER, None)


def test_there_is_only_one_first_operator(database, world):
    with database.writing() as session, pytest.raises(ConflictError):
        actions.add_first_operator(session, "Second", "second@service.example")


def test_everything_wrong_with_an_organisation_is_named_at_once(database, world):
    bad = actions.OrganisationProfile(
        name=" ",
        kind="band",
        region_slug="nowhere",
        website="javascript:alert(1)",
        email="x@y\nBcc: z@z.example",
        identifiers=[{"identifier": "", "identifierType": "VAT"}],
    )
    with database.writing() as session, pytest.raises(InvalidError) as refused:
        actions.add_organisation(session, world.viewer(session, "operator"), "Not A Slug", bad)
    where = {fault.where for fault in refused.value.faults}
    assert where == {"slug", "name", "kind", "region_slug", "website", "email", "identifiers"}
