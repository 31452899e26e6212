"""Makes the web application: hands each room what it needs, registers its pages, fills the slots that look forward."""

import os
import tempfile
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import lazy_gettext as _l
from werkzeug.middleware.proxy_fix import ProxyFix

from badge_service.alliance import fragments as alliance_fragments
from badge_service.alliance import pages as alliance
from badge_service.awards import fragments as awards_fragments
from badge_service.awards import pages as awards
from badge_service.awards.api import blueprint as awards_api
from badge_service.backpack import pages as backpack
from badge_service.backpack.pages import fragments as backpack_fragments
from badge_service.curriculum import fragments as curriculum_fragments
from badge_service.curriculum import pages as curriculum
from badge_service.curriculum.api import blueprint as curriculum_api
from badge_service.curriculum.pages.tabs import add_tab, is_studio
from badge_service.demo.pages import offered_samples
from badge_service.demo.pages import pages as demo_pages
from badge_service.keyring.rules import Keyring
from badge_service.people import pages as people
from badge_service.people.accounts import init_accounts, viewer_loader
from badge_service.people.purposes import init_purposes
from badge_service.programs import fragments as programs_fragments
from badge_service.programs import pages as programs
from badge_service.programs.door import init_door
from badge_service.settings import Settings
from badge_service.storage.session import Database
from badge_service.surveys import pages as surveys
from badge_service.verifier import api as verifier_api
from badge_service.verifier import pages as verifier
from badge_service.web import navigation, slots
from badge_service.web.shell import init_shell, seal_shell
from badge_service.web.surroundings import use_surroundings
from badge_service.web.viewer import use_viewer_loader
from badge_service.worker import EmbeddedWorker, Worker, attach, make_queue, start_embedded
from badge_service.workshops import fragments as workshops_fragments
from badge_service.workshops import pages as workshops
from badge_service.workshops.api import blueprint as workshops_api

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def create_app(settings: Settings, database: Database, keyring: Keyring) -> Flask:
    """The whole application over one open service; `app.extensions["start_worker"]()` starts the work inside it."""
    app = Flask("badge_service", static_folder=None)
    _configure(app, settings)
    app.extensions["badge_database"] = database
    use_surroundings(app, settings, keyring)
    init_shell(app)
    init_accounts(app)
    init_purposes(app)
    init_door(app)
    use_viewer_loader(app, viewer_loader)
    _register_pages(app, settings)
    _add_navigation(app)
    _fill_slots(app)
    seal_shell(app)
    _prepare_worker(app, settings, database, keyring)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=_secret(settings.data_folder / "secret.key"),
        PUBLIC_URL=settings.address,
        DEMO=settings.demo,
        FOR_TRIAL=settings.is_for_trial,
        INSECURE_LAN=settings.insecure_lan,
        CACHE_FOLDER=str(settings.data_folder / "cache"),
        TRUSTED_HOSTS=None if settings.insecure_lan else _hosts(settings),
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _hosts(settings: Settings) -> list[str]:
    named = [urlsplit(url).hostname or "" for url in (settings.public_url, settings.address)]
    return sorted({*named, *(_LOOPBACK if not settings.is_https else ())})


def _secret(file: Path) -> str:
    """The key of sessions and forms, made once, whole or not at all; readable by this user alone."""
    if not file.exists() or not file.read_text():
        handle, unfinished = tempfile.mkstemp(dir=file.parent, prefix=".secret-")
        with os.fdopen(handle, "w") as written:
            written.write(os.urandom(32).hex())
        _put_in_place(Path(unfinished), file)
    return file.read_text()


def _put_in_place(unfinished: Path, file: Path) -> None:
    """Of two processes that start at once the first wins; an empty file that a crash left is replaced."""
    try:
        os.link(unfinished, file)
    except FileExistsError:
        if not file.read_text():
            unfinished.replace(file)
            return
    unfinished.unlink()


def _register_pages(app: Flask, settings: Settings) -> None:
    for blueprint in (
        people.blueprint,
        programs.blueprint,
        surveys.blueprint,
        curriculum.blueprint,
        curriculum_api,
        alliance.blueprint,
        workshops.blueprint,
        workshops_api,
        workshops.door_blueprint,
        awards.blueprint,
        awards_api,
        backpack.learner_pages,
        backpack.public_pages,
        verifier.blueprint,
        verifier_api.blueprint,
    ):
        app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(demo_pages)


def _add_navigation(app: Flask) -> None:
    navigation.add(app, "verifier.check", _l("Check a badge"))
    navigation.add(app, "curriculum.catalogue", _l("What can be earned"))
    navigation.add(app, "alliance.alliances", _l("Alliances"))
    planners = navigation.holders_of("teacher", "let_lead", "organisation_admin")
    navigation.add(app, "workshops.workshops", _l("Workshops"), planners)
    leads = navigation.holders_of("let_lead")
    navigation.add(app, "curriculum.definitions", _l("Definitions"), leads, leads_to=is_studio)
    navigation.add(app, "backpack.badges", _l("My badges"), navigation.the_signed_in)
    add_tab(app, "alliance.plans", _l("Plans"))
    add_tab(app, "alliance.all_needs", _l("Needs"))


def _fill_slots(app: Flask) -> None:
    slots.register(app, "footer.links", people.footer_links)
    if app.config["DEMO"]:
        slots.register(app, "verify.after", offered_samples)
    for fillers in (
        awards_fragments.SLOTS,
        workshops_fragments.SLOTS,
        programs_fragments.SLOTS,
        backpack_fragments.SLOTS,
        curriculum_fragments.SLOTS,
        alliance_fragments.SLOTS,
    ):
        for name, filler in fillers.items():
            slots.register(app, name, filler)


def _prepare_worker(app: Flask, settings: Settings, database: Database, keyring: Keyring) -> None:
    """Nothing runs yet: a test or a command that never serves has no threads."""
    worker = Worker(settings, database, keyring)
    queue = make_queue(settings)
    app.extensions["wake_worker"] = attach(queue, worker)
    running: list[EmbeddedWorker] = []
    app.extensions["start_worker"] = partial(_start, settings, queue, running)
    app.extensions["stop_worker"] = partial(_stop, app, running)


def _start(settings: Settings, queue: object, running: list[EmbeddedWorker]) -> None:
    running.append(start_embedded(settings, queue))


def _stop(app: Flask, running: list[EmbeddedWorker]) -> None:
    while running:
        running.pop().stop()
    verifier.close_sandbox(app)
