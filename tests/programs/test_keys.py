"""A key lets one organisation's program in, for what it was made for, until it is revoked or its maker leaves."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from badge_service.errors import InvalidError, NotAllowedError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Role
from badge_service.programs import actions
from badge_service.programs.tables import ApiKey
from badge_service.storage.tables import AuditEntry
from tests.awards.conftest import World
from tests.programs.conftest import EVERYTHING, Program, codes, new_program


def test_only_the_hash_of_a_key_is_kept(program: Program, world: World) -> None:
    with world.database.reading() as session:
        row = session.scalar(select(ApiKey))
        stored = [str(value) for value in vars(row).values()]
        audited = [str(entry.details) for entry in session.scalars(select(AuditEntry))]
    assert not any(program.secret in text for text in (*stored, *audited))
    assert program.get("/workshops").status_code == 200


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer bsk_short", "Basic bsk_", "Bearer bsk_" + "A" * 43]
)
def test_without_a_known_key_nobody_is_let_in(app: Flask, program: Program, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    answer = app.test_client().get("/api/v1/workshops", headers=headers)
    assert answer.status_code == 401 and codes(answer) == {"key"}
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_signed_in_administrator_is_no_program(app: Flask, world: World) -> None:
    app.extensions["viewer_loader"] = lambda: world.viewers["admin"]
    assert app.test_client().get("/api/v1/workshops").status_code == 401


def test_a_revoked_key_is_refused_at_once_and_for_ever(program: Program, world: World) -> None:
    with world.database.writing() as session:
        actions.revoke_key(session, world.viewers["admin"], "craft-school", program.token)
        actions.revoke_key(session, world.viewers["admin"], "craft-school", program.token)
    assert program.get("/workshops").status_code == 401


def test_a_key_ends_with_its_makers_role_and_account(program: Program, world: World) -> None:
    admin = world.viewers["admin"]
    with world.database.writing() as session:
        account = people.open_account(session, admin.person_id or 0)
        account.active = False
    assert program.get("/workshops").status_code == 401
    with world.database.writing() as session:
        people.open_account(session, admin.person_id or 0).active = True
    assert program.get("/workshops").status_code == 200
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        person = people.person_by_id(session, admin.person_id or 0)
        people.withdraw_role(session, world.viewers["operator"], person, Role.ADMIN, school)
    assert program.get("/workshops").status_code == 401


def test_a_key_is_only_for_what_it_was_made_for(app: Flask, world: World) -> None:
    reader = new_program(app, world, ["workshops:read"])
    assert reader.get("/workshops").status_code == 200
    answer = reader.get(f"/workshops/{world.token}/enrolments")
    assert answer.status_code == 403 and codes(answer) == {"scope"}


@pytest.mark.parametrize("query", [{"key": "1"}, {"access_token": "x"}, {"cursor": "bsk_" + "A" * 43}])
def test_a_key_in_an_address_is_refused_with_or_without_a_good_one(
    program: Program, query: dict[str, str]
) -> None:
    answer = program.get("/workshops", **query)
    assert answer.status_code == 400 and codes(answer) == {"key_in_url"}


def test_the_last_use_is_known_to_five_minutes(program: Program, world: World, clock: object) -> None:
    def last_use() -> object:
        with world.database.reading() as session:
            return session.scalar(select(ApiKey.last_used_at))

    assert last_use() is None
    program.get("/workshops")
    first = last_use()
    clock.advance(minutes=4)  # type: ignore[attr-defined]
    program.get("/workshops")
    assert last_use() == first
    clock.advance(minutes=2)  # type: ignore[attr-defined]
    program.get("/workshops")
    assert last_use() != first


def test_who_may_make_and_revoke_keys(world: World, program: Program) -> None:
    with world.database.writing() as session:
        make = lambda who, name="A", scopes=EVERYTHING: actions.make_key(  # noqa: E731
            session, world.viewers[who], "craft-school", name, scopes
        )
        with pytest.raises(NotAllowedError):
            make("teacher")
        with pytest.raises(NotFoundError):
            make("other-admin")
        with pytest.raises(InvalidError):  # the key would act in the operator's name, who is none of theirs
            make("operator")
        with pytest.raises(InvalidError) as refused:
            make("admin", "\x07", ["everything"])
        assert {fault.where for fault in refused.value.faults} == {"name", "scopes"}
        with pytest.raises(NotFoundError):
            actions.revoke_key(session, world.viewers["other-admin"], "other-school", program.token)


def test_an_administrator_makes_a_key_sees_it_once_and_revokes_it(app: Flask, world: World) -> None:
    app.extensions["viewer_loader"] = lambda: world.viewers["admin"]
    client = app.test_client()
    page = client.get("/organisations/craft-school/keys").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    form = {"csrf_token": token[1], "name": "Timetable", "scopes": ["workshops:read"]}
    made = client.post("/organisations/craft-school/keys", data=form)
    secret = re.search(r"bsk_[A-Za-z0-9_-]{43}", made.text)
    assert secret is not None and made.headers["Cache-Control"] == "no-store"
    assert secret[0] not in client.get("/organisations/craft-school/keys").text
    assert Program(app, secret[0], "").get("/workshops").status_code == 200
    with world.database.reading() as session:
        key = session.scalar(select(ApiKey.token))
    gone = client.post(f"/organisations/craft-school/keys/{key}/revoke", data={"csrf_token": token[1]})
    assert gone.status_code == 302
    assert Program(app, secret[0], "").get("/workshops").status_code == 401
    assert "revoked" in client.get("/organisations/craft-school/keys").text


def test_a_form_with_nothing_in_it_says_all_that_is_missing(app: Flask, world: World) -> None:
    app.extensions["viewer_loader"] = lambda: world.viewers["admin"]
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().post("/organisations/craft-school/keys", data={"name": " "})
    assert answer.status_code == 422 and "2 things need correcting" in answer.text
