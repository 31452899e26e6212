"""Co-creation sessions: planned together with their activity, with the rights agreed in writing and who agreed when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.alliance.actions.activities import create_activity, edit_activity
from badge_service.alliance.rules import (
    ActivityFacts,
    CoCreationFacts,
    Kind,
    activity_faults,
    agreement_faults,
    assent_faults,
    co_creation_faults,
    may_plan,
)
from badge_service.alliance.tables import (
    Activity,
    Alliance,
    CoCreationSession,
    RightsAgreement,
    RightsAssent,
)
from badge_service.curriculum.actions import find_own_let
from badge_service.curriculum.tables import Let
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.people.tables import Organisation
from badge_service.storage import audit
from badge_service.storage.revisions import begin_change
from badge_service.storage.session import now
from badge_service.web.paging import Listing, page_of


def plan_co_creation(
    session: Session,
    viewer: Viewer,
    let: Let,
    alliance: Alliance,
    organisation: Organisation,
    activity: ActivityFacts,
    facts: CoCreationFacts,
) -> CoCreationSession:
    """Plan a session of a team: its activity in the alliance, whose page is public, and what belongs to it.

    Raises InvalidError with every fault of both, NotFoundError for a foreign team or organisation.
    """
    own = find_own_let(session, viewer, let.slug)
    activity = replace(activity, kind=Kind.CO_CREATION.value)
    _refuse(activity_faults(activity, now(session).date()) + co_creation_faults(facts, activity.partners))
    planned = create_activity(session, viewer, alliance, organisation, activity)
    found = CoCreationSession(
        activity_id=planned.id, activity=planned, let_id=own.id, let=own, **_columns(facts)
    )
    session.add(found)
    session.flush()
    return found


def edit_co_creation(
    session: Session,
    viewer: Viewer,
    found: CoCreationSession,
    activity: ActivityFacts,
    facts: CoCreationFacts,
    revision: int,
) -> CoCreationSession:
    """Change both sides of a session. Raises as `plan_co_creation`, and StaleError when somebody was faster."""
    _own(session, viewer, found)
    activity = replace(activity, kind=Kind.CO_CREATION.value)
    _refuse(activity_faults(activity, now(session).date()) + co_creation_faults(facts, activity.partners))
    begin_change(session, found, revision)
    edit_activity(session, viewer, found.activity, activity)
    for name, value in _columns(facts).items():
        setattr(found, name, value)
    session.flush()
    return found


def co_creation_of(session: Session, activity: Activity) -> CoCreationSession | None:
    """What belongs to an activity that is a co-creation session."""
    return session.scalar(select(CoCreationSession).where(CoCreationSession.activity_id == activity.id))


def find_own_co_creation(session: Session, viewer: Viewer, activity_token: str) -> CoCreationSession:
    """The session at this address if the viewer may change its activity; raises NotFoundError."""
    found = session.scalar(
        select(CoCreationSession)
        .join(Activity, Activity.id == CoCreationSession.activity_id)
        .where(Activity.token == activity_token)
    )
    if found is None or not may_plan(viewer, found.activity.organisation_id):
        raise NotFoundError(_("There is no such session among yours."), code="co_creation.unknown")
    return found


def co_creations_of(session: Session, let: Let, page: int = 1) -> Listing[CoCreationSession]:
    """One page of a team's sessions, the newest first."""
    query = (
        select(CoCreationSession)
        .join(Activity, Activity.id == CoCreationSession.activity_id)
        .where(CoCreationSession.let_id == let.id)
        .order_by(Activity.starts_on.desc(), Activity.id.desc())
    )
    return page_of(session, query, page)


def write_agreement(session: Session, viewer: Viewer, found: CoCreationSession, text: str) -> RightsAgreement:
    """Write the rights agreement, or a new version of it; earlier ones stay with who agreed to them.

    The same text again changes nothing. Raises InvalidError, NotFoundError for a foreign session.
    """
    own = _own(session, viewer, found)
    _refuse(agreement_faults(text))
    newest = newest_agreement(session, own)
    if newest is not None and newest.text == text.strip():
        return newest
    agreement = RightsAgreement(
        session_id=own.id,
        version=newest.version + 1 if newest else 1,
        text=text.strip(),
        written_by=viewer.acting_key(),
        written_at=now(session),
    )
    session.add(agreement)
    session.flush()
    _record(session, viewer, "co_creation.agreement", own, agreement.version)
    return agreement


def record_assent(
    session: Session,
    viewer: Viewer,
    found: CoCreationSession,
    version: int,
    party: str,
    agreed_on: date | None,
) -> RightsAssent:
    """Write down that a party agreed to a version of the text, which must be the newest; twice is once.

    Raises InvalidError with every fault, ConflictError when there is a newer text by now, NotFoundError.
    """
    own = _own(session, viewer, found)
    party = " ".join(party.split())
    faults = assent_faults(party, agreed_on, now(session).date())
    newest = newest_agreement(session, own)
    if newest is None:
        raise NotFoundError(_("There is no agreement yet. Write its text first."), code="agreement.missing")
    if newest.version != version:
        raise ConflictError(
            _("The text was changed meanwhile. Read the new version with the partner first."),
            code="agreement.newer",
        )
    if faults or agreed_on is None:
        raise InvalidError(_("Something needs correcting."), faults=faults)
    query = select(RightsAssent).where(RightsAssent.agreement_id == newest.id, RightsAssent.party == party)
    known = session.scalar(query)
    if known is not None:
        return known
    assent = RightsAssent(
        agreement_id=newest.id,
        party=party,
        agreed_on=agreed_on,
        recorded_by=viewer.acting_key(),
        recorded_at=now(session),
    )
    session.add(assent)
    session.flush()
    _record(session, viewer, "co_creation.assent", own, newest.version)
    return assent


def newest_agreement(session: Session, found: CoCreationSession) -> RightsAgreement | None:
    """The newest version of a session's rights agreement."""
    query = select(RightsAgreement).where(RightsAgreement.session_id == found.id)
    return session.scalar(query.order_by(RightsAgreement.version.desc()).limit(1))


def agreements_of(
    session: Session, found: CoCreationSession
) -> list[tuple[RightsAgreement, Sequence[RightsAssent]]]:
    """All versions of a session's rights agreement, the newest first, each with who agreed to it when."""
    query = select(RightsAgreement).where(RightsAgreement.session_id == found.id)
    agreements = session.scalars(query.order_by(RightsAgreement.version.desc())).all()
    assents = session.scalars(
        select(RightsAssent)
        .where(RightsAssent.agreement_id.in_([one.id for one in agreements]))
        .order_by(RightsAssent.agreed_on, RightsAssent.id)
    ).all()
    return [(one, [assent for assent in assents if assent.agreement_id == one.id]) for one in agreements]


def count_assents(session: Session, agreement: RightsAgreement) -> int:
    """How many parties agreed to a version of the text."""
    query = select(func.count()).where(RightsAssent.agreement_id == agreement.id)
    return session.scalar(query) or 0


def _own(session: Session, viewer: Viewer, found: CoCreationSession) -> CoCreationSession:
    """The session, held until the commit, so that versions are counted one by one."""
    if not may_plan(viewer, found.activity.organisation_id):
        raise NotFoundError(_("There is no such session among yours."), code="co_creation.unknown")
    session.refresh(found, with_for_update={"of": CoCreationSession})
    return found


def _record(session: Session, viewer: Viewer, deed: str, found: CoCreationSession, version: int) -> None:
    audit.record(session, viewer.acting_key(), deed, f"activity:{found.activity.token}", version=version)


def _columns(facts: CoCreationFacts) -> dict[str, object]:
    return {
        "challenge": facts.challenge.strip(),
        "roles": list(facts.roles),
        "outputs": facts.outputs.strip(),
        "sectors": sorted(set(facts.sectors)),
    }


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
