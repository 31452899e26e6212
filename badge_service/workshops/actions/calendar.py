"""Reads what an alliance or one of its organisations does, with the topics of each activity, for the topic calendar."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import Kind, State
from badge_service.alliance.tables import Activity, Alliance
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.tables import Organisation
from badge_service.workshops.rules.calendar import Entry
from badge_service.workshops.tables import Workshop, WorkshopVersion

MOST_ENTRIES = 500


def calendar_entries(
    session: Session,
    alliance: Alliance,
    organisation: Organisation | None = None,
    *,
    since: date | None = None,
    before: date | None = None,
) -> list[Entry]:
    """What was not called off, the earliest first: all of it public. Of more than 500 activities the newest.

    The topics are those that the activity names and those of what is taught there.
    """
    query = (
        select(Activity, Workshop.id, Workshop.iteration)
        .outerjoin(Workshop, Workshop.activity_id == Activity.id)
        .where(Activity.alliance_id == alliance.id, Activity.state != State.CANCELLED.value)
    )
    if organisation is not None:
        query = query.where(Activity.organisation_id == organisation.id)
    if since is not None and before is not None:
        query = query.where(Activity.starts_on >= since, Activity.starts_on < before)
    newest = query.order_by(Activity.starts_on.desc(), Activity.id.desc()).limit(MOST_ENTRIES)
    rows = session.execute(newest).all()
    taught = _categories(session, [workshop for _activity, workshop, _iteration in rows if workshop])
    return [
        Entry(
            activity.token, activity.title, activity.language, activity.starts_on, activity.state,
            iteration if activity.kind == Kind.WORKSHOP.value else None,
            tuple(sorted({*activity.topics, *taught.get(workshop, ())})),
        )
        for activity, workshop, iteration in reversed(rows)
    ]  # fmt: skip


def _categories(session: Session, workshop_ids: Collection[int]) -> dict[int, set[str]]:
    query = (
        select(WorkshopVersion.workshop_id, DefinitionVersion.category)
        .join(DefinitionVersion, DefinitionVersion.id == WorkshopVersion.version_id)
        .where(WorkshopVersion.workshop_id.in_(workshop_ids))
    )
    found: dict[int, set[str]] = defaultdict(set)
    for workshop_id, category in session.execute(query):
        found[workshop_id].add(category)
    return found
