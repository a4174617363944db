"""Getting what lies behind a web address that somebody typed, and nothing behind a wall.

A name is resolved here, every address it has is checked, and the connection goes to the
checked address itself: what the name says a moment later changes nothing. Each redirect is
checked in the same way. No proxies, cookies or credentials are used.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from knowledge_base.readers.limits import ADDRESS_BYTES, ADDRESS_SECONDS, REDIRECTS
from knowledge_base.readers.reading import Refused

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection
    from urllib3.response import BaseHTTPResponse

__all__ = ["Fetched", "Resolver", "fetch", "resolve"]

Resolver = Callable[[str, int], Sequence[str]]  # name and port to IP addresses

_AGENT = "Mailwright (reads one page that a user named)"
_REDIRECTED = (301, 302, 303, 307, 308)
_CHUNK = 65_536
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Fetched:
    address: str  # where it was found, after redirects
    content_type: str  # "text/html", lower case; "" where the server said none
    charset: str
    data: bytes


def resolve(name: str, port: int) -> Sequence[str]:
    """The addresses of a name, by the system's resolver. Raises OSError for none."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    address: str,
    *,
    resolver: Resolver = resolve,
    allow_loopback: bool = False,
    tls: ssl.SSLContext | None = None,
    limit_bytes: int = ADDRESS_BYTES,
    limit_seconds: float = ADDRESS_SECONDS,
) -> Fetched:
    """What a GET of `address` answers.

    Args:
        address: http or https, without credentials.
        allow_loopback: for tests only: a server on this machine may be asked.
        tls: instead of the system's trusted certificates.

    Raises:
        Refused: the address is not one of a public server, the server does not answer with
            success, more than `REDIRECTS` redirects, or a limit.
    """
    until = time.monotonic() + limit_seconds
    for _ in range(REDIRECTS + 1):
        parts = _checked(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        name = (parts.hostname or "").rstrip(".")
        host = _address_of(name, port, resolver, allow_loopback, until)
        with _answer(parts, host, port, name, tls, until, limit_seconds) as response:
            location = response.headers.get("Location", "")
            if response.status in _REDIRECTED and location:
                address = urljoin(address, location)
                continue
            if response.status != 200:
                raise Refused(0, f"the server answers {response.status}; check the address")
            data = _body(response, limit_bytes)
            kind, charset = _content_type(response.headers.get("Content-Type", ""))
            return Fetched(address, kind, charset, data)
    raise Refused(0, f"more than {REDIRECTS} redirects; give the address that it leads to")


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Refused(0, "not a web address; give one such as https://example.com/page") from error
    if parts.scheme not in ("http", "https"):
        raise Refused(0, "only http and https addresses are read; save the file and add it")
    if parts.username is not None or parts.password is not None:
        raise Refused(0, "addresses with a user name or password are not read; save the file")
    if not parts.hostname or port == 0 or any(ord(char) < 33 for char in address):
        raise Refused(0, "not a web address; give one such as https://example.com/page")
    return parts


def _address_of(
    name: str, port: int, resolver: Resolver, allow_loopback: bool, until: float
) -> str:
    """One address of the name, all of which must be those of public servers."""
    try:
        ascii_name = name if ":" in name else name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Refused(0, "the host's name is not valid; check the address") from error
    found = _resolved(ascii_name, port, resolver, until)
    if not found:
        raise Refused(0, "the host's name is not known; check the address")
    for text in found:
        try:
            ip = ipaddress.ip_address(text.partition("%")[0])
        except ValueError as error:
            raise Refused(0, "the host's name is not known; check the address") from error
        if not (_is_public(ip) or (allow_loopback and ip.is_loopback)):
            raise Refused(
                0, "leads into a private or reserved network, which is not read; save the file"
            )
    return found[0]


def _resolved(name: str, port: int, resolver: Resolver, until: float) -> Sequence[str]:
    """In a thread, because the system's resolver takes as long as it likes."""
    found: list[Sequence[str]] = []

    def work() -> None:
        with suppress(OSError, UnicodeError):
            found.append(resolver(name, port))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(max(0.0, until - time.monotonic()))
    if thread.is_alive():
        raise Refused(0, "the host's name was not resolved in time; try again later")
    return found[0] if found else ()


def _is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in _NAT64 or ip.is_site_local
    ):
        return False  # another address in disguise
    return ip.is_global and not (
        ip.is_private
        or ip.is_loopback
        or ip.is_link_local
        or ip.is_multicast
        or ip.is_reserved
        or ip.is_unspecified
    )


@contextmanager
def _answer(
    parts: SplitResult,
    host: str,
    port: int,
    name: str,
    tls: ssl.SSLContext | None,
    until: float,
    limit_seconds: float,
) -> Iterator[BaseHTTPResponse]:
    """The answer to one GET, asked of `host` in the name of `name`; closed at the deadline,
    whatever the server is doing then."""
    from urllib3.exceptions import HTTPError

    left = until - time.monotonic()
    late = f"took longer than {limit_seconds:g} seconds; save the file and add it"
    if left <= 0:
        raise Refused(0, late)
    connection = _connection(parts.scheme, host, port, name, tls, left)
    passed = threading.Event()
    sockets: list[socket.socket] = []  # the connection forgets its own when the answer begins

    def cut() -> None:
        passed.set()
        for used in (*sockets, connection.sock):
            if used is not None:
                with suppress(OSError):
                    used.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(left, cut)
    timer.daemon = True
    timer.start()
    shown = f"[{name}]" if ":" in name else name.encode("idna").decode("ascii")
    standard = port == (443 if parts.scheme == "https" else 80)
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        target += "?" + quote(parts.query, safe="/?%:@!$&'()*+,;=~-._[]")
    headers = {
        "Host": shown if standard else f"{shown}:{port}",
        "User-Agent": _AGENT,
        "Accept": "text/html, application/pdf, */*;q=0.5",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    try:
        connection.request("GET", target, headers=headers, preload_content=False)
        if connection.sock is not None:
            sockets.append(connection.sock)
        yield connection.getresponse()
        if passed.is_set():  # a body that was cut off may look like one that ended
            raise Refused(0, late)
    except Refused:
        raise
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        if passed.is_set() or time.monotonic() >= until:
            raise Refused(0, late) from error
        reason = "its certificate is not valid" if _is_tls(error) else "the server does not answer"
        raise Refused(0, f"{reason}; check the address, or save the file and add it") from error
    finally:
        timer.cancel()
        connection.close()


def _connection(
    scheme: str, host: str, port: int, name: str, tls: ssl.SSLContext | None, timeout: float
) -> HTTPConnection:
    from urllib3.connection import HTTPConnection, HTTPSConnection

    if scheme == "http":
        return HTTPConnection(host, port, timeout=timeout)
    ascii_name = name if ":" in name else name.encode("idna").decode("ascii")
    return HTTPSConnection(
        host,
        port,
        timeout=timeout,
        ssl_context=tls or ssl.create_default_context(),
        server_hostname=ascii_name,
    )


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _body(response: BaseHTTPResponse, limit: int) -> bytes:
    """The body, unpacked where the server packed it all the same, up to `limit` bytes."""
    large = f"larger than {limit // 1_000_000} MB; save the file and add a part of it"
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > limit:
        raise Refused(0, large)
    chunks: list[bytes] = []
    size = 0
    for chunk in response.stream(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > limit:
            raise Refused(0, large)
        chunks.append(chunk)
    return b"".join(chunks)


def _content_type(header: str) -> tuple[str, str]:
    kind, _, rest = header.partition(";")
    charset = ""
    for parameter in rest.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            charset = value.strip().strip("\"'")
    return kind.strip().lower(), charset
