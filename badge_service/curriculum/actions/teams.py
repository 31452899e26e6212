"""A team and its members: who may write about it, who belongs to it, and whose name may be shown publicly."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from badge_service.curriculum.actions.drafts import lets_of
from badge_service.curriculum.rules.teams import (
    MOST_MEMBERS,
    MemberFacts,
    TeamFacts,
    member_faults,
    team_faults,
)
from badge_service.curriculum.tables import (
    Framework,
    FrameworkItem,
    Let,
    LetMember,
    ListedVersion,
    VersionAlignment,
)
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Consent, Person, RoleGrant
from badge_service.storage import audit
from badge_service.storage.revisions import begin_change
from badge_service.storage.session import now, token

NAME_IN_TEAM = "name_in_team"
NAME_TEXT = "2026-1"
STAFF = (Role.TEACHER, Role.LET_LEAD, Role.ADMIN, Role.MEMBER)


def own_lets(session: Session, viewer: Viewer) -> list[Let]:
    """The teams about which the viewer writes: those of the regions of the organisations that they lead, by name."""
    found = {let.id: let for _organisation, let in lets_of(session, viewer)}
    return sorted(found.values(), key=lambda let: (let.name, let.id))


def find_own_let(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Let:
    """A team that the viewer leads; raises NotFoundError for others. `lock` holds it until the commit."""
    for let in own_lets(session, viewer):
        if let.slug == slug:
            if lock:
                session.refresh(let, with_for_update={"of": Let})
            return let
    raise NotFoundError(_("There is no such Learning Ecosystem Team among yours."), code="let.unknown")


def edit_team(session: Session, viewer: Viewer, let: Let, facts: TeamFacts, revision: int) -> Let:
    """Change what a team says about itself; raises InvalidError with every fault, StaleError when somebody was faster."""
    own = find_own_let(session, viewer, let.slug)
    _refuse(team_faults(facts))
    begin_change(session, own, revision)
    own.name, own.description = facts.name.strip(), facts.description.strip()
    audit.record(session, viewer.acting_key(), "let.edit", f"let:{own.slug}")
    return own


def staff_to_add(session: Session, viewer: Viewer, let: Let) -> Sequence[Person]:
    """The people of the viewer's own organisations who work there and are not in this team yet, by name; no learners."""
    inside = select(LetMember.person_id).where(LetMember.let_id == let.id, LetMember.person_id.is_not(None))
    working = select(RoleGrant.person_id).where(
        RoleGrant.organisation_id.in_(viewer.organisations_as(Role.LET_LEAD)),
        RoleGrant.role.in_([role.value for role in STAFF]),
    )
    return session.scalars(
        select(Person)
        .where(Person.id.in_(working), Person.id.not_in(inside), Person.erased_at.is_(None))
        .order_by(Person.name, Person.id)
    ).all()


def add_member(
    session: Session, viewer: Viewer, let: Let, facts: MemberFacts, person_key: str = ""
) -> LetMember:
    """Take somebody into a team: a person of the viewer's own organisations (by key), or a partner by name.

    Raises InvalidError with every fault, NotFoundError for a foreign team or person.
    """
    actor = viewer.acting_key()
    own = find_own_let(session, viewer, let.slug, lock=True)
    person = _person(session, viewer, own, person_key) if person_key else None
    faults = member_faults(facts, now(session).date(), is_person=person is not None)
    if _count(session, own) >= MOST_MEMBERS:
        faults.append(Fault("", _("A team has at most %(most)s members.", most=MOST_MEMBERS), "too_many"))
    _refuse(faults)
    member = LetMember(
        token=token(session),
        let_id=own.id,
        let=own,
        person_id=person.id if person else None,
        person=person,
        created_at=now(session),
        **_columns(facts, person),
    )
    session.add(member)
    session.flush()
    audit.record(session, actor, "let.add_member", f"let:{own.slug}", member=member.token)
    return member


def edit_member(
    session: Session, viewer: Viewer, member: LetMember, facts: MemberFacts, revision: int
) -> LetMember:
    """Change what is said about a member; who it is stays. Raises as `add_member`, and StaleError."""
    find_own_let(session, viewer, member.let.slug)
    _refuse(member_faults(facts, now(session).date(), is_person=member.person_id is not None))
    begin_change(session, member, revision)
    for name, value in _columns(facts, member.person).items():
        setattr(member, name, value)
    audit.record(
        session, viewer.acting_key(), "let.edit_member", f"let:{member.let.slug}", member=member.token
    )
    return member


def members_of_let(session: Session, let: Let) -> Sequence[LetMember]:
    """Everybody in a team: those who left last, the others by when they joined."""
    return session.scalars(
        select(LetMember)
        .where(LetMember.let_id == let.id)
        .order_by(LetMember.until.is_not(None), LetMember.since, LetMember.id)
    ).all()


def current_members(session: Session, let: Let) -> list[LetMember]:
    """Those of a team who have not left by today."""
    today = now(session).date()
    return [one for one in members_of_let(session, let) if one.until is None or one.until >= today]


def find_member(session: Session, viewer: Viewer, let: Let, member_token: str) -> LetMember:
    """A member of a team that the viewer leads; raises NotFoundError."""
    own = find_own_let(session, viewer, let.slug)
    member = session.scalar(
        select(LetMember).where(LetMember.let_id == own.id, LetMember.token == member_token)
    )
    if member is None:
        raise NotFoundError(_("There is no such member in this team."), code="member.unknown")
    return member


def public_members(session: Session, let: Let) -> Sequence[LetMember]:
    """Whose names the public page of a team shows: partners that the team ticked, persons who agreed themselves besides."""
    return session.scalars(
        select(LetMember)
        .where(LetMember.let_id == let.id, LetMember.listed, _is_current(session))
        .where(or_(LetMember.person_id.is_(None), _agreed()))
        .order_by(LetMember.since, LetMember.id)
    ).all()


def agreed_members(session: Session, let: Let) -> frozenset[int]:
    """The ids of the members of a team who agreed that their own name is shown."""
    return frozenset(session.scalars(select(LetMember.id).where(LetMember.let_id == let.id, _agreed())))


def helix_counts(session: Session, let: Let) -> dict[str, int]:
    """How many current members come from which side of the helix."""
    query = (
        select(LetMember.helix, func.count())
        .where(LetMember.let_id == let.id, _is_current(session))
        .group_by(LetMember.helix)
    )
    return {str(side): int(count) for side, count in session.execute(query)}


def climate_count(session: Session, let: Let) -> tuple[int, int]:
    """How many of a team's published definitions name GreenComp or SDG 12 or 13 (source B: climate transitions), of how many."""
    published = select(func.count()).where(ListedVersion.in_catalogue, ListedVersion.let_id == let.id)
    climate = or_(
        Framework.key == "greencomp",
        (Framework.key == "sdg") & or_(*(_is_goal(FrameworkItem.code, goal) for goal in ("12", "13"))),
    )
    named = (
        select(VersionAlignment.version_id)
        .join(FrameworkItem, FrameworkItem.target_url == VersionAlignment.target_url)
        .join(Framework, Framework.id == FrameworkItem.framework_id)
        .where(VersionAlignment.version_id == ListedVersion.id, climate)
    )
    return session.scalar(published.where(named.exists())) or 0, session.scalar(published) or 0


def own_memberships(session: Session, viewer: Viewer) -> list[tuple[LetMember, bool]]:
    """The teams that count the viewer as a member, each with whether the viewer agreed to be named there publicly."""
    if viewer.person_id is None:
        return []
    found = session.scalars(
        select(LetMember).where(LetMember.person_id == viewer.person_id).order_by(LetMember.id)
    ).all()
    standing = {one.subject for one in people.standing_consents(session, viewer, NAME_IN_TEAM)}
    return [(member, _subject(member) in standing) for member in found]


def show_own_name(session: Session, viewer: Viewer, member_token: str, *, shown: bool) -> LetMember:
    """Agree that the own name stands on the page of a team, or take that back; twice is once."""
    for member, agreed in own_memberships(session, viewer):
        if member.token == member_token:
            if shown and not agreed:
                people.give_consent(
                    session,
                    viewer,
                    kind=NAME_IN_TEAM,
                    subject=_subject(member),
                    text_version=NAME_TEXT,
                    how="page of own teams",
                )
            elif agreed and not shown:
                people.withdraw_consent(session, viewer, kind=NAME_IN_TEAM, subject=_subject(member))
            return member
    raise NotFoundError(_("There is no such team among yours."), code="member.unknown")


def _is_goal(code: InstrumentedAttribute[str], goal: str) -> ColumnElement[bool]:
    return or_(code == goal, code.startswith(f"{goal}."))


def _subject(member: LetMember) -> str:
    return f"let-member:{member.token}"


def _agreed() -> ColumnElement[bool]:
    return (
        select(Consent.id)
        .where(
            Consent.person_id == LetMember.person_id,
            Consent.kind == NAME_IN_TEAM,
            Consent.subject == "let-member:" + LetMember.token,
            Consent.withdrawn_at.is_(None),
        )
        .exists()
    )


def _is_current(session: Session) -> ColumnElement[bool]:
    return or_(LetMember.until.is_(None), LetMember.until >= now(session).date())


def _person(session: Session, viewer: Viewer, let: Let, key: str) -> Person:
    for person in staff_to_add(session, viewer, let):
        if person.key == key:
            return person
    known = session.scalar(
        select(LetMember.id)
        .join(Person, Person.id == LetMember.person_id)
        .where(LetMember.let_id == let.id, Person.key == key)
    )
    if known is not None:
        raise ConflictError(_("This person is in the team already."), code="member.double")
    raise NotFoundError(_("There is no such person among those of your organisation."), code="person.unknown")


def _count(session: Session, let: Let) -> int:
    return session.scalar(select(func.count()).where(LetMember.let_id == let.id)) or 0


def _columns(facts: MemberFacts, person: Person | None) -> dict[str, Any]:
    return {
        "name": "" if person else facts.name.strip(),
        "organisation": facts.organisation.strip(),
        "helix": facts.helix,
        "sector": facts.sector,
        "since": facts.since,
        "until": facts.until,
        "listed": facts.listed,
    }


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
