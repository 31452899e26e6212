"""The JSON-LD contexts that we know, each pinned by its SHA-256 digest; nothing is ever fetched.

Follows: Data Integrity 1.1, section 2.4.1 (Validating Contexts); Open Badges 3.0, appendix on context files.
"""

import functools
import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Any

from badge_service.errors import InvalidError

VC2 = "https://www.w3.org/ns/credentials/v2"
VC1 = "https://www.w3.org/2018/credentials/v1"
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OB3_VERSIONS = tuple(f"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.{n}.json" for n in (1, 2, 3))
OB_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
MULTIKEY = "https://w3id.org/security/multikey/v1"
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"

_OPENBADGESLIB = "openbadgeslib.ob3.contexts"
_PYLD = "pyld.documentloader.frozen.bundled"

_PINNED: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        VC2: (
            _OPENBADGESLIB,
            "credentials-v2.json",
            "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        ),
        OB3_VERSIONS[0]: (
            _OPENBADGESLIB,
            "ob-v3p0-context-3.0.1.json",
            "5f3d9dd6288ef437ff8286cf95ffbff609c748a66f24a1e9450c45ca64be1571",
        ),
        OB3_VERSIONS[1]: (
            _OPENBADGESLIB,
            "ob-v3p0-context-3.0.2.json",
            "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
        ),
        OB3_VERSIONS[2]: (
            _OPENBADGESLIB,
            "ob-v3p0-context-3.0.3.json",
            "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
        ),
        OB_EXTENSIONS: (
            _OPENBADGESLIB,
            "ob-v3p0-extensions.json",
            "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93",
        ),
        DATA_INTEGRITY: (
            _OPENBADGESLIB,
            "security-data-integrity-v2.json",
            "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
        ),
        MULTIKEY: (
            _OPENBADGESLIB,
            "security-multikey-v1.json",
            "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
        ),
        VC1: (
            _PYLD,
            "credentials-v1.jsonld",
            "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8",
        ),
        ED25519_2020: (
            _PYLD,
            "security-ed25519-2020-v1.jsonld",
            "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
        ),
    }
)

KNOWN = frozenset(_PINNED)
"""The addresses of all contexts that we carry."""
DIGESTS: Mapping[str, str] = MappingProxyType({url: digest for url, (_, _, digest) in _PINNED.items()})
"""The SHA-256 digest of each context that we carry."""


class UnknownContext(InvalidError):
    """A document names a vocabulary that we do not carry, so we cannot say what its words mean."""

    code = "unknown_context"


@functools.cache
def load(url: str) -> dict[str, Any]:
    """The context document at `url`, from our own packages; not to be changed by the caller. Raises as `read`."""
    document: dict[str, Any] = json.loads(read(url))
    return document


def read(url: str) -> bytes:
    """The bytes of the context document at `url`, from our own packages.

    Raises UnknownContext for any other address (compared exactly) and RuntimeError when a package carries
    other bytes than those pinned here, because then every signature would mean something else.
    """
    pinned = _PINNED.get(url)
    if pinned is None:
        raise UnknownContext(f"We do not know the vocabulary {url[:200]}.")
    package, name, digest = pinned
    data = resources.files(package).joinpath(name).read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise RuntimeError(f"the package {package} carries other bytes than expected for {url}")
    return data
