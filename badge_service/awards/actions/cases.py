"""Cases of prior learning before their decision: asked for, found, listed, given an assessor, taken back."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from badge_service.awards.actions.notices import CASE_MAIL
from badge_service.awards.rules.cases import BEING_LOOKED_AT, NOT_ENDED, CaseState, statement_faults
from badge_service.awards.tables import Award, RecognitionCase
from badge_service.curriculum.rules import VersionState, rubric_of
from badge_service.curriculum.tables import DefinitionVersion, Pathway
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Person, RoleGrant
from badge_service.storage import audit, outbox
from badge_service.storage.session import now, token
from badge_service.web.paging import Listing, page_of
from badge_service.workshops.rules.learners import name_faults

ASSESSOR_MAIL = "assessor_mail"
"""The outbox job that tells a teacher that a colleague has named them as the assessor of a case."""


def is_recognisable(session: Session, version: DefinitionVersion) -> bool:
    """Whether prior learning can lead to this badge: it is awarded still, is judged by a rubric, and is no stack."""
    stacked = select(Pathway.id).where(Pathway.definition_id == version.definition_id)
    return (
        version.state == VersionState.PUBLISHED
        and bool(rubric_of(version.content).criteria)
        and session.scalar(stacked) is None
    )


def ask_for_recognition(
    session: Session, viewer: Viewer, version: DefinitionVersion, statement: str
) -> RecognitionCase:
    """Open a case for the viewer's own prior learning.

    Raises `InvalidError`, `NotAllowedError` for strangers, `ConflictError` when there is nothing to ask for.
    """
    viewer.acting_key()
    if faults := statement_faults(statement):
        raise InvalidError(_("This cannot be sent yet."), faults=faults)
    person = people.person_by_id(session, viewer.person_id or 0)
    email = people.address_to_write_to(session, person.id)
    case = _open(session, viewer, version, person, person.name, email, statement)
    if not _asked_lately(session, case):
        outbox.promise(session, CASE_MAIL, {"case": case.token})
    return case


def open_case(
    session: Session, viewer: Viewer, version: DefinitionVersion, *, name: str, email: str | None
) -> RecognitionCase:
    """Open a case for somebody who asks in person; its teacher is its assessor until another is named.

    Raises `InvalidError`, `NotFoundError` for a foreign micro-credential, `ConflictError` when there is one already.
    """
    if not viewer.has_role(Role.TEACHER, version.definition.organisation_id):
        raise NotFoundError(_("There is no such micro-credential among yours."), code="version.missing")
    faults = [Fault("name", fault.message, fault.code) for fault in name_faults(0, name.strip())]
    try:
        person = None if faults else people.add_person(session, viewer, name.strip(), email, version.language)
    except InvalidError as error:
        faults.extend(error.faults)
    if faults or person is None:
        raise InvalidError(_("This case cannot be opened yet."), faults=faults)
    case = _open(session, viewer, version, person, name.strip(), email, "")
    if person.id != viewer.person_id:
        case.assessor_id = viewer.person_id
    session.flush()
    session.refresh(case)
    return case


def find_case(session: Session, viewer: Viewer, case_token: str, *, lock: bool = False) -> RecognitionCase:
    """A case of the viewer's organisation, never their own; raises `NotFoundError`."""
    return _find(session, case_token, _of_teacher(viewer), lock=lock)


def find_own_case(
    session: Session, viewer: Viewer, case_token: str, *, lock: bool = False
) -> RecognitionCase:
    """A case of the viewer as its learner; raises `NotFoundError`."""
    return _find(session, case_token, RecognitionCase.person_id == (viewer.person_id or 0), lock=lock)


def own_cases(session: Session, viewer: Viewer) -> Sequence[RecognitionCase]:
    """What the viewer has asked for, newest first; the last fifty."""
    mine = select(RecognitionCase).where(RecognitionCase.person_id == (viewer.person_id or 0))
    return session.scalars(mine.order_by(RecognitionCase.id.desc()).limit(50)).unique().all()


def cases_of(
    session: Session, viewer: Viewer, states: Collection[CaseState], page: int = 1
) -> Listing[RecognitionCase]:
    """One page of the cases of the viewer's organisations in these states, the longest waiting first."""
    found = select(RecognitionCase).where(_of_teacher(viewer))
    found = found.where(RecognitionCase.state.in_([state.value for state in states]))
    return page_of(session, found.order_by(RecognitionCase.id), page)


def count_cases(session: Session, viewer: Viewer) -> int:
    """How many cases of the viewer's organisations wait for an assessor, or for this viewer as their assessor."""
    waiting = select(func.count()).select_from(RecognitionCase).where(_of_teacher(viewer))
    for_me = RecognitionCase.assessor_id.is_(None) | (RecognitionCase.assessor_id == (viewer.person_id or 0))
    states = [state.value for state in BEING_LOOKED_AT]
    return session.scalar(waiting.where(RecognitionCase.state.in_(states), for_me)) or 0


def assessor_choices(session: Session, case: RecognitionCase) -> Sequence[Person]:
    """The teachers of the organisation but for the learner, by name."""
    teachers = select(RoleGrant.person_id).where(
        RoleGrant.organisation_id == case.organisation_id, RoleGrant.role == Role.TEACHER.value
    )
    able = select(Person).where(
        Person.id.in_(teachers), Person.id != case.person_id, Person.erased_at.is_(None)
    )
    return session.scalars(able.order_by(Person.name)).all()


def name_assessor(
    session: Session, viewer: Viewer, case_token: str, person_id: int | None
) -> RecognitionCase:
    """Say who judges a case; who was named by somebody else is told by mail.

    Raises `NotFoundError`, `ConflictError` once it was decided, `InvalidError`.
    """
    case = find_case(session, viewer, case_token, lock=True)
    require_open(case)
    if person_id not in {one.id for one in assessor_choices(session, case)}:
        message = _("Choose a teacher of this organisation.")
        raise InvalidError(message, faults=[Fault("assessor", message, "assessor")])
    case.assessor_id, case.state, case.assessed_at = person_id, CaseState.OPEN.value, None
    audit.record(session, viewer.acting_key(), "case.assessor", f"case:{case.token}", person=person_id)
    if person_id != viewer.person_id:
        outbox.promise(session, ASSESSOR_MAIL, {"case": case.token})
    session.flush()
    session.refresh(case)
    return case


def withdraw_case(session: Session, viewer: Viewer, case_token: str) -> RecognitionCase:
    """The learner takes the request back; it is not judged any more. Raises `NotFoundError`, `ConflictError`."""
    case = find_own_case(session, viewer, case_token, lock=True)
    require_open(case)
    case.state = CaseState.WITHDRAWN.value
    case.decided_by, case.decided_at = viewer.acting_key(), now(session)
    audit.record(session, viewer.acting_key(), "case.withdraw", f"case:{case.token}")
    session.flush()
    return case


def require_open(case: RecognitionCase) -> None:
    """Raise `ConflictError` once a case was decided or taken back."""
    if case.state not in BEING_LOOKED_AT:
        raise ConflictError(_("This case is closed."), code="case.closed")


def _open(
    session: Session,
    viewer: Viewer,
    version: DefinitionVersion,
    person: Person,
    name: str,
    email: str | None,
    statement: str,
) -> RecognitionCase:
    _refuse_pointless(session, version, person)
    case = RecognitionCase(
        token=token(session),
        organisation_id=version.definition.organisation_id,
        version_id=version.id,
        person_id=person.id,
        name=name,
        email=email,
        statement=statement.strip(),
        state=CaseState.OPEN.value,
        asked_by=viewer.acting_key(),
        asked_at=now(session),
    )
    session.add(case)
    session.flush()
    session.refresh(case)
    audit.record(session, viewer.acting_key(), "case.open", f"case:{case.token}", version=version.id)
    return case


def _asked_lately(session: Session, case: RecognitionCase) -> bool:
    """Whether the teachers were told within a day that a case waits for an assessor; that list shows this one too."""
    others = select(RecognitionCase.id).where(
        RecognitionCase.organisation_id == case.organisation_id,
        RecognitionCase.id != case.id,
        RecognitionCase.assessor_id.is_(None),
        RecognitionCase.state == CaseState.OPEN.value,
        RecognitionCase.asked_at > now(session) - timedelta(days=1),
    )
    return session.scalar(others.limit(1)) is not None


def _refuse_pointless(session: Session, version: DefinitionVersion, person: Person) -> None:
    # Two requests of one person wait for each other here (SQLite's writing sessions do so anyway).
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    if not is_recognisable(session, version):
        raise ConflictError(
            _("This badge cannot be earned by what was learnt before."), code="case.not_recognisable"
        )
    held = select(Award.id).where(
        Award.person_id == person.id, Award.version_id == version.id, Award.ended_at.is_(None)
    )
    if session.scalar(held.limit(1)) is not None:
        raise ConflictError(_("This badge was given to this learner already."), code="case.held")
    asked = select(RecognitionCase.id).where(
        RecognitionCase.person_id == person.id,
        RecognitionCase.version_id == version.id,
        RecognitionCase.state.in_([state.value for state in NOT_ENDED]),
    )
    if session.scalar(asked) is not None:
        raise ConflictError(_("There is an open case for this badge already."), code="case.exists")


def _of_teacher(viewer: Viewer) -> ColumnElement[bool]:
    theirs = RecognitionCase.organisation_id.in_(viewer.organisations_as(Role.TEACHER))
    return theirs & (RecognitionCase.person_id != (viewer.person_id or 0))


def _find(session: Session, case_token: str, which: ColumnElement[bool], *, lock: bool) -> RecognitionCase:
    found = select(RecognitionCase).where(RecognitionCase.token == case_token, which)
    if lock:
        found = found.with_for_update(of=RecognitionCase).execution_options(populate_existing=True)
    case = session.scalars(found).unique().one_or_none()
    if case is None:
        raise NotFoundError(_("There is no such case among yours."), code="case.missing")
    return case
