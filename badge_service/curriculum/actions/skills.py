"""The skills matrix of a team: which skills it wants, and how well each member has each."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.teams import current_members, find_own_let
from badge_service.curriculum.rules.teams import MOST_SKILLS, SKILL_LEVELS
from badge_service.curriculum.tables import Let, LetMember, MemberSkill, TeamSkill
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.web.texts import text_faults


def skills_of(session: Session, let: Let) -> Sequence[TeamSkill]:
    """The skills a team wants, by name."""
    return session.scalars(
        select(TeamSkill).where(TeamSkill.let_id == let.id).order_by(TeamSkill.name, TeamSkill.id)
    ).all()


def levels_of(session: Session, let: Let) -> dict[tuple[int, int], int]:
    """(member id, skill id) → level from 1 to 4, where one is written down."""
    query = (
        select(MemberSkill)
        .join(TeamSkill, TeamSkill.id == MemberSkill.skill_id)
        .where(TeamSkill.let_id == let.id)
    )
    return {(one.member_id, one.skill_id): one.level for one in session.scalars(query)}


def add_skill(
    session: Session, viewer: Viewer, let: Let, name: str, target_url: str | None = None
) -> TeamSkill:
    """Put a skill into the matrix, in own words or as the item of a framework at `target_url`; twice is once.

    Raises InvalidError with every fault, NotFoundError for a foreign team.
    """
    own = find_own_let(session, viewer, let.slug, lock=True)
    name = " ".join(name.split())
    faults = text_faults("name", name, 160)
    known = session.scalar(select(TeamSkill).where(TeamSkill.let_id == own.id, TeamSkill.name == name))
    if known is not None:
        return known
    if (session.scalar(select(func.count()).where(TeamSkill.let_id == own.id)) or 0) >= MOST_SKILLS:
        message = _("A matrix has at most %(most)s skills: a longer one is read by nobody.", most=MOST_SKILLS)
        faults.append(Fault("name", message, "too_many"))
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
    skill = TeamSkill(let_id=own.id, name=name, target_url=target_url, created_at=now(session))
    session.add(skill)
    session.flush()
    audit.record(session, viewer.acting_key(), "let.add_skill", f"let:{own.slug}", skill=name)
    return skill


def remove_skill(session: Session, viewer: Viewer, let: Let, skill_id: int) -> None:
    """Take a skill out of the matrix, with the levels written beside it; raises NotFoundError."""
    own = find_own_let(session, viewer, let.slug, lock=True)
    skill = session.get(TeamSkill, skill_id)
    if skill is None or skill.let_id != own.id:
        raise NotFoundError(_("There is no such skill in this matrix."), code="skill.unknown")
    session.execute(delete(MemberSkill).where(MemberSkill.skill_id == skill.id))
    session.delete(skill)
    session.flush()
    audit.record(session, viewer.acting_key(), "let.remove_skill", f"let:{own.slug}", skill=skill.name)


def set_levels(session: Session, viewer: Viewer, let: Let, changed: Mapping[tuple[str, int], int]) -> int:
    """Write down levels: (member's token, skill id) → 1 to 4, or 0 for none; returns how many cells changed.

    Only cells that differ are touched, so that two people who fill in different cells lose nothing.
    Raises InvalidError for a level, member or skill that is none of this team's.
    """
    own = find_own_let(session, viewer, let.slug, lock=True)
    members = {one.token: one for one in current_members(session, own)}
    skills = {one.id for one in skills_of(session, own)}
    for (member, skill), level in changed.items():
        if member not in members or skill not in skills or level not in (0, *SKILL_LEVELS):
            raise InvalidError(_("Choose one of the levels offered."), code="level")
    stands = levels_of(session, own)
    written = 0
    for (member, skill), level in changed.items():
        if stands.get((members[member].id, skill), 0) != level:
            _write(session, members[member], skill, level)
            written += 1
    if written:
        audit.record(session, viewer.acting_key(), "let.set_levels", f"let:{own.slug}", cells=written)
    return written


def _write(session: Session, member: LetMember, skill_id: int, level: int) -> None:
    found = session.get(MemberSkill, (member.id, skill_id))
    if level == 0 and found is not None:
        session.delete(found)
    elif found is not None:
        found.level = level
    elif level:
        session.add(MemberSkill(member_id=member.id, skill_id=skill_id, level=level))
    session.flush()
