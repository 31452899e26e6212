"""A small world: two organisations in one region, an operator, an admin of each, a teacher of the first."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from badge_service.keyring.files import KeyFolder
from badge_service.people import actions
from badge_service.people.accounts import init_accounts, viewer_loader
from badge_service.people.pages import blueprint, footer_links
from badge_service.people.purposes import init_purposes
from badge_service.people.rules import Role, Viewer
from badge_service.settings import Settings, for_demo
from badge_service.storage import outbox
from badge_service.storage.session import Database
from badge_service.web import mail, slots
from badge_service.web.shell import init_shell, seal_shell
from badge_service.web.surroundings import use_surroundings
from badge_service.web.viewer import use_viewer_loader


@dataclass
class World:
    """Keys of the people who were made, by what they are."""

    operator: str
    admin: str
    teacher: str
    foreign_admin: str

    def viewer(self, session: Session, who: str) -> Viewer:
        return actions.load_viewer(session, key=getattr(self, who))


def profile(name: str, **more: object) -> actions.OrganisationProfile:
    return actions.OrganisationProfile(name=name, kind="school", region_slug="ruse", **more)  # type: ignore[arg-type]


@pytest.fixture
def world(database: Database) -> World:
    with database.writing() as session:
        operator = actions.add_first_operator(session, "Olga", "olga@service.example")
        viewer = actions.load_viewer(session, operator.id)
        actions.add_region(session, viewer, slug="ruse", name="Русе", country="BG")
        keys = {"operator": operator.key}
        for slug, who in (("craft-school", "admin"), ("other-school", "foreign_admin")):
            organisation = actions.add_organisation(session, viewer, slug, profile(f"School {slug}"))
            person = actions.add_person(session, viewer, f"Admin {slug}", f"{who}@{slug}.example")
            actions.verify_address(session, person.id, f"{who}@{slug}.example")
            actions.grant_role(session, viewer, person, Role.ADMIN, organisation)
            keys[who] = person.key
        teacher = actions.add_person(session, viewer, "Тодор", "todor@craft-school.example", "bg")
        actions.verify_address(session, teacher.id, "todor@craft-school.example")
        own = actions.organisation_by_slug(session, "craft-school")
        actions.grant_role(session, viewer, teacher, Role.TEACHER, own)
        keys["teacher"] = teacher.key
    return World(**keys)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return for_demo(tmp_path)


@pytest.fixture
def app(database: Database, settings: Settings, keyring: KeyFolder) -> Flask:
    """The shell with the pages of this room, guarded against forged forms as in real life."""
    made = Flask("badge_service.people")
    made.config.update(SECRET_KEY="for tests only", PUBLIC_URL=settings.public_url)
    made.extensions["badge_database"] = database
    init_shell(made)
    use_surroundings(made, settings, keyring)
    init_accounts(made)
    init_purposes(made)
    use_viewer_loader(made, viewer_loader)
    made.register_blueprint(blueprint)
    slots.register(made, "footer.links", footer_links)
    seal_shell(made)
    return made


class Browser:
    """A browser that sends forms as pages offer them, with their hidden fields."""

    def __init__(self, app: Flask, database: Database, settings: Settings) -> None:
        self.client, self.database, self.settings = app.test_client(), database, settings

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def send(self, page: str, path: str | None = None, **fields: str) -> TestResponse:
        """Open `page`, take the protection of its form, and post `fields` to `path` (or the page itself)."""
        guard = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(page).get_data(as_text=True))
        assert guard, f"no form on {page}"
        return self.client.post(path or page, data={"csrf_token": guard[1], **fields})

    def ask_for_link(self, email: str, **more: str) -> TestResponse:
        return self.send("/sign-in", "/sign-in/link", email=email, **more)

    def mails(self) -> list[mail.LaidMail]:
        outbox.run_due(self.database, {mail.KIND: mail.deliver(self.settings)})
        return mail.laid_mails(self.settings.mail_folder)

    def mailed_link(self, to: str | None = None) -> str:
        for letter in self.mails():
            found = re.search(r"/link/\S+", letter.text)
            if found and to in (None, letter.to):
                return found[0]
        raise AssertionError("no link was mailed")

    def sign_in(self, email: str, **more: str) -> TestResponse:
        self.ask_for_link(email, **more)
        link = self.mailed_link(email)
        for laid in self.settings.mail_folder.iterdir():
            laid.unlink()
        return self.send(link)

    def is_signed_in(self) -> bool:
        return self.get("/account").status_code == 200


@pytest.fixture
def browser(app: Flask, database: Database, settings: Settings, world: World) -> Browser:
    return Browser(app, database, settings)
