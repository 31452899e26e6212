"""The key behind a verification method, once it is sure in both directions that the issuer signs with it.

Follows: Controlled Identifiers 1.0, section 3.3 (Retrieve Verification Method); did:key, did:jwk and did:web methods.
"""

from datetime import datetime

from badge_service.openbadges.did.documents import (
    ASSERTION,
    check_subject,
    key_of,
    listed_method,
    read_document,
)
from badge_service.openbadges.did.names import (
    Fetch,
    NotTheIssuersKey,
    document_url,
    inherent_key,
    is_address,
)
from badge_service.openbadges.public_key import PublicKey


def resolve_key(
    verification_method: str,
    issuer_id: str,
    fetch: Fetch,
    *,
    purpose: str = ASSERTION,
    now: datetime | None = None,
) -> PublicKey:
    """The public key behind `verification_method`, once it is sure that `issuer_id` uses it for `purpose`.

    The binding goes both ways: the method is in the issuer's OWN document (whose id is the issuer's), under `purpose`
    (assertionMethod; presentations: authentication), and names the issuer as its controller. A fragment alone proves
    nothing. A key document of its own (an https address without fragment) counts when the issuer's document lists that
    address. Raises NotTheIssuersKey, CannotResolve, InvalidError `weak_key` or `private_key`, and whatever `fetch` raises.
    """
    owner = verification_method.partition("#")[0]
    own_document = is_address(verification_method) and "#" not in verification_method
    if owner != issuer_id and not own_document:
        raise NotTheIssuersKey("The key that signed this belongs to somebody else than the issuer it names.")
    inherent = inherent_key(issuer_id)
    if inherent is not None:
        if verification_method != inherent[0]:
            raise NotTheIssuersKey("Such an issuer has one key only, and this is another.")
        return inherent[1]
    document = read_document(fetch, document_url(issuer_id))
    method = listed_method(document, verification_method, issuer_id, purpose)
    if method is None and own_document:
        method = read_document(fetch, verification_method)
        check_subject(method, verification_method)
    if method is None:
        raise NotTheIssuersKey("The issuer's key document does not hold this key.", code="key_not_listed")
    return key_of(method, issuer_id, now)
