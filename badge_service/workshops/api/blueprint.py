"""What the operations of this room share: the blueprint, and the workshop that a request means."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _

from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.programs.operations import Call
from badge_service.programs.rules.shapes import whole
from badge_service.web.forms import small_number
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.tables import Workshop

blueprint = Blueprint("workshops_api", __name__)

LARGEST_NUMBER = 9999
DAY: dict[str, Any] = {"type": "string", "format": "date"}
NUMBER = whole(1, LARGEST_NUMBER, description="names the learner in this workshop")


def workshop_of(call: Call, token: str) -> Workshop:
    """The workshop with this token, if it is one of the caller's organisation; raises `NotFoundError`."""
    return actions.find_workshop(current_session(), call.caller.viewer, token)


def learner_number(typed: str) -> int:
    """The number in an address; raises `NotFoundError` for what is none."""
    number = small_number(typed)
    if not number or number > LARGEST_NUMBER:
        raise NotFoundError(_("There is no learner with this number."))
    return number


def refuse(message: str, faults: Iterable[Fault]) -> None:
    """Raise `InvalidError` with these faults, if there are any."""
    found = list(faults)
    if found:
        raise InvalidError(message, faults=found[:50])
