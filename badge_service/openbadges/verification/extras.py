"""The last steps, which can only lead to remarks: related resources such as the fact sheet, and the exact shape of the document.

Follows: Open Badges 3.0, section 9 (Verification), step 1; Verifiable Credentials 2.0, section 5.3 (Integrity) and
section 4.11 (Data Schemas).
"""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from badge_service.errors import Fault, InvalidError, NotFoundError, UnavailableError
from badge_service.openbadges import contexts, multibase, schema
from badge_service.openbadges.results import link_faults
from badge_service.openbadges.verdict import Check, CheckOutcome
from badge_service.openbadges.verification.case import (
    Case,
    failed,
    listed,
    not_checked,
    objects,
    passed,
    types_of,
    unknown,
)

_MULTIHASHES = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
_HASHES = frozenset(_MULTIHASHES.values())
_SCHEMA_TYPE = "1EdTechJsonSchemaValidator2019"


def fact_sheet(case: Case) -> Check:
    """Step 13: every related resource with a digest (such as the EU fact sheet) is still the one that was signed for."""
    resources = objects(case.document.get("relatedResource"))
    checks = [_compared(case, one) for one in resources if any(_written(one))]
    for wanted in (CheckOutcome.FAILED, CheckOutcome.UNKNOWN, CheckOutcome.PASSED):
        for check in checks:
            if check.outcome is wanted:
                return check
    return not_checked("fact_sheet", "fact_sheet_none")


def _compared(case: Case, resource: Mapping[str, Any]) -> Check:
    """One resource: of each of the two members, one digest must fit, as Subresource Integrity has it."""
    address = resource.get("id")
    readable = [
        [found for found in map(_digest, written) if found] for written in _written(resource) if written
    ]
    if not isinstance(address, str) or not all(readable):
        return unknown("fact_sheet", "fact_sheet_digest")
    try:
        body = contexts.read(address) if address in contexts.KNOWN else case.fetch(address).body
    except (NotFoundError, UnavailableError) as error:
        return unknown("fact_sheet", "fact_sheet_missing", detail=error.message)
    for digests in readable:
        if not any(hashlib.new(name, body).digest() == wanted for name, wanted in digests):
            return failed("fact_sheet", "fact_sheet_different", detail=address[:200])
    case.related.append(address)
    return passed("fact_sheet", "fact_sheet_good")


def _written(resource: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    return listed(resource.get("digestSRI")), listed(resource.get("digestMultibase"))


def _digest(written: object) -> tuple[str, bytes] | None:
    """The hash and the digest of one entry: `sha256-` and base64, or a multibase text of a multihash; None for others."""
    try:
        if not isinstance(written, str):
            return None
        name, dash, value = written.partition("-")
        if dash and name in _HASHES:
            return name, base64.b64decode(value, validate=True)
        decode = multibase.decode_u if written.startswith("u") else multibase.decode_z
        data = decode(written)
        return (_MULTIHASHES[data[:2]], data[2:]) if data[:2] in _MULTIHASHES else None
    except (InvalidError, ValueError):
        return None


def exact_shape(case: Case) -> Check:
    """Step 15: the JSON Schema of the standard, by our own copy of its rules, and results that are described.

    A fault here alone is a remark. A schema that the badge names beside 1EdTech's is never fetched.
    """
    found, others = _schema_faults(case.document)
    found = found or link_faults(case.document)
    if found:
        code = "result_link" if found[0].code == "result_link" else "schema"
        detail = "; ".join(f"{fault.where}: {fault.message}" for fault in found[:10])
        return failed("schema", code, {"count": str(len(found)), "where": found[0].where[:100]}, detail)
    if others:
        return not_checked(
            "schema", "schema_other", {"schema": others[0][:100]}, "A schema is never fetched."
        )
    return passed("schema", "schema_good")


def _schema_faults(document: Mapping[str, Any]) -> tuple[list[Fault], list[str]]:
    """What the schemas of 1EdTech find that the badge names, or the one of its type; and the other schemas that it names."""
    forms: set[tuple[str, bool]] = set()
    others = []
    for entry in objects(document.get("credentialSchema")):
        address = str(entry.get("id"))
        form = schema.form_at(address) if _SCHEMA_TYPE in types_of(entry) else None
        if form is None:
            others.append(address)
        else:
            forms.add(form)  # judged once, however often it is named
    if not forms:
        return schema.faults(document), others
    found = (schema.faults(document, kind=kind, lenient=lenient) for kind, lenient in sorted(forms))
    return next((faults for faults in found if faults), []), others
