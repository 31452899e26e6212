"""`badge-service verify` in a terminal: a file and a folder of published documents are all it needs."""

import importlib
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from badge_service.cli.verify import verify
from badge_service.openbadges import baking, canonical
from badge_service.openbadges.verification import CHECKS
from badge_service.register.actions import refresh_status_lists, revoke, write_folder
from badge_service.register.rules import RevocationReason
from badge_service.verifier.desk import folder_fetch
from badge_service.verifier.sandbox import Sandbox
from badge_service.web.qr import qr_png

command = importlib.import_module("badge_service.cli.verify")  # the package names the command itself so
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, clock: Any) -> Any:
    """The command, at the moment of the test's own clock, as status lists are good for a week only."""
    import time_machine

    def call(*arguments: object, **options: Any) -> Result:
        with time_machine.travel(clock.now, tick=False):
            return CliRunner().invoke(verify, [str(one) for one in arguments], **options)

    return call


@pytest.fixture
def folder(world: Any, open_badge: str, tmp_path: Path) -> Path:
    write_folder(world.database, tmp_path / "published", "localhost:8000")
    return tmp_path / "published"


@pytest.fixture
def badge(folder: Path, open_badge: str) -> Path:
    return folder / "localhost:8000" / "credentials" / f"{open_badge}.json"


@pytest.fixture
def trust(badge: Path, tmp_path: Path) -> Path:
    issuer = json.loads(badge.read_bytes())["issuer"]
    file = tmp_path / "trusted.json"
    file.write_text(json.dumps([{"did": issuer["id"], "name": issuer["name"], "domain": "localhost:8000"}]))
    return file


def test_a_trusted_badge_is_genuine_without_network_or_database(
    run: Any, folder: Path, badge: Path, trust: Path
) -> None:
    found = run(badge, "--published", folder, "--trust", trust)
    assert found.exit_code == 0
    assert found.output.startswith("GENUINE\n")
    for line in ("localhost:8000", "Friese Vakschool", "No name in this badge", "passed      proof"):
        assert line in found.output


def test_an_unknown_issuer_is_two_unless_any_issuer_will_do(run: Any, folder: Path, badge: Path) -> None:
    assert run(badge, "--published", folder).exit_code == 2
    assert run(badge, "--published", folder, "--any-issuer").exit_code == 0


def test_a_changed_badge_is_one_and_json_tells_everything(
    run: Any, folder: Path, badge: Path, tmp_path: Path
) -> None:
    changed = tmp_path / "changed.json"
    changed.write_text(badge.read_text().replace("Willow Basket", "Willow Casket", 1))
    found = run(changed, "--published", folder, "--json", "--any-issuer")
    verdict = json.loads(found.output)
    assert found.exit_code == 1
    assert (verdict["outcome"], verdict["reason"]["code"]) == ("not_valid", "signature")
    assert [check["id"] for check in verdict["checks"]] == list(CHECKS)


def test_whose_badge_it_is_can_be_asked(
    run: Any, world: Any, open_badge: str, folder: Path, badge: Path, trust: Path
) -> None:
    world.with_name(open_badge, "Мира Петрова")
    write_folder(world.database, folder, "localhost:8000")
    for asked, code, outcome in (
        ("мира петрова", 0, "passed"),
        ("Jan de Boer", 1, "failed"),
        ("mira@school.example", 2, "unknown"),
        (" ", 0, "not_checked"),
    ):
        found = run(badge, "--published", folder, "--trust", trust, "--json", "--recipient", asked)
        ends = {check["id"]: check["outcome"] for check in json.loads(found.output)["checks"]}
        assert (found.exit_code, ends["recipient"]) == (code, outcome)
    refused = run(badge, "--published", folder, "--recipient", "x" * 400)
    assert "not one person" in refused.output


def test_a_document_that_takes_too_long_is_not_fully_checked(
    run: Any, folder: Path, badge: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "Sandbox", partial(Sandbox, cpu_seconds=0.001))
    canonical.forget_shapes()
    found = run(badge, "--published", folder, "--json")
    assert (found.exit_code, json.loads(found.output)["reason"]["code"]) == (2, "examination_stopped")


def test_a_revoked_badge_is_one(
    run: Any, world: Any, open_badge: str, folder: Path, badge: Path, trust: Path
) -> None:
    with world.database.writing() as session:
        revoke(session, open_badge, RevocationReason.WITHDRAWN, actor=None)
    refresh_status_lists(world.database, world.keyring)
    write_folder(world.database, folder, "localhost:8000")
    found = run(badge, "--published", folder, "--trust", trust)
    assert found.exit_code == 1 and "withdrawn" in found.output


def test_a_missing_status_list_is_two(run: Any, folder: Path, badge: Path, trust: Path) -> None:
    for file in folder.rglob("status/*.json"):
        file.unlink()
    found = run(badge, "--published", folder, "--trust", trust)
    assert found.exit_code == 2 and found.output.startswith("COULD NOT BE FULLY CHECKED")


def test_pictures_standard_input_and_photos_of_the_code_do_too(
    run: Any, folder: Path, badge: Path, trust: Path, tmp_path: Path
) -> None:
    options = ("--published", folder, "--trust", trust)
    drawing, code = tmp_path / "badge.svg", tmp_path / "code.png"
    drawing.write_text(baking.bake_svg(PICTURE, badge.read_text()))
    code.write_bytes(qr_png(f"http://localhost:8000/credentials/{badge.stem}"))
    assert run(drawing, *options).exit_code == 0
    assert run(code, *options).exit_code == 0
    assert run("-", *options, input=badge.read_bytes()).exit_code == 0


def test_a_link_is_asked_whether_it_is_an_argument_or_comes_in(
    run: Any, folder: Path, badge: Path, trust: Path, tmp_path: Path
) -> None:
    options = ("--published", folder, "--trust", trust)
    link = f"http://localhost:8000/credentials/{badge.stem}"
    written = tmp_path / "link.txt"
    written.write_text(f"{link}\n")
    assert run(link, *options).exit_code == 0
    assert run(f"{link}.json", *options).exit_code == 0
    assert run(written, *options).exit_code == 0
    assert run("-", *options, input=link.encode()).exit_code == 0


@pytest.mark.parametrize(
    "link",
    [
        "http://localhost:8000/credentials/aaaaaaaaaaaaaaaaaaaaaa",
        "https://badges.example.org/credentials/aaaaaaaaaaaaaaaaaaaaaa",
        "http://badges.example.org/x",
    ],
)
def test_a_link_that_could_not_be_looked_at_is_two_and_never_not_valid(
    run: Any, folder: Path, link: str
) -> None:
    for found in (run(link, "--published", folder), run("-", "--published", folder, input=link.encode())):
        assert found.exit_code == 2
        assert found.output.startswith("COULD NOT BE FULLY CHECKED") and "NOT VALID" not in found.output
    told = json.loads(run(link, "--published", folder, "--json").output)
    assert told["outcome"] == "not_fully_checked" and told["reason"]["code"].startswith("link_")


def test_a_file_that_is_not_there_is_a_usage_error(run: Any, tmp_path: Path) -> None:
    found = run(tmp_path / "nothing.json")
    assert found.exit_code == 2 and "does not exist" in found.output  # the program makes it 64
    assert run(tmp_path).exit_code == 2


def test_a_host_folder_may_be_percent_encoded(run: Any, folder: Path, badge: Path, trust: Path) -> None:
    (folder / "localhost:8000").rename(folder / "localhost%3A8000")
    moved = folder / "localhost%3A8000" / "credentials" / badge.name
    assert run(moved, "--published", folder, "--trust", trust).exit_code == 0


def test_what_is_no_badge_is_not_valid_and_wrong_options_are_usage_errors(
    run: Any, tmp_path: Path, folder: Path, badge: Path
) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("Dear school")
    assert run(text, "--published", folder).exit_code == 1
    text.write_text("[3]")
    wrong = run(badge, "--published", folder, "--trust", text)
    assert wrong.exit_code == 2 and "entry 1" in wrong.output  # click's own code; the program makes it 64


def test_a_badge_cannot_steer_the_terminal(run: Any, folder: Path, badge: Path, tmp_path: Path) -> None:
    document = json.loads(badge.read_bytes())
    document["issuer"]["name"] = "School\x1b[2J\x07"
    file = tmp_path / "steering.json"
    file.write_text(json.dumps(document))
    output = run(file, "--published", folder).output
    assert "\x1b" not in output and "\x07" not in output and "School" in output


def test_the_folder_is_never_left(folder: Path, tmp_path: Path) -> None:
    from badge_service.errors import BadgeServiceError

    (tmp_path / "secret.json").write_text("{}")
    fetch = folder_fetch(folder)
    for url in (
        "http://localhost:8000/../../secret.json",
        "http://../secret.json",
        "http://%2e%2e/secret.json",
        "file://localhost:8000/credentials",
        "http:///secret.json",
    ):
        with pytest.raises(BadgeServiceError):
            fetch(url)
