"""Sums the demo up: counts, addresses, one badge as files, and the folder of everything a stranger could fetch."""

import json
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity, IndustryNeed
from badge_service.awards.tables import Award, PathwayFulfilment
from badge_service.backpack import actions as backpack
from badge_service.backpack import files
from badge_service.curriculum.tables import (
    CurriculumVersion,
    DefinitionTranslation,
    DefinitionVersion,
    Finding,
    PathwayVersion,
)
from badge_service.demo.play import example_award
from badge_service.people.tables import Organisation
from badge_service.register import actions as register
from badge_service.register.rules import EditionState, credential_path
from badge_service.register.tables import Edition, Issuer
from badge_service.settings import Settings
from badge_service.storage.session import Database
from badge_service.workshops.tables import Enrolment


def summarise(settings: Settings, database: Database, folder: Path) -> dict[str, Any]:
    """Write the published files and an example badge under `folder`; returns the summary as plain JSON.

    `example` is null when whoever tried the demo has since closed every badge.
    """
    published = folder / "published"
    shutil.rmtree(published, ignore_errors=True)
    register.write_folder(database, published, settings.host)
    trust = folder / "trusted.json"
    with database.reading() as session:
        award = example_award(session)
        trust.write_text(json.dumps(_trusted(session, settings), ensure_ascii=False, indent=1))
        return {
            "counts": _counts(session),
            "urls": _urls(settings, award),
            "example": _example(session, settings, folder / "example", award) if award else None,
            "published": str(published),
            "trust": str(trust),
        }


def _counts(session: Session) -> dict[str, int]:
    signed = select(func.count()).select_from(Edition).where(Edition.state == EditionState.SIGNED)
    counts = {
        "definitions": select(func.count()).select_from(DefinitionVersion),
        "translations": select(func.count()).select_from(DefinitionTranslation),
        "curricula": select(func.count()).select_from(CurriculumVersion),
        "findings": select(func.count()).select_from(Finding),
        "industry_needs": select(func.count()).select_from(IndustryNeed),
        "pathways": select(func.count()).select_from(PathwayVersion),
        "pathways_fulfilled": select(func.count()).select_from(PathwayFulfilment),
        "issuers": select(func.count()).select_from(Issuer),
        "activities": select(func.count()).select_from(Activity),
        "learners_enrolled": select(func.count()).select_from(Enrolment),
        "badges_awarded": select(func.count()).select_from(Award),
        "editions_signed": signed,
    }
    states = session.execute(select(Award.state, func.count()).group_by(Award.state)).all()
    found = {name: session.scalar(query) or 0 for name, query in counts.items()}
    return found | {f"badges_{state}": number for state, number in states}


def _urls(settings: Settings, award: Award | None) -> dict[str, str]:
    pages = {name: f"{settings.address}/{name}" for name in ("demo", "catalogue", "verify")}
    if award is None:
        return pages
    path = credential_path(award.token)
    return pages | {"badge": f"{settings.address}{path}", "credential_id": f"{settings.public_url}{path}"}


def _example(session: Session, settings: Settings, folder: Path, award: Award) -> dict[str, str]:
    material = backpack.open_material(session, award.token)
    contents = {
        "json": ("badge.json", files.json_file(material)),
        "png": ("badge.png", files.png_file(material)),
        "svg": ("badge.svg", files.svg_file(material)),
        "qr": ("qr.png", files.qr_png_file(award.token, settings)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.values():
        (folder / name).write_bytes(content)
    return {kind: str(folder / name) for kind, (name, _) in contents.items()}


def _trusted(session: Session, settings: Settings) -> list[dict[str, str]]:
    known = session.execute(
        select(Issuer.did, Organisation.name)
        .join(Organisation, Organisation.issuer_id == Issuer.id)
        .order_by(Issuer.id)
    )
    return [{"did": did, "name": name, "domain": settings.host} for did, name in known]
