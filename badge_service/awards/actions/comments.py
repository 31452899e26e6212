"""Comments of assessors about a learner or one cell of the matrix: for the school alone, never signed, never public."""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.grounds import Place, ground_of
from badge_service.awards.actions.teaching import require_taught
from badge_service.awards.tables import AssessmentComment
from badge_service.curriculum.rules import rubric_of
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import Fault, InvalidError
from badge_service.people.rules import Viewer
from badge_service.storage.session import now
from badge_service.web.texts import text_faults

COMMENT = "comment"
LONGEST_COMMENT = 1_000


def comment_field(criterion: str) -> str:
    """What the field of a comment is called on a page; about the learner as a whole without a criterion."""
    return f"{COMMENT}:{criterion}" if criterion else COMMENT


def is_comment(field: str) -> bool:
    """Whether a field of the matrix is a comment."""
    return field.partition(":")[0] == COMMENT


def comments_in(session: Session, place: Place, version: DefinitionVersion) -> dict[int, dict[str, str]]:
    """The comments by person id and criterion ("" for the learner as a whole); one statement."""
    rows = session.execute(
        select(AssessmentComment.person_id, AssessmentComment.criterion, AssessmentComment.text).where(
            ground_of(place).of(AssessmentComment), AssessmentComment.version_id == version.id
        )
    )
    found: dict[int, dict[str, str]] = {}
    for person_id, criterion, text in rows:
        found.setdefault(person_id, {})[criterion] = text
    return found


def write_comments(
    session: Session,
    viewer: Viewer,
    place: Place,
    version: DefinitionVersion,
    comments: Mapping[tuple[int, str], str],
) -> None:
    """Keep what was typed, by person id and criterion; an empty text takes a comment away.

    The caller has made sure that these people are learners here. Raises `InvalidError`, `NotFoundError`.
    """
    require_taught(viewer, place)
    if faults := comment_faults(version, comments):
        raise InvalidError(_("These comments cannot be saved."), code="comment", faults=faults)
    ground = ground_of(place)
    mine = (ground.of(AssessmentComment), AssessmentComment.version_id == version.id)
    people = {person_id for person_id, _criterion in comments}
    standing = {
        (row.person_id, row.criterion): row
        for row in session.scalars(select(AssessmentComment).where(*mine))
        if row.person_id in people
    }
    for (person_id, criterion), text in comments.items():
        row = standing.get((person_id, criterion))
        if not text.strip():
            if row is not None:
                session.delete(row)
            continue
        if row is None:
            row = AssessmentComment(
                **ground.key, version_id=version.id, person_id=person_id, criterion=criterion
            )
            session.add(row)
        row.text, row.written_by, row.written_at = text.strip(), viewer.acting_key(), now(session)
    session.flush()


def comment_faults(version: DefinitionVersion, comments: Mapping[tuple[int, str], str]) -> list[Fault]:
    """What is wrong with comments, each at `<person id>:<field>`."""
    known = {criterion.id for criterion in rubric_of(version.content).criteria} | {""}
    faults = []
    for (person_id, criterion), text in comments.items():
        if criterion not in known:
            faults.append(Fault("criterion", _("There is no such criterion in this rubric."), "criterion"))
        where = f"{person_id}:{comment_field(criterion)}"
        faults += text_faults(where, text, LONGEST_COMMENT, lines=True, needed=False)
    return faults
