"""The key of a JWT, found by the `kid` or `jwk` of its header and bound to the issuer by the issuer's own pages.

Follows: Open Badges 3.0, section 8.2 (JSON Web Token Proof Format); the 1EdTech implementation guide on key provenance;
Securing Verifiable Credentials using JOSE and COSE, section 4; RFC 7517.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from badge_service.errors import InvalidError, NotFoundError, UnavailableError
from badge_service.openbadges import public_key
from badge_service.openbadges.did.documents import (
    ASSERTION,
    entries,
    keys_in,
    members,
    read_document,
    refuse_ended,
)
from badge_service.openbadges.did.names import (
    CannotResolve,
    Fetch,
    NotTheIssuersKey,
    document_url,
    inherent_key,
    is_address,
    jwks_url,
    readable_key,
)
from badge_service.openbadges.did.resolving import resolve_key
from badge_service.openbadges.public_key import PublicKey


def resolve_jose_key(
    header: Mapping[str, Any],
    issuer_id: str,
    fetch: Fetch,
    *,
    purpose: str = ASSERTION,
    now: datetime | None = None,
) -> PublicKey:
    """The public key that `header` (of `jose.parse`) names, once it is sure that it is `issuer_id`'s.

    `kid` may be a DID URL or any other verification method of the issuer (as `resolve_key`), the name of a key in the JWK
    Set of the issuer's host, or an https address that answers one bare JWK or a JWK Set. What such an address answers, and
    a `jwk` in the header, prove nothing by themselves: the same key must stand in the issuer's own document under
    `purpose`, or in `https://<its host>/.well-known/jwks.json` (whose member may say by `iss` whose it is), or the issuer
    be the did:key or did:jwk of that very key. When both are there they must agree.

    Raises as `resolve_key`, and InvalidError `key_not_named` for a header without both.
    """
    kid, jwk = header.get("kid"), header.get("jwk")
    shown = _shown(jwk) if isinstance(jwk, Mapping) else None
    pages = _Pages(issuer_id, fetch, purpose, now)
    if isinstance(kid, str):
        key = _named(kid, pages)
        if shown not in (None, key):
            raise NotTheIssuersKey("The signature names two keys.")
        return key
    if shown is None:
        raise InvalidError("The signature does not say with which key it was made.", code="key_not_named")
    pages.vouch_for(shown)
    return shown


def _shown(jwk: Mapping[str, Any]) -> PublicKey:
    try:
        return public_key.from_jwk(jwk)
    except InvalidError as error:
        if error.code == "key_unsupported":
            raise CannotResolve("This kind of key we cannot check.", code=error.code) from error
        raise


class _Pages:
    """What the issuer's own host says about its keys, each page read at most once."""

    def __init__(self, issuer_id: str, fetch: Fetch, purpose: str, now: datetime | None) -> None:
        self.issuer_id, self.fetch, self.purpose, self.now = issuer_id, fetch, purpose, now
        self.inherent = inherent_key(issuer_id)
        self.missing: list[NotFoundError | UnavailableError | CannotResolve] = []
        self._host_keys: list[Mapping[str, Any]] | None = None

    def host_keys(self) -> list[Mapping[str, Any]]:
        """The members of the host's JWK Set that may be this issuer's; empty when there is none."""
        if self._host_keys is None:
            url = jwks_url(self.issuer_id)
            self._host_keys = members(self._try(lambda: read_document(self.fetch, url)), self.issuer_id)
        return self._host_keys

    def vouch_for(self, key: PublicKey) -> None:
        """Raises NotTheIssuersKey unless the issuer's own pages hold `key`; what `fetch` raised if that cannot be told."""
        if self.inherent is not None:
            if self.inherent[1] == key:
                return
            raise NotTheIssuersKey("Such an issuer has one key only, and this is another.")
        if any(_is_key(member, key) for member in self.host_keys()):
            self.in_use(key)
            return
        document = self._try(lambda: read_document(self.fetch, document_url(self.issuer_id)))
        if document and key in keys_in(document, self.issuer_id, purpose=self.purpose, now=self.now):
            return
        self._raise_if_untold()
        raise NotTheIssuersKey("The issuer's own pages do not list this key.", code="key_not_listed")

    def in_use(self, key: PublicKey) -> PublicKey:
        """`key` of the host's JWK Set; raises NotTheIssuersKey when the issuer's own document says that it has ended."""
        document = self._try(lambda: read_document(self.fetch, document_url(self.issuer_id)))
        refuse_ended(document, key, self.now)
        return key

    def _try(self, read: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """One of the two pages may be missing, as long as the other vouches."""
        try:
            return read()
        except (NotFoundError, UnavailableError, CannotResolve) as error:
            self.missing.append(error)
            return {}

    def _raise_if_untold(self) -> None:
        """A page that did not answer could have vouched; that there is no such page tells something only beside another."""
        silent = [error for error in self.missing if not isinstance(error, NotFoundError)]
        if silent or len(self.missing) == 2:
            raise (silent or self.missing)[0]


def _named(kid: str, pages: _Pages) -> PublicKey:
    if not kid.startswith("did:") and pages.inherent is None:
        for member in pages.host_keys():
            if member.get("kid") == kid:
                return pages.in_use(readable_key(partial(public_key.from_jwk, member)))
        if is_address(kid) and kid.partition("#")[0] != pages.issuer_id:
            key = _at_address(kid, pages)
            pages.vouch_for(key)
            return key
    method = kid if ":" in kid else f"{pages.issuer_id}#{kid.removeprefix('#')}"
    return resolve_key(method, pages.issuer_id, pages.fetch, purpose=pages.purpose, now=pages.now)


def _at_address(kid: str, pages: _Pages) -> PublicKey:
    """The one JWK that `kid` means: all of the page, or the member of its JWK Set that the fragment or address names."""
    url, _, fragment = kid.partition("#")
    page = read_document(pages.fetch, url)
    if "keys" not in page:
        found = members({"keys": [page]}, pages.issuer_id)
    else:
        found = members(page, pages.issuer_id)
        named = [member for member in found if member.get("kid") in (kid, fragment or kid)]
        found = named or (found if not fragment and len(entries(page["keys"])) == 1 else [])
    if len(found) != 1:
        raise NotTheIssuersKey(
            "The address of the key does not show one key of the issuer.", code="key_not_listed"
        )
    return readable_key(lambda: public_key.from_jwk(found[0]))


def _is_key(member: Mapping[str, Any], key: PublicKey) -> bool:
    try:
        return public_key.from_jwk(member) == key
    except InvalidError:
        return False
