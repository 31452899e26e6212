"""Many badges signed at once are letter for letter what they would be one by one, and a faulty one is alone."""

import copy
import json
from dataclasses import dataclass
from typing import Any

import pytest

from badge_service.errors import InvalidError, UnavailableError
from badge_service.openbadges import canonical, credential
from badge_service.openbadges.credential import Prepared, prepare_many
from badge_service.openbadges.proofs import eddsa_rdfc_2022


@pytest.fixture(autouse=True)
def _shapes_as_they_were() -> Any:
    yield
    canonical.use_shapes()


@pytest.fixture
def options(world: Any) -> dict[str, Any]:
    from datetime import UTC, datetime

    return {
        "signer": world.key,
        "verification_method": world.method,
        "created": datetime(2026, 11, 21, tzinfo=UTC),
    }


@pytest.fixture
def documents(compose_badge: Any) -> list[dict[str, Any]]:
    """Badges that differ in address, holder, status and level; one achievement for all but the last ones."""
    made = []
    for index in range(12):
        document = compose_badge(index, id=f"https://a.example/credentials/{index}")
        document["credentialSubject"]["id"] = f"urn:uuid:{index}"
        document["credentialSubject"]["result"][0]["status"] = "Completed" if index % 2 else "Failed"
        document["name"] = f'Име "{index}" \\ % \n\x07 {"é" * index}'
        if made and index < 9:
            document["credentialSubject"]["achievement"] = made[0]["credentialSubject"]["achievement"]
        if index == 10:
            document["description"] = "of another shape"
        made.append(document)
    return made


def one_by_one(documents: list[dict[str, Any]], options: dict[str, Any]) -> list[str]:
    """By full expansion alone."""
    canonical.use_shapes(enabled=False)
    signed = [eddsa_rdfc_2022.sign(credential.prepare(document), **options) for document in documents]
    canonical.use_shapes(checked_one_in=10**9)
    return [json.dumps(document, ensure_ascii=False) for document in signed]


def prepared(documents: list[dict[str, Any]]) -> list[Prepared]:
    done = prepare_many(documents)
    assert all(isinstance(one, Prepared) for one in done), done
    return done  # type: ignore[return-value]


def test_many_are_letter_for_letter_what_they_are_one_by_one(documents: Any, options: Any) -> None:
    assert eddsa_rdfc_2022.sign_many(prepared(documents), **options) == one_by_one(documents, options)


def test_also_when_compiled_shapes_are_off_or_every_answer_is_compared(documents: Any, options: Any) -> None:
    wanted = one_by_one(documents, options)
    for setting in ({"enabled": False}, {"checked_one_in": 1}):
        canonical.use_shapes(**setting)
        assert eddsa_rdfc_2022.sign_many(prepared(documents), **options) == wanted


def test_also_when_two_subjects_are_one_or_a_tie_has_to_be_broken(documents: Any, options: Any) -> None:
    for document in documents:
        subject = document["credentialSubject"]
        subject["achievement"] = copy.deepcopy(subject["achievement"])
        subject["achievement"]["creator"] = {"id": document["issuer"]["id"], "type": ["Profile"]}
        subject["identifier"] = [
            {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}
            for name in (document["id"], "x")
        ]
    documents[2]["credentialSubject"]["identifier"][0]["identityHash"] = "x"
    documents[3]["credentialSubject"]["id"] = documents[3]["id"]
    documents[4]["evidence"][0]["id"] = documents[4]["id"]
    assert eddsa_rdfc_2022.sign_many(prepared(documents), **options) == one_by_one(documents, options)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda d: d.update(validFrom="yesterday"), "schema"),
        (lambda d: d.update(name=5), "schema"),
        (lambda d: d.update(grade="A"), "undefined_term"),
        (lambda d: d.update(id="Achievement"), "relative_iri"),
        (lambda d: d["credentialSubject"]["result"][0].update(achievedLevel="urn:x:none"), "result_link"),
        (lambda d: d["credentialSubject"].update(narrative="\ud800"), "json_invalid_unicode"),
        (lambda d: d.update(name="_:b0"), "blank_node_id"),
        (lambda d: d.update(evidence=[]), "empty"),
        (lambda d: d.update(proof=[{}]), "signed"),
    ],
)
@pytest.mark.parametrize("place", [0, 5, 11])
def test_a_faulty_one_gives_its_own_faults_and_holds_up_no_other(
    documents: Any, spoil: Any, code: str, place: int, options: Any
) -> None:
    faulty = copy.deepcopy(documents[place])
    spoil(faulty)
    documents[place] = faulty
    with pytest.raises(InvalidError) as alone:
        credential.prepare(faulty)
    done = prepare_many(documents)
    assert [isinstance(one, InvalidError) for one in done] == [number == place for number in range(12)]
    assert isinstance(done[place], InvalidError)
    assert done[place].faults == alone.value.faults
    assert code in {fault.code for fault in done[place].faults}


def test_a_wrong_canonical_form_in_a_batch_ends_compiled_shapes_and_signs_nothing_wrong(
    documents: Any, options: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from badge_service.openbadges.shapes import Canonical, Likeness

    wanted = one_by_one(documents, options)
    canonical.use_shapes(checked_one_in=1)
    monkeypatch.setattr(Likeness, "canonicalize", lambda *_: Canonical.of(b"<urn:a> <urn:b> <urn:c> .\n"))
    assert eddsa_rdfc_2022.sign_many(prepared(documents), **options) == wanted
    assert canonical.examine_known(documents[0]) is None


def test_no_documents_are_no_work(options: Any) -> None:
    assert prepare_many([]) == []
    assert eddsa_rdfc_2022.sign_many([], **options) == []


@dataclass
class Failing:
    """Signs rightly so many times, then wrongly."""

    key: Any
    good: int
    proven: bool = False
    key_id = "failing"
    algorithm = "EdDSA"

    @property
    def public_key(self) -> Any:
        return self.key.public_key

    def sign(self, data: bytes) -> bytes:
        self.good -= 1
        return self.key.sign(data) if self.good >= 0 else bytes(64)


def test_every_signature_of_an_unproven_signer_is_verified_and_the_first_of_a_proven_one(
    documents: Any, options: Any, world: Any
) -> None:
    ready = prepared(documents)
    for signer in (Failing(world.key, 5), Failing(world.key, 0), Failing(world.key, 0, proven=True)):
        with pytest.raises(UnavailableError):
            eddsa_rdfc_2022.sign_many(ready, **{**options, "signer": signer})


def test_also_when_numbers_and_the_lengths_of_lists_differ(documents: Any, options: Any) -> None:
    numbers = (1, 2, 1.5, 1.0, -0.0, 0, 10**15, 2.5, 1, 1, 3, 1)
    for place, (document, number) in enumerate(zip(documents, numbers, strict=True)):
        document["credentialSubject"]["creditsEarned"] = number
        document["evidence"] = document["evidence"] * (1 + place % 3)
        document["evidence"][0] = {**document["evidence"][0], "name": f"the first of {place}"}
    assert eddsa_rdfc_2022.sign_many(prepared(documents), **options) == one_by_one(documents, options)
