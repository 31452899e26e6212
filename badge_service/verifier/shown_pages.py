"""Pages of open badges as strangers last saw them, shown again while nothing that they rest on has changed.

A page is kept with the digests of all our own published documents from which its verdict was worked out (the badge, the
issuer's keys, the status list, the fact sheet). The transaction that changes one of them changes its digest, so the
next reader gets a new verdict; and no page is kept for longer than a minute, as time changes verdicts too.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from badge_service.awards.tables import Award, Evidence
from badge_service.people.tables import Organisation
from badge_service.register.tables import Issuer, Publication

KEPT_FOR = timedelta(seconds=60)
_MOST_KEPT = 500

_AWARD = (
    select(Award.id).where(Award.token == bindparam("token")),
    select(Award.state).where(Award.token == bindparam("token")),
    select(Award.sharing).where(Award.token == bindparam("token")),
)
# What was opened or taken back of what the badge rests on: opening gives a new latest moment, all else another count.
_EVIDENCE = tuple(
    select(column)
    .select_from(Award)
    .join(Evidence, or_(Evidence.activity_id == Award.activity_id, Evidence.case_id == Award.case_id))
    .where(Award.token == bindparam("token"), Evidence.version_id == Award.version_id)
    .where(or_(Evidence.person_id.is_(None), Evidence.person_id == Award.person_id))
    for column in (
        func.count(Evidence.opened_at),
        func.max(Evidence.opened_at),
        func.count(Evidence.withdrawn_at),
    )
)
_ISSUER = tuple(
    select(column)
    .join(Issuer, Issuer.id == Organisation.issuer_id)
    .where(Issuer.did == bindparam("issuer_id"))
    for column in (Organisation.name, Organisation.domain_confirmed_at)
)
_STATE = select(
    Publication.path,
    Publication.digest,
    *(part.scalar_subquery() for part in (*_AWARD, *_EVIDENCE, *_ISSUER)),
).where(
    Publication.path.in_(bindparam("paths", expanding=True)),
    Publication.visible,
    Publication.gone_at.is_(None),
)

Key = tuple[str, str, bool]
"""Token, language, and whether the reader sits at this very machine (the demo's banner says more to them)."""


@dataclass(frozen=True)
class State:
    """What a page rests on, at one moment: digests by path, and the award's and its issuer's own words."""

    digests: frozenset[tuple[str, str]]
    rest: tuple[Any, ...]


@dataclass(frozen=True)
class ShownPage:
    """One page with everything that it rests on; good until the moment `until`, and not at it."""

    html: str
    noindex: bool
    issuer_id: str
    state: State
    until: datetime


class ShownPages:
    """A bounded memory of pages, shared by all threads of the service."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, ShownPage] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Key, session: Session, now: datetime) -> ShownPage | None:
        """The page kept under `key`, when all that it rests on is as it was; asks the database once."""
        with self._lock:
            found = self._kept.get(key)
        if found is None or now >= found.until:
            return None
        paths = [path for path, _digest in found.state.digests]
        return found if state_of(session, key[0], found.issuer_id, paths) == found.state else None

    def keep(self, key: Key, page: ShownPage) -> None:
        """Keep `page`, dropping the oldest."""
        with self._lock:
            self._kept[key] = page
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)


def state_of(session: Session, token: str, issuer_id: str, paths: Iterable[str]) -> State:
    """What a page of the badge rests on now; what is served no more is left out."""
    asked = {"token": token, "issuer_id": issuer_id, "paths": list(paths)}
    rows = session.execute(_STATE, asked).all()
    return State(frozenset((row[0], row[1]) for row in rows), tuple(rows[0][2:]) if rows else ())
