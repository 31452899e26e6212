"""Persons, addresses, accounts, consents."""

import pytest
from sqlalchemy import text

from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people import actions, rules
from badge_service.people.tables import Person


def test_a_person_is_matched_by_a_verified_address_only(database, world):
    with database.writing() as session:
        viewer = world.viewer(session, "teacher")
        unproven = actions.add_person(session, viewer, "Ана", "ana@school.example", "bg")
        assert actions.add_person(session, viewer, "Ana", "ANA@school.example").id != unproven.id
        actions.verify_address(session, unproven.id, "ana@school.example")
        assert actions.add_person(session, viewer, "Ana", " Ana@School.example ").id == unproven.id


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ana",
        "ana@",
        "ana@x",
        "a b@x.example",
        "a@x.example\nBcc: b@x.example",
        "a\x00@x.example",
        "<a@x.example>",
    ],
)
def test_what_is_no_address_is_refused(email):
    with pytest.raises(InvalidError) as refused:
        rules.normal_email(email)
    assert refused.value.faults[0].where == "email"


def test_cyrillic_addresses_and_names_are_welcome(database, world):
    with database.writing() as session:
        person = actions.add_person(
            session, world.viewer(session, "teacher"), "Ана Иванова", "ана@поща.бг", "bg"
        )
        assert actions.address_to_write_to(session, person.id) == "ана@поща.бг"


def test_a_learner_without_email_can_be_added(database, world):
    with database.writing() as session:
        person = actions.add_person(session, world.viewer(session, "teacher"), "Ива", None)
        assert actions.address_to_write_to(session, person.id) is None
        assert actions.open_account(session, person.id).email is None


def test_a_proven_address_cannot_be_proven_by_somebody_else(database, world):
    with database.writing() as session, pytest.raises(ConflictError):
        actions.verify_address(
            session, world.viewer(session, "admin").person_id, "todor@craft-school.example"
        )


def test_addresses_are_added_verified_preferred_and_removed(database, world):
    with database.writing() as session:
        viewer = world.viewer(session, "teacher")
        first = actions.addresses(session, viewer.person_id)[0]
        second = actions.add_address(session, viewer, "later@home.example")
        with pytest.raises(ConflictError):
            actions.write_to_address(session, viewer, second.id)
        actions.verify_address(session, viewer.person_id, "later@home.example")
        actions.write_to_address(session, viewer, second.id)
        assert actions.address_to_write_to(session, viewer.person_id) == "later@home.example"
        actions.remove_address(session, viewer, second.id)
        assert actions.address_to_write_to(session, viewer.person_id) == first.email
        with pytest.raises(ConflictError):
            actions.remove_address(session, viewer, first.id)


def test_a_removed_address_opens_nothing_any_more(database, world):
    with database.writing() as session:
        viewer = world.viewer(session, "teacher")
        account = actions.set_password(session, viewer, "four words in a row")
        first = actions.addresses(session, viewer.person_id)[0]
        assert actions.account_by_email(session, first.email) is account
        actions.add_address(session, viewer, "later@home.example")
        actions.verify_address(session, viewer.person_id, "later@home.example")
        open_link = actions.issue_link(session, "sign_in", first.email, viewer.person_id)
        actions.remove_address(session, viewer, first.id)
        assert actions.account_by_email(session, first.email) is None
        assert actions.person_to_write_to(session, first.email) is None
        assert actions.look_at_link(session, open_link.token).state is actions.LinkState.USED
        assert actions.account_by_email(session, "later@home.example") is account
        assert account.email == "later@home.example"


def test_an_address_let_go_can_be_proven_by_its_next_owner(database, world):
    with database.writing() as session:
        viewer, admin = world.viewer(session, "teacher"), world.viewer(session, "admin")
        actions.open_account(session, viewer.person_id)
        first = actions.addresses(session, viewer.person_id)[0]
        actions.verify_address(session, viewer.person_id, "later@home.example")
        actions.remove_address(session, viewer, first.id)
        actions.verify_address(session, admin.person_id, first.email)
        theirs = actions.open_account(session, admin.person_id)
        assert actions.account_by_email(session, first.email) is theirs


def test_an_address_that_somebody_typed_for_themselves_is_theirs_only_once_confirmed(database, world):
    with database.writing() as session:
        earlier = world.viewer(session, "teacher")
        actions.add_address(session, earlier, "newteacher@craft-school.example")
        assert actions.person_to_write_to(session, "newteacher@craft-school.example") is None
        admin = world.viewer(session, "admin")
        entered = actions.add_person(session, admin, "New Teacher", "newteacher@craft-school.example")
        assert actions.person_to_write_to(session, "newteacher@craft-school.example") is entered
        actions.verify_address(session, entered.id, "newteacher@craft-school.example")
        assert actions.account_by_email(session, "newteacher@craft-school.example") is None
        assert actions.person_to_write_to(session, "newteacher@craft-school.example") is entered


def test_an_unconfirmed_address_is_never_the_one_we_write_to(database, world):
    with database.writing() as session:
        viewer = world.viewer(session, "teacher")
        first = actions.addresses(session, viewer.person_id)[0]
        typed = actions.add_address(session, viewer, "somebody.else@school.example")
        with pytest.raises(ConflictError):
            actions.remove_address(session, viewer, first.id)
        actions.verify_address(session, viewer.person_id, "later@home.example")
        actions.remove_address(session, viewer, first.id)
        assert not typed.primary
        assert actions.address_to_write_to(session, viewer.person_id) == "later@home.example"


def test_a_learner_without_email_gets_no_account_address_by_typing_one(database, world):
    with database.writing() as session:
        person = actions.add_person(session, world.viewer(session, "teacher"), "Ива", None)
        viewer = actions.load_viewer(session, person.id)
        typed = actions.add_address(session, viewer, "somebody.else@school.example")
        assert actions.open_account(session, person.id).email is None
        assert actions.address_to_write_to(session, person.id) is None
        actions.remove_address(session, viewer, typed.id)
        actions.add_address(session, viewer, "iva@home.example")
        actions.verify_address(session, person.id, "iva@home.example")
        assert actions.address_to_write_to(session, person.id) == "iva@home.example"
        assert actions.account_by_email(session, "iva@home.example").email == "iva@home.example"


def test_another_persons_address_is_not_found(database, world):
    with database.writing() as session:
        theirs = actions.addresses(session, world.viewer(session, "admin").person_id)[0]
        for verb in (actions.remove_address, actions.write_to_address):
            with pytest.raises(NotFoundError):
                verb(session, world.viewer(session, "teacher"), theirs.id)


def test_a_password_is_never_stored_plain(database, world):
    with database.writing() as session:
        account = actions.set_password(session, world.viewer(session, "teacher"), "four words in a row")
        assert account.password.startswith("$argon2id$")
    with database.reading() as session:
        for table in ("accounts", "audit_entries", "outbox_jobs"):
            stored = " ".join(str(row) for row in session.execute(text(f"SELECT * FROM {table}")))
            assert "four words" not in stored


@pytest.mark.parametrize("password", ["short", "x" * 129, "aaaaaaaaaaaaaaaa", "todor-todor-todor"])
def test_weak_passwords_are_refused_with_the_reason(database, world, password):
    with database.writing() as session, pytest.raises(InvalidError) as refused:
        actions.set_password(session, world.viewer(session, "teacher"), password)
    assert refused.value.faults[0].where == "password"


def test_a_new_password_signs_out_everywhere_and_ends_open_links(database, world):
    with database.writing() as session:
        viewer = world.viewer(session, "teacher")
        account = actions.open_account(session, viewer.person_id)
        before, secret = account.fs_uniquifier, actions.begin_sign_in(session, account)
        link = actions.issue_link(session, "sign_in", account.email, viewer.person_id)
        assert actions.is_signed_in(session, account, secret)
        actions.set_password(session, viewer, "four words in a row")
        assert account.fs_uniquifier != before
        assert not actions.is_signed_in(session, account, secret)
        assert actions.look_at_link(session, link.token).state is actions.LinkState.USED


def test_erased_people_cannot_act(database, world, clock):
    with database.writing() as session:
        session.get(Person, world.viewer(session, "teacher").person_id).erased_at = clock()
        session.flush()
        with pytest.raises(NotFoundError):
            world.viewer(session, "teacher")


def test_consent_is_given_with_the_version_of_its_text_and_withdrawn(database, world):
    with database.writing() as session:
        viewer = world.viewer(session, "teacher")
        actions.give_consent(
            session, viewer, kind="name", subject="award:x", text_version="1", how="claim page"
        )
        assert [c.language for c in actions.standing_consents(session, viewer, "name")] == ["bg"]
        with pytest.raises(NotFoundError):
            actions.withdraw_consent(session, world.viewer(session, "admin"), kind="name", subject="award:x")
        actions.withdraw_consent(session, viewer, kind="name", subject="award:x")
        assert not actions.standing_consents(session, viewer, "name")
