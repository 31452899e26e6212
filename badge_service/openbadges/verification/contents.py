"""Signed documents inside the one that is judged: endorsements in a badge, badges in a presentation; each judged for itself.

Follows: Open Badges 3.0, section 9 (Verification), step 6; Verifiable Credentials 2.0, section 4.13 (Verifiable Presentations).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from badge_service.openbadges.verdict import Check, Contained, Outcome, Verdict
from badge_service.openbadges.verification.case import (
    Case,
    Endorsed,
    failed,
    listed,
    not_checked,
    objects,
    passed,
    unknown,
)
from badge_service.openbadges.verification.counted_fetch import FETCHES_FOR_STRANGERS

MOST_ENDORSEMENTS = 8

Judge = Callable[[Case], Verdict]


def endorsements(case: Case, judge: Judge) -> Check:
    """Step 14: every endorsement inside, by its own issuer's key, status and dates; a bad one is a remark.

    Endorsements of endorsements are counted and not followed.
    """
    found = list(_endorsements(case.document)) if case.may_say("endorsement") else []
    if not found:
        return not_checked("endorsements", "endorsements_none")
    for where, about, data in found[:MOST_ENDORSEMENTS] if case.kind == "badge" else ():
        verdict = judge(case.inside(data, "endorsement", about))
        case.contained.append(Contained("endorsement", where, verdict))
    ends = [entry.verdict.outcome for entry in case.contained]
    bad, doubtful = ends.count(Outcome.NOT_VALID), ends.count(Outcome.NOT_FULLY_CHECKED)
    doubtful += len(found) - len(ends)
    params = {"count": str(len(found)), "bad": str(bad), "unknown": str(doubtful)}
    if bad:
        return failed("endorsements", "endorsements_bad", params)
    if doubtful:
        return unknown("endorsements", "endorsements_unchecked", params)
    return passed("endorsements", "endorsements_good", params)


def members(case: Case, judge: Judge) -> Sequence[Contained]:
    """The badges in a presentation, each with its verdict."""
    for place, data in enumerate(listed(case.document.get("verifiableCredential"))):
        case.enquiry.counted.allow(FETCHES_FOR_STRANGERS)
        inner = case.inside(data if isinstance(data, dict | str) else "", "badge")
        inner.is_presented_by = case.issuer_id if case.holder_confirmed else ""
        case.contained.append(Contained("badge", f"verifiableCredential[{place}]", judge(inner)))
    return case.contained


def _endorsements(document: Mapping[str, Any]) -> Iterator[tuple[str, Endorsed, Any]]:
    """Every endorsement as (place, what it must be about, the document or token)."""
    context = document.get("@context")
    for where, place in _places(document):
        id, name = place.get("id"), place.get("name")
        about = Endorsed(id if isinstance(id, str) else "", name[:200] if isinstance(name, str) else "")
        for number, entry in enumerate(listed(place.get("endorsement"))):
            whole = {"@context": context, **entry} if isinstance(entry, dict) else ""
            yield f"{where}endorsement[{number}]", about, whole
        for number, entry in enumerate(listed(place.get("endorsementJwt"))):
            token = entry if isinstance(entry, str) else ""
            yield f"{where}endorsementJwt[{number}]", about, token


def _places(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Whatever in a badge may be endorsed: the badge, the achievement, and the profiles named in them."""
    yield "", document
    pending = [("issuer", entry) for entry in objects(document.get("issuer"))]
    for subject in objects(document.get("credentialSubject")):
        pending += [("credentialSubject.source", entry) for entry in objects(subject.get("source"))]
        for achievement in objects(subject.get("achievement")):
            yield "credentialSubject.achievement.", achievement
            creators = objects(achievement.get("creator"))
            pending += [("credentialSubject.achievement.creator", entry) for entry in creators]
    while pending:
        where, profile = pending.pop(0)
        yield f"{where}.", profile
        pending += [(f"{where}.parentOrg", entry) for entry in objects(profile.get("parentOrg"))]
