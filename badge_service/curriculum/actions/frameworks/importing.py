"""Imports a framework from a file: kept between preview and button, compared with what is stored, stored once."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.frameworks.storing import (
    Changes,
    add_framework,
    compare_items,
    may_import,
    update_framework,
)
from badge_service.curriculum.rules.framework_files import FrameworkFile, addressed
from badge_service.curriculum.rules.framework_files.checking import is_address
from badge_service.curriculum.rules.frameworks import (
    FrameworkFacts,
    ItemFacts,
    Origin,
    framework_faults,
    items_faults,
)
from badge_service.curriculum.tables import Framework, FrameworkItem, FrameworkUpload
from badge_service.errors import Fault, InvalidError, NotAllowedError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.storage.bulk import one_of
from badge_service.storage.session import now, token

UPLOADS_ARE_KEPT = timedelta(days=1)
MOST_UPLOADS = 5
RESERVED_KEYS = frozenset(
    {"own", "import", "search", "search.json", "suggest", "suggest.json", "gaps", "new"}
)


@dataclass(frozen=True)
class ImportPlan:
    """What pressing the button would do: `framework` is what is stored under this key already, `elsewhere` names other
    frameworks that have some of the addresses, with their number; `faults` about the framework itself stand in the way."""

    facts: FrameworkFacts
    items: tuple[ItemFacts, ...]
    framework: Framework | None
    changes: Changes
    elsewhere: tuple[tuple[str, int], ...]
    faults: tuple[Fault, ...]
    redescribes: bool = False

    @property
    def does_nothing(self) -> bool:
        """Whether everything is stored already, word for word."""
        changed = self.changes.added or self.changes.changed or self.changes.missing or self.redescribes
        return self.framework is not None and not changed and not self.faults


def keep_upload(session: Session, viewer: Viewer, filename: str, data: bytes) -> FrameworkUpload:
    """Keep a file until its import is confirmed, a day at most and five of a person; raises `NotAllowedError`."""
    if not may_import(viewer):
        raise NotAllowedError(_("Only those who lead a team import frameworks."), code="framework.import")
    at, key = now(session), viewer.acting_key()
    session.execute(delete(FrameworkUpload).where(FrameworkUpload.created_at < at - UPLOADS_ARE_KEPT))
    upload = FrameworkUpload(
        token=token(session),
        person_key=key,
        filename=filename[:200],
        data=zlib.compress(data, 6),
        created_at=at,
    )
    session.add(upload)
    session.flush()
    mine = select(FrameworkUpload.id).where(FrameworkUpload.person_key == key)
    kept = session.scalars(mine.order_by(FrameworkUpload.id.desc()).limit(MOST_UPLOADS)).all()
    older = delete(FrameworkUpload).where(FrameworkUpload.person_key == key, FrameworkUpload.id < min(kept))
    session.execute(older)
    return upload


def open_upload(session: Session, viewer: Viewer, upload: str) -> tuple[str, bytes]:
    """Name and bytes of a file that the viewer sent; raises `NotFoundError` for anybody else's, and after a day."""
    found = session.scalar(select(FrameworkUpload).where(FrameworkUpload.token == upload))
    if found is None or found.person_key != viewer.key or found.created_at < now(session) - UPLOADS_ARE_KEPT:
        message = _("This file is no longer here. Please choose it again.")
        raise NotFoundError(message, code="upload.unknown")
    return found.filename, zlib.decompress(found.data)


def plan_import(
    session: Session, viewer: Viewer, file: FrameworkFile, facts: FrameworkFacts, *, public_url: str
) -> ImportPlan:
    """What importing the file under these facts would do, without doing it, and everything wrong with the facts."""
    framework = session.scalar(select(Framework).where(Framework.key == facts.key))
    document_uri = facts.document_uri if is_address(facts.document_uri) else ""
    items = addressed(file.items, document_uri, f"{public_url}/frameworks/{facts.key or '…'}")
    faults = _facts_faults(facts, framework)
    changes, redescribes = Changes(added=tuple(item.code for item in items)), False
    if framework is not None and not faults:
        changes = compare_items(session, _as_described(framework, facts), items)
        redescribes = _differs(framework, facts)
        if redescribes or changes.added or changes.changed or changes.missing:
            faults += _update_faults(viewer, framework, file)
    if not faults:
        faults += items_faults(items)
    elsewhere = _elsewhere(session, items, framework)
    return ImportPlan(facts, tuple(items), framework, changes, elsewhere, tuple(faults), redescribes)


def import_framework(
    session: Session, viewer: Viewer, file: FrameworkFile, facts: FrameworkFacts, *, public_url: str
) -> tuple[Framework, Changes]:
    """Store a framework, or bring one of the viewer's own up to date; the same file a second time changes nothing.

    Rows with faults are left out. Raises `NotAllowedError`, `InvalidError` naming every fault of the facts, or that the
    file has no good row.
    """
    if not file.items:
        faults = [fault.as_fault() for fault in file.faults]
        raise InvalidError(
            _("There is nothing to import in this file."), code="framework.empty", faults=faults
        )
    plan = plan_import(session, viewer, file, facts, public_url=public_url)
    if plan.faults:
        raise InvalidError(
            _("This framework cannot be stored like this."), code="framework", faults=plan.faults
        )
    if plan.framework is None:
        return add_framework(session, viewer, facts, plan.items), plan.changes
    if plan.does_nothing:
        return plan.framework, plan.changes
    return plan.framework, update_framework(session, viewer, facts, plan.items)


def _as_described(framework: Framework, facts: FrameworkFacts) -> Framework:
    """The framework as it would be described, for comparing only: an item's language may be its framework's."""
    return Framework(
        id=framework.id,
        key=framework.key,
        name=facts.name,
        language=facts.language,
        target_type=facts.target_type,
        alignment_name=facts.alignment_name or facts.name,
    )


def _facts_faults(facts: FrameworkFacts, framework: Framework | None) -> list[Fault]:
    faults = framework_faults(facts)
    if facts.document_uri and not is_address(facts.document_uri):
        words = _("Write a whole address that begins with https://, or leave it empty.")
        faults = [fault for fault in faults if fault.where != "document_uri"]
        faults.append(Fault("document_uri", words, "address"))
    if facts.key in RESERVED_KEYS or (framework is not None and framework.origin != Origin.IMPORTED):
        words = _("This short name belongs to the service itself. Choose another.")
        faults.append(Fault("key", words, "framework.key_taken"))
    elif framework is not None and framework.version != facts.version:
        words = _(
            "Version %(version)s is stored under this short name. Give the new version one of its own; both are kept.",
            version=framework.version,
        )
        faults.append(Fault("key", words, "framework.other_version"))
    return faults


def _differs(framework: Framework, facts: FrameworkFacts) -> bool:
    """Whether something else is said of the framework itself."""
    names = ("name", "publisher", "licence", "document_uri", "source", "language")
    return any(getattr(framework, name) != getattr(facts, name) for name in names)


def _update_faults(viewer: Viewer, framework: Framework, file: FrameworkFile) -> list[Fault]:
    """Only who imported a framework changes it, and only with a file whose every row is good."""
    if framework.added_by != viewer.key and not viewer.has_role(Role.OPERATOR):
        words = _(
            "Somebody else imported this version, with other items or words. Choose another short name."
        )
        return [Fault("key", words, "framework.of_other")]
    if file.faults:
        words = _("A stored framework is only changed by a file without faults. Correct the rows first.")
        return [Fault("", words, "framework.faulty_update")]
    return []


def _elsewhere(
    session: Session, items: Sequence[ItemFacts], framework: Framework | None
) -> tuple[tuple[str, int], ...]:
    urls = {item.target_url or item.uri for item in items}
    if not urls:
        return ()
    found = (
        select(Framework.name, func.count(FrameworkItem.id))
        .join(Framework, Framework.id == FrameworkItem.framework_id)
        .where(one_of(session, FrameworkItem.target_url, urls))
        .where(Framework.id != (framework.id if framework else 0))
        .group_by(Framework.id, Framework.name)
    )
    return tuple((name, count) for name, count in session.execute(found.order_by(Framework.name)))


def facts_with(file: FrameworkFile, facts: FrameworkFacts) -> FrameworkFacts:
    """The typed facts with what only the file knows: what alignments call the framework, and the kind of its targets."""
    guess = file.guess
    return replace(
        facts, alignment_name=guess.alignment_name, target_type=guess.target_type or facts.target_type
    )
