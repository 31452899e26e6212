"""The API for badges that were given: list them, read one, withdraw one in a teacher's name."""

from typing import Any

from flask_babel import gettext as _

from badge_service.awards import actions
from badge_service.awards.actions.listing import ListedAward, awards_from, listed_award
from badge_service.awards.api.blueprint import TAUGHT, TEACHER, blueprint
from badge_service.awards.rules import AwardState
from badge_service.awards.signing import sign_after_commit
from badge_service.errors import ConflictError
from badge_service.programs import actions as programs
from badge_service.programs.operations import Call, Operation, note, operation
from badge_service.programs.paging import after, bad_cursor, page
from badge_service.programs.rules import Scope
from badge_service.programs.rules.shapes import PAGED, listing, named, shape, text
from badge_service.register.rules import RevocationReason, credential_path
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session

_MOMENT = {"type": "string", "format": "date-time"}
_MAYBE = {"type": ["string", "null"], "format": "date-time"}
AWARD = named(
    "Award",
    shape(
        {
            "token": text(60),
            "state": {"enum": [state.value for state in AwardState]},
            "signature": {"enum": ["made", "waiting"]},
            **TAUGHT,
            "workshop": {"type": ["string", "null"]},
            "learner": {"type": ["integer", "null"], "description": "number in the workshop"},
            "decided_at": _MOMENT,
            "accepted_at": _MAYBE,
            "ended_at": _MAYBE,
            "address": text(2000, description="of the badge; it answers when the learner opens it"),
        }
    ),
)
REVOKING = shape(
    {"reason": {"enum": [reason.value for reason in actions.SCHOOL_REASONS]}, "decided_by": TEACHER}
)


@operation(
    blueprint,
    "/api/v1/awards",
    Operation(
        "GET",
        "The badges that your organisation gave, in the order in which it gave them",
        Scope.AWARDS_READ,
        listing(AWARD),
        query={
            "workshop": text(60, description="only those of this workshop"),
            "state": {"enum": [state.value for state in AwardState]},
            **PAGED,
        },
    ),
)
def awards(call: Call) -> dict[str, Any]:
    """One page, without names: learners are numbers of their workshop."""
    limit, last = call.query["limit"], after(call.query["cursor"])
    found = awards_from(
        current_session(),
        call.caller.organisation_id,
        last,
        limit + 1,
        activity_token=call.query["workshop"],
        state=call.query["state"],
    )
    if found is None:
        raise bad_cursor()
    return page(found, limit, lambda one: one.award.token, _told)


@operation(
    blueprint,
    "/api/v1/awards/<token>",
    Operation("GET", "One badge", Scope.AWARDS_READ, AWARD),
)
def award_of(call: Call, token: str) -> dict[str, Any]:
    """Its state and where it comes from."""
    session = current_session()
    return _told(listed_award(session, actions.find_teachers_award(session, call.caller.reader, token)))


@operation(
    blueprint,
    "/api/v1/awards/<token>/revoke",
    Operation(
        "POST",
        "Withdraw one badge for ever, in a teacher's name",
        Scope.AWARDS_WRITE,
        AWARD,
        body=REVOKING,
        refusals=(409,),
    ),
)
def revoke(call: Call, token: str) -> dict[str, Any]:
    """Whoever checks it is told so and why; it cannot be taken back."""
    session, body = current_session(), call.body
    teacher = programs.named_teacher(session, call.caller, body["decided_by"])
    award = actions.hold_teachers_award(session, teacher, token)
    if award.ended_at is not None:
        raise ConflictError(_("This badge has ended already, for ever."), code="revocation_final")
    actions.revoke_award(session, teacher, token, RevocationReason(body["reason"]))
    note(call, "revoke", f"award:{token}", teacher=teacher.acting_key())
    sign_after_commit([])
    return _told(listed_award(session, award))


def _told(one: ListedAward) -> dict[str, Any]:
    award = one.award
    return {
        "token": award.token,
        "state": award.state,
        "signature": "waiting" if one.unsigned else "made",
        "definition": award.version.definition.slug,
        "version": award.version.version,
        "workshop": award.activity.token if award.activity else None,
        "learner": one.number,
        "decided_at": award.decided_at.isoformat(),
        "accepted_at": award.accepted_at.isoformat() if award.accepted_at else None,
        "ended_at": award.ended_at.isoformat() if award.ended_at else None,
        "address": current_settings().public_url + credential_path(award.token),
    }
