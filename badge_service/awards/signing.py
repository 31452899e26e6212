"""Signs after the commit what a request has intended: the step that every door of this room, pages and API, ends with."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import cast

from flask import current_app

from badge_service.register import actions as register
from badge_service.web.surroundings import current_keyring, current_settings
from badge_service.web.unit_of_work import after_commit, current_database

SIGN_AT_ONCE = 40


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
