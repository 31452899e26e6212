"""Breaks a copy of the code on purpose, one rule at a time, and expects one named test to go red each time."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .breakage import Breakage
from .of_awarding import OF_AWARDING
from .of_judging import OF_JUDGING
from .of_mails import OF_MAILS
from .of_service import OF_SERVICE
from .of_studio import OF_STUDIO

ROOT = Path(__file__).resolve().parents[2]
BREAKAGES = (*OF_JUDGING, *OF_STUDIO, *OF_SERVICE, *OF_AWARDING, *OF_MAILS)


@pytest.fixture(scope="module")
def copy_of_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("broken") / "project"
    for name in ("badge_service", "tests", "schemas", "credentials"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", target)
    (target.parent / "shared").symlink_to((ROOT / ".." / "shared").resolve())
    return target


def outcome(project: Path, *tests: str) -> int:
    command = [sys.executable, "-m", "pytest", "-x", "-n0", "-p", "no:cacheprovider", *tests]
    surroundings = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": ""}
    surroundings.pop("FORBID_SKIPS", None)
    return subprocess.run(command, cwd=project, env=surroundings, capture_output=True, check=False).returncode


def rewrite(file: Path, text: str) -> None:
    """What was compiled from the older text goes too: one as long, of the same second, would pass for it."""
    file.write_text(text)
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()


def is_there(test: str) -> bool:
    path, _, name = test.partition("::")
    tree = ast.parse((ROOT / path).read_text())
    return not name or any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree))


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.name)
def test_what_would_be_broken_and_its_test_are_there(breakage: Breakage) -> None:
    text = (ROOT / "badge_service" / breakage.file).read_text()
    assert text.count(breakage.good) == 1, "the code moved on: say anew what would break it"
    assert is_there(breakage.test), breakage.test


@pytest.mark.slow
def test_unbroken_every_named_test_passes(copy_of_project: Path) -> None:
    assert outcome(copy_of_project, *dict.fromkeys(breakage.test for breakage in BREAKAGES)) == 0


@pytest.mark.slow
@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.name)
def test_a_named_test_notices(copy_of_project: Path, breakage: Breakage) -> None:
    file = copy_of_project / "badge_service" / breakage.file
    text = file.read_text()
    rewrite(file, text.replace(breakage.good, breakage.bad))
    try:
        assert outcome(copy_of_project, breakage.test) == 1
    finally:
        rewrite(file, text)
