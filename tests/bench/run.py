"""`make bench`: prints `name value unit aim` for each measured figure; everything else goes to standard error.

Only ratios taken in one run count. The floor is what no implementation can do without: two SHA-256 digests and one
Ed25519 operation on the same document. Each part lies in a module of its own beside this one.
"""

import sys
import tempfile
from pathlib import Path

import awarding
import lists
import searching
import serving
import signing
import verifying
import workshops


def main() -> None:
    signing.measure(_tell)
    verifying.measure(_tell)
    with tempfile.TemporaryDirectory() as folder:
        place = awarding.measure(Path(folder), _tell, _say)
        serving.measure(Path(folder), place, _tell, _say)
        place.database.close()
        lists.measure(Path(folder) / "lists", _tell, _say)
        workshops.measure(Path(folder) / "workshops", _tell, _say)
        searching.measure(Path(folder), _tell)


def _tell(name: str, value: float, unit: str, aim: str) -> None:
    sys.stdout.write(f"{name} {value:.4g} {unit} {aim}\n")
    sys.stdout.flush()


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    main()
