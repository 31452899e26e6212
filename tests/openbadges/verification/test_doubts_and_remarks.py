"""What could not be found out is grey; what only deserves a word is a remark."""

import hashlib
from typing import Any

import pytest

from badge_service.errors import Fault, NotFoundError, UnavailableError
from badge_service.openbadges import canonical, contexts, credential, multibase, schema
from badge_service.openbadges.digests import digest_sri
from badge_service.openbadges.sentences import sentence
from badge_service.openbadges.verdict import Outcome
from badge_service.openbadges.verification import Remembered
from tests.openbadges.verification.saying import judged, says, sign_with

# What we cannot find out


@pytest.mark.parametrize("error", [UnavailableError("no answer"), NotFoundError("nothing there")])
def test_without_a_network_nothing_is_green(world: Any, signed: dict[str, Any], error: Exception) -> None:
    def fetch(url: str) -> Any:
        raise error

    verdict = judged(world, signed, fetch=fetch)
    assert says(verdict) == ("not_fully_checked", "key_unreachable")
    assert sentence(verdict.reason_code, verdict.params).startswith(
        "badges.example.org did not show us its key"
    )


@pytest.mark.parametrize("issuer", ["did:nope:abc", "urn:uuid:1", "http://school.example/1"])
def test_issuers_that_we_cannot_look_up_are_never_green(
    world: Any, unsigned: dict[str, Any], issuer: str
) -> None:
    unsigned["issuer"]["id"] = issuer
    assert says(judged(world, sign_with(unsigned, world.key, f"{issuer}#k"))) == (
        "not_fully_checked",
        "did_method_unsupported",
    )


def test_a_badge_cannot_send_us_all_over_the_world(world: Any, unsigned: dict[str, Any]) -> None:
    entry = unsigned["credentialStatus"]
    unsigned["credentialStatus"] = [
        {**entry, "id": f"urn:x:{n}", "statusListCredential": f"https://h{n}.example/list"} for n in range(4)
    ]
    signed = sign_with(unsigned, world.key, world.method)
    assert judged(world, signed, registries=[]).outcome is Outcome.NOT_FULLY_CHECKED
    assert len(world.asked) == 4


def test_kinds_that_we_know_by_name_only_are_named(world: Any, signed: dict[str, Any]) -> None:
    cases = [
        ({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"}, "open_badges_2"),
        (
            {
                **signed,
                "@context": [*signed["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/context.json"],
            },
            "unknown_context",
        ),
        ({"type": "EnvelopedVerifiableCredential"}, "envelope_unsupported"),
        ({"type": ["VerifiableCredential", "EndorsementCredential"]}, "endorsement_unsupported"),
        ({"type": ["VerifiableCredential", "AlumniCredential"]}, "other_credential"),
    ]
    for data, code in cases:
        assert says(judged(world, data)) == ("not_fully_checked", code)


def test_own_definitions_of_words_and_a_wrong_order_are_not_valid(world: Any, signed: dict[str, Any]) -> None:
    inline = {**signed, "@context": [*signed["@context"], {"@vocab": "https://evil.example/#"}]}
    assert says(judged(world, inline)) == ("not_valid", "inline_context")
    turned = {**signed, "@context": list(reversed(signed["@context"]))}
    assert says(judged(world, turned)) == ("not_valid", "context_order")


def test_what_could_not_be_examined_in_time_is_not_called_false(world: Any, unsigned: dict[str, Any]) -> None:
    """Neither when the time was over at the badge, nor when it was over at the options of its proof."""
    stopped = canonical.Examined((Fault("", "The time is over.", "examination_stopped"),), "")

    def only_badges(document: Any, **more: Any) -> Any:
        return canonical.examine(document, **more) if "credentialSubject" in document else stopped

    signed = sign_with(unsigned, world.key, world.method, expires="2026-11-21T13:00:00Z")
    for examine in (only_badges, lambda document, **more: stopped):
        verdict = judged(world, signed, examine=examine)
        assert says(verdict) == ("not_fully_checked", "examination_stopped")
    assert says(judged(world, signed)) == ("genuine", "genuine")


# Remarks


def test_the_fact_sheet_is_compared_but_never_decides(world: Any, unsigned: dict[str, Any]) -> None:
    url, sheet = "https://badges.example.org/eu-facts.json", b'{"title":"Guest Speaker Host"}'
    unsigned["relatedResource"] = [credential.related_resource(url, digest_sri(sheet))]
    signed = world.sign(unsigned)

    def remarks() -> list[str]:
        verdict = judged(world, signed)
        assert verdict.outcome is Outcome.GENUINE
        return [remark.code for remark in verdict.remarks]

    assert remarks() == ["fact_sheet_missing"]
    world.pages[url] = sheet
    assert remarks() == []
    world.pages[url] = sheet + b" "
    assert remarks() == ["fact_sheet_different"]


def test_every_related_resource_with_a_digest_is_compared(world: Any, unsigned: dict[str, Any]) -> None:
    """In both spellings of a digest; a vocabulary among them is not fetched, as we carry its bytes."""
    first, second = "https://badges.example.org/eu-facts.json", "https://badges.example.org/more.pdf"
    world.pages[first], world.pages[second] = b"facts", b"more"
    good = multibase.encode_z(b"\x12\x20" + hashlib.sha256(b"more").digest())
    longer = multibase.encode_u(b"\x20\x30" + hashlib.sha384(b"more").digest())
    vocabulary = {"id": contexts.VC2, "digestSRI": digest_sri(contexts.read(contexts.VC2))}

    def code(**more: Any) -> str:
        sheet = {"id": first, "digestSRI": digest_sri(b"facts")}
        unsigned["relatedResource"] = [vocabulary, sheet, {"id": second, **more}]
        verdict = judged(world, sign_with(unsigned, world.key, world.method))
        assert verdict.outcome is Outcome.GENUINE
        return verdict.check("fact_sheet").code

    assert code() == code(digestMultibase=good) == code(digestMultibase=[longer]) == "fact_sheet_good"
    assert code(digestSRI=["md5-AAAA", digest_sri(b"more")]) == "fact_sheet_good"
    assert code(digestSRI=digest_sri(b"more"), digestMultibase=good) == "fact_sheet_good"
    assert code(digestSRI=digest_sri(b"facts"), digestMultibase=good) == "fact_sheet_different"
    assert code(digestMultibase=multibase.encode_z(b"\x12\x20" + bytes(32))) == "fact_sheet_different"
    for strange in ("zzz0", "x", 7, multibase.encode_z(b"\x11\x14" + bytes(20))):
        assert code(digestMultibase=strange) == "fact_sheet_digest"
    del world.pages[first]
    assert code(digestMultibase=good) == "fact_sheet_missing"
    assert contexts.VC2 not in world.asked


def test_a_difference_from_the_schema_alone_is_a_remark(world: Any, unsigned: dict[str, Any]) -> None:
    unsigned["credentialSubject"]["achievement"]["tag"] = "guest"
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    assert verdict.outcome is Outcome.GENUINE
    assert [remark.code for remark in verdict.remarks] == ["schema"]


OB3_SCHEMAS = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json"


@pytest.mark.parametrize(
    ("named", "is_whole", "codes"),
    [
        (None, True, []),
        (None, False, ["schema"]),
        ((f"{OB3_SCHEMAS}/ob_v3p0_achievementcredential_schema.json", "1EdTechJsonSchemaValidator2019"), True, []),
        ((f"{OB3_SCHEMAS}/ob_v3p0_achievementcredential_schema.json", "1EdTechJsonSchemaValidator2019"), False, ["schema"]),
        ((f"{OB3_SCHEMAS}/ob_v3p0_endorsementcredential_schema.json", "1EdTechJsonSchemaValidator2019"), True, ["schema"]),
        ((f"{OB3_SCHEMAS}/ob_v3p0_endorsementcredential_schema.json", "JsonSchema"), True, ["schema_other"]),
    ],
)  # fmt: skip
def test_the_schemas_of_1edtech_that_a_badge_names_count_or_that_of_its_type(
    world: Any, unsigned: dict[str, Any], named: tuple[str, str] | None, is_whole: bool, codes: list[str]
) -> None:
    unsigned.pop("credentialSchema", None)
    if named:
        unsigned["credentialSchema"] = [{"id": named[0], "type": named[1]}]
    if not is_whole:
        del unsigned["credentialSubject"]["achievement"]["criteria"]
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    assert [remark.code for remark in verdict.remarks] == codes


@pytest.mark.parametrize(
    ("document", "outcome", "code"),
    [
        ({"type": ["Thing"]}, "not_valid", "not_a_badge"),
        ({"type": "Assertion"}, "not_fully_checked", "open_badges_2"),
        ({"@context": "https://w3id.org/openbadges/v2", "type": "X"}, "not_fully_checked", "open_badges_2"),
        ({"type": ["VerifiableCredential"]}, "not_fully_checked", "other_credential"),
    ],
)
def test_what_is_no_badge_is_called_what_it_is(
    world: Any, document: dict[str, Any], outcome: str, code: str
) -> None:
    assert says(judged(world, document)) == (outcome, code)


def test_a_schema_that_is_named_many_times_is_judged_once(
    world: Any, unsigned: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    judgings: list[str] = []
    faults = schema.faults

    def counted(document: Any, **options: Any) -> Any:
        judgings.append(str(options))
        return faults(document, **options)

    monkeypatch.setattr(schema, "faults", counted)
    start = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json"
    unsigned["credentialSchema"] = [
        {
            "id": f"{start}{folder}/ob_v3p0_{name}_schema.json",
            "type": "1EdTechJsonSchemaValidator2019",
        }
        for folder in ("", "-ld")
        for name in ("achievementcredential", "anyachievementcredential")
    ] * 30
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    assert verdict.check("schema").code == "schema_good"
    assert len(judgings) == len(set(judgings)) == 2


def test_an_address_of_any_length_is_neither_asked_nor_kept(world: Any, unsigned: dict[str, Any]) -> None:
    unsigned["credentialStatus"]["statusListCredential"] = "https://a.example/" + "a" * 2_000
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    assert says(verdict) == ("not_fully_checked", "status_unreachable")
    assert all(len(url) <= 2_000 for url in world.asked)
    remembered = Remembered()
    for _ in range(2):
        long = remembered.recall(("a" * 20_000,), world.fetch, lambda fetch: object())
    assert long is not remembered.recall(("a" * 20_000,), world.fetch, lambda fetch: object())
    assert remembered.recall("a", world.fetch, lambda fetch: 1) == remembered.recall(
        "a", world.fetch, lambda fetch: 2
    )


@pytest.mark.parametrize("error", [ValueError("label too long"), OverflowError("port"), OSError("socket")])
def test_what_an_address_makes_the_network_raise_is_no_failure_of_ours(
    world: Any, signed: dict[str, Any], error: Exception
) -> None:
    def fetch(url: str) -> Any:
        if url == world.list_url:
            raise error
        return world.fetch(url)

    assert says(judged(world, signed, fetch=fetch)) == ("not_fully_checked", "status_unreachable")
