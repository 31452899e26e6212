"""Suggests the e-mail address that was probably meant where a domain is one slip away from a well-known or frequent one."""

from collections import Counter
from collections.abc import Iterable

_SERVICES = (
    "gmail.com googlemail.com hotmail.com outlook.com yahoo.com icloud.com live.com msn.com aol.com "
    "me.com mail.com email.com ymail.com proton.me protonmail.com gmx.com gmx.net gmx.de web.de "
    "hotmail.nl live.nl outlook.nl ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl hotmail.es "
    "outlook.es yahoo.es live.es telefonica.net abv.bg mail.bg dir.bg gbg.bg hotmail.fr yahoo.fr "
    "yahoo.co.uk hotmail.co.uk"
)
_KNOWN = frozenset(_SERVICES.split())
_ENDINGS = {"con": "com", "cmo": "com", "ocm": "com", "comm": "com", "vom": "com", "nll": "nl", "bgg": "bg"}
_FREQUENT = 5
_RARE = 10
_MOST_FREQUENT = 20


def suggest_domains(emails: Iterable[str]) -> dict[str, str]:
    """Doubtful domains of a list of addresses, each with the one probably meant.

    Well-known mail services count as right, and whatever many rows of the same list share.
    """
    counts = Counter(email.rpartition("@")[2] for email in emails)
    frequent = [domain for domain, count in counts.most_common(_MOST_FREQUENT) if count >= _FREQUENT]
    found = {}
    for domain, count in counts.items():
        meant = _meant(domain, [one for one in frequent if counts[one] >= _RARE * count])
        if meant is not None:
            found[domain] = meant
    return found


def _meant(domain: str, frequent: Iterable[str]) -> str | None:
    if domain in _KNOWN:
        return None
    near = [known for known in (*frequent, *sorted(_KNOWN)) if known != domain and _one_slip(domain, known)]
    if near:
        return near[0]
    name, _dot, ending = domain.rpartition(".")
    return f"{name}.{_ENDINGS[ending]}" if name and ending in _ENDINGS else None


def _one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is missing, too many, another, or two neighbours have changed places."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if start is None:
        return len(typed) != len(meant)
    rest, wanted = typed[start:], meant[start:]
    swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return swapped or rest[1:] in (wanted, wanted[1:]) or rest == wanted[1:]
