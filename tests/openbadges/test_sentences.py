"""Every code that a verdict can carry has a sentence, in words that a twelve-year-old reads."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from badge_service import openbadges
from badge_service.openbadges.sentences import SENTENCES, sentence

ROOM = Path(openbadges.__file__).parent
SPEAKING = [
    *(ROOM / "verification").glob("*.py"), *(ROOM / "proofs").glob("*.py"), *(ROOM / "did").glob("*.py"),
    *(ROOM / f"{name}.py" for name in ("carrier", "baking", "strict_json", "canonical", "contexts", "public_key",
                                       "multibase", "bitstring_status_list", "rdf_canonicalization")),
]  # fmt: skip
NOT_IN_VERDICTS = {
    "date",
    "pointer",
    "already_baked",
    "empty",
    "bad_signature",
    "fetch_budget",
    "jwt_algorithm",
}
ENDINGS = {"passed", "failed", "unknown", "not_checked", "ended"}


def _codes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        found: list[ast.AST | None] = []
        if isinstance(node, ast.Call):
            found = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            name = getattr(node.func, "id", "")
            place = (
                1
                if name in ENDINGS
                else 2
                if name == "Fault"
                else 0
                if name in ("Remark", "Holder")
                else None
            )
            if place is not None and len(node.args) > place:
                found.append(node.args[place])
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
            found = [node.value]
        elif isinstance(node, ast.FunctionDef) and node.name == "_options_fault":
            found = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return)]
        for value in found:
            for constant in [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]:
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str) and constant.value:
                    yield constant.value


def test_every_code_has_a_sentence() -> None:
    codes = {code for path in SPEAKING for code in _codes(ast.parse(path.read_text("utf-8")))}
    assert len(codes) > 80
    assert codes - NOT_IN_VERDICTS - SENTENCES.keys() == set()


def test_sentences_are_short_and_end_as_sentences_do() -> None:
    for code, text in SENTENCES.items():
        assert text.endswith((".", "%(reason)s")), code
        assert all(len(part.split()) <= 26 for part in re.split(r"[.:]", text)), code


def test_params_are_filled_in() -> None:
    assert sentence("expired", {"date": "2026-11-21"}) == "This badge expired on 2026-11-21."
