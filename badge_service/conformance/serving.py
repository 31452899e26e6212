"""Runs the door on this machine: plain http, and https with a certificate made now for the status lists that need it."""

import datetime
import ipaddress
import json
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from badge_service.conformance.app import create_app, directory, fresh_door
from badge_service.errors import ConflictError, UnavailableError

DIRECTORY_FILE, CERTIFICATE_FILE = "door.json", "certificate.pem"
_OURS = frozenset({DIRECTORY_FILE, CERTIFICATE_FILE})
_LIFE = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Listening:
    """A door that answers: at `address`, and with `tls` at `secure_address`; `certificate` is its PEM text."""

    address: str
    secure_address: str = ""
    certificate: str = ""

    def describe(self, folder: Path, offered: dict[str, object]) -> None:
        """Write into `folder` what a driver of test suites needs to know; see `check_folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / CERTIFICATE_FILE).write_text(self.certificate)
        text = json.dumps(
            {"address": self.address, "secureAddress": self.secure_address, **offered}, indent=1
        )
        (folder / DIRECTORY_FILE).write_text(text)


def check_folder(folder: Path) -> None:
    """The door is never beside stored keys: raises ConflictError for a folder that holds anything but its own files."""
    others = (
        sorted(entry.name for entry in folder.iterdir() if entry.name not in _OURS) if folder.is_dir() else []
    )
    if others:
        raise ConflictError(
            f"The folder {folder.name} holds {', '.join(others[:5])}.",
            code="folder_in_use",
            hint="The door for test suites is never beside a service's data or keys: name a new or empty folder.",
        )


@contextmanager
def listening(
    host: str, port: int, tls_port: int | None = None
) -> Iterator[tuple[Listening, dict[str, object]]]:
    """A door with fresh keys, and what it offers, while the block runs; port 0 is any free one.

    Raises UnavailableError when a port is taken.
    """
    key, certificate = _certificate(host)
    plain = _server(host, port)
    servers = [plain]
    address = f"http://{host}:{plain.server_port}"
    secure_address = ""
    if tls_port is not None:
        secure = _server(host, tls_port, _context(key, certificate))
        servers.append(secure)
        secure_address = f"https://{host}:{secure.server_port}"
    door = fresh_door(secure_address or address)
    app = create_app(door)
    for server in servers:
        server.app = app
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Listening(address, secure_address, certificate.decode()), directory(door)
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


class _Quiet(WSGIRequestHandler):
    """Tells nothing of good requests: a suite asks hundreds of them."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def _server(host: str, port: int, context: ssl.SSLContext | None = None) -> BaseWSGIServer:
    try:
        return make_server(host, port, _not_yet, threaded=True, ssl_context=context, request_handler=_Quiet)
    except (OSError, SystemExit) as error:
        raise UnavailableError(
            f"Port {port} is taken.", code="port.busy", hint="Choose another one."
        ) from error


def _not_yet(_environment: object, start_response: object) -> list[bytes]:
    raise RuntimeError("no request is answered before the door is made")


def _certificate(host: str) -> tuple[bytes, bytes]:
    """A key and a self-signed certificate for `host`, both in PEM; good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "badge-service conformance")])
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    try:
        names.append(x509.IPAddress(ipaddress.ip_address(host)))
    except ValueError:
        names.append(x509.DNSName(host))
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, certificate.public_bytes(serialization.Encoding.PEM)


def _context(key: bytes, certificate: bytes) -> ssl.SSLContext:
    """Python's ssl reads files alone: they are there for this moment, in a folder that only this user can read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        key_file, certificate_file = Path(folder) / "key.pem", Path(folder) / "certificate.pem"
        key_file.write_bytes(key)
        certificate_file.write_bytes(certificate)
        context.load_cert_chain(certificate_file, key_file)
    return context
