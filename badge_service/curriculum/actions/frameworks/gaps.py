"""Skills that no framework has yet: added by those who write definitions, and mapped once a framework has them."""

import re
import unicodedata

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.frameworks.finding import find_item, item_by_uri
from badge_service.curriculum.actions.frameworks.storing import begin_framework, may_import, store_items
from badge_service.curriculum.rules.frameworks import LONGEST_LABEL, FrameworkFacts, ItemFacts, Origin, fold
from badge_service.curriculum.tables import Framework, FrameworkItem
from badge_service.errors import Fault, InvalidError, NotAllowedError
from badge_service.people.rules import Role, Viewer
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.web.paging import Listing, page_of
from badge_service.web.texts import text_faults

OWN = "own"
LONGEST_DESCRIPTION = 1_000
_FACTS = FrameworkFacts(
    key=OWN,
    name="Skills that no framework has yet",
    version="open list",
    publisher="The Learning Ecosystem Teams of this service",
    licence="CC BY 4.0",
    language="en",
    target_type="ext:OwnSkill",
)


def add_own_item(
    session: Session, viewer: Viewer, name: str, description: str, language: str, *, public_url: str
) -> FrameworkItem:
    """Add a skill that no framework has; one of the same name in the same language is given back instead.

    Its address is a page of this service, for ever. Raises `NotAllowedError` for who leads no team, `InvalidError`.
    """
    if not viewer.has_role(Role.LET_LEAD):
        raise NotAllowedError(_("Only those who lead a team add skills."), code="framework.own")
    name, description = " ".join(name.split()), description.strip()
    faults = text_faults("name", name, LONGEST_LABEL)
    faults += text_faults("description", description, LONGEST_DESCRIPTION, lines=True, needed=False)
    if not re.fullmatch(r"[a-z]{2,3}", language):
        faults.append(Fault("language", _("Choose the language of the name."), "language"))
    if faults:
        raise InvalidError(_("This skill cannot be added like this."), code="framework.own", faults=faults)
    framework = _own_framework(session)
    return _same_name(session, framework, name, language) or _add(
        session, viewer, framework, (name, description, language), public_url
    )


def gaps(session: Session, page: int, size: int = 24) -> Listing[FrameworkItem]:
    """The skills of our own list: those that no framework has yet first, then those that were mapped."""
    own = select(Framework.id).where(Framework.key == OWN).scalar_subquery()
    found = select(FrameworkItem).where(FrameworkItem.framework_id == own)
    is_mapped = FrameworkItem.mapped_to_id.is_not(None)
    return page_of(session, found.order_by(is_mapped, FrameworkItem.place.desc()), page, size)


def map_own_item(session: Session, viewer: Viewer, code: str, uri: str) -> FrameworkItem:
    """Say which item of a framework a skill of our own list is; with an empty address take that back.

    Definitions and badges keep the address they have. Raises `NotAllowedError`, `NotFoundError`, `InvalidError`.
    """
    if not may_import(viewer):
        raise NotAllowedError(_("Only those who lead a team map skills."), code="framework.map")
    item, target = find_item(session, OWN, code), None
    if uri.strip():
        target = item_by_uri(session, uri.strip())
        if target is None or target.framework.origin == Origin.OWN:
            words = _("No framework here has an item with this address. Search for it and copy its address.")
            faults = [Fault("uri", words, "framework.map")]
            raise InvalidError(_("This cannot be mapped like this."), code="framework.map", faults=faults)
    item.mapped_to_id = target.id if target else None
    item.mapped_at = now(session) if target else None
    item.mapped_by = viewer.acting_key() if target else None
    named = target.target_url if target else ""
    audit.record(session, viewer.acting_key(), "framework.mapped", f"framework:{OWN}/{code}", to=named)
    session.flush()
    session.expire(item, ["mapped_to"])
    return item


def _own_framework(session: Session) -> Framework:
    found = session.scalar(select(Framework).where(Framework.key == OWN).with_for_update())
    return found if found is not None else begin_framework(session, _FACTS, Origin.OWN, None)


def _same_name(session: Session, framework: Framework, name: str, language: str) -> FrameworkItem | None:
    named = select(FrameworkItem.code, FrameworkItem.label).where(
        FrameworkItem.framework_id == framework.id, FrameworkItem.language == language
    )
    wanted = fold(name)
    code = next((row.code for row in session.execute(named) if fold(row.label) == wanted), None)
    return find_item(session, OWN, code) if code else None


def _add(
    session: Session, viewer: Viewer, framework: Framework, said: tuple[str, str, str], public_url: str
) -> FrameworkItem:
    name, description, language = said
    code = _free_code(session, framework, name)
    uri = f"{public_url}/frameworks/{OWN}/{code}"
    item = ItemFacts(
        code=code,
        label=name,
        uri=uri,
        kind="skill",
        language=language,
        summary=description,
        uri_kind="own-page",
        page_url=uri,
        confidence_label="high",
        confidence_uri="high",
    )
    store_items(session, framework, [item], viewer.acting_key(), further=True)
    audit.record(session, viewer.acting_key(), "framework.own_added", f"framework:{OWN}/{code}")
    return find_item(session, OWN, code)


def _free_code(session: Session, framework: Framework, name: str) -> str:
    """A code made from the name where it has Latin letters, with the first number that is free."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = "-".join(re.findall(r"[a-z0-9]+", plain))[:50].strip("-") or "skill"
    beginning = FrameworkItem.code.startswith(stem, autoescape=True)
    mine = select(FrameworkItem.code).where(FrameworkItem.framework_id == framework.id, beginning)
    taken = set(session.scalars(mine))
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    return code
