"""Writes awards and intends their credentials, in the caller's transaction; `deciding.py` is the only way here."""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.awards.rules import (
    AwardState,
    Composer,
    Definition,
    EvidenceFacts,
    IdentityCheck,
    Sharing,
    SignedActivity,
)
from badge_service.awards.tables import Award
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, NotFoundError
from badge_service.people.tables import Organisation
from badge_service.programs.actions import webhooks
from badge_service.programs.rules.webhooks import Event
from badge_service.register import actions as register
from badge_service.register.rules import Intention
from badge_service.register.tables import Issuer
from badge_service.settings import Settings
from badge_service.storage import audit
from badge_service.storage.bulk import insert_rows
from badge_service.storage.session import dated_tokens, now, random_bytes


@dataclass(frozen=True)
class Decision:
    """That one learner gets the badge: the levels they reached and what of the evidence stands in it.

    A stacked badge belongs to a `fulfilment_id`, and its evidence is its parts; one for prior learning to a `case_id`.
    `account` says in the place of the occasion how it was decided; `awarded_on` is an earlier day on which it was
    awarded elsewhere.
    """

    person_id: int
    levels: Mapping[str, str]
    evidence: Sequence[EvidenceFacts]
    evidence_count: int
    fulfilment_id: int | None = None
    account: EvidenceFacts | None = None
    awarded_on: date | None = None
    case_id: int | None = None


@dataclass(frozen=True)
class Occasion:
    """Where and by whom it was decided, the same for all awards of one press of the button.

    Without an activity it is the badge of a fulfilled pathway, `automatic` when a standing decision gives it.
    """

    activity: Activity | None
    version: DefinitionVersion
    decided_by: str
    identity_check: IdentityCheck
    learner_names: Sequence[str]
    batch_id: int | None = None
    automatic: bool = False

    @property
    def organisation(self) -> Organisation:
        """Who issues: whoever holds the activity, for a stacked badge the organisation of its definition."""
        return self.activity.organisation if self.activity else self.version.definition.organisation


@dataclass(frozen=True)
class Given:
    """One award as it was written down: whose it is and its permanent address."""

    person_id: int
    token: str


def give(
    session: Session, settings: Settings, occasion: Occasion, decisions: Sequence[Decision]
) -> list[Given]:
    """Write down awards and what will be signed for them, in a constant number of statements.

    Raises `ConflictError` when the organisation cannot issue or the version was withdrawn, `NotFoundError` when it was
    never published.
    """
    if occasion.version.withdrawn_at is not None:
        raise ConflictError(_("This micro-credential is not awarded any more."), code="version.withdrawn")
    issuer = _issuer(session, occasion.organisation)
    definition = published_definition(session, settings, occasion.version)
    tokens = dated_tokens(session, len(decisions))
    subjects = [uuid.UUID(bytes=random_bytes(session, 16), version=4).urn for _decision in decisions]
    _write_awards(session, occasion, decisions, tokens, subjects)
    composer = _composer(session, occasion, issuer, definition, settings)
    contents = [_content(composer, *pair) for pair in zip(subjects, decisions, strict=True)]
    intended = zip(tokens, contents, strict=True)
    register.intend(
        session, [Intention(token, issuer.id, content, first=True) for token, content in intended]
    )
    facts = {"version": occasion.version.id, "identity": occasion.identity_check.value}
    told = [f"award:{token}" for token in tokens]
    audit.record_each(session, occasion.decided_by, "award", told, **facts)
    webhooks.tell(session, occasion.organisation.id, Event.AWARDED, tokens)
    return [Given(decision.person_id, token) for decision, token in zip(decisions, tokens, strict=True)]


def _content(composer: Composer, subject: str, decision: Decision) -> dict[str, Any]:
    return composer.content(
        subject,
        decision.levels,
        decision.evidence,
        decision.evidence_count,
        account=decision.account,
        awarded_on=decision.awarded_on,
    )


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


def _issuer(session: Session, organisation: Organisation) -> Issuer:
    if organisation.issuer_id is None:
        raise ConflictError(
            _("%(name)s cannot give badges yet.", name=organisation.name),
            code="issuer.missing",
            hint=_("Ask the people who run this service to open it as an issuer."),
        )
    return register.find_issuer(session, organisation.issuer_id)


def _write_awards(
    session: Session,
    occasion: Occasion,
    decisions: Sequence[Decision],
    tokens: Sequence[str],
    subjects: Sequence[str],
) -> None:
    insert_rows(
        session,
        Award,
        same={
            "version_id": occasion.version.id,
            "activity_id": occasion.activity.id if occasion.activity else None,
            "organisation_id": occasion.organisation.id,
            "batch_id": occasion.batch_id,
            "identity_check": occasion.identity_check.value,
            "decided_by": occasion.decided_by,
            "decided_at": now(session),
            "state": AwardState.HELD.value,
            "sharing": Sharing.PRIVATE.value,
        },
        varying={
            "token": tokens,
            "subject": subjects,
            "person_id": [decision.person_id for decision in decisions],
            "fulfilment_id": [decision.fulfilment_id for decision in decisions],
            "case_id": [decision.case_id for decision in decisions],
        },
    )


def _composer(
    session: Session, occasion: Occasion, issuer: Issuer, definition: Definition, settings: Settings
) -> Composer:
    return Composer(
        issuer=issuer.profile,
        definition=definition,
        activity=signed_activity(occasion.activity, settings) if occasion.activity else None,
        identity_check=occasion.identity_check,
        decided_at=now(session),
        learner_names=occasion.learner_names,
        automatic=occasion.automatic,
    )


def signed_activity(activity: Activity, settings: Settings) -> SignedActivity:
    """What badges say about an activity, with the address of its public page."""
    return SignedActivity(
        url=f"{settings.public_url}/activities/{activity.token}",
        kind=activity.kind,
        title=activity.title,
        starts_on=activity.starts_on,
        ends_on=activity.ends_on,
    )
