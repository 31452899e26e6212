"""The one adapter between lists of bad inputs and our verifier: it builds what is sent, and knows our words for the answer.

A list is JSON: `{"inputs": [{id, surface, input, …, expected}]}`. A row is a literal payload, a Python expression, a change
of a fixture (`base`, `ops`, `resign`), or a recipe in words, which is a function here under the row's id.
"""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from badge_service.openbadges.multibase import decode_z, encode_z
from badge_service.verifier import api
from tests.verifier import stage
from tests.verifier.recipes import RECIPES, Sent
from tests.verifier.stage import Network

SHARED_LIST = Path(__file__).parents[2] / ".." / "shared" / "data" / "bad_inputs.json"
OWN_LIST = Path(__file__).with_name("own_bad_inputs.json")

OUTCOMES = {
    "valid": {"genuine"},
    "valid_cached": {"genuine"},
    "valid_unbound": {"genuine"},
    "invalid": {"not_valid"},
    "revoked": {"not_valid"},
    "suspended": {"not_valid"},
    "expired": {"not_valid"},
    "not_yet_valid": {"not_valid"},
    "status_unknown": {"not_fully_checked"},
    "issuer_untrusted": {"signed_issuer_unknown"},
}
"""A list's word for a verdict -> ours."""

REASONS = {
    "revoked": "revoked",
    "suspended": "suspended",
    "expired": "expired",
    "not_yet_valid": "not_yet_valid",
}
"""Where the list's verdict says why, ours must say the same."""

CODES: dict[str, set[str]] = {
    "unknown_context": {"unknown_context", "inline_context"},
    "undefined_term": {"undefined_term", "forbidden_keyword"},
    "canonicalization_budget": {"canonicalization_budget", "blank_node_id"},
    "schema": {"forbidden_keyword", "signature", "dates_unreadable"},
    "did_method_unsupported": {"key_not_issuers"},
    "signature": {"signature", "proof_malformed", "proof_value"},
    "holder_unbound": {"genuine"},
    "issuer_untrusted": {"signed_issuer_unknown"},
    "status_retrieval": {"status_unreachable"},
    "status_timeout": {"status_unreachable"},
    "status_cached": {"genuine"},
    "status_message": {"status_purpose_unknown"},
    "ssrf_blocked": {"status_unreachable", "signature"},
    "did_resolution": {"did_document_id"},
    "proof_chain": {"previous_proof", "proof_malformed"},
}
"""A list's code -> ours, where they differ; a code that is not here must be the same word."""

CODES_OF_ROWS: dict[str, set[str]] = {
    "json-021": {"json_invalid", "json_invalid_utf8", "json_too_deep"},
    "jwt-048": {"signature", "header_not_allowed", "proof_value", "jws_malformed", "b64"},
    "jwt-022": {"carrier_unknown", "b64"},
    "jwt-023": {"carrier_unknown", "b64"},
    "jwt-026": {"carrier_unknown", "jws_malformed"},
    "jwt-027": {"carrier_unknown", "jws_malformed"},
    "jwt-031": {"carrier_unknown", "jws_malformed"},
}
"""The same for single rows, where what we find first is something else that is wrong with them as well."""

NOT_YET_DUE = {
    "qr-009": "a learner's erasure is the subject of a later issue; what is there answers 410 in tests/backpack",
}

GREY = "decisions 14: what we cannot find out (network, key, vocabulary) is grey, not red"
NOT_RED = {"not_valid", "not_fully_checked"}
_GREY_ROWS = [
    "di-010",
    "ssrf-001",
    "ssrf-003",
    "ssrf-009",
    "ssrf-015",
    "ssrf-019",
    "ssrf-025",
    "ssrf-027",
    "ssrf-031",
    "ssrf-033",
    "ssrf-037",
    "ssrf-039",
    "ssrf-043",
    "ssrf-045",
    "ssrf-047",
    "ssrf-048",
    "ssrf-055",
    "ssrf-058",
    "ssrf-059",
    "ld-025",
]
OVERRULED: dict[str, tuple[int, set[str], str]] = {
    **{id: (200, {"not_fully_checked"}, GREY) for id in _GREY_ROWS},
    **dict.fromkeys(("ssrf-049", "ssrf-050", "ssrf-051", "ssrf-057", "ssrf-060"), (200, NOT_RED, GREY)),
    "json-020": (
        413,
        set(),
        "its 649 kB are beyond the 512 KiB of json-019; fewer bytes are in our own list",
    ),
    "rdfc-005": (
        400,
        set(),
        "more members than JSON may have here: refused one door earlier; fewer in our own list",
    ),
    "ld-024": (200, NOT_RED, f"{GREY}; a credential that is no Open Badge is grey as well"),
    "ld-026": (200, NOT_RED, GREY),
    "di-024": (
        200,
        {"not_fully_checked"},
        "decisions 12: amber needs a status, and this list is the school's",
    ),
    "di-055": (
        200,
        {"not_valid"},
        "standards.md: a subject has an id or an identifier; this one has neither",
    ),
    "di-044": (200, NOT_RED, f"{GREY}: a bit in the name of a vocabulary, a kind or a suite"),
}
"""Rows whose expectation our decisions contradict: id -> (status, the outcomes that are right here, the reason)."""


@dataclass(frozen=True)
class Row:
    """One entry of a list."""

    id: str
    surface: str
    entry: dict[str, Any] = field(repr=False)

    @property
    def expected(self) -> dict[str, Any]:
        found: dict[str, Any] = self.entry["expected"]
        return found


def rows(*surfaces: str) -> list[Row]:
    """The rows for these doors: our own always, the shared list's when it is on this machine."""
    lists = [OWN_LIST] + ([SHARED_LIST] if SHARED_LIST.is_file() else [])
    found: list[Row] = []
    for file in lists:
        for entry in json.loads(file.read_text("utf-8"))["inputs"]:
            if entry["surface"] in surfaces and entry["id"] not in NOT_YET_DUE:
                found.append(Row(entry["id"], entry["surface"], entry))
    return found


def sendings(row: Row, network: Network) -> Iterator[Sent]:
    """What is sent for this row, one after another; each is judged by itself, after it has prepared the network."""
    recipe = RECIPES.get(row.id)
    if recipe is not None:
        yield from recipe(network)
        return
    entry = row.entry
    if entry.get("place"):
        yield _placed(entry["input"], entry["place"], network)
    elif entry.get("literal"):
        yield Sent(entry["input"].encode("utf-8", "surrogatepass"))
    elif entry.get("python_expr"):
        made = eval(
            entry["input"], {"__builtins__": {"range": range}}
        )  # an expression of the list, by its own rule
        yield Sent(made if isinstance(made, bytes) else made.encode())
    elif "ops" in entry:
        yield _changed(entry, network)
    else:
        raise LookupError(f"no recipe for {row.id}: {entry['input']}")


def _changed(entry: dict[str, Any], network: Network) -> Sent:
    document = {"valid_ldp": stage.valid_ldp, "valid_vp": stage.valid_vp}[entry["base"]]()
    for op in entry["ops"]:
        _apply(document, op["op"], op["path"], _value(op.get("value"), document))
    document = _resigned(entry, document, network)
    text = json.dumps(document)
    if "raw_splice" in entry:
        text = text[:-1] + _filled(entry["raw_splice"].partition(": ")[2]) + "}"
    asked = {api.DOMAIN_HEADER: "https://verifier.test"} if entry["base"] == "valid_vp" else {}
    return Sent(text.encode(), headers=asked)


def _resigned(entry: dict[str, Any], document: dict[str, Any], network: Network) -> dict[str, Any]:
    options = dict(document.get("proof") or {}) if entry["resign"] != "none" else {}
    for name in ("type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"):
        options.pop(name, None)
    who = entry["resign"]
    if "public_key_hex" in entry or who == "small_order_key":
        point = bytes.fromhex(entry.get("public_key_hex", "01" + "00" * 31))
        method = stage.multikey_method("weak", point)
        network.pages[stage.DID_URL] = stage.did_document(method)
        identity = b"\x01" + bytes(63)
        return stage.sign(document, method=method["id"], by_hand=lambda _data: identity)
    if who == "none":
        return document
    if who == "holder":
        return stage.sign(document, stage.HOLDER, stage.HOLDER.method, purpose="authentication", **options)
    key, method_id = {
        "issuer": (stage.SCHOOL, stage.METHOD),
        "attacker": (stage.ATTACKER, stage.ATTACKER.method),
        "auth_key": (stage.AUTH, f"{stage.ISSUER}#auth"),
        "old_revoked_key": (stage.OLD, f"{stage.ISSUER}#old"),
    }[who]
    return stage.sign(document, key, method_id, **options)


def _apply(document: Any, op: str, path: str, value: Any) -> None:
    *steps, last = (part.replace("~1", "/") for part in path.removeprefix("/").split("/"))
    target = document
    for step in steps:
        target = target[int(step)] if isinstance(target, list) else target[step]
    if op == "remove":
        del target[last]
    elif isinstance(target, list):
        place = len(target) if last == "-" else int(last)
        target[place : place + (op == "replace")] = [value]
    else:
        target[last] = value


def _value(value: Any, document: dict[str, Any]) -> Any:
    """The values that a list only describes, in pointed brackets or with three dots."""
    if isinstance(value, str):
        return _described(_filled(value), document)
    if isinstance(value, list):
        return [_value(one, document) for one in value]
    if isinstance(value, dict):
        return {name: _value(one, document) for name, one in value.items()}
    return value


def _described(value: str, document: dict[str, Any]) -> Any:
    if value.startswith("<now"):
        amount, unit = int(value[4:-2]), {"d": "days", "h": "hours"}[value[-2]]
        return (stage.NOW + timedelta(**{unit: amount})).strftime("%Y-%m-%dT%H:%M:%SZ")
    if value == "<good>":
        return copy.deepcopy(document["proof"])
    if value in ("<bad sig>", "<bad>"):
        broken = encode_z(bytes(64 * [7]))
        return broken if value == "<bad>" else {**document["proof"], "proofValue": broken}
    if value.startswith("<z + base58"):
        return encode_z(decode_z(document["proof"]["proofValue"]) + b"\0")
    if value.endswith("... 1000x]"):
        return [f"https://contexts.test/{number}" if number else stage.VC2 for number in range(1_000)]
    return value


def _filled(text: str) -> str:
    return text.replace("did:key:zATTACKER", stage.ATTACKER.did)


def _placed(address: str, place: str, network: Network) -> Sent:
    """A badge with a hostile address in one place, signed anew by whoever can sign it so."""
    return Sent(json.dumps(with_address(address, place)).encode())


def with_address(address: str, place: str, *, signed_again: bool = False) -> dict[str, Any]:
    """A badge of the school that names `address`; places that we never fetch are changed after it was signed."""
    document = stage.valid_ldp()
    if place == "did:web host":
        issuer = _did_web(address)
        document["issuer"] = {**document["issuer"], "id": issuer}
        return stage.sign(document, stage.ATTACKER, f"{issuer}#key-1")
    if place == "credentialStatus.statusListCredential":
        document["credentialStatus"]["statusListCredential"] = address
        return stage.sign(document)
    if place == "@context":
        document["@context"].append(address)
    elif place == "evidence.id":
        document["evidence"][0]["id"] = address
    elif place == "achievement.image.id":
        document["credentialSubject"]["achievement"]["image"]["id"] = address
    elif place == "credentialSchema.id":
        document["credentialSchema"][0]["id"] = address
    else:
        raise LookupError(place)
    return stage.sign(document) if signed_again else document


def _did_web(address: str) -> str:
    authority = urlsplit(address).netloc.rpartition("@")[2]
    return "did:web:" + authority.replace(":", "%3A")


@dataclass(frozen=True)
class Got:
    """What our door answered."""

    status: int
    outcome: str
    code: str
    body: dict[str, Any] = field(repr=False)


def complaint(row: Row, got: Got) -> str | None:
    """What is wrong with our answer to this row, in words; None when it is as it should be."""
    expected = row.expected
    if got.status >= 500:
        return f"a failure of ours: {got.status}"
    usual = expected["http"], OUTCOMES.get(expected.get("verdict", ""), set()), ""
    status, outcomes, _reason = OVERRULED.get(row.id, usual)
    if got.status != status:
        return f"answered {got.status} ({got.code}), expected {status}"
    if got.status == 200 and got.outcome not in outcomes:
        return f"{got.outcome} ({got.code}), expected {sorted(outcomes)}"
    wanted = REASONS.get(expected.get("verdict", ""))
    if wanted and got.code != wanted:
        return f"says {got.code}, not {wanted}"
    if row.id not in OVERRULED and got.code not in _codes(row):
        return f"says {got.code}, expected {sorted(_codes(row))}"
    return None


def _codes(row: Row) -> set[str]:
    word = row.expected["code"]
    return CODES_OF_ROWS.get(row.id) or {word} | CODES.get(word, set())
