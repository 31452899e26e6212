"""One badge being judged: what was read of it so far, who may be asked about its issuer, how often we may fetch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from badge_service.errors import NotFoundError, UnavailableError
from badge_service.openbadges.canonical import Examined
from badge_service.openbadges.did import Fetch, Fetched
from badge_service.openbadges.proofs import Cryptosuite
from badge_service.openbadges.public_key import PublicKey
from badge_service.openbadges.verdict import NO_PARAMS, Check, CheckOutcome, Params

FETCHES_FOR_KNOWN_ISSUERS = 8
FETCHES_FOR_STRANGERS = 4


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


ExplainRevocation = Callable[[Mapping[str, Any]], Explanation | None]


class CountedFetch:
    """Fetches each address once, and only so many of them, as a badge is not to send us all over the world."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._answers: dict[str, Fetched | NotFoundError | UnavailableError] = {}
        self.budget = FETCHES_FOR_STRANGERS

    def __call__(self, url: str) -> Fetched:
        """What stands at `url`; raises NotFoundError or UnavailableError, also when the budget is spent."""
        if url not in self._answers:
            if len(self._answers) >= self.budget:
                raise UnavailableError("This badge points to too many addresses.", code="fetch_budget")
            self._answers[url] = self._ask(url)
        answer = self._answers[url]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _ask(self, url: str) -> Fetched | NotFoundError | UnavailableError:
        try:
            return self._fetch(url)
        except (NotFoundError, UnavailableError) as error:
            return error


@dataclass(frozen=True)
class KeyedProof:
    """A proof that we understand, with the key that its owner's document lists for it."""

    proof: Mapping[str, Any]
    suite: Cryptosuite
    public_key: PublicKey


@dataclass
class Case:
    """The state that the steps share; every step returns its check and may fill in what it found."""

    data: bytes | str | dict[str, Any]
    now: datetime
    fetch: CountedFetch
    registries: Sequence[Registry]
    explain: ExplainRevocation | None
    text: str = ""
    parsed: Any = None
    document: dict[str, Any] = field(default_factory=dict)
    examined: Examined | None = None
    registry: str | None = None
    known: KnownIssuer | None = None
    proofs: list[KeyedProof] = field(default_factory=list)
    status_as_of: str | None = None
    replaced_on: str | None = None
    unknown_suites: list[str] = field(default_factory=list)

    @property
    def issuer_id(self) -> str:
        """The issuer that the badge names, whether truly or not."""
        return issuer_id_of(self.document)


def issuer_id_of(document: Mapping[str, Any]) -> str:
    """The id of `document`'s issuer, written as text or as an object; empty when there is none."""
    issuer = document.get("issuer")
    named = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    return named if isinstance(named, str) else ""


def objects(value: object) -> list[Mapping[str, Any]]:
    """The objects in a member that may be one object or a list of them."""
    return [entry for entry in listed(value) if isinstance(entry, Mapping)]


def listed(value: object) -> list[Any]:
    """A member as a list, whether it was one value, a list or missing."""
    return value if isinstance(value, list) else [] if value is None else [value]


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
