"""The page where anybody checks anything: four ways in, nothing lost, nothing stored, never a failure of ours."""

import html
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from badge_service.errors import InvalidError
from badge_service.openbadges import baking
from badge_service.verifier import actions
from badge_service.verifier.actions import Elsewhere
from badge_service.verifier.desk import Desk
from tests.effort import cpu_seconds
from tests.verifier.uploads import png

Photo = Callable[..., bytes]
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>'


@pytest.fixture
def client(client: FlaskClient, app: Any, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Without the rate limit, which one test switches on again."""
    from badge_service.web.limits import limiter

    monkeypatch.setattr(limiter, "enabled", False)
    return client


def upload(client: FlaskClient, data: bytes, name: str = "badge.json") -> Any:
    return client.post("/verify", data={"file": (io.BytesIO(data), name)})


def test_the_page_fills_in_our_own_links_and_no_others(client: FlaskClient, foreign: Any) -> None:
    own = "http://localhost:8000/credentials/Zk3rT8v1QpX5nYb7Lw2c9g"
    assert own in client.get("/verify", query_string={"link": own}).text
    other = client.get("/verify", query_string={"link": "https://evil.test/credentials/aaaaaaaaaaaa"})
    assert other.status_code == 200 and "evil.test" not in re.sub(r'name="next"[^>]*>', "", other.text)
    assert foreign.asked == []


def test_a_pasted_share_link_leads_to_the_badge_page(client: FlaskClient, open_badge: str) -> None:
    answer = client.post("/verify", data={"text": f" http://127.0.0.1:8000/credentials/{open_badge} "})
    assert (answer.status_code, answer.location) == (303, f"/credentials/{open_badge}")


@pytest.mark.parametrize(
    "host", ["http://localhost:8000", "https://localhost:8000", "localhost:8000", "HTTP://LOCALHOST:8000"]
)
@pytest.mark.parametrize(
    "ending", ["", "/", ".json", ".png", ".svg", "/certificate.pdf", "/qr.png", "?lang=bg", "#levels"]
)
def test_every_address_of_an_open_badge_leads_to_its_page(
    client: FlaskClient, open_badge: str, desk: Desk, host: str, ending: str
) -> None:
    link = f"{host}/credentials/{open_badge}{ending}"
    answer = client.post("/verify", data={"text": link})
    assert (answer.status_code, answer.location) == (303, f"/credentials/{open_badge}")
    judged = actions.judge_text(desk, link)
    assert isinstance(judged, actions.Judged) and judged.verdict.outcome.value == "genuine"


@pytest.mark.parametrize(
    "link",
    [
        "http://localhost:8000/v/7K3M-9PQR-4VWX",
        "https://localhost:8000/v/7K3M-9PQR-4VWX/",
        "localhost:8000/v/7K3M-9PQR-4VWX",
        "localhost:8000/v?code=7K3M-9PQR-4VWX",
    ],
)
def test_the_address_with_a_share_code_leads_to_the_badge_page(client: FlaskClient, link: str) -> None:
    answer = client.post("/verify", data={"text": link})
    assert (answer.status_code, answer.location) == (303, "/v/7K3M-9PQR-4VWX")


def test_other_hosts_and_other_pages_of_ours_are_no_share_links(desk: Desk, foreign: Any) -> None:
    for text in (
        "evil.test/v/7K3M-9PQR-4VWX",
        "localhost:8000/catalogue",
        "localhost:8000.evil.test/v/7K3M9PQR4VWX",
    ):
        with pytest.raises(InvalidError):
            actions.judge_text(desk, text)
    assert foreign.asked == []


def test_a_share_code_leads_to_the_badge_page(client: FlaskClient) -> None:
    answer = client.post("/verify", data={"text": "7k3m-9pqr-4vwx"})
    assert (answer.status_code, answer.location) == (303, "/v/7k3m-9pqr-4vwx")


def test_pasted_uploaded_and_baked_badges_get_the_same_verdict(
    client: FlaskClient, own_document: dict[str, Any]
) -> None:
    text = json.dumps(own_document)
    picture = baking.bake_png(png(), text)
    drawing = baking.bake_svg(PICTURE, text).encode()
    pasted = client.post("/verify", data={"text": text})
    for answer in (pasted, *(upload(client, data) for data in (text.encode(), picture, drawing))):
        assert answer.status_code == 200 and "verdict-genuine" in answer.text
    assert upload(client, b"\n  " + text.encode() + b"\n", "x.png").status_code == 200


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_of_our_qr_code_is_judged(
    client: FlaskClient, qr_photo: Photo, open_badge: str, kind: str
) -> None:
    answer = upload(client, qr_photo(f"http://localhost:8000/credentials/{open_badge}", kind), "IMG_1.jpg")
    assert answer.status_code == 200 and "verdict-genuine" in answer.text


def test_a_code_that_leads_elsewhere_is_named_and_not_opened(
    client: FlaskClient, qr_photo: Photo, desk: Desk, foreign: Any
) -> None:
    address = "https://localhost.evil.test/credentials/abcdefghijkl"
    answer = upload(client, qr_photo(address))
    assert answer.status_code == 200 and 'class="vouching-domain">localhost.evil.test<' in answer.text
    assert foreign.asked == []
    assert actions.judge_code(desk, address) == Elsewhere(address, "localhost.evil.test")


def test_a_code_with_our_address_ignores_its_parameters(
    client: FlaskClient, qr_photo: Photo, open_badge: str
) -> None:
    address = f"http://localhost:8000/credentials/{open_badge}?next=//evil.test"
    assert "verdict-genuine" in upload(client, qr_photo(address)).text


@pytest.mark.parametrize("text", ["BEGIN:VCARD", "javascript:alert(1)", "x" * 1200])
def test_codes_of_other_things_are_refused(client: FlaskClient, qr_photo: Photo, text: str) -> None:
    answer = upload(client, qr_photo(text))
    assert answer.status_code == 422 and "This QR code does not lead to a badge." in answer.text


def test_what_was_typed_is_not_lost(client: FlaskClient) -> None:
    answer = client.post("/verify", data={"text": "my badge please <b>"})
    assert answer.status_code == 422
    assert "my badge please &lt;b&gt;</textarea>" in answer.text
    assert client.post("/verify", data={}).status_code == 422


def test_a_file_named_png_that_is_svg_is_read_by_its_content(
    client: FlaskClient, own_document: dict[str, Any]
) -> None:
    drawing = baking.bake_svg(PICTURE, json.dumps(own_document)).encode()
    assert "verdict-genuine" in upload(client, drawing, "badge.png").text


def test_files_beyond_the_limit_are_refused(client: FlaskClient) -> None:
    assert upload(client, b"{" + b" " * (13 * 1024 * 1024)).status_code == 413


def test_the_rows_of_hostile_texts_are_shown_harmless(
    client: FlaskClient, foreign: Any, compose: Any, shared: Path
) -> None:
    inputs = json.loads((shared / "data" / "bad_inputs.json").read_text("utf-8"))["inputs"]
    texts = [row["input"] for row in inputs if row["id"].startswith("xs-") and row.get("literal")]
    assert len(texts) > 10
    for text in texts:
        document = compose()
        achievement = document["credentialSubject"]["achievement"]
        achievement.update(name=text, description=text)
        achievement["criteria"]["narrative"] = text
        document["evidence"][0].update(name=text, narrative=text)
        document["issuer"]["name"] = text
        document["credentialSubject"]["result"] = [{"type": ["Result"], "value": text}]
        page = client.post("/verify", data={"text": json.dumps(foreign.school.sign(document))})
        assert page.status_code == 200 and "verdict-issuer_unknown" in page.text
        assert_harmless(page.text, text)


def assert_harmless(page: str, text: str) -> None:
    main = page[page.index("<main") : page.index("</main>")]
    for tag in re.findall(r"<[a-zA-Z][^>]*>", main):
        assert not re.search(r"\son\w+=|javascript:|vbscript:|style=", tag, re.IGNORECASE), (text, tag)
    assert not re.search(r"<(script|iframe|style|meta|math|svg[^>]*onload|img[^>]*http)", main, re.IGNORECASE)
    assert "49" not in html.unescape(main) or "7*7" not in text or "{{7*7}}" in html.unescape(main)


@pytest.mark.parametrize("text", ["> " * 20_000, "|a|b|\n|-|-|\n" + "|x|y|\n" * 10_000])
def test_long_markdown_does_not_hold_the_page_up(
    client: FlaskClient, foreign: Any, compose: Any, text: str
) -> None:
    document = compose()
    document["credentialSubject"]["achievement"]["criteria"]["narrative"] = text
    signed = json.dumps(foreign.school.sign(document))
    assert client.post("/verify", data={"text": signed}).status_code == 200
    assert cpu_seconds(lambda: client.post("/verify", data={"text": signed})) <= 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=400),
    start=st.sampled_from([b"", b"{", b"\x89PNG\r\n\x1a\n", b"<svg ", b"\xff\xd8\xff"]),
)
def test_no_bytes_make_the_service_fail(client: FlaskClient, data: bytes, start: bytes) -> None:
    assert upload(client, start + data).status_code < 500


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=json_values,
    place=st.sampled_from(
        ["issuer", "credentialSubject", "evidence", "achievement", "alignment", "criteria", "result", "image"]
    ),
)
def test_no_shape_of_a_badge_makes_the_service_fail(
    client: FlaskClient, compose: Any, value: Any, place: str
) -> None:
    document = compose()
    subject = document["credentialSubject"]
    parts = [document, subject, subject["achievement"]]
    owner = next((part for part in parts if place in part), subject["achievement"])
    owner[place] = value
    assert client.post("/verify", data={"text": json.dumps(document)}).status_code < 500


def test_nothing_is_stored_by_checking(client: FlaskClient, world: Any, foreign: Any) -> None:
    from badge_service.storage.tables import Base

    def count() -> dict[str, int]:
        with world.database.reading() as session:
            return {
                table.name: session.scalar(select(func.count()).select_from(table)) or 0
                for table in Base.metadata.sorted_tables
            }

    before = count()
    client.post("/verify", data={"text": json.dumps(foreign.badge())})
    assert count() == before


def test_too_many_checks_are_asked_to_wait(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from badge_service.web.limits import limiter

    monkeypatch.setattr(limiter, "enabled", True)
    answers = [client.post("/verify", data={"text": "x y"}).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]
