"""The words of a verdict in the reader's language: sentences with their dates, names of checks, complaints, registers."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from badge_service.curriculum import words as curriculum
from badge_service.curriculum.rules import BoxRow
from badge_service.errors import InvalidError
from badge_service.openbadges.sentences import SENTENCES
from badge_service.openbadges.verdict import NO_PARAMS, CheckOutcome, Contained, Outcome, Verdict
from badge_service.register.rules import RevocationReason
from badge_service.verifier import rules
from badge_service.verifier.desk import Words
from badge_service.verifier.likeness import Likeness
from badge_service.web.i18n import country_name, date_and_time, long_date

BANNERS = {
    Outcome.GENUINE: "genuine",
    Outcome.SIGNED_ISSUER_UNKNOWN: "issuer_unknown",
    Outcome.NOT_FULLY_CHECKED: "unchecked",
    Outcome.NOT_VALID: "invalid",
}
CHECKS = {
    "carrier": _l("The file"),
    "json": _l("The document"),
    "shape": _l("The kind of document"),
    "contexts": _l("The vocabulary"),
    "terms": _l("The words"),
    "trust": _l("The issuer"),
    "key": _l("The key"),
    "proof": _l("The signature"),
    "refresh": _l("A newer edition"),
    "dates": _l("The dates"),
    "status": _l("Withdrawn?"),
    "recipient": _l("The holder"),
    "fact_sheet": _l("The fact sheet"),
    "endorsements": _l("Endorsements"),
    "schema": _l("The form"),
}
LAYERS = {
    "1edtech": _l("What the standard's own validator looks at"),
    "binding": _l("Whether it belongs to whom it names"),
    "trust": _l("Whether a list that we name knows the issuer"),
}
ENDS = {
    "passed": _l("passed"),
    "failed": _l("failed"),
    "unknown": _l("not known"),
    "not_checked": _l("not checked"),
}
WORDS = {
    Outcome.GENUINE: _l("Genuine"),
    Outcome.SIGNED_ISSUER_UNKNOWN: _l("Signed, issuer unknown to us"),
    Outcome.NOT_FULLY_CHECKED: _l("Could not be fully checked"),
    Outcome.NOT_VALID: _l("Not valid"),
}
TONES = {
    Outcome.GENUINE: "good",
    Outcome.SIGNED_ISSUER_UNKNOWN: "wait",
    Outcome.NOT_FULLY_CHECKED: "plain",
    Outcome.NOT_VALID: "bad",
}
FAULTS = {
    "nothing_pasted": _l("Paste a badge, a link or a share code."),
    "text_unknown": _l("This is no badge, no link and no share code. Did you copy all of it?"),
    "link_malformed": _l(
        "We can only check links that begin with https:// and lead to the public internet. If you have the file, check the file."
    ),
    "link_not_open": _l(
        "There is no open badge at this address. If you were given a file, check the file: a file can always be checked."
    ),
    "link_unreachable": _l("That address did not answer us. If you have the file, check the file."),
    "link_no_badge": _l(
        "There is no badge at that address. If its page offers the badge as a file, check the file."
    ),
    "no_file": _l("Choose a file first."),
    "picture_too_large": _l(
        "This picture has too many pixels. Take a photo of the code alone, or a screenshot."
    ),
    "picture_unreadable": _l("This picture is damaged, or of a kind that we cannot open."),
    "qr_none": _l(
        "There is no badge inside this picture, and no QR code that we can read. Take the photo closer, in good light."
    ),
    "qr_several": _l("There is more than one QR code in this picture. Take a photo of one alone."),
    "qr_no_address": _l("This QR code does not lead to a badge."),
}

_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_DATES = frozenset({"date", "as_of"})
"""The parameters of sentences that are dates; whatever looks like one elsewhere was written by strangers."""


def sentence(code: str, params: Mapping[str, str] = NO_PARAMS) -> str:
    """The sentence of a verdict's code, with dates as the reader writes them."""
    said = {name: _said(name, value) for name, value in params.items()}
    return str(gettext(SENTENCES[code], **said))


def complaint(error: InvalidError) -> str:
    """What was wrong with what somebody gave us, and what to do; for carriers the verdict's own sentence."""
    return str(FAULTS[error.code]) if error.code in FAULTS else error.message


def verdict_sentence(verdict: Verdict) -> str:
    """The one sentence under the outcome's word."""
    return sentence(verdict.reason_code, verdict.params)


def inside_title(entry: Contained) -> str:
    """What a badge or an endorsement inside calls itself, and which of the two it is."""
    document = entry.verdict.credential or {}
    named = rules.line(document.get("name"))
    subject = rules.first(document.get("credentialSubject"))
    named = rules.line(rules.first(subject.get("achievement")).get("name")) or named
    if entry.kind == "endorsement":
        return named or str(_("An endorsement"))
    return named or str(_("A badge without a title"))


def endorsed_thing(entry: Contained, verdict: Verdict) -> tuple[str, str]:
    """Whom or what an endorsement inside a badge is about: for people, and by the identifier that its issuer wrote.

    A badge may carry true endorsements of others, which say nothing about the badge.
    """
    subject = rules.first((entry.verdict.credential or {}).get("credentialSubject"))
    about = rules.line(subject.get("id"))
    document = verdict.credential or {}
    achievement = rules.first(rules.first(document.get("credentialSubject")).get("achievement"))
    if not about:
        return str(_("It does not say what it is about.")), ""
    if about == document.get("id"):
        return str(_("It is about this badge.")), short_id(about)
    if about == achievement.get("id"):
        return str(_("It is about the achievement that this badge names, not about the person.")), about
    if about == verdict.issuer_id:
        return str(_("It is about the issuer of this badge, not about the badge.")), short_id(about)
    return str(_("It is about somebody or something else, not about this badge.")), short_id(about)


def endorsed(entry: Contained) -> str:
    """What an endorser says, in their own words; empty for a badge."""
    if entry.kind != "endorsement":
        return ""
    subject = rules.first((entry.verdict.credential or {}).get("credentialSubject"))
    return rules.text(subject.get("endorsementComment"))


def holder_sentence(verdict: Verdict) -> str:
    """Whose badge it is (decisions 15)."""
    return sentence(verdict.holder.code, {"name": verdict.holder.name or ""})


def likeness_sentence(likeness: Likeness, verdict: Verdict) -> str:
    """Whom this issuer might be mistaken for."""
    said = {
        "name": verdict.issuer_name or "",
        "known": likeness.known.name,
        "domain": short_id(verdict.issuer_domain),
        "known_domain": likeness.known.domain,
    }
    if likeness.kind == "name":
        if said["name"] == said["known"]:
            return str(
                _(
                    "We know an issuer called “%(name)s”, but this badge is not theirs: it names %(domain)s.",
                    name=said["name"],
                    domain=said["domain"],
                )
            )
        return str(
            _(
                "“%(name)s” looks like “%(known)s”, whom we know, but is written in other letters, and this badge is not theirs: it names %(domain)s.",
                **{name: said[name] for name in ("name", "known", "domain")},
            )
        )
    if likeness.kind == "domain":
        return str(
            _(
                "%(domain)s looks like %(known_domain)s of “%(known)s”, whom we know, but it is another one.",
                **{name: said[name] for name in ("domain", "known", "known_domain")},
            )
        )
    return str(
        _(
            "What was achieved is described by %(known_domain)s of “%(known)s”, whom we know, but they did not sign this badge.",
            **{name: said[name] for name in ("known", "known_domain")},
        )
    )


def is_bare_key(verdict: Verdict) -> bool:
    """Whether nothing but a key vouches for the issuer."""
    return verdict.issuer_id.startswith(("did:key:", "did:jwk:"))


def is_signed(verdict: Verdict) -> bool:
    """Whether what it says is what its issuer signed."""
    return verdict.check("proof").outcome is CheckOutcome.PASSED


def long_moment(written: str) -> str:
    """The day of a moment in ISO form, as the reader writes it; the text itself when it is none."""
    try:
        return long_date(datetime.fromisoformat(written))
    except (ValueError, OverflowError):
        return written


def told(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain JSON, with the reader's sentence beside every code."""
    return {"sentence": verdict_sentence(verdict), **_with_sentences(verdict.to_json())}


def _with_sentences(value: Any) -> Any:
    """Codes are found by their shape, so that verdicts inside a verdict speak, too; the document is left as it is."""
    if isinstance(value, list):
        return [_with_sentences(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    found = {name: entry if name == "credential" else _with_sentences(entry) for name, entry in value.items()}
    code, params = value.get("code"), value.get("params", {"name": value.get("name") or ""})
    if isinstance(code, str) and code in SENTENCES and isinstance(params, dict):
        found["sentence"] = sentence(code, params)
    return found


def desk_words() -> Words:
    """What the desk says, in the language of this request."""
    return Words(
        own_register=_("this service's list of schools and organisations"),
        alliance_register=_("the list of an alliance that works with this service"),
        trusted_register=_("the list of issuers that this service's operator trusts"),
        reasons={
            RevocationReason.DECLINED: _("the learner did not accept it."),
            RevocationReason.MISTAKE: _("it was awarded by mistake."),
            RevocationReason.ERASED: _("the holder had it erased."),
        },
    )


def box_lines(row: BoxRow) -> list[str]:
    """The lines of one EU element, with dates, countries and nameless learners in words."""
    lines = curriculum.box_value(row)
    if row.id == "M1":
        return [_("no name in this badge") if line.startswith("urn:") else line for line in lines]
    if row.id == "M3":
        return [_place(line) for line in lines]
    return [_readable(line) for line in lines] if row.id == "M5" else lines


def _place(place: str) -> str:
    country, _comma, region = place.partition(", ")
    return ", ".join(part for part in (region, country_name(country)) if part)


def short_id(value: str) -> str:
    """The identifier of an issuer that is nothing but a key, cut where nobody reads on; any other text as it is."""
    is_key = value.startswith(("did:key:", "did:jwk:"))
    return f"{value[:20]}…{value[-6:]}" if is_key and len(value) > 32 else value


def _said(name: str, value: Any) -> str:
    """A parameter of a sentence for people; any text of a stranger that is no date stays as it is."""
    if name in _DATES:
        return _readable(str(value))
    return short_id(str(value))


def _readable(value: str) -> str:
    """A date or a moment as the reader writes it; the text itself when it is none, or beyond all calendars."""
    try:
        if _DATE.match(value):
            return long_date(date.fromisoformat(value))
        if value[4:5] == "-" and value[10:11] == "T":
            return date_and_time(datetime.fromisoformat(value))
    except (ValueError, OverflowError):
        return value
    return value
