"""One document being judged: what was asked and by which means, what was read of it so far, how often we may fetch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from badge_service.openbadges import canonical
from badge_service.openbadges.canonical import Examined
from badge_service.openbadges.contexts import VC1
from badge_service.openbadges.did import Fetch
from badge_service.openbadges.proofs import Cryptosuite
from badge_service.openbadges.proofs.jose import Jws
from badge_service.openbadges.proofs.secured import Examine, Secured
from badge_service.openbadges.public_key import PublicKey
from badge_service.openbadges.verdict import (
    NO_PARAMS,
    Check,
    CheckOutcome,
    Contained,
    Params,
    Refreshed,
    Registered,
    Remark,
)
from badge_service.openbadges.verification.counted_fetch import CountedFetch
from badge_service.openbadges.verification.remembered import Remembered

Kind = Literal["badge", "endorsement", "presentation", "status list"]


@dataclass(frozen=True)
class KnownIssuer:
    """What a register knows of an issuer: the name it is registered under, and whether its own site confirms that.

    `confirmed` is None for registers that do not look at the sites of issuers.
    """

    name: str
    confirmed: bool | None = None


class Registry(Protocol):
    """A list of issuers that we trust, under a name that we tell the reader."""

    @property
    def name(self) -> str:
        """The name of the register, as the verdict shows it."""
        ...

    def knows(self, issuer_id: str) -> KnownIssuer | None:
        """The entry of `issuer_id` (compared exactly), or None."""
        ...


@dataclass(frozen=True)
class Explanation:
    """Why our own service revoked a badge: `replaced` by a newer edition or `withdrawn`; `on` is a date in ISO form.

    `reason` only when it was published by the issuer.
    """

    kind: str
    on: str = ""
    reason: str = ""


ExplainRevocation = Callable[[Mapping[str, Any], Mapping[str, Any]], Explanation | None]
"""By the document and by the entry of its `credentialStatus` that withdraws it."""


@dataclass(frozen=True)
class Recipient:
    """The person that a badge should be about: `kind` is `id` (a DID or address) or an identity type as `emailAddress`."""

    kind: str
    value: str


@dataclass(frozen=True)
class Enquiry:
    """What is asked, and the means to find out; the same for a badge and for all that is judged inside it.

    `fetch` is `counted`, or something that watches it.
    """

    now: datetime
    fetch: Fetch
    counted: CountedFetch
    registries: Sequence[Registry] = ()
    explain: ExplainRevocation | None = None
    examine: Examine = canonical.examine
    recipient: Recipient | None = None
    challenge: str | None = None
    domain: str | None = None
    remembered: Remembered = field(default_factory=Remembered)


@dataclass(frozen=True)
class KeyedProof:
    """A proof that we understand, with the key that its owner's document lists for it, and what it covers."""

    proof: Mapping[str, Any]
    suite: Cryptosuite
    key: PublicKey


@dataclass
class SortedProofs:
    """The proofs of a document: those that we understand, and the names of those that we do not."""

    understood: list[tuple[Mapping[str, Any], Cryptosuite]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    malformed: bool = False


@dataclass(frozen=True)
class Endorsed:
    """What an embedded endorsement stands beside: its `id` and the `name` that it has there, both empty when it has none."""

    id: str
    name: str


@dataclass
class Case:
    """The state that the steps share; every step returns its check and may fill in what it found.

    `about` is what an embedded endorsement must be about, `is_presented_by` whoever has just proved to hold the
    key of the presentation around this badge. `is_lasting`: no key among those found has an end.
    `related` are the addresses of related resources that are what was signed for.
    `is_stopped`: an earlier step ended so that no later one could be believed.
    """

    enquiry: Enquiry
    data: bytes | str | dict[str, Any]
    kind: Kind = "badge"
    is_inside: bool = False
    about: "Endorsed | None" = None
    text: str = ""
    parsed: Any = None
    document: dict[str, Any] = field(default_factory=dict)
    jws: Jws | None = None
    jws_key: PublicKey | None = None
    examined: Examined | None = None
    proofs: list[KeyedProof] = field(default_factory=list)
    sorted_proofs: SortedProofs = field(default_factory=SortedProofs)
    registered: tuple[Registered, ...] = ()
    status_as_of: str | None = None
    replaced_on: str | None = None
    refreshed: Refreshed | None = None
    contained: list[Contained] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    holder_confirmed: bool = False
    is_presented_by: str = ""
    is_lasting: bool = True
    is_stopped: bool = False

    @property
    def now(self) -> datetime:
        """The moment for which the document is judged."""
        return self.enquiry.now

    @property
    def fetch(self) -> Fetch:
        """Reads an address, within the budget."""
        return self.enquiry.fetch

    @property
    def purpose(self) -> str:
        """What the keys must be allowed to do (the verification relationship, and `proofPurpose`)."""
        return "authentication" if self.kind == "presentation" else "assertionMethod"

    @property
    def issuer_id(self) -> str:
        """The issuer that the document names, whether truly or not; of a presentation, its holder."""
        if self.kind == "presentation":
            return _named(self.document.get("holder"))
        return issuer_id_of(self.document)

    @property
    def is_bare(self) -> bool:
        """Whether this is a presentation that nobody signed: a mere wrapper around badges."""
        return self.kind == "presentation" and self.jws is None and not listed(self.document.get("proof"))

    @property
    def is_unanswered(self) -> bool:
        """Whether somebody asked for an answer to a question, and this cannot be one: only a signed presentation is."""
        is_asked = self.enquiry.challenge is not None or self.enquiry.domain is not None
        return is_asked and not self.is_inside and (self.kind != "presentation" or self.is_bare)

    @property
    def is_1_1(self) -> bool:
        """Whether the document follows the data model 1.1, which has other names for its dates."""
        return listed(self.document.get("@context"))[:1] == [VC1]

    @property
    def secured(self) -> Secured:
        """What the proofs cover, with the canonical text that was made already."""
        known = self.examined or Examined((), "")
        return Secured.of(
            self.document, examine=self.enquiry.examine, nquads=known.nquads, digest=known.digest
        )

    def may_say(self, word: str) -> bool:
        """Whether the text can hold a member called `word`: a quick look that spares most badges a walk."""
        return not self.text or self.jws is not None or word in self.text or "\\u" in self.text

    def inside(self, data: Any, kind: Kind, about: "Endorsed | None" = None) -> "Case":
        """A document found inside or behind this one, to be judged by the same means."""
        return Case(self.enquiry, data, kind, is_inside=True, about=about)


def issuer_id_of(document: Mapping[str, Any]) -> str:
    """The id of `document`'s issuer, written as text or as an object; empty when there is none."""
    return _named(document.get("issuer"))


def _named(party: object) -> str:
    named = party.get("id") if isinstance(party, dict) else party
    return named if isinstance(named, str) else ""


def objects(value: object) -> list[dict[str, Any]]:
    """The objects in a member that may be one object or a list of them."""
    return [entry for entry in listed(value) if isinstance(entry, dict)]


def listed(value: object) -> list[Any]:
    """A member as a list, whether it was one value, a list or missing."""
    return value if isinstance(value, list) else [] if value is None else [value]


def types_of(document: Mapping[str, Any]) -> set[str]:
    """The types of `document`, written as one or as a list."""
    return {type_ for type_ in listed(document.get("type")) if isinstance(type_, str)}


def passed(id: str, code: str, params: Params = NO_PARAMS, detail: str = "") -> Check:
    """A check that ended well."""
    return Check(id, CheckOutcome.PASSED, code, params, detail)


def failed(id: str, code: str, params: Params = NO_PARAMS, detail: str = "") -> Check:
    """A check that found something wrong with the badge."""
    return Check(id, CheckOutcome.FAILED, code, params, detail)


def unknown(id: str, code: str, params: Params = NO_PARAMS, detail: str = "") -> Check:
    """A check that we could not finish; never good."""
    return Check(id, CheckOutcome.UNKNOWN, code, params, detail)


def not_checked(id: str, code: str, params: Params = NO_PARAMS, detail: str = "") -> Check:
    """A check that was not made, with the reason."""
    return Check(id, CheckOutcome.NOT_CHECKED, code, params, detail)
