"""The rules of Verifiable Credentials Data Model 2.0 (and 1.1) that any credential or presentation must keep, badge or not.

Follows: Verifiable Credentials Data Model 2.0, sections 4.3 to 4.13, 5.3 to 5.6, 5.10 and 11.1, named at each rule;
Verifiable Credentials Data Model 1.1, section 4.6 (issuanceDate) and 4.8 (expirationDate). What the words mean (undefined
terms and types) is for `canonical` to judge; here only shapes, dates and digests are looked at.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import contexts, dates, integrity
from badge_service.openbadges.contexts import VC1, VC2

ReadResource = Callable[[str], bytes | None]
"""The bytes of a resource that we carry, by its address; None for all others, which are not judged."""

TYPED_MEMBERS = (
    "credentialStatus",  # 4.10
    "credentialSchema",  # 4.11
    "refreshService",  # 5.4
    "termsOfUse",  # 5.5
    "evidence",  # 5.6
    "confidenceMethod",  # 5.10
    "renderMethod",  # 5.10
    "proof",  # 4.12
)
"""Members whose value is one object or more, each of which says its type."""

CREDENTIAL_MEMBERS = frozenset(
    {"@context", "id", "type", "name", "description", "issuer", "validFrom", "validUntil"}
    | {"credentialSubject", "relatedResource", *TYPED_MEMBERS}
)
PRESENTATION_MEMBERS = frozenset(
    {"@context", "id", "type", "verifiableCredential", "holder", "termsOfUse", "proof"}
)
"""The top-level members that the data model itself defines."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")
_TERM = re.compile(r"[^\s:]+\Z")
_LANGUAGE_VALUE = frozenset({"@value", "@language", "@direction"})


def carried(address: str) -> bytes | None:
    """The bytes behind `address` when it is a context that we carry."""
    return contexts.read(address) if address in contexts.KNOWN else None


def credential_faults(document: Mapping[str, Any], read: ReadResource = carried) -> list[Fault]:
    """Everything that is wrong with `document` as a verifiable credential, secured or not; empty when good."""
    faults = [*_context_faults(document), *_type_faults(document, "VerifiableCredential")]
    faults += _url_faults("id", document.get("id", ...))
    faults += _issuer_faults(document.get("issuer"))
    faults += _subject_faults(document.get("credentialSubject"))
    faults += _period_faults(document)
    for name in TYPED_MEMBERS:
        faults += _typed_faults(name, document.get(name, ...))
    faults += _schema_faults(document.get("credentialSchema"))
    faults += _text_faults(document)
    faults += _related_faults(document.get("relatedResource", ...), read)
    return faults


def presentation_faults(document: Mapping[str, Any]) -> list[Fault]:
    """Section 4.13: what is wrong with `document` as a verifiable presentation; its credentials are judged one by one."""
    faults = [*_context_faults(document), *_type_faults(document, "VerifiablePresentation")]
    faults += _url_faults("id", document.get("id", ...))
    if "holder" in document:
        faults += _party_faults("holder", document["holder"])
    for name in ("termsOfUse", "proof"):
        faults += _typed_faults(name, document.get(name, ...))
    return [*faults, *_contained_faults(document.get("verifiableCredential", ...))]


def enveloped_faults(document: Mapping[str, Any], type_: str) -> list[Fault]:
    """Sections 4.13.1 and 4.13.2: an `Enveloped…` object is a context, this type and a `data:` address, nothing else."""
    faults = []
    named = document.get("@context")
    if (named if isinstance(named, list) else [named])[:1] != [VC2]:
        faults.append(Fault("@context", f"The first context must be {VC2}.", "context_order"))
    if document.get("type") not in (type_, [type_]):
        faults.append(Fault("type", f"The type must be {type_}.", "type"))
    id_ = document.get("id")
    if not isinstance(id_, str) or not id_.startswith("data:"):
        faults.append(Fault("id", "An envelope is held in a data: address.", "envelope"))
    return faults


def self_asserted_faults(credential: Mapping[str, Any], holder: object, where: str) -> list[Fault]:
    """Section 4.13.4: a credential that only its presentation secures must be issued by the presentation's holder."""
    holder_id = _id_of(holder)
    if holder_id is None:
        return [Fault("holder", "Who presents a credential of their own must be named as holder.", "holder")]
    if _id_of(credential.get("issuer")) != holder_id:
        return [Fault(f"{where}.issuer", "Only the holder may vouch for what nobody signed.", "holder")]
    return []


def issuer_id(credential: Mapping[str, Any]) -> str:
    """The issuer that `credential` names, as text or as an object; empty when there is none."""
    return _id_of(credential.get("issuer")) or ""


def is_version_1(document: Mapping[str, Any]) -> bool:
    """Whether the first context is that of data model 1.1."""
    named = document.get("@context")
    return isinstance(named, list) and named[:1] == [VC1]


def _context_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Section 4.3: an ordered set whose first member is the base context; then addresses and definitions only."""
    named = document.get("@context")
    if not isinstance(named, list) or not named:
        yield Fault("@context", "The contexts must be a list.", "context_list")
        return
    if named[0] not in (VC1, VC2):
        yield Fault("@context[0]", f"The first context must be {VC2}.", "context_order")
    for place, entry in enumerate(named):
        if not (isinstance(entry, Mapping) or (isinstance(entry, str) and _is_url(entry))):
            message = "A context is an address or an object of definitions."
            yield Fault(f"@context[{place}]", message, "context_entry")


def _type_faults(document: Mapping[str, Any], wanted: str) -> Iterator[Fault]:
    """Section 4.5: one or more terms or absolute addresses, among them the one that says what this is."""
    yield from _type_value_faults("type", document.get("type"))
    types = document.get("type")
    if wanted not in (types if isinstance(types, list) else [types]):
        yield Fault("type", f"One of the types must be {wanted}.", "type")


def _type_value_faults(where: str, value: object) -> Iterator[Fault]:
    types = value if isinstance(value, list) else [value]
    if not types or not all(
        isinstance(entry, str) and (_TERM.match(entry) or _is_url(entry)) for entry in types
    ):
        yield Fault(where, "The type must be one or more terms or full addresses.", "type")


def _url_faults(where: str, value: object) -> Iterator[Fault]:
    """Section 4.4: an identifier, where there is one, is a single URL."""
    if value is not ... and not (isinstance(value, str) and _is_url(value)):
        yield Fault(where, "This must be one full address (a URL).", "url")


def _issuer_faults(issuer: object) -> Iterator[Fault]:
    """Section 4.7: a URL, or an object with an `id` that is one."""
    yield from _party_faults("issuer", issuer)


def _party_faults(where: str, party: object) -> Iterator[Fault]:
    if not (isinstance(identifier := _id_of(party), str) and _is_url(identifier)):
        yield Fault(where, "This must be a URL, or an object whose id is one.", "url")


def _subject_faults(subject: object) -> Iterator[Fault]:
    """Section 4.8: one or more objects, each saying something."""
    subjects = subject if isinstance(subject, list) else [subject]
    if not subjects or not all(isinstance(entry, Mapping) and entry for entry in subjects):
        yield Fault("credentialSubject", "There must be a subject, and something said of it.", "subject")
    for place, entry in enumerate(subjects):
        if isinstance(entry, Mapping) and "id" in entry:
            where = f"credentialSubject[{place}].id" if isinstance(subject, list) else "credentialSubject.id"
            yield from _url_faults(where, entry["id"])


def _period_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Section 4.9: moments with a time zone, the end not before the beginning; for 1.1 under their older names."""
    begin, end = ("issuanceDate", "expirationDate") if is_version_1(document) else ("validFrom", "validUntil")
    moments = {}
    for name in (begin, end):
        if name in document:
            try:
                moments[name] = dates.read(document[name])
            except InvalidError as error:
                yield Fault(name, error.message, "date")
    if begin == "issuanceDate" and begin not in document:
        yield Fault(begin, "A credential of data model 1.1 says when it was issued.", "date")
    if len(moments) == 2 and moments[begin] > moments[end]:
        yield Fault(end, "It ends before it begins.", "date_order")


def _typed_faults(name: str, value: object) -> Iterator[Fault]:
    """Sections 4.10 to 4.12, 5.4 to 5.6 and 5.10: objects with a type, and an `id` only if it is a URL."""
    if value is ...:
        return
    entries = value if isinstance(value, list) else [value]
    if not entries:
        yield Fault(name, "There is nothing here: leave it out.", "empty")
    for place, entry in enumerate(entries):
        where = f"{name}[{place}]" if isinstance(value, list) else name
        if not isinstance(entry, Mapping):
            yield Fault(where, "This must be an object with a type.", "object")
            continue
        yield from _type_value_faults(f"{where}.type", entry.get("type"))
        yield from _url_faults(f"{where}.id", entry.get("id", ...))


def _schema_faults(value: object) -> Iterator[Fault]:
    """Section 4.11: a schema is named by its address."""
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, Mapping) and "id" not in entry:
            yield Fault("credentialSchema.id", "A schema is named by its address.", "url")


def _text_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Sections 4.6 and 11.1: names and descriptions are text, or text with its language and direction."""
    issuer = document.get("issuer")
    for where, holder in (("", document), ("issuer.", issuer if isinstance(issuer, Mapping) else {})):
        for name in ("name", "description"):
            value = holder.get(name, "")
            entries = value if isinstance(value, list) else [value]
            if not entries or not all(_is_language_text(entry) for entry in entries):
                message = "This must be text, or text with its language and direction."
                yield Fault(f"{where}{name}", message, "language_value")


def _is_language_text(value: object) -> bool:
    if isinstance(value, str):
        return True
    return (
        isinstance(value, Mapping)
        and isinstance(value.get("@value"), str)
        and value.keys() <= _LANGUAGE_VALUE
        and isinstance(value.get("@language", ""), str)
        and value.get("@direction", "ltr") in ("ltr", "rtl")
    )


def _related_faults(value: object, read: ReadResource) -> Iterator[Fault]:
    """Section 5.3: each resource is named once, by its address, with a digest; a digest that we can check must fit."""
    if value is ...:
        return
    seen: set[str] = set()
    for place, entry in enumerate(value if isinstance(value, list) else [value]):
        where = f"relatedResource[{place}]"
        if not isinstance(entry, Mapping):
            yield Fault(where, "A related resource is an object.", "object")
            continue
        identifier = entry.get("id")
        if not isinstance(identifier, str) or not _is_url(identifier) or identifier in seen:
            yield Fault(f"{where}.id", "A related resource has an address of its own.", "url")
            continue
        seen.add(identifier)
        if not isinstance(entry.get("digestSRI", entry.get("digestMultibase")), str):
            yield Fault(where, "A related resource has a digest.", "digest")
        elif not integrity.can_be_digests(entry):
            yield Fault(where, "This can be the digest of no resource at all.", "digest_mismatch")
        elif (body := read(identifier)) is not None and not integrity.digests_fit(entry, body):
            yield Fault(where, "The digest is not that of this resource.", "digest_mismatch")


def _contained_faults(value: object) -> Iterator[Fault]:
    if value is ...:
        return
    for place, entry in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(entry, Mapping):
            yield Fault(f"verifiableCredential[{place}]", "A credential is an object.", "object")


def _id_of(party: object) -> str | None:
    identifier = party.get("id") if isinstance(party, Mapping) else party
    return identifier if isinstance(identifier, str) else None


def _is_url(text: str) -> bool:
    return _URL.match(text) is not None
