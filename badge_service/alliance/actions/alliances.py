"""Opens a region's alliance, gives organisations their seats in it, and lists both."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import OPENERS, PLANNERS, AllianceFacts, alliance_faults
from badge_service.alliance.tables import Alliance, AllianceMember
from badge_service.errors import ConflictError, Fault, InvalidError, NotAllowedError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation, Region
from badge_service.storage import audit
from badge_service.storage.session import now


def open_alliance(session: Session, viewer: Viewer, facts: AllianceFacts) -> Alliance:
    """Open the alliance of a region; a LET lead or administrator of that region or the operator may.

    Raises InvalidError with every fault, NotFoundError for a region that is not theirs, ConflictError for a taken slug.
    """
    actor = viewer.acting_key()
    faults = alliance_faults(facts)
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
    if facts.region_id not in {region.id for region in openable_regions(session, viewer)}:
        raise NotFoundError(_("There is no such region."))
    if session.scalar(select(Alliance.id).where(Alliance.slug == facts.slug)):
        taken = Fault("slug", _("This address is taken. Choose another."), "taken")
        raise ConflictError(_("This address is taken."), code="taken", faults=[taken])
    alliance = Alliance(
        slug=facts.slug, name=facts.name.strip(), aims=facts.aims.strip(), region_id=facts.region_id
    )
    session.add(alliance)
    session.flush()
    audit.record(session, actor, "alliance.open", f"alliance:{facts.slug}")
    return alliance


def add_member(
    session: Session, viewer: Viewer, alliance: Alliance, organisation: Organisation
) -> AllianceMember:
    """Give an organisation its seat; twice is once. Raises NotAllowedError for people from elsewhere."""
    actor = viewer.acting_key()
    if not may_add_members(session, viewer, alliance):
        raise NotAllowedError(_("Only a LET lead or an administrator of this region adds members."))
    seat = session.get(AllianceMember, (alliance.id, organisation.id))
    if seat is None:
        seat = AllianceMember(
            alliance_id=alliance.id, organisation_id=organisation.id, since=now(session).date()
        )
        session.add(seat)
        session.flush()
        audit.record(
            session, actor, "alliance.add_member", f"alliance:{alliance.slug}", organisation=organisation.slug
        )
    return seat


def may_add_members(session: Session, viewer: Viewer, alliance: Alliance) -> bool:
    """Whether this person decides who sits in this alliance."""
    return alliance.region_id in {region.id for region in openable_regions(session, viewer)}


def openable_regions(session: Session, viewer: Viewer) -> list[Region]:
    """The regions for which this person opens alliances and seats members, by name."""
    query = select(Region).order_by(Region.name)
    if not viewer.has_role(Role.OPERATOR):
        own = viewer.organisations_as(*OPENERS)
        query = query.where(Region.id.in_(select(Organisation.region_id).where(Organisation.id.in_(own))))
    return list(session.scalars(query))


def organisations_to_add(session: Session, alliance: Alliance) -> list[Organisation]:
    """The organisations without a seat in this alliance, by name."""
    seated = select(AllianceMember.organisation_id).where(AllianceMember.alliance_id == alliance.id)
    return list(
        session.scalars(
            select(Organisation).where(Organisation.id.not_in(seated)).order_by(Organisation.name)
        )
    )


def alliances(session: Session) -> list[Alliance]:
    """All alliances, by name; there is one a region, so the list is short."""
    return list(session.scalars(select(Alliance).order_by(Alliance.name)))


def find_alliance(session: Session, slug: str) -> Alliance:
    """The alliance at this address; raises NotFoundError."""
    alliance = session.scalar(select(Alliance).where(Alliance.slug == slug))
    if alliance is None:
        raise NotFoundError(_("There is no alliance at this address."))
    return alliance


def members_of(session: Session, alliance: Alliance) -> list[AllianceMember]:
    """The seats of an alliance, by the organisations' names."""
    query = (
        select(AllianceMember)
        .join(Organisation, Organisation.id == AllianceMember.organisation_id)
        .where(AllianceMember.alliance_id == alliance.id)
        .order_by(Organisation.name)
    )
    return list(session.scalars(query))


def alliances_of(session: Session, viewer: Viewer) -> list[Alliance]:
    """The alliances in which the viewer's organisations sit, for its members and LET leads, by name."""
    mine = viewer.organisations_as(Role.MEMBER, Role.LET_LEAD)
    seats = select(AllianceMember.alliance_id).where(AllianceMember.organisation_id.in_(mine))
    return list(session.scalars(select(Alliance).where(Alliance.id.in_(seats)).order_by(Alliance.name)))


def hosts(session: Session, viewer: Viewer) -> list[tuple[Alliance, Organisation]]:
    """For whom this person may plan activities: their organisations, each with the alliances it sits in."""
    query = (
        select(Alliance, Organisation)
        .join(AllianceMember, AllianceMember.alliance_id == Alliance.id)
        .join(Organisation, Organisation.id == AllianceMember.organisation_id)
        .where(Organisation.id.in_(viewer.organisations_as(*PLANNERS)))
        .order_by(Organisation.name, Alliance.name)
    )
    return [(alliance, organisation) for alliance, organisation in session.execute(query)]
