"""Regions and organisations: add, describe, find, and open one as an issuer of badges."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import ConflictError, Fault, InvalidError, NotAllowedError, NotFoundError
from badge_service.keyring.rules import Keyring
from badge_service.people import rules
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation, Region
from badge_service.register import actions as register
from badge_service.register.rules import did_of
from badge_service.register.tables import Issuer
from badge_service.settings import Settings
from badge_service.storage import audit
from badge_service.storage.session import now


@dataclass(frozen=True)
class OrganisationProfile:
    """What an organisation says about itself; `identifiers` are {"identifier", "identifierType"} as in OB 3.0."""

    name: str
    kind: str
    region_slug: str
    website: str | None = None
    email: str | None = None
    identifiers: Sequence[dict[str, str]] = field(default_factory=tuple)
    quality_statement: str = ""
    accent: str | None = None
    may_award_ects: bool = False


def add_region(session: Session, viewer: Viewer, *, slug: str, name: str, country: str) -> Region:
    """Add a region; `country` is two capital letters. Raises `InvalidError`, `ConflictError`, `NotAllowedError`."""
    _require_operator(viewer)
    faults = [*rules.slug_faults(slug), *rules.name_faults(name), *rules.country_faults(country)]
    if faults:
        raise InvalidError(_("This region cannot be added yet."), faults=faults)
    if session.scalar(select(Region.id).where(Region.slug == slug)):
        raise _taken(slug)
    region = Region(slug=slug, name=name.strip(), country=country)
    session.add(region)
    session.flush()
    audit.record(session, viewer.acting_key(), "region.add", f"region:{slug}")
    return region


def regions(session: Session) -> Sequence[Region]:
    """All regions by name."""
    return session.scalars(select(Region).order_by(Region.name)).all()


def region_by_slug(session: Session, slug: str) -> Region:
    """The region with this short name; raises `NotFoundError`."""
    region = session.scalar(select(Region).where(Region.slug == slug))
    if region is None:
        raise NotFoundError(_("There is no such region."), code="region.missing")
    return region


def organisations(session: Session) -> Sequence[Organisation]:
    """All organisations by name."""
    return session.scalars(select(Organisation).order_by(Organisation.name)).all()


def organisation_by_slug(session: Session, slug: str) -> Organisation:
    """The organisation with this short name; raises `NotFoundError`."""
    organisation = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise NotFoundError(_("There is no such organisation."), code="organisation.missing")
    return organisation


def organisation_by_id(session: Session, organisation_id: int) -> Organisation:
    """The organisation with this internal number; raises `NotFoundError`."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFoundError(_("There is no such organisation."), code="organisation.missing")
    return organisation


def administered(session: Session, viewer: Viewer, slug: str) -> Organisation:
    """The organisation, if the viewer runs it (its admin, or the operator).

    Raises `NotFoundError` for foreign organisations, `NotAllowedError` for people of it with other roles.
    """
    organisation = organisation_by_slug(session, slug)
    if viewer.has_role(Role.OPERATOR) or viewer.has_role(Role.ADMIN, organisation.id):
        return organisation
    if organisation.id in viewer.organisations_as(*Role):
        raise NotAllowedError(_("Only an administrator of this organisation may do that."), code="role")
    raise NotFoundError(_("There is no such organisation."), code="organisation.missing")


def add_organisation(
    session: Session, viewer: Viewer, slug: str, profile: OrganisationProfile
) -> Organisation:
    """Add an organisation under a short name that never changes; naming every fault at once.

    Raises `InvalidError`, `ConflictError` (name taken), `NotAllowedError` (operators only).
    """
    _require_operator(viewer)
    region = _checked(session, profile, rules.slug_faults(slug))
    if session.scalar(select(Organisation.id).where(Organisation.slug == slug)):
        raise _taken(slug)
    organisation = Organisation(slug=slug, created_at=now(session), **_columns(profile, region))
    session.add(organisation)
    session.flush()
    audit.record(session, viewer.acting_key(), "organisation.add", f"organisation:{slug}")
    return organisation


def edit_organisation(
    session: Session, viewer: Viewer, slug: str, profile: OrganisationProfile, settings: Settings
) -> Organisation:
    """Change what an organisation says about itself; its later badges carry it, its DID stays.

    Whether it may award ECTS is the operator's to say: an admin's edit leaves that as it is.
    """
    organisation = administered(session, viewer, slug)
    region = _checked(session, profile, [])
    columns = _columns(profile, region)
    if not viewer.has_role(Role.OPERATOR):
        del columns["may_award_ects"]
    for name, value in columns.items():
        setattr(organisation, name, value)
    organisation.region = region
    session.flush()
    if organisation.issuer_id is not None:
        issuer = register.find_issuer(session, organisation.issuer_id)
        register.set_profile(session, issuer, _issuer_profile(issuer.did, organisation, settings))
    audit.record(session, viewer.acting_key(), "organisation.edit", f"organisation:{slug}")
    return organisation


def open_as_issuer(
    session: Session, viewer: Viewer, keyring: Keyring, organisation: Organisation, settings: Settings
) -> Issuer:
    """Give the organisation its DID, key and status list (decisions 5); doing it again changes nothing.

    Raises `ConflictError` if it issues under another DID already: a DID never changes.
    """
    _require_operator(viewer)
    did = did_of(settings.public_url, organisation.slug)
    profile = _issuer_profile(did, organisation, settings)
    issuer = register.open_issuer(session, keyring, slug=organisation.slug, did=did, profile=profile)
    if organisation.issuer_id not in (None, issuer.id):
        raise ConflictError(
            _("This organisation issues under another DID, and a DID never changes."), code="issuer.did"
        )
    if organisation.issuer_id is None:
        organisation.issuer_id = issuer.id
        audit.record(
            session, viewer.acting_key(), "issuer.open", f"organisation:{organisation.slug}", did=did
        )
    session.flush()
    return issuer


def _issuer_profile(did: str, organisation: Organisation, settings: Settings) -> dict[str, Any]:
    region = organisation.region
    page = f"{settings.public_url}/issuers/{organisation.slug}"
    return rules.issuer_profile(
        did, organisation.name, page, region.country, region.name, list(organisation.identifiers)
    )


def _checked(session: Session, profile: OrganisationProfile, faults: list[Fault]) -> Region:
    region = session.scalar(select(Region).where(Region.slug == profile.region_slug))
    faults = [*faults, *rules.organisation_faults(profile.name, profile.kind, profile.website, profile.email)]
    faults += rules.identifier_faults(profile.identifiers)
    if region is None:
        faults.append(Fault("region_slug", _("Choose one of the regions."), "region.missing"))
    if faults or region is None:
        raise InvalidError(_("The organisation cannot be saved yet."), faults=faults)
    return region


def _columns(profile: OrganisationProfile, region: Region) -> dict[str, Any]:
    return {
        "name": profile.name.strip(),
        "kind": profile.kind,
        "region_id": region.id,
        "website": profile.website or None,
        "email": profile.email or None,
        "identifiers": [dict(entry) for entry in profile.identifiers],
        "quality_statement": profile.quality_statement.strip(),
        "accent": profile.accent or None,
        "may_award_ects": profile.may_award_ects,
    }


def _require_operator(viewer: Viewer) -> None:
    viewer.acting_key()
    if not viewer.has_role(Role.OPERATOR):
        raise NotAllowedError(_("Only the operator of this service may do that."), code="role")


def _taken(slug: str) -> ConflictError:
    message = _("“%(slug)s” is taken. Choose another short name.", slug=slug)
    return ConflictError(message, code="slug.taken", faults=[Fault("slug", message, "slug.taken")])
