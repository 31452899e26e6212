"""The one blueprint of this room, and what several of its pages need: the workshop asked for, signing after the commit."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

from flask import Blueprint, current_app

from badge_service.awards import actions
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.viewers import own_viewer
from badge_service.register import actions as register
from badge_service.web.surroundings import current_keyring, current_settings
from badge_service.web.unit_of_work import after_commit, current_database, current_session
from badge_service.workshops.tables import Workshop

SIGN_AT_ONCE = 40

blueprint = Blueprint(
    "awards",
    __name__,
    template_folder="../templates",
    static_folder=str(Path(__file__).parents[1] / "static"),
    static_url_path="/static/awards",
)


def asked_for(token: str, slug: str, version: str) -> tuple[Workshop, DefinitionVersion]:
    """The viewer's workshop and the version it teaches; raises `NotFoundError`."""
    workshop = actions.find_taught(current_session(), own_viewer(), token)
    return workshop, actions.find_taught_version(current_session(), workshop, slug, version)


def sign_after_commit(tokens: Sequence[str]) -> None:
    """Sign what this request intends once it is committed: a class at once, more than that by the worker.

    Status lists that changed are signed anew either way. Whatever fails stays written down and is repeated.
    """
    database, keyring, algorithm = current_database(), current_keyring(), current_settings().jwt_algorithm
    wake = cast("Callable[[], object] | None", current_app.extensions.get("wake_worker"))

    def work() -> None:
        try:
            if wake is None or len(tokens) <= SIGN_AT_ONCE:
                register.sign_intended(database, keyring, document_tokens=tokens, jwt_algorithm=algorithm)
        finally:
            if wake is not None:
                with suppress(OSError):  # the worker looks by itself every minute
                    wake()

    after_commit(work)
