"""The last steps, which can only lead to remarks: the fact sheet, and the exact shape of the document.

Follows: Open Badges 3.0, section 9 (Verification), step 1; Verifiable Credentials 2.0, section 5.3 (Integrity) and
section 4.11 (Data Schemas).
"""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from badge_service.errors import Fault, NotFoundError, UnavailableError
from badge_service.openbadges import schema
from badge_service.openbadges.results import link_faults
from badge_service.openbadges.verdict import Check
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

_DIGESTS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_SCHEMA_TYPE = "1EdTechJsonSchemaValidator2019"


def fact_sheet(case: Case) -> Check:
    """Step 13: the related resource (the EU fact sheet) is still the one that was signed for."""
    for resource in objects(case.document.get("relatedResource")):
        address, digests = resource.get("id"), listed(resource.get("digestSRI"))
        if isinstance(address, str) and digests:
            return _compared(case, address, str(digests[0]))
    return not_checked("fact_sheet", "fact_sheet_none")


def _compared(case: Case, address: str, digest: str) -> Check:
    algorithm, _, wanted = digest.partition("-")
    if algorithm not in _DIGESTS:
        return unknown("fact_sheet", "fact_sheet_digest")
    try:
        body = case.fetch(address).body
    except (NotFoundError, UnavailableError) as error:
        return unknown("fact_sheet", "fact_sheet_missing", detail=error.message)
    found = base64.b64encode(_DIGESTS[algorithm](body).digest()).decode("ascii")
    return (
        passed("fact_sheet", "fact_sheet_good")
        if found == wanted
        else failed("fact_sheet", "fact_sheet_different")
    )


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
    found: list[list[Fault]] = []
    others = []
    for entry in objects(document.get("credentialSchema")):
        address = str(entry.get("id"))
        faults = schema.faults_by_address(document, address) if _SCHEMA_TYPE in types_of(entry) else None
        if faults is None:
            others.append(address)
        else:
            found.append(faults)
    return next((faults for faults in found if faults), []) if found else schema.faults(document), others
