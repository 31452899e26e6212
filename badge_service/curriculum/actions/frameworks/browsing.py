"""What pages that show frameworks ask beside `finding`: what stands above and below items, and how sure the names are."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.curriculum.rules.frameworks import Origin
from badge_service.curriculum.tables import Framework, FrameworkItem
from badge_service.storage.bulk import one_of

_DEEPEST = 12


def children_of(
    session: Session, framework: Framework, codes: Sequence[str], each: int
) -> dict[str, tuple[list[FrameworkItem], int]]:
    """For each of these codes that has some: at most `each` items right below it in order, and how many there are."""
    if not codes:
        return {}
    below = [FrameworkItem.framework_id == framework.id, one_of(session, FrameworkItem.parent_code, codes)]
    same_parent = FrameworkItem.parent_code
    place = func.row_number().over(partition_by=same_parent, order_by=(FrameworkItem.place, FrameworkItem.id))
    numbered = select(
        FrameworkItem.id, place.label("number"), func.count().over(partition_by=same_parent).label("total")
    )
    rows = numbered.where(*below).subquery()
    found = (
        select(FrameworkItem, rows.c.total)
        .join(rows, rows.c.id == FrameworkItem.id)
        .where(rows.c.number <= each)
        .order_by(FrameworkItem.place, FrameworkItem.id)
    )
    children: dict[str, tuple[list[FrameworkItem], int]] = {}
    for item, total in session.execute(found):
        children.setdefault(item.parent_code, ([], total))[0].append(item)
    return children


def items_above(session: Session, item: FrameworkItem) -> list[FrameworkItem]:
    """The items above one, the highest first; a circle or a very deep tree is cut."""
    above: list[FrameworkItem] = []
    code = item.parent_code
    while code and len(above) < _DEEPEST and code not in {item.code, *(one.code for one in above)}:
        parent = session.scalar(
            select(FrameworkItem).where(
                FrameworkItem.framework_id == item.framework_id, FrameworkItem.code == code
            )
        )
        if parent is None:
            break
        above.append(parent)
        code = parent.parent_code
    return above[::-1]


def shipped_confidences(session: Session) -> dict[int, dict[str, int]]:
    """For each framework that comes with the service: how many of its names are how sure (they are some hundreds)."""
    counted = (
        select(FrameworkItem.framework_id, FrameworkItem.confidence_label, func.count())
        .join(Framework, Framework.id == FrameworkItem.framework_id)
        .where(Framework.origin == Origin.SHIPPED.value)
        .group_by(FrameworkItem.framework_id, FrameworkItem.confidence_label)
    )
    found: dict[int, dict[str, int]] = {}
    for framework_id, confidence, count in session.execute(counted):
        found.setdefault(framework_id, {})[confidence] = count
    return found
