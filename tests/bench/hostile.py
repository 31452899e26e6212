"""Documents made to cost much, through the sandbox as the service judges them: `python hostile.py` prints what the worst takes.

A process of its own, so that its memory is that of judging alone. Prints a JSON object: `cpu_seconds` of the worst
verification, here and in the worker together, and `megabytes`, the most that this process and its largest worker held.
"""

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from badge_service.errors import NotFoundError
from badge_service.openbadges.did import Fetched
from badge_service.openbadges.verification import verify
from badge_service.verifier.sandbox import Sandbox
from tests.effort import cpu_seconds_of_all
from tests.verifier import stage
from tests.verifier.recipes import RECIPES, clique, many_tags, poison

NETWORK = stage.Network()


def main() -> None:
    sandbox = Sandbox(workers=1)
    verify(
        json.dumps(many_tags(1)), now=stage.NOW, fetch=_published, examine=sandbox.within()
    )  # starts the worker
    worst, name = max((_cost(sandbox, text), name) for name, text in documents())
    sandbox.close()  # the memory of children is known when they ended
    megabytes = sum(
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    sys.stderr.write(f"the most work is {name}\n")
    sys.stdout.write(json.dumps({"cpu_seconds": worst, "megabytes": megabytes / 1024}))


def documents() -> Iterator[tuple[str, str]]:
    """Documents that are within every limit on JSON and cost as much as they can."""
    for name, document in _single().items():
        yield name, json.dumps(document)
    yield from _sent()


def _single() -> dict[str, Any]:
    base = many_tags(1)
    achievement = base["credentialSubject"]["achievement"]
    poisonous = {
        **base,
        "credentialSubject": {
            **base["credentialSubject"],
            "achievement": {**achievement, "related": clique(10)},
        },
    }
    nested: dict[str, Any] = {"type": ["Profile"], "name": "x"}
    for _ in range(14):
        nested = {"type": ["Profile"], "name": "x", "parentOrg": nested}
    return {
        "equal pieces": {**base, "evidence": [{"type": ["Evidence"], "name": "x"}] * 480},
        "different pieces": {**base, "evidence": [{"name": str(number)} for number in range(490)]},
        "too many pieces": {**base, "evidence": [{"name": str(number)} for number in range(1_600)]},
        "long texts": {**base, "name": "x" * 300_000, "description": '"' * 90_000},
        "nested profiles": {**base, "issuer": nested},
        "2,400 tags": many_tags(2_400),
        "480 tags": many_tags(480),
        "2,400 addresses": {**base, "evidence": [f"urn:x:{number}" for number in range(2_400)]},
        "named blank nodes": poisonous,
        "look-alike graphs": poison("a"),
    }


def _sent() -> Iterator[tuple[str, str]]:
    """Those among the bad inputs, as they are sent: in tokens, presentations, and a badge that the school signed."""
    for id in ("own-many-values", "own-many-tokens", "own-many-endorsements", "own-nearly-too-much"):
        for sent in RECIPES[id](NETWORK):
            yield id, sent.body.decode()


def _cost(sandbox: Sandbox, text: str) -> float:
    """The cheaper of two runs: a worker that was ended is started anew within one of them."""

    def judge() -> None:
        verify(text, now=stage.NOW, fetch=_published, examine=sandbox.within())

    return min(cpu_seconds_of_all(judge) for _ in range(2))


def _published(url: str) -> Fetched:
    if url not in NETWORK.pages:
        raise NotFoundError(f"{url} is nowhere.")
    return Fetched(json.dumps(NETWORK.pages[url]).encode(), "application/json")


if __name__ == "__main__":
    main()
