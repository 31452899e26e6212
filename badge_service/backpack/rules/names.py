"""How the addresses and files of a badge are called."""

import re
import unicodedata

from badge_service.register.rules import credential_path

LONGEST_FILE_NAME = 60


def share_address(address: str, token: str) -> str:
    """The one link that is shared and put into QR codes; `address` is where the service is reached, such as https://badges.example."""
    return f"{address.rstrip('/')}{credential_path(token)}"


def json_path(token: str) -> str:
    """Where the signed document is published while its page is open."""
    return f"{credential_path(token)}.json"


def file_name(title: str, ending: str) -> str:
    """A name every file system takes, from a badge's title: letters and digits of any script, joined by hyphens.

    `Willow Basket: Base/Sides` with `pdf` becomes `willow-basket-base-sides.pdf`; no person is ever named in it.
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", title).casefold())
    stem = ""
    for word in words:
        longer = f"{stem}-{word}" if stem else word[:LONGEST_FILE_NAME]
        if len(longer) > LONGEST_FILE_NAME:
            break
        stem = longer
    return f"{stem or 'badge'}.{ending}"
