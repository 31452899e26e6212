"""The one place where a badge is decided: writes the awards and intends their credentials, in the caller's transaction."""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import insert
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.awards.rules import (
    ActivityFacts,
    AwardState,
    Counts,
    Definition,
    EvidenceFacts,
    IdentityCheck,
    Sharing,
    compose_content,
)
from badge_service.awards.tables import Award
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, NotFoundError
from badge_service.register import actions as register
from badge_service.register.rules import Intention
from badge_service.register.tables import Issuer
from badge_service.settings import Settings
from badge_service.storage import crockford
from badge_service.storage.session import now, random_bytes, token
from badge_service.storage.tables import AuditEntry


@dataclass(frozen=True)
class Decision:
    """That one learner gets the badge: the levels they reached and what of the evidence stands in it."""

    person_id: int
    levels: Mapping[str, str]
    evidence: Sequence[EvidenceFacts]
    evidence_count: int


@dataclass(frozen=True)
class Occasion:
    """Where and by whom it was decided, the same for all awards of one press of the button."""

    activity: Activity
    version: DefinitionVersion
    decided_by: str
    identity_check: IdentityCheck
    learner_names: Sequence[str]
    batch_id: int | None = None


def decide(
    session: Session, settings: Settings, occasion: Occasion, decisions: Sequence[Decision]
) -> list[Award]:
    """Write down awards and what will be signed for them; every award of this service ends here.

    A constant number of statements for any number of decisions. A person always decides: `decided_by` is their key.
    Raises `ConflictError` when the organisation cannot issue, `NotFoundError` when the version was never published.
    """
    issuer = _issuer(session, occasion.activity)
    definition = published_definition(session, settings, occasion.version)
    awards = [_award(session, occasion, decision) for decision in decisions]
    session.add_all(awards)
    session.flush()
    intentions = [
        Intention(
            token=award.token,
            issuer_id=issuer.id,
            content=_content(award, occasion, decision, issuer, definition, settings),
        )
        for award, decision in zip(awards, decisions, strict=True)
    ]
    register.intend(session, intentions)
    _write_down(session, awards)
    return awards


def published_definition(session: Session, settings: Settings, version: DefinitionVersion) -> Definition:
    """The version's achievement and fact sheet exactly as they are published; raises `NotFoundError`."""
    path = f"/achievements/{version.definition.slug}/{version.version}"
    achievement = register.read_published(session, f"{path}.json")
    facts = register.read_published(session, f"{path}/eu-facts.json")
    if achievement is None or facts is None or achievement.gone or facts.gone:
        raise NotFoundError(
            _("This version has not been published, so no badge can be given for it."),
            code="version.unpublished",
        )
    document = json.loads(achievement.body)
    document.pop("@context", None)
    return Definition(
        achievement=document,
        facts_url=f"{settings.public_url}{path}/eu-facts.json",
        facts_digest="sha256-" + base64.b64encode(sha256(facts.body).digest()).decode(),
    )


def _issuer(session: Session, activity: Activity) -> Issuer:
    if activity.organisation.issuer_id is None:
        raise ConflictError(
            _("%(name)s cannot give badges yet.", name=activity.organisation.name),
            code="issuer.missing",
            hint=_("Ask the people who run this service to open it as an issuer."),
        )
    return register.find_issuer(session, activity.organisation.issuer_id)


def _award(session: Session, occasion: Occasion, decision: Decision) -> Award:
    return Award(
        token=token(session),
        share_code=crockford.encode(random_bytes(session, crockford.RANDOM_BYTES)),
        subject=uuid.UUID(bytes=random_bytes(session, 16), version=4).urn,
        person_id=decision.person_id,
        version_id=occasion.version.id,
        activity_id=occasion.activity.id,
        organisation_id=occasion.activity.organisation_id,
        batch_id=occasion.batch_id,
        identity_check=occasion.identity_check.value,
        decided_by=occasion.decided_by,
        decided_at=now(session),
        state=AwardState.HELD.value,
        sharing=Sharing.PRIVATE.value,
    )


def _content(
    award: Award,
    occasion: Occasion,
    decision: Decision,
    issuer: Issuer,
    definition: Definition,
    settings: Settings,
) -> dict[str, object]:
    activity = occasion.activity
    return compose_content(
        issuer=issuer.profile,
        subject=award.subject,
        definition=definition,
        levels=decision.levels,
        activity=ActivityFacts(
            url=f"{settings.public_url}/activities/{activity.token}",
            kind=activity.kind,
            title=activity.title,
            starts_on=activity.starts_on,
            ends_on=activity.ends_on,
        ),
        evidence=decision.evidence,
        counts=Counts(evidence=decision.evidence_count, learners=len(occasion.learner_names)),
        identity_check=occasion.identity_check,
        decided_at=award.decided_at,
        learner_names=occasion.learner_names,
    )


def _write_down(session: Session, awards: Sequence[Award]) -> None:
    """One audit line an award, in one statement."""
    lines = [
        {
            "at": award.decided_at,
            "actor": award.decided_by,
            "action": "award",
            "subject": f"award:{award.token}",
            "details": {"version": award.version_id, "identity": award.identity_check},
        }
        for award in awards
    ]
    session.execute(insert(AuditEntry), lines)
