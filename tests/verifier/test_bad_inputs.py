"""Every bad input of the lists, sent to our doors: no failure of ours, nothing wrongly green, nobody inside is asked."""

import dataclasses
import io
import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import qrcode
import qrcode.util
from flask import Flask
from flask.testing import FlaskClient

from badge_service.backpack.pages import learner_pages, public_pages
from badge_service.errors import InvalidError
from badge_service.keyring.files import KeyFolder
from badge_service.openbadges import credential
from badge_service.openbadges.verification import Remembered
from badge_service.settings import for_demo
from badge_service.storage.session import Database
from badge_service.verifier import api, fetching, pages
from badge_service.verifier.desk import Tools
from badge_service.verifier.fetching import StrictFetcher
from badge_service.web.limits import limiter
from badge_service.web.shell import init_shell, seal_shell
from badge_service.web.surroundings import use_surroundings
from badge_service.web.viewer import STRANGER, use_viewer_loader
from tests.effort import cpu_seconds_of_all
from tests.verifier import bad_inputs, stage
from tests.verifier.bad_inputs import Got, Row
from tests.verifier.recipes import Sent
from tests.verifier.uploads import UPLOADS, Upload, baked_png

ADDRESS = "/api/v1/verify"
SECONDS = 2.0
"""What one badge may make us fetch here; only rows about slow servers wait so long."""


class Door:
    """The verifying part of the service, with a registry that knows the school alone."""

    def __init__(self, server: Any, folder: Path) -> None:
        self.database = Database(server.new(), clock=lambda: stage.NOW)
        self.app = Flask("bad inputs")
        self.app.config.update(
            SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False, PUBLIC_URL=OWN_PAGE, FOR_TRIAL=True
        )
        self.app.extensions["badge_database"] = self.database
        trusted = folder / "trusted.json"
        trusted.write_text(json.dumps([{"did": stage.ISSUER, "name": stage.ISSUER_NAME}]))
        settings = dataclasses.replace(for_demo(folder), trusted_issuers_file=trusted)
        use_surroundings(self.app, settings, KeyFolder(folder / "keys"))
        init_shell(self.app)
        use_viewer_loader(self.app, lambda: STRANGER)
        for blueprint in (learner_pages, public_pages, pages.blueprint, api.blueprint):
            self.app.register_blueprint(blueprint)
        seal_shell(self.app)
        self.tools: Tools = self.app.extensions["verifier_tools"]
        self.skipped = 0.0
        self.client: FlaskClient = self.app.test_client()

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped

    def forget(self) -> None:
        """A verifier that has seen nothing yet."""
        self.app.extensions["verifier_tools"] = Tools(
            StrictFetcher(monotonic=self.monotonic),
            self.tools.begin_examining,
            self.tools.trusted,
            Remembered(),
        )

    def ask(self, sent: Sent) -> Got:
        if sent.fresh:
            self.forget()
        self.skipped += sent.after_seconds
        answer = self.client.post(ADDRESS, data=sent.body, content_type=sent.kind, headers=sent.headers)
        body = answer.get_json() or {}
        code = body["reason"]["code"] if "reason" in body else str(body.get("code", ""))
        return Got(answer.status_code, str(body.get("outcome", "")), code, body)


@pytest.fixture(scope="module")
def door(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    patching = pytest.MonkeyPatch()
    patching.setattr(limiter, "enabled", False)
    patching.setattr(fetching, "SECONDS", SECONDS)
    patching.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    patching.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    made = Door(server, tmp_path_factory.mktemp("bad-inputs"))
    yield made
    pages.close_sandbox(made.app)
    made.database.close()
    server.clear()
    patching.undo()


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> stage.Network:
    made = stage.Network()
    made.patch(monkeypatch)
    return made


def least_seconds(work: Callable[[], object]) -> float:
    """With what the workers take; one that has to be started first is not there the next time."""
    return min(cpu_seconds_of_all(work) for _ in range(3))


def named(row: Row) -> str:
    return row.id


def test_the_fixtures_are_good(door: Door, network: stage.Network) -> None:
    got = door.ask(Sent(json.dumps(stage.valid_ldp()).encode()))
    assert (got.status, got.outcome) == (200, "genuine"), got.body
    assert network.asked == [("issuer.test", "/.well-known/did.json"), ("issuer.test", "/status/1")]


SENT = [row for row in bad_inputs.rows("verify-api") if row.entry.get("base") != "issue_request"]
"""The others are about signing: test_what_no_signature_would_cover_is_not_signed."""


@pytest.mark.parametrize("row", SENT, ids=named)
def test_bad_inputs_sent_by_programs(door: Door, network: stage.Network, row: Row) -> None:
    for sent in bad_inputs.sendings(row, network):
        before = len(network.connected)
        answers: list[Got] = []
        seconds = cpu_seconds_of_all(lambda sent=sent, answers=answers: answers.append(door.ask(sent)))  # type: ignore[misc]
        got = answers[0]
        if sent.counts:
            for _ in range(2):  # a busy machine takes more of the CPU allowance than the document needs
                got = got if bad_inputs.complaint(row, got) is None else door.ask(sent)
            assert bad_inputs.complaint(row, got) is None, (
                bad_inputs.complaint(row, got),
                sent.body[:300],
                got.body,
            )
            assert seconds < 1 or least_seconds(lambda sent=sent: door.ask(sent)) <= 1  # type: ignore[misc]
        assert len(network.connected) - before <= 8
    assert set(network.connected) <= {stage.PUBLIC_ADDRESS}


@pytest.mark.parametrize(
    "row", [row for row in bad_inputs.rows("verify-api") if row.entry.get("place")], ids=named
)
def test_no_address_in_a_signed_badge_leads_us_inside(door: Door, network: stage.Network, row: Row) -> None:
    """The same hostile addresses, now signed by the school itself: whatever the verdict, nobody there is asked."""
    network.names.update({"public.test": [stage.PUBLIC_ADDRESS], "127.0.0.1.nip.io": ["127.0.0.1"]})
    document = bad_inputs.with_address(row.entry["input"], row.entry["place"], signed_again=True)
    got = door.ask(Sent(json.dumps(document).encode()))
    assert got.status == 200
    assert set(network.connected) <= {stage.PUBLIC_ADDRESS}
    assert {host for host, _path in network.asked} <= {"issuer.test"}


def test_what_no_signature_would_cover_is_not_signed() -> None:
    """ld-003: an undefined word in what the issuer itself is to sign."""
    document = stage.unsigned_badge()
    document["credentialSubject"]["grade"] = "A+"
    with pytest.raises(InvalidError) as caught:
        credential.prepare(document)
    assert {fault.code for fault in caught.value.faults} == {"undefined_term"}


def send(door: Door, upload: Upload) -> Any:
    door.forget()
    return door.client.post("/verify", data=upload.form(), environ_overrides=upload.environ)


@pytest.mark.parametrize("row", bad_inputs.rows("verify-upload"), ids=named)
def test_bad_files_given_by_people(door: Door, network: stage.Network, row: Row) -> None:
    """The page answers 422 with a sentence about whatever is wrong with the file, and 413 beyond the whole limit."""
    upload = UPLOADS[row.id]()
    answers: list[Any] = []
    seconds = cpu_seconds_of_all(lambda: answers.append(send(door, upload)))
    answer = answers[0]
    assert answer.status_code in ({422} if row.expected["http"] != 413 else {413, 422})
    assert "verdict-" not in answer.text
    assert (
        "alert(1)" not in answer.text
        and "root:" not in answer.text
        and "localhost.localdomain" not in answer.text
    )
    assert seconds < 1 or least_seconds(lambda: send(door, upload)) <= 1
    assert network.asked == []


def test_a_good_badge_under_an_odd_name_is_judged(door: Door, network: stage.Network) -> None:
    """The counterpart of up-034: names of files mean nothing, neither good nor bad."""
    answer = send(door, Upload(baked_png(json.dumps(stage.valid_ldp())), "../../x.png"))
    assert answer.status_code == 200 and "verdict-genuine" in answer.text and "../" not in answer.text


OWN_PAGE = "http://localhost:8000"
Photo = Callable[..., bytes]


@pytest.mark.parametrize("id", ["qr-001", "own-foreign-code"])
def test_a_code_on_somebody_elses_host_is_shown_and_not_opened(
    door: Door, network: stage.Network, qr_photo: Photo, id: str
) -> None:
    host = {"qr-001": "localhost.evil.test", "own-foreign-code": "evil.test"}[id]
    address = f"https://{host}/v/7K3M-9PQR-4VWX?from=localhost:8000"
    answer = send(door, Upload(qr_photo(address), "photo.jpg"))
    assert answer.status_code == 200 and "verdict-" not in answer.text
    assert f'class="vouching-domain">{host}<' in answer.text
    assert network.asked == [] and network.connected == []


def test_qr_003_parameters_of_our_own_address_lead_nowhere(
    door: Door, network: stage.Network, qr_photo: Photo
) -> None:
    answer = send(door, Upload(qr_photo(f"{OWN_PAGE}/v/7K3M-9PQR-4VWX?next=//evil.test"), "photo.jpg"))
    assert (answer.status_code, answer.location) == (303, "/v/7K3M-9PQR-4VWX")


def test_qr_004_a_code_full_of_bytes(door: Door, network: stage.Network) -> None:
    bits = random.Random(4).randbytes(2_953)
    drawing = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_L, box_size=4)
    drawing.add_data(qrcode.util.QRData(bits, mode=qrcode.util.MODE_8BIT_BYTE))
    photo = io.BytesIO()
    drawing.make_image().save(photo, "PNG")
    answer = send(door, Upload(photo.getvalue()))
    assert answer.status_code == 422 and "verdict-" not in answer.text


def test_qr_006_a_borrowed_badge_says_whose_it_is(client: FlaskClient, world: Any, open_badge: str) -> None:
    world.with_name(open_badge, "Мира Петрова")
    page = client.get(f"/credentials/{open_badge}").text
    assert "Issued to Мира Петрова: compare with an ID" in page
    assert f"/verify?link=http://localhost:8000/credentials/{open_badge}#recipient" in page
    assert 'name="recipient"' in client.get("/verify").text


def test_qr_007_the_next_address_is_nobodys(client: FlaskClient, open_badge: str) -> None:
    following = open_badge[:-1] + ("B" if open_badge[-1] != "B" else "C")
    assert client.get(f"/credentials/{following}").status_code == 404


def test_qr_010_our_pages_are_in_nobodys_frame(client: FlaskClient, open_badge: str) -> None:
    for address in (f"/credentials/{open_badge}", "/v", "/verify"):
        headers = client.get(address).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_every_row_about_codes_has_its_test() -> None:
    wanted = {row.id.replace("-", "_") for row in bad_inputs.rows("qr")}
    here = " ".join(globals())
    assert {id for id in wanted if f"test_{id}" not in here} <= {"qr_001", "own_foreign_code"}


def test_every_exception_is_about_a_row_that_is_there(shared: Path) -> None:
    """`shared` skips where the longer list is absent, as most exceptions are about its rows."""
    known = {row.id for row in bad_inputs.rows("verify-api", "verify-upload", "qr")}
    assert {*bad_inputs.OVERRULED, *bad_inputs.CODES_OF_ROWS} <= known
    assert not known & bad_inputs.NOT_YET_DUE.keys()
    counts = {surface: len(bad_inputs.rows(surface)) for surface in ("verify-api", "verify-upload", "qr")}
    assert counts == {"verify-api": 158 + 28, "verify-upload": 26 + 3, "qr": 6 + 1}
