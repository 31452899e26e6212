"""When two web addresses name the same thing: compared as RFC 3986, section 6, reads them, with http and https as one."""

import re
from urllib.parse import SplitResult, urlsplit

_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_WEB_PORTS = frozenset({None, 80, 443})


def normalised(url: str) -> str:
    """One spelling for all spellings of an address, only to compare them; what is no address stays as it is.

    A fragment counts where there is one: it names a part, such as `…#1.1` of a framework.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return url
    host = parts.hostname.rstrip(".").lower() + ("" if port in _WEB_PORTS else f":{port}")
    path = _without_dots(_unescaped(parts.path)).rstrip("/")
    return f"//{_user(parts)}{host}{path}" + _more("?", parts.query) + _more("#", parts.fragment)


def _user(parts: SplitResult) -> str:
    user, has_one, _host = parts.netloc.rpartition("@")
    return f"{user}@" if has_one else ""


def _more(sign: str, text: str) -> str:
    return sign + _unescaped(text) if text else ""


def _unescaped(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        letter = chr(int(found[1], 16))
        return letter if letter in _UNRESERVED else found[0].upper()

    return _ESCAPED.sub(plain, text)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            kept = kept[:1] if len(kept) < 2 else kept[:-1]
        elif part != ".":
            kept.append(part)
    return "/".join(kept)
