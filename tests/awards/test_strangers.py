"""Whoever may not change a badge makes nobody wait who may: it is asked first who it is, and held only then."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards import actions
from badge_service.awards.actions import locking
from badge_service.awards.tables import Award
from badge_service.backpack.actions import naming, sharing
from badge_service.errors import NotFoundError
from badge_service.people.rules import Viewer
from badge_service.register.rules import RevocationReason

from .conftest import World

DEEDS: dict[str, Callable[[Session, Viewer, str], Any]] = {
    "revoke": lambda session, viewer, token: actions.revoke_award(
        session, viewer, token, RevocationReason.MISTAKE
    ),
    "undo a claim": actions.undo_claim,
    "print a card": actions.new_card,
    "print a return card": actions.return_card,
    "send again": actions.send_again,
    "accept": lambda session, viewer, token: actions.accept_own(session, viewer, token, with_name=False),
    "decline": actions.decline_own,
    "open": lambda session, viewer, token: sharing.set_sharing(session, viewer, token, "link"),
    "take the name out": lambda session, viewer, token: naming.set_name(
        session, viewer, token, with_name=False
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_stranger_is_refused_before_anything_is_held(
    world: World, class_of_three: list[int], monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    world.award(*class_of_three, sign=False)
    with world.database.reading() as session:
        token = session.scalars(select(Award.token).limit(1)).one()

    def held(*_args: Any) -> None:
        raise AssertionError("held for a stranger")

    monkeypatch.setattr(locking, "_lock", held)
    with world.database.writing() as session, pytest.raises(NotFoundError):
        DEEDS[deed](session, world.viewers["other-teacher"], token)
