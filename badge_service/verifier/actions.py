"""Judges any badge of any issuer, however it comes: bytes, typed text, a link, a picture, a photo of a QR code.

Whoever asks gets the same answer and nothing is stored, so these verbs take no viewer; they take the desk in place of a
session, because no transaction may stay open while strangers' servers are asked.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from badge_service.curriculum.rules import BoxRow, eu_box
from badge_service.errors import InvalidError, NotFoundError, UnavailableError
from badge_service.openbadges import carrier, did, strict_json
from badge_service.openbadges.did import Fetch, Fetched
from badge_service.openbadges.verdict import CheckOutcome, Verdict
from badge_service.openbadges.verification import verify
from badge_service.verifier import likeness, pictures, registries, rules
from badge_service.verifier.desk import Desk
from badge_service.verifier.likeness import Likeness
from badge_service.verifier.rules import BadgeFacts

_BADGE_STARTS = (b"{", b"[", b"\x89PNG", b"<svg", b"<?xml")


@dataclass(frozen=True)
class Judged:
    """A verdict with what a page shows beside it.

    `facts` and `box` (the 16 EU lines) are what the document says, whether or not its signature holds: ask `is_signed`
    before showing them as true. `likeness` says whom an unknown issuer may be mistaken for. `text` is the document or token
    as it came, to ask about it again. `read` are the documents
    that the verdict rests on: addresses with SHA-256 digests (hex).
    """

    verdict: Verdict
    facts: BadgeFacts | None
    box: tuple[BoxRow, ...]
    checked_at: datetime
    text: str = ""
    likeness: Likeness | None = None
    read: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_signed(self) -> bool:
        """Whether what the badge says is what its issuer signed."""
        return self.verdict.check("proof").outcome is CheckOutcome.PASSED

    @property
    def is_readable(self) -> bool:
        """Whether there was a badge in the file at all."""
        return self.verdict.check("carrier").outcome is not CheckOutcome.FAILED


@dataclass(frozen=True)
class Elsewhere:
    """A QR code that leads to somebody else's address: whoever scanned it decides whether we ask there."""

    address: str
    domain: str


@dataclass(frozen=True)
class ShareCode:
    """A code as our certificates carry it, which leads to a badge page."""

    code: str


class _Remembering:
    """Keeps what was fetched, so that the page shows the very bytes that were judged."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self.answers: dict[str, Fetched] = {}

    def __call__(self, url: str) -> Fetched:
        self.answers[url] = self._fetch(url)
        return self.answers[url]

    def digests(self) -> dict[str, str]:
        """What was fetched, as addresses with digests."""
        return {url: hashlib.sha256(answer.body).hexdigest() for url, answer in self.answers.items()}


def judge(
    desk: Desk,
    data: bytes | str | dict[str, Any],
    fetch: Fetch | None = None,
    *,
    recipient: str = "",
    challenge: str | None = None,
    domain: str | None = None,
) -> Judged:
    """The verdict on a document, a picture with a badge inside, or a token; never raises for what is in `data`.

    `recipient` names the person whose badge it should be, if somebody asks: an e-mail address, a DID or a name.
    `challenge` and `domain` are what a presentation must have been made for, if the caller asked for one.
    """
    remembering = _Remembering(fetch or desk.begin())
    verdict = verify(
        data,
        now=desk.now,
        fetch=remembering,
        registries=desk.registries,
        explain_revocation=desk.explain,
        examine=desk.begin_examining(),
        recipient=rules.recipient_asked(recipient),
        challenge=challenge,
        domain=domain,
        remembered=desk.remembered,
    )
    return _read(desk, verdict, remembering, _text_of(data))


def _read(desk: Desk, verdict: Verdict, remembering: _Remembering, text: str) -> Judged:
    """What may be shown of a document, now that it was judged."""
    document = verdict.credential
    is_badge = (
        document is not None
        and verdict.kind == "badge"
        and verdict.check("shape").outcome is CheckOutcome.PASSED
    )
    sheet = _sheet(verdict, remembering.answers)
    ended = _judged_end(verdict)
    return Judged(
        verdict=verdict,
        facts=rules.facts_of(document, sheet, ended) if document is not None and is_badge else None,
        box=tuple(eu_box(sheet, document)) if is_badge else (),
        checked_at=desk.now,
        text=text,
        likeness=_likeness(desk, verdict),
        read=remembering.digests(),
    )


def _judged_end(verdict: Verdict) -> str:
    """The last day by which it was judged; empty when it has none, or when the dates were not looked at."""
    check = verdict.check("dates")
    return check.params["date"] if check.code in ("dates_good_until", "expired") else ""


def _text_of(data: bytes | str | dict[str, Any]) -> str:
    """What was judged, without the picture around it; empty when there is no badge or only an older one."""
    if isinstance(data, dict):
        return json.dumps(data, ensure_ascii=False)
    try:
        return carrier.read(data.encode() if isinstance(data, str) else data).text
    except (InvalidError, UnicodeEncodeError):
        return ""


def judge_own(desk: Desk, token: str, *, recipient: str = "") -> Judged:
    """The verdict on the published bytes of one of our badges; raises NotFoundError when its page is not open."""
    fetch = _Remembering(desk.begin())
    judged = judge(
        desk, fetch(f"{desk.public_url}/credentials/{token}.json").body, fetch, recipient=recipient
    )
    return replace(judged, read={**judged.read, **fetch.digests()})


def judge_text(desk: Desk, typed: str, *, recipient: str = "") -> Judged | ShareCode:
    """What was pasted or typed: a document, a token, a link, or a share code. Raises InvalidError as `judge_address`."""
    typed = typed.strip()
    if not typed:
        raise InvalidError("Nothing was pasted.", code="nothing_pasted")
    code = rules.share_code(typed, desk.hosts)
    if code is not None:
        return ShareCode(code)
    is_link = re.match(r"https?://", typed, re.IGNORECASE) and not re.search(r"\s", typed)
    if is_link or rules.share_token(typed, desk.hosts) is not None:
        return judge_address(desk, typed, recipient=recipient)
    judged = judge(desk, typed, recipient=recipient)
    if not judged.is_readable and len(typed) < 100 and "{" not in typed and "<" not in typed:
        raise InvalidError("This is no badge, no link and no code.", code="text_unknown")
    return judged


def judge_address(desk: Desk, typed: str, *, recipient: str = "") -> Judged:
    """The badge behind a link: one of ours by its published bytes, another by asking its host, also for `….json`.

    Raises InvalidError: `link_malformed`, `link_not_open` (ours, but private or unknown), `link_unreachable`,
    `link_no_badge`.
    """
    token = rules.share_token(typed, desk.hosts)
    if token is not None:
        try:
            return judge_own(desk, token, recipient=recipient)
        except NotFoundError as error:
            raise InvalidError("There is no open badge at this address.", code="link_not_open") from error
    address = rules.https_address(typed)
    if address is None:
        raise InvalidError("This is not a link that we can check.", code="link_malformed")
    fetch = desk.begin()
    body = _badge_at(address, fetch)
    return judge(desk, body, fetch, recipient=recipient)


def judge_upload(desk: Desk, data: bytes, *, recipient: str = "") -> Judged | Elsewhere | ShareCode:
    """An uploaded file: a badge (JSON, PNG, SVG, token), or a photo of a QR code, told by content and never by name.

    Raises InvalidError for pictures without one readable code: the codes of `pictures` and `qr_no_address`.
    """
    if not pictures.is_picture(data):
        return judge(desk, data, recipient=recipient)
    judged = judge(desk, data, recipient=recipient)
    if judged.verdict.check("carrier").code not in ("baked_not_found", "carrier_unknown", "too_large"):
        return judged
    return judge_code(desk, pictures.read_qr(data), recipient=recipient)


def judge_code(desk: Desk, text: str, *, recipient: str = "") -> Judged | Elsewhere | ShareCode:
    """The text of a QR code: our own addresses are judged at once, those of others only named."""
    text = text.strip()
    if rules.share_token(text, desk.hosts) is not None:
        return judge_address(desk, text, recipient=recipient)
    code = rules.share_code(text, desk.hosts)
    if code is not None:
        return ShareCode(code)
    address = rules.https_address(text)
    if address is not None:
        return Elsewhere(address, urlsplit(address).netloc)
    judged = judge(desk, text, recipient=recipient)
    if not judged.is_readable:
        raise InvalidError("This code does not lead to a badge.", code="qr_no_address")
    return judged


def _badge_at(address: str, fetch: Fetch) -> bytes:
    """The document, picture or token behind `address`; for a page, what lies at the same address + `.json`."""
    domain = urlsplit(address).netloc
    try:
        found = fetch(address)
        if _may_be_badge(found.body):
            return found.body
        parts = urlsplit(address)
        found = fetch(parts._replace(path=f"{parts.path.rstrip('/')}.json", query="").geturl())
    except NotFoundError as error:
        raise InvalidError(f"There is no badge at this address of {domain}.", code="link_no_badge") from error
    except UnavailableError as error:
        raise InvalidError(f"{domain} did not answer.", code="link_unreachable") from error
    if not _may_be_badge(found.body):
        raise InvalidError(f"There is no badge at this address of {domain}.", code="link_no_badge")
    return found.body


def _may_be_badge(body: bytes) -> bool:
    start = body.lstrip()[:5]
    return start.startswith(_BADGE_STARTS) or re.match(rb"[\w-]{10,}\.[\w-]*\.[\w-]*\s*\Z", body) is not None


def _sheet(verdict: Verdict, answers: Mapping[str, Fetched]) -> Mapping[str, Any] | None:
    """The fact sheet, only when it is the one that was signed for."""
    if verdict.check("fact_sheet").outcome is not CheckOutcome.PASSED:
        return None
    address = next((one for one in verdict.related if one in answers), "")
    try:
        sheet = strict_json.loads(answers[address].body)
    except (InvalidError, KeyError):
        return None
    return sheet if isinstance(sheet, dict) else None


def _likeness(desk: Desk, verdict: Verdict) -> Likeness | None:
    """Whom the issuer looks like, when no register knows it."""
    if not verdict.issuer_id or verdict.check("trust").outcome is CheckOutcome.PASSED:
        return None
    subject = rules.first((verdict.credential or {}).get("credentialSubject"))
    achievement = rules.line(rules.first(subject.get("achievement")).get("id"))
    return likeness.find(
        registries.parties(desk.registries),
        issuer_id=verdict.issuer_id,
        name=verdict.issuer_name or "",
        domain=did.domain(verdict.issuer_id),
        achievement_domain=did.domain(achievement),
    )
