"""Our own JSON Schemas accept and refuse what 1EdTech's do, but for a list of differences that stands here.

1EdTech's files are read from ../shared and changed by `DIFFERENCES`, one by one; what comes out must agree with ours
on every document. So a difference that is not on the list turns a test red, and so does one that is not needed.
"""

import copy
import functools
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_service.openbadges import schema

STANDARDS = Path(__file__).parents[2] / ".." / "shared" / "data" / "standards"
pytestmark = pytest.mark.skipif(
    not STANDARDS.exists(), reason="1EdTech's schemas (../shared) are not on this machine"
)
ZONED = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$"
COPIES = {
    (schema.ACHIEVEMENT, False): "plain-ob_v3p0_achievementcredential-jsonschema1.json",
    (schema.ENDORSEMENT, False): "plain-ob_v3p0_endorsementcredential-jsonschema1.json",
    (schema.PROFILE, False): "plain-ob_v3p0_profile-jsonschema1.json",
    (schema.ACHIEVEMENT, True): "jsonld-ob_v3p0_achievementcredential_schema.json",
    (schema.PROFILE, True): "jsonld-ob_v3p0_profile_schema.json",
}
"""1EdTech's files by class and leniency; of the JSON-LD endorsement there is none, but both others hold it."""


IMAGE = {"id": "https://a.example/i.png", "type": "Image", "caption": "c"}
ENDORSED = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    "id": "urn:uuid:e", "type": ["VerifiableCredential", "EndorsementCredential"], "name": "n",
    "issuer": "https://a.example", "validFrom": "2026-01-01T00:00:00Z", "validUntil": "2036-01-01T00:00:00.5+01:00",
    "credentialSubject": {"id": "urn:b", "type": ["EndorsementSubject"], "endorsementComment": "c"},
    "proof": [{"type": "DataIntegrityProof", "created": "2026-01-01T00:00:00Z", "proofValue": "z"}],
    "credentialStatus": {"id": "https://a.example/s#1", "type": "BitstringStatusListEntry"},
}  # fmt: skip
PERSON = {
    "id": "https://a.example/p", "type": ["Profile"], "name": "n", "url": "https://a.example", "phone": "1",
    "description": "d", "email": "a@example.org", "official": "x", "familyName": "f", "givenName": "g",
    "additionalName": "a", "patronymicName": "p", "honorificPrefix": "h", "honorificSuffix": "s",
    "familyNamePrefix": "x", "dateOfBirth": "2000-01-01", "image": IMAGE, "endorsementJwt": ["a.b.c"],
    "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "1", "identifierType": "ext:x"}],
    "address": {
        "type": ["Address"], "addressCountry": "c", "addressCountryCode": "NL", "addressRegion": "r",
        "addressLocality": "l", "streetAddress": "s", "postOfficeBoxNumber": "1", "postalCode": "1",
        "geo": {"type": "GeoCoordinates", "latitude": 53.1, "longitude": 5.5},
    },
}  # fmt: skip


def _origin(rule: dict[str, Any]) -> str:
    return re.sub(r"Origin: (\w+).*", r"\1", rule.get("$comment", ""))


def _date_zone(rule: dict[str, Any]) -> None:
    if rule.get("format") == "date-time":
        rule["pattern"] = ZONED


def _no_empty(rule: dict[str, Any], *origins: str) -> None:
    if _origin(rule) in origins:
        for text in [rule, *rule.get("oneOf", [])]:
            if text.get("type") == "string":
                text["minLength"] = 1
            if text.get("type") == "object":
                text["additionalProperties"]["minLength"] = 1


def _empty_address(rule: dict[str, Any]) -> None:
    _no_empty(rule, "URI", "URL")


def _empty_class(rule: dict[str, Any]) -> None:
    _no_empty(rule, "IRI")


def _any_class(rule: dict[str, Any]) -> None:
    for choice in rule.get("oneOf", []):
        if "contains" in choice:
            rule["oneOf"] = [choice["contains"], choice]
        if "contains" in choice.get("allOf", [{}])[0]:
            rule["oneOf"] = [choice]


def _any_context(rule: dict[str, Any]) -> None:
    if rule.get("oneOf", [{}])[0] == {"$ref": "#/$defs/Context"}:
        del rule["oneOf"][0]


def _address_by_language(rule: dict[str, Any]) -> None:
    named = _origin(rule) in ("URI", "URL", "IRI")
    coded = any({"enum", "pattern"} & choice.keys() for choice in rule.get("oneOf", []) if "type" in choice)
    if named or coded:
        rule["oneOf"] = [choice for choice in rule.get("oneOf", []) if "propertyNames" not in choice]
        if not rule["oneOf"]:
            del rule["oneOf"]


@functools.cache
def _evidence() -> dict[str, Any]:
    badge = json.loads((STANDARDS / "schemas" / COPIES[schema.ACHIEVEMENT, False]).read_text("utf-8"))
    rule: dict[str, Any] = badge["$defs"]["Evidence"]
    return amended(rule, _empty_address, _empty_class)


def _endorsement_evidence(rule: dict[str, Any]) -> None:
    members = rule.get("properties", {})
    if (
        members.get("credentialSubject") == {"$ref": "#/$defs/EndorsementSubject"}
        and "evidence" not in members
    ):
        members["evidence"] = {"type": "array", "items": _evidence()}


class Difference(NamedTuple):
    """Where ours refuses what theirs accepts, and why that is right."""

    why: str
    amend: Callable[[dict[str, Any]], None]
    change: Callable[[dict[str, Any]], Any]
    """The change to the example badge that shows it."""
    forms: tuple[bool, ...]
    """Where it applies: in the strict form (False), in the lenient one (True)."""


def _sets(where: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        *path, last = where.split(".")
        functools.reduce(lambda place, step: place[step], path, document)[last] = value

    return change


DIFFERENCES = {
    "date-zone": Difference(
        "DateTimeZ is a date, a time and a zone (section 4.9 of Verifiable Credentials); theirs names a format only.",
        _date_zone,
        _sets("validFrom", "2026-01-01t00:00:00z"),
        forms=(False, True),
    ),
    "empty-address": Difference(
        "An empty text is no URI, for an id even less than elsewhere.",
        _empty_address,
        _sets("credentialSubject.id", ""),
        forms=(False, True),
    ),
    "empty-class": Difference(
        "An empty text names no class.",
        _empty_class,
        _sets("credentialSubject.type", ["AchievementSubject", ""]),
        forms=(False, True),
    ),
    "endorsement-evidence": Difference(
        "Their newer text (the JSON-LD one) gives an endorsement evidence; the older strict one does not look at it.",
        _endorsement_evidence,
        _sets("endorsement", [{**ENDORSED, "evidence": [{"type": ["Result"]}]}]),
        forms=(False,),
    ),
    "any-class": Difference(
        "The type must contain the class (section 6 of Open Badges, in both forms).",
        _any_class,
        _sets("credentialSubject.achievement.type", "Alignment"),
        forms=(True,),
    ),
    "any-context": Difference(
        "The contexts of the data model and of Open Badges come first, in this order, in both forms.",
        _any_context,
        _sets("@context", "https://www.w3.org/ns/credentials/v2"),
        forms=(True,),
    ),
    "address-by-language": Difference(
        "An address, a class or a code is the same in every language, and JSON-LD takes no map for one.",
        _address_by_language,
        _sets("credentialSubject.achievement.id", {"en": "https://a.example"}),
        forms=(True,),
    ),
}


def amended(rule: Any, *amendments: Callable[[dict[str, Any]], None]) -> Any:
    """`rule` and everything inside it, changed by the amendments."""
    if isinstance(rule, list):
        return [amended(part, *amendments) for part in rule]
    if not isinstance(rule, dict):
        return rule
    rule = {name: amended(part, *amendments) for name, part in rule.items()}
    for amendment in amendments:
        amendment(rule)
    return rule


@functools.cache
def theirs(kind: str, lenient: bool, *, differences: tuple[str, ...] = tuple(DIFFERENCES)) -> Any:
    """1EdTech's schema with our differences put in."""
    text = (STANDARDS / "schemas" / COPIES[kind, lenient]).read_text("utf-8")
    amendments = [DIFFERENCES[name].amend for name in differences]
    return jsonschema_rs.Draft201909Validator(amended(json.loads(text), *amendments), validate_formats=True)


@functools.cache
def examples(kind: str) -> list[dict[str, Any]]:
    """Of a class: one of ours that holds every member of it, and 1EdTech's examples; nothing is shared inside."""
    found: list[dict[str, Any]] = json.loads(json.dumps(_examples(kind)))
    return found


def _examples(kind: str) -> list[dict[str, Any]]:
    found = [
        json.loads(path.read_text("utf-8")) for path in sorted((STANDARDS / "examples/spec").glob("*.json"))
    ]
    if kind == schema.PROFILE:
        return [
            {**PERSON, "parentOrg": PERSON, "endorsement": [ENDORSED]},
            *(badge["issuer"] for badge in found),
        ]
    of_kind = [document for document in found if schema.kind_of(document) == kind]
    if kind == schema.ENDORSEMENT:
        return [
            ENDORSED,
            {**ENDORSED, "issuer": PERSON, "termsOfUse": [{"type": "x", "id": "urn:x"}]},
            *of_kind,
        ]
    return [_rich(next(badge for badge in of_kind if "evidence" in badge)), *of_kind]


def _rich(badge: dict[str, Any]) -> dict[str, Any]:
    badge = copy.deepcopy(badge)
    subject, achievement = badge["credentialSubject"], badge["credentialSubject"]["achievement"]
    aligned = [
        {"type": ["Alignment"], "targetName": "n", "targetUrl": "https://a.example/t", "targetType": "CTDL"}
    ]
    level = {
        "id": "urn:l",
        "type": ["RubricCriterionLevel"],
        "name": "l",
        "alignment": aligned,
        "level": "1",
        "points": "1",
    }
    badge |= {
        "issuer": PERSON, "image": IMAGE, "endorsement": [ENDORSED], "endorsementJwt": ["a.b.c"],
        "validUntil": "2030-01-01T00:00:00+01:00", "awardedDate": "2026-01-01T00:00:00Z", "proof": ENDORSED["proof"],
        "refreshService": {"id": "https://a.example/r", "type": "1EdTechCredentialRefresh"},
        "termsOfUse": [{"type": "x"}], "credentialStatus": ENDORSED["credentialStatus"],
        "evidence": [{"id": "urn:e", "type": ["Evidence"], "narrative": "n", "genre": "g", "audience": "a"}],
    }  # fmt: skip
    subject |= {
        "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": "Sanne", "identityType": "name", "salt": "s"}],
        "creditsEarned": 1.5, "licenseNumber": "1", "term": "t", "narrative": "n", "source": PERSON, "image": IMAGE,
        "result": [{"type": ["Result"], "achievedLevel": "urn:l", "resultDescription": "urn:d", "status": "Completed", "alignment": aligned}],
    }  # fmt: skip
    achievement |= {
        "creditsAvailable": 2, "specialization": "s", "inLanguage": "nl", "alignment": aligned, "tag": ["t"],
        "related": [{"id": "https://a.example/r", "type": ["Related"], "inLanguage": "nl", "version": "1"}],
        "otherIdentifier": PERSON["otherIdentifier"], "endorsementJwt": ["a.b.c"], "creator": PERSON,
        "resultDescription": [
            {"id": "urn:d", "type": ["ResultDescription"], "name": "n", "resultType": "Status", "allowedValue": ["a"], "rubricCriterionLevel": [level]},
        ],
    }  # fmt: skip
    return badge


KINDS = sorted(COPIES)


@pytest.mark.parametrize(("kind", "lenient"), KINDS)
def test_the_examples_of_the_standard_and_a_rich_one_are_accepted_by_both(kind: str, lenient: bool) -> None:
    for document in examples(kind):
        assert theirs(kind, lenient, differences=()).is_valid(document)
        assert schema.faults(document, kind=kind, lenient=lenient) == []


@pytest.mark.parametrize("name", DIFFERENCES)
def test_each_difference_is_one_and_no_more(name: str) -> None:
    difference, document = DIFFERENCES[name], copy.deepcopy(examples(schema.ACHIEVEMENT)[1])
    difference.change(document)
    for lenient in difference.forms:
        assert theirs(schema.ACHIEVEMENT, lenient, differences=()).is_valid(document)
        assert not theirs(schema.ACHIEVEMENT, lenient, differences=(name,)).is_valid(document)
        others = tuple(other for other in DIFFERENCES if other != name)
        assert theirs(schema.ACHIEVEMENT, lenient, differences=others).is_valid(document)
        assert not schema.is_valid(document, lenient=lenient)


def test_the_schema_itself_says_how_it_differs() -> None:
    text = json.loads((schema.folder() / "open_badges.schema.json").read_text("utf-8"))["$comment"]
    assert [name for name in DIFFERENCES if name not in text] == []


Place = tuple[Any, ...]


def places(value: Any, here: Place = ()) -> list[Place]:
    """Every place in a document, from the outside inwards."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [place for key, member in members for place in [(*here, key), *places(member, (*here, key))]]


def values(value: Any) -> list[Any]:
    """Every value in a document, to be put elsewhere in another."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(inner for member in members for inner in values(member))]


ODD = st.sampled_from(
    [
        None, True, 7, 1.5, -1, "", "x", "ext:made-up", "EXT:", [], {}, ["x"], [{}], [[]], [None], {"en": "x"}, {"en-GB": "x"},
        {"eng": "x"}, {"en": 1}, {"en": ""}, ["x", {"nl": "y"}], "2026-01-01", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00",
        "2026-01-01T00:00:00+01:00", "2026-01-01T24:00:00Z", "2026-02-29T00:00:00Z", "a.b.c", "a..c", "nl", "nl-BE", "NL",
        "Profile", "Image", {"type": "Profile", "id": "urn:x"}, {"type": ["Profile"], "id": "urn:x"}, {"type": "Image", "id": "i"},
        ["VerifiableCredential", "OpenBadgeCredential"], ["VerifiableCredential"], "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context.json", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.json",
    ]
)  # fmt: skip
NAMES = [
    "somethingElse",
    "id",
    "type",
    "name",
    "proof",
    "endorsement",
    "image",
    "evidence",
    "@context",
    "result",
]


def _change(document: Any, draw: Callable[[Any], Any], known: list[Any]) -> None:
    """One change anywhere: a member goes, comes, is wrapped, unwrapped, or becomes something else."""
    *path, last = draw(st.sampled_from(places(document)))
    place = functools.reduce(lambda held, step: held[step], path, document)
    how = draw(st.sampled_from(["remove", "replace", "swap", "wrap", "unwrap", "add", "repeat"]))
    if how == "remove":
        del place[last]
    elif how == "replace":
        place[last] = copy.deepcopy(draw(ODD))
    elif how == "swap":
        place[last] = copy.deepcopy(draw(st.sampled_from(known)))
    elif how == "wrap":
        place[last] = [place[last]]
    elif how == "unwrap" and isinstance(place[last], list) and place[last]:
        place[last] = place[last][0]
    elif how == "add" and isinstance(place[last], dict):
        place[last][draw(st.sampled_from(NAMES))] = copy.deepcopy(
            draw(st.one_of(ODD, st.sampled_from(known)))
        )
    elif how == "repeat" and isinstance(place, list):
        place.append(copy.deepcopy(place[last]))


@st.composite
def changed(draw: Callable[[Any], Any]) -> tuple[str, bool, dict[str, Any]]:
    """A class, a form, and an example of the class with one to four changes in it."""
    kind, lenient = draw(st.sampled_from(KINDS))
    document = copy.deepcopy(draw(st.sampled_from(examples(kind))))
    known = values(document)
    for _ in range(draw(st.integers(1, 4))):
        if document:
            _change(document, draw, known)
    return kind, lenient, document


def agree(case: tuple[str, bool, dict[str, Any]]) -> None:
    kind, lenient, document = case
    ours = schema.faults(document, kind=kind, lenient=lenient)
    found = [
        (error.instance_path, error.message[:200]) for error in theirs(kind, lenient).iter_errors(document)
    ]
    assert bool(ours) == bool(found), f"ours: {ours}, theirs: {found}"
    assert schema.is_valid(document, kind=kind, lenient=lenient) == (not ours)


SIZES = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=80, **SIZES)
@given(changed())
def test_changed_documents_are_judged_alike(case: tuple[str, bool, dict[str, Any]]) -> None:
    agree(case)


@pytest.mark.slow
@settings(max_examples=6_000, **SIZES)
@given(changed())
def test_thousands_of_changed_documents_are_judged_alike(case: tuple[str, bool, dict[str, Any]]) -> None:
    agree(case)


HOWS = ["remove", "wrap", "unwrap", "add", None, 7, True, "", "ext:made-up", [], {}, ["x"], [{}], {"en": "x"}]


def _every_change(document: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    """The document with each of its members gone, wrapped, unwrapped, enlarged or replaced; about `limit` of them."""
    cases = list(itertools.product(places(document), HOWS))
    return [_with(document, place, how) for place, how in cases[:: max(1, len(cases) // limit)]]


def _with(document: dict[str, Any], place: Place, how: Any) -> dict[str, Any]:
    copied: dict[str, Any] = copy.deepcopy(document)
    *path, last = place
    holder = functools.reduce(lambda held, step: held[step], path, copied)
    held = holder[last]
    if how == "remove":
        del holder[last]
    elif how == "wrap":
        holder[last] = [held]
    elif how == "unwrap":
        holder[last] = held[0] if isinstance(held, list) and held else "x"
    elif how == "add":
        holder[last] = {**held, "somethingElse": "x"} if isinstance(held, dict) else "y"
    else:
        holder[last] = how
    return copied


@pytest.mark.parametrize("limit", [200, pytest.param(100_000, marks=pytest.mark.slow)], ids=["some", "all"])
@pytest.mark.parametrize(("kind", "lenient"), KINDS)
def test_every_single_change_of_a_rich_document_is_judged_alike(kind: str, lenient: bool, limit: int) -> None:
    for document in _every_change(examples(kind)[0], limit):
        agree((kind, lenient, document))


def test_the_lenient_endorsement_is_the_one_inside_their_lenient_badge() -> None:
    badge = copy.deepcopy(examples(schema.ACHIEVEMENT)[1])
    for changed_endorsement in _every_change(ENDORSED, 200):
        badge["endorsement"] = changed_endorsement
        wanted = theirs(schema.ACHIEVEMENT, True).is_valid(badge)
        assert schema.is_valid(changed_endorsement, kind=schema.ENDORSEMENT, lenient=True) == wanted
