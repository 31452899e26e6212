"""The generic profile lets through other ways of writing, and still nothing that a signature would not cover."""

from typing import Any

import pytest

from badge_service.openbadges import canonical, contexts
from badge_service.openbadges.profiles import BADGE, GENERIC

OWN = {"@vocab": "https://a.example/#", "id": "@id", "type": "@type"}


def load(url: str) -> dict[str, Any]:
    if url == "https://www.w3.org/ns/credentials/examples/v2":
        return {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
    return contexts.load(url)


def examined(**members: Any) -> canonical.Examined:
    document = {"@context": [contexts.VC2], "id": "urn:uuid:1", "type": ["VerifiableCredential"], **members}
    return canonical.examine(document, load, profile=GENERIC)


@pytest.mark.parametrize(
    "members",
    [
        {"@context": [contexts.VC2, OWN], "word": "x"},
        {"@context": [contexts.VC2, "https://www.w3.org/ns/credentials/examples/v2"], "alumniOf": "x"},
        {"@context": [contexts.VC2, {"jwk": {"@id": "urn:jwk", "@type": "@json"}}], "jwk": {"kty": "OKP", "x": [1]}},
        {"credentialSubject": {"id": "_:b0"}},
        {"credentialSubject": {"@id": "urn:x", "https://a.example/#p": "x"}},
        {"credentialSubject": {"@context": OWN, "word": "x"}},
        {"name": {"@value": "x", "@language": "en"}},
    ],
)  # fmt: skip
def test_ways_of_writing_that_badges_may_not_use_are_let_through(members: Any) -> None:
    found = examined(**members)
    assert (found.faults, bool(found.nquads)) == ((), True)
    document = {"@context": [contexts.VC2], "id": "urn:uuid:1", "type": ["VerifiableCredential"], **members}
    assert canonical.examine(document, profile=BADGE).faults


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"word": "x"}, "undefined_term"),
        ({"type": ["VerifiableCredential", "PhD"]}, "undefined_type"),
        ({"id": "x"}, "relative_iri"),
        ({"credentialSubject": {"id": "../x"}}, "relative_iri"),
        ({"@context": [contexts.VC2, "https://evil.example/c"]}, "unknown_context"),
        ({"@context": [contexts.VC2, {"@import": "https://evil.example/c"}]}, "unknown_context"),
        ({"credentialSubject": {"@context": "https://evil.example/c"}}, "unknown_context"),
        ({"@context": [contexts.VC2, 5]}, "inline_context"),
        ({"name": "\ud800"}, "json_invalid_unicode"),
        ({"name": float("nan")}, "json_number_range"),
    ],
)
def test_what_a_signature_would_not_cover_is_refused_as_ever(members: Any, code: str) -> None:
    assert code in {fault.code for fault in examined(**members).faults}
