"""Badges shown in parts: what their holder may have left out, so that nothing is concluded from what is not there.

Follows: Data Integrity ECDSA Cryptosuites 1.0, section 3.6 (ecdsa-sd-2023); the issuer says what must always be shown.
"""

from badge_service.openbadges.proofs import ecdsa_sd_2023
from badge_service.openbadges.verification.case import Case, listed

_STATUS = "<https://www.w3.org/2018/credentials#credentialStatus>"


def is_in_parts(case: Case) -> bool:
    """Whether the holder chose what to show of this document. A second, whole proof changes nothing: it may be later."""
    return any(entry.suite is ecdsa_sd_2023.SUITE for entry in case.proofs)


def may_hide_status(case: Case) -> bool:
    """Whether a status entry may have been left out: the issuer did not demand that the status is always shown."""
    return is_in_parts(case) and not any(
        line.startswith(f"<{case.document['id']}> {_STATUS} ") for line in _always_shown(case)
    )


def _always_shown(case: Case) -> list[str]:
    """The statements that every holder must show, by the proofs of the case, which hold."""
    proofs = listed(case.document.get("proof"))
    return [
        line
        for entry in case.proofs
        if entry.suite is ecdsa_sd_2023.SUITE
        for line in ecdsa_sd_2023.SUITE.mandatory(case.secured.chained(entry.proof, proofs), entry.proof)
    ]
