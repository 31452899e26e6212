"""The digest by which a signed document binds a file that lies beside it.

Follows: Verifiable Credentials Data Model 2.0, section 5.3 (Integrity of Related Resources); Subresource Integrity.
"""

import base64
import hashlib


def digest_sri(body: bytes) -> str:
    """The `digestSRI` of `body`: `sha256-` and its digest in base64."""
    return "sha256-" + base64.b64encode(hashlib.sha256(body).digest()).decode("ascii")
