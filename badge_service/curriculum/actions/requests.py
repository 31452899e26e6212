"""Change requests: asked for because of findings, decided with a reason, put into a draft, answered by a published version."""

from collections.abc import Collection, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.curricula import find_own_curriculum_version, new_curriculum_version
from badge_service.curriculum.actions.drafts import find_own_version, new_version_from
from badge_service.curriculum.actions.findings import PAGE_SIZE, own_finding
from badge_service.curriculum.rules.findings import MOST_TEXT, FindingKind, RequestState, text_faults
from badge_service.curriculum.rules.states import VersionState
from badge_service.curriculum.tables import (
    ChangeRequest,
    Curriculum,
    CurriculumVersion,
    Definition,
    DefinitionVersion,
    Finding,
)
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.web.paging import Listing, page_of


def ask_for_change(
    session: Session,
    viewer: Viewer,
    finding_ids: Collection[int],
    *,
    text: str,
    definition_id: int | None = None,
    curriculum_id: int | None = None,
) -> ChangeRequest:
    """Ask the LET to change one definition or one curriculum because of findings of the same organisation.

    Raises `InvalidError` (no text, no finding, one that says “keep”, not exactly one target), `NotFoundError`.
    """
    findings = [own_finding(session, viewer, one) for one in dict.fromkeys(finding_ids)]
    faults = text_faults("text", text, MOST_TEXT) + _finding_faults(findings)
    if (definition_id is None) == (curriculum_id is None):
        faults.append(Fault("about", _("Choose what should change."), "missing"))
    if faults:
        raise InvalidError(_("This change cannot be asked for like this."), code="request", faults=faults)
    organisation_id = _owner(session, definition_id, curriculum_id)
    if {one.organisation_id for one in findings} != {organisation_id}:
        raise NotFoundError(_("There is no such definition or curriculum."), code="request.about")
    request = ChangeRequest(
        organisation_id=organisation_id,
        definition_id=definition_id,
        curriculum_id=curriculum_id,
        text=text.strip(),
        state=RequestState.OPEN,
        opened_at=now(session),
        opened_by=viewer.acting_key(),
        findings=findings,
    )
    session.add(request)
    session.flush()
    audit.record(session, viewer.acting_key(), "change.asked", f"change:{request.id}")
    return request


def decide_change(
    session: Session, viewer: Viewer, request_id: int, *, accept: bool, reason: str
) -> ChangeRequest:
    """Accept or reject an open change request, as a LET lead who is written down, with a reason.

    Raises `InvalidError` (no reason), `ConflictError` (decided already), `NotFoundError`.
    """
    request = own_request(session, viewer, request_id, lock=True)
    if request.state != RequestState.OPEN:
        raise ConflictError(_("This was decided already."), code="request.decided")
    faults = text_faults("reason", reason, MOST_TEXT)
    if faults:
        raise InvalidError(_("A decision needs a reason."), code="request", faults=faults)
    request.state = RequestState.ACCEPTED if accept else RequestState.REJECTED
    request.reason, request.decided_at, request.decided_by = reason.strip(), now(session), viewer.acting_key()
    audit.record(session, viewer.acting_key(), f"change.{request.state}", f"change:{request.id}")
    session.flush()
    return request


def draft_for(session: Session, viewer: Viewer, request_id: int) -> DefinitionVersion | CurriculumVersion:
    """The draft that an accepted change goes into: the open one of its definition or curriculum, or a new version.

    Raises `ConflictError` when it is not accepted or nothing is published yet to begin from, `NotFoundError`.
    """
    request = own_request(session, viewer, request_id, lock=True)
    if request.state not in (RequestState.ACCEPTED, RequestState.DRAFTED):
        raise ConflictError(_("Only an accepted change goes into a draft."), code="request.not_accepted")
    draft: DefinitionVersion | CurriculumVersion
    if request.definition_id is not None:
        source = find_own_version(session, viewer, _newest_definition(session, request.definition_id))
        is_open = source.state == VersionState.DRAFT
        draft = source if is_open else new_version_from(session, viewer, source.id)
        request.definition_version_id = draft.id
    else:
        newest = _newest_curriculum(session, request.curriculum_id)
        draft = find_own_curriculum_version(session, viewer, newest)
        if draft.state != VersionState.DRAFT:
            draft = new_curriculum_version(session, viewer, draft.id)
        request.curriculum_version_id = draft.id
    request.state = RequestState.DRAFTED
    session.flush()
    return draft


def own_requests(
    session: Session, viewer: Viewer, state: RequestState | None = None, page: int = 1
) -> Listing[ChangeRequest]:
    """One page of the change requests of the viewer's organisations, newest first."""
    found = select(ChangeRequest).where(
        ChangeRequest.organisation_id.in_(viewer.organisations_as(Role.LET_LEAD))
    )
    if state is not None:
        found = found.where(ChangeRequest.state == state)
    return page_of(session, found.order_by(ChangeRequest.id.desc()), page, PAGE_SIZE)


def own_request(session: Session, viewer: Viewer, request_id: int, *, lock: bool = False) -> ChangeRequest:
    """A change request of the viewer's organisations; raises `NotFoundError`."""
    request = session.get(ChangeRequest, request_id, with_for_update=lock or None, populate_existing=lock)
    if request is None or request.organisation_id not in viewer.organisations_as(Role.LET_LEAD):
        raise NotFoundError(_("There is no such change."), code="request.unknown")
    return request


def _finding_faults(findings: Sequence[Finding]) -> list[Fault]:
    if not findings:
        return [Fault("findings", _("Choose at least one finding that asks for it."), "missing")]
    if all(one.kind == FindingKind.KEEP for one in findings):
        return [Fault("findings", _("A finding to keep asks for no change."), "finding.keep")]
    return []


def _owner(session: Session, definition_id: int | None, curriculum_id: int | None) -> int:
    owner = (
        session.get(Definition, definition_id)
        if definition_id is not None
        else session.get(Curriculum, curriculum_id)
    )
    if owner is None:
        raise NotFoundError(_("There is no such definition or curriculum."), code="request.about")
    return owner.organisation_id


def _newest_definition(session: Session, definition_id: int) -> int:
    """The open draft, or else the newest version."""
    found = select(DefinitionVersion.id).where(DefinitionVersion.definition_id == definition_id)
    newest = found.order_by(DefinitionVersion.published_at.is_not(None), DefinitionVersion.sort_key.desc())
    return session.scalars(newest.limit(1)).one()


def _newest_curriculum(session: Session, curriculum_id: int | None) -> int:
    found = select(CurriculumVersion.id).where(CurriculumVersion.curriculum_id == curriculum_id)
    newest = found.order_by(CurriculumVersion.published_at.is_not(None), CurriculumVersion.sort_key.desc())
    return session.scalars(newest.limit(1)).one()
