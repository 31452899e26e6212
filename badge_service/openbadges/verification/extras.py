"""The last steps, which can only lead to remarks: recipient, fact sheet, endorsements, exact shape.

Follows: Open Badges 3.0, section 9 (Verification), steps 1, 5 and 6; Verifiable Credentials 2.0, section 5.3 (Integrity).
"""

import base64
import hashlib
from collections.abc import Mapping

from badge_service.errors import NotFoundError, UnavailableError
from badge_service.openbadges import schema
from badge_service.openbadges.verdict import Check
from badge_service.openbadges.verification.case import (
    Case,
    failed,
    listed,
    not_checked,
    objects,
    passed,
    unknown,
)

_DIGESTS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


def recipient(case: Case) -> Check:
    """Step 11: nobody asked whose badge it is."""
    return not_checked("recipient", "recipient_not_asked")


def fact_sheet(case: Case) -> Check:
    """Step 12: the related resource (the EU fact sheet) is still the one that was signed for."""
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


def endorsements(case: Case) -> Check:
    """Step 13: endorsements inside the badge are not judged here; they are their own signed documents."""
    if _holds_endorsement(case.document):
        return unknown("endorsements", "endorsements_unchecked")
    return not_checked("endorsements", "endorsements_none")


def _holds_endorsement(document: Mapping[str, object]) -> bool:
    subjects = objects(document.get("credentialSubject"))
    places = [document, *objects(document.get("issuer"))]
    for subject in subjects:
        places += objects(subject.get("achievement"))
    return any("endorsement" in place or "endorsementJwt" in place for place in places)


def exact_shape(case: Case) -> Check:
    """Step 14: the JSON Schema of the standard; a fault here alone is a remark."""
    found = schema.faults(case.document)
    if not found:
        return passed("schema", "schema_good")
    detail = "; ".join(f"{fault.where}: {fault.message}" for fault in found[:10])
    return failed("schema", "schema", {"count": str(len(found)), "where": found[0].where[:100]}, detail)
