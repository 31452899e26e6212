"""The installed wheel carries all it needs: in an empty folder, without the checkout, it plays the whole demo."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(CHECKOUT),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_it_carries_everything_that_is_no_code(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    missing = []
    for ending in ("html", "css", "js", "svg", "typ", "po", "mako"):
        here = (CHECKOUT / "badge_service").rglob(f"*.{ending}")
        missing += [str(file.relative_to(CHECKOUT)) for file in here]
    for folder in ("schemas", "credentials"):
        files = (file for file in (CHECKOUT / folder).rglob("*") if file.is_file())
        missing += [f"badge_service/_data/{file.relative_to(CHECKOUT)}" for file in files]
    assert len(missing) > 100
    assert sorted(set(missing) - inside) == []
    assert not [
        name for name in inside if name.endswith(".pem") or name.startswith(("tests/", "var/", "keys/"))
    ]


def test_it_plays_the_demo_in_an_empty_folder(wheel: Path, tmp_path: Path, shell) -> None:
    """Dependencies come from this environment: only the wheel itself is installed, so that no network is needed."""
    site = tmp_path / "site"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True)
    shell.folder = tmp_path / "empty"
    shell.folder.mkdir()
    where = subprocess.run(
        [sys.executable, "-c", "import badge_service; print(badge_service.__file__)"],
        env=shell.environment | {"PYTHONPATH": str(site)},
        cwd=shell.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(site))
    done = shell.run("demo", "--no-serve", "--json", PYTHONPATH=str(site))
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["counts"]["badges_awarded"] == 22
    assert summary["counts"]["definitions"] == 18
    assert Path(summary["example"]["png"]).stat().st_size > 1_000
