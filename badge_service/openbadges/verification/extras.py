"""The last steps, which can only lead to remarks: the fact sheet, and the exact shape of the document.

Follows: Open Badges 3.0, section 9 (Verification), step 1; Verifiable Credentials 2.0, section 5.3 (Integrity) and
section 4.11 (Data Schemas).
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from badge_service.errors import NotFoundError, UnavailableError
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
_SCHEMAS_OF_1EDTECH = "https://purl.imsglobal.org/spec/ob/v3p0/schema/"


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
    found = [*schema.faults(case.document), *link_faults(case.document)]
    if found:
        links = all(fault.code == "result_link" for fault in found)
        detail = "; ".join(f"{fault.where}: {fault.message}" for fault in found[:10])
        params = {"count": str(len(found)), "where": found[0].where[:100]}
        return failed("schema", "result_link" if links else "schema", params, detail)
    other = next(_other_schemas(case.document), "")
    if other:
        return not_checked("schema", "schema_other", {"schema": other[:100]}, "A schema is never fetched.")
    return passed("schema", "schema_good")


def _other_schemas(document: Mapping[str, Any]) -> Iterator[str]:
    for entry in objects(document.get("credentialSchema")):
        address = str(entry.get("id"))
        if _SCHEMA_TYPE not in types_of(entry) or not address.startswith(_SCHEMAS_OF_1EDTECH):
            yield address
