"""The strict fetcher never reaches inside: nothing here leaves this machine, names and connections are patched."""

import contextlib
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from badge_service.errors import NotFoundError, UnavailableError
from badge_service.openbadges import did
from badge_service.verifier import actions, fetching, rules
from badge_service.verifier.desk import Desk
from badge_service.verifier.fetching import StrictFetcher, fresh_seconds
from badge_service.web import outward
from badge_service.web.outward import is_public, vetted

Resolve = Callable[..., list[Any]]


class Network:
    """What names lead to, and what was connected to (nothing is, unless `server` makes a socket)."""

    def __init__(self) -> None:
        self.names: dict[str, list[str]] = {}
        self.connected: list[tuple[str, int]] = []
        self.resolved: list[str] = []

    def getaddrinfo(self, host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        self.resolved.append(host)
        try:
            addresses = self.names.get(host) or [str(ipaddress.ip_address(host))]
        except ValueError:
            raise socket.gaierror(-2, "Name or service not known") from None
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def create_connection(self, address: tuple[str, int], *args: Any, **kwargs: Any) -> Any:
        self.connected.append(address)
        raise ConnectionRefusedError("no connections in tests")


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    made = Network()
    monkeypatch.setattr(socket, "getaddrinfo", made.getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", made.create_connection)
    yield made


def rows(shared: Path, surface: str) -> list[dict[str, Any]]:
    inputs = json.loads((shared / "data" / "bad_inputs.json").read_text("utf-8"))["inputs"]
    return [row for row in inputs if row["id"].startswith(surface)]


def test_every_hostile_address_is_refused_without_a_connection(network: Network, shared: Path) -> None:
    literal = [row["input"] for row in rows(shared, "ssrf-") if row.get("literal")]
    assert len(literal) > 30
    network.names = {"public.test": ["93.184.216.34"], "127.0.0.1.nip.io": ["127.0.0.1"]}
    fetch = StrictFetcher().within(2)
    for address in literal:
        over_https = "https://" + address.partition("//")[2]
        for url in (address, over_https, address.replace("http:", "https:")):
            allowed_path = url.startswith("https://public.test/")
            with pytest.raises((UnavailableError, NotFoundError)):
                fetch(url)
            assert allowed_path or not network.connected, url


@pytest.mark.parametrize(
    "host", ["127.0.0.1%3A5432", "localhost", "127.0.0.1", "10.0.0.8", "a.test%0d%0aX: y"]
)
def test_issuers_inside_are_not_asked(network: Network, host: str) -> None:
    fetch = StrictFetcher().within(2)
    try:
        url = did.document_url(f"did:web:{host}")
    except did.CannotResolve:
        return
    with pytest.raises(UnavailableError):
        fetch(url)
    assert network.connected == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "169.254.169.254", "168.63.129.16", "100.64.0.1", "198.18.0.1", "224.0.0.1",
        "0.0.0.0", "192.0.0.8", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "fec0::1",
        "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "no address",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_open_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_addresses_of_the_open_internet(address: str) -> None:
    assert is_public(address)


def test_one_inner_address_among_public_ones_is_enough_to_refuse(network: Network) -> None:
    network.names = {"mixed.test": ["93.184.216.34", "::1"]}
    with pytest.raises(UnavailableError):
        vetted("mixed.test")


def test_the_connection_goes_to_the_vetted_address_and_the_name_is_looked_up_once(network: Network) -> None:
    network.names = {"issuer.test": ["93.184.216.34"]}
    with pytest.raises(UnavailableError):
        StrictFetcher().within(2)("https://issuer.test/did.json")
    assert network.connected == [("93.184.216.34", 443)]
    assert network.resolved == ["issuer.test"]


def test_our_own_host_is_never_asked_over_the_network(network: Network) -> None:
    network.names = {"badges.example.org": ["93.184.216.34"]}
    with pytest.raises(UnavailableError):
        StrictFetcher(own_hosts=["badges.example.org"]).within(2)("https://BADGES.example.org/x.json")
    assert network.resolved == [] and network.connected == []


def serve(monkeypatch: pytest.MonkeyPatch, answer: bytes, *, drip: float = 0.0) -> list[bytes]:
    """Let connections end in this process: a socket pair whose other end says `answer` (TLS left out)."""
    asked: list[bytes] = []

    def connect(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        ours, theirs = socket.socketpair()

        def reply() -> None:
            asked.append(theirs.recv(65536))
            try:
                if drip:
                    for byte in answer:
                        theirs.sendall(bytes([byte]))
                        time.sleep(drip)
                else:
                    theirs.sendall(answer)
            except OSError:
                return
            theirs.close()

        threading.Thread(target=reply, daemon=True).start()
        return ours

    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, *a, **k: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))],
    )
    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", lambda self, sock, **kwargs: sock)
    return asked


def http(status: str, body: bytes = b"{}", *headers: str) -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers])
    return head.encode() + b"\r\n\r\n" + body


def test_a_good_answer_is_fetched_without_cookies_and_kept_for_five_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = serve(monkeypatch, http("200 OK", b'{"a": 1}', "Content-Type: application/json; charset=utf-8"))
    at = [0.0]
    fetcher = StrictFetcher(monotonic=lambda: at[0])
    for moment, times in ((0.0, 1), (299.0, 1), (301.0, 2)):
        at[0] = moment
        found = fetcher.within(5)("https://issuer.test/did.json?x=1")
        assert (found.body, found.media_type) == (b'{"a": 1}', "application/json")
        assert len(asked) == times
    request = asked[0].decode()
    assert request.startswith("GET /did.json?x=1 HTTP/1.1\r\n") and "Host: issuer.test\r\n" in request
    assert "Accept: application/json\r\n" in request and "cookie" not in request.lower()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (http("302 Found", b"", "Location: http://169.254.169.254/"), UnavailableError),
        (http("404 Not Found"), NotFoundError),
        (http("410 Gone"), NotFoundError),
        (http("500 Oops"), UnavailableError),
        (http("200 OK", b"x" * (256 * 1024 + 1)), UnavailableError),
        (http("200 OK", b"\x1f\x8b", "Content-Encoding: gzip"), UnavailableError),
        (b"nonsense\r\n\r\n", UnavailableError),
        (b"", UnavailableError),
    ],
)
def test_other_answers_are_refused(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, error: type[Exception]
) -> None:
    asked = serve(monkeypatch, answer)
    with pytest.raises(error):
        StrictFetcher().within(5)("https://issuer.test/x.json")
    assert len(asked) == 1


def test_a_server_that_drips_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, http("200 OK", b"x" * 4000), drip=0.02)
    begun = time.monotonic()
    with pytest.raises(UnavailableError) as caught:
        StrictFetcher().within(0.5)("https://issuer.test/x.json")
    assert caught.value.code == "fetch_slow"
    assert time.monotonic() - begun < 10  # the whole drip would take eighty seconds


def test_a_name_server_that_never_answers_costs_a_badge_at_most_its_allowance(
    monkeypatch: pytest.MonkeyPatch, foreign: Any, desk: Desk
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: time.sleep(20) or [])
    from dataclasses import replace

    fetcher = StrictFetcher()
    begun = time.monotonic()
    patient = replace(desk, begin=lambda: fetcher.within(0.5))
    verdict = actions.judge(patient, json.dumps(foreign.badge())).verdict
    assert verdict.outcome.value == "not_fully_checked"
    assert time.monotonic() - begun < 5


def test_typed_hosts_are_asked_in_plain_letters() -> None:
    assert rules.https_address(" https://bücher.example/a#b ") == "https://xn--bcher-kva.example/a"
    for wrong in ("ftp://a.example", "https://", "https://a.example:22/", "https://u@a.example/", "nonsense"):
        assert rules.https_address(wrong) is None


@pytest.mark.parametrize(
    ("cache_control", "body", "seconds"),
    [
        ("", b"{}", 300),
        ("max-age=60", b"{}", 60),
        ("public, MAX-AGE=60", b"{}", 60),
        ("max-age=999999", b"{}", 3600),
        ("no-store", b"{}", 0),
        ("private, no-cache, max-age=60", b"{}", 0),
        ("", b'{"type":"BitstringStatusList","ttl": 30000}', 30),
        ("max-age=600", b'{"type":"BitstringStatusList","ttl":"30000"}', 30),
        ("max-age=10", b'{"type":"BitstringStatusList","ttl":30000}', 10),
        ("max-age=-1", b"{}", 300),
        ("", b'{"ttl":1}', 300),
    ],
)
def test_answers_are_kept_as_long_as_they_say_within_limits(
    cache_control: str, body: bytes, seconds: float
) -> None:
    assert fresh_seconds(cache_control, body) == seconds


def test_a_good_answer_is_asked_for_again_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, now = serve(monkeypatch, http("200 OK", b"{}", "Cache-Control: max-age=60")), [0.0]
    fetcher = StrictFetcher(monotonic=lambda: now[0])
    for moment, times in ((0, 1), (59, 1), (61, 2)):
        now[0] = moment
        fetcher.within(5)("https://issuer.test/x.json")
        assert len(asked) == times


@pytest.mark.parametrize(
    ("answer", "error"), [("404 Not Found", NotFoundError), ("500 Oops", UnavailableError)]
)
def test_a_refusal_is_kept_for_some_seconds(
    monkeypatch: pytest.MonkeyPatch, answer: str, error: type[Exception]
) -> None:
    asked, now = serve(monkeypatch, http(answer)), [0.0]
    fetcher = StrictFetcher(monotonic=lambda: now[0])
    for moment, times in ((0, 1), (14, 1), (16, 2)):
        now[0] = moment
        with pytest.raises(error):
            fetcher.within(5)("https://issuer.test/x.json")
        assert len(asked) == times


def test_what_is_kept_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, http("200 OK", b"x" * 250_000))
    fetcher = StrictFetcher()
    for number in range(70):
        fetcher.within(5)(f"https://issuer.test/{number}")
    assert fetcher._bytes_kept <= 16 * 1024 * 1024
    assert fetcher._bytes_kept == sum(kept.size for kept in fetcher._kept.values())


def test_what_its_server_forbids_to_keep_is_asked_for_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = serve(monkeypatch, http("200 OK", b"{}", "Cache-Control: no-store"))
    fetcher = StrictFetcher(monotonic=lambda: 0.0)
    for times in (1, 2):
        fetcher.within(5)("https://issuer.test/x.json")
        assert len(asked) == times


def test_all_addresses_of_one_badge_share_their_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, http("200 OK", b"{}"), drip=0.01)  # each takes most of a second
    now = [0.0]
    fetch = StrictFetcher(monotonic=lambda: now[0]).within(60)
    assert fetch("https://issuer.test/1").body == b"{}"
    now[0] = 61.0
    with pytest.raises(UnavailableError) as caught:
        fetch("https://issuer.test/2")
    assert caught.value.code == "fetch_slow"


@pytest.fixture
def all_is_over() -> Callable[[], bool]:
    """Waits until no fetch runs any more that this test began, at most some seconds; whether it came to that."""
    older = set(threading.enumerate())

    def wait() -> bool:
        ends = time.monotonic() + 15
        while time.monotonic() < ends:
            if not any(type(thread) is fetching._Errand for thread in set(threading.enumerate()) - older):
                return True
            time.sleep(0.02)
        return False

    return wait


def test_nothing_is_left_of_a_fetch_that_nobody_waits_for(
    monkeypatch: pytest.MonkeyPatch, all_is_over: Callable[[], bool]
) -> None:
    serve(monkeypatch, http("200 OK", b"x" * 4000), drip=0.02)  # eighty seconds
    with pytest.raises(UnavailableError):
        StrictFetcher().within(0.2)("https://issuer.test/x.json")
    assert all_is_over()


def test_a_name_found_too_late_is_not_connected_to(
    network: Network, monkeypatch: pytest.MonkeyPatch, all_is_over: Callable[[], bool]
) -> None:
    network.names = {"issuer.test": ["93.184.216.34"]}
    found = threading.Event()

    def slowly(*args: Any, **kwargs: Any) -> list[Any]:
        found.wait(10)
        return network.getaddrinfo(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    with pytest.raises(UnavailableError) as caught:
        StrictFetcher().within(0.05)("https://issuer.test/x.json")
    running = [thread for thread in threading.enumerate() if type(thread) is fetching._Errand]
    assert running and all(thread.daemon for thread in running)  # nobody who stops waits for it
    found.set()
    assert all_is_over()
    assert caught.value.code == "fetch_slow" and network.resolved == ["issuer.test"]
    assert network.connected == []


def test_only_so_many_addresses_are_asked_at_once(
    monkeypatch: pytest.MonkeyPatch, all_is_over: Callable[[], bool]
) -> None:
    answers = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: answers.wait(10) and [])
    fetcher = StrictFetcher()
    for number in range(16):
        with pytest.raises(UnavailableError) as caught:
            fetcher.within(0.02)(f"https://issuer.test/{number}")
        assert caught.value.code == "fetch_slow"
    with pytest.raises(UnavailableError) as caught:
        fetcher.within(0.02)("https://issuer.test/16")
    assert caught.value.code == "fetch_busy"
    answers.set()
    assert all_is_over()
    with pytest.raises(UnavailableError) as caught:
        fetcher.within(5)("https://issuer.test/16")
    assert caught.value.code == "fetch_refused"  # asked, and found nowhere


class Tls:
    """A server in this process with a certificate for `issuer.test`, and the authority that issued it."""

    def __init__(self, folder: Path) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuer.test")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("issuer.test")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.file = folder / "issuer.test.pem"
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self.file.write_bytes(private + certificate.public_bytes(Encoding.PEM))

    def connect(self, address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        ours, theirs = socket.socketpair()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)

        def reply() -> None:
            with contextlib.suppress(OSError), context.wrap_socket(theirs, server_side=True) as held:
                held.recv(65536)
                held.sendall(http("200 OK", b"{}"))

        threading.Thread(target=reply, daemon=True).start()
        return ours


@pytest.mark.parametrize(
    ("host", "is_believed", "is_fetched"),
    [("issuer.test", True, True), ("other.test", True, False), ("issuer.test", False, False)],
)
def test_a_server_must_show_a_certificate_of_its_name_by_somebody_whom_we_believe(
    network: Network,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    host: str,
    is_believed: bool,
    is_fetched: bool,
) -> None:
    tls = Tls(tmp_path)
    network.names = {host: ["93.184.216.34"]}
    monkeypatch.setattr(socket, "create_connection", tls.connect)
    if is_believed:
        monkeypatch.setattr(certifi, "where", lambda: str(tls.file))
    outward.tls.cache_clear()
    try:
        fetch = StrictFetcher().within(10)
        if is_fetched:
            assert fetch(f"https://{host}/x.json").body == b"{}"
            return
        with pytest.raises(UnavailableError) as caught:
            fetch(f"https://{host}/x.json")
        assert "SSLCertVerificationError" in caught.value.message
    finally:
        outward.tls.cache_clear()


def test_the_next_vetted_address_is_tried_when_one_does_not_answer(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.names = {"issuer.test": ["93.184.216.34", "93.184.216.35", "93.184.216.35"]}
    with pytest.raises(UnavailableError) as caught:
        StrictFetcher().within(2)("https://issuer.test/x.json")
    assert network.connected == [("93.184.216.34", 443), ("93.184.216.35", 443)]
    assert "ConnectionRefusedError" in caught.value.message


def test_an_answer_of_the_largest_size_is_good_and_a_plain_address_is_asked_plainly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = serve(monkeypatch, http("200 OK", b"x" * fetching.MAX_BYTES))
    assert len(StrictFetcher().within()("https://issuer.test/x.json").body) == fetching.MAX_BYTES
    assert asked[0].startswith(b"GET /x.json HTTP/1.1\r\n")
