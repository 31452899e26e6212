"""The register intends before it signs, never gives an index twice, and never clears a bit."""

import copy
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.event import listen
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from badge_service.errors import ConflictError, UnavailableError
from badge_service.keyring.files import KeyFolder
from badge_service.openbadges import bitstring_status_list
from badge_service.openbadges.proofs import eddsa_rdfc_2022, jose
from badge_service.openbadges.public_key import KeyKind, PublicKey, from_jwk
from badge_service.register import actions
from badge_service.register.actions.status import allocate
from badge_service.register.rules import Intention, RevocationReason, did_of
from badge_service.register.tables import Edition, EditionForm, Issuer, IssuerKey, StatusEntry, StatusList
from badge_service.storage.session import Database

BASE = "http://localhost:8000"


def profile(slug: str) -> dict[str, Any]:
    return {
        "id": did_of(BASE, slug),
        "type": ["Profile"],
        "name": f"School {slug}",
        "url": f"{BASE}/issuers/{slug}",
        "address": {"type": ["Address"], "addressCountryCode": "NL", "addressRegion": "Friesland"},
    }


@pytest.fixture
def issuer(database: Database, keyring: KeyFolder) -> Issuer:
    with database.writing() as session:
        return actions.open_issuer(
            session, keyring, slug="school", did=did_of(BASE, "school"), profile=profile("school")
        )


def content(subject: str = "urn:uuid:0b9a7f0e-5d1b-4c7a-9a57-8c0a5f0e6d21") -> dict[str, Any]:
    achievement = f"{BASE}/achievements/basket/1.0.0"
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": profile("school"),
        "validFrom": "2026-11-21T09:00:00Z",
        "credentialSubject": {
            "id": subject,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": achievement,
                "type": ["Achievement"],
                "name": "Basket",
                "description": "Makes a basket.",
                "criteria": {"narrative": "Made one."},
            },
        },
    }


def intend(database: Database, issuer: Issuer, *tokens: str, document: dict[str, Any] | None = None) -> None:
    with database.writing() as session:
        actions.intend(session, [Intention(token, issuer.id, document or content()) for token in tokens])


def published(database: Database, path: str) -> dict[str, Any]:
    with database.reading() as session:
        found = actions.read_published(session, path)
        assert found is not None
        document: dict[str, Any] = json.loads(found.body)
        return document


def bit(database: Database, position: int) -> bool:
    signed = published(database, "/issuers/school/status/1.json")
    bits = bitstring_status_list.decode(signed["credentialSubject"]["encodedList"])
    return bool(bits[position // 8] >> (7 - position % 8) & 1)


def test_an_issuer_publishes_its_key_under_its_did(database: Database, issuer: Issuer) -> None:
    document = published(database, "/issuers/school/did.json")
    assert document["id"] == "did:web:localhost%3A8000:issuers:school"
    assert document["assertionMethod"] == [document["verificationMethod"][0]["id"]]


def test_the_did_of_an_issuer_never_changes(database: Database, keyring: KeyFolder, issuer: Issuer) -> None:
    with database.writing() as session, pytest.raises(ConflictError):
        actions.open_issuer(session, keyring, slug="school", did="did:web:other", profile=profile("school"))


def test_what_is_intended_is_signed_once_and_hidden(
    database: Database, keyring: KeyFolder, issuer: Issuer
) -> None:
    intend(database, issuer, "first")
    assert actions.sign_intended(database, keyring) == 1
    assert actions.sign_intended(database, keyring) == 0
    with database.reading() as session:
        assert actions.read_published(session, "/credentials/first.json") is None
        edition = actions.current_edition(session, "first")
        assert edition is not None and edition.signed_text is not None
        assert json.loads(edition.signed_text)["proof"][0]["cryptosuite"] == "eddsa-rdfc-2022"


def test_a_content_that_cannot_be_signed_stops_no_other(
    database: Database, keyring: KeyFolder, issuer: Issuer
) -> None:
    bad = copy.deepcopy(content())
    bad["credentialSubject"]["grade"] = "A+"
    intend(database, issuer, "good")
    intend(database, issuer, "bad", document=bad)
    assert actions.sign_intended(database, keyring) == 1
    with database.reading() as session:
        failure = session.scalars(select(Edition.failure).where(Edition.failure.is_not(None))).one()
        assert failure is not None and "grade" in failure


def test_a_lost_key_leaves_the_award_waiting_and_the_next_run_signs_it(
    database: Database, keyring: KeyFolder, issuer: Issuer
) -> None:
    intend(database, issuer, "waiting")
    key = next(keyring.folder.glob("*.pem"))
    away = key.rename(key.with_suffix(".away"))
    with pytest.raises(UnavailableError):
        actions.sign_intended(database, keyring)
    with database.reading() as session:
        assert actions.unsigned_count(session) == 1
    away.rename(key)
    assert actions.sign_intended(database, keyring) == 1


def test_a_key_that_is_not_the_published_one_signs_nothing(
    database: Database, keyring: KeyFolder, issuer: Issuer
) -> None:
    intend(database, issuer, "waiting")
    key = next(keyring.folder.glob("*.pem"))
    keyring.create("another")
    key.write_bytes((keyring.folder / "another.pem").read_bytes())
    with pytest.raises(UnavailableError, match="not the one that was published"):
        actions.sign_intended(database, keyring)
    with database.reading() as session:
        assert actions.unsigned_count(session) == 1


def test_a_newer_edition_keeps_the_address_and_replaces_the_older(
    database: Database, keyring: KeyFolder, issuer: Issuer
) -> None:
    intend(database, issuer, "badge")
    actions.sign_intended(database, keyring)
    intend(database, issuer, "badge")
    actions.sign_intended(database, keyring)
    with database.reading() as session:
        old, new = session.scalars(select(Edition).order_by(Edition.number)).all()
        assert old.content["id"] == new.content["id"]
        assert old.status_position != new.status_position
        told = actions.explain(session, "badge", old.status_position)
        assert told is not None and told.reason is RevocationReason.REPLACED
        assert actions.explain(session, "badge", new.status_position) is None
    assert bit(database, old.status_position)
    assert not bit(database, new.status_position)


def test_a_revoked_badge_has_its_bit_set_in_the_signed_list(
    database: Database, keyring: KeyFolder, issuer: Issuer
) -> None:
    intend(database, issuer, "badge")
    actions.sign_intended(database, keyring)
    with database.writing() as session:
        actions.revoke(session, "badge", RevocationReason.WITHDRAWN, actor="somebody")
    assert actions.refresh_status_lists(database, keyring) == 1
    assert actions.refresh_status_lists(database, keyring) == 0
    with database.reading() as session:
        position = session.scalars(select(Edition.status_position)).one()
    assert bit(database, position)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE status_entries SET set_at = NULL",
        "DELETE FROM status_entries",
        "UPDATE editions SET proof = 'x'",
    ],
)
def test_the_database_itself_refuses_to_undo_what_is_signed(
    database: Database, keyring: KeyFolder, issuer: Issuer, statement: str
) -> None:
    intend(database, issuer, "badge")
    actions.sign_intended(database, keyring)
    with database.writing() as session:
        actions.revoke(session, "badge", RevocationReason.MISTAKE, actor=None)
    with pytest.raises(DatabaseError), database.writing() as session:
        session.connection().exec_driver_sql(statement)


def test_no_status_index_is_given_twice_by_threads(database: Database, issuer: Issuer) -> None:
    def take() -> None:
        for _ in range(10):
            with database.writing() as session:
                allocate(session, session.get_one(Issuer, issuer.id), 10)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        given = session.execute(select(StatusEntry.list_id, StatusEntry.position)).all()
    assert len(given) == len(set(given)) == 800


def test_a_full_list_is_closed_and_the_next_one_opened(
    database: Database, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("badge_service.register.actions.status.LIST_IS_FULL_AT", 5)
    with database.writing() as session:
        given = allocate(session, session.get_one(Issuer, issuer.id), 12)
        assert len({(entry.id, position) for entry, position in given}) == 12
        assert len({entry.number for entry, _ in given}) == 3


def test_lists_are_signed_again_when_half_aged(
    database: Database, keyring: KeyFolder, issuer: Issuer, clock: Any
) -> None:
    actions.refresh_status_lists(database, keyring)
    clock.advance(days=3)
    assert actions.refresh_status_lists(database, keyring) == 0
    clock.advance(days=1)
    assert actions.refresh_status_lists(database, keyring) == 1


def test_after_a_restore_no_old_list_gives_out_an_index(database: Database, issuer: Issuer) -> None:
    with database.writing() as session:
        actions.open_new_lists(session)
    with database.writing() as session:
        ((given, _),) = allocate(session, session.get_one(Issuer, issuer.id), 1)
        assert given.number == 2
        assert session.scalars(select(StatusList.number).where(StatusList.closed_at.is_not(None))).all() == [
            1
        ]


def test_each_calendar_year_has_its_own_key_and_the_old_one_stays_published(
    database: Database, keyring: KeyFolder, issuer: Issuer, clock: Any
) -> None:
    intend(database, issuer, "one")
    actions.sign_intended(database, keyring)
    clock.advance(days=60)
    intend(database, issuer, "two")
    actions.sign_intended(database, keyring)
    with database.reading() as session:
        assert len(session.scalars(select(IssuerKey)).all()) == 2
    assert len(published(database, "/issuers/school/did.json")["assertionMethod"]) == 2


def test_the_folder_holds_exactly_what_a_stranger_may_fetch(
    database: Database, keyring: KeyFolder, issuer: Issuer, tmp_path: Path
) -> None:
    intend(database, issuer, "hidden", "shown")
    actions.sign_intended(database, keyring)
    with database.writing() as session:
        actions.set_visible(session, "/credentials/shown.json", True)
    actions.write_folder(database, tmp_path / "out", "localhost:8000")
    files = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.json")}
    assert files == {
        "localhost:8000/.well-known/jwks.json",
        "localhost:8000/credentials/shown.json",
        "localhost:8000/issuers/school/did.json",
        "localhost:8000/issuers/school/status/1.json",
    }


def test_a_badge_withdrawn_while_its_next_edition_waits_stays_withdrawn(
    database: Database, keyring: KeyFolder, issuer: Issuer
) -> None:
    intend(database, issuer, "badge")
    actions.sign_intended(database, keyring)
    with database.writing() as session:
        actions.revoke(session, "badge", RevocationReason.WITHDRAWN, actor=None)
    intend(database, issuer, "badge")
    actions.sign_intended(database, keyring)
    with database.reading() as session:
        positions = session.scalars(select(Edition.status_position)).all()
        newest = actions.current_edition(session, "badge")
        assert newest is not None
        told = actions.explain(session, "badge", newest.status_position)
        assert told is not None and told.reason is RevocationReason.WITHDRAWN
    assert len(positions) == 2 and all(bit(database, position) for position in positions)


def test_two_editions_that_waited_together_leave_the_newer_published(
    database: Database, keyring: KeyFolder, issuer: Issuer
) -> None:
    intend(database, issuer, "badge")
    intend(database, issuer, "badge")
    assert actions.sign_intended(database, keyring) == 2
    with database.writing() as session:
        actions.set_visible(session, "/credentials/badge.json", True)
        older, newer = session.scalars(select(Edition).order_by(Edition.number)).all()
        assert published_text(session) == newer.signed_text
    assert bit(database, older.status_position)
    assert not bit(database, newer.status_position)


def published_text(session: Session) -> str:
    found = actions.read_published(session, "/credentials/badge.json")
    assert found is not None
    return found.body.decode()


def test_a_revocation_during_another_is_in_the_signed_list(
    database: Database, keyring: KeyFolder, issuer: Issuer
) -> None:
    """Two who revoke at once and a signer in between: whoever commits last is signed at the next refresh."""
    intend(database, issuer, "one", "two")
    actions.sign_intended(database, keyring)
    barrier = threading.Barrier(2)

    def revoke(token: str) -> None:
        with database.writing() as session:
            if not database.is_sqlite:  # there a writing session waits for the other from its first word on
                session.scalars(select(StatusList)).all()
                barrier.wait(10)
            actions.revoke(session, token, RevocationReason.MISTAKE, actor=None)

    threads = [threading.Thread(target=revoke, args=(token,)) for token in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalars(select(StatusList.changes)).one() == 2
    actions.refresh_status_lists(database, keyring)
    with database.reading() as session:
        positions = session.scalars(select(Edition.status_position)).all()
    assert all(bit(database, position) for position in positions)


def token_of(database: Database, path: str) -> str | None:
    with database.reading() as session:
        found = actions.read_published(session, path)
        return found.body.decode() if found is not None else None


def accepted(database: Database, keyring: KeyFolder, token: str, *, algorithm: str = "ES256") -> None:
    """As a learner's acceptance does: the JWT is wanted, and signed after the commit."""
    with database.writing() as session:
        actions.want_jwt(session, token)
    actions.sign_intended(database, keyring, jwt_algorithm=algorithm)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_the_same_edition_is_had_as_a_jwt_whose_key_lies_at_its_address(
    database: Database, keyring: KeyFolder, issuer: Issuer, algorithm: str
) -> None:
    intend(database, issuer, "badge")
    accepted(database, keyring, "badge", algorithm=algorithm)
    assert token_of(database, "/credentials/badge.jwt") is None, (
        "nobody is served it before the JSON is served"
    )
    with database.writing() as session:
        actions.set_visible(session, "/credentials/badge.json", True)
    jws = jose.parse(token_of(database, "/credentials/badge.jwt") or "")
    document = published(database, "/credentials/badge.json")
    document.pop("proof")
    assert jose.credential_in(jws).items() >= document.items()
    assert jose.claims_faults(jws, document) == []
    assert jws.header == {"alg": algorithm, "typ": "JWT", "kid": jws.header["kid"]}
    jwk = published(database, jws.header["kid"].removeprefix(BASE))
    assert jose.faults(jws, from_jwk(jwk)) == []
    assert jwk in published(database, "/.well-known/jwks.json")["keys"]
    assert jwk["iss"] == issuer.did
    assert len(published(database, "/issuers/school/did.json")["assertionMethod"]) == 2


def test_the_jwt_follows_its_badge_hidden_shown_replaced_and_gone(
    database: Database, keyring: KeyFolder, issuer: Issuer
) -> None:
    intend(database, issuer, "badge")
    accepted(database, keyring, "badge")
    with database.writing() as session:
        actions.set_visible(session, "/credentials/badge.json", True)
    first = token_of(database, "/credentials/badge.jwt")
    intend(database, issuer, "badge")
    actions.sign_intended(database, keyring, jwt_algorithm="ES256")
    second = token_of(database, "/credentials/badge.jwt")
    assert first and second and first != second, "the newer edition has a JWT of its own"
    with database.reading() as session:
        assert actions.current_jwt(session, "badge") == second
    with database.writing() as session:
        actions.set_visible(session, "/credentials/badge.json", False)
    assert token_of(database, "/credentials/badge.jwt") is None
    with database.writing() as session:
        actions.set_visible(session, "/credentials/badge.json", True)
        actions.mark_gone(session, "/credentials/badge.json")
    with database.reading() as session:
        found = actions.read_published(session, "/credentials/badge.jwt")
        assert found is not None and found.gone and found.body == b""


def test_a_jwt_waits_for_its_key_and_is_signed_once(
    database: Database, keyring: KeyFolder, issuer: Issuer
) -> None:
    intend(database, issuer, "one", "two")
    accepted(database, keyring, "one")
    key = next(keyring.folder.glob("*es256*.pem"))
    away = key.rename(key.with_suffix(".away"))
    with pytest.raises(UnavailableError):
        accepted(database, keyring, "two")
    away.rename(key)
    actions.sign_intended(database, keyring, jwt_algorithm="ES256")
    with database.reading() as session:
        before = actions.current_jwt(session, "two")
    actions.sign_intended(database, keyring, jwt_algorithm="ES256")
    with database.reading() as session:
        assert before is not None and actions.current_jwt(session, "two") == before


def test_a_bulk_near_the_end_of_a_list_is_dealt_out_without_reading_the_list(
    database: Database, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("badge_service.register.actions.status.LIST_IS_FULL_AT", 3_000)
    statements: list[str] = []
    listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with database.writing() as session:
        given = allocate(session, session.get_one(Issuer, issuer.id), 10_000)
        assert len({(entry.id, position) for entry, position in given}) == 10_000
        assert [one.given for one in session.scalars(select(StatusList).order_by(StatusList.number))] == [
            3_000,
            3_000,
            3_000,
            1_000,
        ]
    assert len(statements) <= 4 * 8
    positions = [position for entry, position in given if entry.number == 1]
    assert positions != sorted(positions)


def test_documents_are_stored_as_what_differs_and_come_back_letter_for_letter(
    database: Database, keyring: KeyFolder, issuer: Issuer
) -> None:
    tokens = [f"token{number}" for number in range(30)]
    with database.writing() as session:
        contents = {
            token: content(f"urn:uuid:00000000-0000-4000-8000-{n:012}") for n, token in enumerate(tokens)
        }
        actions.intend(
            session, [Intention(token, issuer.id, contents[token], first=True) for token in tokens]
        )
    with database.reading() as session:
        assert len(session.scalars(select(EditionForm)).all()) == 1
        before = {one.document_id: one.content for one in session.scalars(select(Edition))}
    actions.sign_intended(database, keyring)
    with database.reading() as session:
        for edition in session.scalars(select(Edition)):
            document = json.loads(edition.signed_text or "")
            assert eddsa_rdfc_2022.verify(document, document["proof"][0], own_key(session))
            document.pop("proof")
            assert json.dumps(document) == json.dumps(before[edition.document_id])
            assert len(edition.patch) < 1_000


def own_key(session: Session) -> PublicKey:
    return PublicKey(KeyKind.ED25519, session.scalars(select(IssuerKey.public_key)).one())
