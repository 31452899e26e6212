"""Reaches strangers' servers without being led inside: https only, every address vetted first, no redirects, in time."""

import contextlib
import functools
import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Iterable, Mapping, Sequence

import certifi
from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES  # type: ignore[import-untyped]

from badge_service.errors import BadgeServiceError, UnavailableError

PORT = 443
LONGEST_ADDRESS = 500
_ADDRESS = re.compile(
    r"https://((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9])(?::443)?(/[!-~]*)?",
    re.IGNORECASE,
)
# What neither the standard library nor requests-hardened knows: Azure's inner server, IPv4 dressed as IPv6, old site-local.
_ALSO_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in ("168.63.129.16/32", "::/96", "64:ff9b::/32", "2001::/32", "2002::/16", "fec0::/10")
)


def host_and_path(url: str, own_hosts: Iterable[str] = ()) -> tuple[str, str] | None:
    """Host and path of an address that we may send to: https, a name with a domain, no user, no other port, not ours."""
    found = _ADDRESS.fullmatch(url) if len(url) <= LONGEST_ADDRESS else None
    if found is None or "#" in url or found[1].lower() in {host.lower() for host in own_hosts}:
        return None
    path = found[2] or "/"
    return found[1].lower(), path


def vetted(host: str) -> list[str]:
    """The addresses of `host`, once all of them are public; raises UnavailableError when one is not, or there is none."""
    try:
        found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnavailableError(f"{host} cannot be found.", code="fetch_unresolved") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or not all(is_public(address) for address in addresses):
        raise UnavailableError(f"{host} is not a public address.", code="fetch_refused")
    return addresses


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, as far as anybody can tell from the number."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return not any(
        ip.version == network.version and ip in network
        for network in (*EXTRA_BLOCKED_NET_RANGES, *_ALSO_REFUSED)
    )


@functools.cache
def tls() -> ssl.SSLContext:
    """Whose certificates we believe; read once, as that takes longer than most fetches."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class VettedConnection(http.client.HTTPSConnection):
    """Goes to the addresses that were vetted, and asks the certificate of the name that was meant."""

    def __init__(self, host: str, addresses: Sequence[str], seconds: float) -> None:
        self._tls = tls()
        super().__init__(host, PORT, timeout=seconds, context=self._tls)
        self._addresses = addresses

    def connect(self) -> None:
        last: OSError | None = None
        for address in self._addresses:
            try:
                self.sock = socket.create_connection((address, PORT), self.timeout)
                self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)
            except OSError as error:
                last = error
            else:
                return
        raise last or OSError("no address")


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, own_hosts: Iterable[str] = (), seconds: float = 10
) -> int:
    """The status with which a stranger's server answers a message; raises UnavailableError when it does not in time.

    Of its answer nothing else is read; a redirect is its status and is not followed.
    """
    place = host_and_path(url, own_hosts)
    if place is None:
        raise UnavailableError("We do not send to addresses of this kind.", code="fetch_refused")
    errand = _Message(*place, body, headers, seconds)
    errand.start()
    errand.join(seconds)
    if errand.status is None:
        errand.hang_up()
        raise errand.error or UnavailableError(f"{place[0]} did not answer in time.", code="fetch_slow")
    return errand.status


class _Message(threading.Thread):
    """One message in a thread of its own, since looking up a name cannot be timed otherwise."""

    def __init__(self, host: str, path: str, body: bytes, headers: Mapping[str, str], seconds: float) -> None:
        super().__init__(daemon=True)
        self._host, self._path, self._body, self._headers = host, path, body, headers
        self._seconds, self._over = seconds, False
        self._connection: VettedConnection | None = None
        self.status: int | None = None
        self.error: BadgeServiceError | None = None

    def run(self) -> None:
        """Send, and put the status or the refusal down."""
        try:
            addresses = vetted(self._host)
            if self._over:
                return
            self._connection = VettedConnection(self._host, addresses, self._seconds)
            self._connection.request("POST", self._path, body=self._body, headers=dict(self._headers))
            self.status = self._connection.getresponse().status
        except BadgeServiceError as error:
            self.error = error
        except (OSError, ValueError, http.client.HTTPException) as error:
            self.error = UnavailableError(
                f"{self._host} did not answer: {type(error).__name__}.", code="fetch_failed"
            )
        finally:
            self.hang_up()

    def hang_up(self) -> None:
        """Let go of the connection, whatever it is doing."""
        self._over = True
        held = self._connection.sock if self._connection is not None else None
        if held is not None:
            with contextlib.suppress(OSError):  # already closed by the other side
                held.shutdown(socket.SHUT_RDWR)
        if self._connection is not None:
            self._connection.close()
