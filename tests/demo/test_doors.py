"""The demo signs anybody in, so its page answers on this machine alone."""

from typing import Any

import pytest

pytestmark = pytest.mark.full


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_no_proxy_passes_the_demo_on(played_demo: Any, header: str) -> None:
    client = played_demo.app.test_client()
    assert client.get("/demo", base_url="http://localhost:8000").status_code == 200
    assert (
        client.get("/demo", base_url="http://localhost:8000", headers={header: "1.2.3.4"}).status_code == 404
    )


@pytest.mark.parametrize(
    ("host", "visitor"),
    [("192.0.2.7:8000", "127.0.0.1"), ("evil.example", "127.0.0.1"), ("localhost", "192.0.2.8")],
)
def test_no_other_name_and_no_other_machine_reaches_it(played_demo: Any, host: str, visitor: str) -> None:
    played_demo.app.config["TRUSTED_HOSTS"] = None  # as with --insecure-lan
    answer = played_demo.app.test_client().get(
        "/demo", base_url=f"http://{host}", environ_base={"REMOTE_ADDR": visitor}
    )
    assert answer.status_code == 404
