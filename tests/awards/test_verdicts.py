"""What an outsider's check says of the badges awarded here, from the published bytes alone."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.tables import Award
from badge_service.openbadges.did import Fetched
from badge_service.openbadges.verdict import CheckOutcome, Outcome, Verdict
from badge_service.openbadges.verification import KnownIssuer, verify
from badge_service.people.rules import NOBODY
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason

from .conftest import World


@dataclass
class Schools:
    """A registry that knows the school of this world."""

    name: str = "The schools of this test"

    def knows(self, issuer_id: str) -> KnownIssuer | None:
        mine = "did:web:localhost%3A8000:issuers:craft-school"
        return KnownIssuer("Craft School") if issuer_id == mine else None


def signed_texts(world: World, award: Award) -> list[str]:
    from badge_service.register.tables import Document, Edition

    with world.database.reading() as session:
        found = select(Edition).join(Document, Document.id == Edition.document_id)
        rows = session.scalars(found.where(Document.token == award.token).order_by(Edition.number)).all()
        return [row.signed_text for row in rows if row.signed_text]


def judged(world: World, text: str) -> Verdict:
    reader = register.OwnReader(world.database, world.settings.public_url)

    def fetch(url: str) -> Fetched:
        found = reader.read(url)
        return Fetched(found.body, found.media_type)

    return verify(text, now=world.database.clock(), fetch=fetch, registries=[Schools()])


def first_award(world: World) -> Award:
    with world.database.reading() as session:
        return session.scalars(select(Award).order_by(Award.id)).all()[1]


def test_an_awarded_badge_is_genuine_in_every_check(world: World, class_of_three: list[int]) -> None:
    world.award(*class_of_three)
    (text,) = signed_texts(world, first_award(world))
    verdict = judged(world, text)
    bad = [check for check in verdict.checks if check.outcome in (CheckOutcome.FAILED, CheckOutcome.UNKNOWN)]
    assert verdict.outcome is Outcome.GENUINE, bad
    assert bad == []
    assert {check.id for check in verdict.checks if check.outcome is CheckOutcome.PASSED} >= {
        "proof",
        "status",
        "fact_sheet",
        "schema",
    }


def test_a_changed_level_is_not_valid(world: World, class_of_three: list[int]) -> None:
    world.award(*class_of_three)
    (text,) = signed_texts(world, first_award(world))
    document: dict[str, Any] = json.loads(text)
    result = document["credentialSubject"]["result"][0]
    result["achievedLevel"] = result["achievedLevel"].replace("proficient", "exemplary")
    assert judged(world, json.dumps(document)).outcome is Outcome.NOT_VALID


def test_the_edition_with_the_name_is_genuine_and_the_one_before_is_not(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    batch = world.award(*class_of_three)
    clock.advance(hours=1)
    with world.database.writing() as session:
        (card,) = actions.print_cards(session, world.viewers["teacher"], batch)
        actions.claim(session, NOBODY, card.code, with_name=True, password="willow basket river stone")
    world.sign()
    before, after = signed_texts(world, first_award(world))
    assert judged(world, before).outcome is Outcome.NOT_VALID
    verdict = judged(world, after)
    assert verdict.outcome is Outcome.GENUINE and "Boris Kolev" in str(verdict.holder)


def test_a_revoked_badge_is_not_valid(world: World, class_of_three: list[int]) -> None:
    world.award(*class_of_three)
    award = first_award(world)
    with world.database.writing() as session:
        actions.revoke_award(session, world.viewers["teacher"], award.token, RevocationReason.WITHDRAWN)
    world.sign()
    assert judged(world, signed_texts(world, award)[0]).outcome is Outcome.NOT_VALID
