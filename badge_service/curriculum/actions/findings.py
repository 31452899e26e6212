"""Findings: what workshops, assessments and employers taught about a curriculum or a definition, kept for the next version."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from badge_service.curriculum.rules.findings import FindingKind, Severity, finding_faults
from badge_service.curriculum.tables import (
    ChangeRequestFinding,
    Curriculum,
    Definition,
    Finding,
)
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.web.paging import Listing, page_of

PAGE_SIZE = 25


def record_finding(
    session: Session,
    viewer: Viewer | None,
    *,
    source_kind: str,
    public_url: str | None,
    label: str,
    n: int | None,
    iteration: int | None,
    text: str,
    kind: str = FindingKind.CHANGE,
    severity: str = Severity.MEDIUM,
    curriculum_id: int | None = None,
    unit: str = "",
    definition_id: int | None = None,
    language: str = "en",
) -> Finding:
    """Keep one finding about a curriculum (or one `unit` of it, by its id) or a definition, or both of one organisation.

    `label` continues the word “after” (“pilot 2 in Friesland”); `n` is how many people it comes from. A later room
    passes `viewer=None` when it has asked its own rules; else the viewer leads the LET of that organisation. Raises
    `InvalidError` with every fault at once, `NotFoundError` for what is not theirs.
    """
    about = _about(session, viewer, curriculum_id, unit, definition_id)
    told = {
        "kind": kind,
        "severity": severity,
        "source_kind": source_kind,
        "label": label,
        "public_url": public_url,
        "n": n,
        "iteration": iteration,
        "text": text,
        "language": language,
    }
    _refuse_faulty(told, about)
    return _add(session, viewer, Finding(**about, **told))


def _about(
    session: Session, viewer: Viewer | None, curriculum_id: int | None, unit: str, definition_id: int | None
) -> dict[str, Any]:
    """What a finding is about, as its row says it, and whose that is: nobody's when nothing is named."""
    curriculum = session.get(Curriculum, curriculum_id) if curriculum_id is not None else None
    definition = session.get(Definition, definition_id) if definition_id is not None else None
    owners = _owners(viewer, curriculum, definition)
    return {
        "organisation_id": owners.pop() if owners else None,
        "curriculum_id": curriculum.id if curriculum else None,
        "unit": unit if curriculum else "",
        "definition_id": definition.id if definition else None,
    }


def _refuse_faulty(told: Mapping[str, Any], about: Mapping[str, Any]) -> None:
    faults = finding_faults(**told)
    if about["organisation_id"] is None:
        faults.append(Fault("about", _("Choose what it is about."), "missing"))
    if faults:
        raise InvalidError(_("This finding cannot be kept like this."), code="finding", faults=faults)


def _add(session: Session, viewer: Viewer | None, finding: Finding) -> Finding:
    finding.label, finding.text = finding.label.strip(), finding.text.strip()
    finding.recorded_at = now(session)
    finding.recorded_by = viewer.acting_key() if viewer else None
    session.add(finding)
    session.flush()
    audit.record(session, finding.recorded_by, "finding.recorded", f"finding:{finding.id}")
    return finding


def own_findings(session: Session, viewer: Viewer, page: int = 1) -> Listing[Finding]:
    """One page of the findings of the viewer's organisations, newest first."""
    mine = Finding.organisation_id.in_(viewer.organisations_as(Role.LET_LEAD))
    return page_of(session, select(Finding).where(mine).order_by(Finding.id.desc()), page, PAGE_SIZE)


def own_finding(session: Session, viewer: Viewer, finding_id: int) -> Finding:
    """A finding of the viewer's organisations; raises `NotFoundError`."""
    finding = session.get(Finding, finding_id)
    if finding is None or finding.organisation_id not in viewer.organisations_as(Role.LET_LEAD):
        raise NotFoundError(_("There is no such finding."), code="finding.unknown")
    return finding


def findings_beside(session: Session, finding: Finding) -> Sequence[Finding]:
    """The newest findings about the same definition or curriculum that no change was asked for yet; at most one page."""
    unasked = (
        ~select(ChangeRequestFinding.finding_id).where(ChangeRequestFinding.finding_id == Finding.id).exists()
    )
    about = [
        column == number
        for column, number in (
            (Finding.definition_id, finding.definition_id),
            (Finding.curriculum_id, finding.curriculum_id),
        )
        if number is not None
    ]
    found = select(Finding).where(or_(*about), unasked, Finding.organisation_id == finding.organisation_id)
    return session.scalars(found.order_by(Finding.id.desc()).limit(PAGE_SIZE)).all()


def asked_for(session: Session, findings: Sequence[Finding]) -> dict[int, list[int]]:
    """The ids of the change requests that answer each of these findings."""
    rows = session.execute(
        select(ChangeRequestFinding.finding_id, ChangeRequestFinding.request_id)
        .where(ChangeRequestFinding.finding_id.in_([one.id for one in findings]))
        .order_by(ChangeRequestFinding.request_id)
    )
    found: dict[int, list[int]] = {}
    for finding_id, request_id in rows:
        found.setdefault(finding_id, []).append(request_id)
    return found


def _owners(viewer: Viewer | None, curriculum: Curriculum | None, definition: Definition | None) -> set[int]:
    """The organisation that what is named belongs to; empty when nothing is named."""
    owners = {one.organisation_id for one in (curriculum, definition) if one is not None}
    allowed = owners if viewer is None else viewer.organisations_as(Role.LET_LEAD)
    if len(owners) > 1 or not owners <= allowed:
        raise NotFoundError(_("There is no such definition or curriculum."), code="finding.about")
    return owners
