"""What is written about the library is true: the example in its docstring runs, and the list of steps is the code's."""

import doctest
import re
from pathlib import Path
from typing import Any

from badge_service import openbadges
from badge_service.errors import NotFoundError
from badge_service.openbadges import verification
from badge_service.openbadges.verdict import Check, CheckOutcome

DOCUMENT = Path(openbadges.__file__).parents[2] / "docs" / "verification.md"


def test_the_example_in_the_docstring_runs(new_key: Any) -> None:
    def nobody(url: str) -> Any:
        raise NotFoundError(url)

    found = doctest.testmod(openbadges, extraglobs={"signer": new_key(1), "nobody": nobody})
    assert found.failed == 0 and found.attempted >= 10


def test_the_document_numbers_the_steps_as_the_code_does() -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| (\w+) \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    code = [
        (str(number), id, Check(id, CheckOutcome.PASSED, "").layer.value)
        for number, id in enumerate(verification.CHECKS, 1)
    ]
    assert rows == code


def test_the_modules_number_the_steps_as_the_document_does() -> None:
    room = Path(verification.__file__).parent
    texts = "\n".join(path.read_text("utf-8") for path in room.glob("*.py"))
    assert sorted(map(int, re.findall(r'"""Step (\d+): ', texts))) == list(
        range(1, len(verification.CHECKS) + 1)
    )
