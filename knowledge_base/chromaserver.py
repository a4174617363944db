"""Vectors on a ChromaDB server (`chroma run`), possibly behind a proxy."""

from __future__ import annotations

import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from knowledge_base.errors import ServerUnreachable, ShelfGone
from knowledge_base.shelves import PREFIX, Shelves
from knowledge_base.vectors import LOCK_WAIT_S, write_lock

__all__ = ["ChromaServer", "ServerVectors"]

_TIMEOUT_S = 120.0  # for one request: a write of 2,000 passages takes seconds
_FRESH_S = 2.0  # how long a reader trusts what it last saw of the shelves


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Where a Chroma server answers. It checks no credentials itself: `headers` are for the
    proxy in front of it, `ca_file` for the certificate that the proxy shows."""

    url: str  # "https://chroma.example.com:443"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # they are secrets
    ca_file: str = ""  # "" trusts what the system trusts
    prefix: str = PREFIX  # of collections; two workspaces on one server take different ones
    tenant: str = "default_tenant"
    database: str = "default_database"
    connect_s: float = 10.0  # how long a server may take to answer at all


class ServerVectors:
    """Vectors on a Chroma server. The lock is of this machine: Chroma's server itself takes
    the writes of several, and what two of them put in is the same."""

    def __init__(
        self, server: ChromaServer, folder: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._server, self._folder, self._clock = server, folder, clock
        self._lock = threading.RLock()
        self._client: Any = None
        self._shelves: Shelves | None = None
        self._seen_at = 0.0

    @contextmanager
    def reading(self) -> Iterator[Shelves]:
        with self._lock, self._translated():
            if self._shelves is None or self._clock() - self._seen_at > _FRESH_S:
                self._look()
            assert self._shelves is not None
            yield self._shelves

    @contextmanager
    def writing(self, wait_s: float = LOCK_WAIT_S) -> Iterator[Shelves]:
        with write_lock(self._folder, wait_s), self._translated():
            with self._lock:
                self._look()
                shelves = self._shelves
            assert shelves is not None
            try:
                yield shelves
            finally:
                self._shelves = None

    def clear(self) -> None:
        with self._lock, self._translated():
            self._look()
            for item in self._client.list_collections():
                if str(item.name).startswith(f"{self._server.prefix}-"):
                    self._client.delete_collection(item.name)
            self._shelves = None

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                sessions = _sessions(self._client)
                self._client.close()
                for session in sessions:
                    session.close()  # Chroma's client leaves its connections open
            self._client = self._shelves = None

    def _look(self) -> None:
        if self._client is None:
            self._client = _server_client(self._server)
        self._shelves = Shelves(self._client, self._server.prefix)
        self._seen_at = self._clock()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if not _is_of_server(error):
                raise
            with suppress(Exception):
                self.close()
            self._shelves = self._client = None
            if _is_gone(error):
                raise ShelfGone from error
            host = urlsplit(self._server.url).hostname
            raise ServerUnreachable(f"the Chroma server {host} {_what_to_mend(error)}") from error


def _is_gone(error: Exception) -> bool:
    import chromadb.errors

    return isinstance(error, chromadb.errors.NotFoundError)


def _is_of_server(error: Exception) -> bool:
    import chromadb.errors
    import httpx

    return isinstance(error, httpx.HTTPError | chromadb.errors.ChromaError | OSError)


def _what_to_mend(error: BaseException | None) -> str:
    """Told by what lies under an error; never its own words, which may hold a header."""
    import httpx

    while error is not None:
        if isinstance(error, httpx.HTTPStatusError) and error.response.status_code in (401, 403):
            return "refuses the request; mend chroma_headers"
        if isinstance(error, ssl.SSLError | FileNotFoundError):
            return "shows a certificate that is not trusted; mend chroma_ca_file"
        error = error.__cause__ or error.__context__
    return (
        "does not answer as it should; start it, or mend chroma_url, chroma_headers and "
        "chroma_ca_file"
    )


def _server_client(server: ChromaServer) -> Any:
    import chromadb
    import httpx
    from chromadb.config import Settings

    parts = urlsplit(server.url)
    _answers(server)
    secure = parts.scheme == "https"
    verify: bool | str = server.ca_file or True
    try:
        with warnings.catch_warnings():
            # Chroma gives httpx a file's name, which httpx would rather have as a context.
            warnings.filterwarnings("ignore", "`verify=<str>`", DeprecationWarning)
            client = chromadb.HttpClient(
                host=parts.hostname or "",
                port=parts.port or (443 if secure else 80),
                ssl=secure,
                headers=dict(server.headers),
                settings=Settings(anonymized_telemetry=False, chroma_server_ssl_verify=verify),
                tenant=server.tenant,
                database=server.database,
            )
    except ValueError as error:  # HttpClient wraps in it what it meets on connecting
        raise ConnectionError("no client") from error
    for session in _sessions(client):
        # Chroma's client would wait for ever.
        session.timeout = httpx.Timeout(_TIMEOUT_S, connect=server.connect_s)
    return client


def _answers(server: ChromaServer) -> None:
    """Ask once with an end to waiting: Chroma's client has none while it connects, and leaves
    connections open where it fails."""
    import httpx

    verify: bool | ssl.SSLContext = True
    if server.ca_file:
        verify = ssl.create_default_context(cafile=server.ca_file)
    with httpx.Client(
        headers=dict(server.headers), timeout=server.connect_s, verify=verify
    ) as client:
        beat = client.get(f"{server.url}/api/v2/heartbeat").raise_for_status()
        if b"heartbeat" not in beat.content:
            raise ConnectionError("no Chroma server")
        tenant, database = (quote(name, safe="") for name in (server.tenant, server.database))
        place = client.get(f"{server.url}/api/v2/tenants/{tenant}/databases/{database}")
        if place.status_code == httpx.codes.NOT_FOUND:
            raise ServerUnreachable(
                f"the Chroma server {urlsplit(server.url).hostname} has no such tenant or "
                "database; make it there, or mend chroma_tenant and chroma_database"
            )
        place.raise_for_status()


def _sessions(client: Any) -> list[Any]:
    """The HTTP connections of a Chroma client and of the one it keeps for tenants."""
    return [part._server._session for part in (client, client._admin_client)]
