"""The answer to "is this badge genuine?": one of four outcomes, named checks in three layers, and whose badge it is.

A bad badge is an answer, not an exception. Words for every code are in `sentences.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

Params = Mapping[str, str]
NO_PARAMS: Params = MappingProxyType({})


class CheckOutcome(StrEnum):
    """How one check ended; only `passed` is good."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not_checked"


class Outcome(StrEnum):
    """What is shown in colour: green, amber, grey, red."""

    GENUINE = "genuine"
    SIGNED_ISSUER_UNKNOWN = "signed_issuer_unknown"
    NOT_FULLY_CHECKED = "not_fully_checked"
    NOT_VALID = "not_valid"


class Layer(StrEnum):
    """What a check compares the badge with: the official validator's rules, its issuer and holder, or our registers.

    The first alone never makes a badge good: a forgery can pass every check that the official validator makes.
    """

    PARITY = "1edtech"
    BINDING = "binding"
    TRUST = "trust"


LAYERS: Mapping[str, Layer] = MappingProxyType(
    {
        "key": Layer.BINDING,
        "recipient": Layer.BINDING,
        "fact_sheet": Layer.BINDING,
        "trust": Layer.TRUST,
    }
)
"""The checks that the official validator does not make, or not with a consequence; all others are of its layer."""


@dataclass(frozen=True, slots=True)
class Check:
    """One step of the work: `code` leads to a sentence that takes `params`; `detail` is for technicians."""

    id: str
    outcome: CheckOutcome
    code: str
    params: Params = field(default_factory=lambda: NO_PARAMS)
    detail: str = ""

    @property
    def layer(self) -> Layer:
        """What this check compares the badge with."""
        return LAYERS.get(self.id, Layer.PARITY)


@dataclass(frozen=True)
class Remark:
    """Something worth saying that does not decide the outcome."""

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Holder:
    """Whose badge it is: `code` is `holder_named`, `holder_not_named`, `holder_not_known` or `holder_confirmed`.

    The last only when the badge's subject signed the answer to our own question; `name` is what the badge says.
    """

    code: str
    name: str | None = None


@dataclass(frozen=True)
class Registered:
    """One register that lists the issuer, as `name`; `confirmed`: does the issuer's own site confirm that name?

    `confirmed` is None for registers that do not look at the sites of issuers.
    """

    registry: str
    name: str
    confirmed: bool | None = None


@dataclass(frozen=True)
class Refreshed:
    """The issuer keeps a newer edition at `address`, and that one was judged: it begins at `valid_from`, not at `before`."""

    address: str
    valid_from: str
    before: str


@dataclass(frozen=True)
class Contained:
    """Another signed document inside the one that was judged, judged for itself.

    `kind` is `badge` (in a presentation) or `endorsement` (in a badge); `where` is its place, as
    `verifiableCredential[0]`.
    """

    kind: str
    where: str
    verdict: "Verdict"


@dataclass(frozen=True)
class Verdict:
    """The whole answer; `credential` is the document as it was read, None when nothing could be read.

    It is None, too, for a presentation that nobody signed, of which only what is `contained` was judged.

    `kind` is `badge`, `presentation` or `endorsement`. `reason_code` and `params` give the sentence of the outcome.
    `issuer_domain` is the host that vouches for the issuer, `issuer_name` only what the badge says of itself.
    `registered` are all registers in which we found the issuer; `registry`, `registered_name` are of the first, and
    `name_confirmed` tells whether the issuer's own site confirms the name (None: no register says).
    `status_as_of` is the date of the status list that was read. `related` are the addresses of the related resources whose
    digests were compared and fit, in the document's order.
    """

    outcome: Outcome
    reason_code: str
    params: Params
    checks: tuple[Check, ...]
    holder: Holder
    kind: str = "badge"
    issuer_id: str = ""
    issuer_domain: str = ""
    issuer_name: str | None = None
    registered: tuple[Registered, ...] = ()
    remarks: tuple[Remark, ...] = ()
    status_as_of: str | None = None
    replaced_on: str | None = None
    refreshed: Refreshed | None = None
    contained: tuple[Contained, ...] = ()
    related: tuple[str, ...] = ()
    credential: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def registry(self) -> str | None:
        """The first register that lists the issuer."""
        return self.registered[0].registry if self.registered else None

    @property
    def registered_name(self) -> str | None:
        """The name under which it does."""
        return self.registered[0].name if self.registered else None

    @property
    def name_confirmed(self) -> bool | None:
        """Whether the issuer's own site confirms the name, as far as any register looked."""
        found = [entry.confirmed for entry in self.registered if entry.confirmed is not None]
        return any(found) if found else None

    def check(self, id: str) -> Check:
        """The check called `id`."""
        return next(check for check in self.checks if check.id == id)

    def layers(self) -> dict[str, str]:
        """How each layer ended: `failed` or `unknown` when any check of it did, else `passed` or `not_checked`."""
        order = (CheckOutcome.FAILED, CheckOutcome.UNKNOWN, CheckOutcome.PASSED)
        found = {layer: {check.outcome for check in self.checks if check.layer is layer} for layer in Layer}
        return {
            layer.value: next((wanted for wanted in order if wanted in ends), CheckOutcome.NOT_CHECKED).value
            for layer, ends in found.items()
        }

    def to_json(self) -> dict[str, Any]:
        """The verdict as plain JSON values; enums become their words."""
        return {
            "kind": self.kind,
            "outcome": self.outcome.value,
            "reason": {"code": self.reason_code, "params": dict(self.params)},
            "issuer": {
                "id": self.issuer_id,
                "domain": self.issuer_domain,
                "name": self.issuer_name,
                "registry": self.registry,
                "registeredName": self.registered_name,
                "nameConfirmed": self.name_confirmed,
                "registries": [
                    {"registry": entry.registry, "name": entry.name, "nameConfirmed": entry.confirmed}
                    for entry in self.registered
                ],
            },
            "holder": {"code": self.holder.code, "name": self.holder.name},
            "statusAsOf": self.status_as_of,
            "replacedOn": self.replaced_on,
            "refreshed": _refreshed(self.refreshed),
            "layers": self.layers(),
            "checks": [_check(check) for check in self.checks],
            "remarks": [{"code": remark.code, "params": dict(remark.params)} for remark in self.remarks],
            "contained": [
                {"kind": entry.kind, "where": entry.where, "verdict": entry.verdict.to_json()}
                for entry in self.contained
            ],
            "credential": self.credential,
        }


def _check(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "layer": check.layer.value,
        "outcome": check.outcome.value,
        "code": check.code,
        "params": dict(check.params),
        "detail": check.detail,
    }


def _refreshed(found: Refreshed | None) -> dict[str, str] | None:
    if found is None:
        return None
    return {"address": found.address, "validFrom": found.valid_from, "before": found.before}
