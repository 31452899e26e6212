"""Claiming: looking spends nothing, accepting binds the badge to its learner, declining ends it."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from badge_service.awards import actions, jobs
from badge_service.awards.actions.second_chance import let_again
from badge_service.awards.rules import WRONG_CODES_ALARM, AgeBand
from badge_service.awards.tables import Award, ClaimCode
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.openbadges import bitstring_status_list
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY, Viewer
from badge_service.people.tables import Account, Person, PersonAddress
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.register.tables import Document, Edition
from badge_service.storage import outbox
from badge_service.storage.tables import AuditEntry, OutboxJob
from badge_service.web import mail
from badge_service.workshops.tables import Enrolment

from .conftest import World

PASSPHRASE = "willow basket river stone"


@pytest.fixture
def batch(world: World, class_of_three: list[int]) -> str:
    return world.award(*class_of_three)


def card_code(world: World, batch: str) -> str:
    with world.database.writing() as session:
        (card,) = actions.print_cards(session, world.viewers["teacher"], batch)
    return card.code


def mailed_codes(world: World) -> dict[str, str]:
    """What the mails of the batch carry, by address."""
    handlers = jobs.handlers(world.settings) | {mail.KIND: mail.deliver(world.settings)}
    outbox.run_due(world.database, handlers)
    outbox.run_due(world.database, handlers)
    laid = mail.laid_mails(world.settings.mail_folder)
    return {one.to: one.text.split("/claim/")[1].split()[0] for one in reversed(laid)}


def claim(world: World, code: str, *, with_name: bool, viewer: Viewer = NOBODY, **answers: Any) -> Award:
    with world.database.writing() as session:
        claimed = actions.claim(session, viewer, code, with_name=with_name, **answers)
    world.sign()
    return claimed.award


def editions(world: World, award: Award) -> list[Edition]:
    with world.database.reading() as session:
        found = select(Edition).join(Document, Document.id == Edition.document_id)
        return list(session.scalars(found.where(Document.token == award.token).order_by(Edition.number)))


def bit(world: World, position: int) -> bool:
    with world.database.reading() as session:
        published = register.read_published(session, "/issuers/craft-school/status/1.json")
    assert published is not None
    bits = bitstring_status_list.decode(json.loads(published.body)["credentialSubject"]["encodedList"])
    return bool(bits[position // 8] >> (7 - position % 8) & 1)


def test_learners_with_an_address_get_a_link_in_their_mail(world: World, batch: str) -> None:
    codes = mailed_codes(world)
    assert set(codes) == {"petya@school.example", "maria@school.example"}
    with world.database.reading() as session:
        view = actions.look_at_claim(session, codes["maria@school.example"])
        assert view.name == "Мария Георгиева" and not view.needs_passphrase
        assert view.age is not None and view.age.limit == 14
        stored = session.scalars(select(ClaimCode.code_hash)).all()
        assert not any(code in text for code in codes.values() for text in stored)


def test_looking_claims_nothing(world: World, batch: str) -> None:
    code = card_code(world, batch)
    for _time in range(3):
        with world.database.reading() as session:
            assert actions.look_at_claim(session, code).state is actions.ClaimState.OPEN
    with world.database.reading() as session:
        assert {award.state for award in session.scalars(select(Award))} == {"held"}


def test_accepting_without_name_leaves_the_first_edition(world: World, batch: str) -> None:
    award = claim(world, card_code(world, batch), with_name=False, password=PASSPHRASE)
    assert (award.state, award.sharing, award.name_on_badge) == ("accepted", "private", None)
    (only,) = editions(world, award)
    assert "identifier" not in only.content["credentialSubject"]
    assert not bit(world, only.status_position)
    with world.database.reading() as session:
        assert register.read_published(session, f"/credentials/{award.token}.json") is None


def test_accepting_with_name_signs_a_second_edition_and_replaces_the_first(
    world: World, batch: str, clock: Any
) -> None:
    code = card_code(world, batch)
    clock.advance(days=2)
    award = claim(world, code, with_name=True, password=PASSPHRASE)
    first, second = editions(world, award)
    assert first.content["id"] == second.content["id"]
    assert second.content["awardedDate"] == first.content["awardedDate"] < second.content["validFrom"]
    assert second.content["credentialSubject"]["id"] == first.content["credentialSubject"]["id"]
    assert second.content["credentialSubject"]["identifier"] == [
        {"type": "IdentityObject", "hashed": False, "identityHash": "Boris Kolev", "identityType": "name"}
    ]
    assert bit(world, first.status_position) and not bit(world, second.status_position)
    with world.database.reading() as session:
        told = register.explain(session, award.token, first.status_position)
        assert told is not None and told.reason is RevocationReason.REPLACED
        holder = people.load_viewer(session, award.person_id)
        (consent,) = people.standing_consents(session, holder, "name_in_badge")
        assert consent.subject == f"award:{award.token}"


def test_a_card_needs_a_passphrase_to_come_back(world: World, batch: str) -> None:
    code = card_code(world, batch)
    for password in (None, "short"):
        with world.database.writing() as session, pytest.raises(InvalidError) as raised:
            actions.claim(session, NOBODY, code, with_name=False, password=password)
        assert raised.value.faults[0].where == "password"
    award = claim(world, code, with_name=False, password=PASSPHRASE)
    with world.database.reading() as session:
        assert actions.card_owner(session, code) == award.person_id
        account = people.account_of(session, award.person_id or 0)
        assert account is not None and account.password is not None and account.email is None


def test_a_mailed_link_proves_the_address_and_makes_the_account(world: World, batch: str) -> None:
    award = claim(world, mailed_codes(world)["petya@school.example"], with_name=False)
    with world.database.reading() as session:
        account = people.account_by_email(session, "petya@school.example")
        assert account is not None and account.person_id == award.person_id
        (address,) = people.addresses(session, award.person_id or 0)
        assert address.verified_at is not None


def test_the_owner_of_the_address_gets_the_badge_into_the_account_they_have(world: World, batch: str) -> None:
    codes = mailed_codes(world)
    with world.database.writing() as session:
        lead = world.viewers["lead"].person_id or 0
        people.verify_address(session, lead, "petya@school.example")
        people.open_account(session, lead)
    award = claim(world, codes["petya@school.example"], with_name=True)
    assert award.person_id == lead and award.name_on_badge == "Petya Ivanova"
    with world.database.reading() as session:
        workshop, version = world.open(session)
        rows = actions.readiness_of(session, workshop, version)
        assert [row.why for row in rows] == [("awarded",)] * 3
        assert [row.levels["C1"] for row in rows] == ["proficient"] * 3


def test_a_signed_in_viewer_may_take_the_badge_into_their_own_collection(world: World, batch: str) -> None:
    viewer = world.viewers["lead"]
    award = claim(world, card_code(world, batch), with_name=False, viewer=viewer, into_mine=True)
    assert award.person_id == viewer.person_id


def test_a_classmates_account_does_not_swallow_the_badge(
    world: World, batch: str, class_of_three: list[int]
) -> None:
    claim(world, mailed_codes(world)["petya@school.example"], with_name=False)
    code = card_code(world, batch)
    with world.database.writing() as session, pytest.raises(ConflictError):
        classmate = people.load_viewer(session, class_of_three[0])
        actions.claim(session, classmate, code, with_name=False, into_mine=True)


def test_a_code_works_once(world: World, batch: str) -> None:
    code = card_code(world, batch)
    claim(world, code, with_name=False, password=PASSPHRASE)
    with world.database.writing() as session:
        assert actions.look_at_claim(session, code).state is actions.ClaimState.CLAIMED
        with pytest.raises(ConflictError):
            actions.claim(session, NOBODY, code, with_name=True, password=PASSPHRASE)
        with pytest.raises(ConflictError):
            actions.decline(session, code)


def test_declining_revokes_and_forgets_the_address(world: World, batch: str) -> None:
    code = mailed_codes(world)["petya@school.example"]
    with world.database.writing() as session:
        award = actions.decline(session, code)
    world.sign()
    (only,) = editions(world, award)
    assert award.state == "declined" and bit(world, only.status_position)
    with world.database.reading() as session:
        told = register.explain(session, award.token, only.status_position)
        assert told is not None and told.reason is RevocationReason.DECLINED
        for table, column in ((Enrolment, Enrolment.email), (PersonAddress, PersonAddress.email)):
            assert session.scalar(select(table).where(column == "petya@school.example")) is None
        assert session.scalar(select(ClaimCode).where(ClaimCode.sent_to == "petya@school.example")) is None
        payloads = str([job.payload for job in session.scalars(select(OutboxJob))])
        assert "petya@school.example" not in payloads
        workshop, version = world.open(session)
        assert actions.readiness_of(session, workshop, version)[0].why == ("declined",)


def test_who_declined_by_mistake_is_given_a_new_badge_once_the_school_says_so(
    world: World, batch: str
) -> None:
    code = mailed_codes(world)["petya@school.example"]
    with world.database.writing() as session:
        declined = actions.decline(session, code)
    with pytest.raises(InvalidError):
        world.award(declined.person_id or 0, key="two")
    with world.database.writing() as session:
        for foreign in ("other-teacher", "other-admin"):
            with pytest.raises(NotFoundError):
                let_again(session, world.viewers[foreign], declined.token)
        for _twice in range(2):
            let_again(session, world.viewers["teacher"], declined.token)
        noted = select(AuditEntry).where(AuditEntry.action == "award.let_again")
        assert [one.subject for one in session.scalars(noted)] == [f"award:{declined.token}"]
    world.award(declined.person_id or 0, key="three")
    with world.database.reading() as session:
        mine = select(Award).where(Award.person_id == declined.person_id).order_by(Award.id)
        assert [one.state for one in session.scalars(mine)] == ["declined", "held"]
        assert actions.look_at_claim(session, code).state == "ended"
    assert bit(world, editions(world, declined)[0].status_position)


def test_only_a_declined_badge_of_a_class_list_is_given_anew(world: World, batch: str) -> None:
    with world.database.writing() as session:
        held = session.scalars(select(Award)).first()
        assert held is not None
        with pytest.raises(ConflictError):
            let_again(session, world.viewers["teacher"], held.token)
        actions.revoke_award(session, world.viewers["teacher"], held.token, RevocationReason.MISTAKE)
        with pytest.raises(ConflictError):
            let_again(session, world.viewers["teacher"], held.token)


def test_no_mail_leaves_for_a_badge_declined_or_revoked_meanwhile(world: World, batch: str) -> None:
    with world.database.writing() as session:
        for award in session.scalars(select(Award)).all():
            actions.revoke_award(session, world.viewers["teacher"], award.token, RevocationReason.MISTAKE)
    assert mailed_codes(world) == {}


def test_a_new_card_ends_every_older_code(world: World, batch: str) -> None:
    old = card_code(world, batch)
    with world.database.writing() as session:
        award = actions.look_at_claim(session, old).award
        fresh = actions.new_card(session, world.viewers["teacher"], award.token)
        assert (fresh.first_name, fresh.number) == ("Boris", 2)
    with world.database.reading() as session:
        with pytest.raises(NotFoundError):
            actions.look_at_claim(session, old)
        assert actions.look_at_claim(session, fresh.code.lower().replace("-", "")).state == "open"


def test_printing_for_everybody_covers_those_with_an_address_too(world: World, batch: str) -> None:
    with world.database.writing() as session:
        cards = actions.print_cards(session, world.viewers["teacher"], batch, everybody=True)
    assert [(card.number, card.first_name) for card in cards] == [(1, "Petya"), (2, "Boris"), (3, "Мария")]


def test_the_age_band_is_kept_and_no_birth_date(world: World, batch: str) -> None:
    code = card_code(world, batch)
    award = claim(world, code, with_name=False, password=PASSPHRASE, age=AgeBand.UNDER_LIMIT)
    with world.database.reading() as session:
        assert people.person_by_id(session, award.person_id or 0).age_band == "under_limit"
        assert actions.look_at_claim(session, code).age is None


def test_the_teacher_can_undo_a_claim_for_thirty_days(world: World, batch: str, clock: Any) -> None:
    award = claim(world, card_code(world, batch), with_name=True, password=PASSPHRASE)
    person = award.person_id
    clock.advance(days=29)
    with world.database.writing() as session:
        actions.undo_claim(session, world.viewers["teacher"], award.token)
    world.sign()
    _first, named, nameless = editions(world, award)
    assert bit(world, named.status_position) and not bit(world, nameless.status_position)
    assert "identifier" not in nameless.content["credentialSubject"]
    with world.database.reading() as session:
        assert session.scalar(select(Account).where(Account.person_id == person)) is None
        again = session.scalars(select(Award).where(Award.token == award.token)).one()
        assert (again.state, again.name_on_badge, again.accepted_at) == ("held", None, None)
    with world.database.writing() as session:
        card = actions.new_card(session, world.viewers["teacher"], award.token)
    claim(world, card.code, with_name=False, password=PASSPHRASE)
    clock.advance(days=31)
    with world.database.writing() as session, pytest.raises(ConflictError):
        actions.undo_claim(session, world.viewers["teacher"], award.token)


def test_many_wrong_codes_raise_one_alarm(world: World) -> None:
    for _try in range(WRONG_CODES_ALARM + 5):
        with world.database.writing() as session:
            actions.note_wrong_code(session)
    with world.database.reading() as session:
        alarms = session.scalars(select(AuditEntry).where(AuditEntry.action == "claim.alarm")).all()
        assert people.recent_alarms(session) == alarms
    assert len(alarms) == 1


def test_a_card_knows_the_language_of_its_learner(world: World, batch: str) -> None:
    with world.database.writing() as session:
        boris = session.scalars(select(Person).where(Person.name == "Boris Kolev")).one()
        boris.language = "bg"
    with world.database.writing() as session:
        cards = actions.print_cards(session, world.viewers["teacher"], batch, everybody=True)
        assert {card.first_name: card.language for card in cards} == {
            "Petya": "en",
            "Boris": "bg",
            "Мария": "en",
        }
        boris_award = next(card.award_token for card in cards if card.first_name == "Boris")
        assert actions.new_card(session, world.viewers["teacher"], boris_award).language == "bg"
