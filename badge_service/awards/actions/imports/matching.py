"""Who the learners of an import are, as far as the organisation knows them, and which of them have the badge already."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from badge_service.alliance.tables import Activity
from badge_service.awards.rules.imports import RowState
from badge_service.awards.tables import Award, AwardImport, ImportRow
from badge_service.people.rules import Viewer
from badge_service.people.tables import PersonAddress
from badge_service.storage.bulk import one_of
from badge_service.workshops.rules import folded
from badge_service.workshops.tables import Enrolment, Workshop


@dataclass(frozen=True)
class Named:
    """A learner as a row names them."""

    name: str
    email: str | None


def already_awarded(session: Session, found: AwardImport, learners: Sequence[Named]) -> set[Named]:
    """Those who have a standing award of this version: by their address, without one by their name in earlier imports."""
    emails = [one.email for one in learners if one.email]
    names = [one.name for one in learners if not one.email]
    by_email = set(session.scalars(_holding_addresses(session, found, emails)))
    by_email |= set(
        session.scalars(_earlier(found, ImportRow.email).where(one_of(session, ImportRow.email, emails)))
    )
    alone = _earlier(found, ImportRow.name).where(ImportRow.email.is_(None))
    by_name = set(session.scalars(alone.where(one_of(session, ImportRow.name, names))))
    return {one for one in learners if (one.email in by_email if one.email else one.name in by_name)}


def known_learners(session: Session, found: AwardImport, learners: Sequence[Named]) -> dict[Named, int]:
    """The persons whom the organisation has named with the same address before, in a workshop or an import.

    Their address is not proven, so the name must be the same too.
    """
    emails = [one.email for one in learners if one.email]
    enrolled = session.execute(
        select(Enrolment.name, Enrolment.email, Enrolment.person_id)
        .join(Workshop, Workshop.id == Enrolment.workshop_id)
        .join(Activity, Activity.id == Workshop.activity_id)
        .where(Activity.organisation_id == found.organisation_id, one_of(session, Enrolment.email, emails))
        .order_by(Enrolment.id.desc())
    )
    imported = session.execute(
        select(ImportRow.name, ImportRow.email, Award.person_id)
        .join(AwardImport, AwardImport.id == ImportRow.import_id)
        .join(Award, Award.id == ImportRow.award_id)
        .where(AwardImport.organisation_id == found.organisation_id, one_of(session, ImportRow.email, emails))
        .order_by(ImportRow.id.desc())
    )
    persons = {(folded(name), email): person for name, email, person in [*imported, *enrolled] if person}
    return {
        one: persons[folded(one.name), one.email]
        for one in learners
        if (folded(one.name), one.email) in persons
    }


def is_named(session: Session, found: AwardImport, viewer: Viewer) -> bool:
    """Whether a waiting row has an address of the viewer's, proven or not, or one under which a school listed them."""
    own = select(PersonAddress.email).where(PersonAddress.person_id == viewer.person_id)
    listed = select(Enrolment.email).where(
        Enrolment.person_id == viewer.person_id, Enrolment.email.is_not(None)
    )
    waiting = (ImportRow.import_id == found.id) & (ImportRow.state == RowState.WAITING.value)
    theirs = ImportRow.email.in_(own) | ImportRow.email.in_(listed)
    return session.scalar(select(ImportRow.id).where(waiting, theirs).limit(1)) is not None


def holders(session: Session, found: AwardImport, person_ids: Sequence[int]) -> set[int]:
    """Those of these persons who have a standing award of the version, from whomever."""
    standing = select(Award.person_id).where(Award.version_id == found.version_id, Award.ended_at.is_(None))
    return set(session.scalars(standing.where(one_of(session, Award.person_id, person_ids))))


def _holding_addresses(session: Session, found: AwardImport, emails: Sequence[str]) -> Select[str]:
    """Addresses of persons with a standing award of this version by this organisation."""
    standing = exists().where(
        Award.person_id == PersonAddress.person_id,
        Award.version_id == found.version_id,
        Award.organisation_id == found.organisation_id,
        Award.ended_at.is_(None),
    )
    return select(PersonAddress.email).where(one_of(session, PersonAddress.email, emails), standing)


def _earlier(found: AwardImport, column: InstrumentedAttribute[Any]) -> Select[Any]:
    """What this column says in rows of this organisation whose award of this version stands."""
    return (
        select(column)
        .join(AwardImport, AwardImport.id == ImportRow.import_id)
        .join(Award, Award.id == ImportRow.award_id)
        .where(
            AwardImport.organisation_id == found.organisation_id, AwardImport.version_id == found.version_id
        )
        .where(Award.ended_at.is_(None))
    )
