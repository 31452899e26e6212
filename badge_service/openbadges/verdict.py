"""The answer to "is this badge genuine?": one of four outcomes, named checks, and whose badge it is.

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


@dataclass(frozen=True)
class Check:
    """One step of the work: `code` leads to a sentence that takes `params`; `detail` is for technicians."""

    id: str
    outcome: CheckOutcome
    code: str
    params: Params = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True)
class Remark:
    """Something worth saying that does not decide the outcome."""

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Holder:
    """Whose badge it is: `code` is `holder_named`, `holder_not_named` or `holder_not_known`."""

    code: str
    name: str | None = None


@dataclass(frozen=True)
class Verdict:
    """The whole answer; `credential` is the document as it was read, None when nothing could be read.

    `reason_code` and `params` give the sentence of the outcome. `issuer_domain` is the host that vouches for the
    issuer, `issuer_name` only what the badge says of itself. `registry` is the register in which we found the
    issuer, under the name `registered_name`; `name_confirmed` tells whether the issuer's own site confirms that name
    (None: the register does not say). `status_as_of` is the date of the status list that was read.
    """

    outcome: Outcome
    reason_code: str
    params: Params
    checks: tuple[Check, ...]
    holder: Holder
    issuer_id: str = ""
    issuer_domain: str = ""
    issuer_name: str | None = None
    registry: str | None = None
    registered_name: str | None = None
    name_confirmed: bool | None = None
    remarks: tuple[Remark, ...] = ()
    status_as_of: str | None = None
    replaced_on: str | None = None
    credential: dict[str, Any] | None = field(default=None, repr=False)

    def check(self, id: str) -> Check:
        """The check called `id`."""
        return next(check for check in self.checks if check.id == id)

    def to_json(self) -> dict[str, Any]:
        """The verdict as plain JSON values; enums become their words."""
        return {
            "outcome": self.outcome.value,
            "reason": {"code": self.reason_code, "params": dict(self.params)},
            "issuer": {
                "id": self.issuer_id,
                "domain": self.issuer_domain,
                "name": self.issuer_name,
                "registry": self.registry,
                "registeredName": self.registered_name,
                "nameConfirmed": self.name_confirmed,
            },
            "holder": {"code": self.holder.code, "name": self.holder.name},
            "statusAsOf": self.status_as_of,
            "replacedOn": self.replaced_on,
            "checks": [
                {
                    "id": check.id,
                    "outcome": check.outcome.value,
                    "code": check.code,
                    "params": dict(check.params),
                    "detail": check.detail,
                }
                for check in self.checks
            ],
            "remarks": [{"code": remark.code, "params": dict(remark.params)} for remark in self.remarks],
            "credential": self.credential,
        }
