"""Makes the first claim links of many awards at once: whom to write to, and a fresh code for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, exists, func, select
from sqlalchemy.orm import Session

from badge_service.awards.rules import AwardState, Channel
from badge_service.awards.tables import Award, ClaimCode, ImportRow
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.tables import Organisation, Person
from badge_service.storage import crockford
from badge_service.storage.bulk import insert_rows, one_of
from badge_service.storage.session import hashed, now, random_bytes
from badge_service.workshops.tables import Enrolment, Workshop


@dataclass(frozen=True)
class FirstLink:
    """All that the first mail about an award says; `code` in clear, for this mail alone."""

    award_token: str
    name: str
    email: str
    language: str
    title: str
    organisation: str
    code: str


def first_links(session: Session, award_tokens: Sequence[str]) -> tuple[list[FirstLink], list[str]]:
    """Codes for those awards of a class list or a file that wait for their first mail, in two statements.

    Beside them the tokens of all others, each to be looked at alone: a stacked badge, one for prior learning, one that
    had a mail before. Who has no address is in neither.
    """
    found = {row.token: row for row in session.execute(_waiting(session, award_tokens))}
    written = [row for row in found.values() if row.email]
    codes = [crockford.encode(random_bytes(session, crockford.RANDOM_BYTES)) for _row in written]
    insert_rows(
        session,
        ClaimCode,
        same={"channel": Channel.MAIL.value, "created_at": now(session), "opened_account": False},
        varying={
            "award_id": [row.id for row in written],
            "code_hash": [hashed(code) for code in codes],
            "sent_to": [row.email for row in written],
        },
    )
    links = [_link(row, code) for row, code in zip(written, codes, strict=True)]
    return links, [one for one in award_tokens if one not in found]


def _waiting(session: Session, award_tokens: Sequence[str]) -> Select[Any]:
    had_one = exists().where(ClaimCode.award_id == Award.id, ClaimCode.channel == Channel.MAIL.value)
    listed = (Enrolment.workshop_id == Workshop.id) & (Enrolment.person_id == Award.person_id)
    imported = (ImportRow.award_id == Award.id) & Award.activity_id.is_(None)
    # One expression: two comparisons with NULL would make SQLite read an index in which nearly all rows say nothing.
    of_neither = func.coalesce(Award.fulfilment_id, Award.case_id)
    return (
        select(Award.id, Award.token)
        .add_columns(
            func.coalesce(Enrolment.name, ImportRow.name).label("name"),
            func.coalesce(Enrolment.email, ImportRow.email).label("email"),
            func.coalesce(Person.language, "en").label("language"),
            DefinitionVersion.title.label("title"),
            Organisation.name.label("organisation"),
        )
        .join(DefinitionVersion, DefinitionVersion.id == Award.version_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .outerjoin(Person, Person.id == Award.person_id)
        .outerjoin(Workshop, Workshop.activity_id == Award.activity_id)
        .outerjoin(Enrolment, listed)
        .outerjoin(ImportRow, imported)
        .where(one_of(session, Award.token, award_tokens), Award.state == AwardState.HELD.value)
        .where(of_neither.is_(None), ~had_one)
        .order_by(Award.id)
    )


def _link(row: Row[Any], code: str) -> FirstLink:
    return FirstLink(row.token, row.name, row.email, row.language, row.title, row.organisation, code)
