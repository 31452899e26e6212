"""Only pinned contexts are known."""

import pytest

from badge_service.openbadges import contexts

DECIDING = {"validFrom", "validUntil", "credentialStatus", "credentialSubject", "issuer", "proof", "identifier",
            "identityHash", "identityType", "hashed", "statusListIndex", "statusListCredential", "statusPurpose"}  # fmt: skip


@pytest.mark.parametrize("url", sorted(contexts.KNOWN))
def test_every_known_context_is_there_with_its_pinned_bytes(url: str) -> None:
    assert "@context" in contexts.load(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
        "https://www.w3.org/ns/credentials/v2/",
        "http://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/examples/v2",
        "",
    ],
)
def test_any_other_address_is_unknown(url: str) -> None:
    with pytest.raises(contexts.UnknownContext):
        contexts.load(url)


def _terms(context: object, found: dict[str, set[str]]) -> dict[str, set[str]]:
    for part in context if isinstance(context, list) else [context]:
        for term, definition in part.items() if isinstance(part, dict) else ():
            iri = definition.get("@id") if isinstance(definition, dict) else definition
            if not term.startswith("@") and isinstance(iri, str):
                found.setdefault(iri, set()).add(term)
            if isinstance(definition, dict) and "@context" in definition:
                _terms(definition["@context"], found)
    return found


def test_no_context_gives_a_deciding_member_a_second_name() -> None:
    """If one did, a badge could be re-spelled under that name and its end date or status would not be seen."""
    found: dict[str, set[str]] = {}
    for url in contexts.KNOWN - {contexts.VC1, contexts.ED25519_2020}:
        _terms(contexts.load(url)["@context"], found)
    assert {frozenset(names) for names in found.values() if names & DECIDING} == {
        frozenset({name}) for name in DECIDING
    }


def test_a_package_with_other_bytes_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    package, name, _digest = contexts._PINNED[contexts.VC2]
    monkeypatch.setattr(contexts, "_PINNED", {"https://a.example/changed": (package, name, "0" * 64)})
    with pytest.raises(RuntimeError, match="other bytes than expected"):
        contexts.load("https://a.example/changed")
